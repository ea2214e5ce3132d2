"""How an order is paid without anybody choosing: when a renewal asks for it, and when a resource renews by itself.

One discount, then a voucher or a discount coupon, then flexi-purchase coupons, then stored-value cards, then money; of
several the one that expires first. Source: usermanual-billing/renewals_topic_20000002.
"""

from __future__ import annotations

from datetime import datetime

from mockserver.domain.coupons import FLEXI, Coupon
from mockserver.domain.ledger import Overdrawn
from mockserver.domain.orders import Order
from mockserver.domain.sandbox import Sandbox
from mockserver.services.orders.fitting import conflict, fitting_cards, fitting_coupons
from mockserver.services.orders.offers import Choice, choices, first_choice
from mockserver.services.orders.payment import Means, pay
from mockserver.services.orders.usable import MOST_COUPONS


def pay_automatically(sandbox: Sandbox, order: Order, now: datetime) -> Order:
    """Pay an order with what its customer has. Raises `Overdrawn`, and then has changed nothing."""
    payer = sandbox.customers[order.payer_id or order.customer_id]
    if payer.freeze_type is not None:
        raise Overdrawn(f"{payer.name} is frozen and spends nothing")
    return pay(sandbox, payer, order, means_for(sandbox, order, now), now)


def means_for(sandbox: Sandbox, order: Order, now: datetime) -> Means:
    """What an automatic payment takes before the money. At most three coupons and cards pay an order."""
    choice = first_choice(choices(sandbox, sandbox.customers[order.customer_id], order, now))
    reductions = choice.reductions if choice else {}
    if not sandbox.setting("automatic_coupons"):
        return Means(reductions)
    coupons = _coupons(sandbox, order, choice, now)
    return Means(reductions, coupons, fitting_cards(sandbox, order, now)[: MOST_COUPONS - len(coupons)])


def _coupons(sandbox: Sandbox, order: Order, choice: Choice | None, now: datetime) -> list[Coupon]:
    chosen: list[Coupon] = []
    for one in sorted(fitting_coupons(sandbox, order, now), key=lambda one: one.kind == FLEXI):
        if len(chosen) < MOST_COUPONS and not conflict(sandbox, order, choice, [*chosen, one]):
            chosen.append(one)
    return chosen
