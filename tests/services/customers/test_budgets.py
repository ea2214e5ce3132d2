"""Budgets of customers in the reseller model, and the partner's consumption quota."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.driver import Answer, Caller, World

SET, SHOW = "UpdateSubCustomerBudget", "ShowSubCustomerBudget"
LIST, RECORDS = "ListSubCustomerBudget", "ListSubCustomerBudgetRecords"


def set_budget(world: World, amount: Any = 100, **fields: Any) -> Answer:
    """Set the budget of the solution provider's customer."""
    body = {"customer_id": world.customer.id, "budget_amount": amount, **fields}
    return world.solution_provider(SET, body)


def spend(world: World, amount: str) -> None:
    world.place("budget_usage", customer="demo-customer", amount=amount)


def shown(world: World) -> tuple[Any, ...]:
    """Amount, used amount and kind."""
    body = world.solution_provider(SHOW, customer_id=world.customer.id).ok.body
    return body["budget_amount"], body["used_amount"], body["budget_type"]


def records(caller: Caller, customer_id: str, **filters: Any) -> list[Any]:
    rows: list[Any] = caller(RECORDS, customer_id=customer_id, **filters)["record_list"]
    return rows


def frozen(world: World) -> str | None:
    kind: str | None = world.look("customers", id=world.customer.id)[0]["freeze_type"]
    return kind


# Setting and reading


def test_a_budget_reads_back_as_it_was_set(abroad: World) -> None:
    answer = set_budget(abroad, "150.5", budget_type="PACKAGE")
    assert (answer.status, answer.content) == (204, b"")
    read = abroad.solution_provider(SHOW, customer_id=abroad.customer.id)
    assert read.body == {
        "budget_amount": Decimal("150.50"),
        "used_amount": Decimal("0.00"),
        "measure_id": 1,
        "currency": "USD",
        "budget_type": "PACKAGE",
    }


def test_a_customer_without_a_budget_has_a_monthly_one_of_nothing(abroad: World) -> None:
    assert shown(abroad) == (0, 0, "MONTHLY")


@pytest.mark.parametrize("fields", [{}, {"budget_type": None}, {"budget_type": "MONTHLY"}])
def test_a_budget_is_monthly_unless_asked_otherwise(abroad: World, fields: Any) -> None:
    set_budget(abroad, budget_type="PACKAGE")
    set_budget(abroad, **fields)
    assert shown(abroad)[2] == "MONTHLY"


@pytest.mark.parametrize("amount", [0, -1, "0.001", "12.345", 2147483648, "much"])
def test_an_amount_out_of_range_is_refused(abroad: World, amount: Any) -> None:
    with abroad.unchanged():
        assert set_budget(abroad, amount).refused == (400, "CBC.0100")


@pytest.mark.parametrize("amount", ["0.01", 2147483647])
def test_the_smallest_and_the_largest_amount_are_accepted(abroad: World, amount: Any) -> None:
    set_budget(abroad, amount).ok  # noqa: B018
    assert shown(abroad)[0] == Decimal(amount)


@pytest.mark.parametrize("fields", [{"budget_type": ""}, {"frozen_operate_type": 2}, {"cancel_partner_frozen": "2"}])
def test_a_choice_that_does_not_exist_is_refused(abroad: World, fields: Any) -> None:
    assert set_budget(abroad, **fields).refused == (400, "CBC.0100")


@pytest.mark.parametrize("kind", ["ACCOUNT", "ACCOUNT_AND_RESOURCE"])
def test_a_setting_can_lift_the_freeze(abroad: World, kind: str) -> None:
    abroad.place("customers", name="demo-customer", freeze_type=kind)
    for kept in ({}, {"cancel_partner_frozen": "0"}, {"cancel_partner_frozen": ""}, {"cancel_partner_frozen": None}):
        set_budget(abroad, **kept)
        assert frozen(abroad) == kind
    set_budget(abroad, cancel_partner_frozen="1")
    assert frozen(abroad) is None


