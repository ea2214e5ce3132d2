"""Words of the tests about renewals and expiry."""

from __future__ import annotations

from typing import Any

from tests.driver import Answer, World
from tests.services.resources.leaving import resource
from tests.services.trading import buy, disk, fund, server

FAR = "2026-03-25T18:59:59Z"
"""Just before 03:00 in China, seven days before what was bought on 2 March for a month expires."""


def renewal(world: World, *resource_ids: str, period: int = 2, number: int = 1, paid: bool = False) -> Answer:
    """Ask for a renewal, for a month and to be paid later if nothing else is said."""
    body = {"resource_ids": list(resource_ids), "period_type": period, "period_num": number, "is_auto_pay": int(paid)}
    return world.customer("RenewalResources", body)


def failures(answer: Answer) -> dict[str, str]:
    """The codes of the resources that failed."""
    return {one["resource_id"]: one["error_code"] for one in answer.ok.body.get("fail_resource_infos", ())}


def until(world: World, moment: str) -> None:
    """Let time pass until a moment."""
    world.control("PUT", f"sandboxes/{world.id}/clock", {"now": moment}).ok  # noqa: B018


def expiry(world: World, resource_id: str) -> str:
    return str(resource(world, resource_id)["terms"][-1]["ends_on"])


def status(world: World, resource_id: str) -> int:
    return int(resource(world, resource_id)["status"])


def policy(world: World, resource_id: str) -> int:
    return int(resource(world, resource_id)["policy"])


def automatic(world: World, resource_id: str, **body: Any) -> Answer:
    """Turn automatic renewal on; without fields no body is sent at all."""
    return world.customer("AutoRenewalResources", body or None, resource_id=resource_id)


def manual(world: World, resource_id: str) -> Answer:
    """Turn automatic renewal off."""
    return world.customer("CancelAutoRenewalResources", resource_id=resource_id)


def configure(world: World, name: str, value: str) -> Answer:
    return world.customer("SetResourcesRenewConfig", {"config_name": name, "config_value": value})


def orders(world: World, kind: int = 2) -> list[dict[str, Any]]:
    """The orders for renewals, as they stand."""
    return [one for one in world.look("orders") if one["kind"] == kind]


def broke(world: World, amount: str = "0") -> None:
    """Leave the demo customer this much to spend (China)."""
    fund(world, amount)


def with_disk(world: World) -> tuple[str, str]:
    """A running server and the disk attached to it; their ids."""
    machine, volume = buy(world, server(world, attached=[disk(world)]))
    return machine, volume
