"""The reckoning of the model on the side of trade, by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from contracts.model.comparing import InAnyOrder, differences
from contracts.model.reference.metering import TIME, Metering, OnDemand
from contracts.model.reference.money import CASH, Money, Movement
from contracts.model.reference.orders import MONEY, UNPAID, Line, Order, Orders, Part
from contracts.model.reference.people import REFERRAL, Customer
from contracts.model.reference.prices import (
    ADJUSTMENT,
    COMMERCIAL,
    MONTH,
    PARTNER_SET,
    SERVER,
    YEAR,
    Discount,
    disk,
)
from contracts.model.reference.refusals import of_conversion, of_unsubscribing
from contracts.model.reference.renewals import LAST_DAY, on_day
from contracts.model.reference.resources import Resource, Resources
from contracts.model.reference.surrenders import unsubscribe
from contracts.model.reference.world import World

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
END = datetime(2026, 4, 28, 15, 59, 59, tzinfo=UTC)
"""The 28th in China."""


def rich(amount: int = 1000) -> tuple[World, Customer]:
    world, customer = World("cn", NOW), Customer("c", "somebody", "partner", REFERRAL)
    world.of(Money).write("c", CASH, "", Decimal(amount), Movement(""))
    return world, customer


def line(product_price: str, period: int = MONTH, quantity: int = 1) -> Line:
    made = Line(SERVER, period, 1, Decimal(product_price))
    made.quantity = quantity
    return made


def bought(world: World, customer: Customer, lines: list[Line]) -> list[Resource]:
    """What an order made that is paid and completed."""
    own = world.of(Resources)
    order = Order("o", customer, 1, lines, world.now, own.provision)
    world.of(Orders).pay(world.of(Orders).place(order))
    world.advance(world.now + timedelta(seconds=5))
    return own.resources


@pytest.mark.parametrize(("day", "then"), [(28, 28), (29, 29), (LAST_DAY, 30), (1, 1)])
def test_a_common_day_of_expiry_is_the_next_such_day(day: int, then: int) -> None:
    assert on_day(END, day).day == then and on_day(END, day) >= END


def test_members_of_a_combination_are_charged_and_moved_together() -> None:
    world, customer = rich()
    members = [Order(name, customer, 1, [line("10.00")], NOW, lambda order: None) for name in ("a", "b")]
    lines = [one for member in members for one in member.lines]
    whole = Order("w", customer, 1, lines, NOW, lambda order: None, members=members)
    world.of(Orders).place(whole)
    world.of(Orders).pay(whole)
    assert [(one.trade.id, one.amount) for one in world.of(Money).entries[1:]] == [
        ("a", Decimal(-10)),
        ("b", Decimal(-10)),
    ]
    assert {one.status for one in (whole, *members)} != {UNPAID} and members[0].paid == NOW


def test_an_adjustment_is_for_the_lines_of_its_own_order() -> None:
    first, second = line("30.00"), line("10.00")
    off = Discount("d", ADJUSTMENT, off=Decimal(20), lines=[second])
    assert off.reductions([first, second]) == [0, Decimal("10.00")]


@pytest.mark.parametrize(
    ("discount", "covered"),
    [
        (Discount("d", COMMERCIAL, Decimal("0.5"), modes=("1_YEARLY",)), False),
        (Discount("d", COMMERCIAL, Decimal("0.5"), services=(SERVER.service,)), True),
        (Discount("d", COMMERCIAL, Decimal("0.5"), services=(disk(10).service,)), False),
    ],
)
def test_discounts_are_for_services_and_ways_of_charging(discount: Discount, covered: bool) -> None:
    assert discount.covers(line("1.00")) == covered
    assert Discount("d", PARTNER_SET, Decimal("0.5")).covers(line("1.00", YEAR), frozenset({SERVER.service})) is False


def test_pieces_share_what_paid_for_their_line() -> None:
    made = bought(*rich(), [line("10.00", quantity=3)])
    assert [str(one.terms[0].parts[0].amount) for one in made] == ["3.33", "3.33", "3.34"]


def test_refunds_say_what_was_paid_and_what_is_kept() -> None:
    world, customer = rich()
    (one,) = bought(world, customer, [line("31.00")])
    world.advance(NOW + timedelta(days=10))
    order = unsubscribe(world, [one], "u", False)
    paid, *kept = (amount for _, _, amount in order.refunds)
    assert paid == -31 and paid + sum(kept) == order.price and one.terms[0].parts == [Part(MONEY, CASH, Decimal(31))]


def test_traits_stand_against_giving_up_and_conversion() -> None:
    world, customer = rich()
    (one,) = bought(world, customer, [line("31.00")])
    one.traits = frozenset({"trial", "no_on_demand"})
    assert of_unsubscribing(world, [one], {one.id}, False) == ["CBC.99003649"]
    assert of_conversion(world, one) == ["CBC.99003609"]
    world.of(Resources).bar(one, "police")
    assert of_conversion(world, one) == ["CBC.99003625"]


def test_usage_is_settled_at_midnight_and_owed_beyond_the_purse() -> None:
    world, customer = rich(1)
    running = OnDemand("r", customer, SERVER, NOW, NOW, {TIME: Decimal(1)})
    world.of(Metering).start(running)
    world.advance(NOW + timedelta(days=2))
    hours = 14 + 24
    spent = 1 + world.of(Money).owed["c"]
    assert spent == (Decimal("0.07") * hours).quantize(Decimal("0.01")) and running.status == 2


def test_rows_in_any_order_are_matched() -> None:
    foretold = InAnyOrder([{"id": "a"}, {"id": "b"}])
    assert not list(differences(foretold, [{"id": "b"}, {"id": "a"}]))
    assert list(differences(foretold, [{"id": "b"}]))
