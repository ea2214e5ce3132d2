"""Defaults of calls that change something: left out or sent, a field has the same effect."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from contracts.properties.fields import Asked, Field, fields_of
from contracts.properties.probe import Probe, Told
from contracts.properties.registry import Wrong, holds
from contracts.properties.scenes import DEPTH, example, ids, least, thing_of
from contracts.properties.world import populate
from mockserver.contract.documents import Json
from mockserver.contract.operation import SiteView

TRIED = 16
"""Requests that are tried until one is accepted."""


def has_defaults(view: SiteView) -> bool:
    return view.operation.effect != "read" and bool(_defaulted(view))


def _defaulted(view: SiteView) -> list[Field]:
    return [one for one in fields_of(view) if one.is_top and "default" in one.schema]


@holds("defaults", applies=has_defaults)
def defaults(probe: Probe) -> Iterator[Wrong]:
    """Each field that has a default, in a request that is accepted."""
    if probe.run.target.controls is None:
        probe.nothing("the target cannot be taken back")
        return
    asked = next((one for one in islice(tried(probe), TRIED) if _effect(probe, one)[0].ok), None)
    if asked is None:
        probe.nothing("no request is accepted")
        return
    for place in _defaulted(probe.view):
        absent, without = _effect(probe, asked.drop(place))
        _, with_it = _effect(probe, asked.put(place, place.schema["default"]))
        probe.saw()
        if without != with_it:
            yield Wrong(f"without a field its default is not in force: {place.name}", absent)


def _effect(probe: Probe, asked: Asked) -> tuple[Told, Any]:
    """What is answered, and all that is left of the populated world."""
    probe.rewind()
    populate(probe.run)
    told, state = probe.ask_and_look(asked)
    return told, (told.said, state)


def tried(probe: Probe) -> Iterator[Asked]:
    """The example, whole and with what it needs at least, with each combination of ids that the target tells."""
    for asked in (example(probe), least(probe, probe.part.caller)):
        yield from _with_ids(probe, asked)


def _with_ids(probe: Probe, asked: Asked) -> Iterator[Asked]:
    named = [(one, found) for one in fields_of(probe.view) if one.required and (found := _told(probe, one, asked))]
    for values in product(*(found for _, found in named)):
        made = asked
        for (place, _), value in zip(named, values, strict=True):
            made = made.put(place, value)
        yield made


def _told(probe: Probe, place: Field, asked: Asked) -> list[Json]:
    """The ids that a field can have; a list has one of them."""
    thing = thing_of(probe, probe.operation, place)
    told = list(islice(ids(probe, place, thing, asked.kind, DEPTH), TRIED)) if thing else []
    return [[one] for one in told] if place.schema.get("type") == "array" else [*told]
