"""The time of the model, what falls due in it, and the states of the areas."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, TypeVar

CHINA = timezone(timedelta(hours=8))
"""Days, months and the ends of terms are those of UTC+8, on both sites."""
CENT = Decimal("0.01")
NOTHING = Decimal("0.00")

Area = TypeVar("Area")


class World:
    """One sandbox as the model has it."""

    def __init__(self, site: str, now: datetime) -> None:
        self.site = site
        self.now = self.beginning = now
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._planned = 0
        self._areas: dict[type[Any], Any] = {}
        self.careful: list[Callable[[], bool]] = []
        """Whether time must go from one event to the next just now."""

    def of(self, area: Callable[[World], Area]) -> Area:
        """The state of an area, begun when it is first asked for."""
        key: Any = area
        if key not in self._areas:
            self._areas[key] = area(self)
        state: Area = self._areas[key]
        return state

    def plan(self, due: datetime, act: Callable[[], None]) -> None:
        """Have something done at a moment. What falls due at one moment happens in the order of its planning."""
        self._planned += 1
        heapq.heappush(self._due, (due, self._planned, act))

    def next_stop(self, until: datetime) -> datetime:
        """How far time may go at once."""
        if not self._due or not any(asks() for asks in self.careful):
            return until
        return min(until, max(self._due[0][0], self.now + timedelta(seconds=1)))

    def advance(self, until: datetime) -> None:
        """Move the time; what falls due on the way happens at its own moment."""
        while self._due and self._due[0][0] <= until:
            self.now, _, act = heapq.heappop(self._due)
            act()
        self.now = until


def instant(text: str) -> datetime:
    """The moment of a text like 2026-03-02T02:00:00Z."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def text_of(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def china_day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def at_china_time(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=CHINA).astimezone(UTC)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or the last of one that is too short."""
    month = day.year * 12 + day.month - 1 + months
    year, month = divmod(month, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def end_of_term(start: datetime, months: int) -> datetime:
    """A term ends at 23:59:59 China time of the same day, so many months later."""
    return at_china_time(months_later(china_day(start), months), time(23, 59, 59))


def cut(amount: Decimal) -> Decimal:
    """An amount in whole cents; what is smaller is cut off."""
    return amount.quantize(CENT, rounding="ROUND_DOWN")


def divided(amount: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """An amount in proportion to the weights, in cents that add up to it."""
    whole, seen, given, parts = sum(weights, NOTHING), NOTHING, NOTHING, []
    for weight in weights:
        seen += weight
        so_far = cut(amount * seen / whole) if whole else NOTHING
        parts.append(so_far - given)
        given = so_far
    return parts
