"""Drawn calls find what examples do not, and show it by a small call."""

from __future__ import annotations

from requests import Response

from contracts.run import Outcome
from contracts.targets.target import body_of
from mockserver.app import Server
from tests.contracts.doubles import Altered, outcome, rewritten


def fuzzed(target: Altered, server: Server, operation: str) -> Outcome:
    return outcome(target, server.contract, operations=(operation,), phases=("fuzzing",), seed=4)


def failing_on_groups(target: Altered) -> Altered:
    """Fail where a call is grouped by anything."""

    def fail(response: Response) -> None:
        if b'"groupby": [{' in target.calls[-1][2]:
            rewritten(response, 500, error_code="CBC.0999")

    target.alter = fail
    return target


def test_a_finding_is_shrunk_to_a_smaller_call(server: Server) -> None:
    found = fuzzed(failing_on_groups(Altered(server)), server, "ListCosts").findings
    small = next(one.shrunk for one in found if one.complaint == "a failure inside the target")
    assert small is not None
    largest = max(len(body_of(one.answer.request)) for one in found)
    assert len(body_of(small.request)) < largest
    assert small.response.status_code == 500


def test_valid_and_invalid_calls_are_drawn(server: Server) -> None:
    result = fuzzed(Altered(server), server, "ListResourceTypes")
    assert 0 < result.accepted < result.cases
    assert not result.findings
