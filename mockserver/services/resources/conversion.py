"""From yearly/monthly to pay-per-use: at the expiry of a resource, or at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.catalogue import ON_DEMAND, catalogue
from mockserver.domain.orders import TO_ON_DEMAND, Order
from mockserver.domain.resources import CONVERT, GRACE, IN_USE, Resource
from mockserver.domain.sandbox import Sandbox
from mockserver.domain.timeline import Event, on_due
from mockserver.services.acting import calling_customer
from mockserver.services.on_demand import provide_on_demand
from mockserver.services.orders.ordering import completes
from mockserver.services.registry import serves
from mockserver.services.resources.lifecycle import freeze, overtake, release
from mockserver.services.resources.owned import own_resource
from mockserver.services.resources.refunding import settle
from mockserver.services.resources.surrender import Surrender, expire_plainly, give_back, surrender
from mockserver.services.resources.terms import family

IN_RETENTION = "CBC.99003610"
"""The one failure that does not refuse a whole call to set or cancel."""

FROZEN_CODES = {"violation": "CBC.99003624", "police": "CBC.99003625"}
REFUSED_TRAITS = {
    "marketplace": "CBC.99003608",
    "no_on_demand": "CBC.99003609",
    "solution": "CBC.99003622",
}


@serves("UpdatePeriodToOnDemand")
def convert_at_expiry(call: Call) -> Answer:
    """Have resources go on as pay-per-use when they expire, or not any more. Attached ones change with their main one.

    A resource has one policy for its expiry, so automatic renewal ends. Source: api-bpconsole/api_order_00024.
    """
    failures = []
    for one in dict.fromkeys(call.body["resource_ids"]):
        resource, fault = own_resource(call, one), _fault(call, one)
        if resource is not None and not resource.is_main:
            raise call.refused("CBC.0100", f"resource {one} is attached to another")
        if fault == IN_RETENTION:
            failures.append(call.detail(fault, id=one))
        elif fault or resource is None:
            raise call.refused(fault, f"resource {one}")
        else:
            _set_policy(call, resource)
    return {"error_details": failures}


def _set_policy(call: Call, main: Resource) -> None:
    policy = CONVERT if call.body["operation"] == "SET_UP" else GRACE
    for one in family(call.sandbox, main):
        if (one.policy == CONVERT) != (policy == CONVERT):
            changed = replace(one, policy=policy, auto_renewal=None, updated_on=call.now)
            call.sandbox.resources.put(one.resource_id, changed)


@serves("UpdatePeriodToOnDemandInstantly")
def convert_at_once(call: Call) -> Answer:
    """End the terms of resources now, pay back what is left of them, and go on as pay-per-use. Each resource succeeds
    or fails by itself. Source: api-oce/api_order_00032."""
    results = [_converted(call, one) for one in dict.fromkeys(call.body["resource_ids"])]
    return {"to_ondemand_service_results": results}


def _converted(call: Call, resource_id: str) -> dict[str, Any]:
    resource, fault = own_resource(call, resource_id), _fault(call, resource_id)
    if resource is None or fault:
        detail = call.detail(fault, inside="to_ondemand_service_results")
        return {"resource_id": resource_id, "result": "FAIL", **detail}
    order = _order(call, family(call.sandbox, resource))
    return {"resource_id": resource_id, "result": "SUCCESS", "order_id": order.id}


def _order(call: Call, group: list[Resource]) -> Order:
    """Settle resources as an unsubscription does, without the five-day rule. Unpaid orders for them come to nothing."""
    percent = call.sandbox.setting("unsubscription_fee_percent")
    for one in group:
        overtake(call.sandbox, one)
        expire_plainly(call.sandbox, call.sandbox.resources[one.resource_id])
    given_up = [Surrender(one, tuple(settle(one.terms, call.now, percent))) for one in group]
    customer, user = calling_customer(call), call.principal.user
    return surrender(call.sandbox, customer, TO_ON_DEMAND, given_up, call.now, user_name=user.name)


# What may change


def _fault(call: Call, resource_id: str) -> str:
    """What stands against the change of a resource, with all that is attached to it."""
    resource = own_resource(call, resource_id)
    if resource is None or not resource.is_alive:
        return "CBC.99003012"
    if not resource.is_main:
        return "CBC.99003609"
    if calling_customer(call).freeze_type is not None:
        return "CBC.99003626"
    group = family(call.sandbox, resource)
    return next((fault for one in group for fault in _faults_of(call.sandbox, one)), "")


def _faults_of(sandbox: Sandbox, resource: Resource) -> Iterator[str]:
    if resource.frozen_by:
        yield FROZEN_CODES[resource.frozen_by]
    if resource.status != IN_USE:
        yield IN_RETENTION
    if resource.product.is_package:
        yield "CBC.99003611"
    yield from (code for trait, code in REFUSED_TRAITS.items() if resource.has(trait))
    if not _is_sold_on_demand(sandbox, resource):
        yield "CBC.99003609"
    if _is_processed(sandbox, resource):
        yield "CBC.99003623"


def _is_sold_on_demand(sandbox: Sandbox, resource: Resource) -> bool:
    price = catalogue().price(resource.product.in_catalogue, sandbox.site)
    return price is not None and ON_DEMAND in price.modes


def _is_processed(sandbox: Sandbox, resource: Resource) -> bool:
    """Whether a paid order for the resource is under way; an unpaid one is no obstacle."""
    order = sandbox.orders.get(resource.order_id)
    return order is not None and not order.is_unpaid


# The change


@on_due("resource_conversion")
def end_term(sandbox: Sandbox, event: Event) -> None:
    """At its expiry a resource goes on as pay-per-use. A renewal or an unsubscription that is being processed comes
    first; what is frozen stays so, for the retention period."""
    resource = sandbox.resources[event.data["resource_id"]]
    if not resource.is_alive or resource.expires_on > event.due:
        return
    if _is_processed(sandbox, resource):
        seconds = max(1, sandbox.setting("order_processing_seconds"))
        sandbox.timeline.plan(event.due + timedelta(seconds=seconds), event.kind, **event.data)
    elif resource.status != IN_USE:
        freeze(sandbox, resource, event.due)
    else:
        convert(sandbox, resource, event.due)


@completes(TO_ON_DEMAND)
def end_terms(sandbox: Sandbox, order: Order, now: datetime) -> Order:
    """Change the resources, and pay back what is left of them."""
    for one in order.resources:
        convert(sandbox, sandbox.resources[one], now)
    give_back(sandbox, order, now)
    return order


def convert(sandbox: Sandbox, resource: Resource, now: datetime) -> None:
    """End a yearly/monthly resource; a pay-per-use one under the same id goes on. An unpaid order for it comes to
    nothing."""
    release(sandbox, resource, now)
    provide_on_demand(
        sandbox,
        sandbox.customers[resource.customer_id],
        resource.product.in_catalogue,
        resource.product.region,
        effective=now,
        resource_id=resource.resource_id,
        name=resource.name,
        size=resource.product.size,
        project_id=resource.project_id,
        enterprise_project=resource.project[0],
    )
