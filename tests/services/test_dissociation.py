"""The end of an association and the change of its type: what becomes of the money, as both sides see it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.driver import Answer, Caller, World
from tests.services.trading import buy, order, pay

DEBIT = {"balance_type": "BALANCE_TYPE_DEBIT"}
BEUNBIND = "SOURCE_OPERATION_BEUNBIND"


def leave(world: World, customer: str = "demo-customer") -> Any:
    return world.place("dissociations", customer=customer)


def switch(world: World, customer: str, association: str) -> Any:
    return world.place("switches", customer=customer, association=association)


def refusal(world: World, kind: str, **fields: str) -> str:
    """The sentence with which a placement is refused."""
    with world.unchanged():
        answer = world.control("POST", f"sandboxes/{world.id}/state/{kind}", fields)
    assert answer.status == 400
    return str(answer.body["error"])


def cash(partner: Caller, **parameters: str) -> Decimal:
    amount: Decimal = partner("ListPartnerBalances", **parameters)["account_balances"][0]["amount"]
    return amount


def balances(customer: Caller) -> Answer:
    return customer("ShowCustomerAccountBalances")


def held(customer: Caller) -> Decimal:
    amount: Decimal = balances(customer)["account_balances"][0]["amount"]
    return amount


def partner_rows(world: World) -> list[Any]:
    rows = world.solution_provider("ListPartnerAccountChangeRecords", trade_type="BEUNBIND", **DEBIT)["records"]
    return [(row["change_amount"], row["type"], row["account_name"]) for row in rows]


def customer_rows(customer: Caller, trade_type: str) -> list[Any]:
    rows = customer("ListCustomerAccountChangeRecords", trade_type=trade_type, **DEBIT)["records"]
    return [(row["change_amount"], row["revenue_expense_type"], row["trade_detail_type"]) for row in rows]


# Leaving


def test_the_rest_of_allocated_money_returns_to_the_partner(world: World) -> None:
    world.place("expenses", customer="demo-customer", amount="30")
    leave(world)
    assert cash(world.solution_provider) == 100120
    assert held(world.customer) == 0


def test_both_sides_and_the_adjustments_show_the_return_once(world: World) -> None:
    leave(world)
    assert partner_rows(world) == [("150.00", "1", "demo-customer")]
    assert customer_rows(world.customer, "BEUNBIND") == [("150.00", "EXPENSE", BEUNBIND)]
    rows = world.solution_provider("ListPartnerAdjustRecords", operation_type=BEUNBIND)["records"]
    assert [(row["customer_id"], row["amount"]) for row in rows] == [(world.customer.id, "150.00")]


def test_a_resellers_customer_returns_the_money_to_the_reseller(world: World) -> None:
    leave(world, "demo-reseller-customer")
    assert cash(world.distributor) == 200000
    assert cash(world.distributor, indirect_partner_id=world.reseller.id) == 5060


def test_who_has_nothing_left_returns_nothing(world: World) -> None:
    world.place("expenses", customer="demo-customer", amount="150")
    leave(world)
    assert partner_rows(world) == []


def test_a_referral_customer_keeps_its_own_cash_and_credit(world: World) -> None:
    leave(world, "demo-referral")
    assert held(world.referral_customer) == 80
    assert [row["account_type"] for row in balances(world.referral_customer)["account_balances"]] == [1, 2]


def test_a_customer_that_left_is_in_nobodys_list_or_charge(world: World) -> None:
    row = leave(world)
    gone = ("partner_id", "association_type", "associated_on", "manager_id", "freeze_type", "label")
    assert {row[name] for name in gone} == {None, ""}
    body = {"customer_infos": [{"customer_id": world.customer.id}]}
    assert world.solution_provider("ListCustomersBalancesDetail", body)["customer_balances"] == []


def test_abroad_the_budget_ends_with_the_association(abroad: World) -> None:
    body = {"customer_id": abroad.customer.id, "budget_amount": 100}
    assert abroad.solution_provider("UpdateSubCustomerBudget", body).status == 204
    leave(abroad)
    assert abroad.look("budgets") == []


def test_who_is_in_arrears_stays(world: World) -> None:
    world.place("arrears", customer="demo-customer", amount="7.5")
    assert (
        refusal(world, "dissociations", customer="demo-customer")
        == "'demo-customer' owes 7.50 CNY and must pay it first"
    )
    world.place("arrears", customer="demo-customer", amount="0")
    leave(world)


def test_used_credit_is_owed_as_well(world: World) -> None:
    world.place("expenses", customer="demo-referral", amount="85")
    assert "owes 5.00 CNY" in refusal(world, "dissociations", customer="demo-referral")


@pytest.mark.parametrize("kind", ["dissociations", "switches"])
def test_who_has_an_order_for_its_partner_to_pay_stays(world: World, kind: str) -> None:
    waiting = order(world)
    association = {"association": "referral"} if kind == "switches" else {}
    sentence = refusal(world, kind, customer="demo-customer", **association)
    assert sentence == f"order {waiting} of 'demo-customer' awaits its partner's payment: pay or cancel it first"
    world.customer("CancelCustomerOrder", {"order_id": waiting})
    world.advance("P7D")
    world.place(kind, customer="demo-customer", **association)


def test_abroad_an_order_of_the_reseller_model_holds_back_too(abroad: World) -> None:
    order(abroad)
    assert "awaits its partner's payment" in refusal(abroad, "dissociations", customer="demo-customer")


def test_a_referral_customer_pays_its_orders_wherever_it_is(world: World) -> None:
    waiting = order(world, customer="demo-referral")
    leave(world, "demo-referral")
    assert pay(world.referral_customer, waiting).status == 204


def test_resources_go_with_the_customer(world: World) -> None:
    (one,) = buy(world)
    leave(world)
    assert world.look("resources", resource_id=one)[0]["status"] == 2
    world.advance("P33D")
    assert world.look("resources", resource_id=one)[0]["status"] == 5


def test_nobody_leaves_twice(world: World) -> None:
    leave(world)
    assert refusal(world, "dissociations", customer="demo-customer") == "'demo-customer' is associated with no partner"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"customer": "nobody"}, "no account 'nobody' in sandbox"),
        ({"customer": "demo-partner"}, "'demo-partner' is a partner, not a customer"),
        ({}, "missing required field `customer`"),
        ({"customer": "demo-customer", "why": "so"}, "unknown field `why`"),
    ],
)
def test_a_wrong_wish_is_explained(world: World, fields: dict[str, str], sentence: str) -> None:
    assert sentence in refusal(world, "dissociations", **fields)


# Switching


def test_becoming_a_referral_customer_returns_the_allocated_money(world: World) -> None:
    assert switch(world, "demo-customer", "referral")["association_type"] == "1"
    assert cash(world.solution_provider) == 100150
    assert partner_rows(world) == [("150.00", "1", "demo-customer")]
    assert customer_rows(world.customer, "BEUNBIND") == [("150.00", "EXPENSE", BEUNBIND)]


def test_a_customer_that_became_referral_tops_up_itself(world: World) -> None:
    switch(world, "demo-customer", "referral")
    world.place("top_ups", account="demo-customer", amount="9")
    assert held(world.customer) == 9


def test_becoming_partner_paid_locks_the_customers_own_cash(world: World) -> None:
    assert switch(world, "demo-referral", "partner_paid")["association_type"] == "2"
    assert held(world.referral_customer) == 0
    assert customer_rows(world.referral_customer, "TRADE_MODE_TRANSFER") == [
        ("80.00", "EXPENSE", "SOURCE_OPERATION_TRADEMODE_TRANSFER")
    ]


def test_locked_cash_waits_to_be_withdrawn(world: World) -> None:
    switch(world, "demo-referral", "partner_paid")
    assert "too little" in refusal(world, "expenses", customer="demo-referral", amount="1")
    world.place("withdrawals", account="demo-referral", amount="80")
    assert "can withdraw 0.00 at most" in refusal(world, "withdrawals", account="demo-referral", amount="0.01")


def test_locked_cash_can_still_be_withdrawn_after_leaving(world: World) -> None:
    switch(world, "demo-referral", "partner_paid")
    leave(world, "demo-referral")
    assert world.place("withdrawals", account="demo-referral", amount="80")["trade"] == "WITHDRAWAL"


def test_a_customer_that_became_partner_paid_can_be_funded(world: World) -> None:
    switch(world, "demo-referral", "partner_paid")
    body = {"customer_id": world.referral_customer.id, "amount": 5}
    assert world.solution_provider("UpdateCustomerAccountAmount", body)["transfer_id"]
    assert held(world.referral_customer) == 5


def test_older_records_stay_readable_after_a_switch(world: World) -> None:
    switch(world, "demo-customer", "referral")
    world.place("top_ups", account="demo-customer", amount="9")
    rows = world.customer("ListCustomerAccountChangeRecords", **DEBIT)["records"]
    assert [row["change_amount"] for row in rows] == ["9.00", "150.00", "150.00"]


def test_who_is_in_arrears_does_not_switch(world: World) -> None:
    world.place("arrears", customer="demo-customer", amount="7.5")
    assert "owes 7.50 CNY" in refusal(world, "switches", customer="demo-customer", association="referral")


@pytest.mark.parametrize(
    ("association", "sentence"),
    [
        ("partner_paid", "'demo-customer' has that association already"),
        ("marriage", "'marriage' is not an association; accepted: referral, partner_paid"),
    ],
)
def test_a_switch_needs_another_association(world: World, association: str, sentence: str) -> None:
    assert sentence in refusal(world, "switches", customer="demo-customer", association=association)


def test_who_left_has_nothing_to_switch(world: World) -> None:
    leave(world)
    assert "no partner" in refusal(world, "switches", customer="demo-customer", association="referral")


def test_abroad_the_budget_ends_with_the_reseller_model(abroad: World) -> None:
    body = {"customer_id": abroad.customer.id, "budget_amount": 100}
    assert abroad.solution_provider("UpdateSubCustomerBudget", body).status == 204
    assert switch(abroad, "demo-customer", "referral")["association_type"] == "1"
    assert abroad.look("budgets") == []
    assert balances(abroad.customer)["account_balances"][0]["amount"] == 0
