"""A contract run finds what is wrong with a target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeGuard

import pytest
from requests import Response

from contracts.events import Event, ExchangeSent, FindingFound, PartEnded, PlanMade, RunEnded
from contracts.options import Options
from contracts.plan import make_plan
from contracts.run import Outcome, gathered, run, run_by_workers
from contracts.targets.emulator import Emulator
from contracts.targets.opening import Opening
from contracts.targets.target import body_of
from mockserver.app import Server
from tests.contracts.doubles import Altered, always_changing, outcome, rewritten

WANTED: dict[str, Any] = {"areas": ("packages",), "phases": ("examples", "coverage")}


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
    assert complaint in complaints(outcome(Altered(server, alter), server.contract, **WANTED))


def test_a_body_against_the_openapi_document_is_found(server: Server) -> None:
    target = Altered(server, lambda answer: rewritten(answer, total_count="many"))
    found = complaints(outcome(target, server.contract, **WANTED))
    assert any(one.startswith("Response violates schema") for one in found)


def test_a_refused_call_that_changes_something_is_found(server: Server) -> None:
    target = Altered(server)
    always_changing(target)
    assert complaints(outcome(target, server.contract, **WANTED)) == {"a refused call changed something"}


def test_a_control_api_that_fails_by_itself_is_found(server: Server) -> None:
    target = Emulator(server, "cn")
    carry = target.controls._carry

    def carried(method: str, path: str, body: object) -> tuple[int, object]:
        return (500, {"error": "KeyError inside the emulator"}) if path.endswith("clock") else carry(method, path, body)

    target.controls._carry = carried
    found = outcome(target, server.contract, phases=("properties",), operations=("ListSubCustomers",))
    (complaint,) = complaints(found)
    assert complaint.startswith("the control API fails at ")
    assert complaint.endswith("KeyError inside the emulator")


def test_a_finding_shows_the_case_the_call_and_the_answer(server: Server) -> None:
    target = Altered(server, lambda answer: rewritten(answer, surprise=1))
    shown = str(outcome(target, server.contract, **WANTED).findings[0])
    for part in (
        "an undocumented field: surprise",
        "case    examples: positive",
        "call    ",
        "body    ",
        "answer  200 {",
    ):
        assert part in shown


def test_a_part_tells_no_more_than_five_findings_of_a_kind(server: Server) -> None:
    target = Altered(server, lambda answer: rewritten(answer, surprise=1))
    found = outcome(target, server.contract, operations=("ListFreeResourceInfos",), phases=("coverage",)).findings
    assert len(found) == 5


def test_two_runs_send_the_same_calls(server: Server) -> None:
    first, second = Altered(server), Altered(server)
    for target in (first, second):
        outcome(target, server.contract, areas=("regions", "packages"), quick=True, seed=7)
    assert without_sign_ins(first) == without_sign_ins(second)


def without_sign_ins(target: Altered) -> list[tuple[str | None, str | None, bytes]]:
    """Each sandbox has passwords of its own."""
    return [call for call in target.calls if not str(call[1]).endswith("/v3/auth/tokens")]


def test_another_seed_draws_other_calls(server: Server) -> None:
    first, second = Altered(server), Altered(server)
    outcome(first, server.contract, areas=("costs",), phases=("fuzzing",), quick=True, seed=1)
    outcome(second, server.contract, areas=("costs",), phases=("fuzzing",), quick=True, seed=2)
    assert first.calls != second.calls


def told(events: list[Event]) -> list[object]:
    """What the events say, without what every run has of its own: durations and signatures."""
    sent = [
        (event.part, event.case, event.answer.request.url, body_of(event.answer.request), event.answer.response.text)
        for event in events
        if isinstance(event, ExchangeSent)
    ]
    ended = [replace(event, elapsed=0.0) for event in events if isinstance(event, PartEnded)]
    return [*sent, *ended]


def test_the_number_of_workers_changes_nothing(server: Server) -> None:
    opening = Opening("mock", seed=1)
    target = opening.open(server.contract)
    options = Options(areas=("accounts",), phases=("fuzzing", "links", "reads"), quick=True, seed=3)
    plan = make_plan(server.contract, options, target, controlled=True)
    alone = list(run(target, server.contract, options, plan))
    shared = list(run_by_workers(opening, replace(options, workers=2), plan))
    assert told(alone) == told(shared)
    assert isinstance(shared[0], PlanMade) and isinstance(shared[-1], RunEnded)


class Ticking:
    """A clock that a second passes on at each look."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


def test_a_run_ends_in_time_and_says_what_was_not_run(server: Server) -> None:
    target = Altered(server)
    options = Options(max_time=50, **WANTED)
    plan = make_plan(server.contract, options, target, controlled=True)
    ended = gathered(run(target, server.contract, options, plan, Ticking())).ended
    assert ended is not None
    assert (ended.why, len(ended.not_run) + ended.totals.parts) == ("the time is over", len(plan.parts))
    assert 0 < len(target.calls) <= 50


@pytest.mark.parametrize("auth", ["token", "both"])
def test_a_run_may_sign_in_with_tokens(server: Server, auth: str) -> None:
    target = Altered(server)
    options = Options(phases=("examples",), areas=("customers", "orders"), auth=auth)
    events = list(run(target, server.contract, options, make_plan(server.contract, options, target, controlled=True)))
    by = [set(event.answer.request.headers) & {"X-Auth-Token", "Authorization"} for event in events if is_sent(event)]
    assert not [event for event in events if isinstance(event, FindingFound)]
    assert {name for one in by for name in one} == ({"X-Auth-Token"} | ({"Authorization"} if auth == "both" else set()))


def is_sent(event: Event) -> TypeGuard[ExchangeSent]:
    return isinstance(event, ExchangeSent)
