"""Coupons and cards in payments: what they pay, for which lines, and what is left of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.driver import World
from tests.services.orders.checkout import (
    balance,
    card,
    coupon,
    discount,
    left_of,
    limit,
    offer,
    paid_with,
)
from tests.services.trading import EBS, ECS, REGION, buy, disk, fund, order, pay, server
from tests.sites import on_both_sites

WRONG = (400, "CBC.0100")


def reductions(world: World, order_id: str) -> dict[str, Decimal]:
    lines = world.look("orders", id=order_id)[0]["lines"]
    return {one["kind"]: Decimal(one["amount"]) for line in lines for one in line["reductions"]}


def test_a_voucher_pays_as_far_as_it_reaches_and_money_the_rest(world: World) -> None:
    fund(world, "100")
    order_id, voucher = order(world), coupon(world, "10")
    pay(world.customer, order_id, voucher).ok  # noqa: B018
    assert paid_with(world, order_id) == {"voucher": 10, "allocated": Decimal("22.20")}
    assert balance(world) == Decimal("77.80")
    assert [row["status"] for row in world.look("coupons")] == [3]


def test_what_a_payment_does_not_need_stays_in_the_coupon(world: World) -> None:
    order_id, voucher = order(world), coupon(world, "50")
    pay(world.customer, order_id, voucher).ok  # noqa: B018
    assert paid_with(world, order_id) == {"voucher": Decimal("32.20")}
    assert left_of(world, voucher[0]) == Decimal("17.80")
    fund(world)
    assert pay(world.customer, order(world), voucher).status == 204


def test_coupons_come_before_cards_and_cards_before_money(world: World) -> None:
    fund(world, "100")
    order_id = order(world)
    pay(world.customer, order_id, card(world, "5"), coupon(world, "20", type="flexi"), coupon(world, "3")).ok  # noqa: B018
    assert paid_with(world, order_id) == {
        "voucher": 3,
        "flexi": 20,
        "card": 5,
        "allocated": Decimal("4.20"),
    }
    assert [row["balance"] for row in world.look("stored_value_cards")] == ["0"]


def test_the_use_is_in_the_records_of_the_coupon(world: World) -> None:
    fund(world)
    order_id = order(world)
    pay(world.customer, order_id, coupon(world, "10")).ok  # noqa: B018
    [record] = world.look("coupon_records", order_id=order_id)
    assert (record["change"], record["amount"], record["balance_after"]) == ("USE", "10", "0")


def test_a_discount_coupon_takes_off_its_rate_and_is_used_whole(world: World) -> None:
    fund(world, "100")
    order_id, rate = order(world), coupon(world, "0.9", type="discount")
    pay(world.customer, order_id, rate).ok  # noqa: B018
    assert paid_with(world, order_id) == {"allocated": Decimal("28.98")}
    assert reductions(world, order_id) == {"300": Decimal("3.22")}
    assert left_of(world, rate[0]) == 0


def test_a_discount_comes_before_a_discount_coupon_and_both_before_cards(world: World) -> None:
    fund(world, "100")
    order_id = order(world)
    coupons = card(world, "10"), coupon(world, "0.5", type="discount")
    pay(world.customer, order_id, *coupons, discount=discount(world, ratio="0.9")).ok  # noqa: B018
    assert reductions(world, order_id) == {"605": Decimal("3.22"), "300": Decimal("14.49")}
    assert paid_with(world, order_id) == {"card": 10, "allocated": Decimal("4.49")}


def test_each_part_is_divided_among_the_lines_and_adds_up(world: World) -> None:
    fund(world, "1000")
    order_id = order(world, server(world), disk(world, 40), disk(world, 10))
    pay(world.customer, order_id, coupon(world, "10"), card(world, "7.77")).ok  # noqa: B018
    for line in world.look("orders", id=order_id)[0]["lines"]:
        assert sum(Decimal(part["amount"]) for part in line["parts"]) == Decimal(line["list_price"])
    assert sum(paid_with(world, order_id).values()) == Decimal("82.20")
    assert paid_with(world, order_id)["voucher"] == 10


# What a coupon is for


@pytest.mark.parametrize(
    "fields",
    [
        {"services": [EBS]},
        {"products": ["00000-000000-0--0"]},
        {"limits": [limit("regionCode", "ap-southeast-3")]},
        {"limits": [limit("chargeScene", "1")]},
        {"limits": [limit("chargeScene", "5")]},
        {"limits": [limit("chargeScene", "7")]},
        {"limits": [{"limit_key": "chargeScene", "limit_values": [["2", "3/6"]]}]},
        {"limits": [limit("productId", "00000-000000-0--0,00000-000000-1--0")]},
        {"limits": [limit("subscribeType", "renew")]},
        {"limits": [limit("isOnlyForStrictSelected", "1")]},
        {"group": 1},
        {"group": 3},
    ],
)
def test_a_coupon_that_is_for_nothing_of_the_order_is_a_wrong_parameter(world: World, fields: dict[str, Any]) -> None:
    fund(world)
    assert pay(world.customer, order(world), coupon(world, **fields)).refused == WRONG


@pytest.mark.parametrize(
    "fields",
    [
        {"services": [EBS, ECS]},
        {"limits": [limit("regionCode", "cn-east-3", REGION["cn"])]},
        {"limits": [limit("regionCode", "")]},
        {"limits": [limit("chargeScene", "0")]},
        {"limits": [limit("chargeScene", "1", "2")]},
        {"limits": [limit("chargeScene", "")]},
        {"limits": [limit("chargeScene", "6")]},
        {"limits": [{"limit_key": "chargeScene", "limit_values": [["2", "1/2/3"]]}]},
        {"limits": [limit("subscribeType", "renew", "new")]},
        {"limits": [limit("firstOrderInService", "1")]},
        {"limits": [limit("isRebate", "0")]},
        {"limits": [limit("usageTimes", "1")]},
        {"group": 2},
    ],
)
def test_a_coupon_that_is_for_the_order_pays_it(world: World, fields: dict[str, Any]) -> None:
    fund(world)
    assert pay(world.customer, order(world), coupon(world, **fields)).status == 204


def test_a_coupon_is_for_products_by_their_ids(world: World) -> None:
    fund(world)
    order_id = order(world)
    [line] = world.look("orders", id=order_id)[0]["lines"]
    assert pay(world.customer, order_id, coupon(world, products=[line["product_id"]])).status == 204


def test_a_coupon_pays_only_the_lines_that_it_is_for(world: World) -> None:
    fund(world)
    order_id = order(world, server(world), disk(world, 40))
    pay(world.customer, order_id, coupon(world, "100", services=[ECS])).ok  # noqa: B018
    assert paid_with(world, order_id) == {"voucher": Decimal("32.20"), "allocated": 40}


def test_a_coupon_for_the_first_purchase_of_a_service_is_not_for_the_second(world: World) -> None:
    buy(world, disk(world))
    first = coupon(world, limits=[limit("firstOrderInService", "1")])
    assert pay(world.customer, order(world), first).status == 204
    again = coupon(world, limits=[limit("firstOrderInService", "1")])
    assert pay(world.customer, order(world), again).refused == WRONG


def test_an_order_that_came_to_nothing_was_no_purchase(world: World) -> None:
    fund(world)
    world.customer("CancelCustomerOrder", {"order_id": order(world)}).ok  # noqa: B018
    first = coupon(world, limits=[limit("firstOrderInService", "1")])
    assert pay(world.customer, order(world), first).status == 204


def test_the_marketplace_takes_its_own_coupons_and_those_expressly_for_it(world: World) -> None:
    fund(world)
    for fields in ({"group": 1}, {"limits": [limit("isOnlyForStrictSelected", "1")]}):
        order_id = order(world, server(world, traits=["marketplace"]))
        assert pay(world.customer, order_id, coupon(world)).refused == WRONG
        assert pay(world.customer, order_id, coupon(world, **fields)).status == 204


def test_a_coupon_issued_by_the_partner_pays_under_the_restrictions_of_its_quota(world: World) -> None:
    fund(world)
    quota = world.place("quotas", partner="demo-partner", amount="100", restrictions={"services": [EBS]})["id"]
    issued = world.place("coupons", account="demo-customer", amount="5", quota=quota)["id"], 301
    assert pay(world.customer, order(world), issued).refused == WRONG
    assert pay(world.customer, order(world, disk(world)), issued).status == 204


# Together with discounts


@on_both_sites
@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("commercial", "simultaneousUseWithContractDiscount"),
        ("partner_granted", "simultaneousUseWithEmpowerDiscount"),
        ("partner_set", "simultaneousUseWithEmpowerDiscount"),
    ],
)
def test_a_coupon_can_exclude_a_kind_of_discount(world: World, kind: str, key: str) -> None:
    world.place("customers", name="demo-customer", freeze_type="")
    world.place("top_ups", account="demo-referral", amount="1000")
    chosen = discount(world, kind, customer="demo-referral")
    excluding = coupon(world, account="demo-referral", limits=[limit(key, "0")])
    allowing = coupon(world, account="demo-referral", limits=[limit(key, "1")])
    order_id = order(world, customer="demo-referral")
    refused = pay(world.referral_customer, order_id, excluding, discount=chosen).refused
    assert refused == (400, "CBC.99003116")
    assert pay(world.referral_customer, order_id, allowing, discount=chosen).status == 204


def test_a_coupon_can_exclude_promotions(world: World) -> None:
    fund(world)
    order_id = order(world, promotion="0.9")
    excluding = coupon(world, limits=[limit("simultaneousUseWithPromotionDiscount", "0")])
    refused = pay(world.customer, order_id, excluding, discount=offer(world, order_id)).refused
    assert refused == (400, "CBC.99003116")


def test_what_excludes_one_kind_of_discount_goes_with_another(world: World) -> None:
    fund(world)
    excluding = coupon(world, limits=[limit("simultaneousUseWithContractDiscount", "0")])
    chosen = discount(world, "partner_set")
    assert pay(world.customer, order(world), excluding, discount=chosen).status == 204


@on_both_sites
def test_a_coupon_with_a_least_ratio_refuses_deeper_discounts(world: World) -> None:
    world.place("top_ups", account="demo-referral", amount="1000")
    least = coupon(world, account="demo-referral", limits=[limit("minConsumeDiscount", "0.9")])
    order_id = order(world, customer="demo-referral")
    deep, just = (discount(world, ratio=ratio, customer="demo-referral") for ratio in ("0.89", "0.9"))
    assert pay(world.referral_customer, order_id, least, discount=deep).refused == (400, "CBC.99003117")
    assert pay(world.referral_customer, order_id, least, discount=just).status == 204


@pytest.mark.parametrize(("off", "answer"), [("3.22", (204, None)), ("3.23", (400, "CBC.99003117"))])
def test_the_least_ratio_holds_for_amounts_off_too(world: World, off: str, answer: tuple[int, str | None]) -> None:
    fund(world)
    order_id = order(world, price_adjustment=off)
    least = coupon(world, limits=[limit("minConsumeDiscount", "0.9")])
    assert pay(world.customer, order_id, least, discount=offer(world, order_id)).refused == answer
