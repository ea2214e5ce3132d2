"""The association of a new customer with its partner, which the service makes a while after the account."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from mockserver.domain.call import Call
from mockserver.domain.entities import PARTNER_PAID, REFERRAL, RESELLER_MODEL, Customer, Partner
from mockserver.domain.sandbox import Sandbox
from mockserver.domain.timeline import Event, on_due
from mockserver.services.coupons.reclaiming import reclaim_on_association


def begin_association(call: Call, customer: Customer, partner: Partner) -> None:
    """Associate a new customer later, or at once where the call waits for it.

    The wait takes no real time: an association within the longest wait is complete when the answer comes. A longer one
    is refused with CBC.99000050 although the account stays, and comes about later. Source: api-bpconsole/mc_00016.
    """
    if call.sandbox.setting("association_fails"):
        raise call.refused("CBC.99000004")
    delay, longest_wait = call.sandbox.setting("association_delay"), call.sandbox.setting("association_wait")
    waits, association = call.body["include_association_result"], association_type(call)
    if waits and delay <= longest_wait:
        associate(call.sandbox, customer.id, partner.id, association, call.now)
        return
    due = call.now + timedelta(seconds=delay)
    call.sandbox.timeline.plan(
        due, "associate", customer_id=customer.id, partner_id=partner.id, association=association
    )
    if waits:
        reason = f"the association takes {delay} s, the call waits {longest_wait} s"
        raise call.refused("CBC.99000050", reason, remains=True, domain_id=customer.id, domain_name=customer.name)


def association_type(call: Call) -> str:
    """Partner-paid in China, unless the field on its way out asks for referral; the reseller model abroad."""
    if call.site == "intl":
        return RESELLER_MODEL
    return REFERRAL if call.body.get("cooperation_type") == REFERRAL else PARTNER_PAID


def associate(sandbox: Sandbox, customer_id: str, partner_id: str, association: str, moment: datetime) -> Customer:
    """Make a customer the partner's. In the reseller model its account starts frozen, so that the partner can set a
    budget before it spends. Source: intl api-bpconsole/mc_00027."""
    customer = replace(
        sandbox.customers[customer_id],
        partner_id=partner_id,
        association_type=association,
        associated_on=moment,
        freeze_type="ACCOUNT" if association == RESELLER_MODEL else None,
    )
    reclaim_on_association(sandbox, customer, moment)
    return sandbox.customers.put(customer.id, customer)


@on_due("associate")
def associate_when_due(sandbox: Sandbox, event: Event) -> None:
    """Carry out an association that was begun earlier."""
    associate(sandbox, moment=event.due, **event.data)
