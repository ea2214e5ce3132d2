"""What customers see of their packages: what is left, and which usage took it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.catalogue import catalogue
from mockserver.domain.clock import china_day, later
from mockserver.domain.packages import CALENDAR, NOT_IN_EFFECT, Deduction, Package, PackageItem
from mockserver.services.acting import calling_customer
from mockserver.services.packages.providing import terms
from mockserver.services.paging import page
from mockserver.services.registry import serves

SHOWN_AFTER_THE_END = "P18M"
LONGEST_SPAN = 90
"""Days from the first to the last day of deductions."""

RESETTABLE, NOT_RESETTABLE = 1, 2
BY_CALENDAR, BY_SUBSCRIPTION = 1, 2
ALL_PROJECTS, ONE_PROJECT = 0, 1
FROM_ORDER, GIFT = 0, 1
DEFAULT_PROJECT = "0"
"""What a package of no enterprise project answers as its project."""


@serves("ListFreeResourceInfos")
def list_packages(call: Call) -> Answer:
    """The calling customer's packages, the newest first, with what is left of each item as a text.

    Packages of enterprise projects come only when the project is named. Source: api-bpconsole/api_order_00027.
    """
    matching = [one for one in reversed(_visible(call)) if _matches(call, one)]
    found = sorted(matching, key=lambda one: one.effective_on, reverse=True)
    return {
        "free_resource_packages": [_package_row(call, one) for one in page(call, found)],
        "total_count": len(found),
    }


@serves("ListFreeResourceUsages")
def list_usages(call: Call) -> Answer:
    """What is left of single items, as numbers, with their current cycle. For the item of a renewal that is not in
    effect yet the one in effect is answered. Source: api-bpconsole/api_order_00028.
    """
    items = {item.free_resource_id: (one, item) for one in _visible(call) for item in one.items}
    asked = [items[item_id] for item_id in call.body["free_resource_ids"] if item_id in items]
    present = [_present(call, *one) for one in asked]
    shown = {item.free_resource_id: _usage_row(call, package, item) for package, item in present}
    return {"free_resources": list(shown.values())}


@serves("ListFreeResourcesUsageRecords")
def list_deductions(call: Call) -> Answer:
    """The single deductions on the China days asked for, newest first. Source: api-bpconsole/api_order_00029."""
    sent = call.parameters
    first, last = (date.fromisoformat(sent[name]) for name in ("deduct_time_begin", "deduct_time_end"))
    if (last - first).days > LONGEST_SPAN:
        raise call.refused("CBC.0100", f"{first} to {last} is more than {LONGEST_SPAN} days")
    customer, packages = calling_customer(call), call.sandbox.packages
    found = [
        one
        for one in call.sandbox.deductions
        if one.customer_id == customer.id
        and first <= china_day(one.time) <= last
        and sent.get("free_resource_id") in (None, one.free_resource_id)
        and sent.get("product_id") in (None, packages[one.package_id].product_id)
        and sent.get("resource_type_code") in (None, one.resource_type)
    ]
    found.reverse()
    return {
        "free_resource_records": [_deduction_row(call, one) for one in page(call, found)],
        "total_count": len(found),
    }


# What is asked for


def _visible(call: Call) -> list[Package]:
    """The calling customer's packages, as long as they can be queried."""
    customer, earliest_end = calling_customer(call), later(call.now, f"-{SHOWN_AFTER_THE_END}")
    return [one for one in call.sandbox.packages if one.customer_id == customer.id and one.ended_on >= earliest_end]


def _matches(call: Call, package: Package) -> bool:
    sent, facts = call.body, _facts(call, package)
    services = sent.get("service_type_code_list")
    project = sent.get("enterprise_project_id")
    return (
        all(sent.get(name) in (None, fact) for name, fact in facts.items())
        and (not services or facts["service_type_code"].lower() in {one.lower() for one in services})
        and (not package.project_id if project is None else project == _project(package))
    )


