"""Orders: placed, paid in parts or cancelled, processed, completed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from contracts.model.reference.money import charge
from contracts.model.reference.people import RESOLD, Customer
from contracts.model.reference.prices import COMMERCIAL, MONTHS, ON_STATEMENTS, Discount, Product
from contracts.model.reference.vouchers import Voucher, Vouchers
from contracts.model.reference.world import NOTHING, World, divided

if TYPE_CHECKING:
    from contracts.model.reference.resources import Resource

PROCESSING, CANCELLED, COMPLETED, UNPAID = 3, 4, 5, 6
PURCHASE, RENEWAL, UNSUBSCRIPTION, TO_ON_DEMAND = 1, 2, 4, 10
BY_CUSTOMER, BY_SYSTEM = 1, 8
PAYMENT_TIME, PROCESSING_TIME = timedelta(days=7), timedelta(seconds=5)
"""Set by the model itself: no page states the second."""
VOUCHER, MONEY = "voucher", "money"


@dataclass
class Part:
    """Of what was paid: from which voucher, or from which book."""

    kind: str
    place: str
    amount: Decimal


@dataclass
class Line:
    """What is ordered: a product for a time, new or for a resource that there is."""

    product: Product
    period: int
    number: int
    price: Decimal
    main: Line | None = None
    resource: Resource | None = None
    ends: datetime | None = None
    off: dict[str, Decimal] = field(default_factory=dict)
    """What was taken off, by the kind of discount."""
    parts: list[Part] = field(default_factory=list)

    @property
    def months(self) -> int:
        return MONTHS[self.period] * self.number

    @property
    def payable(self) -> Decimal:
        return self.price - sum(self.off.values(), NOTHING)

    @property
    def left(self) -> Decimal:
        return self.payable - sum((one.amount for one in self.parts), NOTHING)


@dataclass
class Order:
    """An order of a customer. `completion` does what was ordered. The id of one that the service placed by itself is
    told by the next listing."""

    id: str
    customer: Customer
    kind: int
    lines: list[Line]
    created: datetime
    completion: Callable[[Order], None]
    status: int = UNPAID
    source: int = BY_CUSTOMER
    paid: datetime | None = None
    overdue: bool = False
    offer: Discount | None = None
    returns: list[tuple[Order, Part]] = field(default_factory=list)
    """What an unsubscription gives back, each with the order that was paid with it."""
    consumed: Decimal = NOTHING
    fee: Decimal = NOTHING

    @property
    def price(self) -> Decimal:
        return sum((one.price for one in self.lines), NOTHING)

    @property
    def payable(self) -> Decimal:
        return sum((one.payable for one in self.lines), NOTHING)

    @property
    def resources(self) -> list[Resource]:
        return [one.resource for one in self.lines if one.resource is not None]

    def paid_with(self, kind: str) -> Decimal:
        return sum((part.amount for line in self.lines for part in line.parts if part.kind == kind), NOTHING)

    @property
    def off(self) -> dict[str, Decimal]:
        """What was taken off in all, by the kind of discount."""
        kinds = sorted({kind for line in self.lines for kind in line.off})
        return {kind: sum((line.off.get(kind, NOTHING) for line in self.lines), NOTHING) for kind in kinds}


class Orders:
    """All orders, and the discounts that they can be paid with."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.orders: list[Order] = []
        self.discounts: dict[str, list[Discount]] = {}
        """By the customer's id."""

    def of(self, customer: Customer) -> list[Order]:
        return [one for one in self.orders if one.customer is customer]

    def place(self, order: Order) -> Order:
        """A new order. One that awaits payment holds its resources, and is cancelled when it is not paid in time."""
        self.orders.append(order)
        for one in order.resources:
            one.order = order
        if order.status == UNPAID:
            self._world.plan(order.created + PAYMENT_TIME, lambda: self._end_unpaid(order))
        else:
            self._process(order)
        return order

    def cancel(self, order: Order) -> None:
        self._move(order, CANCELLED)

    def choices(self, order: Order) -> list[Discount]:
        """The discounts that take anything off. In the reseller model a customer has none of its own."""
        own = [] if order.customer.association == RESOLD else self.discounts.get(order.customer.id, [])
        found = [*own, *([order.offer] if order.offer else [])]
        return [one for one in found if self.saving(one, order) > 0]

    def saving(self, discount: Discount, order: Order) -> Decimal:
        return sum(discount.reductions([line.price for line in order.lines]), NOTHING)

    def usual(self, order: Order) -> Discount | None:
        """What an automatic payment takes: the commercial discount, else the one that saves the most."""

        def rank(one: Discount) -> tuple[bool, Decimal]:
            return one.kind == COMMERCIAL, self.saving(one, order)

        return max(self.choices(order), key=rank, default=None)

    def due(self, order: Order, discount: Discount | None, vouchers: Sequence[Voucher]) -> Decimal:
        """What is left for money, with a discount and vouchers."""
        rests = [line.price - off for line, off in zip(order.lines, self._off(order, discount), strict=True)]
        for one in vouchers:
            covered = [i for i, line in enumerate(order.lines) if covers(one, line)]
            amount = min(one.balance, sum((rests[i] for i in covered), NOTHING))
            for i, share in zip(covered, divided(amount, [rests[i] for i in covered]), strict=True):
                rests[i] -= share
        return sum(rests, NOTHING)

    def pay(self, order: Order, discount: Discount | None = None, vouchers: Sequence[Voucher] = ()) -> None:
        """Discount, then vouchers, then money; each divided among the lines by what is left to pay of them."""
        if discount is not None:
            for line, off in zip(order.lines, self._off(order, discount), strict=True):
                line.off = {ON_STATEMENTS[discount.kind]: off} if off else {}
        for one in vouchers:
            lines = [line for line in order.lines if covers(one, line)]
            amount = min(one.balance, sum((line.left for line in lines), NOTHING))
            if amount > 0:
                self._world.of(Vouchers).use(one, order.id, amount)
                _share(lines, VOUCHER, one.id, amount)
        rest = sum((line.left for line in order.lines), NOTHING)
        for book, amount in charge(self._world, order.customer, rest, order) if rest > 0 else ():
            _share(order.lines, MONEY, book, amount)
        order.paid = self._world.now
        self._move(order, PROCESSING)
        self._process(order)

    def _off(self, order: Order, discount: Discount | None) -> list[Decimal]:
        prices = [line.price for line in order.lines]
        return discount.reductions(prices) if discount else [NOTHING] * len(prices)

    def _process(self, order: Order) -> None:
        self._world.plan(self._world.now + PROCESSING_TIME, lambda: self._complete(order))

    def _complete(self, order: Order) -> None:
        order.completion(order)
        self._move(order, COMPLETED)

    def _end_unpaid(self, order: Order) -> None:
        if order.status == UNPAID:
            order.overdue = True
            self._move(order, CANCELLED)

    def _move(self, order: Order, status: int) -> None:
        order.status = status
        if status in (CANCELLED, COMPLETED):
            for one in order.resources:
                one.order = None if one.order is order else one.order


def covers(voucher: Voucher, line: Line) -> bool:
    """Whether a voucher can pay for a line at all."""
    return not voucher.services or line.product.service in voucher.services


def _share(lines: Sequence[Line], kind: str, place: str, amount: Decimal) -> None:
    for line, share in zip(lines, divided(amount, [line.left for line in lines]), strict=True):
        if share:
            line.parts.append(Part(kind, place, share))
