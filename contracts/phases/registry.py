"""Phases by name. A phase is a function that tests one operation and tells what it does as events:

    @phase("paging", applies=has_paging)
    def paging(run: Run, operation: Operation) -> Iterator[Event]:
        '''Rows neither repeat nor get lost between pages.'''
        first = run.send("limit 2", run.request(body={"limit": 2}))
        yield first
        yield from run.judge(first)
        if isinstance(first, ExchangeSent) and wrong(first.answer):
            yield from run.complain(first, "a row is on two pages")

Import its module in `contracts.phases` and it takes part in every run. A phase that is about a whole site, such as a
model of its state, is registered with `@whole_phase("model")` and gets the run only. Each part begins on a reset
target, and draws what it draws from `run.seed`, so that it does not depend on what ran before, nor where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contracts.events import Event
from mockserver.contract.operation import Operation, SiteView

if TYPE_CHECKING:
    from contracts.phases.running import Run

OfOperation = Callable[["Run", Operation], Iterator[Event]]
OfSite = Callable[["Run"], Iterator[Event]]
Applies = Callable[[SiteView], bool]


@dataclass(frozen=True)
class Phase:
    """A phase: of each operation to which it applies, or of the whole site."""

    name: str
    of_operation: OfOperation | None
    of_site: OfSite | None
    applies: Applies
    controlled: bool
    """Whether it needs a target that can be controlled."""
    shares: int = 1
    """Into how many parts a phase of the whole site is cut."""

    def parts_of(self, run: Run, operation: Operation | None) -> Iterator[Event]:
        """Run it: for an operation, or for none where it is of the whole site."""
        if self.of_site is not None:
            return self.of_site(run)
        assert self.of_operation is not None and operation is not None, "it is of an operation"
        return self.of_operation(run, operation)


PHASES: dict[str, Phase] = {}
"""In the order in which they run."""


def phase(
    name: str, *, applies: Applies = lambda view: True, controlled: bool = False
) -> Callable[[OfOperation], OfOperation]:
    """Register a phase of each operation for which `applies` holds."""

    def register(function: OfOperation) -> OfOperation:
        PHASES[name] = Phase(name, function, None, applies, controlled)
        return function

    return register


def whole_phase(name: str, *, controlled: bool = True, shares: int = 1) -> Callable[[OfSite], OfSite]:
    """Register a phase of the whole site, whose parts each do their share: `run.part.share` of so many."""

    def register(function: OfSite) -> OfSite:
        PHASES[name] = Phase(name, None, function, lambda view: True, controlled, shares)
        return function

    return register
