"""Orders that give resources up: what comes back is negative, and comes when the order is completed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from contracts.model.reference.orders import PROCESSING, TO_ON_DEMAND, UNPAID, UNSUBSCRIPTION, Line, Order, Orders
from contracts.model.reference.prices import Product
from contracts.model.reference.refunds import Settlement
from contracts.model.reference.resources import Resources
from contracts.model.reference.world import NOTHING, World

if TYPE_CHECKING:
    from contracts.model.reference.resources import Resource


def unsubscribe(world: World, group: Sequence[Resource], order_id: str, renewals_only: bool) -> Order:
    """Give resources up, or those of their terms that have not begun. The former neither renew themselves any more nor
    become pay-per-use, should they expire meanwhile."""
    own = world.of(Resources)
    for one in () if renewals_only else group:
        own.expire_plainly(one)
    settled = list(zip(group, own.settle(group, renewals_only, True), strict=True))
    given_up = [(one, parts) for one, parts in settled if parts or not renewals_only]
    order = _order(world, given_up, order_id, UNSUBSCRIPTION)
    order.completion = own.shorten if renewals_only else own.give_up
    return world.of(Orders).place(order)


def convert(world: World, group: Sequence[Resource], order_id: str) -> Order:
    """Make resources pay-per-use at once; unpaid orders for them come to nothing."""
    own = world.of(Resources)
    for one in group:
        if one.order is not None and one.order.status == UNPAID:
            world.of(Orders).cancel(one.order)
        own.expire_plainly(one)
    settled = list(zip(group, own.settle(group, False, False), strict=True))
    return world.of(Orders).place(_order(world, settled, order_id, TO_ON_DEMAND))


def _order(world: World, given_up: Sequence[tuple[Resource, list[Settlement]]], order_id: str, kind: int) -> Order:
    lines = [_line(one, settlements) for one, settlements in given_up]
    first = given_up[0][0]
    order = Order(
        order_id,
        first.customer,
        kind,
        lines,
        world.now,
        world.of(Resources).convert_now,
        PROCESSING,
        project=first.project,
    )
    order.returns = [(each.order, part) for _, found in given_up for each in found for part in each.back]
    order.refunds = list(_refunds(given_up))
    return order


def _line(one: Resource, settlements: list[Settlement]) -> Line:
    back = [part for each in settlements for part in each.back]
    line = Line(one.product, one.terms[-1].period, 0, -sum((part.amount for part in back), NOTHING), resource=one)
    line.parts = back
    line.consumed = sum((each.consumed for each in settlements), NOTHING)
    line.fee = sum((each.fee for each in settlements), NOTHING)
    return line


def _refunds(given_up: Sequence[tuple[Resource, list[Settlement]]]) -> list[tuple[Order, Product, Decimal]]:
    """For each original order and type of resource what had been paid, negative, and what of it is kept."""
    sums: dict[tuple[str, str], list[Decimal]] = {}
    about: dict[tuple[str, str], tuple[Order, Product]] = {}
    for one, settlements in given_up:
        for each in settlements:
            key = each.order.id, one.product.resource
            about.setdefault(key, (each.order, one.product))
            so_far = sums.setdefault(key, [NOTHING] * 3)
            back = sum((part.amount for part in each.back), NOTHING)
            amounts = (-back - each.consumed - each.fee, each.consumed, each.fee)
            sums[key] = [a + b for a, b in zip(so_far, amounts, strict=True)]
    return [(*about[key], amount) for key, amounts in sums.items() for amount in amounts if amount]
