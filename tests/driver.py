"""A partner's engineer in code: callers that sign, worlds that are sandboxes, over HTTP or in process."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote, unquote, urlencode

import msgspec
from waitress.server import create_server

from mockserver.app import Server, create_app
from mockserver.contract.registry import Contract
from mockserver.contract.writing import json_bytes
from mockserver.gateway import signature
from mockserver.gateway.message import Request

Headers = dict[str, str]
Transport = Callable[[str, str, Headers, bytes], "Answer"]
_decode = msgspec.json.Decoder(float_hook=Decimal).decode
HOST = "bss.myhuaweicloud.com"
SUCCESS = "CBC.0000"
"""The code that some successes carry."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Headers
    content: bytes

    @property
    def body(self) -> Any:
        """The JSON body, numbers with a fraction as Decimals; None without a body."""
        return _decode(self.content) if self.content else None

    def __getitem__(self, name: str) -> Any:
        return self.ok.body[name]

    @property
    def ok(self) -> Answer:
        """This answer, if it is a success."""
        assert self.status < 300 and self.error_code in (None, "", SUCCESS), f"{self.status} {self.content.decode()}"
        return self

    @property
    def error_code(self) -> str | None:
        body = self.body
        return body.get("error_code") if isinstance(body, dict) else None

    @property
    def refused(self) -> tuple[int, str | None]:
        """Status and code of an error answer."""
        return self.status, self.error_code


def in_process(server: Server, at: datetime | None = None, source: str = "127.0.0.1") -> Transport:
    """Straight into the server, no socket; received at a chosen moment, from a chosen address."""

    def send(method: str, target: str, headers: Headers, body: bytes) -> Answer:
        path, _, query = target.partition("?")
        lower = {name.lower(): value for name, value in headers.items()}
        received_at = at or datetime.now(UTC)
        response = server.handle(Request(method, unquote(path), query, lower, body, received_at, source))
        return Answer(response.status, {name.lower(): value for name, value in response.headers}, response.body)

    return send


@contextmanager
def over_http(port: int) -> Iterator[Transport]:
    """Through a kept-alive connection to a local port."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def send(method: str, target: str, headers: Headers, body: bytes) -> Answer:
        connection.request(method, target, body=body or None, headers=headers)
        response = connection.getresponse()
        content = response.read()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)

    with closing(connection):
        yield send


@contextmanager
def serving(server: Server) -> Iterator[int]:
    """Serve over HTTP by a thread of this process; gives the port."""
    http_server: Any = create_server(create_app(server), host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=http_server.run, daemon=True)
    thread.start()
    yield int(http_server.effective_port)
    http_server.task_dispatcher.shutdown()
    # The thread must close its sockets itself: closing them under its feet is an error where it waits for them.
    http_server.trigger.pull_trigger(http_server.close)
    thread.join(timeout=5)


@contextmanager
def reaching(server: Server, transport: str) -> Iterator[Transport]:
    """To a server of the test's own, by `http` or `process`."""
    if transport == "process":
        yield in_process(server)
        return
    with serving(server) as port, over_http(port) as send:
        yield send


@dataclass
class Caller:
    """One principal. Calling it with an operation's id sends the operation, signed with its AK and SK, or with its
    token if it has one."""

    transport: Transport
    contract: Contract
    site: str
    credential: dict[str, str]
    headers: Headers = field(default_factory=dict)
    token: str = ""
    date: str = ""
    """What it signs as `X-Sdk-Date`: the present moment if empty."""

    @property
    def id(self) -> str:
        """The account's id."""
        return self.credential["domain_id"]

    @property
    def name(self) -> str:
        return self.credential["domain_name"]

    def __call__(self, operation_id: str, body: Any = None, /, **parameters: Any) -> Answer:
        """Send an operation. `body` is JSON data; parameters go where the contract says."""
        operation = self.contract.operations[operation_id]
        path, query, headers = operation.path, [], {}
        for one in operation.document.get("parameters", ()):
            name = one["name"]
            value = parameters.pop(name.replace("-", "_"), None)
            if value is None:
                continue
            if one["in"] == "path":
                path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
            elif one["in"] == "header":
                headers[name] = str(value)
            else:
                query += [(name, str(item)) for item in (value if isinstance(value, list) else [value])]
        query += [(name, str(value)) for name, value in parameters.items()]
        target = path + (f"?{urlencode(query, quote_via=quote)}" if query else "")
        content = json_bytes(body) if body is not None else b""
        return self.send(operation.method, target, headers, content)

    def send(self, method: str, target: str, headers: Headers | None = None, body: bytes = b"") -> Answer:
        """Send any request, signed, or with the token."""
        sent = {"Content-Type": "application/json", **(headers or {}), **self.headers}
        if self.token:
            return self.transport(method, target, {"Host": HOST, "X-Auth-Token": self.token, **sent}, body)
        return self.transport(method, target, self.signed(method, target, sent, body, self.date), body)

    def signed(self, method: str, target: str, headers: Headers, body: bytes, date: str = "") -> Headers:
        """The headers with `Host`, `X-Sdk-Date` and `Authorization`."""
        date = date or datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        sent = {"Host": HOST, "X-Sdk-Date": date, **headers}
        names = tuple(sorted(name.lower() for name in sent))
        path, _, query = target.partition("?")
        lower = {name.lower(): value for name, value in sent.items()}
        canonical = signature.canonical_request(method, unquote(path), query, lower, names, body)
        value = signature.sign(self.credential["sk"], date, canonical)
        ak = self.credential["ak"]
        sent["Authorization"] = f"SDK-HMAC-SHA256 Access={ak}, SignedHeaders={';'.join(names)}, Signature={value}"
        return sent


