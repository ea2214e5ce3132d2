"""A proxy that changes nothing, and tells what either side breaks."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from huaweicloudsdkbss.v2 import (
    BssClient,
    ListPartnerBalancesRequest,
    ListSubCustomersRequest,
    QuerySubCustomerListReq,
)
from huaweicloudsdkcore.auth.credentials import GlobalCredentials

from contracts.cassettes.cassette import text_of
from contracts.cassettes.recording import Recorder
from contracts.inspection import Inspector, Violation
from contracts.proxy import Proxy
from contracts.targets.target import Unreachable
from contracts.upstream import Upstream
from mockserver.contract.registry import Contract
from tests.driver import Answer, Caller, World, over_http

LIST = "/v2/partners/sub-customers/query"
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)

Heard = list[tuple[str, str, list[tuple[str, str]], bytes]]


@contextmanager
def service(status: int = 200, headers: tuple[tuple[str, str], ...] = (), body: bytes = b"{}") -> Iterator[Any]:
    """A service that answers every call alike; gives its address and what it heard."""
    heard: Heard = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            heard.append((self.command, self.path, self.headers.items(), self.rfile.read(length)))
            self.send_response_only(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", heard
        server.shutdown()
        thread.join()


@contextmanager
def proxied(contract: Contract, url: str, signed_for: str = "", **options: Any) -> Iterator[tuple[Proxy, Inspector]]:
    inspector = Inspector(contract, "cn", signed_for)
    proxy = Proxy(Upstream(url), inspector, **options)
    proxy.start()
    yield proxy, inspector
    proxy.stop()


def send(proxy: Proxy, method: str, target: str, headers: dict[str, str] | None = None, body: bytes = b"") -> Answer:
    with over_http(int(proxy.url.rpartition(":")[2])) as transport:
        return transport(method, target, headers or {}, body)


@contextmanager
def reached(proxy: Proxy, world: World, name: str = "solution_provider") -> Iterator[Caller]:
    """A caller that goes through the proxy."""
    with over_http(int(proxy.url.rpartition(":")[2])) as transport:
        yield replace(world.caller(name), transport=transport)


def sentences(inspector: Inspector) -> list[str]:
    return [str(one) for one in inspector.violations]


# What passes


SIGNED = "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=" + "0" * 64


def test_method_target_headers_and_body_pass_unchanged(contract: Contract) -> None:
    headers = {"Host": "bss.myhuaweicloud.com", "Authorization": SIGNED, "X-Odd": "a  b; ü".encode().decode("latin-1")}
    target = "/v2//odd%2fpath/%E4%B8%AD?b=2&a=%20+&a&=x"
    with service() as (url, heard), proxied(contract, url) as (proxy, _):
        send(proxy, "PUT", target, headers, b'{"a": "\xe4\xb8\xad"}\n')
    method, path, sent, body = heard[0]
    assert (method, path, body) == ("PUT", target, b'{"a": "\xe4\xb8\xad"}\n')
    assert {name: value for name, value in sent if name in headers} == headers


def test_status_headers_and_body_of_the_answer_pass_unchanged(contract: Contract) -> None:
    headers = (("X-Request-Id", "r1"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Content-Length", "7"))
    with (
        service(418, headers, b"\x00teapot") as (url, _),
        proxied(contract, url) as (proxy, _),
        closing(http.client.HTTPConnection(proxy.url.removeprefix("http://"))) as connection,
    ):
        connection.request("GET", "/v2/x")
        answer = connection.getresponse()
        assert (answer.status, answer.read(), tuple(answer.getheaders())) == (418, b"\x00teapot", headers)


def test_headers_of_one_connection_stay_behind(contract: Contract) -> None:
    with service() as (url, heard), proxied(contract, url) as (proxy, _):
        send(proxy, "GET", "/v2/x", {"Proxy-Connection": "keep-alive", "Keep-Alive": "1", "Authorization": SIGNED})
    names = {name.lower() for name, _ in heard[0][2]}
    assert {"proxy-connection", "keep-alive"} & names == set()


def test_a_signed_host_stays_and_another_becomes_the_services(contract: Contract) -> None:
    with service() as (url, heard), proxied(contract, url) as (proxy, _):
        send(proxy, "GET", "/v2/x", {"Host": "bss.myhuaweicloud.com", "Authorization": SIGNED})
        send(proxy, "GET", "/v2/x", {"Host": "bss.myhuaweicloud.com", "X-Auth-Token": "t"})
    assert [dict(sent)["Host"] for _, _, sent, _ in heard] == ["bss.myhuaweicloud.com", url.removeprefix("http://")]


def test_clients_may_name_it_as_their_http_proxy(contract: Contract) -> None:
    with service() as (url, heard), proxied(contract, url) as (proxy, _):
        send(proxy, "GET", "http://bss.myhuaweicloud.com/v2/x?a=1", {"Host": "bss.myhuaweicloud.com"})
        send(proxy, "GET", "http://bss.myhuaweicloud.com", {"Host": "bss.myhuaweicloud.com"})
    assert [path for _, path, _, _ in heard] == ["/v2/x?a=1", "/"]


@pytest.mark.parametrize(
    ("method", "target", "headers", "status", "sentence"),
    [
        ("GET", "http://elsewhere.org/v2/x", {}, 403, "leads to bss.myhuaweicloud.com only, not to elsewhere.org"),
        ("CONNECT", "bss.myhuaweicloud.com:443", {}, 501, "call the service by http://"),
        ("POST", "/v2/x", {"Transfer-Encoding": "chunked"}, 411, "a body must come with its Content-Length"),
        ("POST", "/v2/x", {"Content-Length": "many"}, 411, "a body must come with its Content-Length"),
    ],
)
def test_what_cannot_pass_is_told(
    contract: Contract, method: str, target: str, headers: dict[str, str], status: int, sentence: str
) -> None:
    with proxied(contract, "https://bss.myhuaweicloud.com") as (proxy, _):
        answer = send(proxy, method, target, headers)
    assert answer.status == status and sentence in answer.body["error"]


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_service_that_does_not_answer_is_told(contract: Contract) -> None:
    with proxied(contract, f"http://127.0.0.1:{free_port()}") as (proxy, inspector):
        answer = send(proxy, "GET", "/v2/x")
    assert answer.status == 502 and "no answer from http://127.0.0.1:" in answer.body["error"]
    assert (proxy.calls, proxy.unanswered, sentences(inspector)) == (0, 1, [])


def test_nobody_at_the_address_is_told_before_anything_passes() -> None:
    with pytest.raises(Unreachable, match=r"nothing answers at http://127\.0\.0\.1:"):
        Upstream(f"http://127.0.0.1:{free_port()}").connect()


@pytest.mark.parametrize("url", ["", "bss.myhuaweicloud.com", "ftp://a", "http://", "http://a/v2", "http://a?b"])
def test_what_is_no_address_is_told(url: str) -> None:
    with pytest.raises(ValueError, match="is not an address like https://"):
        Upstream(url)


@pytest.mark.parametrize(
    ("method", "target", "passes"),
    [("POST", LIST, True), ("POST", "/v2/partners/sub-customers", False), ("PUT", "/v2/nowhere", False),
     ("POST", "/v3/auth/tokens", True), ("GET", "/v3/auth/domains", True), ("POST", "/v3/users", False),
     ("DELETE", "/v3/auth/tokens", False), ("POST", "/v3/../v2/partners/sub-customers", False),
     ("POST", "/_mock/sandboxes", False), ("POST", "//v2/partners/sub-customers", False),
     ("POST", "/v2/partners/sub-customers/", False), ("POST", "/v2/partners/sub%2Dcustomers", False),
     ("GET", "/v2/nowhere", False)],
)  # fmt: skip
def test_a_proxy_for_reading_lets_only_reading_calls_pass(
    contract: Contract, method: str, target: str, passes: bool
) -> None:
    with service() as (url, heard), proxied(contract, url, read_only=True) as (proxy, _):
        answer = send(proxy, method, target, {"Content-Type": "application/json"}, b"{}")
    assert (answer.status == 200, len(heard)) == (passes, passes)


# What is told


def test_a_good_call_breaks_nothing(contract: Contract, port: int, world: World) -> None:
    with proxied(contract, f"http://127.0.0.1:{port}") as (proxy, inspector), reached(proxy, world) as caller:
        assert caller("ListSubCustomers", {"limit": 1}).ok.body["count"] > 0
    assert sentences(inspector) == []
    assert inspector.calls == {"ListSubCustomers": 1}


@pytest.mark.parametrize(
    ("method", "target", "body", "sentence"),
    [
        ("POST", LIST, b'{"limit": 1000}', "request  ListSubCustomers: limit: maximum"),
        ("POST", LIST, b'{"limits": 10}', "request  ListSubCustomers: limits: unknown to the contract"),
        ("POST", LIST, b"", "request  ListSubCustomers: the body is missing"),
        ("POST", LIST, b"{", "request  ListSubCustomers: the body is no JSON"),
        ("GET", LIST, b"", f"request  GET {LIST}: no operation of the contract"),
    ],
)
def test_what_the_client_breaks_is_told(
    contract: Contract, port: int, world: World, method: str, target: str, body: bytes, sentence: str
) -> None:
    told: list[Violation] = []
    url = f"http://127.0.0.1:{port}"
    with proxied(contract, url, tell=told.append) as (proxy, _), reached(proxy, world) as caller:
        caller.send(method, target, body=body)
    assert [str(one) for one in told] == [sentence]


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (200, b'{"count": "1", "customer_infos": []}', "answer   ListSubCustomers: the body breaks its schema: count"),
        (200, b'{"count": 1, "customer_infos": [], "odd": 1}', "answer   ListSubCustomers: an undocumented field: odd"),
        (400, b'{"error_code": "CBC.9999", "error_msg": "?"}', "answer   ListSubCustomers: an undocumented refusal"),
        (502, b"<html>", "answer   ListSubCustomers: an undocumented refusal"),
    ],
)
def test_what_the_service_breaks_is_told(contract: Contract, status: int, body: bytes, sentence: str) -> None:
    headers = (("X-Request-Id", "r1"), ("Content-Type", "application/json"))
    with service(status, headers, body) as (url, _), proxied(contract, url) as (proxy, inspector):
        send(proxy, "POST", LIST, {"Content-Type": "application/json", "Authorization": SIGNED}, b"{}")
    assert any(one.startswith(sentence) for one in sentences(inspector)), sentences(inspector)


def test_a_signature_for_another_host_is_told(contract: Contract) -> None:
    with service() as (url, _), proxied(contract, url, "bss.myhuaweicloud.com") as (proxy, inspector):
        send(proxy, "POST", LIST, {"Host": "127.0.0.1:8081", "Authorization": SIGNED}, b"{}")
    assert any(
        "signed for the host 127.0.0.1:8081, not for bss.myhuaweicloud.com" in one for one in sentences(inspector)
    )


def test_equal_violations_are_counted(contract: Contract) -> None:
    with service() as (url, _), proxied(contract, url) as (proxy, inspector):
        for _ in range(3):
            send(proxy, "GET", "/v2/nowhere")
    assert inspector.violations == {Violation("request", "GET /v2/nowhere", "no operation of the contract"): 3}


# The vendor's SDK through it


Connect = Callable[..., Any]


@pytest.fixture
def sdk() -> Iterator[Connect]:
    """Makes the SDK's client of a solution provider for an address, and closes it afterwards."""
    made: list[Any] = []

    def make(world: World, address: str) -> Any:
        credential = world.credentials["solution_provider"]
        credentials = GlobalCredentials(credential["ak"], credential["sk"], credential["domain_id"])
        made.append(BssClient.new_builder().with_credentials(credentials).with_endpoint(address).build())
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def through(contract: Contract, port: int) -> Iterator[tuple[Proxy, Inspector, Recorder]]:
    """A proxy in front of the emulator that records."""
    url = f"http://127.0.0.1:{port}"
    tape = Recorder(contract, "cn", url, None, {}, lambda: NOW)
    with proxied(contract, url, recorder=tape) as (proxy, inspector):
        yield proxy, inspector, tape


