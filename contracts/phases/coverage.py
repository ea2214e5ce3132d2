"""Every bound of every schema, at it and beyond it."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from contracts.cases import coverage_cases
from contracts.events import Event
from contracts.phases.examples import each
from contracts.phases.registry import phase
from contracts.phases.running import Run
from mockserver.contract.operation import Operation

QUICKLY = 60
"""Cases of an operation in a quick run, chosen by the seed."""


@phase("coverage")
def coverage(run: Run, operation: Operation) -> Iterator[Event]:
    """Send the cases that Schemathesis makes of each keyword."""
    cases = coverage_cases(run.generated[operation.id])
    if run.options.quick:
        made = list(cases)
        cases = iter(Random(run.seed).sample(made, min(QUICKLY, len(made))))
    yield from each(run, cases)
