"""What a phase works with: the target, the contract, the cases of the operation, and how a call is sent and judged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from requests import PreparedRequest, Request

from contracts.checks import Answer, complaints, is_refused_as_invalid
from contracts.events import CaseWithheld, ExchangeSent, Finding, FindingFound, Part
from contracts.guard import Withheld
from contracts.options import BOTH, Options
from contracts.reading import is_valid
from contracts.targets.target import SIGNATURE, TOKEN, Target
from mockserver.contract.documents import Json
from mockserver.contract.operation import Operation, SiteView
from mockserver.contract.registry import Contract

if TYPE_CHECKING:
    from contracts.cases import Case
    from contracts.cases import Operation as Generated

Sent = ExchangeSent | CaseWithheld
FINDINGS_SHOWN = 5
"""Findings of one kind that a part tells; more of them say nothing new."""


class OutOfTime(Exception):
    """The time of the run is over."""


@dataclass
class Run:
    """One part of a run, on its way."""

    target: Target
    contract: Contract
    options: Options
    part: Part
    generated: Mapping[str, Generated]
    """The operations as Schemathesis knows them, by id."""
    clock: Callable[[], float]
    deadline: float | None = None
    _calls: int = 0
    _state: Any = None
    _seen: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.restart()

    @property
    def operation(self) -> Operation:
        return self.contract.operations[self.part.operation]

    @property
    def view(self) -> SiteView:
        """The operation on the target's site."""
        return self.operation.on(self.target.site)

    @property
    def seed(self) -> int:
        """The part's own, made of the run's."""
        text = f"{self.options.seed}|{self.part.operation}|{self.part.phase}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7], "big")

    def restart(self) -> None:
        """Take the target back to its beginning."""
        self.target.reset()
        self._state = None

    def go_back(self, name: str) -> bool:
        """Take the target back to a state that was kept, if it can be controlled and one was."""
        self._state = None
        return self.target.controls is not None and self.target.controls.go_back(name)

    def wait(self, duration: str) -> None:
        """Let an ISO 8601 duration pass, where the target's time can be moved."""
        if self.target.controls is not None:
            self.target.controls.advance(duration)
            self._state = None

    def request(
        self,
        operation: Operation | None = None,
        body: Json = None,
        parameters: Mapping[str, Json] | None = None,
    ) -> Request:
        """A call of an operation, the part's own if none is named; parameters go where the document says."""
        operation = operation or self.operation
        path, query, headers, left = operation.path, [], {}, dict(parameters or {})
        for one in operation.on(self.target.site).parameters:
            if one["name"] not in left:
                continue
            value = left.pop(one["name"])
            if one["in"] == "path":
                path = path.replace(f"{{{one['name']}}}", quote(str(value), safe=""))
            elif one["in"] == "header":
                headers[one["name"]] = str(value)
            else:
                query += [(one["name"], str(item)) for item in (value if isinstance(value, list) else [value])]
        query += [(name, str(value)) for name, value in left.items()]
        return Request(operation.method, self.target.base_url + path, params=query, headers=headers, json=body)

    def request_of(self, case: Case) -> Request:
        """A call as a generated case has it."""
        return Request(**case.as_transport_kwargs(base_url=self.target.base_url))

    def send(self, case: str, request: Request, kind: str = "") -> Sent:
        """Authenticate and send a call, as the part's caller or another kind of principal. Raises `OutOfTime`."""
        if self.deadline is not None and self.clock() >= self.deadline:
            raise OutOfTime
        self._calls += 1
        request.auth = self.target.sign(kind or self.part.caller, self._by())
        prepared = request.prepare()
        before = self._state if self._state is not None else self.target.state()
        started = self.clock()
        try:
            response = self.target.send(prepared)
        except Withheld as withheld:
            return CaseWithheld(self.part, case, str(withheld))
        elapsed = self.clock() - started
        self._state = self.target.state()
        return ExchangeSent(self.part, case, Answer(prepared, response, changed=self._state != before), elapsed)

    def judge(self, sent: Sent, case: Case | None = None) -> Iterator[FindingFound]:
        """What is wrong with the answer of a call, whatever it was for."""
        if isinstance(sent, ExchangeSent):
            for complaint in self.complaints(sent.answer, case):
                yield from self.complain(sent, complaint)

    def complain(self, sent: ExchangeSent, complaint: str, shrunk: Answer | None = None) -> Iterator[FindingFound]:
        """A finding about a call; none where the part has told enough of the kind."""
        finding = Finding(self.part.operation, self.part.phase, complaint, sent.case, sent.answer, shrunk)
        self._seen[finding.kind] = self._seen.get(finding.kind, 0) + 1
        if self._seen[finding.kind] <= FINDINGS_SHOWN:
            yield FindingFound(self.part, finding)

    def complaints(self, answer: Answer, case: Case | None = None) -> Iterator[str]:
        """What is wrong with an answer in general; with the case, also against the OpenAPI document."""
        view = self.meant(answer.request)
        yield from complaints(view, answer)
        if case is None:
            return
        from contracts.cases import is_positive, nonconformance

        yield from nonconformance(case, answer.response)
        if (
            view is not None
            and is_positive(case)
            and is_refused_as_invalid(view, answer)
            and self._names_a_field(answer)
            # What absent, empty and null mean is beyond a schema too.
            and is_valid(view, answer.request)
        ):
            yield "what the OpenAPI document calls valid was refused as invalid"

    def meant(self, request: PreparedRequest) -> SiteView | None:
        """The operation that a request means: a case may use another method, or a value that makes another path."""
        path = unquote(urlsplit(str(request.url)).path)
        match = self.contract.match(str(request.method), path, self.target.site, self.target.removed)
        return match.operation.on(self.target.site) if match else None

    def _by(self) -> str:
        if self.options.auth == BOTH:
            return (SIGNATURE, TOKEN)[self._calls % 2]
        return self.options.auth

    def _names_a_field(self, answer: Answer) -> bool:
        """Whether a refusal names one parameter: rules between several are beyond a schema of parameters."""
        code = answer.row[1]
        return answer.body.get("error_msg") not in (self.contract.message(code), self.contract.message(code, "zh"))
