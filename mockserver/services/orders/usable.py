"""Which coupons an order can be paid with, and which of its lines a coupon can pay for.

Source: api-oce/api_order_00015.
"""

from __future__ import annotations

from datetime import datetime

from mockserver.domain.catalogue import MONTH, YEAR
from mockserver.domain.coupons import DISCOUNT, FLEXI, VOUCHER, Coupon
from mockserver.domain.orders import CHANGE, PURCHASE, RENEWAL, Line, Order
from mockserver.domain.products import ONE_OFF
from mockserver.domain.sandbox import Sandbox

USABLE_KINDS = (VOUCHER, DISCOUNT, FLEXI)
MARKETPLACE, SPECIAL, HARDWARE = 1, 2, 3
"""Groups of coupons."""

MOST_COUPONS = 3
"""Of a payment."""

LIMIT_KEYS = (
    "chargeScene",
    "regionCode",
    "productId",
    "subscribeType",
    "firstOrderInService",
    "minConsumeDiscount",
    "simultaneousUseWithEmpowerDiscount",
    "simultaneousUseWithContractDiscount",
    "simultaneousUseWithPromotionDiscount",
    "usageTimes",
    "isOnlyForStrictSelected",
    "isRebate",
)
"""What a coupon can be restricted by, beside services and products."""

SUBSCRIBE_TYPES = {PURCHASE: "new", RENEWAL: "renew", CHANGE: "change"}
ANY_PERIOD, YEARLY, MONTHLY, GENERAL, ONCE = "0", "1", "2", "6", "7"
"""Charging scenes that a coupon can be limited to, as far as orders have them."""

SCENES = {YEAR: (ANY_PERIOD, YEARLY, GENERAL), MONTH: (ANY_PERIOD, MONTHLY, GENERAL), ONE_OFF: (GENERAL, ONCE)}


def covered(sandbox: Sandbox, coupon: Coupon, order: Order) -> list[Line]:
    """The lines that the restrictions of the coupon allow, in the order of the order."""
    return [line for line in order.lines if _covers(sandbox, coupon, order, line)]


def _covers(sandbox: Sandbox, coupon: Coupon, order: Order, line: Line) -> bool:
    terms = coupon.terms
    return (
        coupon.kind in USABLE_KINDS
        and (not terms.services or line.product.service in terms.services)
        and (not terms.products or line.product_id in terms.products)
        and _suits_group(coupon, line)
        and all(_allows(sandbox, order, line, limit.key, limit.values) for limit in terms.limits)
    )


def _suits_group(coupon: Coupon, line: Line) -> bool:
    """Products of the marketplace take its own coupons, which pay for nothing else, and those that are expressly for
    them. Hardware is not ordered here."""
    if "marketplace" in line.traits:
        return coupon.group == MARKETPLACE or limit_of(coupon, "isOnlyForStrictSelected") != ""
    return coupon.group not in (MARKETPLACE, HARDWARE)


def _allows(sandbox: Sandbox, order: Order, line: Line, key: str, values: tuple[tuple[str, str], ...]) -> bool:
    """Whether one restriction allows a line; one that is about something else allows everything."""
    firsts = {first for first, _ in values if first}
    if key == "chargeScene":
        return not firsts or any(_in_scene(line, *pair) for pair in values)
    if key == "regionCode":
        return not firsts or line.product.region in firsts
    if key == "productId":
        return not firsts or line.product_id in ",".join(firsts).split(",")
    if key == "subscribeType":
        return not firsts or SUBSCRIBE_TYPES.get(order.kind, "") in firsts
    if key == "firstOrderInService":
        return "1" not in firsts or not _ordered_before(sandbox, order, line.product.service)
    if key == "isOnlyForStrictSelected":
        return "1" not in firsts or "marketplace" in line.traits
    return True


def _in_scene(line: Line, scene: str, numbers: str) -> bool:
    """Whether a line is charged so; `numbers` are the numbers of periods that are allowed, like 1/2/3."""
    fits = scene in ("", *SCENES.get(line.period_type, ()))
    return fits and (not numbers or str(line.period_num) in numbers.split("/"))


def _ordered_before(sandbox: Sandbox, order: Order, service: str) -> bool:
    """Whether the customer has paid for the service before."""
    others = (one for one in sandbox.orders if one.customer_id == order.customer_id and one.id != order.id)
    return any(line.product.service == service for one in others if one.paid_on is not None for line in one.lines)


def is_unspent(coupon: Coupon, order: Order, now: datetime) -> bool:
    """Whether a coupon can be used now, and by this order. Some may be used once only, whatever is left of them."""
    spent = limit_of(coupon, "usageTimes") == "1" and bool(coupon.orders)
    return coupon.is_usable and not spent and coupon.lock_order_id in ("", order.id) and coupon.terms.hold_at(now)


def most(order: Order, coupon: Coupon) -> int:
    """How many coupons of this kind and group may pay an order; special vouchers count for each member."""
    if coupon.kind == FLEXI:
        return MOST_COUPONS
    return max(1, len(order.members)) if coupon.group == SPECIAL else 1


def limit_of(coupon: Coupon, key: str) -> str:
    """The value of a restriction, or empty."""
    return next((first for limit in coupon.terms.limits if limit.key == key for first, _ in limit.values), "")
