"""Taking coupons back: by hand, and when an association is made, ends or changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from mockserver.domain.call import Answer, Call
from mockserver.domain.coupons import USABLE, Change, Coupon
from mockserver.domain.entities import PARTNER_PAID, Customer, Partner
from mockserver.domain.sandbox import Sandbox
from mockserver.services.acting import acting_partner, sees
from mockserver.services.coupons.changes import take_back
from mockserver.services.registry import serves


@serves("ReclaimPartnerCoupons")
def reclaim_coupon(call: Call) -> Answer:
    """Take back what is left of a coupon, whole. CBC.99000048 comes with status 200, and is a refusal all the same.

    The customer may be another partner's by now: what was reclaimed then is out of reach already.
    Source: api-bpconsole/mp_02004.
    """
    coupon = _issued_coupon(call, acting_partner(call))
    if coupon.association != PARTNER_PAID:
        raise call.refused("CBC.99000045")
    if not coupon.is_free:
        state = "frozen or held by an order" if coupon.status == USABLE else f"in state {coupon.status}"
        raise call.refused("CBC.99000048", f"the coupon is {state}")
    take_back(call.sandbox, coupon, Change.RECLAIM, call.now)
    return None


def _issued_coupon(call: Call, partner: Partner) -> Coupon:
    """The coupon, if the partner issued it and the user is in charge of its holder."""
    coupon = call.sandbox.coupons.get(call.body["coupon_id"])
    holder = call.sandbox.customers.get(coupon.holder_id) if coupon else None
    if coupon is None or coupon.issuer_id != partner.id or (holder and not sees(call, holder)):
        raise call.refused("CBC.0100", f"{partner.name} has issued no coupon {call.body['coupon_id']}")
    return coupon


# Without a call. Source: api-bpconsole/mp_02006


def reclaim_on_dissociation(sandbox: Sandbox, customer: Customer, now: datetime) -> None:
    """All coupons that the partner has issued to a customer come back when the customer leaves it."""
    _take_back_all(sandbox, customer, Change.DISSOCIATION, now, lambda issuer_id: issuer_id == customer.partner_id)


def reclaim_on_switch(sandbox: Sandbox, customer: Customer, now: datetime) -> None:
    """All coupons that the partner has issued to a customer come back when the type of the association changes."""
    _take_back_all(sandbox, customer, Change.SWITCH, now, lambda issuer_id: issuer_id == customer.partner_id)


def reclaim_on_association(sandbox: Sandbox, customer: Customer, now: datetime) -> None:
    """Coupons of other partners, flexi-purchase coupons say, come back when a customer is associated with its own."""
    _take_back_all(sandbox, customer, Change.ASSOCIATION, now, lambda issuer_id: issuer_id != customer.partner_id)


def _take_back_all(
    sandbox: Sandbox, customer: Customer, change: Change, now: datetime, concerns: Callable[[str], bool]
) -> None:
    """Take back the customer's usable coupons of the issuers concerned. The vendor's own coupons stay."""
    held = [one for one in sandbox.coupons if one.holder_id == customer.id and one.status == USABLE]
    for coupon in held:
        if coupon.issuer_id and concerns(coupon.issuer_id):
            take_back(sandbox, coupon, change, now)
