"""Targets for tests of the harness: an emulator in other hands, and one in the place of the real service."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
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

    def __init__(self, server: Server, customers: Sequence[str] = (), site: str = "cn") -> None:
        self.emulator = Emulator(server, site)
        url = self.emulator.base_url
        super().__init__(Profile(site, url, url, self.emulator.controls.credentials), customers)
        self.left: list[PreparedRequest] = []

    def send(self, request: PreparedRequest) -> Response:
        self.left.append(request)
        return self.emulator.send(request)

    def account(self, kind: str = "customer") -> str:
        """The id of the account of a kind."""
        return self.accounts[kind]


class Throttled(Recording):
    """A service that lets the first calls wait: it answers them 429, with these headers."""

    def __init__(self, server: Server, refusals: int, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(server)
        self.refusals = refusals
        self.headers = headers or {}

    def send(self, request: PreparedRequest) -> Response:
        if self.refusals <= 0:
            return super().send(request)
        self.left.append(request)
        self.refusals -= 1
        response = Response()
        response.status_code = 429
        response.headers.update(self.headers)
        response._content = b'{"error_code": "APIGW.0308", "error_msg": "The throttling threshold has been reached"}'
        return response


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


def guarded(
    real: Real, contract: Contract, journal: Compensations | None = None, time: Time | None = None, **permitted: Any
) -> Guarded:
    """A guarded target, in a time of its own if in no other."""
    time = time or Time()
    return Guarded(real, contract, Permission(**permitted), journal, clock=time, sleep=time.sleep)


def die(target: Guarded) -> None:
    """End as a process does that is killed: nothing is taken back, and only its locks are gone."""
    assert target.compensations is not None
    target.compensations.release()


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
