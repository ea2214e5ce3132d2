"""The control API: which call goes to which function, and who may use it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any

import msgspec

from mockserver.contract.documents import ContractError
from mockserver.domain.clock import ClockError
from mockserver.domain.forms import FormError
from mockserver.domain.sandbox import Sandbox
from mockserver.gateway.message import Request, Response
from mockserver.gateway.pipeline import Gateway
from mockserver.gateway.signature import matches

_log = logging.getLogger(__name__)

PREFIX = "/_mock/"
_DIGITS = re.compile("[0-9]{1,12}")


def is_own_name(host: str) -> bool:
    """Whether a Host header names this machine so that no name server can have a hand in it."""
    name = re.sub(r":\d+\Z", "", host).strip("[]").lower()
    if name in ("", "localhost") or name.endswith(".localhost"):
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether a name or an address means this machine only."""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost"
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def is_reference(path: str) -> bool:
    """Whether a path is the contract or its reference page. They hold no state, so whoever reaches the server may read
    them: a browser cannot show a control token when it opens a page."""
    return path in ("/docs", "/openapi.json") or path.startswith("/docs/")


class ControlError(Exception):
    """A wish that cannot be met: status and one clear sentence."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class ControlCall:
    """One control call: the server's parts, the path's variables, the query and the JSON body."""

    gateway: Gateway
    started: datetime
    request: Request
    path: dict[str, str]
    query: dict[str, str]
    body: Any

    @property
    def sandbox(self) -> Sandbox:
        """The sandbox that the path names."""
        found = self.gateway.universe.get(self.path["sandbox"])
        if found is None:
            raise ControlError(404, f"no sandbox {self.path['sandbox']!r}")
        return found

    def object(self, *accepted: str) -> dict[str, Any]:
        """The body as an object that has no other names than `accepted` (any, if none are given)."""
        if not isinstance(self.body, dict):
            raise ControlError(400, "the body must be a JSON object")
        unknown = [name for name in self.body if accepted and name not in accepted]
        if unknown:
            raise ControlError(400, f"unknown field {unknown[0]!r}; accepted: {', '.join(accepted)}")
        return self.body

    def filters(self, *accepted: str) -> dict[str, str]:
        """The query, if it has no other names than `accepted`."""
        unknown = [name for name in self.query if name not in accepted]
        if unknown:
            raise ControlError(400, f"unknown filter {unknown[0]!r}; accepted: {', '.join(accepted)}")
        return self.query

    def number(self, name: str, default: int, largest: int) -> int:
        """A whole number of the query."""
        text = self.query.get(name, str(default))
        if not _DIGITS.fullmatch(text) or int(text) > largest:
            raise ControlError(400, f"{name}={text!r} is not a whole number from 0 to {largest}")
        return int(text)


Handler = Callable[[ControlCall], Any]
_ROUTES: list[tuple[str, re.Pattern[str], Handler]] = []


def control(method: str, path: str) -> Callable[[Handler], Handler]:
    """Register a handler; `<name>` in the path is a variable of one segment. It answers JSON data, a `Response`, or
    None for 204. Raises `ControlError` or `FormError` for bad input."""
    pattern = re.compile(re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", path) + r"\Z")

    def register(handler: Handler) -> Handler:
        _ROUTES.append((method, pattern, handler))
        return handler

    return register


class Control:
    """Answers what lies under the reserved prefix, `/openapi.json`, and the reference page under `/docs`."""

    def __init__(self, gateway: Gateway, *, started: datetime, token: str | None = None) -> None:
        self._gateway = gateway
        self._started = started
        self._token = token or None

    def serves(self, path: str) -> bool:
        return path.startswith(PREFIX) or path == "/_mock" or is_reference(path)

    def handle(self, request: Request) -> Response:
        """Answer one control call; bad input is a 4xx with one sentence under `error`."""
        try:
            if not is_reference(request.path):
                self._admit(request)
            return self._dispatch(request)
        except ControlError as error:
            return Response.json(error.status, {"error": str(error)})
        except (FormError, ClockError, ContractError) as error:
            return Response.json(400, {"error": str(error)})
        except Exception as error:
            _log.error("%s %s failed inside the emulator", request.method, request.path, exc_info=error)
            told = f"{type(error).__name__} inside the emulator, a mistake of its own; its log has the details"
            return Response.json(500, {"error": told})

    def _admit(self, request: Request) -> None:
        """Loopback only, or with the server's control token; never for a page of another site."""
        origin = request.header("origin")
        if origin and origin.split("//")[-1] != request.header("host"):
            raise ControlError(403, f"origin {origin} may not use the control API")
        if self._token is not None:
            if not matches(request.header("authorization").removeprefix("Bearer "), self._token):
                raise ControlError(401, "the control API needs Authorization: Bearer <control token>")
        elif not is_loopback(request.source):
            raise ControlError(403, "the control API is for loopback only; start the server with a control token")
        elif not is_own_name(request.header("host")):
            # A page elsewhere can make its own name point here, but not change the name that the browser sends.
            raise ControlError(403, "the control API answers to localhost and to addresses, not to other names")

    def _dispatch(self, request: Request) -> Response:
        known = [
            (method, match, handler) for method, pattern, handler in _ROUTES if (match := pattern.match(request.path))
        ]
        if not known:
            raise ControlError(404, f"no control call {request.path}")
        for method, match, handler in known:
            if method == request.method:
                call = ControlCall(
                    self._gateway,
                    self._started,
                    request,
                    match.groupdict(),
                    dict(request.query_pairs()),
                    _body(request),
                )
                return _response(handler(call))
        raise ControlError(
            405, f"{request.path} takes {', '.join(method for method, _, _ in known)}, not {request.method}"
        )


def _body(request: Request) -> Any:
    if not request.body.strip():
        return {}
    try:
        return msgspec.json.decode(request.body)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise ControlError(400, f"the body is not JSON: {error}") from None


def _response(answer: Any) -> Response:
    if isinstance(answer, Response):
        return answer
    return Response(204) if answer is None else Response.json(200, answer)
