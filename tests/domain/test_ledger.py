"""The ledger keeps its promises, whatever happens in whatever order."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.app import Server
from mockserver.domain.entities import PARTNER_PAID
from mockserver.domain.ledger import ALLOCATED, CASH, CREDIT, DEBT, OUTSIDE, Ledger, Overdrawn, Trade
from mockserver.domain.sandbox import Sandbox
from tests.conftest import START
from tests.driver import World, in_process

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture
def ledger() -> Ledger:
    return Sandbox(1, wall=NOW).ledger


def top_up(ledger: Ledger, owner: str, amount: str) -> None:
    ledger.transfer(("", OUTSIDE), (owner, CASH), Decimal(amount), Trade.RECHARGE, NOW)


def test_a_movement_leaves_what_it_brings(ledger: Ledger) -> None:
    top_up(ledger, "anna", "10")
    ledger.transfer(("anna", CASH), ("bert", CASH), Decimal("2.50"), Trade.ALLOCATION, NOW)
    assert (ledger.balance("anna", CASH), ledger.balance("bert", CASH)) == (Decimal("7.50"), Decimal("2.50"))


def test_no_book_is_overdrawn(ledger: Ledger) -> None:
    top_up(ledger, "anna", "10")
    with pytest.raises(Overdrawn):
        ledger.transfer(("anna", CASH), ("bert", CASH), Decimal("10.01"), Trade.ALLOCATION, NOW)


def test_a_book_has_its_id_before_it_is_opened(ledger: Ledger) -> None:
    before = ledger.book("anna", CASH)
    assert before.balance == 0
    assert ledger.find("anna", CASH) is None
    assert ledger.open("anna", CASH).id == before.id


def test_histories_of_several_books_are_one_newest_first(ledger: Ledger) -> None:
    for amount in ("1", "2"):
        top_up(ledger, "anna", amount)
        ledger.grant_credit("anna", Decimal(amount) * 10, NOW)
    entries = ledger.history(*ledger.accounts_of("anna", (CASH, CREDIT)))
    assert [movement.amount for _, movement in entries] == [10, 2, 10, 1]


def test_a_lower_credit_line_leaves_what_is_used(ledger: Ledger) -> None:
    ledger.grant_credit("anna", Decimal(10), NOW)
    ledger.transfer(("anna", CREDIT), ("", OUTSIDE), Decimal(4), Trade.USAGE, NOW)
    ledger.grant_credit("anna", Decimal(5), NOW)
    assert ledger.book("anna", CREDIT).used == 4
    assert ledger.balance("anna", CREDIT) == 1
    with pytest.raises(Overdrawn):
        ledger.grant_credit("anna", Decimal(3), NOW)


# Any sequence of events, as it looks through the API

CREDENTIALS = {
    "demo-partner": "solution_provider",
    "demo-distributor": "distributor",
    "demo-reseller": "reseller",
    "demo-customer": "customer",
    "demo-referral": "referral_customer",
    "demo-reseller-customer": "reseller_customer",
}
CUSTOMERS = tuple(CREDENTIALS)[3:]
MOVES = {
    "allocate": "UpdateCustomerAccountAmount",
    "reclaim": "ReclaimToPartnerAccount",
    "fund": "UpdateIndirectPartnerAccount",
    "take back": "ReclaimIndirectPartnerAccount",
}
ACCOUNT_KINDS = ("top_ups", "withdrawals", "credit_lines", "designations")
BELOW_ZERO = {DEBT, OUTSIDE}
STATEMENT = {CASH, ALLOCATED}
"""Books whose movements are in the cash records."""

cents = st.integers(1, 30_000).map(lambda number: Decimal(number) / 100)
with_account = st.sampled_from(ACCOUNT_KINDS)
with_customer = st.sampled_from(["allocate", "reclaim", "expenses", "arrears", "dissociations", "switches"])
events = st.one_of(
    st.tuples(with_account, st.sampled_from(tuple(CREDENTIALS)), cents),
    st.tuples(with_customer, st.sampled_from(CUSTOMERS), cents),
    st.tuples(st.sampled_from(["fund", "take back"]), st.just("demo-reseller"), cents),
)
Lines = Counter[tuple[str, Decimal]]
"""Ids of movements with the amount that an account gained or lost."""


@pytest.fixture(scope="module")
def emulator() -> Server:
    return Server()


@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(story=st.lists(events, max_size=15))
def test_money_is_conserved_and_both_sides_see_it(emulator: Server, story: list[tuple[str, str, Decimal]]) -> None:
    world = World(in_process(emulator), emulator.contract, clock=START, seed=1)
    for event in story:
        happen(world, *event)
    check_sums(world)
    check_associations(world)
    check_records(world)
    check_adjustments(world)
    emulator.universe.remove(world.id)


def happen(world: World, kind: str, name: str, amount: Decimal) -> None:
    """An event, or its refusal: which of the two is not the matter here."""
    if kind in MOVES:
        own = name in ("demo-customer", "demo-referral")
        named = {} if own else {"indirect_partner_id": world.reseller.id}
        body = {"customer_id": world.caller(CREDENTIALS[name]).id, "amount": amount, **named}
        (world.solution_provider if own else world.distributor)(MOVES[kind], body)
        return
    fields: dict[str, Any] = {"account": name} if kind in ACCOUNT_KINDS else {"customer": name}
    if kind == "switches":
        fields["association"] = "referral" if amount > 150 else "partner_paid"
    elif kind != "dissociations":
        fields["amount"] = amount
    world.control("POST", f"sandboxes/{world.id}/state/{kind}", fields)


def check_sums(world: World) -> None:
    """Each balance is the sum of its postings, all postings sum to zero, and only debts are below zero."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for posting in world.look("postings"):
        sums[posting["account_id"]] += Decimal(posting["amount"])
    assert sum(sums.values()) == 0
    for account in world.look("ledger_accounts"):
        assert Decimal(account["balance"]) == sums[account["id"]]
        assert account["book"] in BELOW_ZERO or sums[account["id"]] >= 0


