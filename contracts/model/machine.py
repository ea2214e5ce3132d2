"""One state machine of the rules of all areas.

An area is a class that inherits from `Rules` in a module of `contracts.model.rules`; to be there is all that it needs.
Its rules call operations and change the model; its `listings` tell what the target must list after each step.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.errors import HypothesisException
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition

from contracts.model.comparing import Prediction, differences
from contracts.model.play import DIFFERENCES_SHOWN, Differs, Play
from contracts.model.reference.world import World, instant

Row = TypeVar("Row")
Rule = TypeVar("Rule", bound=Callable[..., Any])
picks = st.integers(0, 23)
"""Which one of several: to be used with `one_of`."""
rarely = st.integers(0, 5).map(lambda number: number == 5)
"""Whether to try what must be refused."""
UNCHANGED_CHECKED = 2
"""Listings that are compared after a step although the model says that nothing changed them. At the end all are."""


@dataclass(frozen=True)
class Listing:
    """What a query must answer: rows in any order, the newest first where `newest` names the field of their time.

    `key` names the fields by which rows are told apart; the query sends `fields` and the largest page.
    """

    who: str
    operation: str
    rows: str
    expected: list[dict[str, Any]]
    key: tuple[str, ...]
    total: str = ""
    newest: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    pages: bool = True

    @property
    def query(self) -> dict[str, Any]:
        return {**self.fields, "limit": 100} if self.pages else dict(self.fields)

    @property
    def id(self) -> tuple[str, str, str]:
        return self.who, self.operation, str(self.fields)


class Rules:
    """What the rules of an area can use. `begin` prepares a sequence; `learn` finds out ids that only the target knows;
    `after_time` follows each move of the clock; `listings` tell what must be listed. They are called for every area,
    even where a sequence has the rules of a few only."""

    areas: ClassVar[list[type[Rules]]] = []
    """All that there are; of a machine, those that it was made of."""
    always: ClassVar[bool] = False
    """Whether the rules belong to every sequence."""
    play: Play
    world: World

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.__bases__ == (Rules,):
            Rules.areas.append(cls)

    def begin(self) -> None:
        """Bring about what the area's rules presuppose."""

    def learn(self) -> None:
        """Ask for ids of what came into being by itself."""

    def after_time(self) -> None:
        """Do what must follow at once when something fell due."""

    def listings(self) -> Iterator[Listing]:
        """What the target must list now."""
        return iter(())

    @classmethod
    def has_rules(cls) -> bool:
        return bool(vars(cls).keys() - vars(Rules).keys())

    def call(self, who: str, operation_id: str, foretold: Prediction, /, **fields: Any) -> Any:
        return self.play.call(who, operation_id, foretold, **fields)

    def all_listings(self) -> list[Listing]:
        return [one for area in self.areas for one in area.listings(self)]

    def pass_time(self, duration: timedelta) -> None:
        """Move the time of the target and of the model: at once, or where the world asks for care from one event to
        the next."""
        until = self.world.now + duration
        while self.world.now < until:
            stop = self.world.next_stop(until)
            seconds = int((stop - self.world.now).total_seconds())
            days, rest = divmod(seconds, 24 * 3600)
            self.play.advance(f"P{days}D" if not rest else f"PT{seconds}S")
            self.world.advance(stop)
            for area in self.areas:
                area.after_time(self)


def one_of(rows: list[Row], pick: int) -> Row:
    return rows[pick % len(rows)]


def on(site: str) -> Callable[[Rule], Rule]:
    """A rule of one site only."""
    only: Callable[[Rule], Rule] = precondition(lambda self: self.world.site == site)
    return only


