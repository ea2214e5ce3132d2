"""What an unsubscription paid back, by original order and type of resource."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.driver import Answer, Caller, World
from tests.services.trading import buy, disk, fund, order, pay, server
from tests.sites import on_both_sites

ABSENT = (400, "CBC.30000010")


def show(caller: Caller, order_id: str, **parameters: Any) -> Answer:
    return caller("ShowRefundOrderDetails", order_id=order_id, **parameters)


def give_up(world: World, *resource_ids: str, caller: str = "customer") -> str:
    body = {"resource_ids": list(resource_ids), "unsubscribe_type": 1}
    [order_id] = world.caller(caller)("CancelResourcesSubscription", body).ok.body["order_ids"]
    return str(order_id)


def unsubscribed(world: World, *items: dict[str, Any]) -> str:
    """An unsubscription of the first of some resources, six days after they were bought."""
    first, *_ = buy(world, *items)
    world.advance("P6D")
    return give_up(world, first)


def amounts(answer: Answer) -> list[tuple[str, str, Decimal]]:
    """Original order, type of resource and amount of each record."""
    rows = answer["refund_infos"]
    return [(row["base_order_id"], row["resource_type_code"], row["amount"]) for row in rows]


def test_each_record_is_for_an_original_order_and_a_type_of_resource(world: World) -> None:
    order_id = unsubscribed(world)
    purchase = world.look("orders")[0]["id"]
    shown = show(world.customer, order_id).ok.body
    paid, kept = shown["refund_infos"]
    assert shown["total_count"] == 2
    assert {**paid, "id": ""} == {
        "id": "",
        "amount": Decimal("-32.20"),
        "measure_id": "1",
        "customer_id": world.customer.id,
        "resource_type_code": "hws.resource.type.vm",
        "service_type_code": "hws.service.type.ec2",
        "resource_type_name": "云主机",
        "service_type_name": "弹性云服务器",
        "region_code": "cn-north-4",
        "base_order_id": purchase,
    }
    assert kept == {**paid, "id": kept["id"], "amount": kept["amount"]}
    assert paid["id"] != kept["id"]


@on_both_sites
def test_the_records_add_up_to_the_amount_of_the_order(world: World) -> None:
    order_id = unsubscribed(world, server(world, attached=[disk(world)]))
    [row] = world.customer("ListCustomerOrders", order_id=order_id)["order_infos"]
    assert sum(amount for *_, amount in amounts(show(world.customer, order_id))) == row["amount_after_discount"]


def test_purchase_and_renewals_have_records_of_their_own(world: World) -> None:
    [resource] = buy(world, server(world, attached=[disk(world)]))[:1]
    body = {"resource_ids": [resource], "period_type": 2, "period_num": 1, "expire_policy": 0, "is_auto_pay": 1}
    [renewal] = world.customer("RenewalResources", body).ok.body["order_ids"]
    purchase = world.look("orders")[0]["id"]
    world.advance("P6D")
    found = [one[:2] for one in amounts(show(world.customer, give_up(world, resource)))]
    assert found == sorted(found)
    assert {one for one, _ in found} == {purchase, renewal}
    assert {one for _, one in found} == {"hws.resource.type.vm", "hws.resource.type.volume"}


def test_the_fee_is_a_record_too(world: World) -> None:
    world.place("settings", unsubscription_fee_percent=10)
    assert len(amounts(show(world.customer, unsubscribed(world)))) == 3


def test_abroad_names_are_english(abroad: World) -> None:
    [row, *_] = show(abroad.customer, unsubscribed(abroad))["refund_infos"]
    assert row["service_type_name"] == "Elastic Cloud Server"


@on_both_sites
def test_other_orders_refund_nothing(world: World) -> None:
    assert show(world.customer, order(world)).refused == (400, "CBC.99005026")


@on_both_sites
def test_an_order_that_is_not_the_customers_is_not_there(world: World) -> None:
    order_id = unsubscribed(world)
    assert show(world.customer, "CS0").refused == ABSENT
    assert show(world.referral_customer, order_id).refused == ABSENT
    assert show(world.solution_provider, order_id, customer_id=world.referral_customer.id).refused == ABSENT


@on_both_sites
def test_a_partner_names_the_customer(world: World) -> None:
    order_id = unsubscribed(world)
    assert show(world.solution_provider, order_id, customer_id=world.customer.id).status == 200
    for named in ({}, {"customer_id": ""}):
        assert show(world.solution_provider, order_id, **named).refused == (400, "CBC.0100")


@on_both_sites
def test_customers_of_others_are_out_of_bounds(world: World) -> None:
    for caller, named in [("solution_provider", "x"), ("distributor", world.customer.id)]:
        assert show(world.caller(caller), "CS0", customer_id=named).refused == (403, "CBC.0151")


@on_both_sites
def test_a_distributor_names_the_reseller(world: World) -> None:
    named = {"customer_id": world.reseller_customer.id}
    reseller = world.reseller.id
    assert show(world.distributor, "CS0", **named).refused == (403, "CBC.0151")
    assert show(world.distributor, "CS0", **named, indirect_partner_id=reseller).refused == ABSENT
    assert show(world.distributor, "CS0", **named, indirect_partner_id="x").refused == (400, "CBC.99000037")


def test_a_distributor_sees_the_refunds_of_a_resellers_customer(world: World) -> None:
    fund(world, customer="demo-reseller-customer")
    pay(world.reseller_customer, order(world, customer="demo-reseller-customer")).ok  # noqa: B018
    world.advance("PT5S")
    order_id = give_up(world, world.look("resources")[0]["resource_id"], caller="reseller_customer")
    named = {"customer_id": world.reseller_customer.id, "indirect_partner_id": world.reseller.id}
    assert show(world.distributor, order_id, **named)["total_count"] == 1


def test_an_account_manager_sees_refunds_of_his_customers(world: World) -> None:
    world.place("users", account="demo-partner", name="demo-manager", items=["BPC_ITEM_SUBCUSTSERV_060100"])
    order_id = unsubscribed(world)
    assert show(world.account_manager, order_id, customer_id=world.customer.id).status == 200
    others = show(world.account_manager, order_id, customer_id=world.referral_customer.id)
    assert others.refused == (403, "CBC.0151")


@on_both_sites
@pytest.mark.parametrize("caller", ["reseller", "operator_limited", "customer_user"])
def test_access_is_refused(world: World, caller: str) -> None:
    assert show(world.caller(caller), "CS0").refused == (403, "CBC.0151")
