"""Real-name authentication: applied for as a person or an enterprise, reviewed by and by, changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from contracts.model.comparing import Given, Refused
from contracts.model.machine import Listing, Rules, on, one_of, picks, rarely, step, view
from contracts.model.reference.money import Money
from contracts.model.reference.people import (
    ENTERPRISE,
    IN_REVIEW,
    INDIVIDUAL,
    VERIFIED,
    Customer,
    People,
)
from contracts.model.reference.realnames import (
    BLOCKED,
    CARD_FROZEN,
    MOST_APPLICATIONS,
    MOST_PER_DOCUMENT,
    OUTCOMES,
    SCAN_TIME,
    Application,
    Codes,
    RealNames,
    Ticket,
)
from contracts.model.rules.customers import MOST_GUESTS, caller, join_verified
from contracts.model.rules.registration import BANK_CARD, CONTACTS, REGISTRATION, code_to_send

DOCUMENT, CARD, PASSPORT, ORGANISATION = 0, 4, 3, 1
GOOD, FOREIGN, TOO_LARGE, JUST_SMALL = "a.jpg", "a.exe", "large.png", "a.PDF"
"""Files of the partner's bucket."""
callers = st.sampled_from(["partner", "distributor"])
numbers = st.sampled_from(["D-1", "D-1", "D-2", BLOCKED])
files = st.sampled_from([GOOD, GOOD, GOOD, JUST_SMALL, FOREIGN, TOO_LARGE])
has_applied = precondition(lambda self: bool(self.world.of(RealNames).applications))
CODES = {"wrong": "CBC.99004010", "tried": "CBC.99004009", "late": "CBC.99000027"}


