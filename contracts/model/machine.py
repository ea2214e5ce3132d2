"""One state machine of the rules of all areas.

An area is a class that inherits from `Rules` in a module of `contracts.model.rules`; to be there is all that it needs.
Its rules call operations and change the model; its `listings` tell what the target must list after each step.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import wraps
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.errors import Frozen, UnsatisfiedAssumption
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from contracts.model.comparing import Prediction, differences
from contracts.model.play import DIFFERENCES_SHOWN, Differs, Play
from contracts.model.reference.world import World, instant
from contracts.targets.target import TargetError

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
    """What a query must answer: rows in any order, the newest first where `newest` names the field of their time, the
    oldest first where `oldest` does.

    `key` names the fields by which rows are told apart; the query sends `fields` and the largest page. Without `rows`
    the answer as a whole is what is expected.
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
    oldest: str = ""

    @property
    def query(self) -> dict[str, Any]:
        return {**self.fields, "limit": 100} if self.pages else dict(self.fields)

    @property
    def id(self) -> tuple[str, str, str]:
        return self.who, self.operation, str(self.fields)


class Rules:
    """What the rules of an area can use. `begin` prepares a sequence; `after_time` follows each move of the clock,
    and `learn` finds out ids of what came into being by it; `listings` tell what must be listed. They are called for
    every area, even where a sequence has the rules of a few only."""

    areas: ClassVar[list[type[Rules]]] = []
    """All that there are; of a machine, those that it was made of."""
    sites: ClassVar[tuple[str, ...]] = ("cn", "intl")
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
        for area in self.areas:
            area.learn(self)


def one_of(rows: list[Row], pick: int) -> Row:
    """A row, counted from the newest: it stays the same where steps that made older ones are left out."""
    return rows[-1 - pick % len(rows)]


def step(**drawn: st.SearchStrategy[Any]) -> Callable[[Rule], Any]:
    """A rule that is noted when it is carried out, so that its sequence can be played again in part."""

    def decorate(function: Rule) -> Any:
        @wraps(function)
        def noted(self: Machine, **values: Any) -> None:
            self.steps.append(Step(function, values))
            function(self, **values)

        as_rule: Any = rule
        return as_rule(**drawn)(noted)

    return decorate


@dataclass(frozen=True)
class Step:
    """A rule with the values that were drawn for it."""

    function: Callable[..., Any]
    values: Mapping[str, Any]

    def take(self, machine: Machine) -> None:
        machine.steps.append(self)
        self.function(machine, **self.values)
        machine.lists_what_the_model_has()


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
        self.steps: list[Step] = []

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
        try:
            if error is None:
                self.end()
        except Differs as differs:
            error = differs
        if isinstance(error, Exception) and not isinstance(error, (UnsatisfiedAssumption, Frozen)):
            raise Interrupted(error, tuple(self.steps))

    def end(self) -> None:
        for one in self.all_listings():
            compare(self.play, one)


class Interrupted(BaseException):
    """A sequence ended with an error. It is no ordinary exception, as it is not for Hypothesis to make it small: a few
    steps are found faster by leaving steps out than by what it would do."""

    def __init__(self, error: Exception, steps: tuple[Step, ...]) -> None:
        super().__init__(str(error))
        self.error = error
        self.steps = steps


def played(machine: type[Machine], steps: Sequence[Step]) -> Differs | None:
    """Play steps again; what differs, or None. Steps that are not possible any more, as others are missing, end it."""
    one = machine()
    try:
        one.prepare()
        for each in steps:
            each.take(one)
        one.end()
    except Differs as found:
        return found
    except (ArithmeticError, LookupError, ValueError, AttributeError, AssertionError, StopIteration, TargetError):
        return None
    return None


def compare(play: Play, listing: Listing) -> None:
    """Ask for a list and compare it. Raises `Differs`."""
    line, answer, body = play.read(listing.who, listing.operation, **listing.query)
    found = list(_wrong(listing, body))
    if found:
        play.fail(listing.operation, line, "; ".join(found[:DIFFERENCES_SHOWN]), answer)


def rows_of(body: Any, name: str) -> list[dict[str, Any]]:
    """The rows of an answer; none where it has no such list."""
    rows = body.get(name) if isinstance(body, dict) else None
    return [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []


def view(who: str, operation: str, expected: dict[str, Any], fields: Mapping[str, Any] | None = None) -> Listing:
    """A query that lists nothing: what it must answer as a whole."""
    return Listing(who, operation, "", [expected], (), fields=fields or {}, pages=False)


def _wrong(listing: Listing, body: Any) -> Iterator[str]:
    if not listing.rows:
        yield from differences(listing.expected[0], body)
        return
    rows = rows_of(body, listing.rows)
    if listing.total and body.get(listing.total) != len(listing.expected):
        yield f"{listing.total}: expected {len(listing.expected)}, came {body.get(listing.total)}"
    left, missing = list(rows), []
    for one in listing.expected:
        match = next((row for row in left if not any(differences(one, row))), None)
        missing.append(one) if match is None else left.remove(match)
    for one in missing:
        match = next((row for row in left if not any(differences(_key(listing, one), row))), None)
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
    times = [str(row.get(listing.oldest)) for row in rows] if listing.oldest else []
    if times != sorted(times):
        yield f"the oldest {listing.oldest} does not come first"


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


def found_areas(site: str) -> list[type[Rules]]:
    """The areas of every module in `contracts.model.rules` that a site has, by the name of their module."""
    from contracts.model import rules

    for one in sorted(module.name for module in pkgutil.iter_modules(rules.__path__)):
        importlib.import_module(f"{rules.__name__}.{one}")
    return sorted((one for one in Rules.areas if site in one.sites), key=lambda one: one.__module__)


def machine_of(areas: list[type[Rules]], play: Play, focus: Sequence[type[Rules]] | None = None) -> type[Machine]:
    """A machine of these areas, all of whose sequences are played by `play`; with the rules of those in focus only."""
    chosen = [one for one in areas if focus is None or one in focus or one.always]
    named: dict[str, type[Rules]] = {}
    for area in chosen:
        for name in vars(area).keys() - vars(Rules).keys():
            other = named.setdefault(name, area)
            assert other is area, f"{area.__name__} and {other.__name__} both have {name}"
    return type("Model", (*chosen, Machine), {"play": play, "areas": areas})
