"""Who may use the control API, and how it says no."""

from __future__ import annotations

import pytest

from mockserver.app import Server
from mockserver.control.api import is_loopback
from tests.driver import Answer, World, in_process

ELSEWHERE = "192.0.2.7"


@pytest.fixture(scope="module")
def guarded() -> Server:
    return Server(control_token="secret")


def health(server: Server, source: str = "127.0.0.1", **headers: str) -> Answer:
    return in_process(server, source=source)("GET", "/_mock/health", {"Host": "127.0.0.1:8080", **headers}, b"")


@pytest.mark.parametrize("source", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "localhost"])
def test_this_machine_needs_no_token(server: Server, source: str) -> None:
    assert is_loopback(source)
    assert health(server, source).status == 200


@pytest.mark.parametrize("source", [ELSEWHERE, "::", "::ffff:192.0.2.7", "2001:db8::1", "elsewhere", ""])
def test_other_machines_are_refused_without_a_token(server: Server, source: str) -> None:
    answer = health(server, source)
    said = "the control API is for loopback only; start the server with a control token"
    assert (answer.status, answer.body) == (403, {"error": said})


@pytest.mark.parametrize("source", ["127.0.0.1", ELSEWHERE])
def test_where_a_token_is_set_everybody_needs_it(guarded: Server, source: str) -> None:
    assert health(guarded, source, Authorization="Bearer secret").status == 200
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}, {"Authorization": "Bearer é"}):
        answer = health(guarded, source, **headers)
        assert (answer.status, answer.body["error"]) == (
            401,
            "the control API needs Authorization: Bearer <control token>",
        )


def test_an_empty_token_is_none() -> None:
    server = Server(control_token="")
    assert health(server).status == 200
    assert health(server, ELSEWHERE, Authorization="Bearer ").status == 403


def test_a_page_of_another_site_is_refused(server: Server) -> None:
    answer = health(server, Origin="http://example.com")
    assert (answer.status, answer.body["error"]) == (403, "origin http://example.com may not use the control API")
    assert health(server, Origin="http://127.0.0.1:8080").status == 200


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1:80", "[::1]:8080", "10.0.0.7", "mock.localhost:80"])
def test_own_names_are_answered(server: Server, host: str) -> None:
    assert in_process(server)("GET", "/_mock/health", {"Host": host}, b"").status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example"]
)
def test_other_names_are_not_although_they_may_lead_here(server: Server, host: str) -> None:
    answer = in_process(server)("GET", "/_mock/health", {"Host": host}, b"")
    assert answer.status == 403
    assert "other names" in answer.body["error"]


def test_operations_are_for_every_machine(server: Server) -> None:
    answer = in_process(server, source=ELSEWHERE)("POST", "/v2/partners/sub-customers/query", {}, b"{}")
    assert answer.refused == (401, "APIGW.0301")


def test_an_unknown_call_is_named(world: World) -> None:
    answer = world.control("GET", "nothing")
    assert (answer.status, answer.body) == (404, {"error": "no control call /_mock/nothing"})


def test_a_wrong_method_is_told_the_right_ones(world: World) -> None:
    answer = world.control("DELETE", "sandboxes")
    assert (answer.status, answer.body) == (405, {"error": "/_mock/sandboxes takes GET, POST, not DELETE"})


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000, b'{"seed": 1e999}', b"{} {}", b'{"a": NaN}'])
def test_a_body_that_is_no_json_is_one_sentence(world: World, body: bytes) -> None:
    answer = world.transport("POST", "/_mock/sandboxes", {"Host": "127.0.0.1"}, body)
    assert answer.status == 400
    assert answer.body["error"].startswith("the body is not JSON: ")


@pytest.mark.parametrize("sandbox", ["sb999999", "DEFAULT", "%2e%2e"])
def test_an_unknown_sandbox_is_named(world: World, sandbox: str) -> None:
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/reset"), ("GET", "/clock"), ("GET", "/faults")):
        answer = world.control(method, f"sandboxes/{sandbox}{path}")
        assert answer.status == 404
        assert answer.body["error"].startswith("no sandbox ")


def test_a_failure_inside_is_one_sentence_and_logged(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(self: object) -> object:
        raise ZeroDivisionError("of no concern to the client")

    monkeypatch.setattr("mockserver.control.api.Control._dispatch", lambda self, request: fails(self))
    answer = health(server)
    said = "ZeroDivisionError inside the emulator, a mistake of its own; its log has the details"
    assert (answer.status, answer.body) == (500, {"error": said})
    assert "GET /_mock/health failed inside the emulator" in caplog.text
