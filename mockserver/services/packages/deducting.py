"""How usage draws on packages before it costs money."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from mockserver.domain.catalogue import catalogue
from mockserver.domain.entities import Customer
from mockserver.domain.packages import Deduction, Package, PackageItem
from mockserver.domain.pricing import cut, exactly
from mockserver.domain.sandbox import Sandbox
from mockserver.domain.usage import OnDemandResource, Usage

USAGE_DECIMALS = 10
"""Of quantities; what is smaller is cut off."""


def deduct(sandbox: Sandbox, customer: Customer, resource: OnDemandResource, used: Usage) -> Decimal:
    """Draw usage from the customer's packages of the resource's type and region, and answer what they do not cover.

    The package that expires first is drawn first. Usage counts in the reset cycle in which it began.
    """
    rest = used.amount
    for package in _fitting(sandbox, customer, resource, used):
        item = package.item_for(used.usage_type)
        if item is not None and rest > 0:
            rest -= _draw(sandbox, package, item, resource, replace(used, amount=rest))
    return rest


def _fitting(sandbox: Sandbox, customer: Customer, resource: OnDemandResource, used: Usage) -> list[Package]:
    """The packages that the usage may draw on, in the order in which it does."""
    product = resource.product
    fitting = [
        one
        for one in sandbox.packages
        if (one.customer_id, one.resource, one.region) == (customer.id, product.resource, product.region)
        and one.project_id in ("", resource.enterprise_project)
        and one.is_used_by(used.starts_on, used.ends_on)
    ]
    return sorted(fitting, key=lambda one: (one.expires_on, one.effective_on))


def _draw(sandbox: Sandbox, package: Package, item: PackageItem, resource: OnDemandResource, used: Usage) -> Decimal:
    """Draw as much of the usage from one item as is left there; what was drawn, in the unit of the usage."""
    cycle_start, _ = package.cycle_at(used.starts_on)
    before = item.left_in(cycle_start)
    wanted = _converted(sandbox, used.amount, used.measure, item.measure)
    drawn = min(wanted, before)
    if drawn <= 0:
        return Decimal(0)
    sandbox.packages.put(package.id, package.with_item(item.used(drawn, cycle_start)))
    deduction = Deduction(
        id=sandbox.ids.serial("deduction", sandbox.now),
        customer_id=package.customer_id,
        package_id=package.id,
        free_resource_id=item.free_resource_id,
        resource_id=resource.id,
        resource_type=resource.product.resource,
        usage_type=item.usage_type,
        measure=item.measure,
        before=before,
        amount=drawn,
        time=sandbox.now,
        starts_on=used.starts_on,
        ends_on=used.ends_on,
    )
    sandbox.deductions.put(deduction.id, deduction)
    return used.amount if drawn == wanted else _converted(sandbox, drawn, item.measure, used.measure)


def _converted(sandbox: Sandbox, amount: Decimal, measure: int, into: int) -> Decimal:
    """A quantity in another unit; 0 where there is no way between the units."""
    if measure == into:
        return amount
    with exactly():
        converted = catalogue().convert(amount, measure, into, sandbox.site)
    return quantity(converted) if converted is not None else Decimal(0)


def quantity(amount: Decimal) -> Decimal:
    """A quantity without the digits that nobody sees."""
    return cut(amount, USAGE_DECIMALS) + 0  # 0 brings 4E+1 into the form 40
