"""What passes a recorded target is on the cassette, without secrets."""

from __future__ import annotations

import json
from typing import Any

from requests import PreparedRequest, Request, Response

from contracts.cassettes.cassette import Call, text_of
from contracts.cassettes.recording import Recording
from contracts.checks import Answer
from contracts.targets.emulator import Emulator
from contracts.targets.target import TOKEN, body_of
from mockserver.app import Server
from tests.contracts.cassettes.taping import recorder, taped
from tests.driver import World
from tests.sites import on_both_sites


def call(server: Server, method: str, path: str, body: Any = None, kind: str = "solution_provider") -> Call | None:
    """One call as it is recorded."""
    target = Emulator(server, "cn")
    tape = recorder(target, server.contract)
    recording = Recording(target, tape)
    request = Request(method, target.base_url + path, json=body, auth=recording.sign(kind)).prepare()
    recording.send(request)
    return next(iter(tape.cassette().calls), None)


def test_a_call_is_recorded_with_its_operation_and_principal(server: Server) -> None:
    made = call(server, "POST", "/v2/partners/sub-customers/query", {"limit": 1})
    assert made is not None
    assert (made.operation, made.principal, made.time) == (
        "ListSubCustomers", "solution_provider", "2026-03-02T02:00:00Z",
    )  # fmt: skip
    assert (made.request.method, made.request.path) == ("POST", "/v2/partners/sub-customers/query")
    assert made.request.body == {"limit": 1}
    assert made.answer.status == 200
    assert made.answer.body["customer_infos"][0].keys() >= {"customer_id", "account_name"}
    assert made.answer.headers["X-Request-Id"] == {"$ref": "request#1"}


def test_variables_of_the_path_and_repeated_names_of_the_query_are_kept(server: Server) -> None:
    path = "/v2/orders/customer-orders/details/CS2603020200ABCDE?limit=1&limit=2&offset=0"
    made = call(server, "GET", path, kind="customer")
    assert made is not None and made.operation == "ShowCustomerOrderDetails"
    assert made.request.path == "/v2/orders/customer-orders/details/{order_id}"
    assert made.request.variables == {"order_id": {"$ref": "order#1", "like": "AA9999999999AAAAA"}}
    assert made.request.query == {"limit": ["1", "2"], "offset": "0"}


def test_a_refusal_is_recorded_with_its_code(server: Server) -> None:
    made = call(server, "POST", "/v2/partners/sub-customers/query", {"limit": 0})
    assert made is not None
    assert (made.answer.status, made.answer.code) == (400, "CBC.0100")


def test_a_body_that_is_no_json_is_not_kept(server: Server) -> None:
    target = Emulator(server, "cn")
    tape = recorder(target, server.contract)
    request = Request("POST", f"{target.base_url}/v2/partners/sub-customers/query", data=b"password=Secret").prepare()
    tape.add("solution_provider", Answer(request, target.send(request)))
    assert tape.cassette().calls[0].request.body == {"$unreadable": 15}


def test_a_principal_is_known_by_its_token_too(server: Server) -> None:
    target = Emulator(server, "cn")
    tape = recorder(target, server.contract)
    recording = Recording(target, tape)
    url = f"{target.base_url}/v2/accounts/customer-accounts/balances"
    recording.send(Request("GET", url, auth=recording.sign("customer", TOKEN)).prepare())
    assert [call.principal for call in tape.cassette().calls] == ["customer"]


def test_what_is_no_operation_is_left_out(server: Server) -> None:
    assert call(server, "GET", "/v2/nowhere") is None


class Eavesdropped(Emulator):
    """An emulator that notes what must not be seen on a cassette."""

    def __init__(self, server: Server, site: str) -> None:
        self.secrets: set[str] = set()
        super().__init__(server, site)

    def send(self, request: PreparedRequest) -> Response:
        self.secrets.add(str(request.headers["Authorization"]).rpartition("=")[2])
        response = super().send(request)
        for content in (body_of(request), response.content):
            self._note(json.loads(content or b"null"))
        return response

    def _note(self, value: Any, name: str = "") -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                self._note(item, key)
        elif isinstance(value, list):
            for item in value:
                self._note(item, name)
        elif name in ("customer_id", "password", "mobile_phone", "email", "verified_number", "order_id") and value:
            self.secrets.add(str(value))


@on_both_sites
def test_no_id_secret_or_personal_value_is_on_a_cassette(server: Server, world: World) -> None:
    target = Eavesdropped(server, world.site)
    text = text_of(taped(target, server.contract)).decode()
    assert len(target.secrets) > 80
    assert [secret for secret in target.secrets if len(secret) > 5 and secret in text] == []


def test_two_recordings_of_equal_worlds_are_equal(server: Server) -> None:
    first, second = (taped(Emulator(server, "cn"), server.contract) for _ in range(2))
    assert first == second
