"""A contract run: every case of every operation, sent to a target, each answer checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from requests import PreparedRequest, Request, Response
from schemathesis.core.failures import FailureGroup
from schemathesis import Case
from schemathesis.openapi import checks as _  # noqa
from schemathesis.specs.openapi import checks as own

from contracts.cases import cases, operations
from contracts.checks import Answer, complaints
from contracts.target import Target, body_of
from mockserver.contract.operation import Operation, SiteView
from mockserver.contract.registry import Contract

KINDS = ("solution_provider", "distributor", "reseller", "customer")
BUILT_IN = [
    own.status_code_conformance,
    own.content_type_conformance,
    own.response_headers_conformance,
    own.response_schema_conformance,
]


@dataclass(frozen=True)
class Finding:
    operation: str
    site: str
    case: str
    complaint: str
    answer: Answer

    def __str__(self) -> str:
        request, response = self.answer.request, self.answer.response
        return "\n".join(
            (
                f"{self.operation} ({self.site}): {self.complaint}",
                f"  case:   {self.case}",
                f"  call:   {request.method} {request.path_url}",
                f"  body:   {body_of(request).decode()}",
                f"  answer: {response.status_code} {response.text}",
            )
        )


@dataclass
class Outcome:
    cases: int = 0
    accepted: int = 0
    findings: list[Finding] = field(default_factory=list)


def run(target: Target, contract: Contract, area: str) -> Outcome:
    outcome = Outcome()
    for operation in operations(contract, target.site, removed=target.removed):
        described = contract.operations[operation.definition.raw["operationId"]]
        if described.area != area:
            continue
        target.reset()
        auth = target.sign(next(kind for kind in KINDS if kind in described.callers))
        before = target.state()
        for case in cases(operation):
            request = Request(**case.as_transport_kwargs(base_url=target.base_url), auth=auth).prepare()
            response = target.send(request)
            after = target.state()
            answer = Answer(request, response, after != before)
            before = after
            outcome.cases += 1
            outcome.accepted += response.ok
            meant = meaning(contract, target, request)
            for complaint in complaints(meant, answer):
                outcome.findings.append(Finding(described.id, target.site, describe(case), complaint, answer))
            try:
                case.validate_response(response, checks=BUILT_IN)
            except FailureGroup as group:
                for one in group.exceptions:
                    outcome.findings.append(Finding(described.id, target.site, describe(case), f"{one.title}: {one.message}", answer))
    return outcome


def describe(case):
    m = case.meta
    return f"{m.phase.name.value} {m.generation.mode.value} {getattr(m.phase.data,'scenario','')} {m.phase.data.description} {m.phase.data.parameter} {m.phase.data.location}"


def meaning(contract: Contract, target: Target, request: PreparedRequest) -> SiteView | None:
    """The operation that a request means, whatever the case set out to do."""
    path = unquote(urlsplit(str(request.url)).path)
    match = contract.match(str(request.method), path, target.site, target.removed)
    return match.operation.on(target.site) if match else None
