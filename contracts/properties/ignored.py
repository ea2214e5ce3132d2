"""Fields that only some callers may use: whatever others send is ignored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from contracts.properties.fields import Asked, Field, fields_of
from contracts.properties.probe import Probe
from contracts.properties.registry import Wrong, holds
from contracts.properties.scenes import answered, base, ids, thing_of
from mockserver.contract.documents import Json
from mockserver.contract.operation import SiteView

NOBODY = "0123456789abcdef0123456789abcdef"


def has_fields_for_some(view: SiteView) -> bool:
    return any(_others(view, one) for one in fields_of(view))


def _others(view: SiteView, place: Field) -> list[str]:
    """The documented callers that may not use a field."""
    some = place.schema.get("x-only-for")
    return sorted(view.operation.callers - set(some)) if some else []


@holds("ignored", applies=has_fields_for_some)
def ignored(probe: Probe) -> Iterator[Wrong]:
    """A call of each of the others, with an id that there is and one that there is not."""
    for place in fields_of(probe.view):
        for kind in _others(probe.view, place):
            if kind in probe.kinds:
                yield from _of_kind(probe, place, kind)


def _of_kind(probe: Probe, place: Field, kind: str) -> Iterator[Wrong]:
    asked = _call(probe, kind).drop(place)
    for value in (*_known(probe, place), NOBODY):
        sent = probe.ask(asked.put(place, value))
        probe.saw()
        if sent.said != probe.ask(asked).said:
            yield Wrong(f"a field that the caller cannot use is not ignored: {place.name}", sent)


def _call(probe: Probe, kind: str) -> Asked:
    """A call that the caller is answered, as far as one is known."""
    if probe.operation.effect != "read":
        return base(probe, kind)
    return answered(probe, kind) or replace(base(probe), kind=kind)


def _known(probe: Probe, place: Field) -> list[Json]:
    thing = thing_of(probe, probe.operation, place)
    return [*islice(ids(probe, place, thing, "distributor", 1), 1)] if thing and "distributor" in probe.kinds else []
