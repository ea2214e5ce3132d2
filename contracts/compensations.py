"""The journal of calls to take back: written before a reversible call leaves, so that a crash loses none.

One JSON line an event: a call `begun`; then `refused`, or `done` with the calls that undo it; then `undone`. A call
that was begun and never settled may or may not have happened: it is not undone blindly, it is told.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from requests import PreparedRequest, Request, Response
from requests.auth import AuthBase

from contracts.requests_read import json_body, path_values, query_values
from mockserver.contract.documents import Json
from mockserver.contract.operation import Operation
from mockserver.contract.registry import Contract

ABSENT = object()


class JournalError(Exception):
    """A journal that cannot be used; the text names it."""


@dataclass(frozen=True)
class Undo:
    """A call that takes another one back."""

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


def can_undo(operation: Operation) -> bool:
    """Whether the document says what undoes a call."""
    return "x-undo" in operation.document


def undoing(operation: Operation, caller: str, request: PreparedRequest, response: Response) -> Iterator[Undo]:
    """The calls that take back a call that succeeded. Raises `JournalError` where the answer lacks what they need."""
    told = operation.document["x-undo"]
    said = _Said(operation, request, response)
    entries = said.value(told["each"]) if "each" in told else [None]
    if not isinstance(entries, list):
        raise JournalError(f"the answer of {operation.id} lacks what its undoing needs")
    for entry in entries:
        parameters = said.filled(told.get("parameters", {}), entry)
        body = said.filled(told["body"], entry) if "body" in told else None
        yield Undo(told["operation"], caller, parameters, body)


class _Said:
    """The values of runtime expressions for one exchange."""

    def __init__(self, operation: Operation, request: PreparedRequest, response: Response) -> None:
        self._parts: dict[str, Any] = {
            "$request.body": json_body(request),
            "$response.body": _json(response),
            "$request.path": path_values(operation, request),
            "$request.query": {name: values[0] for name, values in query_values(request).items()},
        }

    def value(self, expression: str, entry: Any = None) -> Any:
        """`ABSENT` where nothing stands there."""
        source, sharp, pointer = expression.partition("#")
        if sharp:
            found = entry if source == "$each" else self._parts[source]
            return _at(found, pointer.split("/")[1:])
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
            raise JournalError(f"no {template} in the answer, which the undoing needs")
        return value


@dataclass
class Entry:
    """A reversible call and what became of it."""

    number: int
    operation: str
    caller: str
    state: str = "begun"
    undo: list[Undo] = field(default_factory=list)


class Compensations:
    """The journal in a file. A file that exists is taken up where it ends."""

    def __init__(self, file: Path) -> None:
        """Raises `JournalError`."""
        self.file = file
        self._entries = {entry.number: entry for entry in _read(file)}

    @property
    def open(self) -> list[Entry]:
        """The calls left to undo, newest first."""
        return [one for one in reversed(self._entries.values()) if one.state == "done"]

    @property
    def uncertain(self) -> list[Entry]:
        """The calls of which nobody knows whether they happened."""
        return [one for one in self._entries.values() if one.state == "begun"]

    @property
    def failed(self) -> list[Entry]:
        """The calls whose undoing was refused."""
        return [one for one in self._entries.values() if one.state == "failed"]

    def begin(self, operation: Operation, caller: str) -> Entry:
        entry = Entry(len(self._entries) + 1, operation.id, caller)
        self._write(entry)
        return entry

    def settle(self, entry: Entry, operation: Operation, request: PreparedRequest, response: Response) -> None:
        """Note what became of a call."""
        if response.status_code >= 500:
            return  # it may have happened all the same
        if not response.ok:
            entry.state = "refused"
        else:
            entry.undo = list(undoing(operation, entry.caller, request, response))
            entry.state = "done"
        self._write(entry)

    def undo_all(self, send: Callable[[Undo], Response]) -> None:
        """Take everything back, the newest first. What is refused is noted as `failed`."""
        for entry in self.open:
            answers = [send(one) for one in reversed(entry.undo)]
            entry.state = "undone" if all(answer.ok for answer in answers) else "failed"
            self._write(entry)

    def _write(self, entry: Entry) -> None:
        """On the disk before anything else happens."""
        self._entries[entry.number] = entry
        descriptor = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as stream:
            stream.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")
            stream.flush()
            os.fsync(stream.fileno())


def _read(file: Path) -> Iterator[Entry]:
    """The last line of each entry, in the order of the calls."""
    last: dict[int, Entry] = {}
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    for number, line in enumerate(lines, 1):
        try:
            facts = json.loads(line)
            entry = Entry(**{**facts, "undo": [Undo(**one) for one in facts["undo"]]})
        except (ValueError, TypeError, KeyError):
            # A crash may have cut the last line short: the call was begun by the line before it.
            if number == len(lines):
                break
            raise JournalError(f"{file}: line {number} is not of a journal of compensations") from None
        last[entry.number] = entry
    yield from last.values()


def _at(value: Any, names: list[str]) -> Any:
    for name in names:
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            return ABSENT
    return value


def _json(response: Response) -> Any:
    try:
        return json.loads(response.content) if response.content else None
    except ValueError:
        return None
