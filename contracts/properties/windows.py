"""Ranges of time: their ends belong to them or not, as documented; reversed and over-long ones do what is said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import isodate

from contracts.properties.fields import Field
from contracts.properties.filters import Filtered
from contracts.properties.lists import filters_of, has_list
from contracts.properties.probe import Probe, Told
from contracts.properties.registry import Wrong, holds
from contracts.properties.scenes import scenes, values_at, whole
from contracts.properties.selecting import INSTANT, Selects, moved, parsed
from mockserver.contract.operation import SiteView

SEVERAL = 3
"""Instants of rows at which a range is cut."""
A_DAY = "2024-03-15"
"""Where a list is empty, ranges are laid around this day."""

Pair = tuple[Field, Field]


def ranges_of(view: SiteView) -> list[Pair]:
    """The two ends of each range of a query."""
    named = {one.name: one for one in filters_of(view)}
    return [(one, named[end]) for one in named.values() if (end := one.schema["x-selects"].get("end"))]


@holds("windows", applies=lambda view: has_list(view) and bool(ranges_of(view)))
def windows(probe: Probe) -> Iterator[Wrong]:
    """Of each range: its ends, a reversed one, the longest and one more."""
    found = scenes(probe)
    if not found:
        probe.nothing("no call of the list is answered")
    for told in found:
        view = Filtered(probe, told, whole(probe, told))
        for pair in ranges_of(probe.view):
            yield from _of_ends(view, pair)
            yield from _of_a_reversed_one(view, pair)
            yield from _of_the_longest(view, pair)


def _moments(view: Filtered, pair: Pair) -> list[str]:
    """Instants or days that rows have."""
    selects = Selects(pair[0].schema["x-selects"])
    return sorted({str(selects.seen(one)) for one in values_at(view.rows, selects.paths)})


def _of_ends(view: Filtered, pair: Pair) -> Iterator[Wrong]:
    """From a row's instant on, until it, from it to itself, and the least range that has it inside."""
    moments = _moments(view, pair)
    if not moments:
        view.probe.nothing(f"no row has a time for {pair[0].name}")
    for moment in moments[:: max(1, len(moments) // SEVERAL)]:
        around = {pair[0]: moved(moment, -1), pair[1]: moved(moment, 1)}
        ranges = ({pair[0]: moment}, {pair[1]: moment}, dict.fromkeys(pair, moment), around)
        yield from filter(None, map(view.wrong, ranges))


def _of_a_reversed_one(view: Filtered, pair: Pair) -> Iterator[Wrong]:
    """An end before the begin answers nothing, or is refused, whichever is documented."""
    moment = next(iter(_moments(view, pair)), A_DAY if _is_in_days(pair) else f"{A_DAY}T00:00:00Z")
    told = _asked(view, pair, moved(moment, 1), moved(moment, -1))
    documented = pair[0].schema["x-selects"].get("reversed")
    view.probe.saw(documented is not None)
    if documented == "nothing" and not (told.ok and not view.listing.rows(told.body)):
        yield Wrong(f"a range that ends before it begins is not answered as empty: {pair[0].name}", told)
    if documented == "refuse" and not _is_refused(told, pair):
        yield Wrong(f"a range that ends before it begins is not refused as documented: {pair[0].name}", told)
    if documented is None and told.ok and view.listing.rows(told.body):
        yield Wrong(f"a range that ends before it begins has rows: {pair[0].name}", told)


def _of_the_longest(view: Filtered, pair: Pair) -> Iterator[Wrong]:
    """The longest range is taken, one a little longer refused."""
    longest = pair[0].schema["x-selects"].get("longest")
    if not longest:
        return
    moment = next(iter(_moments(view, pair)), A_DAY if _is_in_days(pair) else f"{A_DAY}T00:00:00Z")
    last = _later(moment, longest)
    view.probe.saw(2)
    if _is_refused(told := _asked(view, pair, moment, last), pair):
        yield Wrong(f"the longest range is refused: {pair[0].name}", told)
    if not _is_refused(told := _asked(view, pair, moment, moved(last, 1)), pair):
        yield Wrong(f"a range that is too long is not refused as documented: {pair[0].name}", told)


def _asked(view: Filtered, pair: Pair, begin: str, end: str) -> Told:
    return view.probe.ask(view.told.asked.put(pair[0], begin).put(pair[1], end))


def _is_refused(told: Told, pair: Pair) -> bool:
    return told.row[1] == str(pair[0].schema["x-selects"].get("code"))


def _is_in_days(pair: Pair) -> bool:
    return bool(pair[0].schema["x-selects"].get("china_day"))


def _later(moment: str, duration: str) -> str:
    """The same day so many months or years later, the last of a shorter month."""
    length = isodate.parse_duration(duration)
    begin = parsed(moment)
    end: datetime = begin + length if isinstance(length, timedelta) else length + begin
    return f"{end:{INSTANT}}" if "T" in moment else f"{end:%Y-%m-%d}"
