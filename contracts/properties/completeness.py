"""Completeness: every field that a documented example answers is answered, somewhere in a populated world."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from contracts.properties.lists import has_list, listing_of
from contracts.properties.probe import Probe, Told
from contracts.properties.registry import Wrong, holds
from contracts.properties.scenes import base, scenes, whole
from mockserver.contract.documents import Document
from mockserver.contract.operation import SiteView

Names = tuple[str, ...]
Fields = dict[Names, set[str]]
"""The fields of the objects at each place."""


def has_example(view: SiteView) -> bool:
    return any("response" in one for one in _examples(view))


@holds("completeness", applies=has_example)
def completeness(probe: Probe) -> Iterator[Wrong]:
    """The answers at hand, page by page, against the examples of the site."""
    if probe.run.target.controls is None:
        probe.nothing("nobody knows what the target has to show")
        return
    answered = [told for told in _answers(probe) if told.ok]
    documented, seen = _documented(probe.view), _seen(probe, answered)
    for place, fields in documented.items():
        if place in seen:
            probe.saw()
            for name in sorted(fields - seen[place]):
                if not _may_lack(probe.view.response_schema, (*place, name)):
                    yield Wrong(f"no answer has a field: {_shown((*place, name))}", answered[0])
        else:
            probe.nothing(f"nothing has {_shown(place)}")


def _examples(view: SiteView) -> list[Document]:
    return [one for one in view.document.get("x-examples", ()) if one.get("site", view.site) == view.site]


def _answers(probe: Probe) -> list[Told]:
    """What the callers are answered; of lists the calls that see most."""
    found = scenes(probe) if probe.operation.effect == "read" else []
    return [*found, *(probe.ask(base(probe, kind)) for kind in probe.kinds)]


def _documented(view: SiteView) -> Fields:
    """The fields that have a value in an example."""
    found: Fields = {}
    for one in _examples(view):
        _collect(one.get("response"), (), found, lambda value: value not in (None, "", [], {}))
    return found


def _seen(probe: Probe, answered: list[Told]) -> Fields:
    found: Fields = {}
    listing = listing_of(probe.view)
    for told in answered:
        body = told.body
        if listing is not None and isinstance(body, dict) and len(listing.lists) == 1 and has_list(probe.view):
            body = {**body, **dict.fromkeys(listing.lists, whole(probe, told))}
        _collect(body, (), found, lambda value: True)
    return found


def _collect(value: Any, names: Names, found: Fields, counts: Callable[[Any], bool]) -> None:
    if isinstance(value, list):
        for item in value:
            _collect(item, (*names, "*"), found, counts)
    elif isinstance(value, dict):
        found.setdefault(names, set()).update(name for name, item in value.items() if counts(item))
        for name, item in value.items():
            _collect(item, (*names, name), found, counts)


def _may_lack(schema: Mapping[str, Any] | None, names: Names) -> bool:
    """Whether the document says that a field is answered in some cases only."""
    for name in names:
        schema = (schema or {}).get("items") if name == "*" else (schema or {}).get("properties", {}).get(name)
    return "x-only-when" in (schema or {})


def _shown(names: Names) -> str:
    return ".".join(names) or "the body"
