"""Reading twice is reading once."""

from __future__ import annotations

from itertools import count

from mockserver.app import Server
from tests.contracts.doubles import Altered, always_changing, outcome, rewritten


def complaints(target: Altered, server: Server, operation: str) -> set[str]:
    found = outcome(target, server.contract, operations=(operation,), phases=("reads",)).findings
    return {one.complaint for one in found}


def test_a_read_that_answers_differently_is_found(server: Server) -> None:
    numbers = count()
    target = Altered(server, lambda answer: rewritten(answer, total_count=next(numbers)))
    assert complaints(target, server, "ListServiceTypes") == {"the same read was answered differently"}


def test_a_read_that_changes_something_is_found(server: Server) -> None:
    target = Altered(server)
    always_changing(target)
    assert complaints(target, server, "ListServiceTypes") == {"a read changed something"}


def test_a_read_that_answers_something_new_each_time_is_left_alone(server: Server) -> None:
    target = Altered(server)
    assert complaints(target, server, "ShowRealNameAuthQrCode") == set()
    assert not target.calls
