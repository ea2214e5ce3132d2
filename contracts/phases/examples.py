"""The documented examples, and one made-up call where a document has none."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.cases import Case, describe, example_cases
from contracts.events import Event
from contracts.phases.registry import phase
from contracts.phases.running import Run
from mockserver.contract.operation import Operation


@phase("examples")
def examples(run: Run, operation: Operation) -> Iterator[Event]:
    """Send the examples of an operation."""
    yield from each(run, example_cases(run.generated[operation.id]))


def each(run: Run, cases: Iterator[Case]) -> Iterator[Event]:
    """Send cases and judge their answers."""
    for case in cases:
        sent = run.send(describe(case), run.request_of(case))
        yield sent
        yield from run.judge(sent, case)