def _facts(call: Call, package: Package) -> dict[str, Any]:
    """What filters compare, under their names and those of the answer."""
    return {
        "order_id": package.order_id,
        "product_id": package.product_id,
        "product_name": _name(call, package),
        "status": package.state_at(call.now),
        "service_type_code": catalogue().owners[package.resource],
        "region_code": package.region,
    }


def _present(call: Call, package: Package, item: PackageItem) -> tuple[Package, PackageItem]:
    """The item, or that of the term in effect where its own has still to come."""
    if package.state_at(call.now) != NOT_IN_EFFECT:
        return package, item
    for one in terms(call.sandbox, package):
        same = one.item_for(item.usage_type)
        if one.effective_on <= call.now < one.expires_on and same is not None:
            return one, same
    return package, item


# Rows


def _package_row(call: Call, package: Package) -> dict[str, Any]:
    cycle_start, _ = package.cycle_at(call.now)
    service = catalogue().services[catalogue().owners[package.resource]]
    return {
        **_facts(call, package),
        "order_instance_id": package.id,
        "enterprise_project_id": _project(package),
        "enterprise_project_scope": ONE_PROJECT if package.project_id else ALL_PROJECTS,
        "effective_time": package.effective_on,
        "expire_time": package.expires_on,
        "service_type_name": service.name(call.names_language),
        "source_type": FROM_ORDER if package.order_id else GIFT,
        "bundle_type": "BUNDLE_PKG" if len(package.items) > 1 else "ATOMIC_PKG",
        "quota_reuse_mode": RESETTABLE if package.content.reset else NOT_RESETTABLE,
        "free_resources": [_item_row(call, package, item, cycle_start) for item in package.items],
    }


def _item_row(call: Call, package: Package, item: PackageItem, cycle_start: datetime) -> dict[str, Any]:
    return {
        "free_resource_id": item.free_resource_id,
        "usage_type_name": _usage_name(call, package, item),
        "amount": _text(item.left_in(cycle_start)),
        "original_amount": _text(item.original),
        "measure_id": item.measure,
    }


def _usage_row(call: Call, package: Package, item: PackageItem) -> dict[str, Any]:
    cycle_start, cycle_end = package.cycle_at(call.now)
    reset = package.content.reset
    by = BY_CALENDAR if reset and reset.by == CALENDAR else BY_SUBSCRIPTION
    return {
        "free_resource_id": item.free_resource_id,
        "free_resource_type_name": catalogue().resources[package.resource].name(call.names_language),
        "quota_reuse_cycle": reset.cycle if reset else None,
        "quota_reuse_cycle_type": by if reset else None,
        "usage_type_name": _usage_name(call, package, item),
        "start_time": cycle_start,
        "end_time": cycle_end,
        "amount": item.left_in(cycle_start),
        "original_amount": item.original,
        "measure_id": item.measure,
    }


def _deduction_row(call: Call, deduction: Deduction) -> dict[str, Any]:
    package = call.sandbox.packages[deduction.package_id]
    return {
        "deduct_time": deduction.time,
        "free_resource_id": deduction.free_resource_id,
        "resource_id": deduction.resource_id,
        "resource_type_code": deduction.resource_type,
        "resource_type_name": catalogue().resources[deduction.resource_type].zh,
        "resource_tag": "",
        "product_id": package.product_id,
        "product_name": catalogue().specs[package.spec, package.resource].zh,
        "usage_type_code": deduction.usage_type,
        "available_amount": _text(deduction.before),
        "remaining_amount": _text(deduction.after),
        "used_amount": _text(deduction.amount),
        "measure_id": deduction.measure,
        "effective_time": deduction.starts_on,
        "expire_time": deduction.ends_on,
    }


def _project(package: Package) -> str:
    return package.project_id or DEFAULT_PROJECT


def _name(call: Call, package: Package) -> str:
    return catalogue().specs[package.spec, package.resource].name(call.names_language)


def _usage_name(call: Call, package: Package, item: PackageItem) -> str:
    usage = catalogue().usage_type(package.resource, item.usage_type)
    assert usage is not None, "packages contain what is charged"
    return usage.name(call.names_language)


def _text(amount: Decimal) -> str:
    """A quantity with the digits it needs."""
    return f"{amount.normalize():f}"
