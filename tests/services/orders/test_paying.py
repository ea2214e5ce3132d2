"""Paying: which orders can be paid, and what stands against it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.driver import Answer, World
from tests.services.orders.checkout import card, coupon, limit, status
from tests.services.trading import fund, order, pay, server
from tests.sites import on_both_sites

APPEAR_AS_FAULTS = (
    "CBC.99003141",
    "CBC.99003155",
    "CBC.99003198",
    "CBC.99006093",
    "CBC.99008040",
    "CBC.99008056",
)


def funded_order(world: World, **fields: Any) -> str:
    fund(world)
    return order(world, **fields)


def send(world: World, order_id: str, **fields: Any) -> Answer:
    body = {"order_id": order_id, "use_coupon": "NO", "use_discount": "NO", **fields}
    return world.customer("PayOrders", body)


@on_both_sites
def test_a_paid_order_is_processed_and_then_completed(world: World) -> None:
    order_id = funded_order(world)
    answer = pay(world.customer, order_id)
    assert (answer.status, answer.content) == (204, b"")
    assert status(world, order_id) == 3
    world.advance("PT5S")
    assert status(world, order_id) == 5


@on_both_sites
def test_only_the_callers_own_orders_are_there(world: World) -> None:
    others = order(world, customer="demo-referral")
    assert pay(world.customer, others).refused == (400, "CBC.30000010")
    assert pay(world.customer, "CS2603021010XXXXX").refused == (400, "CBC.30000010")


@on_both_sites
def test_an_order_is_not_paid_twice(world: World) -> None:
    order_id = funded_order(world)
    pay(world.customer, order_id).ok  # noqa: B018
    assert pay(world.customer, order_id).refused == (400, "CBC.99003106")
    world.advance("PT5S")
    assert pay(world.customer, order_id).refused == (400, "CBC.99003106")


@on_both_sites
def test_while_a_payment_is_under_way_the_order_reads_unpaid_and_is_not_paid_again(world: World) -> None:
    world.place("settings", payment_seconds=3)
    order_id = funded_order(world)
    pay(world.customer, order_id).ok  # noqa: B018
    assert status(world, order_id) == 6
    assert pay(world.customer, order_id).refused == (400, "CBC.99000088")
    world.advance("PT3S")
    assert status(world, order_id) == 3
    world.advance("PT5S")
    assert status(world, order_id) == 5


@on_both_sites
def test_a_cancelled_order_is_not_paid(world: World) -> None:
    order_id = funded_order(world)
    world.customer("CancelCustomerOrder", {"order_id": order_id}).ok  # noqa: B018
    assert pay(world.customer, order_id).refused == (400, "CBC.99003106")


@on_both_sites
def test_an_order_is_paid_until_its_deadline(world: World) -> None:
    order_id = funded_order(world)
    world.advance("P7D")
    assert pay(world.customer, order_id).refused == (400, "CBC.99003110")


def test_the_last_second_before_the_deadline_is_in_time(world: World) -> None:
    order_id = funded_order(world)
    world.advance("P6DT23H59M59S")
    assert pay(world.customer, order_id).status == 204


@on_both_sites
def test_an_order_with_an_effective_time_is_paid_by_then(world: World) -> None:
    order_id = funded_order(world, pay_before="PT1H")
    world.advance("PT1H1S")
    assert pay(world.customer, order_id).refused == (400, "CBC.99003162")


def test_paying_at_the_effective_time_itself_is_in_time(world: World) -> None:
    order_id = funded_order(world, pay_before="PT1H")
    world.advance("PT1H")
    assert pay(world.customer, order_id).status == 204


@pytest.mark.parametrize("state", ["approval", "confirmation"])
def test_an_order_is_paid_only_after_its_approval_or_confirmation(world: World, state: str) -> None:
    order_id = funded_order(world, status=state)
    assert pay(world.customer, order_id).refused == (400, "CBC.99003106")
    world.place("order_decisions", order=order_id)
    assert pay(world.customer, order_id).status == 204


@on_both_sites
def test_a_member_of_a_combination_is_not_paid_by_itself(world: World) -> None:
    orders = [{"customer": "demo-customer", "items": [server(world)]}] * 2
    whole = world.place("combined_orders", orders=orders)
    assert pay(world.customer, whole["members"][0]).refused == (400, "CBC.99000089")


def test_what_cannot_be_paid_is_refused_and_nothing_moves(world: World) -> None:
    order_id, voucher, one_card = order(world, number=9), coupon(world), card(world)
    with world.unchanged():
        assert pay(world.customer, order_id, voucher, one_card).refused == (400, "CBC.99005003")


def test_abroad_a_frozen_account_pays_nothing(abroad: World) -> None:
    order_id = funded_order(abroad)
    abroad.place("customers", name="demo-customer", freeze_type="ACCOUNT")
    assert pay(abroad.customer, order_id).refused == (400, "CBC.99005003")


@on_both_sites
@pytest.mark.parametrize("code", APPEAR_AS_FAULTS)
def test_what_no_published_limit_decides_appears_as_a_fault(world: World, code: str) -> None:
    order_id = funded_order(world)
    world.control("PUT", f"sandboxes/{world.id}/faults", [{"operation": "PayOrders", "code": code, "times": 1}])
    assert pay(world.customer, order_id).refused == (400, code)
    assert pay(world.customer, order_id).status == 204


ENTRY = [{"id": "x", "type": 301}]


@on_both_sites
@pytest.mark.parametrize(
    "fields",
    [
        {"use_coupon": "YES"},
        {"use_coupon": "YES", "coupon_infos": []},
        {"coupon_infos": ENTRY},
        {"use_coupon": "YES", "coupon_infos": [{"id": one, "type": 301} for one in "abcd"]},
        {"use_coupon": "YES", "coupon_infos": [{"id": "a", "type": 304}]},
        {"use_coupon": "yes", "coupon_infos": ENTRY},
        {"use_discount": "YES"},
        {"use_discount": "YES", "discount_infos": []},
        {"discount_infos": [{"id": "x", "type": 2}]},
        {"use_discount": "YES", "discount_infos": [{"id": "x", "type": 2}, {"id": "y", "type": 3}]},
        {"use_discount": "YES", "discount_infos": [{"id": "x", "type": 1}]},
        {"use_discount": ""},
    ],
)
def test_what_is_sent_must_fit_what_is_announced(world: World, fields: dict[str, Any]) -> None:
    order_id = funded_order(world)
    assert send(world, order_id, **fields).refused == (400, "CBC.0100")


def test_empty_lists_where_nothing_is_used_do_no_harm(world: World) -> None:
    order_id = funded_order(world)
    assert send(world, order_id, coupon_infos=[], discount_infos=[]).status == 204


@on_both_sites
def test_partners_and_users_without_the_action_do_not_pay(world: World) -> None:
    order_id = funded_order(world)
    assert pay(world.solution_provider, order_id).refused == (403, "CBC.0151")
    assert pay(world.customer_user, order_id).refused == (403, "CBC.0151")


def test_a_user_with_the_action_pays(world: World) -> None:
    world.place("users", account="demo-customer", name="payer", actions=["billing:order:pay"], credential="payer")
    assert pay(world.payer, funded_order(world)).status == 204


# Coupons that do not fit


@on_both_sites
def test_an_unknown_coupon_is_a_wrong_parameter(world: World) -> None:
    order_id = funded_order(world)
    voucher, _ = coupon(world)
    others, _ = coupon(world, account="demo-referral")
    own_card, _ = card(world)
    for sent in [("CP0", 301), (voucher, 302), (others, 301), (own_card, 301), ("userSVCId0", 303)]:
        assert pay(world.customer, order_id, sent).refused == (400, "CBC.0100")


def test_a_coupon_sent_twice_is_a_wrong_parameter(world: World) -> None:
    order_id, voucher = funded_order(world), coupon(world)
    assert pay(world.customer, order_id, voucher, voucher).refused == (400, "CBC.0100")


@on_both_sites
def test_a_used_coupon_cannot_be_used_again(world: World) -> None:
    fund(world)
    voucher = coupon(world, "1")
    pay(world.customer, order(world), voucher).ok  # noqa: B018
    assert pay(world.customer, order(world), voucher).refused == (400, "CBC.99003112")


@pytest.mark.parametrize(
    ("fields", "hold", "wait"),
    [
        ({}, {"frozen": True}, "PT0S"),
        ({}, {"order": "CS0"}, "PT0S"),
        ({"validity": {"effective": "P1D"}}, {}, "PT0S"),
        ({"validity": {"expires": "P1D"}}, {}, "P1D"),
    ],
)
def test_a_coupon_that_is_not_free_cannot_be_used(
    world: World, fields: dict[str, Any], hold: dict[str, Any], wait: str
) -> None:
    order_id, voucher = funded_order(world), coupon(world, **fields)
    if hold:
        world.place("coupon_holds", coupon=voucher[0], **hold)
    world.advance(wait)
    assert pay(world.customer, order_id, voucher).refused == (400, "CBC.99003112")


def test_a_coupon_that_the_order_itself_holds_can_be_used(world: World) -> None:
    order_id, voucher = funded_order(world), coupon(world)
    world.place("coupon_holds", coupon=voucher[0], order=order_id)
    assert pay(world.customer, order_id, voucher).status == 204


def test_a_coupon_for_one_use_is_used_up_by_it(world: World) -> None:
    fund(world)
    voucher = coupon(world, "100", limits=[limit("usageTimes", "1")])
    pay(world.customer, order(world), voucher).ok  # noqa: B018
    assert pay(world.customer, order(world), voucher).refused == (400, "CBC.99003112")


@pytest.mark.parametrize(
    "fields",
    [{"balance": "0"}, {"validity": {"effective": "P1D"}}],
)
def test_a_card_that_is_empty_or_not_in_force_cannot_be_used(world: World, fields: dict[str, Any]) -> None:
    order_id, one_card = funded_order(world), card(world, **fields)
    assert pay(world.customer, order_id, one_card).refused == (400, "CBC.99003112")


@on_both_sites
def test_a_voucher_excludes_a_discount_coupon(world: World) -> None:
    order_id = funded_order(world)
    coupons = coupon(world), coupon(world, "0.9", type="discount")
    assert pay(world.customer, order_id, *coupons).refused == (400, "CBC.99003147")


def mixed_order(world: World) -> str:
    """A server of the marketplace, and an ordinary one."""
    fund(world)
    return order(world, server(world, traits=["marketplace"]), server(world))


@on_both_sites
def test_a_marketplace_coupon_excludes_a_special_voucher(world: World) -> None:
    order_id = mixed_order(world)
    coupons = coupon(world, group=1), coupon(world, group=2)
    assert pay(world.customer, order_id, *coupons).refused == (400, "CBC.99003156")


def test_a_payment_takes_one_voucher_and_three_flexi_coupons(world: World) -> None:
    order_id = funded_order(world)
    vouchers = coupon(world), coupon(world)
    assert pay(world.customer, order_id, *vouchers).refused == (400, "CBC.0100")
    flexis = [coupon(world, type="flexi") for _ in range(3)]
    assert pay(world.customer, order_id, *flexis).status == 204


def test_each_member_of_a_combination_takes_a_special_voucher(world: World) -> None:
    fund(world)
    orders = [{"customer": "demo-customer", "items": [server(world)]}] * 2
    whole = world.place("combined_orders", orders=orders)["id"]
    special = [coupon(world, group=2) for _ in range(3)]
    assert pay(world.customer, whole, *special).refused == (400, "CBC.0100")
    assert pay(world.customer, whole, *special[:2]).status == 204
