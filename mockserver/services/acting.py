"""On whose behalf a partner acts, and over which customers: the rules that two dozen operations share."""

from __future__ import annotations

from mockserver.domain.call import Call
from mockserver.domain.entities import Customer, Partner


def calling_partner(call: Call) -> Partner:
    """The partner whose credential calls; `x-callers` has kept everybody else out."""
    assert call.principal.partner is not None
    return call.principal.partner


def acting_partner(call: Call) -> Partner:
    """The partner that the call is about: the caller, or the reseller that a distributor names.

    Only a distributor's calls have an `indirect_partner_id`; one that is not its own is refused with CBC.99000037.
    Source: rules of accounts, api-bpconsole/mt_060003.
    """
    caller = calling_partner(call)
    named = call.body.get("indirect_partner_id") or call.parameters.get("indirect_partner_id")
    if not named:
        return caller
    reseller = call.sandbox.partners.get(named)
    if reseller is None or reseller.distributor_id != caller.id:
        raise call.refused("CBC.99000037", f"{named} is no reseller of {caller.name}")
    return reseller


def sees(call: Call, account: Customer | Partner) -> bool:
    """Whether the calling user may see one of its partner's customers or resellers. An account manager sees those that
    are assigned to him."""
    if not call.principal.manages_own_customers_only:
        return True
    user = call.principal.user
    return account.manager_id == user.id if isinstance(account, Customer) else account.account_manager == user.name


def customers_of(call: Call, partner: Partner) -> list[Customer]:
    """The partner's associated customers that the calling user sees, oldest association first."""
    return [one for one in call.sandbox.customers if one.partner_id == partner.id and sees(call, one)]


def customer_of(call: Call, partner: Partner, customer_id: str, code: str = "CBC.99000035") -> Customer:
    """One customer of `partner`, or the refusal `code`: unknown, somebody else's, or not the calling user's to see."""
    customer = call.sandbox.customers.get(customer_id)
    if customer is None or customer.partner_id != partner.id or not sees(call, customer):
        raise call.refused(code, f"{customer_id} is no customer of {partner.name}")
    return customer


def customer_under(call: Call, customer_id: str, code: str = "CBC.99000035") -> Customer:
    """One customer of the caller or, as a distributor's are all its resellers', of one of its resellers.

    For operations without `indirect_partner_id`; otherwise like `customer_of`.
    """
    caller = calling_partner(call)
    customer = call.sandbox.customers.get(customer_id)
    partner = call.sandbox.partners.get(customer.partner_id) if customer else None
    if customer is None or partner is None or caller.id not in (partner.id, partner.distributor_id):
        raise call.refused(code, f"{customer_id} is no customer of {caller.name}")
    return customer_of(call, partner, customer_id, code)


def calling_customer(call: Call) -> Customer:
    """The customer whose credential calls."""
    assert call.principal.customer is not None
    return call.principal.customer
