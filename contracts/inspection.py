"""What a passing call breaks of the contract: the client in its request, the service in its answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from requests import PreparedRequest, Response

from contracts.cassettes.recording import credential_of, operation_of
from contracts.checks import Answer, complaints
from contracts.targets.signing import TOKENS
from contracts.targets.target import KINDS, body_of
from mockserver.contract.operation import Operation, Reading, SiteView
from mockserver.contract.registry import Contract, Match
from mockserver.gateway.message import json_of
from mockserver.gateway.signature import claimed_access_key, parse_authorization

ELSEWHERE = re.compile(r"/(v3(\.0)?|_mock|docs|openapi\.json)(/|\Z)")
"""Paths that are not the partner APIs': identity, and the emulator's own."""


@dataclass(frozen=True)
class Violation:
    """A broken rule. `direction` is `request`, where the client broke it, or `answer`, where the service did."""

    direction: str
    operation: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.direction:7}  {self.operation}: {self.sentence}"


class Inspector:
    """Holds passing calls against the contract, and counts."""

    def __init__(self, contract: Contract, site: str, signed_for: str = "") -> None:
        """`signed_for` is the host that signatures must be for; empty where any will do."""
        self._contract = contract
        self._site = site
        self._signed_for = signed_for
        self.calls: Counter[str] = Counter()
        self.violations: Counter[Violation] = Counter()

    def look(self, request: PreparedRequest, response: Response) -> list[Violation]:
        """What one exchange breaks."""
        if is_elsewhere(request):
            return []
        match = self.operation(request)
        found = list(self._of_call(match, request, response))
        self.calls[match.operation.id if match else "unknown"] += 1
        self.violations.update(found)
        return found

    def operation(self, request: PreparedRequest) -> Match | None:
        """The operation that a request means."""
        return operation_of(self._contract, self._site, request)

    def _of_call(self, match: Match | None, request: PreparedRequest, response: Response) -> Iterator[Violation]:
        if match is None:
            name = f"{request.method} {urlsplit(str(request.url)).path}"
            yield Violation("request", name, "no operation of the contract")
            return
        name, view = match.operation.id, match.operation.on(self._site)
        yield from (Violation("request", name, one) for one in self._of_request(match, view, request))
        yield from (Violation("answer", name, one) for one in complaints(view, Answer(request, response)))

    def _of_request(self, match: Match, view: SiteView, request: PreparedRequest) -> Iterator[str]:
        if match.operation.status == "removed":
            yield _removed(match.operation)
        host = str(request.headers.get("Host", ""))
        if self._signed_for and _signs_host(request) and host != self._signed_for:
            yield f"signed for the host {host}, not for {self._signed_for}: the service will refuse the signature"
        try:
            reading = _reading(view, match, request)
        except ValueError as error:
            yield f"the body {error}"
            return
        yield from map(str, reading.violations)
        yield from (f"{name}: unknown to the contract" for name in reading.unknown)


class Callers:
    """Who calls: kinds of principals, concluded from the operations that a credential was let into."""

    def __init__(self) -> None:
        self._numbers: dict[str, str] = {}
        self._possible: dict[str, set[str]] = {}

    def name(self, request: PreparedRequest, operation: Operation, answered: bool) -> str:
        """A name for the caller of a request, the same for the same credential."""
        credential = _key_of(request)
        name = self._numbers.setdefault(credential, f"caller#{len(self._numbers) + 1}")
        possible = self._possible.setdefault(name, set(KINDS))
        if answered and possible & operation.callers:
            possible &= operation.callers
        return name

    def kinds(self) -> Mapping[str, str]:
        """The kind behind each name: the first that may call all that was answered."""
        return {name: next(kind for kind in KINDS if kind in kinds) for name, kinds in self._possible.items()}


def is_elsewhere(request: PreparedRequest) -> bool:
    """Whether a request is none of the partner APIs."""
    return ELSEWHERE.match(urlsplit(str(request.url)).path) is not None


def is_sign_in(request: PreparedRequest) -> bool:
    """Whether a request asks for a token, which changes nothing."""
    return request.method == "POST" and urlsplit(str(request.url)).path == TOKENS


def _key_of(request: PreparedRequest) -> str:
    text = credential_of(request)
    return claimed_access_key(text) or text


def _removed(operation: Operation) -> str:
    successors = operation.document.get("x-successor", ())
    return "the operation was removed" + (f"; use {' or '.join(successors)}" if successors else "")


def _signs_host(request: PreparedRequest) -> bool:
    given = parse_authorization(str(request.headers.get("Authorization", "")))
    return given is not None and "host" in given.signed_headers and "X-Auth-Token" not in request.headers


def _reading(view: SiteView, match: Match, request: PreparedRequest) -> Reading:
    """What a request says. Raises `ValueError` for a body that says nothing."""
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(urlsplit(str(request.url)).query, keep_blank_values=True):
        query.setdefault(name, []).append(value)
    sent = {
        "path": {name: [value] for name, value in match.variables.items()},
        "query": query,
        "header": {name.lower(): [str(value)] for name, value in request.headers.items()},
    }
    return view.read(sent, _body(view, request))


def _body(view: SiteView, request: PreparedRequest) -> Any:
    schema, content = view.body_schema, body_of(request)
    if schema is None:
        return None
    if not content and "default" in schema:
        return schema["default"]
    kind = str(request.headers.get("Content-Type", "")).partition(";")[0].strip().lower()
    if kind != "application/json":
        raise ValueError(f"has the type {kind or 'of nothing'}, not application/json")
    if not content:
        raise ValueError("is missing")
    try:
        return json_of(content)
    except ValueError:
        raise ValueError("is no JSON") from None