def test_a_listing_has_the_budgets_in_the_order_asked(abroad: World) -> None:
    other = abroad.place("customers", name="other", partner="demo-partner")["id"]
    set_budget(abroad, 2000)
    answer = abroad.solution_provider(LIST, {"customer_ids": [other, abroad.customer.id, other]})
    assert [(one["customer_id"], one["budget_amount"]) for one in answer["budget_infos"]] == [
        (other, 0),
        (abroad.customer.id, 2000),
    ]
    assert (answer["measure_id"], answer["currency"]) == (1, "USD")


def test_a_listing_leaves_out_customers_that_are_not_resold(abroad: World) -> None:
    ids = [abroad.referral_customer.id, abroad.reseller_customer.id, "0" * 32]
    assert abroad.solution_provider(LIST, {"customer_ids": ids})["budget_infos"] == []


# Whose budgets


@pytest.mark.parametrize("operation", [SET, SHOW])
@pytest.mark.parametrize(
    ("customer", "code"), [("reseller_customer", "CBC.5004"), ("referral_customer", "CBC.5024"), ("", "CBC.5004")]
)
def test_only_customers_that_the_partner_resells_to_have_budgets(
    abroad: World, operation: str, customer: str, code: str
) -> None:
    customer_id = abroad.caller(customer).id if customer else "0" * 32
    if operation == SET:
        answer = abroad.solution_provider(SET, {"customer_id": customer_id, "budget_amount": 1})
    else:
        answer = abroad.solution_provider(SHOW, customer_id=customer_id)
    assert answer.refused == (400, code)


def test_a_distributor_names_the_reseller(abroad: World) -> None:
    customer, reseller = abroad.reseller_customer.id, abroad.reseller.id
    assert abroad.distributor(SHOW, customer_id=customer).refused == (400, "CBC.5004")
    body = {"customer_id": customer, "budget_amount": 30, "indirect_partner_id": reseller}
    abroad.distributor(SET, body).ok  # noqa: B018
    assert abroad.distributor(SHOW, customer_id=customer, indirect_partner_id=reseller)["budget_amount"] == 30
    listed = abroad.distributor(LIST, {"customer_ids": [customer], "indirect_partner_id": reseller})
    assert listed["budget_infos"][0]["budget_amount"] == 30
    record = records(abroad.distributor, customer, indirect_partner_id=reseller)[0]
    assert (record["partner_account_name"], record["operator"]) == ("demo-reseller", "demo-distributor")


def test_a_reseller_needs_the_budget_right(abroad: World) -> None:
    abroad.place("partners", name="demo-reseller", may_set_budgets=False)
    body = {"customer_id": abroad.reseller_customer.id, "budget_amount": 30, "indirect_partner_id": abroad.reseller.id}
    with abroad.unchanged():
        assert abroad.distributor(SET, body).refused == (400, "CBC.5004")


@pytest.mark.parametrize("operation", [SET, SHOW, LIST, RECORDS])
def test_a_reseller_of_somebody_else_is_refused(abroad: World, operation: str) -> None:
    customer, stranger = abroad.reseller_customer.id, abroad.solution_provider.id
    bodies = {
        SET: {"customer_id": customer, "budget_amount": 1, "indirect_partner_id": stranger},
        LIST: {"customer_ids": [customer], "indirect_partner_id": stranger},
    }
    if operation in bodies:
        answer = abroad.distributor(operation, bodies[operation])
    else:
        answer = abroad.distributor(operation, customer_id=customer, indirect_partner_id=stranger)
    assert answer.refused == (400, "CBC.99000037")


def test_an_account_manager_reaches_the_budgets_of_his_own_customers_only(abroad: World) -> None:
    other = abroad.place("customers", name="other", partner="demo-partner")["id"]
    abroad.account_manager(SHOW, customer_id=abroad.customer.id).ok  # noqa: B018
    assert abroad.account_manager(SHOW, customer_id=other).refused == (400, "CBC.5004")
    assert abroad.account_manager(RECORDS, customer_id=other).refused == (400, "CBC.5004")


# Using a budget


