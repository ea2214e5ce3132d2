"""Money: topped up, set aside, allocated to customers and resellers, reclaimed; the statements of both (China)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from contracts.model.comparing import SOMETHING, Given, Refused
from contracts.model.machine import Listing, Rules, picks, rarely, step, view
from contracts.model.reference.money import (
    ALLOCATED,
    ALLOCATION,
    CASH,
    CREDIT,
    RECLAIM,
    TOP_UP,
    UNBINDING,
    Entry,
    Money,
    Movement,
    books_of,
)
from contracts.model.reference.people import PARTNER_PAID, Customer, People
from contracts.model.reference.world import CENT, NOTHING, china_day, text_of
from contracts.model.rules.customers import acting, caller, some_customer

START = {"partner": Decimal(1000), "distributor": Decimal(1000), "referral": Decimal(80)}
CREDIT_LINE = Decimal(100)
ALLOCATED_AT_START = Decimal(200)
BOOKS = {"DEBIT": (CASH, ALLOCATED), "CREDIT": (CREDIT,)}
"""What a customer's statements are about: allocated money counts as cash."""
shares = st.sampled_from(["all", "more", "some"])
cents = st.integers(1, 30000)


def amount_of(held: Decimal, share: str, drawn: int) -> Decimal:
    """An amount that is just what there is, a cent more, or anything."""
    if share == "more" or held <= 0:
        return held + CENT
    return held if share == "all" else Decimal(drawn) / 100


class Moving(Rules):
    """Who has how much."""

    sites = ("cn",)

    def begin(self) -> None:
        for role, amount in START.items():
            _top_up(self, role, amount)
        self.play.place("credit_lines", account="model-referral", amount=CREDIT_LINE)
        self.world.of(Money).grant_credit(self.world.of(People).customer("referral").id, CREDIT_LINE)
        _fund(self, Decimal(300))
        for payer, role in (("partner", "customer"), ("reseller", "shopper")):
            give(self, payer, self.world.of(People).customer(role), ALLOCATED_AT_START)

    @step(role=st.sampled_from(sorted(START)), drawn=cents)
    def top_up(self, role: str, drawn: int) -> None:
        _top_up(self, role, Decimal(drawn) / 100)

    @step(role=st.sampled_from(["partner", "reseller"]), drawn=cents)
    def set_aside(self, role: str, drawn: int) -> None:
        """What is set aside cannot be allocated, but reclaimed from a reseller."""
        _set_aside(self, role, CENT * drawn)

    @step(role=st.sampled_from([("partner", "customer"), ("reseller", "shopper")]), drawn=cents, share=shares)
    def allocate_beside_what_is_set_aside(self, role: tuple[str, str], drawn: int, share: str) -> None:
        """To the partner's own customer, as far as it goes or a cent more."""
        (acting, name), people = role, self.world.of(People)
        _top_up(self, people.partners[acting].distributor or acting, CENT * drawn)
        if acting == "reseller":
            _fund(self, CENT * drawn)
        _set_aside(self, acting, CENT * drawn)
        left = self.world.of(Money).allocatable(people.partners[acting].id)
        give(self, acting, people.customer(name), amount_of(left, share, drawn))

    @step(acting=acting, pick=picks, share=shares, drawn=cents)
    def allocate(self, acting: str, pick: int, share: str, drawn: int) -> None:
        money, payer = self.world.of(Money), self.world.of(People).partners[acting]
        give(self, acting, some_customer(self, acting, pick), amount_of(money.allocatable(payer.id), share, drawn))

    @step(acting=acting, pick=picks, share=shares, drawn=cents)
    def reclaim(self, acting: str, pick: int, share: str, drawn: int) -> None:
        people, money = self.world.of(People), self.world.of(Money)
        who, named = caller(self, acting)
        payee, customer = people.partners[acting], some_customer(self, acting, pick)
        amount = amount_of(money.balance(customer.id, ALLOCATED), share, drawn)
        codes = []
        if customer.partner != acting:
            codes.append("CBC.99000035")
        elif customer.association != PARTNER_PAID or not money.has(customer.id, ALLOCATED):
            codes.append("CBC.99000047")
        elif amount > money.balance(customer.id, ALLOCATED):
            codes.append("CBC.99005003")
        foretold = Refused(*codes) if codes else Given({"trans_id": SOMETHING})
        answer = self.call(who, "ReclaimToPartnerAccount", foretold, customer_id=customer.id, amount=amount, **named)
        if not codes:
            trade = Movement(answer["trans_id"])
            money.move((customer.id, ALLOCATED), (payee.id, CASH), RECLAIM, amount, trade, customer.id)

    @step(foreign=rarely, share=shares, drawn=cents)
    def fund_reseller(self, foreign: bool, share: str, drawn: int) -> None:
        distributor, _ = _chain(self)
        _fund(self, amount_of(self.world.of(Money).allocatable(distributor), share, drawn), foreign)

    @step(foreign=rarely, share=shares, drawn=cents)
    def reclaim_from_reseller(self, foreign: bool, share: str, drawn: int) -> None:
        distributor, reseller = _chain(self)
        money = self.world.of(Money)
        amount = amount_of(money.balance(reseller), share, drawn)
        codes = _reseller_codes(foreign, amount > money.balance(reseller))
        answer = self.call(
            "distributor",
            "ReclaimIndirectPartnerAccount",
            Refused(*codes) if codes else Given({"trans_id": SOMETHING}),
            indirect_partner_id=self.world.of(People).partners["partner"].id if foreign else reseller,
            amount=amount,
        )
        if not codes:
            trade = Movement(answer["trans_id"])
            money.move((reseller, CASH), (distributor, CASH), RECLAIM, amount, trade, reseller)

    def listings(self) -> Iterator[Listing]:
        for partner in ("partner", "distributor", "reseller"):
            yield from _of_partner(self, partner)
        for customer in self.world.of(People).speakers:
            yield from _of_customer(self, customer)


