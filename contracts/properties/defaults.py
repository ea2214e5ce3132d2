"""Defaults of calls that change something: left out or sent, a field has the same effect."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.properties.fields import Field, fields_of
from contracts.properties.probe import Probe
from contracts.properties.registry import Wrong, holds
from mockserver.contract.operation import SiteView


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
    asked = probe.working
    if asked is None:
        probe.nothing("no request is accepted")
        return
    for place in _defaulted(probe.view):
        absent, without = probe.effect(asked.drop(place))
        _, with_it = probe.effect(asked.put(place, place.schema["default"]))
        probe.saw()
        if without != with_it:
            yield Wrong(f"without a field its default is not in force: {place.name}", absent)
