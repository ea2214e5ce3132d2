"""How packages come into being and end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from mockserver.domain.catalogue import PackageContent, Spec, catalogue
from mockserver.domain.catalogue import PackageItem as Content
from mockserver.domain.entities import Customer
from mockserver.domain.packages import Package, PackageItem
from mockserver.domain.sandbox import Sandbox


def provide_package(
    sandbox: Sandbox,
    customer: Customer,
    spec: Spec,
    region: str,
    *,
    product_id: str,
    effective: datetime,
    expires: datetime,
    order_id: str = "",
    enterprise_project: str = "",
    instance_id: str = "",
) -> Package:
    """Give a customer a package: one that it bought, or without an order a gift. With an enterprise project, only that
    may use it. Raises `KeyError` where the catalogue does not say what the specification contains."""
    content = catalogue().packages[spec.code, spec.resource]
    package = Package(
        id=instance_id or sandbox.ids.uuid("package"),
        customer_id=customer.id,
        product_id=product_id,
        resource=spec.resource,
        spec=spec.code,
        region=region,
        effective_on=effective,
        expires_on=expires,
        items=_items(sandbox, content, effective),
        order_id=order_id,
        project_id=enterprise_project,
    )
    return sandbox.packages.put(package.id, package)


def renew_package(sandbox: Sandbox, package_id: str, starts: datetime, ends: datetime, order_id: str = "") -> Package:
    """Make the term from `starts` to `ends` the package's last one.

    A further term is a package of its own with whole quotas, not in effect before the one ahead of it ends; one that
    follows `starts` is taken back. Source: api-bpconsole/api_order_00028.
    """
    first = sandbox.packages[package_id]
    for one in terms(sandbox, first):
        if one.effective_on > starts:
            sandbox.packages.put(one.id, replace(one, unsubscribed_on=sandbox.now))
    known = next((one for one in terms(sandbox, first) if one.effective_on == starts), None)
    renewed = known or replace(
        first,
        id=sandbox.ids.uuid("package"),
        effective_on=starts,
        items=_items(sandbox, first.content, starts),
        order_id=order_id or first.order_id,
        renews=first.id,
    )
    return sandbox.packages.put(renewed.id, replace(renewed, expires_on=ends))


def unsubscribe_package(sandbox: Sandbox, package: Package, now: datetime) -> Package:
    """End a package and its renewals."""
    for one in terms(sandbox, package):
        sandbox.packages.put(one.id, replace(one, unsubscribed_on=now))
    return sandbox.packages[package.id]


def terms(sandbox: Sandbox, package: Package) -> list[Package]:
    """A package and its renewals, as far as they are not unsubscribed."""
    first = package.renews or package.id
    return [one for one in sandbox.packages if first in (one.id, one.renews) and one.unsubscribed_on is None]


def _items(sandbox: Sandbox, content: PackageContent, effective: datetime) -> tuple[PackageItem, ...]:
    return tuple(_item(sandbox, content.resource, item, effective) for item in content.items)


def _item(sandbox: Sandbox, resource: str, item: Content, effective: datetime) -> PackageItem:
    usage = catalogue().usage_type(resource, item.usage)
    assert usage is not None, "packages contain what is charged"
    item_id, whole = sandbox.ids.uuid("free_resource"), item.amount
    return PackageItem(item_id, usage.code, usage.measure, whole, whole, cycle_start=effective)
