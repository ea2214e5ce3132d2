"""The emulator in this process, behind its WSGI application: no socket."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from werkzeug.test import run_wsgi_app

from contracts.targets.control import ControlApi, kinds_of, known_of
from contracts.targets.signing import Principals
from contracts.targets.target import body_of
from mockserver.app import Server, create_app
from mockserver.gateway import message

START = "2026-03-02T02:00:00Z"
"""Ten in the morning, China time, in the sandboxes of contract runs."""


class Emulator(Principals):
    """A server of this process: a sandbox of a site with a frozen clock."""

    name = "mock"
    base_url = "http://bss.myhuaweicloud.com"
    iam_url = base_url

    def __init__(self, server: Server, site: str, seed: int = 1) -> None:
        self.site = site
        self.removed = server.gateway.options.removed
        self.controls = self._control = ControlApi(_carrier(server), site=site, seed=seed, clock=START)
        super().__init__(self.controls.credentials)
        self._control.on_return = self.forget_tokens
        self._app = create_app(server)
        sandbox = server.universe.get(self.controls.id)
        assert sandbox is not None, "it was just made"
        self._sandbox = sandbox
        self.kinds = kinds_of(self.controls.credentials)
        self.known = known_of(self.controls.credentials)

    def send(self, request: PreparedRequest) -> Response:
        content, status, headers = run_wsgi_app(self._app, _environ(request), buffered=True)
        body = BytesIO(b"".join(content))
        raw = HTTPResponse(body, headers=dict(headers), status=int(status.split()[0]), preload_content=False)
        return HTTPAdapter().build_response(request, raw)

    def reset(self) -> None:
        self._sandbox.reset()
        self._control.forget()

    def state(self) -> Any:
        return self._sandbox.state.dump()

    def close(self) -> None:
        self.controls.close()


def _carrier(server: Server) -> Any:
    """Carries control calls straight into the server."""

    def carry(method: str, path: str, body: Any) -> tuple[int, Any]:
        path, _, query = path.partition("?")
        content = b"" if body is None else json.dumps(body).encode()
        headers = {"host": "127.0.0.1"}
        request = message.Request(method, f"/_mock/{unquote(path)}", query, headers, content, datetime.now(UTC))
        answer = server.control.handle(request)
        return answer.status, json.loads(answer.body) if answer.body else None

    return carry


def _environ(request: PreparedRequest) -> dict[str, Any]:
    """A request as WSGI has it: the path percent-decoded, as Latin-1."""
    url, body = urlsplit(str(request.url)), body_of(request)
    headers = {f"HTTP_{name.upper().replace('-', '_')}": str(value) for name, value in request.headers.items()}
    return {
        "CONTENT_TYPE": headers.pop("HTTP_CONTENT_TYPE", ""),
        "CONTENT_LENGTH": str(len(body)),
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(url.path, "latin-1"),
        "QUERY_STRING": url.query,
        "SERVER_NAME": url.netloc,
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": url.scheme,
        "wsgi.input": BytesIO(body),
        **headers,
    }