class RealNaming(Rules):
    """Who is who in law."""

    @step(role=callers, pick=picks, stranger=rarely, number=numbers, file=files, passes=st.booleans())
    def apply_as_person(self, role: str, pick: int, stranger: bool, number: str, file: str, passes: bool) -> None:
        """Perhaps the reviewer passes it at once."""
        customer, platform = _applicant(self, role, pick, stranger), _platform(self, role, pick)
        codes = _codes_of_application(self, role, customer, platform, file, number)
        if self.world.of(RealNames).others_with(number, customer) >= MOST_PER_DOCUMENT:
            codes.append("CBC.99007189")
        count = 3 if self.world.site == "cn" else 2
        self._apply(
            role,
            "CreatePersonalRealnameAuth",
            codes,
            Application(customer, f"Person {number}", number),
            identify_type=DOCUMENT,
            verified_type=PASSPORT,
            verified_file_url=[file, *[GOOD] * (count - 1)],
            name=f"Person {number}",
            xaccount_type=platform,
        )
        if passes and not codes:
            self._decide(customer, True, "")

    @on("cn")
    @step(
        role=callers, pick=picks, mobile=st.sampled_from(CONTACTS["cn"]), number=st.sampled_from(["D-3", "D-4", "D-5"]),
        frozen=rarely, wrong=rarely, late=rarely,
    )  # fmt: skip
    def apply_by_card(
        self, role: str, pick: int, mobile: str, number: str, frozen: bool, wrong: bool, late: bool
    ) -> None:
        """It is compared online, and so decided at once. Everything else comes before the code."""
        customer, names, sent = _applicant(self, role, pick, False), self.world.of(RealNames), self.world.of(Codes)
        card = CARD_FROZEN if frozen else "6222-1"
        if not late and not sent.are_too_many(mobile):
            code_to_send(self, role, mobile, BANK_CARD, 10, customer)
        text = code_of(self, mobile, not wrong)
        platform = _platform(self, role, pick)
        codes = _codes_of_application(self, role, customer, platform, GOOD, number)
        if names.others_with(number, customer) >= MOST_PER_DOCUMENT:
            codes.append("CBC.99007189")
        if not codes:
            fault = sent.fault(mobile, BANK_CARD, text)
            sent.use(mobile, BANK_CARD, text)
            codes = [CODES[fault]] if fault else [OUTCOMES[card]] if card in OUTCOMES else []
            if not fault and codes:
                # The refusal undoes the use of the code.
                last = sent.last(mobile, BANK_CARD)
                assert last is not None, "it was good"
                last.used = False
        info = {"bank_account": card, "areacode": "0086", "mobile": mobile, "verification_code": text}
        application = Application(customer, f"Person {number}", number)
        self._apply(
            role,
            "CreatePersonalRealnameAuth",
            codes,
            application,
            reviewed=False,
            identify_type=CARD,
            verified_file_url=[GOOD],
            name=application.name,
            bank_card_info=info,
            xaccount_type=platform,
        )

    @step(partner=st.sampled_from(["partner", "reseller"]), owed=st.booleans(), passed=st.booleans())
    def change_of_a_debtor(self, partner: str, owed: bool, passed: bool) -> None:
        """An individual that owes something becomes no enterprise; another may, and stays an individual if not."""
        if len(self.world.of(People).guests) >= MOST_GUESTS:
            return
        guest = join_verified(self, partner, INDIVIDUAL)
        amount = Decimal(int(owed))
        self.play.place("arrears", customer=guest.name, amount=amount)
        self.world.of(Money).owed[guest.id] = amount
        self._apply_as_enterprise(caller(self, partner)[0], guest, guest.platform, "D-1", GOOD, True)
        if not owed:
            self._decide(guest, passed, "")

    @step(pick=picks)
    def apply_too_often(self, pick: int) -> None:
        """Turned down each time, until no more may be filed."""
        names, customer = self.world.of(RealNames), one_of(_customers(self, "partner"), pick)
        for _ in range(MOST_APPLICATIONS + 1):
            platform = self.world.of(People).partners["partner"].platform
            self._apply_as_enterprise("partner", customer, platform, "D-1", GOOD, False)
            if names.pending(customer):
                self._decide(customer, False, "")

    @step(role=callers, pick=picks, stranger=rarely, number=numbers, file=files, change=st.booleans())
    def apply_as_enterprise(self, role: str, pick: int, stranger: bool, number: str, file: str, change: bool) -> None:
        known = [one for one in _customers(self, role) if one.verified == VERIFIED] if change else []
        customer, platform = (
            one_of(known or [_applicant(self, role, pick, stranger)], pick),
            _platform(self, role, pick),
        )
        self._apply_as_enterprise(role, customer, platform, number, file, change)

    def _apply_as_enterprise(
        self, role: str, customer: Customer, platform: str, number: str, file: str, change: bool
    ) -> None:
        codes = _codes_of_application(self, role, customer, platform, file, number, change)
        if change and customer in _customers(self, role) and _is_in_debt(self, customer):
            codes.append("CBC.99007004")
        application = Application(customer, f"Corp {number}", number, enterprise=True, change=change)
        said: dict[str, Any] = {"change_type": 1} if change else {}
        self._apply(
            role,
            ("Change" if change else "Create") + "EnterpriseRealnameAuthentication",
            codes,
            application,
            identify_type=ORGANISATION,
            verified_file_url=[file],
            corp_name=application.name,
            xaccount_type=platform,
            **said,
        )

    def _apply(
        self, role: str, operation: str, codes: list[str], application: Application, *, reviewed: bool = True,
        **fields: Any,
    ) -> None:  # fmt: skip
        foretold = Refused(*codes) if codes else Given({"is_review": int(reviewed)})
        number = application.number
        self.call(role, operation, foretold, customer_id=application.customer.id, verified_number=number, **fields)
        if not codes:
            names = self.world.of(RealNames)
            names.file(application, reviewed=reviewed)
            if not reviewed:
                names.decide(application, True, "")

    @step(
        verdict=st.sampled_from(["pass", "refuse", "review"]),
        delay=st.sampled_from([2, 3600, 100_000]),
        opinion=st.sampled_from(["unreadable", "cut off"]),
    )
    def set_reviewer(self, verdict: str, delay: int, opinion: str) -> None:
        """What the reviewer will do, and what he will say of what waits for him already."""
        said = {"realname_review": verdict, "realname_review_delay": delay, "realname_opinion": opinion}
        self.play.place("settings", **said)
        reviewing = self.world.of(RealNames).reviewing
        reviewing.verdict, reviewing.delay, reviewing.opinion = verdict, delay, opinion

    @has_applied
    @step(pick=picks, passed=st.booleans(), opinion=st.sampled_from(["", "forged"]), waits=st.booleans())
    def review(self, pick: int, passed: bool, opinion: str, waits: bool) -> None:
        """The reviewer decides now; what he would have done later comes to nothing."""
        names, customer = self.world.of(RealNames), _mostly_applicant(self, pick)
        said = {"customer": customer.name, "result": "pass" if passed else "refuse"}
        if names.pending(customer) is None:
            self.play.refuses("reviews", **said)
        else:
            self._decide(customer, passed, opinion)
        if waits:
            self.pass_time(timedelta(seconds=names.reviewing.delay))

    def _decide(self, customer: Customer, passed: bool, opinion: str) -> None:
        names = self.world.of(RealNames)
        said = {"customer": customer.name, "result": "pass" if passed else "refuse"}
        self.play.place("reviews", **said, **({"opinion": opinion} if opinion else {}))
        application = names.pending(customer)
        assert application is not None, "it waits for the reviewer"
        names.decide(application, passed, opinion or names.reviewing.opinion)

    @on("cn")
    @step(pick=picks)
    def fetch_ticket(self, pick: int) -> None:
        self._fetch_ticket(pick)

    def _fetch_ticket(self, pick: int) -> None:
        customer = one_of(self.world.of(People).speakers, pick)
        url = self.call(customer.role, "ShowRealNameAuthQrCode", Given())["qr_code_url"]
        self.world.of(RealNames).tickets.append(Ticket(customer, url, self.world.now + SCAN_TIME))

    @on("cn")
    @step(
        pick=picks, verdict=st.sampled_from(["", "pass", "refuse", "review"]), late=st.booleans(), again=st.booleans()
    )
    def scan(self, pick: int, verdict: str, late: bool, again: bool) -> None:
        """Once, and in time, by a customer that is neither authenticated nor under review."""
        names = self.world.of(RealNames)
        if not names.tickets or late:
            self._fetch_ticket(pick)
        if late:
            self.pass_time(SCAN_TIME)
        ticket = names.tickets[-1] if late else one_of(names.tickets, pick)
        customer = ticket.customer
        said = {"customer": customer.name, "qr_code_url": ticket.url, **({"result": verdict} if verdict else {})}
        void = ticket.scanned or ticket.ends <= self.world.now
        if void or customer.verified in (IN_REVIEW, VERIFIED):
            self.play.refuses("scans", **said)
        else:
            self.play.place("scans", **said)
            ticket.scanned = True
            names.file(Application(customer, customer.real_name or customer.name, ""), verdict)
            if again:
                self._decide(customer, False, "")
                self.play.refuses("scans", **said)

    def listings(self) -> Iterator[Listing]:
        names, people = self.world.of(RealNames), self.world.of(People)
        for customer in people.customers:
            own = names.of(customer)
            if own and customer.partner:
                who, _ = caller(self, customer.partner)
                expected = {"review_result": own[-1].status, "opinion": own[-1].opinion}
                fields = {"customer_id": customer.id}
                yield view(who, "ShowRealnameAuthenticationReviewResult", expected, fields)
            if own and customer.role and self.world.site == "cn":
                shown = {"verified_status": customer.verified, "verified_type": names.kind_shown(customer)}
                yield view(customer.role, "ShowRealNameAuthStatus", shown)


