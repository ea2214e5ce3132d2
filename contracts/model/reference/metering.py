"""Pay-per-use resources: what they use is settled each midnight of China time and paid, or owed; what is owed brings
them into the grace period, then freezes, then closes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal

from contracts.model.reference.money import USAGE, WRITE_OFF, Money, Movement, charge, purse
from contracts.model.reference.orders import Orders
from contracts.model.reference.people import RESOLD, Customer
from contracts.model.reference.prices import BY_USAGE, Item, Product
from contracts.model.reference.quotas import Packages
from contracts.model.reference.resources import GRACE_TIME, RETENTION_TIME
from contracts.model.reference.world import NOTHING, World, at_china_time, china_day, cut

NORMAL, GRACE, FROZEN, CLOSED = 1, 2, 3, 6
RUNNING = (NORMAL, GRACE)
TIME = "Duration"
"""The usage that costs by the size of a resource."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUANTITY, PRECISION = Decimal("1E-10"), Decimal("1E-8")
"""Of amounts that are used, and of what they cost."""


@dataclass(eq=False)
class OnDemand:
    """A pay-per-use resource. `usage` is how much it uses an hour; `fractions` what is less than a cent and waits for
    the next settlement."""

    id: str
    customer: Customer
    product: Product
    started: datetime
    metered: datetime
    usage: dict[str, Decimal] = field(default_factory=dict)
    name: str = ""
    zone: str = ""
    fractions: dict[str, Decimal] = field(default_factory=dict)
    status: int = NORMAL
    since: datetime | None = None
    ended: datetime | None = None

    @property
    def is_alive(self) -> bool:
        return self.status != CLOSED


class Metering:
    """All pay-per-use resources."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.resources: list[OnDemand] = []
        self._planned: set[str] = set()

    def of(self, customer: Customer) -> list[OnDemand]:
        return [one for one in self.resources if one.customer is customer]

    def alive(self, customer: Customer) -> list[OnDemand]:
        return [one for one in self.of(customer) if one.is_alive]

    def start(self, one: OnDemand) -> OnDemand:
        self.resources.append(one)
        self._plan(one.customer)
        return one

    def release(self, one: OnDemand) -> None:
        """What it used until now is settled."""
        self._settle(one)
        self._to(one, CLOSED)

    # Settlements

    def _plan(self, customer: Customer) -> None:
        if customer.id not in self._planned:
            self._planned.add(customer.id)
            midnight = at_china_time(china_day(self._world.now) + DAY, time(0))
            self._world.plan(midnight, lambda: self._settle_all(customer))

    def _settle_all(self, customer: Customer) -> None:
        self._planned.discard(customer.id)
        self._repay(customer)
        for one in self.alive(customer):
            self._settle(one)
        self.review(customer)
        if self.alive(customer):
            self._plan(customer)

    def _settle(self, one: OnDemand) -> None:
        start, one.metered = one.metered, max(one.metered, self._world.now)
        for code, per_hour in one.usage.items() if one.status in RUNNING else ():
            seconds = int((one.metered - start).total_seconds())
            if seconds:
                self.use(one, code, (per_hour * seconds / 3600).quantize(QUANTITY, ROUND_DOWN), start)

    def use(self, one: OnDemand, code: str, amount: Decimal, since: datetime | None = None) -> None:
        """Packages cover usage first; the rest costs its price less the discount that comes first."""
        packages, start = self._world.of(Packages), since or self._world.now
        rest = amount - packages.cover(one.customer, one.product.resource, code, amount, start)
        size = one.product.size if one.product.size and code == TIME else 1
        price = one.product.usage(self._world.site)[code] * rest * size
        discount = self._world.of(Orders).first_of(Item(one.product, price, BY_USAGE), one.customer)
        ratio = discount.ratio if discount and discount.ratio is not None else Decimal(1)
        due = (price * ratio).quantize(PRECISION, ROUND_DOWN) + one.fractions.get(code, NOTHING)
        one.fractions[code] = due - cut(due)
        self._collect(one.customer, cut(due))

    # Money

    def _collect(self, customer: Customer, amount: Decimal) -> None:
        """In the reseller model nothing is missing: the partner is billed."""
        money = self._world.of(Money)
        payable = amount if customer.association == RESOLD else min(amount, purse(money, customer))
        if payable > 0:
            charge(self._world, customer, payable, Movement(""), USAGE)
        money.owed[customer.id] += amount - payable

    def _repay(self, customer: Customer) -> None:
        money = self._world.of(Money)
        payable = min(money.owed[customer.id], purse(money, customer))
        if payable > 0:
            charge(self._world, customer, payable, Movement(""), WRITE_OFF)
            money.owed[customer.id] -= payable

    def review(self, customer: Customer) -> None:
        """What arrears do to resources, and what their end does; the time of a freeze costs nothing."""
        owes = self._world.of(Money).owed[customer.id] > 0
        for one in self.alive(customer):
            if owes:
                self._worsen(one)
            elif one.status != NORMAL:
                one.metered = max(one.metered, self._world.now) if one.status == FROZEN else one.metered
                self._to(one, NORMAL)

    def _worsen(self, one: OnDemand) -> None:
        if one.status == NORMAL:
            self._to(one, GRACE)
        if one.status == GRACE and self._lasted(one, GRACE_TIME):
            self._to(one, FROZEN)
        if one.status == FROZEN and self._lasted(one, RETENTION_TIME):
            self._to(one, CLOSED)

    def _lasted(self, one: OnDemand, duration: timedelta) -> bool:
        return one.since is not None and self._world.now - one.since >= duration

    def _to(self, one: OnDemand, status: int) -> None:
        one.status, one.since = status, self._world.now
        one.ended = self._world.now if status == CLOSED else None
