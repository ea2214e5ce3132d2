"""The life of an order: placed, paid or cancelled, processed, completed; and what the clock does to it.

Whoever calls has checked that the step is allowed. What the completion of an order does is registered by its type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from mockserver.domain.entities import Customer
from mockserver.domain.orders import (
    CANCELLED,
    COMPLETED,
    OPEN,
    PENDING_PAYMENT,
    PROCESSING,
    Line,
    Order,
)
from mockserver.domain.sandbox import Sandbox
from mockserver.domain.timeline import Event, on_due

DEADLINE, BY_HAND, REFUSED, OVERTAKEN = "deadline", "customer", "approval", "resource"
"""Why an order was cancelled: it was not paid in time, the customer or the approval ended it, or its resource has
changed otherwise meanwhile."""

Completion = Callable[[Sandbox, Order, datetime], Order]
_COMPLETIONS: dict[int, Completion] = {}


def completes(kind: int) -> Callable[[Completion], Completion]:
    """Register what the completion of orders of a type does. It answers the order with what was found out by it."""

    def register(completion: Completion) -> Completion:
        _COMPLETIONS[kind] = completion
        return completion

    return register


def place_order(
    sandbox: Sandbox,
    customer: Customer,
    kind: int,
    lines: Sequence[Line],
    now: datetime,
    *,
    status: int = PENDING_PAYMENT,
    **details: Any,
) -> Order:
    """A new order. One that awaits payment is cancelled at its deadline; resources that it is about are held by it."""
    order = Order(
        id=sandbox.ids.order(now),
        customer_id=customer.id,
        kind=kind,
        status=status,
        created_on=now,
        lines=tuple(lines),
        **{"user_name": customer.name, **details},
    )
    if status in OPEN:
        order = replace(order, deadline=now + timedelta(days=sandbox.setting("order_payment_days")))
        sandbox.timeline.plan(order.deadline or now, "order_deadline", order_id=order.id)
    hold(sandbox, order, order.resources)
    return sandbox.orders.put(order.id, order)


def combine(sandbox: Sandbox, customer: Customer, members: Sequence[Order], now: datetime, **details: Any) -> Order:
    """One order of several, which are paid and cancelled together."""
    whole = place_order(sandbox, customer, members[0].kind, (), now, **details)
    for one in members:
        sandbox.orders.put(one.id, replace(one, combination_id=whole.id))
    return sandbox.orders.put(whole.id, replace(whole, members=tuple(one.id for one in members)))


def orders_in(sandbox: Sandbox, order: Order) -> list[Order]:
    """The orders that are paid with this one, as they stand: its members, or itself."""
    return [sandbox.orders[one] for one in order.members or (order.id,)]


def hold(sandbox: Sandbox, order: Order, resource_ids: Iterable[str]) -> None:
    """Note at resources which order is under way for them."""
    for one in resource_ids:
        sandbox.resources.put(one, replace(sandbox.resources[one], order_id=order.id))


def let_go(sandbox: Sandbox, order: Order) -> None:
    """The order is over for its resources."""
    for one in order.resources:
        resource = sandbox.resources[one]
        if resource.order_id == order.id:
            sandbox.resources.put(one, replace(resource, order_id=""))


def cancel_order(sandbox: Sandbox, order: Order, reason: str) -> Order:
    """End an order that nothing was paid for, with its members. Its resources and coupons are free again."""
    for one in order.members:
        cancel_order(sandbox, sandbox.orders[one], reason)
    let_go(sandbox, order)
    for coupon in sandbox.coupons:
        if coupon.lock_order_id == order.id:
            sandbox.coupons.put(coupon.id, replace(coupon, lock_order_id=""))
    return sandbox.orders.put(order.id, replace(order.moved(CANCELLED), cancelled_because=reason))


@on_due("order_deadline")
def end_unpaid(sandbox: Sandbox, event: Event) -> None:
    """An order that is not paid at its deadline is cancelled; a member goes with its combination."""
    order = sandbox.orders[event.data["order_id"]]
    if order.status in OPEN and not order.combination_id and order.paid_on is None:
        cancel_order(sandbox, order, DEADLINE)


def start(sandbox: Sandbox, order: Order, now: datetime) -> Order:
    """Process an order, with its members: it is completed a while later."""
    for one in order.members:
        start(sandbox, sandbox.orders[one], now)
    if order.status != PROCESSING:
        order = sandbox.orders.put(order.id, order.moved(PROCESSING))
    delay = sandbox.setting("order_processing_seconds")
    sandbox.timeline.plan(now + timedelta(seconds=delay), "order_completion", order_id=order.id)
    return order


@on_due("order_completion")
def complete(sandbox: Sandbox, event: Event) -> None:
    """Do what was ordered."""
    order = sandbox.orders[event.data["order_id"]]
    if not order.members:
        order = _COMPLETIONS[order.kind](sandbox, order, event.due)
    let_go(sandbox, order)
    sandbox.orders.put(order.id, order.moved(COMPLETED))
