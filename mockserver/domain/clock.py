"""The clock of a sandbox: real time, or frozen and moved forward on demand. Never backwards, never the wall itself."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import isodate

CHINA = timezone(timedelta(hours=8))
"""Days, months and bill cycles of the service are those of UTC+8, on both sites."""

MODES = ("real", "frozen")
EARLIEST_YEAR, LATEST_YEAR = 2000, 2999
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z\Z", re.ASCII)


class ClockError(ValueError):
    """A wish that the clock cannot grant; the text says what is accepted."""


def parse_instant(text: object) -> datetime:
    """An instant written `2026-01-31T08:00:00Z`. Raises `ClockError`."""
    if isinstance(text, str) and _INSTANT.match(text):
        try:
            return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            pass
    raise ClockError(f"{text!r} is not an instant like 2026-01-31T08:00:00Z")


def later(moment: datetime, duration: str) -> datetime:
    """`moment` plus an ISO 8601 duration (`PT15M`, `P1M`, `P1Y2M10D`); months by the calendar. Raises `ClockError`."""
    try:
        moved: datetime = moment + isodate.parse_duration(duration)
    except (isodate.ISO8601Error, TypeError, OverflowError, ValueError):
        raise ClockError(
            f"{duration!r} is not an ISO 8601 duration like PT15M, P1D or P1M within the calendar"
        ) from None
    return moved


def china_day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def instant_text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _check_year(moment: datetime) -> None:
    """Keep room before and after for whatever is counted from the present moment."""
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise ClockError(f"the clock goes from {EARLIEST_YEAR} to {LATEST_YEAR}, not to {instant_text(moment)}")


class Clock:
    """Time of one sandbox, in UTC and whole seconds.

    It reads no wall clock: whoever serves a call tells it the real time with `tick`. In mode `real` it follows that
    (plus what it was advanced by); in mode `frozen` it stands until advanced.
    """

    def __init__(self, wall: datetime, frozen_at: datetime | None = None) -> None:
        if frozen_at is not None:
            _check_year(frozen_at)
        self._wall = wall
        self._ahead = timedelta(0)
        self._frozen = frozen_at

    @property
    def mode(self) -> str:
        return "real" if self._frozen is None else "frozen"

    @property
    def now(self) -> datetime:
        moment = self._frozen if self._frozen is not None else self._wall + self._ahead
        return moment.replace(microsecond=0)

    def tick(self, wall: datetime) -> None:
        """Hear the real time; a wall clock set back is not followed."""
        self._wall = max(self._wall, wall)

    def check(self, moment: datetime) -> None:
        """Raise `ClockError` for the past, and for a time beyond the clock's years."""
        if moment < self.now:
            raise ClockError(f"the clock stands at {instant_text(self.now)} and never goes back")
        _check_year(moment)

    def move_to(self, moment: datetime) -> None:
        """Go forward to `moment`. Raises `ClockError`."""
        self.check(moment)
        if self._frozen is not None:
            self._frozen = moment
        else:
            self._ahead = moment - self._wall

    def set_mode(self, mode: str) -> None:
        """Freeze at the present moment, or follow real time from it. Raises `ClockError`."""
        if mode not in MODES:
            raise ClockError(f"{mode!r} is not a clock mode; accepted: {', '.join(MODES)}")
        now = self.now
        self._frozen = now if mode == "frozen" else None
        if mode == "real":
            self._ahead = now - self._wall

    def saved(self) -> tuple[datetime | None, timedelta, datetime]:
        return self._frozen, self._ahead, self._wall

    def load(self, saved: tuple[datetime | None, timedelta, datetime]) -> None:
        """Back to a saved moment. A following clock keeps following: only how far it was ahead is taken back."""
        self._frozen, self._ahead, _ = saved
