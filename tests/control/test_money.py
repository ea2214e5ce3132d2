"""Placing money that moves outside the API."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.driver import Caller, World


def amounts(caller: Caller) -> dict[int, Decimal]:
    """Balances by account type."""
    operation = "ShowCustomerAccountBalances" if caller.credential["kind"] == "customer" else "ListPartnerBalances"
    return {row["account_type"]: row["amount"] for row in caller(operation)["account_balances"]}


def refusal(world: World, kind: str, **fields: Any) -> str:
    with world.unchanged():
        answer = world.control("POST", f"sandboxes/{world.id}/state/{kind}", fields)
    assert answer.status == 400
    return str(answer.body["error"])


def test_a_top_up_answers_its_movement(world: World) -> None:
    placed = world.place("top_ups", account="demo-partner", amount="12.34", channel="1", channel_number="A1")
    assert (placed["trade"], placed["amount"], placed["payee_id"]) == ("RECHARGE", "12.34", world.solution_provider.id)
    assert (placed["channel"], placed["channel_number"]) == ("1", "A1")
    assert amounts(world.solution_provider)[1] == Decimal("100012.34")


def test_an_account_is_named_or_given_by_its_id(world: World) -> None:
    world.place("top_ups", account=world.referral_customer.id, amount=1)
    assert amounts(world.referral_customer)[1] == 81


def test_a_withdrawal_takes_own_cash_only(world: World) -> None:
    world.place("withdrawals", account="demo-referral", amount="80")
    assert amounts(world.referral_customer) == {1: 0, 2: 100}
    assert refusal(world, "withdrawals", account="demo-customer", amount="1").startswith(
        "'demo-customer' can withdraw 0"
    )


def test_a_credit_line_can_be_raised_and_lowered_to_what_is_used(world: World) -> None:
    world.place("expenses", customer="demo-referral", amount="100")
    assert world.place("credit_lines", account="demo-referral", amount="50")["line"] == "50"
    assert amounts(world.referral_customer)[2] == 30
    world.place("credit_lines", account="demo-referral", amount="20")
    assert amounts(world.referral_customer)[2] == 0
    sentence = refusal(world, "credit_lines", account="demo-referral", amount="19.99")
    assert sentence == "'demo-referral' has used 20.00 of its credit; the line cannot be lower"


def test_designated_money_is_part_of_the_cash(world: World) -> None:
    world.place("designations", account="demo-partner", amount="99999.99")
    assert amounts(world.solution_provider)[8] == Decimal("0.01")
    sentence = refusal(world, "designations", account="demo-partner", amount="100000.01")
    assert sentence == "'demo-partner' has 100000.00 in cash; no more can be set aside"


def test_an_expense_takes_allocated_money(world: World) -> None:
    [movement] = world.place("expenses", customer="demo-customer", amount="150")
    assert movement["trade"] == "USAGE"
    assert amounts(world.customer) == {1: 0}


@pytest.mark.parametrize(("customer", "most"), [("demo-customer", 150), ("demo-referral", 180)])
def test_nobody_spends_more_than_money_and_credit(world: World, customer: str, most: int) -> None:
    sentence = refusal(world, "expenses", customer=customer, amount=most + Decimal("0.01"))
    assert sentence == f"{customer} has 0.01 too little; place arrears for what it cannot pay"
    world.place("expenses", customer=customer, amount=most)


def test_arrears_are_what_is_owed_in_all(world: World) -> None:
    for amount in ("5", "3.25"):
        world.place("arrears", customer="demo-customer", amount=amount)
    assert world.customer("ShowCustomerAccountBalances")["debt_amount"] == Decimal("3.25")
    assert amounts(world.customer) == {1: 150}


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [("top_ups", "tops up nothing"), ("credit_lines", "has no credit")],
)
def test_a_partner_paid_customer_has_only_what_it_was_allocated(world: World, kind: str, sentence: str) -> None:
    assert sentence in refusal(world, kind, account="demo-customer", amount="1")


def test_a_reseller_model_customer_spends_its_budget_instead(abroad: World) -> None:
    assert refusal(abroad, "expenses", customer="demo-customer", amount="1").endswith("place budget_usage")


@pytest.mark.parametrize(
    ("kind", "owner"),
    [
        ("top_ups", {"account": "demo-partner"}),
        ("withdrawals", {"account": "demo-partner"}),
        ("credit_lines", {"account": "demo-partner"}),
        ("designations", {"account": "demo-partner"}),
        ("expenses", {"customer": "demo-customer"}),
        ("arrears", {"customer": "demo-customer"}),
    ],
)
@pytest.mark.parametrize("amount", ["-1", "0.001", "NaN", "Infinity", "1e400", "much", None])
def test_an_amount_that_is_none_is_explained(world: World, kind: str, owner: dict[str, str], amount: Any) -> None:
    assert "amount" in refusal(world, kind, **owner, amount=amount)


@pytest.mark.parametrize("kind", ["top_ups", "withdrawals"])
def test_moving_nothing_is_refused(world: World, kind: str) -> None:
    assert refusal(world, kind, account="demo-partner", amount="0") == "amount must be above zero"


@pytest.mark.parametrize("kind", ["expenses", "arrears"])
def test_partners_do_not_consume(world: World, kind: str) -> None:
    sentence = refusal(world, kind, customer="demo-partner", amount="1")
    assert sentence == "'demo-partner' is a partner, not a customer"
