"""The discounts that an order can be paid with: the customer's own, and those of this one order.

One discount can be chosen for an order. Source: api-oce/api_order_00025.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mockserver.domain.discounts import COMMERCIAL, Discount
from mockserver.domain.entities import RESELLER_MODEL, Customer
from mockserver.domain.orders import (
    ADJUSTMENT,
    COMMERCIAL_OFFER,
    NOTHING,
    PARTNER_OFFER,
    Line,
    Offer,
    Order,
    Reduction,
    shares,
)
from mockserver.domain.pricing import charging_mode, cut
from mockserver.domain.products import money
from mockserver.domain.sandbox import Sandbox
from mockserver.services.discounts import discounts_in_force
from mockserver.services.orders.ordering import orders_in

WIRE_KINDS = {ADJUSTMENT: "609"}
PROMOTION_KIND = "700"
RATIO_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """A discount, and what it takes off each line that it covers. `ratio` is None for a fixed amount."""

    id: str
    kind: int
    ratio: Decimal | None
    reductions: Mapping[str, Reduction]

    @property
    def saving(self) -> Decimal:
        return sum((one.amount for one in self.reductions.values()), NOTHING)

    def left_of(self, line: Line) -> Decimal:
        """The share of the price of a line that is left to pay."""
        if self.ratio is not None:
            return self.ratio
        return cut(1 - self.reductions[line.id].amount / line.list_price, RATIO_DECIMALS)


def choices(sandbox: Sandbox, customer: Customer, order: Order, now: datetime) -> list[Choice]:
    """The discounts that take anything off the order; customers of the reseller model have none of their own."""
    orders = orders_in(sandbox, order)
    lines = [line for one in orders for line in one.lines]
    own = [] if customer.association_type == RESELLER_MODEL else discounts_in_force(sandbox, customer, now)
    found = [_of_discount(one, lines) for one in own]
    found += [_of_offer(offer, one.lines) for one in orders for offer in one.offers]
    return [one for one in found if one.saving > 0]


def first_choice(found: Sequence[Choice]) -> Choice | None:
    """What an automatic payment takes: an adjustment, which must be used, else the commercial discount, else the one
    that saves the most. Source: rules of products."""
    return max(found, key=lambda one: (one.kind == ADJUSTMENT, one.kind == COMMERCIAL_OFFER, one.saving), default=None)


def _of_discount(discount: Discount, lines: Sequence[Line]) -> Choice:
    kind = COMMERCIAL_OFFER if discount.kind == COMMERCIAL else PARTNER_OFFER
    covered = [line for line in lines if _covers(discount, line)]
    return Choice(discount.id, kind, discount.ratio, _at_ratio(covered, discount.ratio, str(discount.kind)))


def _covers(discount: Discount, line: Line) -> bool:
    mode = charging_mode(line.period_type, line.period_num or 0)
    return discount.covers(line.product.service, line.product.spec, mode)


def _of_offer(offer: Offer, own: Sequence[Line]) -> Choice:
    """An offer of one order, for the lines of that order."""
    kind = WIRE_KINDS.get(offer.kind, PROMOTION_KIND)
    if offer.ratio is not None:
        return Choice(offer.id, offer.kind, offer.ratio, _at_ratio(own, offer.ratio, kind))
    amount = min(offer.off or NOTHING, sum((line.list_price for line in own), NOTHING))
    amounts = zip(own, shares(amount, [line.list_price for line in own]), strict=True)
    return Choice(offer.id, offer.kind, None, {line.id: Reduction(kind, share) for line, share in amounts if share})


def _at_ratio(lines: Sequence[Line], ratio: Decimal, kind: str) -> dict[str, Reduction]:
    """What is left of a price is cut off at two decimals."""
    amounts = {line.id: line.list_price - money(line.list_price * ratio) for line in lines}
    return {line_id: Reduction(kind, amount) for line_id, amount in amounts.items() if amount}