def use(client: Any) -> int:
    customers = client.list_sub_customers(ListSubCustomersRequest(body=QuerySubCustomerListReq(limit=2))).count
    client.list_partner_balances(ListPartnerBalancesRequest())
    return int(customers)


@pytest.mark.parametrize("way", ["its own address", "as the HTTP proxy"])
def test_the_sdk_works_through_it_and_is_recorded(
    through: tuple[Proxy, Inspector, Recorder], world: World, way: str, sdk: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, inspector, tape = through
    address = proxy.url
    if way == "as the HTTP proxy":
        monkeypatch.setenv("http_proxy", proxy.url)
        address = "http://bss.myhuaweicloud.com"
    assert use(sdk(world, address)) > 0
    assert sentences(inspector) == []
    calls = tape.cassette(proxy.callers).calls
    assert [(call.operation, call.principal, call.answer.status) for call in calls] == [
        ("ListSubCustomers", "solution_provider", 200),
        ("ListPartnerBalances", "solution_provider", 200),
    ]


def test_the_kind_of_a_caller_follows_from_what_it_may_call(
    through: tuple[Proxy, Inspector, Recorder], world: World
) -> None:
    proxy, _, tape = through
    for name, operation in (("customer", "ShowCustomerAccountBalances"), ("solution_provider", "ListPartnerBalances")):
        with reached(proxy, world, name) as caller:
            caller(operation).ok  # noqa: B018
    assert [call.principal for call in tape.cassette(proxy.callers).calls] == ["customer", "solution_provider"]


def test_neither_token_nor_signature_nor_key_is_recorded(
    through: tuple[Proxy, Inspector, Recorder], world: World
) -> None:
    proxy, _, tape = through
    token, keys = world.token("customer"), world.credentials["solution_provider"]
    with reached(proxy, world) as caller:
        caller("ListPartnerBalances").ok  # noqa: B018
        replace(caller, token=token)("ShowCustomerAccountBalances").ok  # noqa: B018
    text = text_of(tape.cassette(proxy.callers)).decode()
    assert len(tape.cassette().calls) == 2
    assert [secret for secret in (token, keys["ak"], keys["sk"], "Signature", "uthorization") if secret in text] == []


def test_an_answer_is_complete_before_the_proxy_ends(contract: Contract) -> None:
    numbers: list[int] = []
    with service(body=b"x" * 1_000_000) as (url, _), proxied(contract, url, passed=numbers.append) as (proxy, _):
        assert len(send(proxy, "GET", "/v2/x").content) == 1_000_000
    assert numbers == [1]
