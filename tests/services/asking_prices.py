"""Words of the price tests: queries, products, discounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.driver import Answer, World

USAGE, PERIOD = "ListOnDemandResourceRatings", "ListRateOnPeriodDetail"
PROJECT = "d53dd32d4bc1458db1ba28e0c7a9b6f4"
EC2, VM = "hws.service.type.ec2", "hws.resource.type.vm"
MACHINE: dict[str, Any] = {
    "id": "1", "cloud_service_type": EC2, "resource_type": VM, "resource_spec": "s6.small.1.linux",
    "region": "cn-north-1", "subscription_num": 1, "usage_factor": "Duration", "usage_value": 1, "usage_measure_id": 4,
    "period_type": 2, "period_num": 1,
}  # fmt: skip
"""A line of both queries: each takes the fields that it knows."""
DISK = {
    **MACHINE, "id": "2", "cloud_service_type": "hws.service.type.ebs", "resource_type": "hws.resource.type.volume",
    "resource_spec": "GPSSD", "resource_size": 10, "size_measure_id": 17,
}  # fmt: skip
IN_HONG_KONG = {"region": "ap-southeast-1", "resource_spec": "s6.xlarge.4.linux"}


def ask(world: World, operation: str, *lines: dict[str, Any], caller: str = "customer", **fields: Any) -> Answer:
    return world.caller(caller)(operation, {"project_id": PROJECT, "product_infos": list(lines), **fields})


def price(world: World, line: dict[str, Any], **fields: Any) -> Decimal:
    """What one line costs by usage."""
    return Decimal(ask(world, USAGE, {**MACHINE, **line}, **fields)["official_website_amount"])


def period_price(world: World, **line: Any) -> Decimal:
    """What one line costs by period."""
    listed = ask(world, PERIOD, {**MACHINE, **line})["official_website_rating_result"]
    return Decimal(listed["official_website_amount"])


def choices(world: World, *lines: dict[str, Any]) -> list[tuple[int, Decimal, int]]:
    """Type, price and best_offer of each discount by period."""
    found = ask(world, PERIOD, *(lines or (MACHINE,)))["optional_discount_rating_results"]
    return [(one["discount_type"], one["amount"], one["best_offer"]) for one in found]


def grant(world: World, kind: str, ratio: float, **fields: Any) -> dict[str, Any]:
    placed: dict[str, Any] = world.place("discounts", customer="demo-customer", kind=kind, ratio=ratio, **fields)
    return placed
