"""Paying an order: which order, with which discount and coupons. What is paid how, `payment` knows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.coupons import DISCOUNT, FLEXI, VOUCHER, Coupon, StoredValueCard
from mockserver.domain.ledger import Overdrawn
from mockserver.domain.orders import (
    ADJUSTMENT,
    CANCELLED,
    COMMERCIAL_OFFER,
    PARTNER_OFFER,
    PENDING_PAYMENT,
    PROMOTION,
    Order,
)
from mockserver.services.acting import calling_customer
from mockserver.services.orders.offers import Choice, choices
from mockserver.services.orders.ordering import DEADLINE, orders_in
from mockserver.services.orders.payment import Means, covered_lines, pay
from mockserver.services.registry import serves

DISCOUNT_COUPON, VOUCHER_COUPON, FLEXI_COUPON, CARD = 300, 301, 302, 303
"""Types of coupons as orders name them."""

COUPON_TYPES = {DISCOUNT: DISCOUNT_COUPON, VOUCHER: VOUCHER_COUPON, FLEXI: FLEXI_COUPON}
MARKETPLACE_GROUP, SPECIAL_GROUP = 1, 2

EXCLUSIONS = {
    PARTNER_OFFER: "simultaneousUseWithEmpowerDiscount",
    COMMERCIAL_OFFER: "simultaneousUseWithContractDiscount",
    PROMOTION: "simultaneousUseWithPromotionDiscount",
}
"""The restriction that keeps a coupon from being used together with a kind of discount, where its value is 0."""

LEAST_RATIO = "minConsumeDiscount"


@serves("PayOrders")
def pay_order(call: Call) -> Answer:
    """Pay an order with coupons, a discount and the customer's money: cash before credit, or what the partner has
    allocated. Source: api-bpconsole/api_order_00030."""
    order = _order_to_pay(call)
    choice, coupons, cards = _discount(call, order), _coupons(call, order), _cards(call)
    _check_together(call, order, choice, coupons)
    means = Means(choice.reductions if choice else {}, coupons, cards)
    customer = calling_customer(call)
    if customer.freeze_type is not None:
        raise call.refused("CBC.99005003", "the account is frozen and spends nothing")
    try:
        pay(call.sandbox, customer, order, means, call.now)
    except Overdrawn as error:
        raise call.refused("CBC.99005003", str(error)) from None
    return None


def _order_to_pay(call: Call) -> Order:
    order = call.sandbox.orders.get(call.body["order_id"])
    if order is None or order.customer_id != calling_customer(call).id:
        raise call.refused("CBC.30000010")
    if order.combination_id:
        raise call.refused("CBC.99000089", f"it is a member of {order.combination_id}")
    if order.status == CANCELLED and order.cancelled_because == DEADLINE:
        raise call.refused("CBC.99003110")
    if order.status != PENDING_PAYMENT:
        raise call.refused("CBC.99003106", f"the order is in state {order.status}")
    if order.paid_on is not None:
        raise call.refused("CBC.99000088")
    if order.pay_before is not None and call.now > order.pay_before:
        raise call.refused("CBC.99003162")
    return order


def _sent(call: Call, switch: str, field: str) -> list[dict[str, Any]]:
    """What is sent to pay with. Something sent where it is not to be used, and nothing where it is, is wrong."""
    entries: list[dict[str, Any]] = call.body.get(field) or []
    if (call.body[switch] == "YES") != bool(entries):
        raise call.refused("CBC.0100", f"{switch} is {call.body[switch]}, with {len(entries)} {field}")
    if len({one["id"] for one in entries}) < len(entries):
        raise call.refused("CBC.0100", f"an id occurs twice in {field}")
    return entries


def _discount(call: Call, order: Order) -> Choice | None:
    """The chosen discount. An adjustment of the price must be chosen where there is one."""
    found = {(one.id, one.kind): one for one in choices(call.sandbox, calling_customer(call), order, call.now)}
    chosen = [found.get((one["id"], one["type"])) for one in _sent(call, "use_discount", "discount_infos")]
    adjusted = any(one.kind == ADJUSTMENT for one in found.values())
    if None in chosen or (adjusted and not any(one and one.kind == ADJUSTMENT for one in chosen)):
        raise call.refused("CBC.99003108")
    return chosen[0] if chosen else None


def _coupons(call: Call, order: Order) -> list[Coupon]:
    sent = _sent(call, "use_coupon", "coupon_infos")
    return [_coupon(call, order, one["id"], one["type"]) for one in sent if one["type"] != CARD]


def _coupon(call: Call, order: Order, coupon_id: str, kind: int) -> Coupon:
    coupon = call.sandbox.coupons.get(coupon_id)
    if coupon is None or coupon.holder_id != order.customer_id or COUPON_TYPES.get(coupon.kind) != kind:
        raise call.refused("CBC.0100", f"the caller has no coupon {coupon_id} of type {kind}")
    held = coupon.lock_order_id not in ("", order.id)
    if not coupon.is_usable or held or not coupon.terms.hold_at(call.now):
        raise call.refused("CBC.99003112", f"coupon {coupon_id} is used, expired, frozen, held, or not in force")
    if not covered_lines(call.sandbox, order, coupon):
        raise call.refused("CBC.0100", f"coupon {coupon_id} is not for anything in this order")
    return coupon


def _cards(call: Call) -> list[StoredValueCard]:
    ids = [one["id"] for one in call.body.get("coupon_infos") or [] if one["type"] == CARD]
    return [_card(call, one) for one in ids]


def _card(call: Call, card_id: str) -> StoredValueCard:
    card = call.sandbox.stored_value_cards.get(card_id)
    if card is None or card.customer_id != calling_customer(call).id:
        raise call.refused("CBC.0100", f"the caller has no card {card_id}")
    if not card.balance or not card.effective_on <= call.now < card.expires_on:
        raise call.refused("CBC.99003112", f"card {card_id} is used up or not in force")
    return card


# What goes together


def _check_together(call: Call, order: Order, choice: Choice | None, coupons: Sequence[Coupon]) -> None:
    kinds, groups = {one.kind for one in coupons}, {one.group for one in coupons}
    if {VOUCHER, DISCOUNT} <= kinds:
        raise call.refused("CBC.99003147")
    if {MARKETPLACE_GROUP, SPECIAL_GROUP} <= groups:
        raise call.refused("CBC.99003156")
    if choice is not None:
        for coupon in coupons:
            _check_with_discount(call, order, choice, coupon)


def _check_with_discount(call: Call, order: Order, choice: Choice, coupon: Coupon) -> None:
    """Source: api-oce/api_order_00015, restrictions simultaneousUseWith... and minConsumeDiscount."""
    if _limit(coupon, EXCLUSIONS.get(choice.kind, "")) == "0":
        raise call.refused("CBC.99003116", f"coupon {coupon.id} excludes discounts of type {choice.kind}")
    least = _limit(coupon, LEAST_RATIO)
    if least and all(one < Decimal(least) for one in ratios(call, order, choice)):
        raise call.refused("CBC.99003117", f"coupon {coupon.id} wants at least {least} of the price")


def ratios(call: Call, order: Order, choice: Choice) -> list[Decimal]:
    """What a discount leaves of the price of each line that it covers."""
    lines = [line for one in orders_in(call.sandbox, order) for line in one.lines if line.id in choice.reductions]
    return [1 - choice.reductions[line.id].amount / line.list_price for line in lines]


def _limit(coupon: Coupon, key: str) -> str:
    """The value of a restriction, or empty."""
    return next((first for limit in coupon.terms.limits if limit.key == key for first, _ in limit.values), "")
