"""Orders: placed alone or combined, paid in parts or cancelled, processed, completed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from contracts.model.reference.money import charge
from contracts.model.reference.people import RESOLD, Customer
from contracts.model.reference.prices import ADJUSTMENT, COMMERCIAL, MONTHS, Discount, Priced, Product, mode_of
from contracts.model.reference.vouchers import Voucher, Vouchers
from contracts.model.reference.world import NOTHING, World, divided

if TYPE_CHECKING:
    from contracts.model.reference.resources import Resource

APPROVAL, PROCESSING, CANCELLED, COMPLETED, UNPAID, CONFIRMATION = 1, 3, 4, 5, 6, 9
OPEN = (APPROVAL, CONFIRMATION, UNPAID)
PURCHASE, RENEWAL, UNSUBSCRIPTION, TO_ON_DEMAND = 1, 2, 4, 10
BY_CUSTOMER, BY_SYSTEM = 1, 8
SYSTEM = "运营系统"
"""Who places the orders of the system."""
PAYMENT_TIME, PROCESSING_TIME = timedelta(days=7), timedelta(seconds=5)
"""Set by the model itself: no page states the second."""
VOUCHER, MONEY = "voucher", "money"
NO_PROJECT = ("0", "default")


@dataclass
class Part:
    """Of what was paid: from which voucher, or from which book."""

    kind: str
    place: str
    amount: Decimal


@dataclass(eq=False)
class Line:
    """What is ordered: pieces of a product for a time, new or for a resource that there is."""

    product: Product
    period: int
    number: int
    price: Decimal
    main: Line | None = None
    resource: Resource | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    off: dict[str, Decimal] = field(default_factory=dict)
    """What was taken off, by the kind of discount."""
    parts: list[Part] = field(default_factory=list)
    quantity: int = 1
    names: tuple[str, ...] = ()
    traits: frozenset[str] = frozenset()
    consumed: Decimal = NOTHING
    fee: Decimal = NOTHING
    """What an unsubscription keeps."""

    @property
    def months(self) -> int:
        return MONTHS[self.period] * self.number

    @property
    def mode(self) -> str:
        return mode_of(self.period, self.number)

    @property
    def payable(self) -> Decimal:
        return self.price - sum(self.off.values(), NOTHING)

    @property
    def left(self) -> Decimal:
        return self.payable - sum((one.amount for one in self.parts), NOTHING)


@dataclass(eq=False)
class Order:
    """An order of a customer. `completion` does what was ordered. The id of one that the service placed by itself is
    told by the next listing. The lines of a combination are those of its `members`, which name it as their `whole`."""

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
    offers: list[Discount] = field(default_factory=list)
    """The discounts of this one order."""
    returns: list[tuple[Order, Part]] = field(default_factory=list)
    """What an unsubscription gives back, each with the order that was paid with it."""
    refunds: list[tuple[Order, Product, Decimal]] = field(default_factory=list)
    """What came back of which order, negative, and what was kept of it."""
    members: list[Order] = field(default_factory=list)
    whole: Order | None = None
    project: tuple[str, str] = NO_PROJECT
    user: str = ""
    """Who ordered, if not the customer itself."""
    contract: str = ""
    pay_before: datetime | None = None
    deadline: datetime | None = None

    @property
    def price(self) -> Decimal:
        return sum((one.price for one in self.lines), NOTHING)

    @property
    def payable(self) -> Decimal:
        return sum((one.payable for one in self.lines), NOTHING)

    @property
    def consumed(self) -> Decimal:
        return sum((one.consumed for one in self.lines), NOTHING)

    @property
    def fee(self) -> Decimal:
        return sum((one.fee for one in self.lines), NOTHING)

    @property
    def resources(self) -> list[Resource]:
        return [one.resource for one in self.lines if one.resource is not None]

    @property
    def together(self) -> list[Order]:
        """The orders that are paid with this one."""
        return self.members or [self]

    @property
    def all_offers(self) -> list[Discount]:
        return [offer for one in self.together for offer in one.offers]

    @property
    def projects(self) -> list[tuple[str, str]]:
        return list(dict.fromkeys(one.project for one in self.together))

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
        """In the order of their creation; members come in their combination."""
        self.discounts: dict[str, list[Discount]] = {}
        """By the customer's id."""
        self.excepted: frozenset[str] = frozenset()
        """Services without discounts of partners."""

    def of(self, customer: Customer) -> list[Order]:
        return [one for one in self.orders if one.customer is customer]

    def own_discounts(self, customer: Customer) -> list[Discount]:
        """Those in force, the oldest first."""
        found = self.discounts.get(customer.id, [])
        return [one for one in found if one.is_in_force(self._world.now)]

    def first_of(self, item: Priced, customer: Customer) -> Discount | None:
        """The discount of usage: a commercial one comes first, else the one that takes off the most."""
        found = [one for one in self.own_discounts(customer) if one.covers(item, self.excepted)]
        return min(found, key=lambda one: (one.kind != COMMERCIAL, one.ratio), default=None)

    def place(self, order: Order) -> Order:
        """A new order. One that awaits payment holds its resources, and is cancelled when it is not paid in time."""
        self.orders.append(order)
        for one in order.resources:
            one.order = order
        for each in (order, *order.members):
            each.deadline = order.created + PAYMENT_TIME if order.status in OPEN else None
        if order.status in OPEN:
            self._world.plan(order.created + PAYMENT_TIME, lambda: self._end_unpaid(order))
        else:
            self._process(order)
        return order

    def cancel(self, order: Order) -> None:
        self._move(order, CANCELLED)

    def choices(self, order: Order) -> list[Discount]:
        """The discounts that take anything off. In the reseller model a customer has none of its own."""
        own = [] if order.customer.association == RESOLD else self.own_discounts(order.customer)
        return [one for one in [*own, *order.all_offers] if self.saving(one, order) > 0]

    def reductions(self, discount: Discount, order: Order) -> list[Decimal]:
        return discount.reductions(order.lines, self.excepted)

    def saving(self, discount: Discount, order: Order) -> Decimal:
        return sum(self.reductions(discount, order), NOTHING)

    def usual(self, order: Order) -> Discount | None:
        """What an automatic payment takes: an adjustment, which must be used, else the commercial discount, else the
        one that saves the most."""

        def rank(one: Discount) -> tuple[bool, bool, Decimal]:
            return one.kind == ADJUSTMENT, one.kind == COMMERCIAL, self.saving(one, order)

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
        """Discount, then vouchers, then money; each divided among the lines by what is left to pay of them. Each member
        of a combination takes its own money."""
        if discount is not None:
            for line, off in zip(order.lines, self._off(order, discount), strict=True):
                line.off = {discount.on_statements: off} if off else {}
        for one in vouchers:
            lines = [line for line in order.lines if covers(one, line)]
            amount = min(one.balance, sum((line.left for line in lines), NOTHING))
            if amount > 0:
                self._world.of(Vouchers).use(one, order.id, amount)
                _share(lines, VOUCHER, one.id, amount)
        for each in order.together:
            rest = sum((line.left for line in each.lines), NOTHING)
            for book, amount in charge(self._world, order.customer, rest, each) if rest > 0 else ():
                _share(each.lines, MONEY, book, amount)
        for each in (order, *order.members):
            each.paid = self._world.now
        self._move(order, PROCESSING)
        self._process(order)

    def _off(self, order: Order, discount: Discount | None) -> list[Decimal]:
        return self.reductions(discount, order) if discount else [NOTHING] * len(order.lines)

    def _process(self, order: Order) -> None:
        self._world.plan(self._world.now + PROCESSING_TIME, lambda: self._complete(order))

    def _complete(self, order: Order) -> None:
        for one in order.together:
            one.completion(one)
        self._move(order, COMPLETED)

    def _end_unpaid(self, order: Order) -> None:
        if order.status in OPEN:
            order.overdue = True
            self._move(order, CANCELLED)

    def _move(self, order: Order, status: int) -> None:
        """A combination takes its members along."""
        for each in (order, *order.members):
            each.status = status
        if status in (CANCELLED, COMPLETED):
            for one in order.resources:
                one.order = None if one.order is order else one.order


def covers(voucher: Voucher, line: Line) -> bool:
    """Whether a voucher can pay for a line at all; those that partners issue are not for the marketplace."""
    return "marketplace" not in line.traits and (not voucher.services or line.product.service in voucher.services)


def _share(lines: Sequence[Line], kind: str, place: str, amount: Decimal) -> None:
    for line, share in zip(lines, divided(amount, [line.left for line in lines]), strict=True):
        if share:
            line.parts.append(Part(kind, place, share))
