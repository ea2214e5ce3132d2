"""Unsubscribing from resources, or from their coming terms only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mockserver.domain.call import Answer, Call
from mockserver.domain.orders import UNSUBSCRIPTION, Order
from mockserver.domain.resources import CLOSED, FROZEN, Resource
from mockserver.domain.sandbox import Sandbox
from mockserver.services.acting import calling_customer
from mockserver.services.orders.ordering import completes
from mockserver.services.packages.providing import renew_package, unsubscribe_package
from mockserver.services.registry import serves
from mockserver.services.resources.five_day_rule import free_instances, instance_of, is_new
from mockserver.services.resources.lifecycle import release, take_terms_back
from mockserver.services.resources.owned import own_resource
from mockserver.services.resources.refunding import coming, settle
from mockserver.services.resources.surrender import Surrender, expire_plainly, give_back, surrender
from mockserver.services.resources.terms import family

RENEWALS_ONLY = 2
"""The type of an unsubscription that leaves the resource."""

REFUSED_TRAITS = {
    "savings_plan": "CBC.30000053",
    "invoiced": "CBC.99003643",
    "no_refund_package": "CBC.99003647",
    "trial": "CBC.99003649",
    "marketplace": "CBC.99003650",
    "codearts": "CBC.99003652",
    "unpriced": "CBC.99006066",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What one order is to give up: a main resource with those attached to it, or an attached one by itself. `fault` is
    the code of what stands against it."""

    named: tuple[str, ...]
    resources: tuple[Resource, ...] = ()
    fault: str = ""


@serves("CancelResourcesSubscription")
def unsubscribe(call: Call) -> Answer:
    """End resources and pay back what is left of them, or take back renewed periods that have not begun.

    Attached resources go with their main resource. Each main resource makes an order, which is completed a while later.
    What cannot be unsubscribed is reported, or refused where nothing can. Source: api-bpconsole/api_order_00019.
    """
    renewals_only = call.body["unsubscribe_type"] == RENEWALS_ONLY
    wishes = list(_wishes(call, renewals_only))
    failed = [(one, wish.fault) for wish in wishes if wish.fault for one in wish.named]
    if all(wish.fault for wish in wishes):
        raise call.refused(failed[0][1], f"resource {failed[0][0]}")
    order_ids = [_give_up(call, wish.resources, renewals_only).id for wish in wishes if not wish.fault]
    details = [call.detail(code, inside="fail_resource_infos", resource_id=one) for one, code in failed]
    return {"order_ids": order_ids, "fail_resource_infos": details or None}


# What may go


def _wishes(call: Call, renewals_only: bool) -> Iterator[Wish]:
    """The named resources by order, in the order of their naming; attached ones that go with a named one need no order
    of their own."""
    named = list(dict.fromkeys(call.body["resource_ids"]))
    found = {one: own_resource(call, one) for one in named}
    for one, resource in found.items():
        if resource is None:
            yield Wish((one,), fault="CBC.99003012")
        elif found.get(resource.main_id) is None or not resource.is_alive:
            group = family(call.sandbox, resource) if resource.is_main else [resource]
            with_it = [other.resource_id for other in group if other.resource_id in found]
            yield Wish(tuple(with_it), tuple(group), _fault(call, group, named, renewals_only))


def _fault(call: Call, group: list[Resource], named: list[str], renewals_only: bool) -> str:
    """What stands against giving up a main resource and what is attached to it."""
    faults = (_fault_of(call, one, renewals_only) for one in group)
    if found := next((fault for fault in faults if fault), ""):
        return found
    if renewals_only:
        return "" if coming(group[0], call.now) else "CBC.99003128"
    return "" if _is_whole(call, group, named) else "CBC.99003185"


def _fault_of(call: Call, resource: Resource, renewals_only: bool) -> str:
    if resource.status == CLOSED:
        return "CBC.30000067"
    if resource.status == FROZEN or resource.frozen_by or calling_customer(call).freeze_type is not None:
        return "CBC.99003656"
    order = call.sandbox.orders.get(resource.order_id)
    if order is not None:
        return "CBC.99003100" if order.is_unpaid else "CBC.99003651"
    if renewals_only and resource.has("bandwidth_addon"):
        return "CBC.99003654"
    return next((code for trait, code in REFUSED_TRAITS.items() if resource.has(trait)), "")


def _is_whole(call: Call, group: list[Resource], named: list[str]) -> bool:
    """Whether nothing stays behind that goes with the group only: the main resource of what is bound, and the other
    resources of an order that is only handled as a whole."""
    if group[0].has("bound") and not group[0].is_main:
        return False
    orders = {one.terms[0].order_id for one in group if one.has("indivisible")}
    own = (one for one in call.sandbox.resources if one.is_alive and one.terms[0].order_id in orders)
    return all(one.resource_id in named or one.main_id in named for one in own)


# Giving up


def _give_up(call: Call, group: tuple[Resource, ...], renewals_only: bool) -> Order:
    """The order that gives up resources, or those of their terms that have not begun."""
    free = () if renewals_only else free_instances(call.sandbox, group, call.now)
    given_up = [_renewals_of(call, one) if renewals_only else _whole(call, one, group, free) for one in group]
    return surrender(
        call.sandbox,
        calling_customer(call),
        UNSUBSCRIPTION,
        [one for one in given_up if one.settlements or not renewals_only],
        call.now,
        user_name=call.principal.user.name,
        free_instances=free,
        renewals_only=renewals_only,
    )


def _renewals_of(call: Call, resource: Resource) -> Surrender:
    return Surrender(resource, tuple(settle(coming(resource, call.now), call.now, fee_percent=0)))


def _whole(call: Call, resource: Resource, group: tuple[Resource, ...], free: tuple[str, ...]) -> Surrender:
    """A resource with all its terms; `free` are the instances of the five-day rule."""
    resource = expire_plainly(call.sandbox, resource)
    is_free = is_new(call.sandbox, resource, call.now) and instance_of(resource, group) in free
    percent = call.sandbox.setting("unsubscription_fee_percent")
    return Surrender(resource, tuple(settle(resource.terms, call.now, percent, free=is_free)))


@completes(UNSUBSCRIPTION)
def end_subscriptions(sandbox: Sandbox, order: Order, now: datetime) -> Order:
    """Release the resources, or shorten them, and pay back."""
    for one in order.resources:
        resource = sandbox.resources[one]
        if order.renewals_only:
            _shorten(sandbox, resource, order, now)
        else:
            release(sandbox, resource, now)
            _end_package(sandbox, resource, now)
    give_back(sandbox, order, now)
    return order


def _shorten(sandbox: Sandbox, resource: Resource, order: Order, now: datetime) -> None:
    kept = take_terms_back(sandbox, resource, coming(resource, order.created_on), now)
    if resource.resource_id in sandbox.packages:
        renew_package(sandbox, resource.resource_id, kept.terms[-1].starts_on, kept.terms[-1].ends_on)


def _end_package(sandbox: Sandbox, resource: Resource, now: datetime) -> None:
    package = sandbox.packages.get(resource.resource_id)
    if package is not None:
        unsubscribe_package(sandbox, package, now)
