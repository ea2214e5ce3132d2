"""Words of the tests about giving up resources."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.driver import Answer, Caller, World


def resource(world: World, resource_id: str) -> dict[str, Any]:
    (row,) = world.look("resources", resource_id=resource_id)
    return row


def row(world: World, order_id: str) -> dict[str, Any]:
    """An order as it stands."""
    (found,) = world.look("orders", id=order_id)
    return found


def unsubscribe(caller: Caller, *resource_ids: str, kind: int = 1) -> Answer:
    return caller("CancelResourcesSubscription", {"resource_ids": list(resource_ids), "unsubscribe_type": kind})


def give_up(world: World, *resource_ids: str, kind: int = 1) -> dict[str, Any]:
    """Unsubscribe, and wait until it is done: the order."""
    (order_id,) = unsubscribe(world.customer, *resource_ids, kind=kind)["order_ids"]
    world.advance("PT5S")
    return row(world, order_id)


def renew(world: World, *resource_ids: str, paid: bool = True) -> None:
    """Renew for a month; the order is done, or awaits its payment."""
    body = {"resource_ids": list(resource_ids), "period_type": 2, "period_num": 1, "is_auto_pay": int(paid)}
    assert not world.customer("RenewalResources", body).ok.body.get("fail_resource_infos")
    world.advance("PT5S")


def returned(order_row: dict[str, Any]) -> Decimal:
    """What an unsubscription gave back."""
    return sum((Decimal(part["amount"]) for _, part in order_row["returns"]), Decimal(0))


def refunds(order_row: dict[str, Any]) -> list[tuple[str, str]]:
    """Type of the resource and amount of each record of the refund."""
    return [(one["product"]["resource"].split(".")[-1], one["amount"]) for one in order_row["refunds"]]


def allocated(world: World) -> Decimal:
    """What the demo customer has to spend in China."""
    (book,) = world.look("ledger_accounts", owner_id=world.customer.id, book="allocated")
    return Decimal(book["balance"])
