"""Orders that end resources before their time: what they settle, and how what was paid comes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from mockserver.domain.entities import Customer
from mockserver.domain.ledger import Trade
from mockserver.domain.orders import CARD_PART, MONEY_PART, NOTHING, PROCESSING, Line, Order, Part, Refund
from mockserver.domain.products import Product
from mockserver.domain.resources import Resource
from mockserver.domain.sandbox import Sandbox
from mockserver.services.coupons import changes
from mockserver.services.orders.ordering import place_order, start
from mockserver.services.resources.lifecycle import usual_policy
from mockserver.services.resources.refunding import Settlement
from mockserver.services.spending import refund


@dataclass(frozen=True, slots=True)
class Surrender:
    """A resource of which terms are given up, and how each is settled."""

    resource: Resource
    settlements: tuple[Settlement, ...]


def surrender(
    sandbox: Sandbox, customer: Customer, kind: int, given_up: Sequence[Surrender], now: datetime, **details: Any
) -> Order:
    """An order for resources that are given up. It needs no payment; what comes back does so at its completion."""
    order = place_order(
        sandbox,
        customer,
        kind,
        [_line(sandbox, one, now) for one in given_up],
        now,
        status=PROCESSING,
        project=given_up[0].resource.project,
        refunds=tuple(_refunds(sandbox, given_up)),
        returns=tuple(_returns(given_up)),
        **details,
    )
    return start(sandbox, order, now)


def expire_plainly(sandbox: Sandbox, resource: Resource) -> Resource:
    """What is given up neither renews itself nor becomes pay-per-use, should it expire while that is processed."""
    plain = replace(resource, auto_renewal=None, policy=usual_policy(resource.product))
    return sandbox.resources.put(plain.resource_id, plain)


def _line(sandbox: Sandbox, given_up: Surrender, now: datetime) -> Line:
    resource, settlements = given_up.resource, given_up.settlements
    return Line(
        id=sandbox.ids.serial("order_line", now),
        product=resource.product,
        product_id=resource.product_id,
        list_price=-_sum(one.returned for one in settlements),
        period_type=resource.terms[-1].period_type,
        period_num=None,
        resources=(resource.resource_id,),
        parts=tuple(part for one in settlements for part in one.back),
        fee=_sum(one.fee for one in settlements),
        consumed=_sum(one.consumed for one in settlements),
    )


def _refunds(sandbox: Sandbox, given_up: Sequence[Surrender]) -> Iterator[Refund]:
    """For each original order and type of resource: what was paid, less what is kept for consumption and as a fee."""
    settled: dict[tuple[str, str], list[Settlement]] = defaultdict(list)
    products: dict[str, Product] = {}
    for one in given_up:
        products.setdefault(one.resource.product.resource, one.resource.product)
        for settlement in one.settlements:
            settled[settlement.term.order_id, one.resource.product.resource].append(settlement)
    for (order_id, resource_type), settlements in sorted(settled.items()):
        paid = _sum(one.returnable for one in settlements)
        kept = (_sum(one.consumed for one in settlements), _sum(one.fee for one in settlements))
        for amount in filter(None, (-paid, *kept)):
            yield Refund(sandbox.ids.hex32("refund"), order_id, products[resource_type], amount)


def _returns(given_up: Sequence[Surrender]) -> Iterator[tuple[str, Part]]:
    for one in given_up:
        for settlement in one.settlements:
            yield from ((settlement.term.order_id, part) for part in settlement.back)


def _sum(amounts: Iterator[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)


def give_back(sandbox: Sandbox, order: Order, now: datetime) -> None:
    """Return money, coupons and cards to where they were taken from; money to whoever paid."""
    money: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    coupons: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for order_id, part in order.returns:
        if part.kind == MONEY_PART:
            payer = sandbox.orders[order_id].payer_id or order.customer_id
            money[payer, part.place] += part.amount
        elif part.kind == CARD_PART:
            card = sandbox.stored_value_cards[part.place]
            sandbox.stored_value_cards.put(card.id, replace(card, balance=card.balance + part.amount))
        else:
            coupons[_paid_order(sandbox, order_id), part.place] += part.amount
    for (order_id, coupon_id), amount in coupons.items():
        _give_back_coupon(sandbox, coupon_id, amount, order_id, now)
    for (payer, book), amount in money.items():
        refund(sandbox, sandbox.customers[payer], [(book, amount)], Trade.UNSUBSCRIPTION, now, order_id=order.id)


def _give_back_coupon(sandbox: Sandbox, coupon_id: str, amount: Decimal, order_id: str, now: datetime) -> None:
    """What people have given back already does not come back twice."""
    coupon = sandbox.coupons[coupon_id]
    amount = min(amount, changes.paid_for(sandbox, coupon, order_id))
    if amount > 0:
        changes.give_back(sandbox, coupon, amount, order_id, now)


def _paid_order(sandbox: Sandbox, order_id: str) -> str:
    """The order that coupons were used for: a member is paid with its combination."""
    return sandbox.orders[order_id].combination_id or order_id
