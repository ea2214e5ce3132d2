"""Values that say nothing: absent, kept or refused, as the document says for each field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from contracts.properties.fields import HEADER, PATH, QUERY, Asked, Field, fields_of
from contracts.properties.lists import listing_of
from contracts.properties.probe import Probe, Told, expected_refusal
from contracts.properties.registry import Wrong, holds
from contracts.properties.scenes import holding
from contracts.properties.selecting import Selects
from mockserver.contract.documents import Json
from mockserver.contract.operation import SiteView

ABSENT, KEEP, REFUSE = "absent", "keep", "refuse"
TEXTS: Final[Mapping[str, str]] = {"empty": "", "empty_string": '""', "null": "null"}
"""As a query says them."""


def takes_anything(view: SiteView) -> bool:
    """Whether there is a field that could say nothing."""
    return any(one.where not in (PATH, HEADER) for one in fields_of(view))


@holds("nullish", applies=takes_anything)
def nullish(probe: Probe) -> Iterator[Wrong]:
    """Each field of the documented example, each way to say nothing."""
    fields = [one for one in fields_of(probe.view) if one.where not in (PATH, HEADER)]
    calls = {place: asked for place in fields if (asked := holding(probe, place)) is not None}
    if len(calls) < len(fields):
        probe.nothing("no call at hand can have the field")
    for place, kind, value in probe.some([(field, *one) for field in calls for one in _nothings(field).items()]):
        yield from _of_one(probe, calls[place], place, kind, value)


def _nothings(place: Field) -> Mapping[str, Json]:
    """The values that say nothing in this place, by kind."""
    if place.where == QUERY:
        return TEXTS
    documented = place.schema.get("x-nullish", {})
    empty: dict[str, Json] = {"null": None, "empty_string": ""}
    container: Json = {"array": [], "object": {}}.get(_type(place))
    return {**empty, **({"empty": container} if container is not None else {})} if documented else {"null": None}


def _type(place: Field) -> str:
    kind: Any = place.schema.get("type", "")
    return str(next((one for one in kind if one != "null"), "")) if isinstance(kind, list) else str(kind)


def rule_of(place: Field, kind: str) -> str:
    """What a way to say nothing means for a field. Unsaid, one of them counts as absent, the others as values."""
    usually = "empty" if place.where == QUERY else "null"
    unsaid = {usually: REFUSE if place.required else ABSENT}
    return str({**unsaid, **place.schema.get("x-nullish", {})}.get(kind, KEEP))


def _of_one(probe: Probe, asked: Asked, place: Field, kind: str, value: Json) -> Iterator[Wrong]:
    told, rule = probe.ask(asked.put(place, value)), rule_of(place, kind)
    if told.answer is None:
        probe.nothing("the request is not let out")
    elif rule == REFUSE or (rule == KEEP and not told.is_valid):
        probe.saw()
        if told.row != expected_refusal(probe.view, place):
            yield Wrong(f"a value that says nothing is not refused as documented: {place.name} {kind}", told)
    elif rule == KEEP:
        probe.saw()
        if (told.is_called_invalid and told.is_about(place)) or not _is_filtered_by(told, place, value):
            yield Wrong(f"a value that says nothing is not kept as a value: {place.name} {kind}", told)
    else:
        probe.saw()
        if not _has_same_effect(probe, told, asked.drop(place)):
            yield Wrong(f"a value that says nothing does not count as absent: {place.name} {kind}", told)


def _has_same_effect(probe: Probe, told: Told, without: Asked) -> bool:
    """Whether the same is answered without the field and, by a call that changes something, left."""
    if probe.working is None or not told.ok:
        return bool(told.said == probe.ask(without).said)
    return bool(probe.effect(told.asked)[1] == probe.effect(without)[1])


def _is_filtered_by(told: Told, place: Field, value: Json) -> bool:
    """Whether the rows of an answer match the value, where it is that of a filter."""
    listing, facts = listing_of(told.view), place.schema.get("x-selects")
    if listing is None or facts is None or not told.ok:
        return True
    selects = Selects(facts)
    return not selects.is_shown(value) or all(selects.lets_through(value, row) for row in listing.rows(told.body))
