"""All properties of one operation, one after the other, as events."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from contracts.events import CaseWithheld, Checked, Event, ExchangeSent
from contracts.properties.probe import Probe
from contracts.properties.registry import PROPERTIES, Property, Wrong
from contracts.properties.scenes import find_working

if TYPE_CHECKING:
    from contracts.phases.running import Run


def checked(run: Run, names: Collection[str] = ()) -> Iterator[Event]:
    """Look at every property that applies to the part's operation, or at the named ones, and tell after each how much
    there was to see."""
    wanted = [one for one in PROPERTIES.values() if not names or one.name in names]
    applying = [one for one in wanted if one.applies(run.view) and may_ask(run)]
    probe = Probe(run)
    if applying:
        probe.rewind()
        find_working(probe)
    for one in applying:
        yield from _of_one(probe, one)


def may_ask(run: Run) -> bool:
    """Properties try whatever a document forbids, so beyond reads they are for targets that can be taken back."""
    return run.operation.effect == "read" or run.target.controls is not None


def _of_one(probe: Probe, one: Property) -> Iterator[Event]:
    run, before = probe.run, probe.seen
    probe.vacuous.clear()
    for wrong in one.check(probe):
        yield from _told(probe)
        yield from _complaint(run, wrong)
    yield from _told(probe)
    reason = next((why for why, _ in probe.vacuous.most_common(1)), "")
    yield Checked(run.part, one.name, probe.seen - before, probe.vacuous.total(), reason)


def _told(probe: Probe) -> Iterator[Event]:
    """What was sent meanwhile, and what is wrong with it in general. Who may not call is refused before all else."""
    for told in probe.drain():
        yield told.sent
        if told.role in told.view.operation.callers:
            yield from probe.run.judge(told.sent)


def _complaint(run: Run, wrong: Wrong) -> Iterator[Event]:
    sent, shrunk = wrong.told.sent, wrong.shrunk.answer if wrong.shrunk else None
    if isinstance(sent, CaseWithheld):
        return
    assert isinstance(sent, ExchangeSent)
    yield from run.complain(sent, wrong.complaint, shrunk)
