"""A contract run finds what is wrong with a target."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from requests import PreparedRequest, Response

from contracts.run import Outcome, run
from contracts.target import Emulator, body_of
from mockserver.app import Server

AREA = "packages"


class Altered(Emulator):
    """An emulator whose answers pass through somebody else's hands."""

    def __init__(self, server: Server, alter: Callable[[Response], object] = id, site: str = "cn") -> None:
        super().__init__(server, site)
        self.alter = alter
        self.calls: list[tuple[str | None, str | None, bytes]] = []

    def send(self, request: PreparedRequest) -> Response:
        self.calls.append((request.method, request.url, body_of(request)))
        response = super().send(request)
        self.alter(response)
        return response


def rewritten(response: Response, status: int = 0, **fields: Any) -> None:
    """Another status, other fields of the body."""
    response.status_code = status or response.status_code
    response._content = json.dumps({**response.json(), **fields}).encode()


def complaints(outcome: Outcome) -> set[str]:
    return {one.complaint for one in outcome.findings}


def accepting_everything(response: Response) -> None:
    if not response.ok:
        response.status_code = 200


def refusing_everything(response: Response) -> None:
    if response.ok:
        rewritten(response, 400, error_code="CBC.0100", error_msg="Invalid parameter: limit.")


def refusing_for_another_reason(response: Response) -> None:
    if response.status_code == 400:
        rewritten(response, 403, error_code="CBC.0151", error_msg="Access denied.")


@pytest.mark.parametrize(
    ("alter", "complaint"),
    [
        (lambda answer: answer.headers.pop("X-Request-Id"), "no X-Request-Id"),
        (lambda answer: rewritten(answer, 500, error_code="CBC.0999"), "a failure inside the target"),
        (lambda answer: rewritten(answer, 400, error_code="CBC.9999"), "an undocumented refusal"),
        (lambda answer: rewritten(answer, 401, error_code="APIGW.0301"), "a signed call was not let in"),
        (lambda answer: rewritten(answer, surprise=1), "an undocumented field: surprise"),
        (lambda answer: rewritten(answer, parts=[{"error_code": "CBC.9999"}]), "an undocumented CBC.9999 in parts"),
        (accepting_everything, "an invalid request was accepted"),
        (refusing_everything, "what the OpenAPI document calls valid was refused as invalid"),
        (refusing_for_another_reason, "an invalid request was refused for another reason"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_found(server: Server, alter: Callable[[Response], object], complaint: str) -> None:
    assert complaint in complaints(run(Altered(server, alter), server.contract, AREA))


def test_a_body_against_the_openapi_document_is_found(server: Server) -> None:
    found = complaints(
        run(Altered(server, lambda answer: rewritten(answer, total_count="many")), server.contract, AREA)
    )
    assert any(one.startswith("Response violates schema") for one in found)


def test_a_refused_call_that_changes_something_is_found(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    target, changes = Altered(server), count()
    monkeypatch.setattr(target, "state", lambda: next(changes))
    assert complaints(run(target, server.contract, AREA)) == {"a refused call changed something"}


def test_a_finding_shows_the_case_the_call_and_the_answer(server: Server) -> None:
    outcome = run(Altered(server, lambda answer: rewritten(answer, surprise=1)), server.contract, AREA)
    shown = str(outcome.findings[0])
    for part in ("an undocumented field: surprise", "case    positive", "call    ", "body    ", "answer  200 {"):
        assert part in shown


def test_two_runs_send_the_same_calls(server: Server) -> None:
    first, second = Altered(server), Altered(server)
    run(first, server.contract, "customers")
    run(second, server.contract, "customers")
    assert first.calls == second.calls
