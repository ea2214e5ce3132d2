"""The one place through which calls leave for a real service.

A call gets out if its effect is permitted, its destination is the service, its accounts are named where it writes, its
undoing is settled beforehand, the budget has one left, and the documented rate allows it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from requests import PreparedRequest, Response
from requests.auth import AuthBase

from contracts.compensations import Compensations
from contracts.pacing import Pace, pause
from contracts.requests_read import named_things
from contracts.targets.real import Real
from contracts.targets.signing import TOKENS
from contracts.targets.target import SIGNATURE, TOKEN
from contracts.undoing import NoWayBack, Step, can_undo, way_back
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
    """The run has no call or no time left; the text says which."""


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


@dataclass(frozen=True)
class Rate:
    """How a call counts: under which name, within which limit; whether against the budget; whether it may go twice."""

    name: str = ""
    limit: Mapping[str, int] = field(default_factory=lambda: DEFAULT_RATE)
    counted: bool = True
    repeatable: bool = True

    @classmethod
    def of(cls, operation: Operation, *, counted: bool = True) -> Rate:
        """A call that came too early was not carried out. What nothing takes back is not risked on that."""
        return cls(operation.id, operation.rate_limit, counted, operation.effect != "irreversible" or not counted)


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
        """Raises `JournalError` for compensations that another run makes, or that are to be made elsewhere."""
        self._target = target
        self._contract = contract
        self.permission = permission
        self.compensations = compensations
        self._clock = clock
        self._pace = Pace(clock, sleep)
        self.until: float | None = None
        """When the run ends, by the clock: nothing is waited for beyond that, but what takes calls back."""
        self.left = permission.budget
        self.name, self.site, self.removed = target.name, target.site, target.removed
        self.base_url, self.kinds, self.known = target.base_url, target.kinds, target.known
        self.controls = target.controls
        target.carry_with(self.send)
        if compensations is not None:
            compensations.hold(self.base_url, target.accounts)

    def sign(self, kind: str, by: str = SIGNATURE) -> AuthBase:
        return self._target.sign(kind, by)

    def send(self, request: PreparedRequest) -> Response:
        """Answer a request. Raises `Withheld` or `BudgetSpent` instead of sending it, `Unreachable`."""
        if self._is_sign_in(request):
            return self._released(request, Rate("sign-in"))
        meant = self._meant(request)
        self._check(request, meant)
        writing = next((one for one in meant if one.effect == "reversible"), None)
        if writing is not None:
            return self._journalled(request, writing)
        return self._released(request, Rate.of(meant[0]) if meant else Rate())

    def undo(self, step: Step) -> Response:
        """Send a compensation. It may always leave: permission was given with the call that it takes back."""
        request = step.request(self._contract, self.base_url, self.sign(step.caller))
        self._check_destination(request)
        return self._released(request, Rate.of(self._contract.operations[step.operation], counted=False))

    def state(self) -> Any:
        return self._target.state()

    def reset(self) -> None:
        """A real service has no beginning to go back to."""

    def close(self) -> None:
        """Undo what is left to undo, then let go."""
        try:
            if self.compensations is not None:
                self.compensations.undo_all(self.undo)
        finally:
            if self.compensations is not None:
                self.compensations.release()
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
        named, caller = named_things(self._contract, operation.on(self.site), request), self._target.caller_of(request)
        kinds = self._contract.things.accounts
        accounts = set().union(*(ids for thing, ids in named.items() if thing in kinds))
        if operation.callers == {"customer"} and caller is not None:
            accounts |= {caller["domain_id"]}
        if accounts - self.permission.customers:
            raise Withheld(f"{operation.id}: it names other accounts than the test accounts")
        if not accounts and operation.effect == "reversible":
            raise Withheld(f"{operation.id}: it names no account")
        if operation.effect == "irreversible" and operation.callers != {"customer"} and set(named) - set(kinds):
            raise Withheld(f"{operation.id}: it names things of which nobody knows whose they are")

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

    def _journalled(self, request: PreparedRequest, operation: Operation) -> Response:
        """Send a reversible call with its undoing settled: read what it changes, note it, send it, note the answer."""
        journal, caller = self.compensations, self._target.kind_of(request)
        if journal is None or not caller:
            raise Withheld(f"{operation.id}: there is {'no journal to note it in' if caller else 'no known caller'}")
        try:
            way = way_back(operation, caller, request, lambda step: self._look(step, request))
        except NoWayBack as reason:
            raise Withheld(f"{operation.id}: {reason}") from None
        rate = Rate.of(operation)
        request = self._admitted(request, rate)
        entry = journal.begin(operation, caller, way, self.base_url, self._target.accounts.get(caller, ""))
        response = self._answered(request, rate)
        journal.settle(entry, way, response)
        return response

    def _look(self, step: Step, beside: PreparedRequest) -> Response:
        """How things are before a call, asked as the call is."""
        by = TOKEN if "X-Auth-Token" in beside.headers else SIGNATURE
        return self.send(step.request(self._contract, self.base_url, self.sign(step.caller, by)))

    def _released(self, request: PreparedRequest, rate: Rate) -> Response:
        return self._answered(self._admitted(request, rate), rate)

    def _admitted(self, request: PreparedRequest, rate: Rate) -> PreparedRequest:
        """A call when it is its turn, signed for that time. Raises `BudgetSpent`."""
        if rate.counted:
            if self.left <= 0:
                raise BudgetSpent(f"the budget of {self.permission.budget} calls is spent")
            if not self._has_time(self._pace.room_in(rate.name, rate.limit)):
                raise BudgetSpent("the time is over")
            self.left -= 1
        return self._target.signed_anew(request) if self._pace.take(rate.name, rate.limit) else request

    def _answered(self, request: PreparedRequest, rate: Rate) -> Response:
        """The service's answer. A call that came too early leaves again, as often as it may."""
        response, repeats = self._target.send(request), 0
        while rate.repeatable and (self.left > 0 or not rate.counted):
            seconds = pause(response, rate.limit, repeats)
            if seconds is None or (
                rate.counted and not self._has_time(max(seconds, self._pace.room_in(rate.name, rate.limit)))
            ):
                break
            self._pace.rest(seconds)
            again = self._admitted(self._target.signed_anew(request), rate)
            response, repeats = self._target.send(again), repeats + 1
        return response

    def _has_time(self, seconds: float) -> bool:
        return not seconds or self.until is None or self._clock() + seconds < self.until


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _collapsed(path: str) -> str:
    while "//" in path:
        path = path.replace("//", "/")
    return path.rstrip("/") or "/"
