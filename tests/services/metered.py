"""Words of the tests about usage: packages, pay-per-use resources, what is left, what was charged."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.driver import Caller, World

INFOS, USAGES, RECORDS = "ListFreeResourceInfos", "ListFreeResourceUsages", "ListFreeResourcesUsageRecords"
REGION = {"cn": "cn-north-4", "intl": "ap-southeast-1"}
SERVICES = {"obs": "obs", "cdn": "cdn", "smn": "smn", "vm": "ec2", "volume": "ebs", "bandwidth": "vpc"}
STORAGE, BUNDLE, DOWNLOAD = "obs.package.standard.40gb", "obs.package.bundle.100gb", "obs.package.download.100gb"
MONTHLY, REQUESTS = "cdn.package.flow.500gb", "smn.package.request.10k"


def product(world: World, resource: str, spec: str, **fields: Any) -> dict[str, Any]:
    """The four keys, for the demo customer."""
    return {
        "customer": "demo-customer",
        "service": f"hws.service.type.{SERVICES[resource]}",
        "resource": f"hws.resource.type.{resource}",
        "spec": spec,
        "region": REGION[world.site],
        **fields,
    }


def package(world: World, spec: str = STORAGE, **fields: Any) -> dict[str, Any]:
    """A package of the demo customer, as it was placed."""
    placed: dict[str, Any] = world.place("packages", **product(world, spec.partition(".")[0], spec, **fields))
    return placed


def bucket(world: World, usage: dict[str, Any] | None = None, **fields: Any) -> str:
    """An object storage bucket of the demo customer; its id. It uses nothing by itself if nothing is said."""
    return str(world.place("on_demand_resources", **product(world, "obs", "obs", usage=usage or {}, **fields))["id"])


def server(world: World, **fields: Any) -> str:
    """A running server of the demo customer, in China at 0.06 yuan an hour; its id."""
    placed = world.place("on_demand_resources", **product(world, "vm", "s6.small.1.linux", **fields))
    return str(placed["id"])


def topic(world: World, **fields: Any) -> str:
    """A notification topic of the demo customer, at 0.01 yuan a request; its id."""
    placed = world.place("on_demand_resources", **product(world, "smn", "smn", **fields))
    return str(placed["id"])


def use(world: World, resource: str, amount: Any, usage_type: str = "size") -> dict[str, Any]:
    """Use something once; the charge."""
    placed: dict[str, Any] = world.place("usages", resource=resource, usage_type=usage_type, amount=amount)
    return placed


def infos(caller: Caller, **filters: Any) -> list[dict[str, Any]]:
    """The rows of ListFreeResourceInfos."""
    answer = caller(INFOS, {"limit": 1000, **filters})
    rows: list[dict[str, Any]] = answer["free_resource_packages"]
    assert answer["total_count"] == len(rows)
    return rows


def instances(caller: Caller, **filters: Any) -> list[str]:
    return [row["order_instance_id"] for row in infos(caller, **filters)]


def usages(caller: Caller, *items: str, **headers: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = caller(USAGES, {"free_resource_ids": list(items)}, **headers)["free_resources"]
    return rows


def records(caller: Caller, begin: str = "2026-03-01", end: str = "2026-03-31", **filters: Any) -> list[dict[str, Any]]:
    answer = caller(RECORDS, deduct_time_begin=begin, deduct_time_end=end, limit=1000, **filters)
    rows: list[dict[str, Any]] = answer["free_resource_records"]
    assert answer["total_count"] == len(rows)
    return rows


def left(world: World) -> list[str]:
    """What is left of each item, in the order of placing."""
    return [item["amount"] for row in reversed(infos(world.customer)) for item in row["free_resources"]]


def money(world: World, name: str = "customer") -> Any:
    """What a customer can pay with, credit not counted."""
    return world.caller(name)("ShowCustomerAccountBalances")["account_balances"][0]["amount"]


def owed(world: World, name: str = "customer") -> Any:
    return world.caller(name)("ShowCustomerAccountBalances")["debt_amount"]


def charged(world: World) -> Decimal:
    """All that usage cost, with what is still less than a cent."""
    return sum((Decimal(one["amount"]) for one in world.look("usage_charges")), Decimal(0))
