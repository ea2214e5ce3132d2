"""The emulator keeps to every property, and a run of them is what it says."""

from __future__ import annotations

import time

import pytest

import contracts.properties  # noqa: F401  (registration)
from contracts.events import Part
from contracts.options import Options
from contracts.phases.running import Run
from contracts.properties.world import populate
from contracts.targets.emulator import Emulator
from mockserver.app import Server
from mockserver.contract.registry import Contract
from tests.contracts.properties.planted import Planted, look

PARTS = sorted({(one.area, site) for one in Contract() for site in one.sites if one.status != "removed"})


@pytest.fixture(scope="module")
def emulators() -> dict[str, Emulator]:
    server = Server()
    return {site: Emulator(server, site) for site in ("cn", "intl")}


@pytest.mark.parametrize(("area", "site"), PARTS)
def test_the_emulator_keeps_to_every_property(emulators: dict[str, Emulator], area: str, site: str) -> None:
    target, contract = emulators[site], Contract()
    served = [one for one in contract if one.area == area and site in one.sites and one.status != "removed"]
    found = [str(event.finding) for one in served for event in look(target, contract, one.id, quick=True)[0]]
    assert not found, "\n\n".join(found[:5])


@pytest.mark.parametrize("site", ["cn", "intl"])
def test_the_world_is_populated_as_far_as_it_says(emulators: dict[str, Emulator], site: str) -> None:
    target, contract = emulators[site], Contract()
    part = Part("ListSubCustomers", "customers", "properties", "solution_provider")
    world = populate(Run(target, contract, Options(), part, {}, time.monotonic))
    assert world is not None and world.refused == []


def test_two_looks_send_the_same_calls(server: Server) -> None:
    calls: list[list[str]] = []
    for _ in range(2):
        sent: list[str] = []
        planted = Planted(server, "ListSubCustomers", asked=lambda fields, sent=sent: sent.append(str(fields)))  # type: ignore[misc]
        look(planted, server.contract, "ListSubCustomers", "filters", "paging")
        calls.append(sent)
    assert calls[0] == calls[1]


def test_without_controls_only_reads_are_looked_at(server: Server) -> None:
    target = Emulator(server, "cn")
    target.controls = None  # type: ignore[assignment]
    assert look(target, server.contract, "CreateSubCustomer") == ([], [], 0)


def test_without_controls_reads_use_what_is_there(server: Server) -> None:
    target = Emulator(server, "cn")
    target.controls = None  # type: ignore[assignment]
    found, counts, calls = look(target, server.contract, "ListSubCustomers", quick=True)
    assert found == [] and calls and any(one.seen for one in counts)
