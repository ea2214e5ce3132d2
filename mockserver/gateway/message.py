"""Requests and responses without a web framework, and the exchange that a call becomes on its way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from mockserver.contract.operation import Operation, Reading, SiteView
from mockserver.contract.registry import Contract
from mockserver.contract.writing import json_bytes
from mockserver.domain.call import Answer, Call
from mockserver.domain.principal import Principal
from mockserver.domain.sandbox import Sandbox
from mockserver.domain.table import Log
from mockserver.domain.universe import Universe

JSON = "application/json"
SERVICE_JSON = "application/json;charset=UTF-8"
_decode = msgspec.json.Decoder(float_hook=Decimal).decode


def json_of(body: bytes) -> Any:
    """The JSON of a body, numbers with a fraction as Decimals. Raises `ValueError` for what cannot be read: no JSON,
    no UTF-8, nesting without end, a number beyond any range."""
    try:
        return _decode(body)
    except (msgspec.DecodeError, ValueError, ArithmeticError, RecursionError) as error:
        raise ValueError(str(error)) from None


@dataclass(frozen=True)
class Request:
    """A request as it arrived. `path` is percent-decoded, `query` is not; header names are lower case;
    `received_at` is the real time, told by the edge."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    received_at: datetime
    source: str = "127.0.0.1"

    def header(self, name: str) -> str:
        return self.headers.get(name, "")

    def query_pairs(self) -> list[tuple[str, str]]:
        return parse_qsl(self.query, keep_blank_values=True)


@dataclass(frozen=True)
class Response:
    """A response ready to be sent."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def json(cls, status: int, content: Any, kind: str = JSON, *more: tuple[str, str]) -> Response:
        return cls(status, json_bytes(content), (("Content-Type", kind), *more))


class GatewayRefusal(Exception):
    """An error answer in the gateway's own form, with its request id."""

    def __init__(self, status: int, code: str, message: str, reason: str = "") -> None:
        super().__init__(f"{code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.reason = reason


@dataclass(frozen=True)
class Options:
    """How a server behaves towards every sandbox."""

    removed: bool = False
    """Serve removed operations as well."""
    throttle: bool = False
    """Enforce the documented rate limits."""
    strict: bool = False
    """Check every answer against its schema (for tests: it costs time)."""


@dataclass
class Exchange:
    """One call on its way. Each step fills in what it finds out and notes what it decided."""

    request: Request
    contract: Contract
    universe: Universe
    options: Options
    id: str = ""
    sandbox: Sandbox | None = None
    operation: Operation | None = None
    variables: dict[str, str] = field(default_factory=dict)
    principal: Principal | None = None
    reading: Reading | None = None
    call: Call | None = None
    answer: Answer = None
    response: Response | None = None
    changes: Log = field(default_factory=list)
    decisions: list[tuple[str, str]] = field(default_factory=list)
    canonical_request: str | None = None
    milliseconds: float = 0.0

    def note(self, step: str, text: str) -> None:
        self.decisions.append((step, text))

    @property
    def language(self) -> str:
        """Language of error messages: the one asked for by X-Language where the operation knows that header. Without
        it English, which is what every message seen on the wire is in."""
        if self.operation is None or not self.view.knows_language:
            return "en"
        return "zh" if self.request.header("x-language").lower().startswith("zh") else "en"

    def message(self, code: str, **details: Any) -> str:
        """The text of an error code in the language of the call."""
        return self.contract.message(code, self.language, **details)

    # What earlier steps have settled: later steps ask for it here.

    @property
    def world(self) -> Sandbox:
        assert self.sandbox is not None, "locate comes first"
        return self.sandbox

    @property
    def view(self) -> SiteView:
        assert self.operation is not None, "route comes first"
        return self.operation.on(self.world.site)

    @property
    def caller(self) -> Principal:
        assert self.principal is not None, "authenticate comes first"
        return self.principal
