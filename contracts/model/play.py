"""Playing a sequence on a target: calls as named principals, each compared with what the model foretells, all of it
written down as a script that a person can read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NoReturn
from urllib.parse import quote

from requests import Request

from contracts.checks import Answer
from contracts.model.comparing import Given, Prediction, Refused, differences, shown
from contracts.targets.signing import Signed
from contracts.targets.target import Controls, Target, TargetError
from mockserver.contract.operation import Operation, SiteView
from mockserver.contract.registry import Contract
from mockserver.contract.writing import json_bytes

Tell = Callable[[str, str, Answer], None]
"""Hears of each call: the operation, the line of the script, the answer."""
DIFFERENCES_SHOWN = 3
SUCCESS = "CBC.0000"
"""A code that some old operations answer where all is well."""


class Differs(AssertionError):
    """The target answered otherwise than foretold. `script` is what was done, line by line, this call the last;
    `preparation` what was brought about before."""

    def __init__(
        self,
        operation: str,
        complaint: str,
        script: tuple[str, ...],
        answer: Answer,
        preparation: tuple[str, ...] = (),
    ) -> None:
        super().__init__("\n".join((*preparation, *script)))
        self.preparation = preparation
        self.operation = operation
        self.complaint = complaint
        self.script = script
        self.answer = answer

    def unsteady(self) -> Differs:
        """The same, of a target that does not always answer alike."""
        return Differs(self.operation, f"not every time: {self.complaint}", self.script, self.answer, self.preparation)

    @property
    def kind(self) -> tuple[str, str]:
        """Two differences of one kind are about one mistake, as far as can be told."""
        return self.operation, re.sub(r"[0-9]+\.[0-9]+|\[.*?\]|model-\w+", "", self.complaint).partition(";")[0]


class TimeIsOver(Exception):
    """Whoever asked for the play wants no further call."""


class Play:
    """One sequence on a target that can be controlled. `tell` hears of each call unless the play is `silent`; no call
    is sent once `is_over` answers so."""

    def __init__(
        self,
        target: Target,
        contract: Contract,
        tell: Tell = lambda operation, line, answer: None,
        is_over: Callable[[], bool] = lambda: False,
    ) -> None:
        assert target.controls is not None, "the model needs a target that it can control"
        self.target = target
        self.controls: Controls = target.controls
        self.contract = contract
        self._tell = tell
        self._is_over = is_over
        self.silent = False
        self._last: Answer | None = None
        self._names: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self.script: list[str] = []
        self._preparation: tuple[str, ...] = ()
        self.before_failing: Callable[[Differs], None] = lambda found: None

    def begin(self) -> None:
        """Back to the beginning of the target, with an empty script."""
        self.target.reset()
        self._names.clear()
        self._counts.clear()
        self.script, self._preparation = [], ()

    def prepared(self) -> None:
        """What was done so far is the preparation; the script begins."""
        self.script, self._preparation = [], tuple(self.script)

    def name(self, thing_id: str, word: str, *, counted: bool = True) -> str:
        """Give an id a short name for the script: `order1` for the first order."""
        if thing_id not in self._names:
            self._counts[word] = self._counts.get(word, 0) + 1
            self._names[thing_id] = f"{word}{self._counts[word]}" if counted else word
        return self._names[thing_id]

    # What is done

    def place(self, kind: str, /, **fields: Any) -> Any:
        """Place what no operation can bring about. The model places only what can be placed, so a refusal differs."""
        line = self._line(f"control.place {kind}", fields)
        try:
            row = self.controls.place(kind, **json.loads(json_bytes(fields)))
        except TargetError as error:
            if self._last is None:
                raise
            self.fail("", line, str(error), self._last)
        self.script.append(line)
        return row

    def refuses(self, kind: str, /, **fields: Any) -> None:
        """Try to place what must not be. Raises `Differs` where it is."""
        line = self._line(f"control.place {kind}", fields)
        try:
            self.controls.place(kind, **json.loads(json_bytes(fields)))
        except TargetError:
            self.script.append(f"{line} -> refused")
            return
        assert self._last is not None, "something was called before"
        self.fail("", line, "expected a refusal, but it was placed", self._last)

    def advance(self, duration: str) -> None:
        """Move the time. What falls due can always happen, so a refusal differs."""
        line = f"control.advance({duration})"
        try:
            self.controls.advance(duration)
        except TargetError as error:
            if self._last is None:
                raise
            self.fail("", line, str(error), self._last)
        self.script.append(line)

    def call(self, who: str, operation_id: str, foretold: Prediction, /, **fields: Any) -> Any:
        """Call an operation as a principal and compare the answer; its JSON body, numbers exact. Raises `Differs`."""
        line, answer = self._send(who, operation_id, fields)
        complaint = self._complaint(operation_id, foretold, answer)
        if complaint:
            self.fail(operation_id, line, complaint, answer)
        self.script.append(f"{line} -> {_came(answer)}")
        return _exact(answer)

    def read(self, who: str, operation_id: str, /, **fields: Any) -> tuple[str, Answer, Any]:
        """Call an operation that must succeed, without a word in the script: its line, the answer, the body."""
        line, answer = self._send(who, operation_id, fields)
        complaint = self._complaint(operation_id, Given(), answer)
        if complaint:
            self.fail(operation_id, line, complaint, answer)
        return line, answer, _exact(answer)

    def fail(self, operation_id: str, line: str, complaint: str, answer: Answer) -> NoReturn:
        """Raises `Differs`, with the script up to this call."""
        complaint = self._named(complaint)
        script = (*self.script, f"{line} -> {_came(answer) if operation_id else 'control API'}; {complaint}")
        found = Differs(operation_id, complaint, script, answer, self._preparation)
        self.before_failing(found)
        raise found

    # Calls

    def _send(self, who: str, operation_id: str, fields: dict[str, Any]) -> tuple[str, Answer]:
        operation = self.contract.operations[operation_id]
        credential = self.controls.credentials[credential_name(who)]
        request = _request(operation, operation.on(self.target.site), self.target.base_url, fields)
        request.auth = Signed(credential["ak"], credential["sk"])
        prepared = request.prepare()
        line = self._line(f"{who}.{operation_id}", fields)
        if self._is_over():
            raise TimeIsOver
        self._last = answer = Answer(prepared, self.target.send(prepared))
        if not self.silent:
            self._tell(operation_id, line, answer)
        return line, answer

    def _complaint(self, operation_id: str, foretold: Prediction, answer: Answer) -> str:
        """What is wrong with an answer; empty if nothing is."""
        view = self.contract.operations[operation_id].on(self.target.site)
        if isinstance(foretold, Refused):
            rows = [(_status(view, code), code) for code in foretold.codes]
            wanted = " or ".join(f"{status} {code}" for status, code in rows)
            return "" if answer.row in rows else f"expected {wanted}, came {_came(answer)}"
        if answer.row not in ((view.success_status, ""), (view.success_status, SUCCESS)):
            return f"expected {view.success_status}, came {_came(answer)}"
        found = list(differences(foretold.fields, _exact(answer)))
        return "; ".join(found[:DIFFERENCES_SHOWN])

    # The script

    def _line(self, what: str, fields: dict[str, Any]) -> str:
        return f"{what}({', '.join(f'{name}={self._named(shown(value))}' for name, value in fields.items())})"

    def _named(self, text: str) -> str:
        """A text with the short names in the places of ids."""
        return re.sub(r'"([^"]*)"', lambda found: self._names.get(found[1], found[0]), text)


def credential_name(who: str) -> str:
    """Under which name the control API knows the credential of one whom the model has placed."""
    return f"model-{who}"


def _request(operation: Operation, view: SiteView, base_url: str, fields: dict[str, Any]) -> Request:
    """A call; each field goes where the document has it."""
    path, query, left = operation.path, [], dict(fields)
    for one in view.parameters:
        value = left.pop(one["name"], None)
        if value is not None and one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", quote(str(value), safe=""))
        elif value is not None:
            query += [(one["name"], _text(item)) for item in (value if isinstance(value, list) else [value])]
    body = json_bytes(left) if view.body_schema is not None else None
    headers = {"Content-Type": "application/json"}
    return Request(operation.method, base_url + path, params=query, headers=headers, data=body)


def _text(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _status(view: SiteView, code: str) -> int:
    """The status with which a whole call is refused with a code; some old codes come with that of a success."""
    statuses = [row.status for row in view.errors if row.code == code and row.inside is None]
    assert statuses, f"{view.operation.id} has no row for {code}"
    return max(statuses)


def _came(answer: Answer) -> str:
    status, code = answer.row
    return f"{status} {code}".strip()


def _exact(answer: Answer) -> Any:
    """The body, numbers as decimals; None without one."""
    try:
        return json.loads(answer.response.content, parse_float=Decimal) if answer.response.content else None
    except ValueError:
        return None
