"""Resource packages, the cycles in which their quotas are given anew, and what usage deducted from them. Data only.

Quantities are in the unit of the usage type; money does not occur.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from mockserver.domain.catalogue import PackageContent, Reset, catalogue
from mockserver.domain.clock import CHINA, later

NOT_IN_EFFECT, IN_EFFECT, USED_UP, ENDED, UNSUBSCRIBED = 0, 1, 2, 3, 4
"""States of a package."""

CALENDAR = "calendar"
_CALENDAR_BEGIN = datetime(1900, 1, 1, tzinfo=CHINA)
"""A Monday, and the first of a year: hours, days, weeks, months and years of the calendar can be counted from it."""
_CYCLES = {1: "PT{}H", 2: "P{}D", 3: "P{}W", 4: "P{}M", 5: "P{}Y"}
_AVERAGES = {1: 1 / 24, 2: 1, 3: 7, 4: 30.436875, 5: 365.2425}
"""Days of a cycle."""
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class PackageItem:
    """What a package holds of one usage type. `left` is of the cycle that began at `cycle_start`; in a later one the
    quota is whole again."""

    free_resource_id: str
    usage_type: str
    measure: int
    original: Decimal
    left: Decimal
    cycle_start: datetime

    def left_in(self, cycle_start: datetime) -> Decimal:
        """What is left in the cycle that begins then."""
        return self.original if self.cycle_start < cycle_start else self.left

    def used(self, amount: Decimal, cycle_start: datetime) -> PackageItem:
        """The item after a deduction. What belongs to an older cycle counts in the newest one drawn on."""
        left = self.left_in(cycle_start) - amount
        return replace(self, left=left, cycle_start=max(cycle_start, self.cycle_start))


@dataclass(frozen=True, slots=True)
class Package:
    """A resource package of a customer; a term that a renewal bought is a row of its own.

    `id` is its `order_instance_id`, and the `resource_id` under which a bought one is renewed and unsubscribed.
    """

    id: str
    customer_id: str
    product_id: str
    resource: str
    spec: str
    region: str
    effective_on: datetime
    expires_on: datetime
    items: tuple[PackageItem, ...]
    order_id: str = ""
    """The order that bought it; empty for a gift."""
    project_id: str = ""
    """The only enterprise project that may use it; empty for all."""
    renews: str = ""
    """Id of the package whose renewal this is."""
    unsubscribed_on: datetime | None = None

    @property
    def content(self) -> PackageContent:
        return catalogue().packages[self.spec, self.resource]

    @property
    def ended_on(self) -> datetime:
        """When it ended, or will."""
        return self.unsubscribed_on or self.expires_on

    def is_used_by(self, start: datetime, end: datetime) -> bool:
        """Whether it is in effect during some of the time from `start` to `end`."""
        return self.effective_on <= max(start, end - _SECOND) and start < self.ended_on

    def cycle_at(self, moment: datetime) -> tuple[datetime, datetime]:
        """The reset cycle of a moment, cut off where the package begins and ends; the whole life if there is none.
        Before its life that is the first, after it the last.

        Both ends are instants of the cycle: one is over at 23:59:59 China time. Source: api-bpconsole/api_order_00028.
        """
        reset = self.content.reset
        if reset is None:
            return self.effective_on, self.expires_on
        within = max(self.effective_on, min(moment, self.ended_on - _SECOND))
        start, following = _cycle(reset, self.effective_on, within)
        return max(start, self.effective_on), min(following - _SECOND, self.expires_on)

    def state_at(self, moment: datetime) -> int:
        if self.unsubscribed_on is not None:
            return UNSUBSCRIBED
        if moment < self.effective_on:
            return NOT_IN_EFFECT
        if moment >= self.expires_on:
            return ENDED
        cycle_start, _ = self.cycle_at(moment)
        return IN_EFFECT if any(item.left_in(cycle_start) for item in self.items) else USED_UP

    def item_for(self, usage_type: str) -> PackageItem | None:
        return next((item for item in self.items if item.usage_type == usage_type), None)

    def with_item(self, changed: PackageItem) -> Package:
        items = (changed if item.free_resource_id == changed.free_resource_id else item for item in self.items)
        return replace(self, items=tuple(items))


def _cycle(reset: Reset, effective_on: datetime, moment: datetime) -> tuple[datetime, datetime]:
    """When the cycle of a moment begins, and when the next does. Those of a subscription begin with its China day;
    where a month is too short for it, on the month's last day."""
    bought = effective_on.astimezone(CHINA)
    begin = _CALENDAR_BEGIN if reset.by == CALENDAR else bought.replace(hour=0, minute=0, second=0)
    number = int((moment - begin) / timedelta(days=_AVERAGES[reset.cycle])) + 2
    while (start := _start(begin, reset.cycle, number)) > moment:
        number -= 1
    return start, _start(begin, reset.cycle, number + 1)


def _start(begin: datetime, cycle: int, number: int) -> datetime:
    return later(begin, _CYCLES[cycle].format(number))


@dataclass(frozen=True, slots=True)
class Deduction:
    """Usage of a resource from `starts_on` to `ends_on` that a package covered."""

    id: str
    customer_id: str
    package_id: str
    free_resource_id: str
    resource_id: str
    resource_type: str
    usage_type: str
    measure: int
    before: Decimal
    amount: Decimal
    time: datetime
    starts_on: datetime
    ends_on: datetime

    @property
    def after(self) -> Decimal:
        return self.before - self.amount
