"""What a contract run talks to, and how its calls are signed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3 import HTTPResponse
from werkzeug.test import run_wsgi_app

from mockserver.app import Server, create_app
from mockserver.contract.documents import Json
from mockserver.gateway import signature

START = "2026-03-02T02:00:00Z"


class Target(Protocol):
    """Answers the calls of one site."""

    site: str
    removed: bool
    """Whether it serves removed operations."""
    base_url: str
    known: Mapping[str, Json]
    """Values of fields, such as ids, that mean something there."""

    def sign(self, kind: str) -> AuthBase:
        """What authenticates a call as a principal of `kind`: solution_provider, distributor, reseller, customer."""

    def send(self, request: PreparedRequest) -> Response:
        """Answer a finished request."""

    def reset(self) -> None:
        """Go back to the beginning, as far as the target can."""

    def state(self) -> Any:
        """What is equal as long as nothing changes; always the same where the state cannot be seen."""


class Signed(AuthBase):
    """Signs a finished request with an AK and its SK, as the vendor's SDK does."""

    def __init__(self, ak: str, sk: str) -> None:
        self._ak = ak
        self._sk = sk

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        url, date = urlsplit(str(request.url)), datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        signed = {"host": url.netloc, signature.DATE_HEADER: date}
        canonical = signature.canonical_request(
            str(request.method), unquote(url.path), url.query, signed, tuple(signed), body_of(request)
        )
        value = signature.sign(self._sk, date, canonical)
        parts = f"Access={self._ak}, SignedHeaders={';'.join(signed)}, Signature={value}"
        request.headers.update({**signed, "Authorization": f"{signature.ALGORITHM} {parts}"})
        return request


def body_of(request: PreparedRequest) -> bytes:
    """The bytes that a request carries."""
    body = request.body or b""
    assert isinstance(body, (str, bytes)), "JSON, never a stream"
    return body.encode() if isinstance(body, str) else body


class Emulator:
    """The emulator in this process, behind its WSGI application: a sandbox with a frozen clock, no socket."""

    base_url = "http://bss.myhuaweicloud.com"

    def __init__(self, server: Server, site: str) -> None:
        self.site = site
        self.removed = server.gateway.options.removed
        self._app = create_app(server)
        self._sandbox = server.universe.create(wall=datetime.now(UTC), site=site, seed=1, clock=START)
        self._credentials = self._sandbox.credentials()
        customer = self._credentials["customer"]["domain_id"]
        self.known: Mapping[str, Json] = {"customer_id": customer, "customerId": customer, "customer_ids": [customer]}

    def sign(self, kind: str) -> AuthBase:
        credential = self._credentials[kind]
        return Signed(credential["ak"], credential["sk"])

    def send(self, request: PreparedRequest) -> Response:
        content, status, headers = run_wsgi_app(self._app, _environ(request), buffered=True)
        body = BytesIO(b"".join(content))
        raw = HTTPResponse(body, headers=dict(headers), status=int(status.split()[0]), preload_content=False)
        return HTTPAdapter().build_response(request, raw)

    def reset(self) -> None:
        self._sandbox.reset()

    def state(self) -> Any:
        return self._sandbox.state.dump()


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