def test_use_adds_up_and_a_new_amount_leaves_it(abroad: World) -> None:
    set_budget(abroad)
    spend(abroad, "30.25")
    spend(abroad, "10")
    set_budget(abroad, 20)
    assert shown(abroad) == (20, Decimal("40.25"), "MONTHLY")


def test_a_monthly_budget_starts_anew_with_the_month_in_china(abroad: World) -> None:
    set_budget(abroad)
    spend(abroad, "30")
    abroad.control("PUT", f"sandboxes/{abroad.id}/clock", {"now": "2026-03-31T15:59:59Z"})
    assert shown(abroad)[1] == 30
    abroad.advance("PT1S")
    assert shown(abroad)[1] == 0
    spend(abroad, "5")
    assert shown(abroad)[1] == 5


def test_a_one_off_budget_goes_on_over_the_months(abroad: World) -> None:
    set_budget(abroad, budget_type="PACKAGE")
    spend(abroad, "30")
    abroad.advance("P1M")
    spend(abroad, "5")
    assert shown(abroad)[1] == 35


def test_another_kind_of_budget_starts_unused(abroad: World) -> None:
    set_budget(abroad)
    spend(abroad, "30")
    set_budget(abroad, budget_type="PACKAGE")
    assert shown(abroad)[1] == 0


def test_an_exceeded_budget_freezes_only_where_that_is_automatic(abroad: World) -> None:
    set_budget(abroad)
    spend(abroad, "100.01")
    assert frozen(abroad) is None
    set_budget(abroad, 200, frozen_operate_type=1)
    spend(abroad, "99.99")
    assert frozen(abroad) is None
    spend(abroad, "0.01")
    assert frozen(abroad) == "ACCOUNT"


@pytest.mark.parametrize(("later", "freezes"), [({}, True), ({"frozen_operate_type": None}, True),
                                                ({"frozen_operate_type": ""}, True),
                                                ({"frozen_operate_type": 0}, False)])  # fmt: skip
def test_automatic_freezing_stays_until_it_is_switched_off(abroad: World, later: Any, freezes: bool) -> None:
    set_budget(abroad, frozen_operate_type=1)
    set_budget(abroad, **later)
    spend(abroad, "101")
    assert (frozen(abroad) == "ACCOUNT") is freezes


def test_a_wider_freeze_is_not_narrowed_by_the_automatic_one(abroad: World) -> None:
    abroad.place("customers", name="demo-customer", freeze_type="ACCOUNT_AND_RESOURCE")
    set_budget(abroad, frozen_operate_type=1)
    spend(abroad, "101")
    assert frozen(abroad) == "ACCOUNT_AND_RESOURCE"


@pytest.mark.parametrize(
    ("usage", "complaint"),
    [
        ({"customer": "demo-referral", "amount": "1"}, "not in the reseller model"),
        ({"customer": "demo-customer", "amount": "0"}, "above 0"),
        ({"customer": "demo-customer", "amount": "1.001"}, "two decimals"),
        ({"customer": "demo-customer", "amount": "NaN"}, "above 0"),
        ({"customer": "demo-customer"}, "amount"),
    ],
)
def test_a_use_that_cannot_be_placed_is_explained(abroad: World, usage: Any, complaint: str) -> None:
    answer = abroad.control("POST", f"sandboxes/{abroad.id}/state/budget_usage", usage)
    assert answer.status == 400
    assert complaint in answer.body["error"]


# Records


def test_each_setting_leaves_a_record(abroad: World) -> None:
    set_budget(abroad, 2000)
    assert records(abroad.solution_provider, abroad.customer.id) == [
        {
            "budget_amount": 2000,
            "operation_type": "SETTING",
            "operation_time": "2026-03-02T02:00:00Z",
            "operator": "demo-partner",
            "budget_type": "MONTHLY",
            "partner_corp_name": "Demo Partner Ltd",
            "partner_account_name": "demo-partner",
        }
    ]


def test_records_come_newest_first_in_pages(abroad: World) -> None:
    for amount in (1, 2, 3, 4):
        set_budget(abroad, amount)
        abroad.advance("PT1S")
    page = abroad.solution_provider(RECORDS, customer_id=abroad.customer.id, offset=1, limit=2)
    assert [one["budget_amount"] for one in page["record_list"]] == [3, 2]
    assert page["total_count"] == 4


