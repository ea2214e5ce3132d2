"""The details of one order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.driver import Answer, Caller, World
from tests.services.orders.checkout import card, coupon, discount
from tests.services.trading import buy, disk, fund, order, pay, server
from tests.sites import on_both_sites

ABSENT = (400, "CBC.30000010")
PRICE = Decimal("32.20")
NO_REDUCTION: dict[str, Any] = {
    "discounts": [],
    "flexipurchase_coupon_amount": 0,
    "coupon_amount": 0,
    "stored_card_amount": 0,
    "commission_amount": 0,
    "consumed_amount": 0,
}


def show(caller: Caller, order_id: str, **parameters: Any) -> Answer:
    return caller("ShowCustomerOrderDetails", order_id=order_id, **parameters)


def test_an_order_is_shown_with_its_line(world: World) -> None:
    order_id = order(world, user="shop-admin", contract="C-1")
    shown = show(world.customer, order_id).ok.body
    [line] = shown["order_line_items"]
    assert shown["total_count"] == 1
    assert shown["order_info"] == {
        "order_id": order_id,
        "customer_id": world.customer.id,
        "service_type_code": "hws.service.type.ec2",
        "service_type_name": "弹性云服务器",
        "source_type": 1,
        "status": 6,
        "order_type": 1,
        "amount_after_discount": PRICE,
        "official_amount": PRICE,
        "measure_id": 1,
        "create_time": "2026-03-02T02:00:00Z",
        "currency": "CNY",
        "contract_id": "C-1",
        "amount_info": NO_REDUCTION,
        "user_name": "shop-admin",
        "pending_payment_end_time": "2026-03-09T02:00:00Z",
        "sub_order_infos": [],
    }
    product = {
        "product_id": line["product_id"],
        "product_spec_desc": line["product_spec_desc"],
        "category_code": "ecs",
        "product_owner_service": "hws.service.type.ec2",
        "commercial_resource": "hws.resource.type.vm",
    }
    assert line == {
        "order_line_item_id": line["order_line_item_id"],
        "service_type_code": "hws.service.type.ec2",
        "service_type_name": "弹性云服务器",
        **product,
        "period_type": 2,
        "period_num": 1,
        "subscription_num": 1,
        "amount_after_discount": PRICE,
        "official_amount": PRICE,
        "amount_info": NO_REDUCTION,
        "currency": "CNY",
        "base_product_info": product,
        "order_id": order_id,
    }


@on_both_sites
def test_a_completed_purchase_has_a_term_that_ends_at_midnight_in_china(world: World) -> None:
    buy(world)
    order_id = world.look("orders")[0]["id"]
    shown = show(world.customer, order_id).ok.body
    [line] = shown["order_line_items"]
    assert (line["effective_time"], line["expire_time"]) == ("2026-03-02T02:00:05Z", "2026-04-02T15:59:59Z")
    assert (shown["order_info"]["status"], shown["order_info"]["payment_time"]) == (5, "2026-03-02T02:00:00Z")


@on_both_sites
def test_the_status_can_be_polled_after_the_payment(world: World) -> None:
    fund(world)
    order_id, seen = order(world), []
    for step in (lambda: pay(world.customer, order_id), lambda: world.advance("PT5S"), lambda: None):
        seen.append(show(world.customer, order_id)["order_info"]["status"])
        step()
    assert seen == [6, 3, 5]


def test_the_amounts_tell_how_the_price_came_about(world: World) -> None:
    fund(world)
    order_id = order(world, server(world), disk(world, 40))
    means = coupon(world, "10"), coupon(world, "5", type="flexi"), card(world, "2")
    pay(world.customer, order_id, *means, discount=discount(world, "partner_set", "0.5")).ok  # noqa: B018
    shown = show(world.customer, order_id).ok.body
    info = shown["order_info"]
    assert (info["official_amount"], info["amount_after_discount"]) == (Decimal("72.20"), Decimal("36.10"))
    assert info["amount_info"] == {
        **NO_REDUCTION,
        "discounts": [{"discount_type": "607", "discount_amount": Decimal("36.10")}],
        "flexipurchase_coupon_amount": 5,
        "coupon_amount": 10,
        "stored_card_amount": 2,
    }
    lines = [line["amount_info"] for line in shown["order_line_items"]]
    assert sum(one["coupon_amount"] for one in lines) == 10
    assert [one["discounts"][0]["discount_amount"] for one in lines] == [Decimal("16.10"), 20]


def test_a_discount_coupon_is_one_of_the_discounts(world: World) -> None:
    fund(world)
    order_id = order(world)
    pay(world.customer, order_id, coupon(world, "0.9", type="discount")).ok  # noqa: B018
    info = show(world.customer, order_id)["order_info"]["amount_info"]
    assert info["discounts"] == [{"discount_type": "300", "discount_amount": Decimal("3.22")}]


# Lines and pages


@pytest.fixture
def long_order(world: World) -> str:
    """Disks of 10, 20 and 30 GB and one attached to a server."""
    disks = [disk(world, size) for size in (10, 20, 30)]
    return order(world, *disks, server(world, attached=[disk(world, 40)]))


def prices(world: World, order_id: str, **parameters: Any) -> list[Decimal]:
    shown = show(world.customer, order_id, **parameters).ok.body
    assert shown["total_count"] == 5
    return [line["official_amount"] for line in shown["order_line_items"]]


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({}, ["10", "20", "30", "32.20", "40"]),
        ({"limit": 2}, ["10", "20"]),
        ({"offset": 3}, ["32.20", "40"]),
        ({"offset": 1, "limit": 1}, ["20"]),
        ({"offset": 5}, []),
        ({"offset": "null", "limit": "null"}, ["10", "20", "30", "32.20", "40"]),
    ],
)
def test_lines_come_in_pages(world: World, long_order: str, parameters: dict[str, Any], found: list[str]) -> None:
    assert prices(world, long_order, **parameters) == [Decimal(one) for one in found]


@on_both_sites
@pytest.mark.parametrize("parameters", [{"limit": 0}, {"limit": 101}, {"offset": -1}, {"X_Language": "fr_FR"}])
def test_a_parameter_outside_its_range_is_refused(world: World, parameters: dict[str, Any]) -> None:
    assert show(world.customer, order(world), **parameters).refused == (400, "CBC.0100")


def test_the_quantity_is_that_of_the_line(world: World) -> None:
    shown = show(world.customer, order(world, server(world, quantity=2, attached=[disk(world)]))).ok.body
    assert [line["subscription_num"] for line in shown["order_line_items"]] == [2, 2]


@pytest.mark.parametrize(("language", "name"), [("zh_CN", "弹性云服务器"), ("en_US", "Elastic Cloud Server")])
def test_names_are_in_the_language_asked_for(world: World, language: str, name: str) -> None:
    shown = show(world.customer, order(world), X_Language=language).ok.body
    assert (shown["order_info"]["service_type_name"], shown["order_line_items"][0]["service_type_name"]) == (name, name)


# Combined orders


def test_a_combination_shows_its_members_and_all_their_lines(world: World) -> None:
    orders = [{"customer": "demo-customer", "items": [item]} for item in (server(world), disk(world, 10))]
    whole = world.place("combined_orders", orders=orders)
    shown = show(world.customer, whole["id"]).ok.body
    assert [one["order_id"] for one in shown["order_info"]["sub_order_infos"]] == whole["members"]
    assert [line["order_id"] for line in shown["order_line_items"]] == whole["members"]
    assert (shown["total_count"], shown["order_info"]["official_amount"]) == (2, Decimal("42.20"))


def test_a_member_has_details_of_its_own(world: World) -> None:
    orders = [{"customer": "demo-customer", "items": [item]} for item in (server(world), disk(world, 10))]
    whole = world.place("combined_orders", orders=orders)
    shown = show(world.customer, whole["members"][1]).ok.body
    assert (shown["total_count"], shown["order_info"]["official_amount"]) == (1, 10)


# Who sees what


@on_both_sites
def test_a_partner_sees_orders_of_its_customers(world: World) -> None:
    assert show(world.solution_provider, order(world)).status == 200
    assert show(world.distributor, order(world)).refused == ABSENT


@on_both_sites
def test_what_is_not_there_and_what_is_somebody_elses_is_the_same(world: World) -> None:
    assert show(world.customer, "CS0").refused == ABSENT
    assert show(world.customer, order(world, customer="demo-referral")).refused == ABSENT
    assert show(world.solution_provider, order(world, customer="demo-reseller-customer")).refused == ABSENT


@on_both_sites
def test_a_distributor_names_the_reseller(world: World) -> None:
    order_id, reseller = order(world, customer="demo-reseller-customer"), world.reseller.id
    assert show(world.distributor, order_id).refused == ABSENT
    assert show(world.distributor, order_id, indirect_partner_id=reseller).status == 200
    assert show(world.distributor, order_id, indirect_partner_id="x").refused == (400, "CBC.99000037")


def test_a_reseller_is_named_by_a_distributor_only(world: World) -> None:
    assert show(world.solution_provider, order(world), indirect_partner_id="x").status == 200
    assert show(world.customer, order(world), indirect_partner_id="x").status == 200


def test_an_account_manager_sees_orders_of_his_customers(world: World) -> None:
    items = ["BPC_ITEM_SUBCUSTSERV_060100"]
    world.place("users", account="demo-partner", name="demo-manager", items=items)
    assert show(world.account_manager, order(world)).status == 200
    assert show(world.account_manager, order(world, customer="demo-referral")).refused == ABSENT


@on_both_sites
def test_access_is_refused_with_a_code_of_its_own(world: World) -> None:
    order_id = order(world)
    for caller in (world.reseller, world.operator_limited, world.customer_user):
        assert show(caller, order_id).refused == (403, "CBC.0155")


@on_both_sites
def test_a_value_that_cannot_be_used_appears_as_a_fault(world: World) -> None:
    fault = {"operation": "ShowCustomerOrderDetails", "code": "CBC.0101", "times": 1}
    world.control("PUT", f"sandboxes/{world.id}/faults", [fault])
    assert show(world.customer, order(world)).refused == (400, "CBC.0101")
