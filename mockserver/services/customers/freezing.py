"""Freezing and unfreezing customers of the reseller model (international site)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mockserver.domain.call import Answer, Call
from mockserver.domain.entities import Customer
from mockserver.services.acting import acting_partner
from mockserver.services.customers.resale import resale_fault
from mockserver.services.registry import serves


@serves("FreezeSubCustomers")
def freeze(call: Call) -> Answer:
    """Bar customers from buying, renewing and changing. A repeated freeze takes the new type.

    Each customer succeeds or fails by itself. Source: intl api-bpconsole/mc_00027.
    """
    kind, reason = call.body["freeze_type"], call.body["reason"]
    return _each_customer(call, lambda one: replace(one, freeze_type=kind, freeze_reason=reason))


@serves("UnfreezeSubCustomers")
def unfreeze(call: Call) -> Answer:
    """Lift freezes of the given type; a customer that is not frozen stays as it is.

    Each customer succeeds or fails by itself. Source: intl api-bpconsole/mc_00028.
    """
    kind, reason = call.body["unfreeze_type"], call.body["reason"]

    def lift(customer: Customer) -> Customer | None:
        if customer.freeze_type is None:
            return customer
        return replace(customer, freeze_type=None, freeze_reason=reason) if customer.freeze_type == kind else None

    return _each_customer(call, lift)


def _each_customer(call: Call, change: Callable[[Customer], Customer | None]) -> Answer:
    """Change each named customer. Those that are not the partner's to change are reported, and with CBC.0999 those
    that `change` answers None for or that the sandbox is told to fail."""
    partner, customers = acting_partner(call), call.sandbox.customers
    failing, failures = call.sandbox.setting("freezing_fails"), []
    for customer_id in dict.fromkeys(call.body["customer_ids"]):
        customer = customers.get(customer_id)
        fault = resale_fault(call, partner, customer)
        changed = change(customer) if customer and not fault and customer_id not in failing else None
        if changed:
            customers.put(customer_id, changed)
        else:
            failures.append(call.detail(fault or "CBC.0999", id=customer_id))
    return {"error_details": failures}
