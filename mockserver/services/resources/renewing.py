"""Renewing yearly/monthly resources by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.clock import later
from mockserver.domain.ledger import Overdrawn
from mockserver.domain.orders import RENEWAL, Line, Order
from mockserver.domain.resources import Resource
from mockserver.domain.sandbox import Sandbox
from mockserver.services.orders.automatic import pay_automatically
from mockserver.services.orders.ordering import place_order
from mockserver.services.registry import serves
from mockserver.services.resources.owned import own_resource
from mockserver.services.resources.terms import Renewal, can_be_renewed, family, order_under_way, renewals_of

NOT_MAIN, NO_SUCH_PERIOD, NOT_PAID = "CBC.30010036", "CBC.30010069", "CBC.30050006"
FAILURES = "fail_resource_infos"


@serves("RenewalResources")
def renew_resources(call: Call) -> Answer:
    """Order further terms for main resources, with all that is attached to them: one order each.

    What is not a main resource, or not sold for the period, fails by itself; where that leaves nothing to renew, the
    call is refused. Source: api-bpconsole/api_order_00018.
    """
    resources = [_resource(call, one) for one in _ids(call)]
    _check_bundles(call, resources)
    faults = {one.resource_id: fault for one in resources if (fault := _fault(call, one))}
    if len(faults) == len(resources):
        raise call.refused(faults[resources[0].resource_id], f"resource {resources[0].resource_id}")
    renewals = [_renewals(call, one) for one in resources if one.resource_id not in faults]
    for one in renewals:
        _check_terms(call, one)
    user = call.principal.user.name
    orders = [order_renewals(call.sandbox, one, call.now, user_name=user) for one in renewals]
    faults |= {order.resources[0]: NOT_PAID for order in orders if not _is_settled(call, order)}
    failures = [call.detail(fault, inside=FAILURES, resource_id=one) for one, fault in faults.items()]
    return {"order_ids": [one.id for one in orders], FAILURES: failures or None}


def _ids(call: Call) -> list[str]:
    ids: list[str] = call.body["resource_ids"]
    if len(set(ids)) < len(ids):
        raise call.refused("CBC.0100", "a resource id occurs twice")
    return ids


def _resource(call: Call, resource_id: str) -> Resource:
    """A resource that nothing is under way for."""
    resource = own_resource(call, resource_id)
    if resource is None or not resource.is_alive:
        raise call.refused("CBC.99003016", f"the caller has no resource {resource_id}, or not any more")
    order = order_under_way(call.sandbox, family(call.sandbox, resource))
    if order is not None:
        code = "CBC.99003100" if order.is_unpaid else "CBC.99003144"
        raise call.refused(code, f"resource {resource_id} is in order {order.id}")
    return resource


def _check_bundles(call: Call, resources: Sequence[Resource]) -> None:
    """What was bought as a discount bundle, in one order, is renewed as a whole and by itself."""
    named = {one.resource_id for one in resources}
    for bundle in {one.terms[0].order_id for one in resources if one.is_main and one.has("bundle")}:
        whole = {one.resource_id for one in call.sandbox.resources if _is_in_bundle(one, bundle)}
        if named != whole:
            raise call.refused("CBC.99003634", f"the resources of bundle {bundle} are {', '.join(sorted(whole))}")


def _is_in_bundle(resource: Resource, order_id: str) -> bool:
    return resource.has("bundle") and resource.is_main and resource.is_alive and resource.terms[0].order_id == order_id


def _fault(call: Call, resource: Resource) -> str:
    if not resource.is_main:
        return NOT_MAIN
    return "" if _renewals(call, resource) else NO_SUCH_PERIOD


def _renewals(call: Call, main: Resource) -> list[Renewal]:
    group = family(call.sandbox, main)
    if not all(can_be_renewed(one) for one in group):
        return []
    return renewals_of(call.sandbox, group, call.body["period_type"], call.body["period_num"])


def _check_terms(call: Call, renewals: Sequence[Renewal]) -> None:
    """A term begins at the old expiry: one that would be over by now is none, and there is a longest one."""
    longest = later(call.now, f"P{call.sandbox.setting('longest_term_years')}Y")
    for one in renewals:
        if one.ends_on <= call.now:
            raise call.refused("CBC.99000092", f"{one.resource.resource_id} would be renewed until {one.ends_on}")
        if one.ends_on > longest:
            raise call.refused("CBC.99003154", f"{one.resource.resource_id} would be renewed until {one.ends_on}")


def _is_settled(call: Call, order: Order) -> bool:
    """Pay an order automatically, if that is asked for. One that cannot be paid so awaits its payment."""
    if not call.body["is_auto_pay"]:
        return True
    try:
        pay_automatically(call.sandbox, order, call.now)
    except Overdrawn as error:
        call.notes.append(f"order {order.id} is not paid: {error}")
        return False
    return True


# Orders


def order_renewals(sandbox: Sandbox, renewals: Sequence[Renewal], now: datetime, **details: Any) -> Order:
    """An order for further terms of a main resource and of what is attached to it, which come behind it."""
    main = _line(sandbox, renewals[0], now)
    lines = [main, *(_line(sandbox, one, now, main.id) for one in renewals[1:])]
    resource = renewals[0].resource
    customer = sandbox.customers[resource.customer_id]
    return place_order(sandbox, customer, RENEWAL, lines, now, project=resource.project, **details)


def _line(sandbox: Sandbox, renewal: Renewal, now: datetime, main: str = "") -> Line:
    resource = renewal.resource
    return Line(
        id=sandbox.ids.serial("order_line", now),
        product=resource.product,
        product_id=resource.product.product_id(sandbox.site, renewal.period_type),
        list_price=renewal.list_price,
        period_type=renewal.period_type,
        period_num=renewal.period_num,
        main=main,
        names=(resource.name,),
        traits=resource.traits,
        resources=(resource.resource_id,),
        effective_on=renewal.starts_on,
        expires_on=renewal.ends_on,
    )
