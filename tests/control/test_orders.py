"""Placing orders, decisions about them, and the coupons for them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.driver import World
from tests.services.trading import buy, disk, order, server
from tests.sites import on_both_sites


def refusal(world: World, kind: str, **fields: Any) -> str:
    with world.unchanged():
        answer = world.control("POST", f"sandboxes/{world.id}/state/{kind}", fields)
    assert answer.status == 400
    return str(answer.body["error"])


def refused_order(world: World, *items: dict[str, Any], **fields: Any) -> str:
    return refusal(world, "orders", **{"customer": "demo-customer", "items": list(items) or [server(world)], **fields})


def place(world: World, *items: dict[str, Any], **fields: Any) -> Any:
    return world.place("orders", customer="demo-customer", items=list(items) or [server(world)], **fields)


# Orders


@on_both_sites
def test_a_placed_order_awaits_its_payment(world: World) -> None:
    placed = place(world)
    assert (placed["kind"], placed["status"], placed["user_name"]) == (1, 6, "demo-customer")
    assert placed["deadline"] == "2026-03-09T02:00:00Z"


def test_a_line_has_its_list_price(world: World) -> None:
    items = server(world, quantity=2), disk(world, 40), disk(world, 10)
    assert [one["list_price"] for one in place(world, *items, number=3)["lines"]] == ["193.20", "120.00", "30.00"]
    assert [one["list_price"] for one in place(world, period="year")["lines"]] == ["322.00"]


def test_what_is_attached_comes_with_each_piece(world: World) -> None:
    main, attached = place(world, server(world, quantity=3, attached=[disk(world)]))["lines"]
    assert (attached["main"], attached["quantity"]) == (main["id"], 3)


def test_names_and_traits_are_those_of_the_resources(world: World) -> None:
    buy(world, server(world, quantity=2, names=["web"], traits=["trial"]))
    rows = world.look("resources")
    assert rows[0]["name"] == "web"
    assert rows[1]["name"].startswith("ecs-")
    assert [row["traits"] for row in rows] == [["trial"], ["trial"]]


def test_an_order_can_say_more(world: World) -> None:
    placed = place(
        world,
        user="shop-admin",
        contract="C-1",
        enterprise_project={"id": "1", "name": "shop"},
        pay_before="P1D",
        payer="demo-referral",
    )
    assert (placed["user_name"], placed["contract_id"], placed["project"]) == ("shop-admin", "C-1", ["1", "shop"])
    assert placed["pay_before"] == "2026-03-03T02:00:00Z"
    assert placed["payer_id"] == world.referral_customer.id


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"spec": "s9.huge"}, "is not on sale on site cn: see ListResourceSpecs"),
        ({"region": "mars-1"}, "is not on sale on site cn: see ListResourceSpecs"),
        ({"quantity": 101}, "Expected `int` <= 100 - at `items[0].quantity`"),
        ({"names": ["a", "b"]}, "1 pieces and 2 names"),
        ({"traits": ["holy"]}, "no trait 'holy'; accepted: discontinued, "),
        ({"colour": "red"}, "unknown field `colour`"),
        ({"attached": [{}]}, "required field `service`"),
    ],
)
def test_an_item_that_cannot_be_ordered_is_refused_in_words(world: World, item: dict[str, Any], words: str) -> None:
    assert words in refused_order(world, server(world, **item))


@pytest.mark.parametrize("size", [None, 5, 9.5, "NaN", 10**9])
def test_a_linear_product_needs_a_size_in_steps(world: World, size: Any) -> None:
    item = {**disk(world), "size": size}
    assert "'SSD' needs a size from 10 to 32768 in steps of 1" in refused_order(world, item)


def test_what_is_attached_has_nothing_attached_itself(world: World) -> None:
    item = server(world, attached=[disk(world, attached=[disk(world)])])
    assert "what is attached has nothing attached itself" in refused_order(world, item)


def test_pieces_of_pieces_are_no_more_than_pieces(world: World) -> None:
    item = server(world, quantity=50, attached=[disk(world, quantity=3)])
    assert "150 pieces" in refused_order(world, item)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"customer": "nobody"}, "no account 'nobody'"),
        ({"customer": "demo-partner"}, "'demo-partner' is a partner, not a customer"),
        ({"payer": "demo-partner"}, "'demo-partner' is a partner, not a customer"),
        ({"items": []}, "`items`"),
        ({"number": 10}, "'s6.small.1.linux' is not sold for 10 month"),
        ({"number": 4, "period": "year"}, "is not sold for 4 year"),
        ({"period": "once"}, "is not sold for 1 once"),
        ({"period": "week"}, "Invalid enum value 'week'"),
        ({"status": "completed"}, "Invalid enum value 'completed'"),
        ({"pay_before": "soon"}, "'soon' is not an instant"),
        ({"promotion": "1"}, "promotion must be a ratio above 0 and below 1"),
        ({"promotion": "0.12345"}, "with 4 decimals at most"),
        ({"price_adjustment": "0"}, "price_adjustment must be an amount like 12.34"),
        ({"price_adjustment": "0.001"}, "price_adjustment must be an amount like 12.34"),
        ({"price_adjustment": "1e30"}, "price_adjustment must be an amount like 12.34"),
        ({"price_adjustment": "NaN"}, "price_adjustment must be an amount like 12.34"),
    ],
)
def test_an_order_that_cannot_be_is_refused_in_words(world: World, fields: dict[str, Any], words: str) -> None:
    assert words in refused_order(world, **fields)


# Combined orders


def member(world: World, **fields: Any) -> dict[str, Any]:
    return {"customer": "demo-customer", "items": [server(world)], **fields}


@on_both_sites
def test_a_combination_has_members_and_no_lines(world: World) -> None:
    whole = world.place("combined_orders", orders=[member(world), member(world, number=2)])
    assert (whole["lines"], len(whole["members"])) == ([], 2)
    assert [row["combination_id"] for row in world.look("orders")] == [whole["id"], whole["id"], ""]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"customer": "demo-referral"}, "of one customer and one payer"),
        ({"payer": "demo-referral"}, "of one customer and one payer"),
        ({"status": "approval"}, "await payment"),
        ({"price_adjustment": "1"}, "one order of a combination can have a price_adjustment"),
    ],
)
def test_members_that_do_not_fit_together_are_refused(world: World, fields: dict[str, Any], words: str) -> None:
    first = {"price_adjustment": "2"} if "price_adjustment" in fields else {}
    assert words in refusal(world, "combined_orders", orders=[member(world, **first), member(world, **fields)])


def test_one_order_is_no_combination(world: World) -> None:
    assert "`orders`" in refusal(world, "combined_orders", orders=[member(world)])


# Decisions


@pytest.mark.parametrize("state", ["approval", "confirmation"])
def test_a_decision_accepts_an_order_or_cancels_it(world: World, state: str) -> None:
    accepted, refused = order(world, status=state), order(world, status=state)
    assert world.place("order_decisions", order=accepted)["status"] == 6
    assert world.place("order_decisions", order=refused, accepted=False)["status"] == 4


def test_there_is_nothing_to_decide_about_other_orders(world: World) -> None:
    for order_id in (order(world), "CS0"):
        assert f"no order {order_id!r} that awaits" in refusal(world, "order_decisions", order=order_id)


# Coupons for them


def test_the_vendor_restricts_its_coupons(world: World) -> None:
    limits = [{"limit_key": "regionCode", "limit_values": [["cn-north-4", "CN North-Beijing4"]]}]
    placed = world.place(
        "coupons", account="demo-customer", amount="5", group=2, services=["hws.service.type.ec2"], limits=limits
    )
    assert (placed["group"], placed["terms"]["services"]) == (2, ["hws.service.type.ec2"])
    assert placed["terms"]["limits"] == [{"key": "regionCode", "values": [["cn-north-4", "CN North-Beijing4"]]}]
    assert Decimal(placed["balance"]) == 5


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"group": 4}, "`group`"),
        ({"type": "discount", "amount": "1"}, "is the ratio that is left of a price"),
        ({"limits": [{"limit_key": "colour", "limit_values": []}]}, "no restriction 'colour'; accepted: chargeScene"),
        (
            {"limits": [{"limit_key": "minConsumeDiscount", "limit_values": [["90", ""]]}]},
            "minConsumeDiscount is a ratio of the price, like 0.9",
        ),
    ],
)
def test_a_coupon_that_cannot_be_is_refused_in_words(world: World, fields: dict[str, Any], words: str) -> None:
    assert words in refusal(world, "coupons", **{"account": "demo-customer", "amount": "5", **fields})


def test_a_coupon_out_of_a_quota_has_the_restrictions_of_the_quota(world: World) -> None:
    quota = world.place("quotas", partner="demo-partner", amount="100")["id"]
    sentence = refusal(world, "coupons", account="demo-customer", amount="5", quota=quota, group=2)
    assert sentence == "a coupon out of a quota has the quota's type, validity and restrictions, and no group"
