"""A validating proxy: a local server that passes calls to a service unchanged, and holds both sides to the contract.

What is signed stays as it was sent: the method, the path and the query byte for byte, the headers, the body. `Host` is
passed on too where it is signed; otherwise it becomes that of the service. Clients call the proxy by its own address,
or name it as their HTTP proxy and call the service by its name: that is how a signature gets made for that name.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPHeaderDict, HTTPResponse

from contracts.cassettes.recording import Recorder
from contracts.checks import Answer
from contracts.guard import SAFE_METHODS
from contracts.inspection import Callers, Inspector, Violation, is_elsewhere, is_sign_in
from contracts.targets.target import Unreachable
from contracts.upstream import PATIENCE, Headers, Upstream
from mockserver.gateway.signature import parse_authorization

HOP_BY_HOP = frozenset({
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
    "transfer-encoding", "upgrade",
})  # fmt: skip
"""Headers that belong to one connection, not to the call."""
POLL = 0.05
"""Seconds after which the server notices that it shall stop."""


class NotPassed(Exception):
    """A call that the proxy answers itself, with a status and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Proxy:
    """Passes calls on and looks at them, one after the other where it counts. Serves from `start` to `stop`."""

    def __init__(
        self,
        upstream: Upstream,
        inspector: Inspector,
        *,
        recorder: Recorder | None = None,
        read_only: bool = False,
        tell: Callable[[Violation], None] = lambda violation: None,
        passed: Callable[[int], None] = lambda calls: None,
        address: tuple[str, int] = ("127.0.0.1", 0),
    ) -> None:
        """`tell` hears each violation, `passed` after each call how many were answered by the service. Raises `OSError`
        if it cannot listen at the address."""
        self._upstream = upstream
        self._inspector = inspector
        self._recorder = recorder
        self._read_only = read_only
        self._tell = tell
        self._passed = passed
        self._lock = threading.Lock()
        self._idle = threading.Condition()
        self._on_their_way = 0
        self._callers = Callers()
        self.calls = 0
        self.unanswered = 0
        self._server = _Server(address, self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL,), daemon=True)
        host, port = self._server.server_address[:2]
        self.url = f"http://{host!s}:{port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop listening, and wait for the calls on their way."""
        self._server.shutdown()
        self._thread.join()
        with self._idle:
            self._idle.wait_for(lambda: not self._on_their_way, PATIENCE)
        self._server.server_close()

    @property
    def callers(self) -> Mapping[str, str]:
        """The kinds of the recorded callers, by the name that they have in the recording."""
        return self._callers.kinds()

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Around one call, from its first line to the last byte of its answer."""
        with self._idle:
            self._on_their_way += 1
        try:
            yield
        finally:
            with self._idle:
                self._on_their_way -= 1
                self._idle.notify_all()
            self._passed(self.calls)

    def pass_on(self, method: str, target: str, headers: Headers, body: bytes) -> tuple[int, Headers, bytes]:
        """The service's answer to a call. Raises `NotPassed`."""
        path = self._path(target)
        sent = self._headers(headers)
        request = _request(method, f"{self._upstream.url}{path}", headers, body)
        self._hold_back(request)
        try:
            status, answered, content = self._upstream.send(method, path, sent, body)
        except Unreachable as error:
            with self._lock:
                self.unanswered += 1
            raise NotPassed(502, str(error)) from None
        self._look(request, _response(request, status, answered, content))
        return status, [pair for pair in answered if pair[0].lower() not in (*HOP_BY_HOP, "content-length")], content

    def _path(self, target: str) -> str:
        """The target for the service: a client that uses a proxy names the host in it."""
        if target.startswith("/"):
            return target
        parts = urlsplit(target)
        if parts.hostname != self._upstream.hostname and not self._upstream.is_local:
            raise NotPassed(403, f"this proxy leads to {self._upstream.netloc} only, not to {parts.netloc or target}")
        return target.partition("://")[2].removeprefix(parts.netloc) or "/"

    def _headers(self, headers: Headers) -> Headers:
        """The headers for the service. Only a `Host` that nobody signed may be another one."""
        named = CaseInsensitiveDict(headers)
        given = parse_authorization(named.get("Authorization", ""))
        signed = given.signed_headers if given else ()
        kept = [pair for pair in headers if pair[0].lower() not in HOP_BY_HOP]
        if "host" in signed:
            return kept
        return [("Host", self._upstream.netloc), *(pair for pair in kept if pair[0].lower() != "host")]

    def _hold_back(self, request: PreparedRequest) -> None:
        """Raises `NotPassed` for a call that may change something, if that is not wanted."""
        if not self._read_only:
            return
        if is_sign_in(request) or (is_elsewhere(request) and request.method in SAFE_METHODS):
            return
        match = self._inspector.operation(request)
        if match is None or match.operation.effect != "read":
            name = match.operation.id if match else "a call that the contract does not know"
            raise NotPassed(403, f"{name} may change something, and this proxy lets only reading calls pass")

    def _look(self, request: PreparedRequest, response: Response) -> None:
        with self._lock:
            self.calls += 1
            for violation in self._inspector.look(request, response):
                self._tell(violation)
            match = self._inspector.operation(request)
            if match is not None and self._recorder is not None:
                name = self._callers.name(request, match.operation, response.ok)
                self._recorder.add(name, Answer(request, response))


class _Server(ThreadingHTTPServer):
    """Listens, a thread for each connection."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], proxy: Proxy) -> None:
        self.proxy = proxy
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    """Reads the calls of one connection, and writes their answers."""

    protocol_version = "HTTP/1.1"
    timeout = PATIENCE
    server: _Server

    def pass_on(self) -> None:
        with self.server.proxy.passing():
            try:
                headers = self.headers.items()
                self._answer(*self.server.proxy.pass_on(self.command, self.path, headers, self._body()))
            except NotPassed as error:
                self._say(error.status, str(error))

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = pass_on  # noqa: N815

    def do_CONNECT(self) -> None:
        self.close_connection = True
        self._say(501, "the proxy must see the calls: call the service by http://, the proxy goes on by https itself")

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not length.isdecimal():
            self.close_connection = True
            raise NotPassed(411, "a body must come with its Content-Length")
        return self.rfile.read(int(length))

    def _say(self, status: int, sentence: str) -> None:
        self._answer(status, [("Content-Type", "application/json")], json.dumps({"error": sentence}).encode())

    def _answer(self, status: int, headers: Headers, content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """What passes is told by whoever runs the proxy."""


def _request(method: str, url: str, headers: Headers, body: bytes) -> PreparedRequest:
    """The request as it came: preparing it would put it into another form."""
    request = PreparedRequest()
    request.method = method
    request.url = url
    request.headers = CaseInsensitiveDict(headers)
    request.body = body or None
    return request


def _response(request: PreparedRequest, status: int, headers: Headers, content: bytes) -> Response:
    raw = HTTPResponse(BytesIO(content), HTTPHeaderDict(headers), status, preload_content=False)
    return HTTPAdapter().build_response(request, raw)
