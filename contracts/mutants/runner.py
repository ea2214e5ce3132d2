"""Holds the contract suite against each mutant until its first finding, and against the right emulator."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import Any

from contracts.events import Event, ExchangeSent, FindingFound, Part, PlanMade
from contracts.mutants.mutant import Mutant
from contracts.mutants.registry import MUTANTS, areas_of
from contracts.options import Options
from contracts.plan import make_plan
from contracts.run import run
from contracts.targets.opening import open_target
from contracts.targets.target import Target
from mockserver.contract.registry import Contract

LONGEST = 300.0
"""Seconds that one mutant may take; more of them let it survive."""

EACH = 40
"""Mutants that one process examines at most, so that none grows without end."""

TURNS = {"examples": 0, "reads": 0, "properties": 0, "fuzzing": 3}
OWN, OF_SITE, OTHERS = 1, 2, 4
"""When the parts of a plan have their turn: the phases of a mutant's own operations, what is of the whole site, and
other operations of its areas."""

SEEDS = 10
"""Runs of the right emulator, each with cases of its own."""


@dataclass(frozen=True)
class Verdict:
    """What the suite found of a mutant: `by` the part that killed it, with its `complaint`; both empty for a survivor.
    `broken` says why the suite itself came to grief, which is no kill. `elapsed` in seconds."""

    mutant: str
    by: str = ""
    complaint: str = ""
    calls: int = 0
    elapsed: float = 0.0
    broken: str = ""

    @property
    def killed(self) -> bool:
        return bool(self.by)


@dataclass(frozen=True)
class FalseAlarm:
    """Something that the suite found of the right emulator."""

    site: str
    seed: int
    finding: str


def examine(mutant: Mutant, contract: Contract, seed: int = 0, phases: tuple[str, ...] = ()) -> Verdict:
    """Run the suite against a mutant: its own operations first, then what is of a whole site, then its areas."""
    options = Options(seed=seed, phases=phases, max_time=LONGEST)
    started = time.monotonic()
    with mutant.emulator(seed) as target:
        plan = plan_for(mutant, contract, options, target)
        try:
            verdict = _first(mutant.name, run(target, contract, options, plan))
        except Exception as error:
            verdict = Verdict(mutant.name, broken=f"{type(error).__name__}: {error}")
    return replace(verdict, elapsed=time.monotonic() - started)


def plan_for(mutant: Mutant, contract: Contract, options: Options, target: Target) -> PlanMade:
    """The parts of a default run that concern a mutant, the likeliest and the quickest first."""
    plan = make_plan(contract, options, target, controlled=True)
    areas = areas_of(contract, mutant)
    own = list(mutant.operations)

    def place(part: Part) -> tuple[int, int]:
        if not part.operation:
            return OF_SITE, 0
        if part.operation not in own:
            return OTHERS, 0
        return TURNS.get(part.phase, OWN), own.index(part.operation)

    concerned = [one for one in plan.parts if not one.operation or one.area in areas]
    return replace(plan, parts=tuple(sorted(concerned, key=place)))


def false_alarms(contract: Contract, site: str, seed: int) -> list[FalseAlarm]:
    """What the suite finds of the right emulator: nothing, if all is well."""
    options = Options(seed=seed)
    with closing(open_target("mock", site, seed)) as target:
        events = list(run(target, contract, options, make_plan(contract, options, target, controlled=True)))
    return [FalseAlarm(site, seed, str(one.finding)) for one in events if isinstance(one, FindingFound)]


def examined(names: Iterable[str], workers: int, seed: int = 0) -> Iterator[Verdict]:
    """The verdicts on mutants, by so many processes, as they come."""
    left = list(names)
    while left:
        batch, left = left[: workers * EACH], left[workers * EACH :]
        with _pool(workers) as pool:
            yield from _as_they_come([pool.submit(_examine, name, seed) for name in batch])


def alarms_of_seeds(seeds: Iterable[int], sites: Iterable[str], workers: int) -> Iterator[list[FalseAlarm]]:
    """The false alarms of each seed and site, as they come."""
    with _pool(workers) as pool:
        yield from _as_they_come([pool.submit(_alarms, site, one) for one in seeds for site in sites])


def _first(name: str, events: Iterator[Event]) -> Verdict:
    """The verdict by the first finding of a run, which is not run any further."""
    calls = 0
    for event in events:
        calls += isinstance(event, ExchangeSent)
        if isinstance(event, FindingFound):
            found = event.finding
            return Verdict(name, f"{found.phase} {found.operation}".strip(), found.complaint, calls)
    return Verdict(name, calls=calls)


def _as_they_come(waiting: list[Future[Any]]) -> Iterator[Any]:
    for one in as_completed(waiting):
        yield one.result()


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, get_context("spawn"), _begin)


_CONTRACT: list[Contract] = []
"""The contract of a worker process."""


def _begin() -> None:
    # Mutants fail inside, and whoever looks for that sees it in the answers.
    logging.getLogger("mockserver").setLevel(logging.CRITICAL)
    _CONTRACT.append(Contract())


def _examine(name: str, seed: int) -> Verdict:
    return examine(MUTANTS[name], _CONTRACT[0], seed)


def _alarms(site: str, seed: int) -> list[FalseAlarm]:
    return false_alarms(_CONTRACT[0], site, seed)
