"""Two sides of a comparison: each a cassette, or a target that is recorded, or that a cassette is played to."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from contracts.cassettes.cassette import Call, Cassette, CassetteError, read
from contracts.cassettes.diff import pairs_of
from contracts.cassettes.examples import play, selected
from contracts.cassettes.recording import Recorder, Recording
from contracts.cassettes.references import references
from contracts.cassettes.replay import Played, replay
from contracts.guard import BudgetSpent
from contracts.targets.target import Target, Unreachable
from mockserver.contract.documents import Document
from mockserver.contract.registry import Contract

SUFFIX = ".json"


@dataclass(frozen=True)
class Recorded:
    """A recording, and what is missing from it."""

    cassette: Cassette
    withheld: list[str]
    """Why calls were not sent."""
    broken_off: str = ""
    """Why it ended before its end; empty if it did not."""

    @property
    def whole(self) -> Cassette:
        """Raises `Unreachable` for a recording that was broken off."""
        if self.broken_off:
            raise Unreachable(self.broken_off)
        return self.cassette


@dataclass(frozen=True)
class Studio:
    """What recordings of one command have in common."""

    contract: Contract
    site: str
    seed: int
    now: Callable[[], datetime]
    open: Callable[[str, str], Target]
    """Opens a target by its name, for a site."""
    areas: Sequence[str] = ()
    operations: Sequence[str] = ()
    fill: Document = field(default_factory=dict)

    def recorder(self, target: Target) -> Recorder:
        """A new recording of a target."""
        return Recorder(self.contract, target.site, target.name, self.seed, target.known, self.now)

    def record(self, name: str) -> Recorded:
        """The examples of the chosen operations at a target, as many as may be sent there. Raises `Unreachable` if it
        answers none."""
        withheld: list[str] = []
        tape: Recorder | None = None
        try:
            with closing(self.open(name, self.site)) as target:
                tape = self.recorder(target)
                chosen = selected(self.contract, target, self.areas, self.operations)
                deque(play(Recording(target, tape), chosen, self.now(), withheld.append), maxlen=0)
        except BudgetSpent as reason:
            withheld.append(str(reason))
        except Unreachable as reason:
            if tape is None or not tape.cassette().calls:
                raise
            return Recorded(tape.cassette(), withheld, str(reason))
        assert tape is not None, "the target was opened"
        return Recorded(tape.cassette(), withheld)

    def played(self, cassette: Cassette, name: str) -> Iterator[tuple[Played, Recorder]]:
        """Every chosen call of a cassette as a target answers it, and the recording of that."""
        with closing(self.open(name, cassette.site)) as target:
            tape = self.recorder(target)
            needed = msgspec.structs.replace(cassette, calls=self._needed(cassette.calls))
            for one in replay(needed, target, self.contract, tape, self.fill):
                if self._is_chosen(one.recorded):
                    yield one, tape

    def pairs(self, first: str, second: str) -> tuple[str, list[Played]]:
        """The site, and each chosen call of the first side with the same call of the second. Raises
        `CassetteError`."""
        if is_cassette(second) and not is_cassette(first):
            raise CassetteError(f"name the cassette first: {second} {first}")
        cassette = read(Path(first)) if is_cassette(first) else self.record(first).whole
        if not is_cassette(second):
            return cassette.site, [one for one, _ in self.played(cassette, second)]
        other = read(Path(second))
        if cassette.site != other.site:
            raise CassetteError(f"{first} is of site {cassette.site}, {second} of site {other.site}")
        return cassette.site, [one for one in pairs_of(cassette.calls, other.calls) if self._is_chosen(one.recorded)]

    def _is_chosen(self, call: Call) -> bool:
        operation = self.contract.operations.get(call.operation)
        of_area = not self.areas or (operation is not None and operation.area in self.areas)
        return of_area and (not self.operations or call.operation in self.operations)

    def _needed(self, calls: Sequence[Call]) -> list[Call]:
        """The chosen calls, and those before them whose answers show the ids that they name."""
        wanted: set[str] = set()
        kept = []
        for call in reversed(calls):
            shown = wanted.intersection(references(call.answer.body))
            if shown or self._is_chosen(call):
                kept.append(call)
                wanted -= shown
                asked = call.request
                wanted.update(references([asked.variables, asked.query, asked.body]))
        return kept[::-1]


def is_cassette(name: str) -> bool:
    """Whether one side of a comparison is a file."""
    return name.endswith(SUFFIX) or Path(name).is_file()