def _top_up(rules: Rules, role: str, amount: Decimal) -> None:
    row = rules.play.place("top_ups", account=f"model-{role}", amount=amount)
    people = rules.world.of(People)
    owner = people.partners[role].id if role in people.partners else people.customer(role).id
    rules.world.of(Money).write(owner, CASH, TOP_UP, amount, Movement(row["id"]))


def _set_aside(rules: Rules, role: str, most: Decimal) -> None:
    money, partner = rules.world.of(Money), rules.world.of(People).partners[role]
    amount = min(most, money.balance(partner.id))
    rules.play.place("designations", account=partner.name, amount=amount)
    money.designated[partner.id] = amount


def give(rules: Rules, acting: str, customer: Customer, amount: Decimal) -> None:
    """A partner allocates money to a customer."""
    people, money = rules.world.of(People), rules.world.of(Money)
    who, named = caller(rules, acting)
    payer = people.partners[acting].id
    codes = []
    if customer.partner != acting:
        codes.append("CBC.99000035")
    elif customer.association != PARTNER_PAID:
        codes.append("CBC.99000000")
    if amount > money.allocatable(payer):
        codes.append("CBC.5003")
    foretold = Refused(*codes) if codes else Given({"transfer_id": SOMETHING})
    fields = {"customer_id": customer.id, "amount": amount, **named}
    answer = rules.call(who, "UpdateCustomerAccountAmount", foretold, **fields)
    if not codes:
        trade = Movement(answer["transfer_id"])
        money.move((payer, CASH), (customer.id, ALLOCATED), ALLOCATION, amount, trade, customer.id)


def _fund(rules: Rules, amount: Decimal, foreign: bool = False) -> None:
    """The distributor allocates money to its reseller."""
    (distributor, reseller), money = _chain(rules), rules.world.of(Money)
    codes = _reseller_codes(foreign, amount > money.allocatable(distributor))
    foretold = Refused(*codes) if codes else Given({"transfer_id": SOMETHING})
    named = rules.world.of(People).partners["partner"].id if foreign else reseller
    fields = {"indirect_partner_id": named, "amount": amount}
    answer = rules.call("distributor", "UpdateIndirectPartnerAccount", foretold, **fields)
    if not codes:
        trade = Movement(answer["transfer_id"])
        money.move((distributor, CASH), (reseller, CASH), ALLOCATION, amount, trade, reseller)


def _chain(rules: Rules) -> tuple[str, str]:
    """The ids of the distributor and its reseller."""
    partners = rules.world.of(People).partners
    return partners["distributor"].id, partners["reseller"].id


def _reseller_codes(foreign: bool, too_much: bool) -> list[str]:
    return ["CBC.99000037"] if foreign else ["CBC.99005003"] if too_much else []