def test_records_name_the_operator_who_called(abroad: World) -> None:
    body = {"customer_id": abroad.customer.id, "budget_amount": 1}
    abroad.operator(SET, body).ok  # noqa: B018
    assert records(abroad.solution_provider, abroad.customer.id)[0]["operator"] == "demo-operator"


def test_records_are_filtered_by_kind_of_budget(abroad: World) -> None:
    set_budget(abroad, 1, budget_type="MONTHLY")
    set_budget(abroad, 2, budget_type="PACKAGE")
    found = records(abroad.solution_provider, abroad.customer.id, budget_type="PACKAGE")
    assert [one["budget_amount"] for one in found] == [2]


@pytest.mark.parametrize("kind", ["SETTING", "DELETE"])
def test_records_are_filtered_by_kind_of_change(abroad: World, kind: str) -> None:
    set_budget(abroad)
    abroad.place("dissociations", customer="demo-customer")
    found = records(abroad.solution_provider, abroad.customer.id, operation_type=kind)
    assert [one["operation_type"] for one in found] == [kind]


def test_the_end_of_the_association_ends_the_budget_and_keeps_its_records(abroad: World) -> None:
    set_budget(abroad, 2000, budget_type="PACKAGE")
    abroad.advance("P1D")
    abroad.place("dissociations", customer="demo-customer")
    ended, _ = records(abroad.solution_provider, abroad.customer.id)
    assert (ended["operation_type"], ended["operator"], ended["budget_amount"]) == ("DELETE", "system", 2000)
    assert (ended["budget_type"], ended["operation_time"]) == ("PACKAGE", "2026-03-03T02:00:00Z")
    assert abroad.look("budgets") == []


def test_a_customer_that_leaves_without_a_budget_leaves_no_records(abroad: World) -> None:
    abroad.place("dissociations", customer="demo-customer")
    assert abroad.solution_provider(RECORDS, customer_id=abroad.customer.id).refused == (400, "CBC.5004")


@pytest.mark.parametrize("filters", [{"operation_type": ""}, {"budget_type": ""}, {"operation_type": "CHANGE"}])
def test_a_filter_must_be_a_known_kind(abroad: World, filters: Any) -> None:
    answer = abroad.solution_provider(RECORDS, customer_id=abroad.customer.id, **filters)
    assert answer.refused == (400, "CBC.0100")


@pytest.mark.parametrize("customer", ["reseller_customer", ""])
def test_records_of_somebody_else_s_customer_are_refused(abroad: World, customer: str) -> None:
    customer_id = abroad.caller(customer).id if customer else "0" * 32
    assert abroad.solution_provider(RECORDS, customer_id=customer_id).refused == (400, "CBC.5004")


def test_a_customer_without_settings_has_no_records(abroad: World) -> None:
    assert records(abroad.solution_provider, abroad.referral_customer.id) == []


# The partner's quota


def test_the_quota_shows_what_is_used_of_it(abroad: World) -> None:
    amounts = {"cash": "10.18", "coupon_amount": "10.03", "due_amount": "500.28", "unbilled_amount": "120.5"}
    abroad.place("partners", name="demo-partner", **amounts)
    assert abroad.solution_provider("ShowPartnerConsumptionQuota").body == {
        "consumption_quota": "10000.00",
        "amount": "10.18",
        "coupon_amount": "10.03",
        "due_amount": "500.28",
        "unbilled_amount": "120.50",
        "used_consumption_quota": "600.57",
        "measure_id": 1,
        "currency": "USD",
    }


def test_a_partner_with_money_left_uses_less_than_nothing(abroad: World) -> None:
    assert abroad.distributor("ShowPartnerConsumptionQuota")["used_consumption_quota"] == "-200000.00"


@pytest.mark.parametrize("operation", [SHOW, "ShowPartnerConsumptionQuota"])
def test_there_are_no_budgets_in_china(world: World, operation: str) -> None:
    assert world.solution_provider(operation, customer_id=world.customer.id).status == 404
