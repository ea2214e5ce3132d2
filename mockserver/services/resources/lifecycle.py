"""The life of a resource: provisioned when its order is completed, renewed, expired, frozen, released.

in use -> (expiry) grace period -> (end of it) retention period, frozen -> (end of it) released; a renewal brings it
back. Source: rules of resources; the lengths of both periods are settings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from mockserver.domain.catalogue import catalogue
from mockserver.domain.ids import digest
from mockserver.domain.orders import PURCHASE, RENEWAL, Line, Order, Part, shares
from mockserver.domain.products import ONE_OFF, Product, end_of_term
from mockserver.domain.resources import (
    CLOSED,
    CONVERT,
    DELETE,
    EDGES,
    EXPIRED,
    FREEZE,
    FROZEN,
    GRACE,
    IN_USE,
    Resource,
    Term,
)
from mockserver.domain.sandbox import Sandbox
from mockserver.domain.timeline import Event, on_due
from mockserver.services.orders.ordering import OVERTAKEN, cancel_order, completes
from mockserver.services.packages.providing import provide_package, renew_package
from mockserver.services.resources.deduction import plan_deduction

NEVER = datetime.max
DEFAULT_PROJECT = "0"
"""The enterprise project of what belongs to none."""


# Provisioning


@completes(PURCHASE)
def provision(sandbox: Sandbox, order: Order, now: datetime) -> Order:
    """Create what was bought: for each line as many resources as pieces. Attached ones are spread over those of their
    main line."""
    created: dict[str, tuple[str, ...]] = {}
    for line in order.lines:
        mains = created.get(line.main, ())
        created[line.id] = tuple(_create(sandbox, order, line, mains, now))
    lines = (_provisioned(sandbox, line, created[line.id]) for line in order.lines)
    return replace(order, lines=tuple(lines))


def _create(sandbox: Sandbox, order: Order, line: Line, mains: tuple[str, ...], now: datetime) -> Iterator[str]:
    payables = shares(line.payable, [line.payable] * line.quantity)
    each = list(_divided(line))
    for number in range(line.quantity):
        main_id = mains[number * len(mains) // line.quantity] if mains else ""
        term = Term(
            order_id=order.id,
            starts_on=now,
            ends_on=_first_end(line, now),
            period_type=line.period_type,
            period_num=line.period_num or 1,
            payable=payables[number],
            parts=each[number],
        )
        yield _new_resource(sandbox, order, line, term, main_id, number).resource_id


def _divided(line: Line) -> Iterator[tuple[Part, ...]]:
    """What each piece of a line was paid with."""
    weights = shares(line.payable, [line.payable] * line.quantity)
    columns = [shares(part.amount, weights) for part in line.parts]
    for number in range(line.quantity):
        pairs = zip(line.parts, columns, strict=True)
        yield tuple(replace(part, amount=column[number]) for part, column in pairs if column[number])


def _first_end(line: Line, now: datetime) -> datetime:
    """One-off products do not expire."""
    if line.period_type == ONE_OFF:
        return NEVER.replace(tzinfo=now.tzinfo)
    return end_of_term(now, line.period_type, line.period_num or 1)


def _new_resource(sandbox: Sandbox, order: Order, line: Line, term: Term, main_id: str, number: int) -> Resource:
    resource_id, product = sandbox.ids.uuid("resource"), line.product
    resource = Resource(
        id=sandbox.ids.hex32("subscription"),
        resource_id=resource_id,
        customer_id=order.customer_id,
        product=product,
        product_id=line.product_id,
        name=line.names[number] if number < len(line.names) else _name(line, resource_id),
        project_id=digest("project", order.customer_id, product.region, size=16),
        created_on=term.starts_on,
        updated_on=term.starts_on,
        terms=(term,),
        main_id=main_id,
        policy=usual_policy(product),
        project=order.project,
        traits=line.traits,
    )
    sandbox.resources.put(resource_id, resource)
    plan_expiry(sandbox, resource)
    if product.is_package:
        _provide_package(sandbox, order, resource)
    return resource


def _provide_package(sandbox: Sandbox, order: Order, resource: Resource) -> None:
    """A bought package is a resource too: as such it is renewed and unsubscribed."""
    project_id, _ = resource.project
    provide_package(
        sandbox,
        sandbox.customers[order.customer_id],
        resource.product.in_catalogue,
        resource.product.region,
        product_id=resource.product_id,
        effective=resource.effective_on,
        expires=resource.expires_on,
        order_id=order.id,
        enterprise_project="" if project_id == DEFAULT_PROJECT else project_id,
        instance_id=resource.resource_id,
    )


def usual_policy(product: Product) -> int:
    """What happens at the expiry if nothing else is chosen: packages have nothing that could be kept."""
    return DELETE if product.is_package else GRACE


def _name(line: Line, resource_id: str) -> str:
    return f"{catalogue().services[line.product.service].abbreviation.lower()}-{resource_id[:4]}"


def _provisioned(sandbox: Sandbox, line: Line, created: tuple[str, ...]) -> Line:
    first = sandbox.resources[created[0]]
    return replace(line, resources=created, effective_on=first.effective_on, expires_on=first.expires_on)


# Renewal


@completes(RENEWAL)
def extend(sandbox: Sandbox, order: Order, now: datetime) -> Order:
    """Add the paid term to each resource; what is expired or frozen is in use again."""
    for line in order.lines:
        assert line.effective_on and line.expires_on, "a renewal knows its term from the beginning"
        term = Term(
            order_id=order.id,
            starts_on=line.effective_on,
            ends_on=line.expires_on,
            period_type=line.period_type,
            period_num=line.period_num or 1,
            payable=line.payable,
            parts=line.parts,
        )
        renew(sandbox, sandbox.resources[line.resources[0]], term, now)
    return order


def renew(sandbox: Sandbox, resource: Resource, term: Term, now: datetime) -> Resource:
    """A further term. Where even that is over already, the expiry falls due at once. What is frozen for another reason
    than its expiry stays so."""
    renewed = replace(resource, terms=(*resource.terms, term), updated_on=now)
    sandbox.resources.put(renewed.resource_id, renewed)
    status = FROZEN if renewed.frozen_by else IN_USE
    if renewed.status != status:
        renewed = move(sandbox, renewed, status, now)
    plan_expiry(sandbox, renewed)
    if renewed.product.is_package:
        renew_package(sandbox, renewed.resource_id, term.starts_on, term.ends_on, term.order_id)
    return plan_deduction(sandbox, renewed, now)


def take_terms_back(sandbox: Sandbox, resource: Resource, terms: tuple[Term, ...], now: datetime) -> Resource:
    """Shorten a resource by its last terms."""
    kept = tuple(one for one in resource.terms if one not in terms)
    shortened = sandbox.resources.put(resource.resource_id, replace(resource, terms=kept, updated_on=now))
    plan_expiry(sandbox, shortened)
    return plan_deduction(sandbox, shortened, now)


# Expiry


def plan_expiry(sandbox: Sandbox, resource: Resource) -> None:
    if resource.expires_on.replace(tzinfo=None) < NEVER:
        sandbox.timeline.plan(resource.expires_on, "resource_expiry", resource_id=resource.resource_id)


@on_due("resource_expiry")
def expire(sandbox: Sandbox, event: Event) -> None:
    """At the end of the last term the policy of the resource decides; one that was renewed meanwhile goes on."""
    resource = sandbox.resources[event.data["resource_id"]]
    if resource.status not in (IN_USE, FROZEN) or resource.expires_on != event.due:
        return
    if resource.policy == DELETE:
        end(sandbox, resource, event.due)
    elif resource.policy == CONVERT:
        sandbox.timeline.plan(event.due, "resource_conversion", resource_id=resource.resource_id)
    elif resource.policy == FREEZE or resource.status == FROZEN:
        freeze(sandbox, resource, event.due)
    else:
        move(sandbox, resource, EXPIRED, event.due)
        _plan(sandbox, resource, "resource_freezing", sandbox.setting("grace_days"), event.due)


@on_due("resource_freezing")
def end_grace(sandbox: Sandbox, event: Event) -> None:
    resource = sandbox.resources[event.data["resource_id"]]
    if resource.status == EXPIRED and resource.expires_on == event.data["expiry"]:
        freeze(sandbox, resource, event.due)


def freeze(sandbox: Sandbox, resource: Resource, now: datetime) -> None:
    """Keep the data of a resource that is not usable any more, for the retention period."""
    if resource.status != FROZEN:
        resource = move(sandbox, resource, FROZEN, now)
    _plan(sandbox, resource, "resource_release", sandbox.setting("retention_days"), now)


@on_due("resource_release")
def end_retention(sandbox: Sandbox, event: Event) -> None:
    resource = sandbox.resources[event.data["resource_id"]]
    if resource.status == FROZEN and resource.expires_on == event.data["expiry"]:
        end(sandbox, resource, event.due)


def end(sandbox: Sandbox, resource: Resource, now: datetime) -> None:
    """Release a resource whose time is over, unless an order for it is being processed, which decides what it becomes:
    a renewal that was paid in time comes in time."""
    order = sandbox.orders.get(resource.order_id)
    if order is None or order.is_unpaid:
        release(sandbox, resource, now)


def release(sandbox: Sandbox, resource: Resource, now: datetime) -> Resource:
    """Delete a resource. An unpaid order for it comes to nothing."""
    overtake(sandbox, resource)
    return move(sandbox, sandbox.resources[resource.resource_id], CLOSED, now)


def overtake(sandbox: Sandbox, resource: Resource) -> None:
    """Cancel the unpaid order for a resource that is not any more what it was when ordered."""
    order = sandbox.orders.get(resource.order_id)
    if order is not None and order.is_unpaid:
        cancel_order(sandbox, sandbox.orders[order.combination_id or order.id], OVERTAKEN)


def move(sandbox: Sandbox, resource: Resource, status: int, now: datetime) -> Resource:
    """Bring a resource into its next state, along a documented edge."""
    assert status in EDGES[resource.status], f"a resource does not go from {resource.status} to {status}"
    moved = replace(resource, status=status, updated_on=now)
    return sandbox.resources.put(moved.resource_id, moved)


def _plan(sandbox: Sandbox, resource: Resource, kind: str, days: int, now: datetime) -> None:
    due = now + timedelta(days=days)
    sandbox.timeline.plan(due, kind, resource_id=resource.resource_id, expiry=resource.expires_on)
