"""A contract run: the parts of a plan, one after another or by several workers, told as events."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import islice
from multiprocessing import get_context
from multiprocessing.util import Finalize

from contracts.cases import Operation as Generated
from contracts.cases import operations
from contracts.checks import Answer
from contracts.compensations import JournalError
from contracts.events import (
    CaseWithheld,
    Event,
    ExchangeSent,
    Finding,
    FindingFound,
    Part,
    PartEnded,
    PartStarted,
    PlanMade,
    RunEnded,
    Totals,
)
from contracts.guard import BudgetSpent, Guarded
from contracts.options import Options
from contracts.phases.registry import PHASES
from contracts.phases.running import OutOfTime, Run
from contracts.targets.opening import Opening
from contracts.targets.target import ControlsFailed, Target
from mockserver.contract.registry import Contract

Clock = Callable[[], float]
AHEAD = 2
"""Parts that wait for each worker, so that none stands idle."""


class Stopped(Exception):
    """The run ends before its plan does; the text says why."""


@dataclass
class Outcome:
    """How many cases were sent and accepted, and what was wrong with the answers."""

    cases: int = 0
    accepted: int = 0
    findings: list[Finding] = field(default_factory=list)
    ended: RunEnded | None = None


def gathered(events: Iterable[Event]) -> Outcome:
    """The outcome of a run; runs it."""
    outcome = Outcome()
    for event in events:
        if isinstance(event, FindingFound):
            outcome.findings.append(event.finding)
        elif isinstance(event, PartEnded):
            outcome.cases += event.cases
            outcome.accepted += event.accepted
        elif isinstance(event, RunEnded):
            outcome.ended = event
    return outcome


class Bench:
    """A target with all that running parts against it needs; one for each worker."""

    def __init__(self, target: Target, contract: Contract, options: Options, clock: Clock = time.monotonic) -> None:
        self._target = target
        self._contract = contract
        self._options = options
        self._clock = clock
        self._generated: dict[str, Generated] | None = None

    def part(self, part: Part, deadline: float | None) -> Iterator[Event]:
        """Run one part. Raises `Stopped`, `Unreachable`."""
        yield PartStarted(part)
        started, cases, accepted = self._clock(), 0, 0
        try:
            for event in self._events(part, deadline):
                if isinstance(event, ExchangeSent):
                    cases += 1
                    accepted += event.answer.response.ok
                yield event
        except ControlsFailed as failed:
            answer = Answer(failed.request, failed.response)
            yield FindingFound(part, Finding(part.operation, part.phase, str(failed), "", answer))
        except OutOfTime:
            raise Stopped("the time is over") from None
        except (BudgetSpent, JournalError) as error:
            raise Stopped(str(error)) from None
        yield PartEnded(part, cases, accepted, self._clock() - started)

    def _events(self, part: Part, deadline: float | None) -> Iterator[Event]:
        run = Run(self._target, self._contract, self._options, part, self._operations(), self._clock, deadline)
        operation = self._contract.operations.get(part.operation)
        yield from PHASES[part.phase].parts_of(run, operation)

    def _operations(self) -> dict[str, Generated]:
        if self._generated is None:
            target = self._target
            made = operations(self._contract, target.site, removed=target.removed, known=target.known)
            self._generated = {one.definition.raw["operationId"]: one for one in made}
        return self._generated


class Tally:
    """Counts the events of a run as they pass."""

    def __init__(self, plan: PlanMade, clock: Clock) -> None:
        self._plan = plan
        self._clock = clock
        self._started = clock()
        self._ended: set[Part] = set()
        self._totals = Totals()

    def __call__(self, event: Event) -> Event:
        totals = self._totals
        if isinstance(event, ExchangeSent):
            ok = event.answer.response.ok
            self._totals = replace(totals, cases=totals.cases + 1, accepted=totals.accepted + ok)
        elif isinstance(event, CaseWithheld):
            self._totals = replace(totals, withheld=totals.withheld + 1)
        elif isinstance(event, FindingFound):
            self._totals = replace(totals, findings=totals.findings + 1)
        elif isinstance(event, PartEnded):
            self._totals = replace(totals, parts=totals.parts + 1)
            self._ended.add(event.part)
        return event

    def ending(self, why: str) -> RunEnded:
        not_run = tuple(part for part in self._plan.parts if part not in self._ended)
        return RunEnded(replace(self._totals, elapsed=self._clock() - self._started), not_run, why)


def run(
    target: Target, contract: Contract, options: Options, plan: PlanMade, clock: Clock = time.monotonic
) -> Iterator[Event]:
    """Run a plan against an open target, in this thread. Raises `Unreachable`."""
    bench = Bench(target, contract, options, clock)
    tally, deadline, why = Tally(plan, clock), _deadline(options, clock), ""
    if isinstance(target, Guarded):
        target.until = deadline
    yield plan
    try:
        for part in plan.parts:
            yield from map(tally, bench.part(part, deadline))
    except Stopped as stopped:
        why = str(stopped)
    yield tally.ending(why)


def run_by_workers(
    opening: Opening, options: Options, plan: PlanMade, clock: Clock = time.monotonic
) -> Iterator[Event]:
    """Run a plan by processes that open a target each. The events come in the order of the plan, whoever made them."""
    tally, deadline, why = Tally(plan, clock), _deadline(options, clock), ""
    yield plan
    with ProcessPoolExecutor(options.workers, get_context("spawn"), _begin, (opening, options, deadline)) as pool:
        try:
            for events, stopped in _in_order(pool, plan, options.workers):
                yield from map(tally, events)
                if stopped:
                    raise Stopped(stopped)
        except Stopped as error:
            why = str(error)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    yield tally.ending(why)


def _in_order(pool: ProcessPoolExecutor, plan: PlanMade, workers: int) -> Iterator[tuple[list[Event], str]]:
    """The events of each part and why it stopped, a few parts ahead."""
    parts = iter(plan.parts)
    waiting: list[Future[tuple[list[Event], str]]] = []
    waiting += [pool.submit(_work, part) for part in islice(parts, workers * AHEAD)]
    while waiting:
        yield waiting.pop(0).result()
        waiting += [pool.submit(_work, part) for part in islice(parts, 1)]


_BENCH: list[tuple[Bench, float | None]] = []
"""The bench of a worker process."""


def _begin(opening: Opening, options: Options, deadline: float | None) -> None:
    contract = Contract(list(opening.overlays))
    target = opening.open(contract)
    # A worker's ordinary exit functions are not called.
    Finalize(None, target.close, exitpriority=1)
    _BENCH.append((Bench(target, contract, options), deadline))


def _work(part: Part) -> tuple[list[Event], str]:
    """Run a part in a worker: its events, and why it stopped if it did."""
    bench, deadline = _BENCH[0]
    events: list[Event] = []
    try:
        for event in bench.part(part, deadline):
            events.append(event)
    except Stopped as stopped:
        return events, str(stopped)
    return events, ""


def _deadline(options: Options, clock: Clock) -> float | None:
    return None if options.max_time is None else clock() + options.max_time
