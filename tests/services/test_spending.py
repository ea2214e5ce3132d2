"""What customers pay with, by their association, and what is given back."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from mockserver.domain.entities import Customer
from mockserver.domain.fixture import load_fixture
from mockserver.domain.ledger import ALLOCATED, CASH, CREDIT, Overdrawn, Trade
from mockserver.domain.sandbox import Sandbox
from mockserver.services.customers.budgets import budget_of
from mockserver.services.spending import BUDGET, charge, refund, repay

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
Parts = list[tuple[str, Decimal]]


def made(site: str) -> Sandbox:
    sandbox = Sandbox(1, site, wall=NOW, clock="2026-03-02T02:00:00Z")
    load_fixture(sandbox, "demo")
    return sandbox


@pytest.fixture
def sandbox() -> Sandbox:
    return made("cn")


def customer(sandbox: Sandbox, name: str = "demo-customer") -> Customer:
    found = sandbox.account_named(name)
    assert isinstance(found, Customer)
    return found


def pay(sandbox: Sandbox, amount: str, name: str = "demo-customer", order_id: str = "") -> Parts:
    return charge(sandbox, customer(sandbox, name), Decimal(amount), Trade.PURCHASE, NOW, order_id)


def test_a_partner_paid_customer_pays_with_what_it_was_allocated(sandbox: Sandbox) -> None:
    assert pay(sandbox, "150") == [(ALLOCATED, Decimal(150))]
    with pytest.raises(Overdrawn):
        pay(sandbox, "0.01")


def test_a_referral_customer_pays_with_cash_and_then_with_credit(sandbox: Sandbox) -> None:
    assert pay(sandbox, "100", "demo-referral") == [(CASH, Decimal(80)), (CREDIT, Decimal(20))]


def test_what_is_too_much_takes_nothing(sandbox: Sandbox) -> None:
    with pytest.raises(Overdrawn, match=r"0\.01 too little"):
        pay(sandbox, "180.01", "demo-referral")
    assert sandbox.ledger.balance(customer(sandbox, "demo-referral").id, CASH) == 80


def test_a_movement_names_its_order(sandbox: Sandbox) -> None:
    pay(sandbox, "1", order_id="CS1")
    assert list(sandbox.ledger.movements())[-1].order_id == "CS1"


def test_in_the_reseller_model_the_partner_is_billed() -> None:
    sandbox = made("intl")
    assert pay(sandbox, "12.50") == [(BUDGET, Decimal("12.50"))]
    one = customer(sandbox)
    assert budget_of(sandbox, one, NOW).used == Decimal("12.50")
    assert sandbox.partners[one.partner_id or ""].unbilled_amount == Decimal("12.50")


@pytest.mark.parametrize("site", ["cn", "intl"])
def test_a_refund_is_the_reverse(site: str) -> None:
    sandbox = made(site)
    one = customer(sandbox, "demo-referral")
    before = [sandbox.ledger.balance(one.id, book) for book in (CASH, CREDIT)]
    refund(sandbox, one, pay(sandbox, "100", one.name), Trade.UNSUBSCRIPTION, NOW)
    assert [sandbox.ledger.balance(one.id, book) for book in (CASH, CREDIT)] == before


def test_a_refund_in_the_reseller_model_lowers_the_bill() -> None:
    sandbox = made("intl")
    refund(sandbox, customer(sandbox), pay(sandbox, "12.50"), Trade.UNSUBSCRIPTION, NOW)
    assert budget_of(sandbox, customer(sandbox), NOW).used == 0
    assert sandbox.partners[customer(sandbox).partner_id or ""].unbilled_amount == 0


def test_who_cannot_hold_credit_any_more_gets_money(sandbox: Sandbox) -> None:
    refund(sandbox, customer(sandbox), [(CREDIT, Decimal(5))], Trade.UNSUBSCRIPTION, NOW)
    assert sandbox.ledger.balance(customer(sandbox).id, ALLOCATED) == 155


def test_without_arrears_nothing_is_repaid(sandbox: Sandbox) -> None:
    repay(sandbox, customer(sandbox), NOW)
    assert sandbox.ledger.balance(customer(sandbox).id, ALLOCATED) == 150