class Machine(RuleBasedStateMachine, Rules):
    """A sequence of steps, and what must be true after each."""

    play: Play

    def __init__(self) -> None:
        super().__init__()
        self.play.begin()
        self.world = World(self.play.target.site, instant(self.play.controls.now))
        self._seen: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
        self._turn = 0

    @initialize()
    def prepare(self) -> None:
        """Each area brings about what it presupposes."""
        for area in self.areas:
            area.begin(self)
        self.play.prepared()
        # Every sequence begins alike: `beginning_of` has compared the lists once for all.
        self._seen = {one.id: one.expected for one in self.all_listings()}

    @invariant()
    def lists_what_the_model_has(self) -> None:
        """What the model changed is compared at once, of the rest a little in turn."""
        for area in self.areas:
            area.learn(self)
        found = self.all_listings()
        changed = [one for one in found if self._seen.get(one.id) != one.expected]
        self._turn += UNCHANGED_CHECKED
        rest = [found[(self._turn + number) % len(found)] for number in range(UNCHANGED_CHECKED)] if found else []
        for one in [*changed, *(one for one in rest if one not in changed)]:
            compare(self.play, one)
            self._seen[one.id] = one.expected

    def teardown(self) -> None:
        """At the end of a sequence everything is compared, unless it ends with a failure."""
        error = sys.exception()
        if error is None:
            for one in self.all_listings():
                compare(self.play, one)
        elif isinstance(error, Exception) and not isinstance(error, (Differs, HypothesisException)):
            error.add_note("\n".join(self.play.script))
            raise Broken(error)


class Broken(BaseException):
    """A sequence could not be played on: the target is gone, its time is over, or the model is wrong. Nothing is gained
    by making it small, so it passes whatever would try."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


def beginning_of(machine: type[Machine]) -> Differs | None:
    """What differs before the first step; None if nothing does."""
    try:
        one = machine()
        one.prepare()
        one.teardown()
    except Differs as found:
        return found
    return None


def compare(play: Play, listing: Listing) -> None:
    """Ask for a list and compare it. Raises `Differs`."""
    line, answer, body = play.read(listing.who, listing.operation, **listing.query)
    found = list(_wrong(listing, body))
    if found:
        play.fail(listing.operation, line, "; ".join(found[:DIFFERENCES_SHOWN]), answer)


def _wrong(listing: Listing, body: Any) -> Iterator[str]:
    rows = body.get(listing.rows) if isinstance(body, dict) else None
    rows = rows if isinstance(rows, list) else []
    if listing.total and body.get(listing.total) != len(listing.expected):
        yield f"{listing.total}: expected {len(listing.expected)}, came {body.get(listing.total)}"
    left = list(rows)
    for one in listing.expected:
        match = next((row for row in left if not list(differences(_key(listing, one), row))), None)
        if match is None:
            yield from _missing(listing, one, left)
        else:
            left.remove(match)
            name = ", ".join(str(match.get(part)) for part in listing.key)
            yield from differences(one, match, f'{listing.rows}["{name}"]')
    yield from (f"a row too many: {_shown_key(listing, row)}" for row in left)
    times = [str(row.get(listing.newest)) for row in rows] if listing.newest else []
    if times != sorted(times, reverse=True):
        yield f"the newest {listing.newest} does not come first"


def _missing(listing: Listing, one: dict[str, Any], rows: list[Any]) -> Iterator[str]:
    """A row that does not come; where one other row is left, how that differs."""
    if len(rows) == 1 and len(listing.key) > 1:
        yield from differences(one, rows[0], listing.rows)
    else:
        yield f"no row {_shown_key(listing, one)}"


def _key(listing: Listing, row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row.get(name) for name in listing.key}


def _shown_key(listing: Listing, row: Mapping[str, Any]) -> str:
    from contracts.model.comparing import shown

    return shown(_key(listing, row))


def found_areas() -> list[type[Rules]]:
    """The areas of every module in `contracts.model.rules`, by the name of their module."""
    from contracts.model import rules

    for one in sorted(module.name for module in pkgutil.iter_modules(rules.__path__)):
        importlib.import_module(f"{rules.__name__}.{one}")
    return sorted(Rules.areas, key=lambda one: one.__module__)


def machine_of(areas: list[type[Rules]], play: Play, focus: list[type[Rules]] | None = None) -> type[Machine]:
    """A machine of these areas, all of whose sequences are played by `play`; with the rules of those in focus only."""
    chosen = [one for one in areas if focus is None or one in focus or one.always]
    named: dict[str, type[Rules]] = {}
    for area in chosen:
        for name in vars(area).keys() - vars(Rules).keys():
            other = named.setdefault(name, area)
            assert other is area, f"{area.__name__} and {other.__name__} both have {name}"
    return type("Model", (*chosen, Machine), {"play": play, "areas": areas})
