"""What customers order in the console: one order or several that are paid together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from contracts.model.comparing import Given
from contracts.model.machine import Rules, rows_of
from contracts.model.reference.orders import (
    APPROVAL,
    CONFIRMATION,
    NO_PROJECT,
    OPEN,
    PURCHASE,
    UNPAID,
    Line,
    Order,
    Orders,
)
from contracts.model.reference.people import Customer
from contracts.model.reference.prices import ADJUSTMENT, MONTH, PROMOTION, YEAR, Discount, Product
from contracts.model.reference.resources import Resources

STATES = {APPROVAL: "approval", CONFIRMATION: "confirmation", UNPAID: "pending_payment"}


@dataclass(frozen=True)
class Goods:
    """Pieces of a product, with what comes with each."""

    product: Product
    quantity: int = 1
    attached: tuple[Goods, ...] = ()
    traits: tuple[str, ...] = ()
    tag: str = ""
    """Gives a single piece a name, too."""

    def item(self, site: str, pieces: int = 1) -> dict[str, Any]:
        """As an order names it. Pieces of which there are several have names, to be told apart by."""
        pieces *= self.quantity
        names = list(self.names(pieces))
        said: dict[str, Any] = {"quantity": self.quantity, "names": names} if names else {}
        said |= {"attached": [one.item(site, pieces) for one in self.attached]} if self.attached else {}
        said |= {"traits": list(self.traits)} if self.traits else {}
        return {**self.product.item(site), **said}

    def names(self, pieces: int) -> tuple[str, ...]:
        word = self.product.resource.rpartition(".")[2]
        names = (f"{word}{self.product.size}-{self.tag}{pieces}-{number}" for number in range(pieces))
        return tuple(names) if pieces > 1 or self.tag else ()


@dataclass(frozen=True)
class Wish:
    """An order as it is placed. `off` is what the vendor takes off its price, `promotion` the ratio that is left of it;
    it may have to be paid within so many days."""

    goods: Sequence[Goods]
    period: int = MONTH
    number: int = 1
    off: Decimal | None = None
    promotion: Decimal | None = None
    project: tuple[str, str] = NO_PROJECT
    user: str = ""
    contract: str = ""
    days: int | None = None
    status: int = UNPAID

    def form(self, site: str, customer: Customer) -> dict[str, Any]:
        said: dict[str, Any] = {
            "price_adjustment": self.off,
            "promotion": self.promotion,
            "user": self.user,
            "contract": self.contract,
            "pay_before": f"P{self.days}D" if self.days else None,
            "status": STATES[self.status] if self.status != UNPAID else None,
        }
        if self.project != NO_PROJECT:
            said["enterprise_project"] = {"id": self.project[0], "name": self.project[1]}
        items = [one.item(site) for one in self.goods]
        term = {"period": "year" if self.period == YEAR else "month", "number": self.number}
        return {"customer": customer.name, "items": items, **term, **{k: v for k, v in said.items() if v}}

    def order(self, rules: Rules, customer: Customer, order_id: str) -> Order:
        """The order that it makes, without its discounts."""
        world = rules.world
        lines = list(self._lines(world.site, self.goods, None))
        order = Order(order_id, customer, PURCHASE, lines, world.now, world.of(Resources).provision, self.status)
        order.project, order.user, order.contract = self.project, self.user, self.contract
        order.pay_before = world.now + timedelta(days=self.days) if self.days else None
        return order

    def _lines(self, site: str, goods: Sequence[Goods], main: Line | None) -> Iterator[Line]:
        """What is attached comes behind its main line."""
        for one in goods:
            pieces = one.quantity * (main.quantity if main else 1)
            line = Line(one.product, self.period, self.number, self._price(site, one.product) * pieces, main)
            line.quantity, line.names, line.traits = pieces, one.names(pieces), frozenset(one.traits)
            yield line
            yield from self._lines(site, one.attached, line)

    def _price(self, site: str, product: Product) -> Decimal:
        return product.price(site, self.period, self.number)

    def offers(self, order: Order, ids: dict[int, str]) -> list[Discount]:
        """Its own discounts, by the ids of their kinds."""
        found = []
        if self.off is not None:
            found.append(Discount(ids[ADJUSTMENT], ADJUSTMENT, off=self.off, lines=order.lines))
        if self.promotion is not None:
            found.append(Discount(ids[PROMOTION], PROMOTION, self.promotion, lines=order.lines))
        return found


MOST_PIECES = 50
"""Resources that there are or may come into being: one page of a list shows them all."""


def is_full(rules: Rules) -> bool:
    """Whether enough was ordered."""
    waiting = [one for one in rules.world.of(Orders).orders if one.kind == PURCHASE and one.status in OPEN]
    pieces = sum(line.quantity for one in waiting for line in one.lines)
    return len(rules.world.of(Resources).resources) + pieces > MOST_PIECES


def place(rules: Rules, customer: Customer, wish: Wish) -> Order:
    """One order."""
    row = rules.play.place("orders", **wish.form(rules.world.site, customer))
    rules.play.name(row["id"], "order")
    order = wish.order(rules, customer, row["id"])
    order.offers = wish.offers(order, {one["kind"]: one["id"] for one in row["offers"]})
    return rules.world.of(Orders).place(order)


def place_combined(rules: Rules, customer: Customer, wishes: Sequence[Wish]) -> Order:
    """Several orders that are paid together; the ids of their discounts are told by the list of these."""
    forms = [one.form(rules.world.site, customer) for one in wishes]
    row = rules.play.place("combined_orders", orders=forms)
    rules.play.name(row["id"], "combination")
    members = [one.order(rules, customer, order_id) for one, order_id in zip(wishes, row["members"], strict=True)]
    lines = [line for one in members for line in one.lines]
    whole = Order(row["id"], customer, PURCHASE, lines, rules.world.now, lambda order: None, members=members)
    offered = any(one.off or one.promotion for one in wishes)
    ids = _offered(rules, whole) if offered else {}
    for wish, one in zip(wishes, members, strict=True):
        rules.play.name(one.id, "member")
        one.whole, one.offers = whole, wish.offers(one, ids)
    return rules.world.of(Orders).place(whole)


def _offered(rules: Rules, whole: Order) -> dict[int, str]:
    body = rules.call(whole.customer.role, "ListOrderDiscounts", Given(), order_id=whole.id)
    return {int(one["discount_type"]): str(one["discount_id"]) for one in rows_of(body, "discounts")}
