"""The end of an association, and the change of its type: what becomes of the customer's money, budget and coupons.

People bring both about in Partner Center, so only the control API does; no operation has them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from mockserver.domain.entities import REFERRAL, Customer, Partner
from mockserver.domain.forms import FormError
from mockserver.domain.ledger import ALLOCATED, CASH, CREDIT, WITHDRAWABLE, Trade
from mockserver.domain.orders import PENDING_PAYMENT
from mockserver.domain.sandbox import Sandbox
from mockserver.services.coupons.reclaiming import reclaim_on_dissociation, reclaim_on_switch
from mockserver.services.customers.budgets import delete_budget


def dissociate(sandbox: Sandbox, customer: Customer, now: datetime) -> Customer:
    """Part a customer from its partner, which gets the rest of the allocated money back.

    What the customer topped up itself stays its own, and so do its resources. Raises `FormError` while it owes
    anything, or an order awaits the partner's payment.
    Source: api-bpconsole/mt_060005.
    """
    _settle(sandbox, customer, now)
    reclaim_on_dissociation(sandbox, customer, now)
    parted = replace(
        customer,
        partner_id=None,
        association_type="",
        associated_on=None,
        manager_id=None,
        freeze_type=None,
        label="",
    )
    return sandbox.customers.put(customer.id, parted)


def switch_association(sandbox: Sandbox, customer: Customer, new_type: str, now: datetime) -> Customer:
    """Change the type of a customer's association with its partner.

    Allocated money returns to the partner. A referral customer's own cash cannot be used any more and waits to be
    withdrawn. Raises `FormError` while the customer owes anything, or an order awaits the partner's payment.
    Source: api-bpconsole/mt_060005.
    """
    if customer.association_type == new_type:
        raise FormError(f"{customer.name!r} has that association already")
    _settle(sandbox, customer, now)
    reclaim_on_switch(sandbox, customer, now)
    cash = sandbox.ledger.balance(customer.id, CASH)
    if customer.association_type == REFERRAL and cash > 0:
        locked = (customer.id, WITHDRAWABLE)
        sandbox.ledger.transfer((customer.id, CASH), locked, cash, Trade.MODEL_CHANGE, now, prefix="RE")
    return sandbox.customers.put(customer.id, replace(customer, association_type=new_type, freeze_type=None))


def _settle(sandbox: Sandbox, customer: Customer, now: datetime) -> None:
    """What the end and the change of an association have in common: nothing owed or to be paid by the partner, money
    back, no budget."""
    partner = _partner_of(sandbox, customer)
    _check_paid(sandbox, customer)
    _check_orders(sandbox, customer)
    rest = sandbox.ledger.balance(customer.id, ALLOCATED)
    if rest > 0:
        sandbox.ledger.transfer((customer.id, ALLOCATED), (partner.id, CASH), rest, Trade.UNBINDING, now, prefix="RE")
    delete_budget(sandbox, customer, now)


def _partner_of(sandbox: Sandbox, customer: Customer) -> Partner:
    partner = sandbox.partners.get(customer.partner_id)
    if partner is None:
        raise FormError(f"{customer.name!r} is associated with no partner")
    return partner


def _check_paid(sandbox: Sandbox, customer: Customer) -> None:
    """Used credit is owed like arrears are."""
    owed = sandbox.ledger.arrears(customer.id) + sandbox.ledger.book(customer.id, CREDIT).used
    if owed > 0:
        raise FormError(f"{customer.name!r} owes {owed} {sandbox.currency} and must pay it first")


def _check_orders(sandbox: Sandbox, customer: Customer) -> None:
    """What a referral customer orders it pays itself; everybody else's partner does."""
    if customer.association_type == REFERRAL:
        return
    own = (one for one in sandbox.orders if one.customer_id == customer.id and one.status == PENDING_PAYMENT)
    waiting = next((one for one in own if one.paid_on is None), None)
    if waiting is not None:
        raise FormError(f"order {waiting.id} of {customer.name!r} awaits its partner's payment: pay or cancel it first")
