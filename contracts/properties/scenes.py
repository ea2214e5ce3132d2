"""Requests to begin with: whatever a call needs at least, with ids that the target itself tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice, product, zip_longest
from typing import Any

from contracts.linking.tellers import filled, tellers
from contracts.properties.fields import Asked, Field, fields_of
from contracts.properties.lists import Listing, Row, at, has_list, listing_of
from contracts.properties.probe import Probe, Told
from contracts.properties.selecting import CHINA, parsed
from contracts.requests_read import inside
from mockserver.contract.documents import Json
from mockserver.contract.operation import Operation

SEVERAL = 4
"""Values that are tried for one required field."""
DEPTH = 2
"""Calls in a row that an id may need."""
PAGES = 30
"""Pages of which a list may be made up."""
TOLD = 24
"""Ids among which those for one required field are chosen."""
TRIED = 40
"""Requests that are tried until one is accepted."""


def example(probe: Probe, kind: str = "", operation: Operation | None = None) -> Asked:
    """The first documented example of the site, else of the other, with ids that mean something on the target."""
    operation = operation or probe.operation
    known, site = probe.run.target.known, probe.run.target.site
    documented = sorted(operation.document.get("x-examples", ()), key=lambda one: one.get("site", site) != site)
    for one in documented:
        body, parameters = one.get("request"), one.get("parameters", {})
        return Asked(kind or probe.part.caller, filled(body, known), filled(parameters, known))
    return Asked(kind or probe.part.caller, {} if "requestBody" in operation.document else None)


def holding(probe: Probe, place: Field) -> Asked | None:
    """A call that can have the field: of a list the one that sees most, else the example; None if neither can."""
    found = scenes(probe)[:1] if has_list(probe.view) else []
    calls = [*(told.asked for told in found), base(probe), example(probe)]
    return next((one for one in calls if one.has_place_for(place)), None)


def find_working(probe: Probe) -> None:
    """Look for a call that is accepted and changes something, or is accepted at least: a rule is seen at work only
    where nothing else refuses the call."""
    if probe.operation.effect == "read" or probe.run.target.controls is None:
        return
    before = probe.run.target.state()
    for asked in islice(tried(probe), TRIED):
        told, (_, state) = probe.effect(asked)
        if told.ok:
            probe.working = probe.working or asked
        if told.ok and state != before and not _failures(told):
            probe.working = asked
            break
    probe.rewind()


def _failures(told: Told) -> list[Any]:
    """What a call that was accepted did not do."""
    lists = {row.inside for row in told.view.errors if row.inside is not None}
    return [one for name in lists for one in (told.body or {}).get(name) or ()]


def base(probe: Probe, kind: str = "") -> Asked:
    """A call that is accepted, as far as one is known, else the example."""
    if probe.working is None:
        return example(probe, kind)
    return replace(probe.working, kind=kind or probe.part.caller)


def tried(probe: Probe) -> Iterator[Asked]:
    """The example, whole and with what it needs at least in turn, with each combination of ids that the target
    tells."""
    for pair in zip_longest(_with_ids(probe, example(probe)), _with_ids(probe, least(probe, probe.part.caller))):
        yield from filter(None, pair)


def _with_ids(probe: Probe, asked: Asked) -> Iterator[Asked]:
    """Every field takes turns: those that come first in their lists are the likeliest."""
    named = [(one, found) for one in fields_of(probe.view) if one.required and (found := _ids_for(probe, one, asked))]
    sizes = [range(len(found)) for _, found in named]
    for places in sorted(product(*sizes), key=lambda places: (sum(places), places)):
        made = asked
        for (place, found), number in zip(named, places, strict=True):
            made = made.put(place, found[number])
        yield made


def _ids_for(probe: Probe, place: Field, asked: Asked) -> list[Json]:
    """The ids that a field can have; a list has one of them."""
    thing = thing_of(probe, probe.operation, place)
    told = list(islice(ids(probe, place, thing, asked.kind, DEPTH), TRIED)) if thing else []
    return [[one] for one in told] if place.schema.get("type") == "array" else [*told]


def least(probe: Probe, kind: str, operation: Operation | None = None) -> Asked:
    """The example without anything that may be left out."""
    operation = operation or probe.operation
    asked = example(probe, kind, operation)
    for one in fields_of(operation.on(probe.run.target.site)):
        if one.is_top and not one.required:
            asked = asked.drop(one)
    return asked


def scenes(probe: Probe) -> list[Told]:
    """The calls of a list that see most, at most one for each caller and each of a required field's values."""
    found = [told for kind in probe.callers for told in _of_kind(probe, kind)]
    found = [told for told in found if told.ok]
    listing = listing_of(probe.view)
    if listing is None:
        return found[: 1 if probe.quick else 2 * SEVERAL]
    found.sort(key=lambda told: -len(listing.rows(told.body)))
    return found[: 1 if probe.quick else SEVERAL]


def answered(probe: Probe, kind: str) -> Asked | None:
    """A read that a kind of caller is answered, as far as one is known."""
    return next((told.asked for told in scenes(probe) if told.asked.kind == kind), None)


def _of_kind(probe: Probe, kind: str) -> Iterator[Told]:
    for asked in _scopes(probe, least(probe, kind)):
        yield from (probe.ask(one) for one in _with_required(probe, asked, probe.operation, DEPTH))


