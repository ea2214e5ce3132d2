"""Words of the tests about paying: coupons, cards, discounts, and what an order was paid with."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from tests.driver import World

TYPES = {"discount": 300, "voucher": 301, "flexi": 302}
CUSTOMER = "demo-customer"


def coupon(world: World, amount: str = "10", **fields: Any) -> tuple[str, int]:
    """A coupon of the vendor for the demo customer: its id, and its type in payments."""
    placed = world.place("coupons", **{"account": CUSTOMER, "amount": amount, **fields})
    return placed["id"], TYPES[fields.get("type", "voucher")]


def limit(key: str, *values: str) -> dict[str, Any]:
    """A restriction of coupons."""
    return {"limit_key": key, "limit_values": [[value, ""] for value in values]}


def card(world: World, amount: str = "10", **fields: Any) -> tuple[str, int]:
    placed = world.place("stored_value_cards", **{"customer": CUSTOMER, "face_value": amount, **fields})
    return placed["id"], 303


def discount(world: World, kind: str = "commercial", ratio: str = "0.8", **fields: Any) -> tuple[str, int]:
    """A discount of the demo customer: its id, and its type in payments."""
    placed = world.place("discounts", **{"customer": CUSTOMER, "kind": kind, "ratio": ratio, **fields})
    return placed["id"], 2 if kind == "commercial" else 3


def offer(world: World, order_id: str) -> tuple[str, int]:
    """The discount of one order only."""
    [one] = world.look("orders", id=order_id)[0]["offers"]
    return one["id"], one["kind"]


def status(world: World, order_id: str) -> int:
    return int(world.look("orders", id=order_id)[0]["status"])


def paid_with(world: World, order_id: str) -> dict[str, Decimal]:
    """What an order was paid with, by kind of means; money by its book."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for line in world.look("orders", id=order_id)[0]["lines"]:
        for part in line["parts"]:
            found[part["place"] if part["kind"] == "money" else part["kind"]] += Decimal(part["amount"])
    return dict(found)


def balance(world: World, book: str = "allocated", customer: str = CUSTOMER) -> Decimal:
    [account] = world.look("customers", name=customer)
    [row] = world.look("ledger_accounts", owner_id=account["id"], book=book)
    return Decimal(row["balance"])


def left_of(world: World, coupon_id: str) -> Decimal:
    return Decimal(world.look("coupons", id=coupon_id)[0]["balance"])
