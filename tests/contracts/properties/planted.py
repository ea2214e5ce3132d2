"""An emulator with a mistake in it, and what properties say of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from requests import PreparedRequest, Request, Response

import contracts.properties  # noqa: F401  (registration)
from contracts.events import Checked, ExchangeSent, FindingFound, Part
from contracts.options import Options
from contracts.phases.running import Run
from contracts.properties.checking import checked
from contracts.targets.emulator import Emulator
from contracts.targets.target import KINDS, Target, body_of
from mockserver.app import Server
from mockserver.contract.registry import Contract

Fields = dict[str, Any]


class Planted(Emulator):
    """An emulator whose requests to one operation, and answers, pass through somebody else's hands.

    `asked` changes the fields of a request, whichever place they have; `told` the fields of a success; `answered` the
    answer itself.
    """

    def __init__(
        self,
        server: Server,
        operation: str,
        *,
        asked: Callable[[Fields], object] | None = None,
        told: Callable[[Fields, Fields], object] | None = None,
        answered: Callable[[Response], object] | None = None,
        site: str = "cn",
    ) -> None:
        super().__init__(server, site)
        self._operation = server.contract.operations[operation]
        self._asked, self._told, self._answered = asked, told, answered

    def send(self, request: PreparedRequest) -> Response:
        if urlsplit(str(request.url)).path != self._operation.path or request.method != self._operation.method:
            return super().send(request)
        fields = fields_of(request)
        response = super().send(self._changed(request))
        if self._told and response.ok:
            body = response.json()
            self._told(fields, body)
            response._content = json.dumps(body).encode()
        if self._answered:
            self._answered(response)
        return response

    def _changed(self, request: PreparedRequest) -> PreparedRequest:
        if self._asked is None:
            return request
        fields = fields_of(request)
        self._asked(fields)
        language = fields.pop("X-Language", None)
        url, is_body = str(request.url).partition("?")[0], bool(body_of(request))
        url += "" if is_body or not fields else f"?{urlencode(fields, doseq=True)}"
        headers = {"X-Language": language} if language else {}
        made = Request(request.method, url, headers=headers, json=fields if is_body else None)
        made.auth = self.sign(self.kind_of(request))
        return made.prepare()


def fields_of(request: PreparedRequest) -> Fields:
    """What a request says, whichever place it says it in."""
    query = dict(parse_qsl(urlsplit(str(request.url)).query, keep_blank_values=True))
    language = {"X-Language": request.headers["X-Language"]} if "X-Language" in request.headers else {}
    return {**query, **json.loads(body_of(request) or b"{}"), **language}


def look(
    target: Target, contract: Contract, operation: str, *names: str, quick: bool = False, seed: int = 0
) -> tuple[list[FindingFound], list[Checked], int]:
    """What properties find in an operation, how much they saw, and how many calls that took."""
    one = contract.operations[operation]
    caller = next(kind for kind in KINDS if kind in one.callers)
    part = Part(operation, one.area, "properties", caller)
    run = Run(target, contract, Options(quick=quick, seed=seed), part, {}, time.monotonic)
    events = list(checked(run, names))
    found = [event for event in events if isinstance(event, FindingFound)]
    counts = [event for event in events if isinstance(event, Checked)]
    return found, counts, sum(isinstance(event, ExchangeSent) for event in events)


def kinds_found(target: Target, contract: Contract, operation: str, *names: str) -> set[str]:
    """The kinds of mistakes that properties find."""
    return {event.finding.kind for event in look(target, contract, operation, *names)[0]}
