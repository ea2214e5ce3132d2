"""Paying an order: which order, with which discount and coupons. What is paid how, `payment` knows."""

from __future__ import annotations

from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.coupons import DISCOUNT, FLEXI, VOUCHER, Coupon, StoredValueCard
from mockserver.domain.entities import Customer
from mockserver.domain.ledger import Overdrawn
from mockserver.domain.orders import ADJUSTMENT, CANCELLED, PENDING_PAYMENT, Order
from mockserver.services.acting import calling_customer
from mockserver.services.orders.fitting import conflict
from mockserver.services.orders.offers import Choice, choices
from mockserver.services.orders.ordering import DEADLINE
from mockserver.services.orders.payment import Means, covered_lines, pay
from mockserver.services.orders.usable import is_unspent
from mockserver.services.registry import serves

DISCOUNT_COUPON, VOUCHER_COUPON, FLEXI_COUPON, CARD = 300, 301, 302, 303
"""Types of coupons as orders name them."""

COUPON_TYPES = {DISCOUNT: DISCOUNT_COUPON, VOUCHER: VOUCHER_COUPON, FLEXI: FLEXI_COUPON}


@serves("PayOrders")
def pay_order(call: Call) -> Answer:
    """Pay an order with coupons, a discount and the customer's money: cash before credit, or what the partner has
    allocated. Source: api-bpconsole/api_order_00030."""
    order = _order_to_pay(call)
    choice, coupons, cards = _discount(call, order), _coupons(call, order), _cards(call)
    if code := conflict(call.sandbox, order, choice, coupons):
        raise call.refused(code)
    means = Means(choice.reductions if choice else {}, coupons, cards)
    try:
        pay(call.sandbox, _payer(call, order), order, means, call.now)
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


def _payer(call: Call, order: Order) -> Customer:
    """Who pays: the customer, or the master account of its enterprise. A frozen account spends nothing."""
    payer = call.sandbox.customers[order.payer_id or order.customer_id]
    if payer.freeze_type is not None:
        raise call.refused("CBC.99005003", f"{payer.name} is frozen")
    return payer


def _discount(call: Call, order: Order) -> Choice | None:
    """The chosen discount. An adjustment of the price must be chosen where there is one."""
    found = {(one.id, one.kind): one for one in choices(call.sandbox, calling_customer(call), order, call.now)}
    sent = call.body["discount_infos"] if call.body["use_discount"] == "YES" else []
    chosen = [found.get((one["id"], one["type"])) for one in sent]
    adjusted = any(one.kind == ADJUSTMENT for one in found.values())
    if None in chosen or (adjusted and not any(one and one.kind == ADJUSTMENT for one in chosen)):
        raise call.refused("CBC.99003108")
    return chosen[0] if chosen else None


# Coupons and cards


def _sent(call: Call, *, cards: bool) -> list[dict[str, Any]]:
    """The coupons that are sent, or the cards among them."""
    entries = call.body["coupon_infos"] if call.body["use_coupon"] == "YES" else []
    if len({one["id"] for one in entries}) < len(entries):
        raise call.refused("CBC.0100", "an id occurs twice in coupon_infos")
    return [one for one in entries if (one["type"] == CARD) == cards]


def _coupons(call: Call, order: Order) -> list[Coupon]:
    return [_coupon(call, order, one["id"], one["type"]) for one in _sent(call, cards=False)]


def _coupon(call: Call, order: Order, coupon_id: str, kind: int) -> Coupon:
    coupon = call.sandbox.coupons.get(coupon_id)
    if coupon is None or coupon.holder_id != order.customer_id or COUPON_TYPES.get(coupon.kind) != kind:
        raise call.refused("CBC.0100", f"the caller has no coupon {coupon_id} of type {kind}")
    if not is_unspent(coupon, order, call.now):
        raise call.refused("CBC.99003112", f"coupon {coupon_id} is used, expired, frozen, held, or not in force")
    if not covered_lines(call.sandbox, order, coupon):
        raise call.refused("CBC.0100", f"coupon {coupon_id} is not for anything in this order")
    return coupon


def _cards(call: Call) -> list[StoredValueCard]:
    return [_card(call, one["id"]) for one in _sent(call, cards=True)]


def _card(call: Call, card_id: str) -> StoredValueCard:
    card = call.sandbox.stored_value_cards.get(card_id)
    if card is None or card.customer_id != calling_customer(call).id:
        raise call.refused("CBC.0100", f"the caller has no card {card_id}")
    if not card.is_usable_at(call.now):
        raise call.refused("CBC.99003112", f"card {card_id} is used up or not in force")
    return card
