"""Servers of a test's own, which also serve an operation made up for tests, with one code for each cause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from mockserver.app import Server
from mockserver.domain.call import Answer, Call
from mockserver.domain.sandbox import Sandbox
from mockserver.gateway.message import Options
from mockserver.services import SERVICES
from tests.conftest import START
from tests.driver import World, in_process

OVERLAY = Path(__file__).parent / "overlay"


@dataclass
class Own:
    """A server of a test's own, and a world on it."""

    server: Server
    world: World

    @property
    def sandbox(self) -> Sandbox:
        found = self.server.universe.get(self.world.id)
        assert found is not None
        return found


def probe(call: Call) -> Answer:
    """Keeps a name. `unknown` is refused after it was kept, `crash` is a mistake of ours."""
    name = call.body["name"]
    call.sandbox.state.table("probes").put(name, {"name": name, "size": call.body.get("size", 0)})
    if name == "unknown":
        raise call.refused("CBC.99000035", "nobody is called so")
    if name == "crash":
        raise RuntimeError("this is a test")
    return {"id": call.sandbox.ids.hex32("probe")}


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Own]:
    """Makes servers with given options; their worlds are called in process."""
    monkeypatch.setitem(SERVICES, "Probe", probe)

    def make(**options: bool) -> Own:
        server = Server(options=Options(strict=True, **options), overlays=[OVERLAY])
        world = World(in_process(server), server.contract, clock=START, seed=1)
        mine = Own(server, world)
        mine.sandbox.state.table("probes")
        return mine

    return make
