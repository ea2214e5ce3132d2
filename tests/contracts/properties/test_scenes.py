"""Calls to begin with."""

from __future__ import annotations

import time

import pytest

from contracts.events import Part
from contracts.options import Options
from contracts.phases.running import Run
from contracts.properties.probe import Probe
from contracts.properties.scenes import find_working, spread
from contracts.targets.emulator import Emulator
from contracts.targets.target import KINDS
from mockserver.app import Server

WRITES = sorted(
    (one.id, site)
    for one in Server().contract
    for site in one.sites
    if one.effect != "read" and one.status == "current"
)


@pytest.mark.parametrize(("operation", "site"), WRITES)
def test_a_call_that_is_accepted_is_found_of_everything_that_writes(server: Server, operation: str, site: str) -> None:
    one = server.contract.operations[operation]
    caller = next(kind for kind in KINDS if kind in one.callers)
    part = Part(operation, one.area, "properties", caller)
    probe = Probe(Run(Emulator(server, site), server.contract, Options(), part, {}, time.monotonic))
    probe.rewind()
    find_working(probe)
    assert probe.working is not None and probe.ask(probe.working).ok


def test_some_of_many_are_taken_from_the_first_to_the_last() -> None:
    assert spread(list(range(10)), 4) == [0, 3, 6, 9]
    assert spread([1, 2], 4) == [1, 2]
