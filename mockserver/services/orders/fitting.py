"""The coupons and cards that fit an order, and what of them goes together in one payment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from mockserver.domain.coupons import DISCOUNT, VOUCHER, Coupon, StoredValueCard
from mockserver.domain.orders import COMMERCIAL_OFFER, PARTNER_OFFER, PROMOTION, Order
from mockserver.domain.sandbox import Sandbox
from mockserver.services.orders.offers import Choice
from mockserver.services.orders.ordering import orders_in
from mockserver.services.orders.payment import covered_lines
from mockserver.services.orders.usable import MARKETPLACE, SPECIAL, is_unspent, limit_of, most

EXCLUSIONS = {
    PARTNER_OFFER: "simultaneousUseWithEmpowerDiscount",
    COMMERCIAL_OFFER: "simultaneousUseWithContractDiscount",
    PROMOTION: "simultaneousUseWithPromotionDiscount",
}
"""The restriction that keeps a coupon from being used together with a kind of discount, where its value is 0."""

LEAST_RATIO = "minConsumeDiscount"


def fitting_coupons(sandbox: Sandbox, order: Order, now: datetime) -> list[Coupon]:
    """The customer's coupons that can pay something of the order, the first to expire first."""
    own = (one for one in sandbox.coupons if one.holder_id == order.customer_id)
    fitting = [one for one in own if is_unspent(one, order, now) and covered_lines(sandbox, order, one)]
    return sorted(fitting, key=lambda one: (one.terms.expires_on, one.id))


def fitting_cards(sandbox: Sandbox, order: Order, now: datetime) -> list[StoredValueCard]:
    """The customer's cards with something left, the first to expire first."""
    own = [one for one in sandbox.stored_value_cards if one.customer_id == order.customer_id]
    return sorted((one for one in own if one.is_usable_at(now)), key=lambda one: (one.expires_on, one.id))


def conflict(sandbox: Sandbox, order: Order, choice: Choice | None, coupons: Sequence[Coupon]) -> str:
    """The code for coupons that cannot pay an order together, or not with its discount; empty for those that can.

    Source: api-oce/api_order_00030.
    """
    kinds, groups = {one.kind for one in coupons}, {one.group for one in coupons}
    if {VOUCHER, DISCOUNT} <= kinds:
        return "CBC.99003147"
    if {MARKETPLACE, SPECIAL} <= groups:
        return "CBC.99003156"
    counts = Counter((one.kind, one.group) for one in coupons)
    if any(counts[one.kind, one.group] > most(order, one) for one in coupons):
        return "CBC.0100"
    codes = (_conflict_with(sandbox, order, choice, one) for one in coupons if choice is not None)
    return next(filter(None, codes), "")


def _conflict_with(sandbox: Sandbox, order: Order, choice: Choice, coupon: Coupon) -> str:
    """Source: api-oce/api_order_00015, restrictions simultaneousUseWith... and minConsumeDiscount."""
    if limit_of(coupon, EXCLUSIONS.get(choice.kind, "")) == "0":
        return "CBC.99003116"
    lines = [line for one in orders_in(sandbox, order) for line in one.lines if line.id in choice.reductions]
    least = limit_of(coupon, LEAST_RATIO)
    return "CBC.99003117" if least and all(choice.left_of(line) < Decimal(least) for line in lines) else ""
