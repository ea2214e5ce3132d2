"""A contract run: every case of an area's operations, signed, sent to a target, each answer checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from requests import PreparedRequest, Request

from contracts.cases import Case, Operation, cases, describe, is_positive, nonconformance, operations
from contracts.checks import Answer, complaints, is_refused_as_invalid
from contracts.target import Target, body_of
from mockserver.contract.operation import SiteView
from mockserver.contract.registry import Contract

KINDS = ("solution_provider", "distributor", "reseller", "customer")


@dataclass(frozen=True)
class Finding:
    """Something that an answer should not be."""

    operation: str
    case: str
    complaint: str
    answer: Answer

    def __str__(self) -> str:
        request, response = self.answer.request, self.answer.response
        return (
            f"{self.operation}: {self.complaint}\n"
            f"  case    {self.case}\n"
            f"  call    {request.method} {request.path_url}\n"
            f"  body    {body_of(request).decode()}\n"
            f"  answer  {response.status_code} {response.text}"
        )


@dataclass
class Outcome:
    """How many cases were sent and accepted, and what was wrong with the answers."""

    cases: int = 0
    accepted: int = 0
    findings: list[Finding] = field(default_factory=list)


def run(target: Target, contract: Contract, area: str) -> Outcome:
    """Send every case of the area's operations. The target goes back to its beginning before each operation."""
    outcome = Outcome()
    for operation in operations(contract, target.site, removed=target.removed, known=target.known):
        name = operation.definition.raw["operationId"]
        if contract.operations[name].area != area:
            continue
        for case, answer in _answers(target, operation, _caller(contract, name)):
            outcome.cases += 1
            outcome.accepted += answer.response.ok
            found = _complaints(contract, target, case, answer)
            outcome.findings += [Finding(name, describe(case), complaint, answer) for complaint in found]
    return outcome


def _caller(contract: Contract, operation_id: str) -> str:
    """The kind of principal that calls an operation: the first that may."""
    return next(kind for kind in KINDS if kind in contract.operations[operation_id].callers)


def _answers(target: Target, operation: Operation, kind: str) -> Iterator[tuple[Case, Answer]]:
    target.reset()
    auth, before = target.sign(kind), target.state()
    for case in cases(operation):
        request = Request(**case.as_transport_kwargs(base_url=target.base_url), auth=auth).prepare()
        response, after = target.send(request), target.state()
        yield case, Answer(request, response, changed=after != before)
        before = after


def _complaints(contract: Contract, target: Target, case: Case, answer: Answer) -> Iterator[str]:
    view = _meant(contract, target, answer.request)
    yield from complaints(view, answer)
    yield from nonconformance(case, answer.response)
    if (
        view is not None
        and is_positive(case)
        and is_refused_as_invalid(view, answer)
        and _names_a_field(contract, answer)
    ):
        yield "what the OpenAPI document calls valid was refused as invalid"


def _meant(contract: Contract, target: Target, request: PreparedRequest) -> SiteView | None:
    """The operation that a request means: a case may use another method, or a value that makes another path."""
    path = unquote(urlsplit(str(request.url)).path)
    match = contract.match(str(request.method), path, target.site, target.removed)
    return match.operation.on(target.site) if match else None


def _names_a_field(contract: Contract, answer: Answer) -> bool:
    """Whether a refusal names one parameter: rules between several are beyond a schema of parameters."""
    code = answer.row[1]
    return answer.body.get("error_msg") not in (contract.message(code), contract.message(code, "zh"))
