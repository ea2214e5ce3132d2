"""Metering: what pay-per-use resources used is settled on the clock, and paid.

Packages cover usage first. The rest costs its list price less the customer's discount, cut off at 8 decimals. Money
moves in cents: what is less waits for the next settlement. What cannot be paid is owed, and arrears bring resources
into the grace period, then freeze them, then close them. Source: api-oce (bills), rules of bills and packages.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from mockserver.domain.catalogue import UsageType, catalogue, usage_offering_id
from mockserver.domain.clock import CHINA
from mockserver.domain.discounts import PAY_PER_USE
from mockserver.domain.entities import RESELLER_MODEL, Customer
from mockserver.domain.ledger import ZERO, Trade
from mockserver.domain.pricing import Item, Line, exactly, first_discounts
from mockserver.domain.products import Product, money
from mockserver.domain.sandbox import Sandbox
from mockserver.domain.timeline import Event, on_due
from mockserver.domain.usage import CLOSED, EDGES, FROZEN, GRACE, NORMAL, RUNNING, OnDemandResource, Usage, UsageCharge
from mockserver.services.discounts import discounts_in_force
from mockserver.services.packages.deducting import deduct, quantity
from mockserver.services.spending import charge, owe, purse, repay

CHARGE_DECIMALS = 8
_HOUR = timedelta(hours=1)


# Settlements


def plan_settlement(sandbox: Sandbox, customer_id: str) -> None:
    """Have the customer's usage settled at the next full hour, or as many hours of China time as the setting says."""
    if customer_id in sandbox.settlements:
        return
    due = _next_settlement(sandbox.now, sandbox.setting("usage_settlement_hours"))
    event = sandbox.timeline.plan(due, "usage_settlement", customer_id=customer_id)
    sandbox.settlements.put(customer_id, event.id)