def _scopes(probe: Probe, asked: Asked) -> Iterator[Asked]:
    """For oneself, and on behalf of somebody else where one can be named who is no filter."""
    yield asked
    for one in fields_of(probe.view):
        thing = thing_of(probe, probe.operation, one)
        if (
            thing == "partner"
            and probe.role(asked.kind) == "distributor"
            and one.is_top
            and "x-selects" not in one.schema
        ):
            yield from (asked.put(one, value) for value in islice(ids(probe, one, thing, asked.kind, DEPTH), 1))


def _with_required(probe: Probe, asked: Asked, operation: Operation, depth: int) -> Iterator[Asked]:
    """The request with each combination of values of its required fields."""
    required = [one for one in fields_of(operation.on(probe.run.target.site)) if one.is_top and one.required]
    choices = [_choices(probe, operation, one, asked, depth) for one in required]
    for values in islice(product(*choices), SEVERAL * 2):
        made = asked
        for one, value in zip(required, values, strict=True):
            made = made.put(one, value) if value is not None else made
        yield made


def _choices(probe: Probe, operation: Operation, place: Field, asked: Asked, depth: int) -> list[Json]:
    """Values of a required field: each of an enum, ids that are told, a range that ends now, else the example's."""
    if "enum" in place.schema:
        return list(place.schema["enum"][:SEVERAL])
    thing = thing_of(probe, operation, place)
    if thing and depth > 0:
        told = spread(list(islice(ids(probe, place, thing, asked.kind, depth), TOLD)), 2 * SEVERAL)
        if told:
            return [told] if place.schema.get("type") == "array" else told
    if depth > 0 and (entries := _entries(probe, operation, place, asked, depth)):
        return [entries]
    return [_until_now(probe, place) or asked.get(place)]


def _entries(probe: Probe, operation: Operation, place: Field, asked: Asked, depth: int) -> list[Json]:
    """A list of objects like the one that the example sends, one for each id that is told; empty if they have none."""
    sent = asked.get(place)
    for one in fields_of(operation.on(probe.run.target.site)):
        thing = thing_of(probe, operation, one)
        if thing and one.required and one.names[:-1] == (*place.names, "*") and isinstance(sent, list) and sent:
            told = islice(ids(probe, one, thing, asked.kind, depth), SEVERAL)
            return [{**sent[0], one.names[-1]: value} for value in told]
    return []


def _until_now(probe: Probe, place: Field) -> str | None:
    """The end of a range that ends now, or the begin of one of the documented length."""
    selects, controls = place.schema.get("x-selects", {}), probe.run.target.controls
    if not selects.get("china_day") or controls is None:
        return None
    length = int(selects.get("longest", "P0D").strip("PDMY") or 0) if "end" in selects else 0
    return f"{parsed(controls.now).astimezone(CHINA) - timedelta(days=length):%Y-%m-%d}"


def ids(probe: Probe, place: Field, thing: str, kind: str, depth: int) -> Iterator[str]:
    """Ids of a thing that a kind of principal can learn by reading, the one that the target knows first."""
    known = probe.run.target.known.get(place.names[-1])
    seen = {known} if isinstance(known, str) else set()
    yield from seen.copy()
    for value in _told(probe, thing, kind, depth):
        if value not in seen:
            seen.add(value)
            yield value


def _told(probe: Probe, thing: str, kind: str, depth: int) -> Iterator[str]:
    for teller, place in tellers(probe.run.contract, probe.view, thing):
        if probe.role(kind) not in teller.callers or not has_list(teller.on(probe.run.target.site)):
            continue
        for asked in islice(_with_required(probe, least(probe, kind, teller), teller, depth - 1), SEVERAL):
            told = probe.ask(asked, f"ask {teller.id}", teller)
            if told.ok:
                yield from (str(one) for value in inside(told.body, place.names) for one in _listed(value) if one)


def whole(probe: Probe, told: Told) -> list[Row]:
    """Every row of the list that a call answers, page by page."""
    listing = listing_of(probe.view)
    assert listing is not None, "asked of lists"
    if listing.is_paged:
        return _by_offset(probe, listing, told)
    rows, page = listing.rows(told.body), told
    for _ in range(PAGES):
        if not (page.ok and (following := listing.following(page.body))):
            break
        assert listing.marker is not None and listing.limit is not None
        page = probe.ask(told.asked.put(listing.marker, following).put(listing.limit, listing.most))
        rows = rows + listing.rows(page.body)
    return rows


def _by_offset(probe: Probe, listing: Listing, told: Told) -> list[Row]:
    assert listing.offset is not None and listing.limit is not None
    rows: list[Row] = []
    for _ in range(PAGES):
        page = probe.ask(told.asked.put(listing.limit, listing.most).put(listing.offset, len(rows)))
        more = listing.rows(page.body) if page.ok else []
        rows += more
        if len(more) < listing.most:
            break
    return rows


def values_at(rows: list[Row], paths: tuple[str, ...]) -> list[Any]:
    """The different values that rows have at some paths, the first first."""
    return list({str(one): one for row in rows for path in paths for one in at(row, path)}.values())


def spread(values: list[Any], most: int) -> list[Any]:
    """At most so many, from the first to the last."""
    if len(values) <= most:
        return values
    return [values[index * (len(values) - 1) // max(1, most - 1)] for index in range(most)]


def thing_of(probe: Probe, operation: Operation, place: Field) -> str:
    """What the field's value is the id of; empty if of nothing."""
    asked = probe.run.contract.things.asked(operation.on(probe.run.target.site))
    return next((thing for thing, one in asked if one.names == place.names), "")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
