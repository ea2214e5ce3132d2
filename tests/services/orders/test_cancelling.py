"""Cancelling: by the customer, and by the system."""

from __future__ import annotations

from typing import Any

import pytest

from tests.driver import Answer, World
from tests.services.orders.checkout import coupon, status
from tests.services.trading import buy, fund, order, pay, server
from tests.sites import on_both_sites

NOT_NOW = (400, "CBC.99005010")


def cancel(world: World, order_id: str, caller: str = "customer") -> Answer:
    return world.caller(caller)("CancelCustomerOrder", {"order_id": order_id})


def reason(world: World, order_id: str) -> str:
    return str(world.look("orders", id=order_id)[0]["cancelled_because"])


@on_both_sites
def test_an_unpaid_order_is_cancelled(world: World) -> None:
    order_id = order(world)
    answer = cancel(world, order_id)
    assert (answer.status, answer.content) == (204, b"")
    assert (status(world, order_id), reason(world, order_id)) == (4, "customer")


@on_both_sites
def test_an_order_is_cancelled_once(world: World) -> None:
    order_id = order(world)
    cancel(world, order_id).ok  # noqa: B018
    assert cancel(world, order_id).refused == NOT_NOW


@on_both_sites
def test_a_paid_order_is_not_cancelled(world: World) -> None:
    fund(world)
    order_id = order(world)
    pay(world.customer, order_id).ok  # noqa: B018
    assert cancel(world, order_id).refused == NOT_NOW
    world.advance("PT5S")
    assert cancel(world, order_id).refused == NOT_NOW


def test_an_order_that_is_just_being_paid_is_not_cancelled(world: World) -> None:
    world.place("settings", payment_seconds=3)
    order_id = order(world)
    pay(world.customer, order_id).ok  # noqa: B018
    assert cancel(world, order_id).refused == NOT_NOW


@pytest.mark.parametrize("state", ["approval", "confirmation"])
def test_only_what_awaits_payment_is_cancelled(world: World, state: str) -> None:
    assert cancel(world, order(world, status=state)).refused == NOT_NOW


@on_both_sites
def test_orders_of_others_are_not_there(world: World) -> None:
    assert cancel(world, order(world, customer="demo-referral")).refused == (400, "CBC.30000010")
    assert cancel(world, "CS0").refused == (400, "CBC.30000010")


@on_both_sites
def test_a_member_is_cancelled_with_its_combination_only(world: World) -> None:
    whole = world.place("combined_orders", orders=[{"customer": "demo-customer", "items": [server(world)]}] * 2)
    assert cancel(world, whole["members"][0]).refused == (400, "CBC.99000089")
    cancel(world, whole["id"]).ok  # noqa: B018
    assert [status(world, one) for one in (whole["id"], *whole["members"])] == [4, 4, 4]


@on_both_sites
def test_partners_cancel_nothing(world: World) -> None:
    assert cancel(world, order(world), "solution_provider").refused == (403, "CBC.0151")


def test_a_user_needs_no_action_to_cancel(world: World) -> None:
    assert cancel(world, order(world), "customer_user").status == 204


def test_coupons_that_the_order_held_are_free_again(world: World) -> None:
    order_id, (voucher, _) = order(world), coupon(world)
    world.place("coupon_holds", coupon=voucher, order=order_id)
    cancel(world, order_id).ok  # noqa: B018
    assert world.look("coupons", id=voucher)[0]["lock_order_id"] == ""


# By the system


@on_both_sites
def test_an_order_that_is_not_paid_in_time_is_cancelled(world: World) -> None:
    order_id = order(world)
    world.advance("P6DT23H59M59S")
    assert status(world, order_id) == 6
    world.advance("PT1S")
    assert (status(world, order_id), reason(world, order_id)) == (4, "deadline")


def test_the_days_until_then_are_a_setting(world: World) -> None:
    world.place("settings", order_payment_days=1)
    order_id = order(world)
    world.advance("P1D")
    assert status(world, order_id) == 4


@pytest.mark.parametrize("end", ["pay", "cancel"])
def test_the_deadline_is_nothing_to_an_order_that_is_paid_or_cancelled(world: World, end: str) -> None:
    fund(world)
    order_id = order(world)
    (pay(world.customer, order_id) if end == "pay" else cancel(world, order_id)).ok  # noqa: B018
    world.advance("P8D")
    assert (status(world, order_id), reason(world, order_id)) in [(5, ""), (4, "customer")]


def test_a_payment_that_is_under_way_at_the_deadline_goes_on(world: World) -> None:
    world.place("settings", payment_seconds=10)
    order_id = order(world)
    world.advance("P6DT23H59M55S")
    pay(world.customer, order_id).ok  # noqa: B018
    world.advance("PT15S")
    assert status(world, order_id) == 5


def test_a_combination_that_is_not_paid_in_time_is_cancelled_with_its_members(world: World) -> None:
    whole = world.place("combined_orders", orders=[{"customer": "demo-customer", "items": [server(world)]}] * 2)
    world.advance("P7D")
    assert [reason(world, one) for one in (whole["id"], *whole["members"])] == ["deadline"] * 3


@pytest.mark.parametrize("state", ["approval", "confirmation"])
def test_a_refused_approval_cancels_the_order(world: World, state: str) -> None:
    order_id = order(world, status=state)
    world.place("order_decisions", order=order_id, accepted=False)
    assert (status(world, order_id), reason(world, order_id)) == (4, "approval")
    assert pay(world.customer, order_id).refused == (400, "CBC.99003106")


def test_an_approval_that_nobody_decides_ends_with_the_deadline(world: World) -> None:
    order_id = order(world, status="approval")
    world.advance("P7D")
    assert reason(world, order_id) == "deadline"


# Orders about resources


def renew(world: World, resource_id: str, **fields: Any) -> str:
    body = {"resource_ids": [resource_id], "period_type": 2, "period_num": 1, **fields}
    [order_id] = world.customer("RenewalResources", {"expire_policy": 0, "is_auto_pay": 0, **body}).ok.body["order_ids"]
    return str(order_id)


@on_both_sites
def test_cancelling_a_renewal_sets_its_resource_free(world: World) -> None:
    [resource] = buy(world)
    cancel(world, renew(world, resource)).ok  # noqa: B018
    assert status(world, renew(world, resource)) == 6


def test_a_renewal_of_a_resource_that_is_released_meanwhile_is_cancelled(world: World) -> None:
    [resource] = buy(world)
    world.place("settings", order_payment_days=90)
    order_id = renew(world, resource)
    world.advance("P3M")
    assert world.look("resources", resource_id=resource)[0]["status"] == 3
    assert (status(world, order_id), reason(world, order_id)) == (4, "resource")


def test_a_renewal_of_a_resource_that_becomes_pay_per_use_is_cancelled(world: World) -> None:
    [resource] = buy(world)
    order_id = renew(world, resource)
    world.customer("UpdatePeriodToOnDemandInstantly", {"resource_ids": [resource]}).ok  # noqa: B018
    world.advance("PT5S")
    assert (status(world, order_id), reason(world, order_id)) == (4, "resource")
