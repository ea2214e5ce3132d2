"""How an order is paid: discounts first, then coupons and cards, then money.

list price - discounts - coupons and cards = paid with money. Each part is divided among the lines in proportion to what
is left to pay of them, so that an unsubscription later knows where the money of each resource came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from mockserver.domain.coupons import DISCOUNT, FLEXI, Coupon, StoredValueCard
from mockserver.domain.entities import Customer
from mockserver.domain.ledger import Trade
from mockserver.domain.orders import (
    CARD_PART,
    FLEXI_PART,
    MONEY_PART,
    NOTHING,
    VOUCHER_PART,
    Line,
    Order,
    Part,
    Reduction,
    shares,
)
from mockserver.domain.products import money
from mockserver.domain.sandbox import Sandbox
from mockserver.domain.timeline import Event, on_due
from mockserver.services.coupons.changes import use
from mockserver.services.orders.ordering import orders_in, start
from mockserver.services.orders.usable import covered
from mockserver.services.spending import charge

DISCOUNT_COUPON = "300"
"""The `discount_type` of what a discount coupon takes off."""

Reductions = Mapping[str, Reduction]
"""What the chosen discount takes off each line, by the line's id."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a customer pays with, beside its money."""

    reductions: Reductions
    coupons: Sequence[Coupon] = ()
    cards: Sequence[StoredValueCard] = ()


def pay(sandbox: Sandbox, customer: Customer, order: Order, means: Means, now: datetime) -> Order:
    """Pay an order, with its members, out of the customer's money, and have it processed. Raises `Overdrawn` and
    `Unusable`, and then has changed nothing.

    Source: api-bpconsole/api_order_00030.
    """
    with sandbox.transaction():
        for one in orders_in(sandbox, order):
            sandbox.orders.put(one.id, _reduced(one, means.reductions))
        for coupon in sorted(means.coupons, key=lambda coupon: coupon.kind != DISCOUNT):
            _use_coupon(sandbox, order, coupon, now)
        for card in means.cards:
            _use_card(sandbox, order, card)
        _use_money(sandbox, customer, order, now)
        for order_id in (*order.members, order.id):
            sandbox.orders.put(order_id, replace(sandbox.orders[order_id], paid_on=now))
        return _go_on(sandbox, sandbox.orders[order.id], now)


def _go_on(sandbox: Sandbox, order: Order, now: datetime) -> Order:
    """A paid order is processed at once, or as long as `payment_seconds` still reads as unpaid."""
    seconds = sandbox.setting("payment_seconds")
    if not seconds:
        return start(sandbox, order, now)
    sandbox.timeline.plan(now + timedelta(seconds=seconds), "payment_completion", order_id=order.id)
    return order


@on_due("payment_completion")
def end_payment(sandbox: Sandbox, event: Event) -> None:
    start(sandbox, sandbox.orders[event.data["order_id"]], event.due)


def _reduced(order: Order, reductions: Reductions) -> Order:
    lines = (
        replace(line, reductions=(reductions[line.id],)) if line.id in reductions else line for line in order.lines
    )
    return replace(order, lines=tuple(lines))


def left(line: Line) -> Decimal:
    """What of a line is not paid yet."""
    return line.payable - sum((part.amount for part in line.parts), NOTHING)


def covered_lines(sandbox: Sandbox, order: Order, coupon: Coupon) -> list[Line]:
    """The lines of the order, and of its members, that a coupon can pay for."""
    return [line for one in orders_in(sandbox, order) for line in covered(sandbox, coupon, one)]


def _use_coupon(sandbox: Sandbox, order: Order, coupon: Coupon, now: datetime) -> None:
    """A discount coupon, used whole, takes off its rate; another pays as far as it reaches."""
    lines = covered_lines(sandbox, order, coupon)
    if coupon.kind == DISCOUNT:
        use(sandbox, coupon, coupon.balance, order.id, now)
        _write(sandbox, order, {line.id: _with_rate(line, coupon.face_value) for line in lines})
        return
    amount = min(coupon.balance, sum(map(left, lines), NOTHING))
    if amount > 0:
        use(sandbox, coupon, amount, order.id, now)
        kind = FLEXI_PART if coupon.kind == FLEXI else VOUCHER_PART
        _pay_with(sandbox, order, lines, kind, coupon.id, amount)


def _with_rate(line: Line, rate: Decimal) -> Line:
    reduction = Reduction(DISCOUNT_COUPON, line.payable - money(line.payable * rate))
    return replace(line, reductions=(*line.reductions, reduction))


def _use_card(sandbox: Sandbox, order: Order, card: StoredValueCard) -> None:
    lines = [line for one in orders_in(sandbox, order) for line in one.lines]
    amount = min(card.balance, sum(map(left, lines), NOTHING))
    if amount > 0:
        sandbox.stored_value_cards.put(card.id, replace(card, balance=card.balance - amount))
        _pay_with(sandbox, order, lines, CARD_PART, card.id, amount)


def _use_money(sandbox: Sandbox, customer: Customer, order: Order, now: datetime) -> None:
    """Cash before credit, or what the partner allocated, or the budget. Each order is a movement of its own."""
    for one in orders_in(sandbox, order):
        rest = sum(map(left, one.lines), NOTHING)
        if rest > 0:
            for book, amount in charge(sandbox, customer, rest, Trade.PURCHASE, now, order_id=one.id):
                _pay_with(sandbox, one, sandbox.orders[one.id].lines, MONEY_PART, book, amount)


def _pay_with(sandbox: Sandbox, order: Order, lines: Sequence[Line], kind: str, place: str, amount: Decimal) -> None:
    given = shares(amount, [left(line) for line in lines])
    parts = {line.id: Part(kind, place, share) for line, share in zip(lines, given, strict=True) if share}
    _write(
        sandbox,
        order,
        {line.id: replace(line, parts=(*line.parts, parts[line.id])) for line in lines if line.id in parts},
    )


def _write(sandbox: Sandbox, order: Order, changed: Mapping[str, Line]) -> None:
    """Put changed lines into the orders that they belong to."""
    for one in orders_in(sandbox, order):
        sandbox.orders.put(one.id, replace(one, lines=tuple(changed.get(line.id, line) for line in one.lines)))
