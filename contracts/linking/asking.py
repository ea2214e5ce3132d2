"""Requests that take ids along."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from requests import Request

from contracts.linking.tellers import example_of
from contracts.linking.told import Id, Scope, is_required
from contracts.phases.running import Run
from mockserver.contract.documents import Document, Json
from mockserver.contract.operation import SiteView
from mockserver.contract.things import BODY, Place

if TYPE_CHECKING:
    from contracts.cases import Case


def least(run: Run, view: SiteView, ids: Sequence[Id], scope: Scope) -> Request:
    """The example without what may be left out, with the ids, on behalf of the accounts of `scope`."""
    body, parameters = example_of(view.operation, run)
    required = (view.body_schema or {}).get("required", ())
    body = {name: body[name] for name in required if name in body} if isinstance(body, dict) else body
    needed = {one["name"] for one in view.parameters if one.get("required")}
    parameters = {name: value for name, value in parameters.items() if name in needed}
    for place, value in _given(run, view, ids, scope):
        if place.where == BODY:
            body = body if isinstance(body, dict) else {}
            put(body, place.names, value)
        else:
            parameters[place.names[0]] = value
    return run.request(view.operation, body, parameters)


def drawn(run: Run, case: Case, view: SiteView, ids: Sequence[Id], scope: Scope) -> Request:
    """The drawn call with the ids, and without others that may be left out."""
    case.body = copy.deepcopy(case.body)
    parts: dict[str, Any] = {"path": case.path_parameters, "query": case.query, BODY: case.body}
    for _, place in run.contract.things.asked(view):
        if isinstance(parts[place.where], dict) and not is_required(view, place):
            parts[place.where].pop(place.names[0], None)
    for place, value in _given(run, view, ids, scope):
        if isinstance(parts[place.where], dict):
            put(parts[place.where], place.names, value)
    return run.request_of(case)


def _given(run: Run, view: SiteView, ids: Sequence[Id], scope: Scope) -> Iterator[tuple[Place, Json]]:
    """Where ids are put."""
    for one in ids:
        yield one.place, [one.value] if one.place.many else one.value
    linked = {one.thing for one in ids}
    for thing, place in run.contract.things.asked(view):
        values = sorted(scope.get(thing, ()))
        if values and thing not in linked and len(place.names) == 1:
            yield place, values[:1] if place.many else values[0]


def put(body: Document, names: tuple[str, ...], value: Json) -> None:
    """Put a value at a place of a body, into the first row of lists; where there is no such row, there will be."""
    part: Any = body
    for name, following in pairwise(names):
        empty: Json = [] if following == "*" else {}
        if name == "*":
            part[:1] = part[:1] or [empty]
            part = part[0]
        else:
            part = part.setdefault(name, empty)
    part[names[-1]] = value
