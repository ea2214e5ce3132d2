"""Playing a cassette: its requests in order against a target, with the target's own ids where it has labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from contracts.cassettes.cassette import Call, Cassette
from contracts.cassettes.examples import prepared
from contracts.cassettes.fields import fields
from contracts.cassettes.recording import Recorder
from contracts.cassettes.references import Bindings, Unresolved
from contracts.checks import Answer
from contracts.guard import BudgetSpent, Withheld
from contracts.targets.target import Target, TargetError
from mockserver.contract.documents import Document
from mockserver.contract.registry import Contract
from mockserver.contract.writing import json_bytes
from mockserver.gateway.message import json_of


@dataclass(frozen=True)
class Played:
    """A recorded call, and the same call as the target answered it; or why it could not be sent."""

    recorded: Call
    actual: Call | None
    not_sent: str = ""
    withheld: bool = False
    """Whether a guard kept it back, which says nothing about the target."""


def replay(
    cassette: Cassette, target: Target, contract: Contract, recorder: Recorder, fill: Document
) -> Iterator[Played]:
    """Send the requests of a cassette. `fill` has values of masked fields by name; for the others the documents'
    examples stand in. `recorder` masks what the target answers."""
    values = {**_example_values(contract, cassette.site), **fill}
    bindings = Bindings(_given(cassette, target), values.get)
    for call in cassette.calls:
        yield _played(call, target, recorder, bindings)


def _played(call: Call, target: Target, recorder: Recorder, bindings: Bindings) -> Played:
    asked = call.request
    if isinstance(asked.body, dict) and "$unreadable" in asked.body:
        return Played(call, None, "its body is no JSON and was not kept")
    try:
        variables, query, body = (bindings.resolve(one) for one in (asked.variables, asked.query, asked.body))
    except Unresolved as label:
        return Played(call, None, f"no value for {label}: no answer of this target has shown one")
    path = _filled(asked.path, variables)
    pairs = [
        (name, str(item)) for name, value in query.items() for item in (value if isinstance(value, list) else [value])
    ]
    content = json_bytes(body) if body is not None else b""
    try:
        auth = target.sign(call.principal)
        request = prepared(asked.method, target.base_url + path, pairs, asked.headers, content, auth)
        response = target.send(request)
    except (Withheld, BudgetSpent, TargetError) as reason:
        return Played(call, None, str(reason), withheld=True)
    bindings.bind(call.answer.body, _json(response.content))
    actual = recorder.add(call.principal, Answer(request, response))
    return Played(call, actual, "" if actual else "the contract has no such operation")


def _given(cassette: Cassette, target: Target) -> dict[str, Any]:
    """The labels of what both targets told beforehand."""
    return {
        masked["$ref"]: target.known[name]
        for name, masked in cassette.given.items()
        if name in target.known and isinstance(masked, Mapping) and "$ref" in masked
    }


def _example_values(contract: Contract, site: str) -> Document:
    """A value of each field that some example sends, by the field's name, and of personal data by its kind."""
    found: Document = {kind: text.example for kind, text in fields().personal_texts.items()}
    for operation in contract:
        for example in operation.document.get("x-examples", ()):
            if example.get("site", site) == site:
                _collect(example.get("parameters", {}), found)
                _collect(example.get("request", {}), found)
    return found


def _collect(value: Any, found: Document, name: str = "") -> None:
    if isinstance(value, list):
        for item in value:
            _collect(item, found, name)
    elif isinstance(value, dict):
        for key, item in value.items():
            _collect(item, found, key)
    elif value not in (None, ""):
        found.setdefault(name, value)


def _filled(path: str, variables: Document) -> str:
    for name, value in variables.items():
        path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
    return path


def _json(content: bytes) -> Any:
    try:
        return json_of(content) if content else None
    except ValueError:
        return None