def _next_settlement(now: datetime, hours: int) -> datetime:
    midnight = now.astimezone(CHINA).replace(hour=0, minute=0, second=0)
    step = hours * _HOUR
    return (midnight + ((now - midnight) // step + 1) * step).astimezone(now.tzinfo)


@on_due("usage_settlement")
def settle_customer(sandbox: Sandbox, event: Event) -> None:
    """Settle what all resources of a customer used, then look after those of a customer in arrears."""
    customer = sandbox.customers[event.data["customer_id"]]
    sandbox.settlements.remove(customer.id)
    repay(sandbox, customer, event.due)
    for resource in _alive(sandbox, customer):
        settle(sandbox, resource, event.due)
    review(sandbox, customer, event.due)
    if _alive(sandbox, customer):
        plan_settlement(sandbox, customer.id)


def _alive(sandbox: Sandbox, customer: Customer) -> list[OnDemandResource]:
    return [one for one in sandbox.on_demand_resources if one.customer_id == customer.id and one.is_alive]


def settle(sandbox: Sandbox, resource: OnDemandResource, until: datetime) -> OnDemandResource:
    """Charge what a resource used by itself until a moment. A frozen one uses nothing."""
    start, running = resource.metered_until, resource.status in RUNNING
    if until <= start:
        return resource
    resource = sandbox.on_demand_resources.put(resource.id, replace(resource, metered_until=until))
    for code, per_hour in resource.usage.items() if running else ():
        with exactly():
            amount = per_hour * Decimal((until - start).total_seconds()) / Decimal(_HOUR.total_seconds())
        record_usage(sandbox, resource.id, code, amount, start, until)
    return sandbox.on_demand_resources[resource.id]


# Charges


def record_usage(
    sandbox: Sandbox, resource_id: str, code: str, amount: Decimal, start: datetime, end: datetime
) -> UsageCharge:
    """Cover `amount` of a usage type with packages, and charge the rest."""
    resource = sandbox.on_demand_resources[resource_id]
    customer, usage = sandbox.customers[resource.customer_id], _usage_type(resource, code)
    used = Usage(usage.code, quantity(amount), usage.measure, start, end)
    rest = deduct(sandbox, customer, resource, used)
    line = _priced(sandbox, customer, resource.product, usage, rest)
    payments, owed = _collect(sandbox, customer, _whole_cents(sandbox, resource, code, line.amount), end)
    made = UsageCharge(
        id=sandbox.ids.serial("usage_charge", end),
        customer_id=customer.id,
        partner_id=customer.partner_id,
        resource_id=resource.id,
        product=resource.product,
        product_id=line.item.product_id,
        enterprise_project=resource.enterprise_project,
        usage_type=used.usage_type,
        measure=used.measure,
        usage=used.amount,
        covered=used.amount - rest,
        list_amount=line.list_price + 0,  # 0 brings 1E+2 into the form 100
        amount=line.amount + 0,
        payments=payments,
        owed=owed,
        time=sandbox.now,
        starts_on=start,
        ends_on=end,
    )
    return sandbox.usage_charges.put(made.id, made)


def _usage_type(resource: OnDemandResource, code: str) -> UsageType:
    usage = catalogue().usage_type(resource.product.resource, code)
    assert usage is not None, "resources use what is charged"
    return usage


def _priced(sandbox: Sandbox, customer: Customer, product: Product, usage: UsageType, amount: Decimal) -> Line:
    """The list price of usage, and what it costs with the discount that comes first. Time costs by size."""
    spec = product.in_catalogue
    price = catalogue().price(spec, sandbox.site)
    assert price is not None, "what is on sale has a price"
    size = product.size if product.size and catalogue().is_time(usage, sandbox.site) else Decimal(1)
    with exactly():
        exact = price.usage[usage.code] * amount * size
    product_id = usage_offering_id(spec, usage, product.region, sandbox.site)
    item = Item(usage.code, product_id, product.service, spec.code, PAY_PER_USE, exact)
    discounts = discounts_in_force(sandbox, customer, sandbox.now)
    return first_discounts([item], discounts, CHARGE_DECIMALS).lines[0]


def _whole_cents(sandbox: Sandbox, resource: OnDemandResource, code: str, amount: Decimal) -> Decimal:
    """The cents that can be charged now; the rest stays with the resource."""
    due = amount + resource.fractions.get(code, ZERO)
    cents = money(due)
    fractions = {**resource.fractions, code: due - cents}
    sandbox.on_demand_resources.put(resource.id, replace(resource, fractions=fractions))
    return cents


def _collect(
    sandbox: Sandbox, customer: Customer, amount: Decimal, now: datetime
) -> tuple[tuple[tuple[str, Decimal], ...], Decimal]:
    """Take an amount from what the customer pays with, and what is missing as arrears. In the reseller model nothing
    is missing: the partner is billed."""
    payable = amount if customer.association_type == RESELLER_MODEL else min(amount, purse(sandbox, customer))
    payments = charge(sandbox, customer, payable, Trade.USAGE, now) if payable > 0 else []
    missing = amount - payable
    if missing > 0:
        owe(sandbox, customer, sandbox.ledger.arrears(customer.id) + missing, now)
    return tuple(payments), missing


# Arrears


def review(sandbox: Sandbox, customer: Customer, now: datetime) -> None:
    """What arrears do to a customer's resources, and what their end does."""
    change = _worsen if sandbox.ledger.arrears(customer.id) > 0 else _recover
    for resource in _alive(sandbox, customer):
        change(sandbox, resource, now)


def _recover(sandbox: Sandbox, resource: OnDemandResource, now: datetime) -> None:
    """Nothing is owed any more. The time in which a resource was frozen costs nothing."""
    if resource.status == FROZEN:
        resource = replace(resource, metered_until=max(now, resource.metered_until))
    if resource.status != NORMAL:
        move(sandbox, resource, NORMAL, now)


def _worsen(sandbox: Sandbox, resource: OnDemandResource, now: datetime) -> None:
    if resource.status == NORMAL:
        resource = move(sandbox, resource, GRACE, now)
    if resource.status == GRACE and _lasted(resource, sandbox.setting("grace_days"), now):
        resource = move(sandbox, resource, FROZEN, now)
    if resource.status == FROZEN and _lasted(resource, sandbox.setting("retention_days"), now):
        move(sandbox, resource, CLOSED, now)


def _lasted(resource: OnDemandResource, days: int, now: datetime) -> bool:
    return resource.status_since is not None and (now - resource.status_since).days >= days


def move(sandbox: Sandbox, resource: OnDemandResource, status: int, now: datetime) -> OnDemandResource:
    """Bring a resource into its next state. A closed one ends."""
    assert status in EDGES[resource.status], f"a resource does not go from {resource.status} to {status}"
    expires = now if status == CLOSED else resource.expires_on
    moved = replace(resource, status=status, status_since=now, expires_on=expires)
    return sandbox.on_demand_resources.put(moved.id, moved)
