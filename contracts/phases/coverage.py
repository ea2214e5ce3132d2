"""Every bound of every schema, at it and beyond it."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.cases import coverage_cases
from contracts.events import Event
from contracts.phases.examples import each
from contracts.phases.registry import phase
from contracts.phases.running import Run
from mockserver.contract.operation import Operation


@phase("coverage")
def coverage(run: Run, operation: Operation) -> Iterator[Event]:
    """Send the cases that Schemathesis makes of each keyword."""
    yield from each(run, coverage_cases(run.generated[operation.id]))
