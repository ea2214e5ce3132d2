"""The journal through the control API."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.driver import Answer, World

LOST = "0" * 32


def ids(world: World, query: str = "") -> list[str]:
    rows = world.control("GET", f"requests?sandbox={world.id}{query}")["requests"]
    return [row["id"] for row in rows]


def request_id(answer: Answer) -> str:
    return answer.headers["x-request-id"]


def test_the_newest_requests_come_first(world: World) -> None:
    sent = [request_id(world.solution_provider("ListPartnerBalances")) for _ in range(3)]
    assert ids(world) == sent[::-1]


def test_a_line_says_what_was_called_and_answered(world: World) -> None:
    answer = world.customer("ListSubCustomers", {})
    row = world.control("GET", f"requests?sandbox={world.id}")["requests"][0]
    assert row.pop("milliseconds") > 0
    assert row.pop("time").endswith("Z")
    assert row == {
        "id": request_id(answer),
        "sandbox": world.id,
        "operation": "ListSubCustomers",
        "method": "POST",
        "path": "/v2/partners/sub-customers/query",
        "status": 403,
        "error_code": "CBC.0151",
        "unread": [],
    }


def test_requests_can_be_limited_and_those_of_an_operation_asked_for(world: World) -> None:
    one = request_id(world.solution_provider("ListSubCustomers", {}))
    two = request_id(world.solution_provider("ListPartnerBalances"))
    assert ids(world, "&limit=1") == [two]
    assert ids(world, "&limit=0") == []
    assert ids(world, "&operation=ListSubCustomers") == [one]


def test_requests_of_all_sandboxes_are_in_one_journal(new_world: Callable[..., World]) -> None:
    here, there = new_world(seed=11), new_world(seed=12)
    sent = [request_id(one.solution_provider("ListPartnerBalances")) for one in (here, there)]
    rows = here.control("GET", "requests?limit=2")["requests"]
    assert [row["id"] for row in rows] == sent[::-1]
    assert ids(here) == sent[:1]


def test_an_answer_is_explained_by_its_request_id(world: World) -> None:
    body = {"customer_id": world.customer.id, "amount": 5, "memo": "x"}
    answer = world.solution_provider("UpdateCustomerAccountAmount", body).ok
    told = world.control("GET", f"requests/{request_id(answer)}?sandbox={world.id}").ok.body
    assert (told["status"], told["unread"], told["answer"]) == (200, ["memo"], answer.body)
    assert [one["step"] for one in told["decisions"]][:3] == ["sandbox", "route", "authenticate"]
    moved = [one["change"]["balance"] for one in told["changes"] if one["kind"] == "ledger_accounts"]
    assert moved == [["100000.00", "99995.00"], ["150.00", "155.00"]]


def test_requests_of_equal_seed_have_equal_ids_and_the_sandbox_tells_them_apart(
    new_world: Callable[..., World],
) -> None:
    older, newer = new_world(seed=13), new_world(seed=13)
    same = request_id(older.solution_provider("ListPartnerBalances"))
    assert request_id(newer.solution_provider("ListPartnerBalances")) == same
    assert older.control("GET", f"requests/{same}")["sandbox"] == newer.id
    assert older.control("GET", f"requests/{same}?sandbox={older.id}")["sandbox"] == older.id


def test_an_unknown_request_is_named(world: World) -> None:
    answer = world.control("GET", f"requests/{LOST}")
    assert (answer.status, answer.body) == (404, {"error": f"no request '{LOST}' among the last 1000"})


def test_a_sandboxs_requests_can_be_forgotten(new_world: Callable[..., World]) -> None:
    here, there = new_world(), new_world()
    for world in (here, there):
        world.solution_provider("ListPartnerBalances")
    assert here.control("DELETE", f"requests?sandbox={here.id}").status == 204
    assert (ids(here), len(ids(there))) == ([], 1)


def test_all_requests_can_be_forgotten(world: World) -> None:
    world.solution_provider("ListPartnerBalances")
    assert world.control("DELETE", "requests").status == 204
    assert world.control("GET", "requests")["requests"] == []


@pytest.mark.parametrize(
    ("method", "query", "status", "said"),
    [
        ("GET", "?limit=x", 400, "limit='x' is not a whole number from 0 to 1000"),
        ("GET", "?limit=-1", 400, "limit='-1' is not a whole number from 0 to 1000"),
        ("GET", "?limit=1001", 400, "limit='1001' is not a whole number from 0 to 1000"),
        ("GET", "?operation=Nothing", 400, "no operation 'Nothing'"),
        ("GET", "?sandbox=nowhere", 404, "no sandbox 'nowhere'"),
        ("GET", "?status=200", 400, "unknown filter 'status'; accepted: sandbox, operation, limit"),
        ("GET", f"/{LOST}?sandbox=nowhere", 404, "no sandbox 'nowhere'"),
        ("DELETE", "?sandbox=nowhere", 404, "no sandbox 'nowhere'"),
        ("DELETE", "?operation=ListSubCustomers", 400, "unknown filter 'operation'; accepted: sandbox"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_sentence(
    world: World, method: str, query: str, status: int, said: str
) -> None:
    answer = world.control(method, f"requests{query}")
    assert (answer.status, answer.body) == (status, {"error": said})


def test_a_number_of_any_length_is_refused(world: World) -> None:
    assert world.control("GET", f"requests?limit={'9' * 5000}").status == 400
