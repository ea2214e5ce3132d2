"""Discounts in payments: the customer's own and those of one order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.driver import World
from tests.services.orders.checkout import discount, offer, paid_with
from tests.services.trading import EBS, ECS, disk, fund, order, pay, server
from tests.sites import on_both_sites

UNFIT = (400, "CBC.99003108")


def taken_off(world: World, order_id: str) -> dict[str, Decimal]:
    lines = world.look("orders", id=order_id)[0]["lines"]
    return {one["kind"]: Decimal(one["amount"]) for line in lines for one in line["reductions"]}


@pytest.mark.parametrize(
    ("kind", "number"), [("commercial", "605"), ("partner_granted", "606"), ("partner_set", "607")]
)
def test_a_discount_of_the_customer_takes_off_its_rate(world: World, kind: str, number: str) -> None:
    fund(world)
    order_id = order(world)
    pay(world.customer, order_id, discount=discount(world, kind, "0.8")).ok  # noqa: B018
    assert taken_off(world, order_id) == {number: Decimal("6.44")}
    assert paid_with(world, order_id) == {"allocated": Decimal("25.76")}


def test_what_is_left_of_a_price_is_cut_off_at_two_decimals(world: World) -> None:
    fund(world)
    order_id = order(world)
    pay(world.customer, order_id, discount=discount(world, ratio="0.3333")).ok  # noqa: B018
    assert paid_with(world, order_id) == {"allocated": Decimal("10.73")}


def test_without_choosing_one_no_discount_is_applied(world: World) -> None:
    fund(world)
    discount(world)
    order_id = order(world)
    pay(world.customer, order_id).ok  # noqa: B018
    assert paid_with(world, order_id) == {"allocated": Decimal("32.20")}


def test_a_promotion_is_for_its_order_alone(world: World) -> None:
    fund(world)
    order_id, other = order(world, promotion="0.5"), order(world)
    assert pay(world.customer, other, discount=offer(world, order_id)).refused == UNFIT
    pay(world.customer, order_id, discount=offer(world, order_id)).ok  # noqa: B018
    assert taken_off(world, order_id) == {"700": Decimal("16.10")}


@on_both_sites
def test_an_adjustment_of_the_price_must_be_used(world: World) -> None:
    fund(world)
    order_id = order(world, price_adjustment="1.50", promotion="0.9")
    offers = {one["kind"]: (one["id"], one["kind"]) for one in world.look("orders", id=order_id)[0]["offers"]}
    assert pay(world.customer, order_id).refused == UNFIT
    assert pay(world.customer, order_id, discount=offers[0]).refused == UNFIT
    pay(world.customer, order_id, discount=offers[609]).ok  # noqa: B018
    assert taken_off(world, order_id) == {"609": Decimal("1.50")}


def test_an_adjustment_is_divided_among_the_lines_and_goes_no_further_than_the_price(world: World) -> None:
    order_id = order(world, server(world), disk(world, 40), price_adjustment="100")
    pay(world.customer, order_id, discount=offer(world, order_id)).ok  # noqa: B018
    lines = world.look("orders", id=order_id)[0]["lines"]
    assert [line["reductions"][0]["amount"] for line in lines] == ["32.20", "40.00"]
    assert paid_with(world, order_id) == {}


@on_both_sites
@pytest.mark.parametrize("fields", [{"service_types": [EBS]}, {"effective": "P1D"}, {"customer": "demo-referral"}])
def test_a_discount_that_is_not_for_the_order_cannot_be_chosen(world: World, fields: dict[str, Any]) -> None:
    fund(world)
    assert pay(world.customer, order(world), discount=discount(world, **fields)).refused == UNFIT


@on_both_sites
def test_a_discount_is_known_by_its_id_and_its_type(world: World) -> None:
    world.place("top_ups", account="demo-referral", amount="1000")
    order_id, (commercial, _) = order(world, customer="demo-referral"), discount(world, customer="demo-referral")
    assert pay(world.referral_customer, order_id, discount=("unknown", 2)).refused == UNFIT
    assert pay(world.referral_customer, order_id, discount=(commercial, 3)).refused == UNFIT


def test_a_discount_expires(world: World) -> None:
    fund(world)
    order_id, chosen = order(world), discount(world, expires="P1D")
    world.advance("P1D")
    assert pay(world.customer, order_id, discount=chosen).refused == UNFIT


def test_a_discount_takes_off_only_the_lines_that_it_covers(world: World) -> None:
    fund(world)
    order_id = order(world, server(world), disk(world, 40))
    pay(world.customer, order_id, discount=discount(world, ratio="0.5", service_types=[ECS])).ok  # noqa: B018
    assert paid_with(world, order_id) == {"allocated": Decimal("56.10")}


def test_a_discount_can_be_for_a_way_of_charging(world: World) -> None:
    fund(world)
    yearly = discount(world, ratio="0.5", charging_modes=["1_YEARLY"])
    assert pay(world.customer, order(world), discount=yearly).refused == UNFIT
    order_id = order(world, period="year")
    pay(world.customer, order_id, discount=yearly).ok  # noqa: B018
    assert paid_with(world, order_id) == {"allocated": Decimal("161.00")}


def test_services_that_the_policy_excepts_have_no_discount_of_the_partner(world: World) -> None:
    fund(world)
    chosen = discount(world, "partner_set")
    world.place("incentive_policies", service_type=ECS, allow_discount=False)
    assert pay(world.customer, order(world), discount=chosen).refused == UNFIT


def test_in_the_reseller_model_a_customer_has_no_discounts(abroad: World) -> None:
    fund(abroad)
    assert pay(abroad.customer, order(abroad), discount=discount(abroad)).refused == UNFIT
