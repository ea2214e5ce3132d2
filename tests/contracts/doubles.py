"""Targets for tests of the harness: an emulator in other hands, and one in the place of the real service."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from requests import PreparedRequest, Response

from contracts.compensations import Compensations
from contracts.guard import Guarded, Permission
from contracts.options import Options
from contracts.plan import make_plan
from contracts.run import Outcome, gathered, run
from contracts.targets.emulator import Emulator
from contracts.targets.profiles import Profile
from contracts.targets.real import Real
from contracts.targets.target import Target, body_of
from mockserver.app import Server
from mockserver.contract.registry import Contract


class Altered(Emulator):
    """An emulator whose answers pass through somebody else's hands."""

    def __init__(self, server: Server, alter: Callable[[Response], object] = id, site: str = "cn") -> None:
        super().__init__(server, site)
        self.alter = alter
        self.calls: list[tuple[str | None, str | None, bytes]] = []

    def send(self, request: PreparedRequest) -> Response:
        self.calls.append((request.method, request.url, body_of(request)))
        response = super().send(request)
        self.alter(response)
        return response


class Recording(Real):
    """The real service as an emulator plays it; notes every call that leaves."""

    def __init__(self, server: Server, customers: Sequence[str] = ()) -> None:
        self.emulator = Emulator(server, "cn")
        url = self.emulator.base_url
        super().__init__(Profile("cn", url, url, self.emulator.controls.credentials), customers)
        self.left: list[PreparedRequest] = []

    def send(self, request: PreparedRequest) -> Response:
        self.left.append(request)
        return self.emulator.send(request)


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def guarded(real: Real, contract: Contract, journal: Compensations | None = None, **permitted: Any) -> Guarded:
    """A guarded target in a time of its own."""
    time = Time()
    return Guarded(real, contract, Permission(**permitted), journal, clock=time, sleep=time.sleep)


def outcome(target: Target, contract: Contract, **wishes: Any) -> Outcome:
    """A run with these options, as against an emulator: nothing is left out."""
    options = Options(**wishes)
    return gathered(run(target, contract, options, make_plan(contract, options, target, controlled=True)))


def rewritten(response: Response, status: int = 0, **fields: Any) -> None:
    """Another status, other fields of the body."""
    response.status_code = status or response.status_code
    response._content = json.dumps({**response.json(), **fields}).encode()


def always_changing(target: Emulator) -> None:
    """Let the state look changed after every call."""
    changes = count()
    target.state = lambda: next(changes)  # type: ignore[method-assign]