def _of_partner(rules: Rules, partner: str) -> Iterator[Listing]:
    people, money = rules.world.of(People), rules.world.of(Money)
    who, named = caller(rules, partner)
    own = people.partners[partner].id
    amounts = {1: money.balance(own), 2: money.balance(own, CREDIT), 8: money.allocatable(own)}
    books = [
        {
            "account_type": kind,
            "amount": amount,
            "credit_amount": money.lines[own] if kind == 2 else NOTHING,
            "designated_amount": money.set_aside(own) if kind == 1 else NOTHING,
        }
        for kind, amount in amounts.items()
        if kind != 2 or own in money.lines
    ]
    yield Listing(who, "ListPartnerBalances", "account_balances", books, ("account_type",), fields=named, pages=False)
    customers = people.of(partner)
    infos = [{"customer_id": one.id} for one in people.customers]
    held = [
        {"customer_id": one.id, "amount": money.balance(one.id, ALLOCATED), "debt_amount": money.owed[one.id]}
        for one in customers
        if one.association == PARTNER_PAID
    ]
    yield Listing(
        who, "ListCustomersBalancesDetail", "customer_balances", held, ("customer_id",),
        fields={"customer_infos": infos, **named}, pages=False,
    )  # fmt: skip
    for kind, book in (("DEBIT", CASH), *((("CREDIT", CREDIT),) if own in money.lines else ())):
        lines = [partner_line(rules, one) for one in money.statement(own, book)]
        yield statement(who, "ListPartnerAccountChangeRecords", lines, named, kind)
    moved = list(adjustments(rules, own))
    yield Listing(
        who, "ListPartnerAdjustRecords", "records", moved, ("trans_id", "operation_time", "amount"),
        "total_count", "operation_time", named,
    )  # fmt: skip


def adjustments(rules: Rules, partner: str) -> Iterator[dict[str, Any]]:
    """What a partner gave and got back; what its own distributor gave it is the distributor's adjustment."""
    names, money = rules.world.of(People).names, rules.world.of(Money)
    for one in money.statement(partner, CASH):
        if one.detail in (ALLOCATION, RECLAIM, UNBINDING) and one.other != partner:
            yield {
                "trans_id": one.trade.id or SOMETHING,
                "customer_id": one.other,
                "customer_name": names.get(one.other),
                "operation_type": one.detail,
                "amount": abs(one.amount),
                "operation_time": one.time,
            }


def balances(rules: Rules, customer: Customer) -> Listing:
    """What a customer has, and what it owes. In the reseller model it has no account."""
    money = rules.world.of(Money)
    books = [
        {
            "account_type": 2 if book == CREDIT else 1,
            "amount": money.balance(customer.id, book),
            "credit_amount": money.lines[customer.id] if book == CREDIT else NOTHING,
        }
        for book in books_of(customer)
        if book != CREDIT or customer.id in money.lines
    ]
    expected = {"account_balances": books, "debt_amount": money.owed[customer.id]}
    return view(customer.role, "ShowCustomerAccountBalances", expected)


def _of_customer(rules: Rules, customer: Customer) -> Iterator[Listing]:
    money = rules.world.of(Money)
    yield balances(rules, customer)
    for kind, own in BOOKS.items():
        # A partner-paid customer has no credit, though it may have had some.
        shown = () if kind == "CREDIT" and customer.association == PARTNER_PAID else own
        lines = [customer_line(customer, one) for one in money.statement(customer.id, *shown)]
        yield statement(customer.role, "ListCustomerAccountChangeRecords", lines, {}, kind)


def customer_line(customer: Customer, entry: Entry) -> dict[str, Any]:
    """A line as the customer reads it; where it is about consumption, with the month that it is billed in."""
    sort, channel = entry.facts
    billed = sort == "DEDEUCT"
    moment = text_of(entry.time)
    return {
        **_line(entry, "revenue_expense_type", ("REVENUE", "EXPENSE")),
        "bill_cycle": f"{china_day(entry.time):%Y-%m}" if billed else "",
        "consume_time": f"{moment},{moment}" if billed else "",
        "payment_channel_id": entry.channel[0] or channel,
        "payment_channel_no": entry.channel[1],
        "account_name": customer.name,
    }


def partner_line(rules: Rules, entry: Entry) -> dict[str, Any]:
    """A line as the partner reads it: allocations and what came back name the other account."""
    name = rules.world.of(People).names.get(entry.other, "")
    return _line(entry, "type", ("1", "2"), customer_id=entry.other, account_name=name)


def _line(entry: Entry, direction: str, words: tuple[str, str], **more: Any) -> dict[str, Any]:
    trade = {"trade_id": entry.trade.id} if entry.trade.id else {}
    return {
        **trade,
        "trade_detail_type": entry.detail,
        "change_amount": abs(entry.amount),
        "balance_after_change": entry.after,
        "trade_time": entry.time,
        direction: words[entry.amount < 0],
        **more,
    }


def statement(
    who: str, operation: str, lines: list[dict[str, Any]], named: dict[str, Any], kind: str = "DEBIT"
) -> Listing:
    """Rows are told apart by the amounts before and after, too: an order may be about several movements."""
    key = ("trade_detail_type", "change_amount", "balance_after_change", "trade_time")
    fields = {"balance_type": f"BALANCE_TYPE_{kind}", **named}
    return Listing(who, operation, "records", lines, key, "total_count", "trade_time", fields)
