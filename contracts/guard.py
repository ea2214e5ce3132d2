"""The one place through which calls leave for a real service.

A call gets out if its effect is permitted, its destination is the service, its accounts are named where it writes, its
undoing is settled beforehand, the budget has one left, and the documented rate allows it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from requests import PreparedRequest, Response
from requests.auth import AuthBase

from contracts.compensations import Compensations, Undo, can_undo
from contracts.requests_read import named_accounts
from contracts.targets.real import Real
from contracts.targets.signing import TOKENS
from contracts.targets.target import SIGNATURE
from mockserver.contract.operation import DEFAULT_RATE, Operation
from mockserver.contract.registry import Contract

EFFECTS = ("read", "reversible", "irreversible")
READS = frozenset({"read"})
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
BUDGET = 2000
"""Calls of one run, where nothing else is said."""


class Withheld(Exception):
    """A call that may not leave; the text is the reason."""


class BudgetSpent(Exception):
    """The run has sent as many calls as it may."""


@dataclass(frozen=True)
class Permission:
    """What a run may do to a real service: which effects, to which accounts, in how many calls."""

    effects: frozenset[str] = READS
    customers: frozenset[str] = frozenset()
    budget: int = BUDGET

    def refusal(self, operation: Operation) -> str:
        """Why no call of an operation may leave; empty if it may."""
        if operation.effect not in self.effects:
            return f"it is {operation.effect}"
        if operation.effect == "reversible" and not can_undo(operation):
            return "its document does not say what undoes it"
        return ""


class Guarded:
    """A real service behind the guard: a target like any other. `clock` is in seconds, `sleep` waits for seconds."""

    def __init__(
        self,
        target: Real,
        contract: Contract,
        permission: Permission,
        compensations: Compensations | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._target = target
        self._contract = contract
        self.permission = permission
        self._compensations = compensations
        self._clock = clock
        self._sleep = sleep
        self._sent: dict[str, deque[float]] = {}
        self.left = permission.budget
        self.name, self.site, self.removed = target.name, target.site, target.removed
        self.base_url, self.kinds, self.known = target.base_url, target.kinds, target.known
        self.controls = target.controls
        target.carry_with(self.send)

    def sign(self, kind: str, by: str = SIGNATURE) -> AuthBase:
        return self._target.sign(kind, by)

    def send(self, request: PreparedRequest) -> Response:
        """Answer a request. Raises `Withheld` or `BudgetSpent` instead of sending it, `Unreachable`."""
        if self._is_sign_in(request):
            return self._released(request, "sign-in", DEFAULT_RATE)
        meant = self._meant(request)
        self._check(request, meant)
        writing = next((one for one in meant if one.effect == "reversible"), None)
        rate = meant[0] if meant else None
        key, limit = (rate.id, rate.rate_limit) if rate else ("", DEFAULT_RATE)
        if writing is None or self._compensations is None:
            return self._released(request, key, limit)
        return self._journalled(request, writing, self._compensations)

    def undo(self, undo: Undo) -> Response:
        """Send a compensation. It may always leave: permission was given with the call that it takes back."""
        operation = self._contract.operations[undo.operation]
        request = undo.request(self._contract, self.base_url, self.sign(undo.caller))
        self._check_destination(request)
        return self._released(request, operation.id, operation.rate_limit, counted=False)

    def state(self) -> Any:
        return self._target.state()

    def reset(self) -> None:
        """A real service has no beginning to go back to."""

    def close(self) -> None:
        """Undo what is left to undo, then let go."""
        try:
            if self._compensations is not None:
                self._compensations.undo_all(self.undo)
        finally:
            self._target.close()

    def _check(self, request: PreparedRequest, meant: list[Operation]) -> None:
        self._check_destination(request)
        if not meant and request.method not in SAFE_METHODS:
            raise Withheld(f"{request.method} {request.path_url} means no operation, so its effect is not known")
        for operation in meant:
            if reason := self.permission.refusal(operation):
                raise Withheld(f"{operation.id}: {reason}")
            if operation.effect != "read":
                self._check_accounts(request, operation)

    def _check_destination(self, request: PreparedRequest) -> None:
        if _origin(str(request.url)) != _origin(self.base_url):
            raise Withheld(f"{_origin(str(request.url))} is not the service")

    def _check_accounts(self, request: PreparedRequest, operation: Operation) -> None:
        caller = self._target.caller_of(request)
        accounts = named_accounts(self._contract, operation.on(self.site), request)
        if operation.callers == {"customer"} and caller is not None:
            accounts |= {caller["domain_id"]}
        if accounts - self.permission.customers:
            raise Withheld(f"{operation.id}: it names other accounts than the test accounts")
        if not accounts and operation.effect == "reversible":
            raise Withheld(f"{operation.id}: it names no account")

    def _meant(self, request: PreparedRequest) -> list[Operation]:
        """Every operation that the request may mean, however the service reads its path: the worst comes first."""
        path = urlsplit(str(request.url)).path
        readings = {path, unquote(path), _collapsed(path), _collapsed(unquote(path)), path.rstrip("/")}
        found = {
            match.operation.id: match.operation
            for reading in readings
            for removed in (False, True)
            if (match := self._contract.match(str(request.method), reading, self.site, removed))
        }
        return sorted(found.values(), key=lambda one: (-EFFECTS.index(one.effect), one.id))

    def _is_sign_in(self, request: PreparedRequest) -> bool:
        return request.method == "POST" and request.url == self._target.iam_url + TOKENS

    def _journalled(self, request: PreparedRequest, operation: Operation, journal: Compensations) -> Response:
        caller = self._target.kind_of(request)
        entry = journal.begin(operation, caller)
        response = self._released(request, operation.id, operation.rate_limit)
        journal.settle(entry, operation, request, response)
        return response

    def _released(
        self, request: PreparedRequest, key: str, limit: Mapping[str, int], *, counted: bool = True
    ) -> Response:
        if counted:
            if self.left <= 0:
                raise BudgetSpent(f"the budget of {self.permission.budget} calls is spent")
            self.left -= 1
        self._wait(self._sent.setdefault(key, deque()), limit)
        return self._target.send(request)

    def _wait(self, calls: deque[float], limit: Mapping[str, int]) -> None:
        """Wait until the window has room; then count one."""
        while calls and self._clock() - calls[0] >= limit["seconds"]:
            calls.popleft()
        if len(calls) >= limit["calls"]:
            self._sleep(max(0.0, calls.popleft() + limit["seconds"] - self._clock()))
        calls.append(self._clock())


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _collapsed(path: str) -> str:
    while "//" in path:
        path = path.replace("//", "/")
    return path.rstrip("/") or "/"
