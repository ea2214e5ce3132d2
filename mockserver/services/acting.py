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

    `indirect_partner_id` is ignored unless the caller is a distributor; one that is not the distributor's own is
    refused with CBC.99000037. Source: rules of accounts, api-bpconsole/mt_060003.
    """
    caller = calling_partner(call)
    named = call.body.get("indirect_partner_id") or call.parameters.get("indirect_partner_id")
    if not named or caller.kind != "distributor":
        return caller
    reseller = call.sandbox.partners.get(named)
    if reseller is None or reseller.distributor_id != caller.id:
        raise call.refused("CBC.99000037", f"{named} is no reseller of {caller.name}")
    return reseller


def sees(call: Call, customer: Customer) -> bool:
    """Whether the calling user may see one of its partner's customers. An account manager sees those assigned to him."""
    return not call.principal.manages_own_customers_only or customer.manager_id == call.principal.user.id


def customers_of(call: Call, partner: Partner) -> list[Customer]:
    """The partner's associated customers that the calling user sees, oldest association first."""
    return [one for one in call.sandbox.customers if one.partner_id == partner.id and sees(call, one)]


def customer_of(call: Call, partner: Partner, customer_id: str, code: str = "CBC.99000035") -> Customer:
    """One customer of `partner`, or the refusal `code`: unknown, or somebody else's."""
    customer = call.sandbox.customers.get(customer_id)
    if customer is None or customer.partner_id != partner.id:
        raise call.refused(code, f"{customer_id} is no customer of {partner.name}")
    return customer


def calling_customer(call: Call) -> Customer:
    """The customer whose credential calls."""
    assert call.principal.customer is not None
    return call.principal.customer
