"""What an unpaid order can be paid with."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.driver import Caller, World
from tests.services.orders.checkout import card, coupon, discount, limit, offer
from tests.services.trading import EBS, ECS, disk, fund, order, pay, server
from tests.sites import on_both_sites

WRONG = (400, "CBC.0100")
COUPONS, DISCOUNTS = "ListOrderCouponsByOrderId", "ListOrderDiscounts"


def coupons(world: World, order_id: str) -> list[str]:
    answer = world.customer(COUPONS, order_id=order_id).ok.body
    assert answer["count"] == len(answer["user_coupons"])
    return [row["coupon_id"] for row in answer["user_coupons"]]


def discounts(caller: Caller, order_id: str) -> list[dict[str, Any]]:
    return list(caller(DISCOUNTS, order_id=order_id)["discounts"])


def kinds(caller: Caller, order_id: str) -> list[int]:
    return sorted(row["discount_type"] for row in discounts(caller, order_id))


# Coupons


def test_a_coupon_is_shown_with_its_restrictions(world: World) -> None:
    order_id = order(world)
    fields = {"services": [ECS], "limits": [limit("regionCode", "cn-north-4"), limit("minConsumeDiscount", "0.9")]}
    coupon_id, _ = coupon(world, "12.50", **fields, group=2)
    [row] = world.customer(COUPONS, order_id=order_id)["user_coupons"]
    limits = [(one["limit_key"], one["value1"]) for one in row.pop("use_limits")]
    assert limits == [("cloudServiceType", ECS), ("regionCode", "cn-north-4"), ("minConsumeDiscount", "0.9")]
    assert row == {
        "coupon_id": coupon_id,
        "coupon_code": f"V{coupon_id[2:]}",
        "status": 2,
        "coupon_type": 301,
        "measure_id": 1,
        "face_value": Decimal("12.50"),
        "effective_time": "2026-03-02T02:00:00Z",
        "expire_time": "2027-03-02T02:00:00Z",
        "plan_name": "Huawei Cloud coupon",
        "plan_desc": "Huawei Cloud coupon",
        "active_time": "2026-03-02T02:00:00Z",
        "create_time": "2026-03-02T02:00:00Z",
        "coupon_version": 2,
        "balance": Decimal("12.50"),
        "coupon_usage": "",
        "coupon_group": 2,
    }


def test_coupons_and_cards_come_the_first_to_expire_first(world: World) -> None:
    order_id = order(world)
    late, soon = coupon(world, validity={"expires": "P9D"}), coupon(world, validity={"expires": "P3D"})
    between = card(world, validity={"expires": "P5D"})
    assert coupons(world, order_id) == [soon[0], between[0], late[0]]


def test_the_types_are_those_that_a_payment_takes(world: World) -> None:
    fund(world)
    order_id = order(world)
    for means in (coupon(world, "0.9", type="discount"), coupon(world), coupon(world, type="flexi"), card(world)):
        rows = world.customer(COUPONS, order_id=order_id)["user_coupons"]
        assert [row["coupon_type"] for row in rows if row["coupon_id"] == means[0]] == [means[1]]


@pytest.mark.parametrize(
    "fields",
    [
        {"services": [EBS]},
        {"limits": [limit("subscribeType", "renew")]},
        {"group": 1},
        {"validity": {"effective": "P1D"}},
        {"account": "demo-referral"},
    ],
)
def test_what_a_payment_would_refuse_is_not_shown(world: World, fields: dict[str, Any]) -> None:
    coupon(world, **fields)
    assert coupons(world, order(world)) == []


def test_product_coupons_are_not_for_orders(world: World) -> None:
    world.place("coupons", account="demo-customer", amount="10", type="product")
    assert coupons(world, order(world)) == []


def test_neither_frozen_nor_used_coupons_nor_empty_cards_are_shown(world: World) -> None:
    fund(world)
    frozen, used = coupon(world), coupon(world, "1")
    world.place("coupon_holds", coupon=frozen[0], frozen=True)
    pay(world.customer, order(world), used).ok  # noqa: B018
    card(world, balance="0")
    assert coupons(world, order(world)) == []


def test_what_another_order_holds_is_not_shown(world: World) -> None:
    mine, other, (held, _) = order(world), order(world), coupon(world, "0.9", type="discount")
    world.place("coupon_holds", coupon=held, order=mine)
    assert (coupons(world, mine), coupons(world, other)) == ([held], [])
    [row] = world.customer(COUPONS, order_id=mine)["user_coupons"]
    assert (row["used_by_order_id"], row["coupon_version"]) == (mine, 1)


def test_an_order_takes_one_voucher_and_some_flexi_coupons(world: World) -> None:
    order_id = order(world)
    for fields in ({}, {}, {"group": 2}, {"type": "flexi"}):
        coupon(world, **fields)
    most = world.customer(COUPONS, order_id=order_id)["coupon_max_use_quantity"]
    assert [tuple(one.values()) for one in most] == [(1, 0, 1), (1, 2, 1), (4, 0, 3)]


def test_a_combination_takes_a_special_voucher_for_each_member(world: World) -> None:
    whole = world.place("combined_orders", orders=[{"customer": "demo-customer", "items": [server(world)]}] * 3)
    special, _ = coupon(world, group=2)
    [most] = world.customer(COUPONS, order_id=whole["id"])["coupon_max_use_quantity"]
    assert most["use_quantity_value"] == 3
    assert coupons(world, whole["id"]) == [special]
    assert coupons(world, whole["members"][0]) == []


def test_for_an_order_that_is_paid_nothing_can_be_used(world: World) -> None:
    fund(world)
    order_id = order(world)
    coupon(world), discount(world)
    pay(world.customer, order_id).ok  # noqa: B018
    assert coupons(world, order_id) == []
    assert discounts(world.customer, order_id) == []


def test_coupons_of_an_order_of_nobody_are_a_wrong_parameter(world: World) -> None:
    for order_id in ("CS0", order(world, customer="demo-referral")):
        assert world.customer(COUPONS, order_id=order_id).refused == WRONG
    assert world.customer(COUPONS).refused == WRONG


def test_coupons_are_for_customers_with_the_right_to_see_orders(world: World) -> None:
    order_id = order(world)
    for caller in (world.solution_provider, world.customer_user):
        assert caller(COUPONS, order_id=order_id).refused == (403, "CBC.0151")


# Discounts


def test_a_discount_tells_what_it_takes_off_which_lines(world: World) -> None:
    order_id = order(world, server(world), server(world), disk(world, 40))
    discount_id, _ = discount(world, "partner_granted", "0.9", service_types=[ECS])
    first, second, _ = (line["id"] for line in world.look("orders", id=order_id)[0]["lines"])
    shared = {
        "order_line_item_ids": [first, second],
        "discount_mode": 0,
        "discount_amount": Decimal("6.44"),
        "discount_ratio": Decimal("0.9"),
    }
    assert discounts(world.customer, order_id) == [
        {
            "discount_id": discount_id,
            "discount_value": "0.9",
            "discount_type": 3,
            "orders": [{"order_id": order_id, "order_line_items": [shared]}],
        }
    ]


def test_lines_of_other_sizes_are_entries_of_their_own(world: World) -> None:
    order_id = order(world, disk(world, 40), disk(world, 10), disk(world, 40))
    discount(world)
    [row] = discounts(world.customer, order_id)
    items = row["orders"][0]["order_line_items"]
    assert [(len(one["order_line_item_ids"]), one["discount_amount"]) for one in items] == [(1, 2), (2, 16)]


def test_an_adjustment_is_an_amount(world: World) -> None:
    order_id = order(world, price_adjustment="3.22")
    [row] = discounts(world.customer, order_id)
    assert (row["discount_id"], row["discount_type"]) == offer(world, order_id)
    assert row["discount_value"] == "3.22"
    [item] = row["orders"][0]["order_line_items"]
    assert (item["discount_mode"], item["discount_ratio"]) == (2, Decimal("0.9"))


def test_all_kinds_of_discounts_are_listed_in_china(world: World) -> None:
    order_id = order(world, price_adjustment="1", promotion="0.9")
    for kind in ("commercial", "partner_granted", "partner_set"):
        discount(world, kind)
    assert kinds(world.customer, order_id) == [0, 2, 3, 3, 609]


def test_abroad_only_commercial_and_partners_discounts_are_listed(abroad: World) -> None:
    order_id = order(abroad, customer="demo-referral", price_adjustment="0.10", promotion="0.9")
    for kind in ("commercial", "partner_granted"):
        discount(abroad, kind, customer="demo-referral")
    assert kinds(abroad.referral_customer, order_id) == [2, 3]


def test_in_the_reseller_model_there_are_no_discounts(abroad: World) -> None:
    discount(abroad)
    assert discounts(abroad.customer, order(abroad, promotion="0.9")) == []


def test_a_discount_that_covers_nothing_is_not_listed(world: World) -> None:
    discount(world, service_types=[EBS])
    assert discounts(world.customer, order(world)) == []


def test_a_discount_spans_the_members_of_a_combination(world: World) -> None:
    orders = [{"customer": "demo-customer", "items": [item]} for item in (server(world), disk(world, 10))]
    whole = world.place("combined_orders", orders=orders)
    discount(world)
    [row] = discounts(world.customer, whole["id"])
    assert [one["order_id"] for one in row["orders"]] == whole["members"]
    assert discounts(world.customer, whole["members"][0]) == []


@on_both_sites
def test_without_the_right_to_see_discounts_the_field_is_left_out(world: World) -> None:
    order_id = order(world)
    assert world.customer_user(DISCOUNTS, order_id=order_id).ok.body == {}
    for right in ("billing:contract:viewDiscount", "bss:discount:view"):
        world.place("users", account="demo-customer", name="demo-customer-user", actions=[right])
        assert discounts(world.customer_user, order_id) == []


@on_both_sites
def test_discounts_of_an_order_of_nobody_are_a_wrong_parameter(world: World) -> None:
    for order_id in ("CS0", order(world, customer="demo-referral")):
        assert world.customer(DISCOUNTS, order_id=order_id).refused == WRONG
    assert world.customer(DISCOUNTS).refused == WRONG


@on_both_sites
def test_partners_have_no_discounts_of_orders(world: World) -> None:
    assert world.solution_provider(DISCOUNTS, order_id=order(world)).refused == (403, "CBC.0151")
