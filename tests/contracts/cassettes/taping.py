"""Recordings of the emulator for the tests."""

from __future__ import annotations

from datetime import UTC, datetime

from contracts.cassettes.cassette import Cassette
from contracts.cassettes.examples import play, selected
from contracts.cassettes.recording import Recorder, Recording
from contracts.targets.emulator import Emulator
from contracts.targets.target import Target
from mockserver.app import Server
from mockserver.contract.registry import Contract

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


def recorder(target: Target, contract: Contract) -> Recorder:
    return Recorder(contract, target.site, "mock", 1, target.known, lambda: NOW)


def taped(target: Target, contract: Contract, *names: str) -> Cassette:
    """The examples of these operations, or of all, as a target answers them."""
    tape = recorder(target, contract)
    for _ in play(Recording(target, tape), selected(contract, target, [], names), NOW):
        pass
    return tape.cassette()


def another_world(site: str) -> Emulator:
    """An emulator in which every id is another one."""
    return Emulator(Server(), site, seed=99)
