"""Strangers: whoever has nothing to do with what others have is told the same as if they had nothing.

New accounts, of each kind that may call, ask whatever the others can ask, once beside a populated world and once
without it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from contracts.properties.fields import Asked
from contracts.properties.probe import Probe, Told
from contracts.properties.registry import Wrong, holds
from contracts.properties.scenes import scenes, tried
from contracts.properties.selecting import parsed
from contracts.properties.world import populate
from contracts.requests_read import inside
from contracts.targets.target import Controls

PARTNER = "contract-stranger"
ASKED = 12
"""Calls that each stranger makes."""


@holds("strangers")
def strangers(probe: Probe) -> Iterator[Wrong]:
    """Every call at hand, by a stranger of every kind."""
    controls = probe.run.target.controls
    if controls is None:
        probe.nothing("no strangers can be placed")
        return
    yield from _compared(probe, controls, list(islice(_calls(probe), ASKED)))
    probe.rewind()


def _compared(probe: Probe, controls: Controls, calls: list[Asked]) -> Iterator[Wrong]:
    """What strangers are told in both worlds."""
    now = _begin(probe, controls)
    populate(probe.run)
    passed = parsed(controls.now) - now
    beside = _answers(probe, calls)
    yield from _of_manager(probe, controls, calls)
    _begin(probe, controls)
    _wait(controls, passed)
    for told, alone in zip(beside, _answers(probe, calls), strict=True):
        probe.saw()
        if told.said != alone.said:
            yield Wrong("a stranger is told of what others have", told)
            return


def _of_manager(probe: Probe, controls: Controls, calls: list[Asked]) -> Iterator[Wrong]:
    """An account manager who is in charge of nobody is told of no customer, though he may call."""
    tells = [place for thing, place in probe.run.contract.things.told(probe.view) if thing == "customer"]
    kinds = [kind for kind in probe.kinds if kind not in ("customer", "reseller")]
    customers = {one["id"] for one in controls.look("customers")}
    for kind in kinds if tells and probe.operation.effect == "read" else ():
        manager, owner = f"{PARTNER}-{kind}-manager", controls.credentials[kind]["domain_name"]
        role = {"role": "account_manager", "items": sorted(probe.operation.permission_items)}
        controls.place("users", account=owner, name=manager, credential=manager, **role)
        for told in [probe.ask_and_look(replace(one, kind=manager))[0] for one in calls]:
            probe.saw()
            if told.ok and any(str(one) in customers for place in tells for one in inside(told.body, place.names)):
                yield Wrong("an account manager is told of customers that are not his", told)
                return


def _calls(probe: Probe) -> Iterator[Asked]:
    """What others are answered, and what they can ask with their ids."""
    reads = probe.operation.effect == "read"
    known = [told.asked for told in scenes(probe)] if reads else []
    known += [probe.working] if probe.working is not None else []
    found = (*known, *islice(tried(probe), ASKED))
    yield from {(repr(one.body), repr(one.parameters)): one for one in found}.values()


def _begin(probe: Probe, controls: Controls) -> datetime:
    """A world in which there are strangers; when it begins."""
    probe.empty()
    controls.place("partners", name=PARTNER, kind="solution_provider", credential=_name("solution_provider"))
    controls.place("partners", name=f"{PARTNER}-2", kind="distributor", credential=_name("distributor"))
    controls.place("customers", name=f"{PARTNER}-3", partner=PARTNER, credential=_name("customer"))
    return parsed(controls.now)


def _name(kind: str) -> str:
    return f"{PARTNER}-{kind}"


def _wait(controls: Controls, passed: timedelta) -> None:
    days, seconds = passed.days, passed.seconds
    controls.advance(f"P{days}DT{seconds}S")


def _answers(probe: Probe, calls: list[Asked]) -> list[Told]:
    """What the strangers are answered, one call after the other."""
    kinds = [kind for kind in probe.kinds if kind != "reseller"]
    return [probe.ask_and_look(replace(one, kind=_name(kind)))[0] for kind in kinds for one in calls]