def _customers(rules: Rules, role: str) -> list[Customer]:
    """Whom a partner may authenticate: a distributor its reseller's customers, as if they were its own."""
    people = rules.world.of(People)
    under = [role, *(one.role for one in people.partners.values() if one.distributor == role)]
    return [one for each in under for one in people.of(each)]


def _applicant(rules: Rules, role: str, pick: int, stranger: bool) -> Customer:
    everybody, own = rules.world.of(People).customers, _customers(rules, role)
    return one_of(everybody if stranger else own, pick)


def _mostly_applicant(rules: Rules, pick: int) -> Customer:
    applications = rules.world.of(RealNames).applications
    return one_of(
        [one.customer for one in applications if one.status == IN_REVIEW or pick % 4 == 3]
        or [rules.world.of(People).customers[0]],
        pick,
    )


def _platform(rules: Rules, role: str, pick: int) -> str:
    """Mostly the caller's own."""
    partners = rules.world.of(People).partners
    return partners["partner" if pick == 23 else role].platform


def _codes_of_application(
    rules: Rules, role: str, customer: Customer, platform: str, file: str, number: str, change: bool = False
) -> list[str]:
    """What stands against an application. Whose customer it is comes before all else."""
    if customer not in _customers(rules, role):
        return ["CBC.99000035"]
    names, codes = rules.world.of(RealNames), []
    if platform not in (rules.world.of(People).partners[role].platform, customer.platform):
        codes.append("CBC.0100")
    codes += _codes_of_state(names, customer, change)
    codes += {FOREIGN: ["CBC.99000100"], TOO_LARGE: ["CBC.99000099"]}.get(file, [])
    if len(names.of(customer)) >= MOST_APPLICATIONS:
        codes.append("CBC.99007191")
    if number in OUTCOMES:
        codes.append(OUTCOMES[number])
    return codes


def _codes_of_state(names: RealNames, customer: Customer, change: bool) -> list[str]:
    """First to be authenticated, then perhaps to become an enterprise; one thing at a time."""
    if names.pending(customer):
        return ["CBC.99007188"]
    if not change:
        return ["CBC.99007188"] if customer.verified == VERIFIED else []
    if customer.verified != VERIFIED:
        return ["CBC.99007004"]
    return ["CBC.99007188"] if customer.kind == ENTERPRISE else []


def _is_in_debt(rules: Rules, customer: Customer) -> bool:
    money = rules.world.of(Money)
    return money.owed[customer.id] > 0 or money.credit_used(customer.id) > 0


def code_of(rules: Rules, receiver: str, good: bool) -> str:
    """What was last sent for a card, or something else."""
    sent = rules.world.of(Codes)
    last = sent.last(receiver, BANK_CARD) or sent.last(receiver, REGISTRATION)
    return last.text if good and last else "000000"
