"""The documented examples of operations as traffic, with ids that exist at the target, and times near its own.

An operation that reads is also asked for everything: with nothing but what it requires.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from requests import PreparedRequest, Request
from requests.auth import AuthBase

from contracts.cassettes.fields import fields
from contracts.checks import Answer
from contracts.guard import Withheld
from contracts.targets.target import KINDS, Target
from mockserver.contract.documents import Document
from mockserver.contract.operation import Operation, SiteView
from mockserver.contract.registry import Contract
from mockserver.contract.writing import json_bytes
from mockserver.gateway.message import json_of

_TIME = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])(-[0-9]{2}([T ][0-9:.]+Z?)?)?\Z")
EFFECTS = ("read", "reversible", "irreversible")


class Ids:
    """Ids that a target has shown, by kind of thing: the first of each kind."""

    def __init__(self, known: Document) -> None:
        self._first: dict[str, str] = {}
        self.learn(known)

    def learn(self, value: Any, name: str = "") -> None:
        """Note the ids in an answer."""
        if isinstance(value, dict):
            for key, item in value.items():
                self.learn(item, key)
        elif isinstance(value, list):
            for item in value:
                self.learn(item, name)
        else:
            kind = fields().kind_of(name, value)
            if kind is not None:
                self._first.setdefault(kind, value)

    def put(self, value: Any, name: str = "") -> Any:
        """Example data with these ids in place of those of the documentation."""
        if isinstance(value, dict):
            return {key: self.put(item, key) for key, item in value.items()}
        if isinstance(value, list):
            return [self.put(item, name) for item in value]
        kind = fields().kind_of(name, value)
        return self._first.get(kind, value) if kind is not None else value


def play(
    target: Target, chosen: Iterable[Operation], now: datetime, withheld: Callable[[str], object] = str
) -> Iterator[Answer]:
    """Send the examples of the chosen operations: what changes nothing first, so that its answers name the ids. `now`
    is the time of a target that does not tell its own; `withheld` hears why a guard keeps a call back."""
    moment = datetime.fromisoformat(target.controls.now) if target.controls else now
    ids = Ids(dict(target.known))
    for operation in sorted(chosen, key=_rank):
        auth = target.sign(caller(operation, target))
        for example in examples(operation, target.site):
            request = built(target.base_url, operation, ids.put(moved(example, moment)), auth)
            try:
                answer = Answer(request, target.send(request))
            except Withheld as reason:
                withheld(str(reason))
                continue
            if answer.response.ok:
                ids.learn(_json(answer.response.content))
            yield answer


def selected(contract: Contract, target: Target, areas: Iterable[str], names: Iterable[str]) -> list[Operation]:
    """The operations that the target serves and somebody there may call, of these areas and names; an empty choice is
    no limit."""
    wanted, named = set(areas), set(names)
    return [
        one
        for one in contract
        if target.site in one.sites
        and (target.removed or one.status != "removed")
        and one.callers & set(target.kinds)
        and (not wanted or one.area in wanted)
        and (not named or one.id in named)
    ]


def examples(operation: Operation, site: str) -> list[Document]:
    """What is sent as an operation on a site."""
    documented = [one for one in operation.document.get("x-examples", ()) if one.get("site", site) == site]
    documented = documented or [{"request": {}}]
    sent = [{"parameters": one.get("parameters", {}), "request": one.get("request", {})} for one in documented]
    if operation.effect == "read":
        sent.append(_everything(operation.on(site), sent[0]))
    return [one for index, one in enumerate(sent) if one not in sent[:index]]


def _everything(view: SiteView, example: Document) -> Document:
    """An example without what may be left out."""
    needed = {one["name"] for one in view.parameters if one.get("required")}
    required = (view.body_schema or {}).get("required", ())
    return {
        "parameters": {name: value for name, value in example["parameters"].items() if name in needed},
        "request": {name: value for name, value in example["request"].items() if name in required},
    }


def moved(example: Document, moment: datetime) -> Document:
    """An example whose times lie as many months back that the newest is not after `moment`."""
    newest = max(_times(example), default=None)
    if newest is None:
        return example
    months = _months(f"{moment:%Y-%m}") - _months(newest) - (newest[7:10] > f"{moment:-%d}")
    shifted: Document = _shifted(example, months)
    return shifted


def _times(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _times(item)
    elif isinstance(value, str) and _TIME.match(value):
        yield value


def _shifted(value: Any, months: int) -> Any:
    """Data with its times moved by whole months; no month is shorter than 28 days."""
    if isinstance(value, dict):
        return {name: _shifted(item, months) for name, item in value.items()}
    if isinstance(value, list):
        return [_shifted(item, months) for item in value]
    if not isinstance(value, str) or not _TIME.match(value):
        return value
    year, month = divmod(_months(value) + months, 12)
    day = f"-{min(int(value[8:10]), 28):02}" if value[7:8] else ""
    return f"{year:04}-{month + 1:02}{day}{value[10:]}"


def _months(time: str) -> int:
    return int(time[:4]) * 12 + int(time[5:7]) - 1


def caller(operation: Operation, target: Target) -> str:
    """The kind of principal that calls an operation: the first that may, and that the target has."""
    return next(kind for kind in KINDS if kind in operation.callers and kind in target.kinds)


def built(base_url: str, operation: Operation, example: Document, auth: AuthBase) -> PreparedRequest:
    """The signed request of an example."""
    path, query, headers = operation.path, [], {}
    places = {one["name"]: one["in"] for one in operation.document.get("parameters", ())}
    for name, value in example.get("parameters", {}).items():
        if places.get(name) == "path":
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        elif places.get(name) == "header":
            headers[name] = str(value)
        else:
            query += [(name, str(item)) for item in (value if isinstance(value, list) else [value])]
    return prepared(operation.method, base_url + path, query, headers, _content(operation, example), auth)


def prepared(
    method: str, url: str, query: list[tuple[str, str]], headers: dict[str, str], content: bytes, auth: AuthBase
) -> PreparedRequest:
    """A finished request."""
    full = url + (f"?{urlencode(query, quote_via=quote)}" if query else "")
    sent = {"Content-Type": "application/json", **headers}
    return Request(method, full, headers=sent, data=content or None, auth=auth).prepare()


def _content(operation: Operation, example: Document) -> bytes:
    return json_bytes(example.get("request", {})) if "requestBody" in operation.document else b""


def _rank(operation: Operation) -> tuple[int, int, str, str]:
    """Reading comes before writing, and an operation that needs no id of its path before one that does."""
    return EFFECTS.index(operation.effect), operation.path.count("{"), operation.area, operation.id


def _json(content: bytes) -> Any:
    try:
        return json_of(content) if content else None
    except ValueError:
        return None