class World:
    """One sandbox: its callers by credential name, its clock, its state."""

    def __init__(self, transport: Transport, contract: Contract, **wanted: Any) -> None:
        self.transport = transport
        self.contract = contract
        made = self.control("POST", "sandboxes", wanted).ok.body
        self.id: str = made["id"]
        self.site: str = made["site"]
        self.credentials: dict[str, dict[str, str]] = made["credentials"]

    def __getattr__(self, name: str) -> Caller:
        """`world.solution_provider`, `world.customer`, ..."""
        if name.startswith("_") or name not in self.__dict__.get("credentials", {}):
            raise AttributeError(name)
        return self.caller(name)

    def caller(self, name: str) -> Caller:
        return Caller(self.transport, self.contract, self.site, self.credentials[name])

    def with_token(self, name: str, text: str = "") -> Caller:
        """A credential's caller that sends a token, its own or the given one, and no signature."""
        return replace(self.caller(name), token=text or self.token(name))

    def token(self, name: str) -> str:
        """A token that IAM issues to the user of a credential."""
        one = self.credentials[name]
        domain = {"name": one["domain_name"]}
        user = {"name": one["user_name"], "password": one["password"], "domain": domain}
        identity = {"methods": ["password"], "password": {"user": user}}
        body = {"auth": {"identity": identity, "scope": {"domain": domain}}}
        answer = self.transport("POST", "/v3/auth/tokens", {"Content-Type": "application/json"}, json_bytes(body))
        return answer.ok.headers["x-subject-token"]

    def control(self, method: str, path: str, body: Any = None) -> Answer:
        """A control call below `/_mock/`."""
        content = json_bytes(body) if body is not None else b""
        return self.transport(
            method, f"/_mock/{path}", {"Content-Type": "application/json", "Host": "127.0.0.1"}, content
        )

    def place(self, kind: str, /, **fields: Any) -> Any:
        """Place a thing that the API cannot create; new credentials become callers."""
        placed = self.control("POST", f"sandboxes/{self.id}/state/{kind}", fields).ok.body
        if "credential" in fields:
            self.credentials = self.control("GET", f"sandboxes/{self.id}").ok.body["credentials"]
        return placed

    def look(self, kind: str, /, **filters: str) -> list[dict[str, Any]]:
        """The rows of a kind that match the filters."""
        query = urlencode({"limit": 10_000, **filters})
        rows: list[dict[str, Any]] = self.control("GET", f"sandboxes/{self.id}/state/{kind}?{query}").ok.body["rows"]
        return rows

    def advance(self, duration: str) -> None:
        self.control("PUT", f"sandboxes/{self.id}/clock", {"advance": duration}).ok  # noqa: B018

    @property
    def now(self) -> str:
        return str(self.control("GET", f"sandboxes/{self.id}/clock").ok.body["now"])

    @property
    def kinds(self) -> list[str]:
        answer = self.control("GET", f"sandboxes/{self.id}/state")
        return list(answer.ok.body["kinds"])

    def state(self) -> dict[str, list[dict[str, Any]]]:
        """Everything the sandbox holds."""
        return {kind: self.look(kind) for kind in self.kinds if kind != "faults"}

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Whatever happens inside must leave the whole state as it is."""
        before = self.state()
        yield
        assert self.state() == before
