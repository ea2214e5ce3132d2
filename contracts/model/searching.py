"""Running the machine: seeded, for so many sequences of so many steps, in batches; what differs is made small."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, reject, settings
from hypothesis import seed as hypothesis_seed
from hypothesis.errors import Unsatisfiable
from hypothesis.stateful import run_state_machine_as_test

from contracts.model.machine import Interrupted, Machine, Rules, Step, found_areas, machine_of, played
from contracts.model.play import Differs, Play, TimeIsOver

_SETTINGS = settings(
    database=None,
    deadline=None,
    phases=(Phase.generate,),
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
    batch: int = 9
    replays: int = 200


class Search:
    """A search for differences, batch by batch. A sequence that runs into what was found before is given up, so that
    something else can be found. `focus` are the areas whose rules take part; without, all do in turn."""

    def __init__(self, play: Play, seed: int, budget: Budget, focus: Sequence[type[Rules]] = ()) -> None:
        self._play = play
        self._seed = seed
        self._budget = budget
        self._focus = list(focus)
        self._areas = found_areas(play.target.site)
        self._known: set[tuple[str, str]] = set()
        play.before_failing = self._pass_over_known

    def batches(self, share: int = 0, shares: int = 1) -> Iterator[Differs | None]:
        """What each batch finds, as small as it could be made, or None; of several shares, each has its own batches."""
        first = played(machine_of(self._areas, self._play), ())
        if first is not None:
            # Nothing can be tried where not even the preparation comes out as foretold.
            yield first
            return
        focuses, budget = _focuses(self._areas, self._seed), self._budget
        for number, start in enumerate(range(0, budget.sequences, budget.batch)):
            focus: Sequence[type[Rules]] | None = self._focus or next(focuses)
            if number % shares == share:
                machine = machine_of(self._areas, self._play, focus)
                yield self._batch(machine, number, min(budget.batch, budget.sequences - start))

    def _batch(self, machine: type[Machine], number: int, sequences: int) -> Differs | None:
        wanted = settings(_SETTINGS, max_examples=sequences, stateful_step_count=self._budget.steps)
        try:
            run_state_machine_as_test(hypothesis_seed(self._seed * 1000 + number)(machine), settings=wanted)
        except Interrupted as stopped:
            if not isinstance(stopped.error, Differs):
                raise stopped.error from None
            found = self._smallest(machine, stopped.steps, stopped.error)
            self._known.add(found.kind)
            return found
        except Unsatisfiable:
            # Every sequence ran into what is known already.
            return None
        return None

    def _smallest(self, machine: type[Machine], steps: Sequence[Step], found: Differs) -> Differs:
        """Replays are nobody's business, and run into what is known without giving up."""
        play = self._play
        before, play.before_failing, play.silent = play.before_failing, lambda found: None, True
        try:
            return smallest(machine, steps, found, self._budget.replays)
        finally:
            play.before_failing, play.silent = before, False

    def _pass_over_known(self, found: Differs) -> None:
        if found.kind in self._known:
            reject()


def smallest(machine: type[Machine], steps: Sequence[Step], found: Differs, replays: int) -> Differs:
    """The shortest sequence with the simplest values that is found to differ in the same way."""
    kept, kind = list(steps), found.kind
    try:
        again = played(machine, steps)
        if again is None or again.kind != kind:
            return found.unsteady()
        for tried in islice(_smaller(kept), replays):
            again = played(machine, tried)
            if again is not None and again.kind == kind:
                kept[:], found = tried, again
    except TimeIsOver:
        # It is what it is by now.
        pass
    return found


def _smaller(kept: list[Step]) -> Iterator[list[Step]]:
    """Sequences to try instead of `kept`, which becomes each that will do: parts left out, long ones first; then
    simpler values; then single steps left out, which may have become superfluous."""
    size = len(kept)
    while size:
        yield from _without(kept, size)
        size //= 2
    for at in range(len(kept)):
        for name in kept[at].values:
            for value in _simpler(kept[at].values[name]):
                values: Mapping[str, Any] = {**kept[at].values, name: value}
                yield [*kept[:at], Step(kept[at].function, values), *kept[at + 1 :]]
    yield from _without(kept, 1)


def _without(kept: list[Step], size: int) -> Iterator[list[Step]]:
    """`kept` without so many steps in a row, the last ones first."""
    at = len(kept) - size
    while at >= 0:
        yield [*kept[:at], *kept[at + size :]]
        at = min(at, len(kept)) - size


def _simpler(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [False] if value else []
    if isinstance(value, int):
        return [one for one in (0, 1, 2, 3, 100) if one < value]
    return [value[:1]] if isinstance(value, list) and len(value) > 1 else []


def _focuses(areas: list[type[Rules]], seed_of_run: int) -> Iterator[list[type[Rules]] | None]:
    """The rules of two batches of three are those of a single area, which go deep; the rest have all, which go wide."""
    focused = [one for one in areas if not one.always and one.has_rules()]
    for number, one in enumerate(cycle(Random(seed_of_run).sample(focused, len(focused)))):
        yield [one]
        if number % 2:
            yield None
