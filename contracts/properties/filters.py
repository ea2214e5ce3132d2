"""Filters: an answer has the rows of the unfiltered one that match, all of them, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from contracts.properties.drawing import smallest
from contracts.properties.fields import Field
from contracts.properties.lists import Row, filters_of, has_filters, listing_of
from contracts.properties.probe import Probe, Told
from contracts.properties.registry import Wrong, holds
from contracts.properties.scenes import scenes, spread, values_at, whole
from contracts.properties.selecting import Selects, moved
from mockserver.contract.documents import Document, Json
from mockserver.contract.validation import Checker

DIFFERENT, DIFFERENT_QUICKLY = 6, 2
"""Values of one filter that are taken from the rows."""
TOGETHER = 3
"""Filters that are sent together."""
STRANGERS = ("nobody-has-this", "0123456789abcdef0123456789abcdef", "2001-01-01T00:00:00Z", 1, 999)
NOTHINGS: tuple[Json, ...] = ("", [""], [], None, "null")
"""What does not filter like other values do."""

Chosen = dict[Field, Json]


@holds("filters", applies=has_filters)
def filters(probe: Probe) -> Iterator[Wrong]:
    """Of each call that sees something: each filter alone with each value, then some together."""
    found = scenes(probe)
    if not found:
        probe.nothing("no call of the list is answered")
    for told in found:
        view = Filtered(probe, told, whole(probe, told))
        if not view.rows:
            probe.nothing("the list is empty")
            continue
        for one in view.filters:
            yield from view.unsaid(one)
            yield from view.alone(one)
        yield from view.together()


class Filtered:
    """One list, and what filters make of it."""

    def __init__(self, probe: Probe, told: Told, rows: list[Row]) -> None:
        self.probe = probe
        self.told = told
        self.rows = rows
        listing = listing_of(probe.view)
        assert listing is not None, "it applies to lists only"
        self.listing = listing
        self.filters = [
            one
            for one in filters_of(probe.view)
            if (role := probe.role(told.asked.kind)) in one.schema["x-selects"].get("callers", (role,))
        ]

    def alone(self, place: Field) -> Iterator[Wrong]:
        """One filter, with values that rows have and one that none has."""
        if place.required:
            yield from self._required(place)
            return
        most = DIFFERENT_QUICKLY if self.probe.quick else DIFFERENT
        values = candidates(place, self.rows, most)
        if not values:
            self.probe.nothing(f"no value to filter {place.name} by")
        yield from filter(None, (self.wrong({place: value}) for value in values))

    def unsaid(self, place: Field) -> Iterator[Wrong]:
        """A filter that filters although it is not sent."""
        selects = _selects(place)
        if (value := selects.facts.get("unsaid")) is None:
            return
        self.probe.saw()
        if not all(selects.lets_through(value, row) for row in self.rows):
            yield Wrong(f"a row does not match what counts where nothing is sent: {place.name}", self.told)

    def together(self) -> Iterator[Wrong]:
        """Several filters that select by what the answer shows: each pair of them so that a row remains, then any."""
        able = [
            one for one in self.filters if not one.required and not {"alone", "apart"} & one.schema["x-selects"].keys()
        ]
        if not self.probe.quick:
            yield from filter(None, (self._pair(*pair) for pair in combinations(able, 2)))
        choices = {one: shown for one in able if (shown := _shown(one, candidates(one, self.rows, TOGETHER)))}
        if len(choices) > 1:
            mistake = smallest(_drawn(choices), self.wrong, self.probe.run.seed, self.probe.draws)
            yield from [mistake] if mistake else []

    def _pair(self, first: Field, second: Field) -> Wrong | None:
        """What is wrong with two filters that let one row through."""
        for row in self.rows:
            chosen = {one: value for one in (first, second) if (value := _fitting(one, row)) is not None}
            if len(chosen) == 2:
                return self.wrong(chosen)
        return None

    def wrong(self, chosen: Chosen) -> Wrong | None:
        """What is wrong with the answer to filters; nothing, where they are refused together or hard to judge."""
        asked = self.told.asked
        for place, value in chosen.items():
            asked = asked.put(place, value)
        first = self.probe.ask(asked)
        if not first.ok:
            self.probe.nothing("the filters are refused")
            return None
        told = whole(self.probe, first)
        self.probe.saw()
        complaint = _complaint(chosen, self.rows, told) or self._miscounted(first, told)
        return Wrong(complaint, first) if complaint else None

    def _miscounted(self, first: Told, rows: list[Row]) -> str:
        total = self.listing.total
        wrong = self.listing.is_paged and total and first.body.get(total) != len(rows)
        return f"{total} does not count the filtered rows" if wrong else ""

    def _required(self, place: Field) -> Iterator[Wrong]:
        """A filter that every call has: every row matches."""
        value, selects = self.told.asked.get(place), _selects(place)
        if value is not None and selects.is_shown(value):
            self.probe.saw()
            if not all(selects.lets_through(value, row) for row in self.rows):
                yield Wrong(f"a row does not match a filter: {place.name}", self.told)


def _complaint(chosen: Chosen, rows: list[Row], told: list[Row]) -> str:
    """How the rows told differ from those that match; empty if they do not."""
    names = ", ".join(place.name for place in chosen)
    if not all(_matches(chosen, row) for row in told):
        return f"a row does not match a filter: {names}"
    facts = [(place.schema, _selects(place)) for place in chosen]
    if any(_widens(schema) for schema, _ in facts):
        return ""
    if not _is_part(told, rows):
        return f"a filtered list has rows, or an order, that the whole has not: {names}"
    if any("partial" in one.facts for _, one in facts) or not _is_shown(chosen):
        return ""
    return (
        f"a filter loses a row that matches: {names}" if len(told) < sum(_matches(chosen, row) for row in rows) else ""
    )


def _matches(chosen: Chosen, row: Row) -> bool:
    """Whether a row fits all filters, as far as the answer shows what they select by."""
    pairs = [(_selects(place), value) for place, value in chosen.items()]
    return all(one.lets_through(value, row) for one, value in pairs if one.is_shown(value) or one.means_nothing(value))


def _is_shown(chosen: Chosen) -> bool:
    pairs = [(_selects(place), value) for place, value in chosen.items()]
    return all(one.is_shown(value) or one.means_nothing(value) for one, value in pairs)


def _widens(schema: Document) -> bool:
    """Whether other rows are answered without the filter than all of them."""
    selects = schema["x-selects"]
    return "apart" in selects or ("default" in schema and "otherwise" not in selects)


def _is_part(part: list[Row], rows: list[Row]) -> bool:
    """Whether rows are among others, in their order."""
    following = iter(rows)
    return all(row in following for row in part)


def _shown(place: Field, values: list[Json]) -> list[Json]:
    """Those values by which the answer shows what is selected."""
    return [one for one in values if _selects(place).is_shown(one)]


def _fitting(place: Field, row: Row) -> Json:
    """A value that lets a row through; None if there is none."""
    values = _shown(place, candidates(place, [row], 1))
    return next((one for one in values if _selects(place).lets_through(one, row)), None)


def _drawn(choices: dict[Field, list[Json]]) -> st.SearchStrategy[Chosen]:
    """Some of the filters, each with one of its values."""
    fields = sorted(choices, key=lambda one: one.name)
    some = st.lists(st.sampled_from(fields), min_size=2, max_size=TOGETHER, unique=True)
    return some.flatmap(lambda places: st.fixed_dictionaries({one: st.sampled_from(choices[one]) for one in places}))


def _selects(place: Field) -> Selects:
    return Selects(place.schema["x-selects"])


def candidates(place: Field, rows: list[Row], most: int) -> list[Json]:
    """Values for a filter: those of rows and variations of them, each of an enum, one that nothing has."""
    selects = _selects(place)
    seen = spread(values_at(rows, selects.paths), most)
    values = [one for value in seen for one in _variations(selects, value, place.schema)]
    values += place.schema.get("enum", ())
    if selects.by == "pairs":
        values = [
            [{"key": key, "value": str(one)}]
            for key, facts in selects.facts["each"].items()
            for one in _of_pair(facts, rows, most)
        ]
    elif selects.by not in ("from", "until", "after", "before"):
        values += [_shaped(place.schema, one) for one in STRANGERS]
    checker = Checker(place.schema)
    different = {repr(one): one for one in values if one not in NOTHINGS}
    return [one for one in different.values() if checker.accepts(one)]


def _of_pair(facts: Document, rows: list[Row], most: int) -> list[Json]:
    inner = Selects(facts)
    return [one for value in spread(values_at(rows, inner.paths), most) for one in _variations(inner, value, {})]


def _variations(selects: Selects, value: Any, schema: Document) -> list[Json]:
    """What to send for a row's value: itself, parts of it, it in other letters, moments around it."""
    text = str(selects.seen(value))
    if selects.by in ("from", "until", "after", "before"):
        return [moved(text, step) for step in (-1, 0, 1)]
    if "means" in selects.facts:
        return [sent for sent, told in selects.facts["means"].items() if told == text]
    if selects.by == "contains":
        middle = text[len(text) // 3 : 2 * len(text) // 3 + 1]
        return [text, text[:3], text[-3:], middle, middle.swapcase()]
    values = [value, *([text.swapcase()] if selects.facts.get("ignore_case") else [])]
    if selects.by == "member":
        return list(text.split(selects.facts.get("separator", "\0")))
    return [_shaped(schema, one) for one in values]


def _shaped(schema: Document, value: Any) -> Json:
    """A value, or a list of it, in the type of the field."""
    if schema.get("type") == "array":
        return [_shaped(schema.get("items", {}), value)]
    if schema.get("type") == "string":
        return str(value)
    return int(value) if schema.get("type") == "integer" and str(value).lstrip("-").isdigit() else value
