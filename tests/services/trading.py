"""Words of the trade tests: ordering in the console, paying, running resources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.driver import Answer, Caller, World

REGION = {"cn": "cn-north-4", "intl": "ap-southeast-1"}
ECS, EBS = "hws.service.type.ec2", "hws.service.type.ebs"
VM, VOLUME = "hws.resource.type.vm", "hws.resource.type.volume"


def server(world: World, **fields: Any) -> dict[str, Any]:
    """An item: an ECS at 32.20 CNY a month."""
    return {"service": ECS, "resource": VM, "spec": "s6.small.1.linux", "region": REGION[world.site], **fields}


def disk(world: World, size: int = 40, **fields: Any) -> dict[str, Any]:
    """An item: an EVS disk at 1.00 CNY for a GB and a month."""
    return {"service": EBS, "resource": VOLUME, "spec": "SSD", "region": REGION[world.site], "size": size, **fields}


def package(world: World, **fields: Any) -> dict[str, Any]:
    """An item: 500 GB of CDN traffic at 86.00 CNY a month."""
    cdn = {"service": "hws.service.type.cdn", "resource": "hws.resource.type.cdn", "spec": "cdn.package.flow.500gb"}
    return {**cdn, "region": REGION[world.site], **fields}


def order(world: World, *items: dict[str, Any], customer: str = "demo-customer", **fields: Any) -> str:
    """An unpaid order, of a server for a month if nothing else is said; its id."""
    placed = world.place("orders", customer=customer, items=list(items) or [server(world)], **fields)
    return str(placed["id"])


def pay(caller: Caller, order_id: str, *coupons: tuple[str, int], discount: tuple[str, int] | None = None) -> Answer:
    """Pay with coupons and a discount, each an id and a type."""
    body: dict[str, Any] = {"order_id": order_id, "use_coupon": "NO", "use_discount": "NO"}
    if coupons:
        body |= {"use_coupon": "YES", "coupon_infos": [{"id": one, "type": kind} for one, kind in coupons]}
    if discount:
        body |= {"use_discount": "YES", "discount_infos": [{"id": discount[0], "type": discount[1]}]}
    return caller("PayOrders", body)


def fund(world: World, amount: str = "10000", customer: str = "demo-customer") -> None:
    """Give a customer something to pay with: what its partner allocates in China, abroad an account that is not
    frozen."""
    if world.site == "cn":
        world.place("customers", name=customer, allocated=amount)
    else:
        world.place("customers", name=customer, freeze_type="")


def buy(world: World, *items: dict[str, Any], coupons: Sequence[tuple[str, int]] = (), **fields: Any) -> list[str]:
    """Running resources of the demo customer, paid and provisioned; their ids, in the order of the items."""
    fund(world)
    order_id = order(world, *items, **fields)
    pay(world.customer, order_id, *coupons).ok  # noqa: B018
    world.advance("PT5S")
    return [one["resource_id"] for one in world.look("resources") if one["terms"][0]["order_id"] == order_id]
