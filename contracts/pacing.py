"""How fast calls leave for a real service: within the documented rates, and later again where it asks for that."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime

from requests import Response

TOO_MANY = 429
REPEATS = 3
"""How often a call is sent again that came too early."""

LONGEST = 300.0
"""Seconds that are waited for one repetition; a service that asks for more is not asked again."""


class Pace:
    """Counts the calls of each key within the window of its limit, and waits where it is full."""

    def __init__(self, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        """`clock` is in seconds, `sleep` waits for seconds."""
        self._clock = clock
        self._sleep = sleep
        self._sent: dict[str, deque[float]] = {}

    def room_in(self, key: str, limit: Mapping[str, int]) -> float:
        """Seconds until the window has room for one more call."""
        calls = self._sent.setdefault(key, deque())
        while calls and self._clock() - calls[0] >= limit["seconds"]:
            calls.popleft()
        return calls[0] + limit["seconds"] - self._clock() if len(calls) >= limit["calls"] else 0.0

    def take(self, key: str, limit: Mapping[str, int]) -> float:
        """Wait until the window has room, then count one; the seconds that this took."""
        began = self._clock()
        if seconds := self.room_in(key, limit):
            self._sleep(seconds)
            self._sent[key].popleft()
        self._sent[key].append(self._clock())
        return self._sent[key][-1] - began

    def rest(self, seconds: float) -> None:
        self._sleep(seconds)


def pause(response: Response, limit: Mapping[str, int], repeats: int) -> float | None:
    """Seconds to wait before a call is sent again, after so many repetitions; None where it is not to be.

    Quotas differ from account to account, so the documented window is a guess, and a longer one each time.
    """
    if response.status_code != TOO_MANY or repeats >= REPEATS:
        return None
    asked = _retry_after(response)
    seconds = limit["seconds"] * 2.0**repeats if asked is None else asked
    return seconds if seconds <= LONGEST else None


def _retry_after(response: Response) -> float | None:
    """What the answer asks for, in seconds or as a time beside its own date; None where it says neither."""
    text = str(response.headers.get("Retry-After", "")).strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        then, now = (parsedate_to_datetime(one) for one in (text, str(response.headers.get("Date", ""))))
        return max(0.0, (then - now).total_seconds())
    except (TypeError, ValueError):
        return None
