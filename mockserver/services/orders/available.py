"""What an unpaid order can be paid with: the coupons and the discounts that fit it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.coupons import DISCOUNT, USABLE, VOUCHER, Coupon, StoredValueCard
from mockserver.domain.orders import COMMERCIAL_OFFER, NOTHING, PARTNER_OFFER, PENDING_PAYMENT, Line, Order
from mockserver.domain.products import money
from mockserver.services.acting import calling_customer
from mockserver.services.coupons.listing import USED_BIT_BY_BIT, coupon_code, plan_name, use_limits
from mockserver.services.discounts import sees_discounts
from mockserver.services.orders.fitting import fitting_cards, fitting_coupons
from mockserver.services.orders.offers import Choice, choices
from mockserver.services.orders.ordering import orders_in
from mockserver.services.orders.paying import CARD, COUPON_TYPES
from mockserver.services.orders.rows import YUAN_OR_DOLLAR
from mockserver.services.orders.usable import LIMIT_KEYS, most
from mockserver.services.registry import serves

USED_AT_ONCE = 1
VERSIONS = {VOUCHER: USED_BIT_BY_BIT, DISCOUNT: USED_AT_ONCE}
"""coupon_version; flexi-purchase coupons and cards have none."""

RATIO, REDUCTION = 0, 2
"""discount_mode."""

ABROAD = (COMMERCIAL_OFFER, PARTNER_OFFER)
"""The only discounts that the international site lists."""


@serves("ListOrderCouponsByOrderId")
def list_coupons_for_order(call: Call) -> Answer:
    """The coupons and cards that can pay something of an order, the first to expire first, and how many of each kind it
    takes. Source: api-oce/api_order_00015."""
    order = _own_order(call)
    if not _awaits_payment(order):
        return {"count": 0, "user_coupons": [], "coupon_max_use_quantity": []}
    coupons = fitting_coupons(call.sandbox, order, call.now)
    rows = [_coupon_row(one, order) for one in coupons]
    rows += [_card_row(one) for one in fitting_cards(call.sandbox, order, call.now)]
    rows.sort(key=lambda row: row["expire_time"])
    quantities = {(one.kind, one.group): most(order, one) for one in coupons}
    return {
        "count": len(rows),
        "user_coupons": rows,
        "coupon_max_use_quantity": [
            {"coupon_type": kind, "coupon_group": group, "use_quantity_value": number}
            for (kind, group), number in sorted(quantities.items())
        ],
    }


@serves("ListOrderDiscounts")
def list_discounts_for_order(call: Call) -> Answer:
    """The discounts that take anything off an order, one of which it can be paid with, and what they take off which
    lines. Source: api-oce/api_order_00025."""
    order = _own_order(call)
    if not sees_discounts(call):
        return {}
    found = choices(call.sandbox, calling_customer(call), order, call.now) if _awaits_payment(order) else []
    shown = [one for one in found if call.site == "cn" or one.kind in ABROAD]
    return {"discounts": [_discount_row(call, order, one) for one in shown]}


def _own_order(call: Call) -> Order:
    order = call.sandbox.orders.get(call.parameters["order_id"])
    if order is None or order.customer_id != calling_customer(call).id:
        raise call.refused("CBC.0100", "the caller has no such order")
    return order


def _awaits_payment(order: Order) -> bool:
    """Whether the order can be paid, by itself and now."""
    return order.status == PENDING_PAYMENT and order.paid_on is None and not order.combination_id


# Coupons and cards


def _coupon_row(coupon: Coupon, order: Order) -> dict[str, Any]:
    held = coupon.kind == DISCOUNT and coupon.lock_order_id == order.id
    return {
        "coupon_id": coupon.id,
        "coupon_code": coupon_code(coupon),
        "status": USABLE,
        "coupon_type": COUPON_TYPES[coupon.kind],
        "measure_id": YUAN_OR_DOLLAR,
        "face_value": coupon.face_value,
        "effective_time": coupon.terms.effective_on,
        "expire_time": coupon.terms.expires_on,
        "plan_name": plan_name(coupon),
        "plan_desc": plan_name(coupon),
        "use_limits": use_limits(coupon, LIMIT_KEYS),
        "active_time": coupon.created_on,
        "last_used_time": coupon.used_on,
        "create_time": coupon.created_on,
        "coupon_version": VERSIONS.get(coupon.kind),
        "balance": coupon.balance,
        "used_by_order_id": order.id if held else None,
        "coupon_usage": "",
        "coupon_group": coupon.group,
    }


def _card_row(card: StoredValueCard) -> dict[str, Any]:
    return {
        "coupon_id": card.id,
        "status": USABLE,
        "coupon_type": CARD,
        "measure_id": YUAN_OR_DOLLAR,
        "face_value": card.face_value,
        "effective_time": card.effective_on,
        "expire_time": card.expires_on,
        "plan_name": card.name,
        "balance": card.balance,
    }


# Discounts


def _discount_row(call: Call, order: Order, choice: Choice) -> dict[str, Any]:
    covered = [
        (one, [line for line in one.lines if line.id in choice.reductions]) for one in orders_in(call.sandbox, order)
    ]
    return {
        "discount_id": choice.id,
        "discount_value": f"{money(choice.saving) if choice.ratio is None else choice.ratio:f}",
        "discount_type": choice.kind,
        "orders": [
            {"order_id": one.id, "order_line_items": list(_shared(choice, lines))} for one, lines in covered if lines
        ],
    }


def _shared(choice: Choice, lines: list[Line]) -> Iterator[dict[str, Any]]:
    """Lines of the same product, size and final price are one entry, with the amount that all of them save."""

    def likeness(line: Line) -> tuple[str, Decimal, Decimal, Decimal]:
        saved = choice.reductions[line.id].amount
        return line.product_id, line.product.size or NOTHING, line.list_price, saved

    for _, group in groupby(sorted(lines, key=likeness), key=likeness):
        alike = list(group)
        yield {
            "order_line_item_ids": [line.id for line in alike],
            "discount_mode": REDUCTION if choice.ratio is None else RATIO,
            "discount_amount": sum((choice.reductions[line.id].amount for line in alike), NOTHING),
            "discount_ratio": choice.left_of(alike[0]),
        }
