"""Reading twice is reading once: equal answers, and nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contracts.cases import describe, example_cases
from contracts.checks import Answer
from contracts.events import Event, ExchangeSent
from contracts.phases.registry import phase
from contracts.phases.running import Run
from mockserver.contract.operation import Operation, SiteView


def is_repeatable(view: SiteView) -> bool:
    """Whether equal calls get equal answers."""
    return view.operation.effect == "read" and bool(view.document.get("x-repeatable", True))


@phase("reads", applies=is_repeatable, controlled=True)
def reads(run: Run, operation: Operation) -> Iterator[Event]:
    """Send each example of a read twice. Time stands still between, so the answers must be equal."""
    for case in example_cases(run.generated[operation.id]):
        first, second = (run.send(f"{describe(case)}: {turn}", run.request_of(case)) for turn in ("once", "again"))
        yield from (first, second)
        if not (isinstance(first, ExchangeSent) and isinstance(second, ExchangeSent)):
            continue
        if first.answer.response.ok and (first.answer.changed or second.answer.changed):
            yield from run.complain(second, "a read changed something")
        if told(first.answer) != told(second.answer):
            yield from run.complain(second, "the same read was answered differently")


def told(answer: Answer) -> tuple[int, Any]:
    """What an answer says, without the id of the call."""
    body = answer.body
    return answer.response.status_code, {**body, "request_id": None} if isinstance(body, dict) else body
