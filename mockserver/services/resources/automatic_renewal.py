"""Resources that renew by themselves: turned on and off, and what happens at 03:00."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from mockserver.domain.call import Answer, Call
from mockserver.domain.catalogue import MONTH, YEAR
from mockserver.domain.ledger import Overdrawn
from mockserver.domain.orders import BY_SYSTEM, SYSTEM_USER
from mockserver.domain.resources import IN_USE, RENEW, AutoRenewal, Resource
from mockserver.domain.sandbox import Sandbox
from mockserver.domain.timeline import Event, on_due
from mockserver.services.acting import calling_customer
from mockserver.services.orders.automatic import pay_automatically
from mockserver.services.registry import serves
from mockserver.services.resources.deduction import plan_deduction
from mockserver.services.resources.lifecycle import usual_policy
from mockserver.services.resources.owned import own_resource
from mockserver.services.resources.renewing import order_renewals
from mockserver.services.resources.terms import can_be_renewed, family, order_under_way, renewals_of, settings_of

PERIODS = {"MONTH": MONTH, "YEAR": YEAR}


@serves("AutoRenewalResources")
def turn_on(call: Call) -> Answer:
    """Have a resource renew by itself, with its main resource and all that is attached to that.

    Where one does already, only a number of times changes anything. Source: api-bpconsole/api_order_00022.
    """
    resource = _own(call)
    main = call.sandbox.resources[resource.main_id or resource.resource_id]
    group = family(call.sandbox, main)
    if any(one.status != IN_USE for one in (resource, main)):
        raise call.refused("CBC.99003602", f"resource {resource.resource_id} or its main resource is not in use")
    times = call.body.get("auto_renew_times")
    period = PERIODS.get(call.body.get("period_type"), main.terms[-1].period_type)
    if not all(_can_go_on(call.sandbox, one, period) for one in group):
        raise call.refused("CBC.30010001", f"{main.resource_id}, with what is attached to it, is not sold so any more")
    for one in group:
        if one.policy != RENEW or times is not None:
            changed = replace(one, policy=RENEW, auto_renewal=AutoRenewal(period, times or None), updated_on=call.now)
            plan_deduction(call.sandbox, call.sandbox.resources.put(one.resource_id, changed), call.now)
    return None


def _own(call: Call) -> Resource:
    resource = own_resource(call, call.parameters["resource_id"])
    if resource is None or not resource.is_alive:
        raise call.refused("CBC.99003012", f"the caller has no resource {call.parameters['resource_id']}")
    return resource


def _can_go_on(sandbox: Sandbox, resource: Resource, period: int) -> bool:
    """Products of solutions are excepted. Source: usermanual-billing/renewals_topic_20000002."""
    sold = resource.product.is_sold_for(sandbox.site, period, 1)
    return sold and can_be_renewed(resource) and not resource.has("solution")


@serves("CancelAutoRenewalResources")
def turn_off(call: Call) -> Answer:
    """Let a resource expire, with all that is attached to it; its main resource goes on renewing.

    Source: api-bpconsole/api_order_00023.
    """
    resource = _own(call)
    if resource.policy != RENEW:
        raise call.refused("CBC.99003605", f"resource {resource.resource_id} does not renew by itself")
    group = family(call.sandbox, resource) if resource.is_main else [resource]
    for one in group:
        if one.policy == RENEW:
            _stop(call.sandbox, one, call.now)
    return None


def _stop(sandbox: Sandbox, resource: Resource, now: datetime) -> None:
    stopped = replace(resource, policy=usual_policy(resource.product), auto_renewal=None, updated_on=now)
    sandbox.resources.put(resource.resource_id, stopped)


@serves("SetResourcesRenewConfig")
def set_renewal_days(call: Call) -> Answer:
    """How many days before the expiry money is taken, or the day of the month on which what is renewed expires.

    Both hold for all resources of the customer, from now on. Source: api-oce/api_order_00031.
    """
    customer, value = calling_customer(call), int(call.body["config_value"])
    settings = settings_of(call.sandbox, customer.id)
    if call.body["config_name"] == "EXPIRE_DATE":
        call.sandbox.renewal_settings.put(customer.id, replace(settings, expire_day=value))
    else:
        call.sandbox.renewal_settings.put(customer.id, replace(settings, deduction_days=value))
        for one in list(call.sandbox.resources):
            if one.customer_id == customer.id and one.is_alive:
                plan_deduction(call.sandbox, one, call.now)
    return {"error_code": "CBC.0000", "error_msg": "success"}


# At 03:00


@on_due("automatic_renewal")
def renew_by_itself(sandbox: Sandbox, event: Event) -> None:
    """Renew a resource that is still to be, or try again the next day, until it is released. Nothing is left of an
    attempt that failed, no order either. Source: api-bpconsole/api_order_00022."""
    main = sandbox.resources[event.data["resource_id"]]
    renewal = main.auto_renewal
    if not main.is_alive or renewal is None or renewal.next_on != event.due:
        return
    group = [one for one in family(sandbox, main) if one.auto_renewal is not None]
    if _is_renewed(sandbox, group, renewal.period_type, event.due):
        _count(sandbox, group, event.due)
    else:
        plan_deduction(sandbox, main, event.due)


def _is_renewed(sandbox: Sandbox, group: Sequence[Resource], period: int, now: datetime) -> bool:
    """Whether a further period could be ordered and paid. What was on sale when it was turned on goes on."""
    renewals = renewals_of(sandbox, group, period, 1)
    barred = any(one.has("not_renewable") for one in group) or order_under_way(sandbox, group) is not None
    if barred or not renewals or any(one.ends_on <= now for one in renewals):
        return False
    try:
        with sandbox.transaction():
            order = order_renewals(sandbox, renewals, now, source=BY_SYSTEM, user_name=SYSTEM_USER)
            pay_automatically(sandbox, order, now)
    except Overdrawn:
        return False
    return True


def _count(sandbox: Sandbox, group: Sequence[Resource], now: datetime) -> None:
    """One time less; after the last one the resources do not renew by themselves any more."""
    for one in group:
        resource = sandbox.resources[one.resource_id]
        renewal = resource.auto_renewal
        assert renewal is not None, "what renewed by itself knows how"
        if renewal.left == 1:
            _stop(sandbox, resource, now)
        elif renewal.left is not None:
            counted = replace(renewal, left=renewal.left - 1)
            sandbox.resources.put(resource.resource_id, replace(resource, auto_renewal=counted, updated_on=now))
