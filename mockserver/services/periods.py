"""Stretches of time as queries ask for them: China days of the statements, and ranges of instants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from mockserver.domain.call import Call
from mockserver.domain.clock import CHINA, china_day, instant_text, later


def trade_days(call: Call, *, reversed_matches_nothing: bool = False) -> Callable[[datetime], bool]:
    """Whether an instant lies on the China days asked for, both ends included; by default the last year until today.

    More than until the same date a year later is refused with CBC.0100, and so is an end before the beginning unless
    that merely matches nothing.
    """
    today = call.now.astimezone(CHINA)
    first = call.parameters.get("trade_time_begin") or f"{later(today, '-P1Y'):%Y-%m-%d}"
    last = call.parameters.get("trade_time_end") or f"{today:%Y-%m-%d}"
    if over_a_year(first, last) or (last < first and not reversed_matches_nothing):
        raise call.refused("CBC.0100", f"{first} to {last} is no period, or one of more than a year")
    return lambda moment: first <= f"{china_day(moment)}" <= last


def over_a_year(first: str, last: str) -> bool:
    """Whether a day or an instant comes later than the same of the year after another one."""
    return (int(last[:4]) - 1, last[4:]) > (int(first[:4]), first[4:])


def between(sent: Mapping[str, Any], name: str, moment: datetime) -> bool:
    """Whether an instant lies between `<name>_begin` and `<name>_end`, which do not belong to the range. Texts sort as
    instants do."""
    return bool(sent.get(f"{name}_begin", "") < instant_text(moment) < sent.get(f"{name}_end", "Z"))