def check_associations(world: World) -> None:
    """Only partner-paid customers hold allocated money."""
    holders = [row["owner_id"] for row in world.look("ledger_accounts", book=ALLOCATED) if Decimal(row["balance"])]
    assert all(world.look("customers", id=one, association_type=PARTNER_PAID) for one in holders)


def check_records(world: World) -> None:
    """Every movement of an account's cash or allocated money is in its records once, and nothing else is."""
    accounts = {row["id"]: row for row in world.look("ledger_accounts")}
    expected: dict[str, Lines] = defaultdict(Counter)
    for posting in world.look("postings"):
        account = accounts[posting["account_id"]]
        if account["book"] in STATEMENT:
            expected[account["owner_id"]][posting["movement_id"], Decimal(posting["amount"])] += 1
    for name, credential in CREDENTIALS.items():
        assert statement(world, name) == expected[world.caller(credential).id]


def check_adjustments(world: World) -> None:
    """Every movement between a partner and its customers is among its adjustments once, and nothing else is."""
    partner = world.solution_provider
    rows = partner("ListPartnerAdjustRecords", limit=100)["records"]
    kinds = {"ALLOCATION", "RECLAIM", "UNBINDING"}
    movements = [one for one in world.look("movements") if one["trade"] in kinds]
    expected = [one["id"] for one in movements if partner.id in (one["payer_id"], one["payee_id"])]
    assert [row["trans_id"] for row in rows] == expected[::-1]


def statement(world: World, name: str) -> Lines:
    """The cash records of an account; a reseller's are read by its distributor."""
    reader, found = world.caller(CREDENTIALS[name]), {"balance_type": "BALANCE_TYPE_DEBIT", "limit": "100"}
    if name == "demo-reseller":
        reader, found = world.distributor, {**found, "indirect_partner_id": world.reseller.id}
    side = "Customer" if name in CUSTOMERS else "Partner"
    rows = reader(f"List{side}AccountChangeRecords", **found)["records"]
    return Counter((row["trade_id"], signed(row)) for row in rows)


def signed(row: dict[str, Any]) -> Decimal:
    income = row.get("type") == "1" or row.get("revenue_expense_type") == "REVENUE"
    return Decimal(row["change_amount"]) * (1 if income else -1)
