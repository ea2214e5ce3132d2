"""What one operation tells another takes: ids from real answers, along the links of the OpenAPI document."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import Any

from contracts.checks import is_refused_as_invalid
from contracts.events import Event, ExchangeSent
from contracts.phases.registry import phase
from contracts.phases.running import Run
from contracts.requests_read import inside
from contracts.targets.target import KINDS
from mockserver.contract.documents import Document, Json
from mockserver.contract.operation import Operation, SiteView
from mockserver.contract.registry import Contract
from mockserver.contract.things import BODY, Place

DEPTH = 2
"""Calls in a row that may be needed for an id."""
TELLERS, TELLERS_QUICK = 6, 1
"""Operations that are asked for an id of one thing."""


def asks_for_things(contract: Contract, view: SiteView) -> bool:
    return any(tellers(contract, view, thing) for thing, _ in contract.things.asked(view))


def tellers(contract: Contract, view: SiteView, thing: str) -> list[tuple[Operation, Place]]:
    """The operations that tell ids of a thing: those of the same area first, reads before others."""
    found: dict[str, tuple[Operation, Place]] = {}
    for one in contract:
        if one.id != view.operation.id and one.status == "current" and view.site in one.sites:
            for told, place in contract.things.told(one.on(view.site)):
                if told == thing:
                    found.setdefault(one.id, (one, place))
    area = view.operation.area
    return sorted(found.values(), key=lambda pair: (pair[0].effect != "read", pair[0].area != area, pair[0].id))


@phase("links", applies=lambda view: True)
def links(run: Run, operation: Operation) -> Iterator[Event]:
    """Ask for ids, then call the operation with them: what one tells, the other must not call malformed."""
    for thing, place in run.contract.things.asked(run.view):
        limit = TELLERS_QUICK if run.options.quick else TELLERS
        for teller, source in islice(tellers(run.contract, run.view, thing), limit):
            run.restart()
            values: list[str] = []
            yield from _ask(run, teller, source, values, DEPTH)
            if values:
                yield from _take(run, operation, place, teller, values)


def _ask(run: Run, teller: Operation, source: Place, values: list[str], depth: int) -> Iterator[Event]:
    """Call an operation for ids, and note them in `values`."""
    kind = _caller(run, teller)
    if not kind:
        return
    body, parameters = example_of(teller, run)
    sent = run.send(f"ask {teller.id}", run.request(teller, body, parameters), kind)
    yield sent
    yield from run.judge(sent)
    if isinstance(sent, ExchangeSent) and sent.answer.response.ok:
        found = [one for value in inside(sent.answer.body, source.names) for one in _listed(value)]
        values += [str(one) for one in dict.fromkeys(found) if one][:1]


def _take(run: Run, operation: Operation, place: Place, teller: Operation, values: list[str]) -> Iterator[Event]:
    body, parameters = example_of(operation, run)
    given: Json = values if place.many else values[0]
    if place.where == BODY:
        body = copy.deepcopy(body) if isinstance(body, dict) else {}
        if not _put(body, place.names, given):
            return
    else:
        parameters = {**parameters, place.names[0]: given}
    sent = run.send(f"{place.names[-1]} from {teller.id}", run.request(operation, body, parameters))
    yield sent
    yield from run.judge(sent)
    if isinstance(sent, ExchangeSent) and is_refused_as_invalid(run.view, sent.answer) and _names(sent, place):
        yield from run.complain(sent, f"an id that {teller.id} told is refused as malformed")


def _names(sent: ExchangeSent, place: Place) -> bool:
    """Whether a refusal is about the field at a place."""
    return place.names[-1] in str(sent.answer.body.get("error_msg"))


def _caller(run: Run, operation: Operation) -> str:
    """Who asks: the caller of the part if it may, else the first that may."""
    kinds = (run.part.caller, *KINDS)
    return next((kind for kind in kinds if kind in operation.callers and kind in run.target.kinds), "")


def example_of(operation: Operation, run: Run) -> tuple[Json, Document]:
    """Body and parameters of the first documented example, with the target's own values of known fields."""
    for example in operation.document.get("x-examples", ()):
        if example.get("site", run.target.site) == run.target.site:
            known = run.target.known
            return _filled(example.get("request"), known), _filled(example.get("parameters", {}), known)
    return ({} if "requestBody" in operation.document else None), {}


def _filled(part: Json, known: Any) -> Json:
    if isinstance(part, list):
        return [_filled(item, known) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        name: known[name] if isinstance(value, type(known.get(name, ...))) else _filled(value, known)
        for name, value in part.items()
    }


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _put(body: Any, names: tuple[str, ...], value: Json) -> bool:
    """Put a value at a place of a body, into the first row of lists; false where the body has no such row."""
    for name, following in pairwise(names):
        if name == "*":
            if not body:
                return False
            body = body[0]
        else:
            body = body.setdefault(name, [] if following == "*" else {})
    body[names[-1]] = value
    return True
