"""The edge to HTTP: one Flask application around the gateway, the identity endpoints and the control API."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, request
from flask import Response as FlaskResponse

from mockserver.contract.registry import Contract
from mockserver.control.api import Control
from mockserver.domain.universe import Universe
from mockserver.gateway.message import Options, Request, Response
from mockserver.gateway.pipeline import Gateway
from mockserver.identity.iam import Identity


def now() -> datetime:
    """The real time. Only the edge reads it."""
    return datetime.now(UTC)


class Server:
    """One emulator: a contract, a universe of sandboxes, and the doors to them. Needs no socket."""

    def __init__(
        self,
        *,
        fixture: str = "demo",
        seed: int = 0,
        site: str = "cn",
        clock: str = "real",
        options: Options | None = None,
        overlays: list[Path] | None = None,
        control_token: str | None = None,
    ) -> None:
        """Raises `ContractError` or `FormError` where a name or a file cannot be used."""
        self.contract = Contract(overlays)
        self.universe = Universe()
        self.universe.create(wall=now(), fixture=fixture, seed=seed, site=site, clock=clock)
        self.gateway = Gateway(self.contract, self.universe, options)
        self.identity = Identity(self.contract, self.universe)
        self.control = Control(self.gateway, started=now(), token=control_token)

    def handle(self, message: Request) -> Response:
        """Answer one request, whichever door it is for."""
        if self.control.serves(message.path):
            return self.control.handle(message)
        if self.identity.serves(message.method, message.path):
            return self.identity.handle(message)
        return self.gateway.handle(message)


def create_app(server: Server) -> Flask:
    """The WSGI application of a server.

    Flask's own routing is left out of it: whatever the method and the path, the answer has the vendor's form.
    """
    app = Flask("mockserver", static_folder=None)

    @app.before_request
    def everything() -> FlaskResponse:
        answer = server.handle(_message())
        response = FlaskResponse(answer.body, answer.status)
        response.headers.clear()
        for name, value in answer.headers:
            response.headers.add(name, value)
        return response

    return app


def _message() -> Request:
    return Request(
        request.method,
        request.path,
        request.query_string.decode("latin-1"),
        {name.lower(): _utf8(value) for name, value in request.headers.items()},
        request.get_data(cache=False),
        now(),
        request.remote_addr or "",
    )


def _utf8(value: str) -> str:
    """A header value as the client meant it: WSGI hands bytes over as Latin-1, the signature is over UTF-8."""
    try:
        return value if value.isascii() else value.encode("latin-1").decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return value
