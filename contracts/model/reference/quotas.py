"""Resource packages: when they are in effect, what is left of them, and the cycles in which it is given anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from contracts.model.reference.people import Customer
from contracts.model.reference.prices import REGION
from contracts.model.reference.world import World, at_china_time, china_day, months_later

NOT_IN_EFFECT, IN_EFFECT, USED_UP, ENDED = 0, 1, 2, 3
CALENDAR, SUBSCRIPTION = "calendar", "subscription"
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Kind:
    """A package of the reference data, and the pay-per-use product whose usage it covers. `resets` says by what its
    monthly quota is counted; empty for one quota for its whole life."""

    service: str
    resource: str
    spec: str
    metered: str
    usage: str
    amount: Decimal
    resets: str = ""


@dataclass
class Package:
    """A package of a customer; `item` is the id of the one quantity in it. `left` is of the cycle that began then.
    `region` and `project` are where alone it can be used; an empty project means any."""

    id: str
    item: str
    customer: Customer
    kind: Kind
    starts: datetime
    ends: datetime
    left: Decimal
    cycle: datetime
    region: str
    project: str = ""
    order: str = ""

    def cycle_at(self, moment: datetime) -> tuple[datetime, datetime]:
        """First and last second of the cycle of a moment, cut off where the package begins and ends."""
        if not self.kind.resets:
            return self.starts, self.ends
        within = max(self.starts, min(moment, self.ends - SECOND))
        first, following = self._cycle(within)
        return max(first, self.starts), min(following - SECOND, self.ends)

    def _cycle(self, moment: datetime) -> tuple[datetime, datetime]:
        bought = china_day(self.starts)
        begin = bought.replace(day=1) if self.kind.resets == CALENDAR else bought
        number = 0
        while _midnight(months_later(begin, number + 1)) <= moment:
            number += 1
        return _midnight(months_later(begin, number)), _midnight(months_later(begin, number + 1))

    def left_at(self, moment: datetime) -> Decimal:
        return self.kind.amount if self.cycle < self.cycle_at(moment)[0] else self.left

    def state_at(self, moment: datetime) -> int:
        if moment < self.starts:
            return NOT_IN_EFFECT
        if moment >= self.ends:
            return ENDED
        return IN_EFFECT if self.left_at(moment) else USED_UP


@dataclass(frozen=True)
class Deduction:
    """What usage took from a package."""

    package: Package
    before: Decimal
    amount: Decimal
    time: datetime


class Packages:
    """All packages, and what was taken from them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.packages: list[Package] = []
        self.deductions: list[Deduction] = []
        self.metered: dict[Kind, str] = {}
        """The pay-per-use resource of each kind."""

    def of(self, customer: Customer) -> list[Package]:
        return [one for one in self.packages if one.customer is customer]

    def _usable(self, customer: Customer) -> list[Package]:
        """What the pay-per-use resources of the model can draw on: all are in one region and of no project."""
        region = REGION[self._world.site]
        return [one for one in self.of(customer) if one.region == region and not one.project]

    def in_effect(self, customer: Customer, kind: Kind) -> list[Package]:
        """The packages that usage draws on now, in that order: the first to expire first."""
        now = self._world.now
        found = [
            one for one in self._usable(customer) if one.kind is kind and one.state_at(now) in (IN_EFFECT, USED_UP)
        ]
        return sorted(found, key=lambda one: (one.ends, one.starts))

    def cover(self, customer: Customer, resource: str, usage: str, amount: Decimal, since: datetime) -> Decimal:
        """How much of what was used since a moment the packages cover. It is drawn from them, the first to expire
        first, in the cycle in which it began."""
        rest = amount
        for one in sorted(self._used_by(customer, resource, usage, since), key=lambda one: (one.ends, one.starts)):
            before = one.left_at(since)
            drawn = min(rest, before)
            if drawn > 0:
                one.left, one.cycle = before - drawn, max(one.cycle, one.cycle_at(since)[0])
                self.deductions.append(Deduction(one, before, drawn, self._world.now))
                rest -= drawn
        return amount - rest

    def _used_by(self, customer: Customer, resource: str, usage: str, since: datetime) -> list[Package]:
        last = max(since, self._world.now - SECOND)
        return [
            one
            for one in self._usable(customer)
            if (one.kind.resource, one.kind.usage) == (resource, usage) and one.starts <= last and since < one.ends
        ]


def _midnight(day: date) -> datetime:
    return at_china_time(day, time(0))
