"""What a finished request says: its parameters and its body, by the operation that it means."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from requests import PreparedRequest

from contracts.targets.target import body_of
from mockserver.contract.operation import Operation, SiteView
from mockserver.contract.registry import Contract
from mockserver.contract.things import BODY, Place


def path_values(operation: Operation, request: PreparedRequest) -> dict[str, str]:
    """The values of the path's variables; none for a path of another length."""
    segments = urlsplit(str(request.url)).path.split("/")
    pattern = operation.path.split("/")
    if len(segments) != len(pattern):
        return {}
    return {part[1:-1]: unquote(value) for part, value in zip(pattern, segments, strict=True) if part.startswith("{")}


def query_values(request: PreparedRequest) -> dict[str, list[str]]:
    return parse_qs(urlsplit(str(request.url)).query, keep_blank_values=True)


def json_body(request: PreparedRequest) -> Any:
    """The JSON body; None without one, and for what is no JSON."""
    try:
        return json.loads(body_of(request) or b"null")
    except ValueError:
        return None


def named_things(contract: Contract, view: SiteView, request: PreparedRequest) -> dict[str, set[str]]:
    """The ids that a call names, by the kind of thing."""
    named: dict[str, set[str]] = {}
    for thing, place in contract.things.asked(view):
        found = {str(value) for value in values_at(place, view.operation, request)}
        if found:
            named[thing] = named.get(thing, set()) | found
    return named


def values_at(place: Place, operation: Operation, request: PreparedRequest) -> Iterator[Any]:
    """What stands at a place of a request; each entry where a list stands there."""
    for value in _found(place, operation, request):
        yield from (value if isinstance(value, list) else [value] if value not in (None, "") else [])


def _found(place: Place, operation: Operation, request: PreparedRequest) -> list[Any]:
    if place.where == "path":
        return [path_values(operation, request).get(place.names[0])]
    if place.where == "query":
        return list(query_values(request).get(place.names[0], []))
    assert place.where == BODY, place.where
    return list(inside(json_body(request), place.names))


def inside(value: Any, names: tuple[str, ...]) -> Iterator[Any]:
    """What stands under these names; `*` is every row of a list."""
    if not names:
        yield value
    elif names[0] == "*":
        for item in value if isinstance(value, list) else []:
            yield from inside(item, names[1:])
    elif isinstance(value, dict) and names[0] in value:
        yield from inside(value[names[0]], names[1:])
