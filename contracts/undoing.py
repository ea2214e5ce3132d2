"""What takes a reversible call back, as its document says: found out before the call leaves, as far as it can be."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from requests import PreparedRequest, Request, Response
from requests.auth import AuthBase

from contracts.requests_read import json_body, path_values, query_values
from mockserver.contract.documents import Document, Json
from mockserver.contract.operation import Operation
from mockserver.contract.registry import Contract
from mockserver.contract.validation import compile_schema

ABSENT = object()
SUCCESS = ("", "CBC.0000")
"""Codes that say that nothing is wrong."""


class NoWayBack(Exception):
    """A call of which it is not certain that it can be taken back; the text is the reason."""


class AnswerLacks(Exception):
    """An answer without what the undoing needs; the text names it."""


@dataclass(frozen=True)
class Step:
    """A call beside a reversible one: it looks how things are before, or takes it back."""

    operation: str
    caller: str
    parameters: dict[str, Json] = field(default_factory=dict)
    body: Json = None

    def request(self, contract: Contract, base_url: str, auth: AuthBase) -> PreparedRequest:
        """The call, ready to be sent."""
        operation, path, query = contract.operations[self.operation], contract.operations[self.operation].path, {}
        for name, value in self.parameters.items():
            if f"{{{name}}}" in path:
                path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
            else:
                query[name] = value
        return Request(operation.method, base_url + path, params=query, json=self.body, auth=auth).prepare()


Ask = Callable[[Step], Response]


def can_undo(operation: Operation) -> bool:
    """Whether the document says what undoes a call."""
    return "x-undo" in operation.document


def succeeded(response: Response) -> bool:
    """Whether a call did something: some refusals come with the status of a success."""
    body = _json(response)
    code = body.get("error_code") if isinstance(body, dict) else None
    return response.ok and str(code or "") in SUCCESS


def succeeded_whole(response: Response) -> bool:
    """Whether a call did all that it was to do: some successes list what failed."""
    body = _json(response)
    parts = [value for value in body.values() if isinstance(value, list)] if isinstance(body, dict) else []
    failed = any(isinstance(one, dict) and one.get("error_code") for part in parts for one in part)
    return succeeded(response) and not failed


def way_back(operation: Operation, caller: str, request: PreparedRequest, ask: Ask) -> WayBack:
    """How a call can be taken back, before it is sent. `ask` sends what looks how things are. Raises `NoWayBack`."""
    told = operation.document["x-undo"]
    why = "nothing takes back a call with such values"
    for way in told if isinstance(told, list) else [told]:
        said = Said(operation, request)
        if not compile_schema(way.get("request", {})).is_valid(said.body):
            continue
        try:
            if not (why := _looked(way, said, caller, ask)):
                return WayBack(operation, caller, way, said)
        except AnswerLacks as error:
            raise NoWayBack(f"nothing takes it back: {error}") from None
    raise NoWayBack(why)


def _looked(way: Document, said: Said, caller: str, ask: Ask) -> str:
    """Note how things are; why that is nothing to come back to, or empty."""
    for name, read in way.get("before", {}).items():
        for step in _steps(read, said, caller):
            response = ask(step)
            if not succeeded(response):
                return f"how things are beforehand is not known: {step.operation} answers {response.status_code}"
            said.before[name] = _json(response)
            if not compile_schema(read.get("must", {})).is_valid(said.before[name]):
                return f"nothing takes it back to how things are beforehand: see {step.operation}"
    return ""


class WayBack:
    """The way to take one call back. Raises `AnswerLacks` where the call itself does not say enough."""

    def __init__(self, operation: Operation, caller: str, told: Document, said: Said) -> None:
        self._operation = operation
        self._caller = caller
        self._told = told
        self._said = said
        self.restores = "before" in told
        """Whether it leads back to a state that was seen, so that it does no harm where nothing has happened."""
        self.beforehand = (
            [] if "$response" in json.dumps(_without_failures(told)) else self._steps(_without_failures(told))
        )
        """The calls that take it back if all of it happens; none where only its answer tells them."""

    def after(self, response: Response) -> list[Step]:
        """The calls that take back what an answer says has happened. Raises `AnswerLacks`."""
        self._said.answered(response)
        try:
            return self._steps(self._told)
        except AnswerLacks as error:
            raise AnswerLacks(f"the answer of {self._operation.id} lacks what its undoing needs: {error}") from None

    def _steps(self, told: Document) -> list[Step]:
        return list(_steps(told, self._said, self._caller))


def _without_failures(told: Document) -> Document:
    """A template as if nothing failed."""
    return {name: part for name, part in told.items() if name != "without"}


def _steps(told: Document, said: Said, caller: str) -> Iterator[Step]:
    """The calls of a template: one, or one for each entry of a list."""
    for entry in said.entries(told) if "each" in told else [None]:
        parameters = said.filled(told.get("parameters", {}), entry)
        body = said.filled(told["body"], entry) if "body" in told else None
        yield Step(told["operation"], caller, parameters, body)


class Said:
    """The values of runtime expressions around one call."""

    def __init__(self, operation: Operation, request: PreparedRequest) -> None:
        self.body = json_body(request) or {}
        self.before: dict[str, Any] = {}
        """The answers of what looked beforehand, by name."""
        self._parts: dict[str, Any] = {
            "$request.body": self.body,
            "$request.path": path_values(operation, request),
            "$request.query": {name: values[0] for name, values in query_values(request).items()},
        }

    def answered(self, response: Response) -> None:
        self._parts["$response.body"] = _json(response)

    def entries(self, told: Document) -> Iterator[Any]:
        """The different entries of a template's list, without those that failed. Raises `AnswerLacks`."""
        found, failed = self.value(told["each"]), self._every(told.get("without", ""))
        if not isinstance(found, list):
            raise AnswerLacks(f"no list {told['each']}")
        yield from (one for index, one in enumerate(found) if one not in found[:index] and one not in failed)

    def value(self, expression: str, entry: Any = None) -> Any:
        """`ABSENT` where nothing stands there."""
        source, sharp, pointer = expression.partition("#")
        if sharp:
            found = entry if source == "$each" else self._source(source)
            for name in pointer.split("/")[1:]:
                found = _inside(found, name)
            return found
        if source == "$each":
            return entry
        source, _, name = expression.rpartition(".")
        return self._parts[source].get(name, ABSENT)

    def filled(self, template: Any, entry: Any) -> Any:
        """A template with its expressions replaced; names whose value is absent are left out."""
        if isinstance(template, dict):
            values = {name: self.filled(part, entry) for name, part in template.items()}
            return {name: value for name, value in values.items() if value is not ABSENT}
        if isinstance(template, list):
            return [self.filled(part, entry) for part in template]
        if not (isinstance(template, str) and template.startswith("$")):
            return template
        value = self.value(template, entry)
        if value is ABSENT and not template.startswith("$request"):
            raise AnswerLacks(f"no {template}")
        return value

    def _every(self, expression: str) -> list[Any]:
        """Everything that an expression with stars means."""
        source, _, pointer = expression.partition("#")
        found = [self._source(source)]
        for name in pointer.split("/")[1:]:
            found = [one for value in found for one in _rows(value, name)]
        return found

    def _source(self, source: str) -> Any:
        if source.startswith("$before."):
            return self.before.get(source.removeprefix("$before."))
        return self._parts.get(source)


def _inside(value: Any, name: str) -> Any:
    return value.get(name, ABSENT) if isinstance(value, dict) else ABSENT


def _rows(value: Any, name: str) -> list[Any]:
    """What stands under a name, or in each row for a star."""
    if name == "*":
        return value if isinstance(value, list) else []
    return [value[name]] if isinstance(value, dict) and name in value else []


def _json(response: Response) -> Any:
    try:
        return json.loads(response.content) if response.content else None
    except ValueError:
        return None
