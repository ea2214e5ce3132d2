"""Running the machine: seeded, for so many sequences of so many steps, in batches; what differs is shrunk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from hypothesis import HealthCheck, Phase, Verbosity, reject, settings
from hypothesis import seed as hypothesis_seed
from hypothesis.errors import Flaky, Unsatisfiable
from hypothesis.stateful import run_state_machine_as_test

from contracts.model.machine import Broken, Machine, Rules, beginning_of, found_areas, machine_of
from contracts.model.play import Differs, Play


_SETTINGS = settings(
    database=None,
    deadline=None,
    phases=(Phase.generate, Phase.shrink),
    report_multiple_bugs=False,
    verbosity=Verbosity.quiet,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Budget:
    """How many sequences are played, of how many steps at most, and how many in one batch; how many replays may be
    spent on making one difference small."""

    sequences: int = 80
    steps: int = 40
    batch: int = 5
    replays: int = 400


class Enough(BaseException):
    """Making a sequence small has taken as many replays as it may; not an error, and nothing must catch it."""


class Search:
    """A search for differences, batch by batch. A sequence that runs into what was found before is given up, so that
    something else can be found."""

    def __init__(self, play: Play, seed: int, budget: Budget, areas: list[type[Rules]] | None = None) -> None:
        self._play = play
        self._seed = seed
        self._budget = budget
        self._areas = areas or found_areas()
        self._known: set[tuple[str, str]] = set()
        self._smallest: Differs | None = None
        self._replays = 0
        play.at_beginning, play.before_failing = self._count, self._note

    def batches(self) -> Iterator[Differs | None]:
        """What each batch finds, as small as it could be made, or None."""
        first = beginning_of(machine_of(self._areas, self._play))
        if first is not None:
            # Nothing can be tried where not even the preparation comes out as foretold.
            yield first
            return
        focuses, budget = _focuses(self._areas, self._seed), self._budget
        for number, start in enumerate(range(0, budget.sequences, budget.batch)):
            machine = machine_of(self._areas, self._play, next(focuses))
            yield self._batch(machine, number, min(budget.batch, budget.sequences - start))

    def _batch(self, machine: type[Machine], number: int, sequences: int) -> Differs | None:
        self._smallest, self._replays = None, 0
        wanted = settings(_SETTINGS, max_examples=sequences, stateful_step_count=self._budget.steps)
        unsteady = False
        try:
            run_state_machine_as_test(hypothesis_seed(self._seed * 1000 + number)(machine), settings=wanted)
        except (Differs, Enough):
            pass
        except Broken as broken:
            raise broken.error from None
        except Flaky:
            unsteady = True
        except Unsatisfiable:
            # Every sequence ran into what is known already.
            return None
        found = self._smallest
        if found is None:
            return None
        self._known.add(found.kind)
        return found.unsteady() if unsteady else found

    def _note(self, found: Differs) -> None:
        """Keep the smallest sequence that shows the first difference; give up one that shows what is known."""
        if found.kind in self._known:
            reject()
        first = self._smallest is None or self._smallest.kind == found.kind
        if first and (self._smallest is None or len(found.script) <= len(self._smallest.script)):
            self._smallest = found

    def _count(self) -> None:
        """Counts the sequences that were begun since the first difference."""
        if self._smallest is not None:
            self._replays += 1
            if self._replays > self._budget.replays:
                raise Enough


def _focuses(areas: list[type[Rules]], seed_of_run: int) -> Iterator[list[type[Rules]] | None]:
    """The rules of every other batch are those of a single area, which go deep; the rest have all, which go wide."""
    while True:
        shuffled = Random(seed_of_run).sample(areas, len(areas))
        for one in shuffled:
            if not one.always and one.has_rules():
                yield [one]
                yield None
