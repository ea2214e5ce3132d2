"""Registration with a number or, abroad, an address that is proved by a code."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from contracts.model.comparing import SOMETHING, Given, Refused
from contracts.model.machine import Rules, on, picks, rarely, step
from contracts.model.reference.people import Customer, People
from contracts.model.reference.realnames import Codes
from contracts.model.rules.cast import SHARED_BY
from contracts.model.rules.customers import caller

BANK_CARD, REGISTRATION = 18, 29
CONTACTS = {"cn": ("13900000001", "13900000002"), "intl": ("a@example.com", "b@example.com")}
mostly = st.sampled_from(["partner", "partner", "reseller", "reseller", "distributor"])
CODES = {"wrong": "CBC.99004010", "tried": "CBC.99004009", "late": "CBC.99004008"}


class Registration(Rules):
    """Who has which number."""

    @step(which=st.integers(0, 1), minutes=st.sampled_from([1, 10, 60, 61]), often=st.integers(0, 9))
    def send_code(self, which: int, minutes: int, often: int) -> None:
        """Now and then until no more are sent."""
        contact = CONTACTS[self.world.site][which]
        for _ in range(16 if often == 9 else 1):
            code_to_send(self, "partner", contact, REGISTRATION, minutes)

    @step(
        acting=mostly,
        which=st.integers(0, 1),
        pick=picks,
        wrong=rarely,
        times=st.integers(0, 5),
        minutes=st.sampled_from([0, 60, 61]),
        waits=st.sampled_from([0, 300, 3599]),
    )
    def register(self, acting: str, which: int, pick: int, wrong: bool, times: int, minutes: int, waits: int) -> None:
        """So many seconds later. The code, perhaps one that was just sent, is looked at last of all; a wrong one may be
        tried a few times."""
        contact, sent = CONTACTS[self.world.site][which], self.world.of(Codes)
        if minutes:
            code_to_send(self, "partner", contact, REGISTRATION, minutes)
        if waits:
            self.pass_time(timedelta(seconds=waits))
        last = sent.last(contact, REGISTRATION)
        text = last.text if last and not wrong else "000000"
        for _ in range(max(1, times) if wrong else 1):
            self._register(acting, contact, pick, text)

    @on("cn")
    @step(which=st.integers(0, 1), pick=picks, right=st.booleans())
    def register_beside_a_card(self, which: int, pick: int, right: bool) -> None:
        """With the code that was sent for it, or with the one that was sent later for a bank card."""
        contact = CONTACTS[self.world.site][which]
        code_to_send(self, "partner", contact, REGISTRATION, 60)
        code_to_send(self, "partner", contact, BANK_CARD, 60, self.world.of(People).customer("customer"))
        last = self.world.of(Codes).last(contact, REGISTRATION if right else BANK_CARD)
        self._register("partner", contact, pick, last.text if last else "000000")

    def _register(self, acting: str, contact: str, pick: int, text: str) -> None:
        people, sent, name = self.world.of(People), self.world.of(Codes), f"model-new{pick}"
        who, named = caller(self, acting)
        codes = _codes(self, acting, contact, name)
        if not codes:
            fault = sent.fault(contact, REGISTRATION, text)
            sent.use(contact, REGISTRATION, text)
            codes = [CODES[fault]] if fault else []
        platform = people.partners[who].platform
        answer = self.call(
            who,
            "CreateSubCustomer",
            Refused(*codes) if codes else Given({"domain_id": SOMETHING, "domain_name": name}),
            xaccount_id=name,
            xaccount_type=platform,
            domain_name=name,
            verification_code=text,
            include_association_result=True,
            **_contact(self, contact),
            **named,
        )
        if not codes:
            self.play.name(answer["domain_id"], name.removeprefix("model-"), counted=False)
            customer = Customer(answer["domain_id"], name, platform=platform, user=name, contact=contact)
            people.add(customer, acting, True)

    @step(which=st.integers(0, 1))
    def check_contact(self, which: int) -> None:
        contact, cn = CONTACTS[self.world.site][which], self.world.site == "cn"
        left = _left(self, contact)
        verdict: dict[str, Any] = {"check_result": "available" if left > 0 else "used_by_user"}
        verdict |= {"mobile_remain_available_num": left} if cn else {}
        kind, value = ("mobile", f"0086-{contact}") if cn else ("email", contact)
        self.call("partner", "CheckUserIdentity", Given(verdict), search_type=kind, search_value=value)


def code_to_send(
    rules: Rules, role: str, contact: str, purpose: int, minutes: int, customer: Customer | None = None
) -> None:
    """Have a code sent, and look into the receiver's mail."""
    sent, cn = rules.world.of(Codes), rules.world.site == "cn"
    refused = sent.are_too_many(contact)
    fields: dict[str, Any] = {"mobile_phone" if cn else "email": contact, "receiver_type": 1 if cn else 2}
    fields |= {"scene": purpose} if cn else {}
    fields |= {"customer_id": customer.id} if customer else {}
    foretold = Refused("CBC.99004015") if refused else Given()
    rules.call(role, "SendVerificationMessageCode", foretold, timeout=minutes, **fields)
    if not refused:
        row = rules.play.controls.look("verification_codes", receiver=contact)[-1]
        sent.send(contact, purpose, row["code"], minutes)


def _contact(rules: Rules, contact: str) -> dict[str, Any]:
    return {"mobile_phone": contact} if rules.world.site == "cn" else {"email": contact, "domain_area": "SG"}


def _left(rules: Rules, contact: str) -> int:
    """How many more customers can have a number; an address belongs to one."""
    taken = sum(one.contact == contact for one in rules.world.of(People).customers)
    return max(0, (SHARED_BY if rules.world.site == "cn" else 1) - taken)


def _codes(rules: Rules, acting: str, contact: str, name: str) -> list[str]:
    """What stands against a registration, whatever the code says."""
    people, codes = rules.world.of(People), []
    if acting == "distributor":
        codes.append("CBC.50010059")
    if any(one.name == name for one in people.customers):
        # The name is the user's id on the platform, too.
        codes += ["CBC.99000038", "CBC.99000039"]
    if not _left(rules, contact):
        codes.append("CBC.99000030" if rules.world.site == "cn" else "CBC.99000029")
    return codes
