"""Sandboxes and their clocks through the control API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import START
from tests.driver import Answer, World

CREDENTIAL = {"kind", "ak", "sk", "domain_id", "domain_name", "user_name", "password", "xaccount_type"}


def on(world: World, method: str, path: str = "", body: Any = None) -> Answer:
    """A control call about the world's sandbox."""
    return world.control(method, f"sandboxes/{world.id}{path}", body)


def clock(world: World, **wish: Any) -> Answer:
    return on(world, "PUT", "/clock", wish)


def allocate(world: World, amount: Any = 1) -> Answer:
    body = {"customer_id": world.customer.id, "amount": amount}
    return world.solution_provider("UpdateCustomerAccountAmount", body).ok


# Making and removing


def test_a_new_sandbox_answers_its_id_and_its_credentials(world: World) -> None:
    answer = world.control("POST", "sandboxes", {"seed": 5, "site": "intl", "clock": START})
    made = answer.body
    assert answer.status == 201
    assert (made["fixture"], made["seed"], made["site"]) == ("demo", 5, "intl")
    assert made["clock"] == {"now": START, "mode": "frozen"}
    assert all(one.keys() == CREDENTIAL for one in made["credentials"].values())
    assert made["credentials"]["customer"]["kind"] == "customer"
    world.control("DELETE", f"sandboxes/{made['id']}")


def test_without_wishes_it_is_like_the_default_one(world: World) -> None:
    made = world.control("POST", "sandboxes").ok.body
    assert (made["fixture"], made["seed"], made["site"], made["clock"]["mode"]) == ("demo", 0, "cn", "real")
    world.control("DELETE", f"sandboxes/{made['id']}")


def test_sandboxes_are_listed_without_credentials(world: World) -> None:
    rows = {one["id"]: one for one in world.control("GET", "sandboxes")["sandboxes"]}
    assert {"default", world.id} <= rows.keys()
    assert rows[world.id].keys() == {"id", "fixture", "seed", "site", "clock"}


def test_a_sandbox_is_shown_with_credentials_and_snapshots(world: World) -> None:
    on(world, "POST", "/snapshots", {"name": "one"})
    shown = on(world, "GET").ok.body
    assert (shown["id"], shown["credentials"], shown["snapshots"]) == (world.id, world.credentials, ["one"])


def test_a_removed_sandbox_is_gone_with_its_credentials_and_its_journal(world: World) -> None:
    made = World(world.transport, world.contract)
    request_id = made.solution_provider("ListPartnerBalances").ok.headers["x-request-id"]
    assert on(made, "DELETE").status == 204
    assert on(made, "GET").status == 404
    assert made.solution_provider("ListPartnerBalances").refused == (401, "APIGW.0301")
    assert made.control("GET", f"requests/{request_id}?sandbox={made.id}").status == 404


def test_the_default_sandbox_stays(world: World) -> None:
    answer = world.control("DELETE", "sandboxes/default")
    said = "the default sandbox stays as long as the server; reset it instead"
    assert (answer.status, answer.body) == (400, {"error": said})


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"fixture": "nope"}, "no fixture 'nope'; accepted: demo, empty, large, or the path of a .json file"),
        ({"fixture": 5}, "fixture must be a string"),
        ({"seed": "1"}, "seed must be a whole number between -2**63 and 2**63"),
        ({"seed": True}, "seed must be a whole number"),
        ({"seed": 1.5}, "seed must be a whole number"),
        ({"seed": 2**64}, "seed must be a whole number"),
        ({"seed": None}, "seed must be a whole number"),
        ({"site": "eu"}, "'eu' is not a site; accepted: cn, intl"),
        ({"site": None}, "site must be a string"),
        ({"clock": "noon"}, "clock: 'noon' is not an instant like 2026-01-31T08:00:00Z, nor is it real"),
        ({"clock": "2026-02-30T00:00:00Z"}, "clock: '2026-02-30T00:00:00Z' is not an instant"),
        ({"clock": "1999-12-31T23:59:59Z"}, "the clock goes from 2000 to 2999, not to 1999-12-31T23:59:59Z"),
        ({"clock": "9999-12-31T23:59:59Z"}, "the clock goes from 2000 to 2999"),
        ({"name": "mine"}, "unknown field 'name'; accepted: fixture, seed, site, clock"),
        ([], "the body must be a JSON object"),
    ],
)
def test_a_sandbox_that_cannot_be_made_is_one_sentence(world: World, wish: Any, said: str) -> None:
    before = world.control("GET", "health")["sandboxes"]
    answer = world.control("POST", "sandboxes", wish)
    assert answer.status == 400
    assert answer.body["error"].startswith(said)
    assert world.control("GET", "health")["sandboxes"] == before


# The same again


def test_equal_seeds_and_equal_calls_give_equal_answers(new_world: Callable[..., World]) -> None:
    one, other = new_world(seed=7), new_world(seed=7)
    answers = [(allocate(world).body, world.solution_provider("ListSubCustomers", {}).body) for world in (one, other)]
    assert answers[0] == answers[1]


def test_another_seed_gives_other_ids(new_world: Callable[..., World]) -> None:
    assert new_world(seed=7).customer.id != new_world(seed=8).customer.id


def test_after_a_reset_everything_happens_again_alike(world: World) -> None:
    before, first = world.state(), allocate(world)
    world.advance("P1D")
    on(world, "POST", "/reset").ok  # noqa: B018
    assert (world.now, world.state()) == (START, before)
    again = allocate(world)
    assert (again.body, again.headers["x-request-id"]) == (first.body, first.headers["x-request-id"])


def test_a_reset_empties_the_journal_and_keeps_snapshots(world: World) -> None:
    on(world, "POST", "/snapshots", {"name": "one"})
    allocate(world)
    on(world, "POST", "/reset")
    assert world.control("GET", f"requests?sandbox={world.id}")["requests"] == []
    assert on(world, "GET", "/snapshots")["snapshots"] == ["one"]


# Snapshots


def test_a_snapshot_is_come_back_to_as_often_as_wanted(world: World) -> None:
    allocate(world)
    world.advance("PT1H")
    assert on(world, "POST", "/snapshots", {"name": "rich"}).status == 201
    saved, now = world.state(), world.now
    for _ in range(2):
        allocate(world)
        world.advance("P1M")
        answer = on(world, "POST", "/snapshots/rich/restore").ok
        assert answer["clock"] == {"now": now, "mode": "frozen"}
        assert world.state() == saved


def test_a_name_saved_again_means_the_newer_state(world: World) -> None:
    for _ in range(2):
        allocate(world)
        on(world, "POST", "/snapshots", {"name": "one"})
    saved = world.state()
    allocate(world)
    on(world, "POST", "/snapshots/one/restore")
    assert (world.state(), on(world, "GET", "/snapshots")["snapshots"]) == (saved, ["one"])


def test_snapshots_belong_to_their_sandbox(new_world: Callable[..., World]) -> None:
    here, there = new_world(), new_world()
    on(here, "POST", "/snapshots", {"name": "mine"})
    answer = on(there, "POST", "/snapshots/mine/restore")
    assert (answer.status, answer.body) == (404, {"error": f"no snapshot 'mine' in sandbox {there.id}"})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "name must be a string without /"),
        ({"name": ""}, "name must be a string without /"),
        ({"name": "a/b"}, "name must be a string without /"),
        ({"name": 5}, "name must be a string without /"),
        ({"name": "a", "site": "cn"}, "unknown field 'site'; accepted: name"),
        (["a"], "the body must be a JSON object"),
    ],
)
def test_a_snapshot_needs_a_name(world: World, body: Any, said: str) -> None:
    answer = on(world, "POST", "/snapshots", body)
    assert (answer.status, answer.body) == (400, {"error": said})


# The clock


def test_the_clock_is_shown(world: World) -> None:
    assert on(world, "GET", "/clock").body == {"now": START, "mode": "frozen"}


@pytest.mark.parametrize(
    ("wish", "now"),
    [
        ({"advance": "PT15M"}, "2026-03-02T02:15:00Z"),
        ({"advance": "P1M"}, "2026-04-02T02:00:00Z"),
        ({"advance": "P1Y2M10DT2H"}, "2027-05-12T04:00:00Z"),
        ({"advance": "PT0S"}, START),
        ({"now": "2026-12-31T23:59:59Z"}, "2026-12-31T23:59:59Z"),
        ({"now": START}, START),
    ],
)
def test_the_clock_goes_forward(world: World, wish: dict[str, str], now: str) -> None:
    assert clock(world, **wish).ok.body == {"now": now, "mode": "frozen", "events": 0}
    assert world.now == now


def test_what_falls_due_on_the_way_happens_and_is_counted(world: World) -> None:
    world.place("settings", association_delay=5)
    body = {"xaccount_id": "new-one", "xaccount_type": "DEMO_IDP", "domain_name": "new-customer"}
    made = world.solution_provider("CreateSubCustomer", {**body, "is_close_market_ms": "true"}).ok["domain_id"]
    assert world.look("customers", id=made)[0]["partner_id"] is None
    assert clock(world, advance="PT4S").ok["events"] == 0
    assert clock(world, advance="PT1S").ok["events"] == 1
    assert world.look("customers", id=made)[0]["partner_id"] == world.solution_provider.id


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"now": "2026-03-02T01:59:59Z"}, f"the clock stands at {START} and never goes back"),
        ({"advance": "-PT1S"}, f"the clock stands at {START} and never goes back"),
        ({"now": "3000-01-01T00:00:00Z"}, "the clock goes from 2000 to 2999, not to 3000-01-01T00:00:00Z"),
        ({"advance": "P1000Y"}, "the clock goes from 2000 to 2999"),
        ({"advance": "P9999Y"}, "'P9999Y' is not an ISO 8601 duration"),
        ({"advance": "tomorrow"}, "'tomorrow' is not an ISO 8601 duration like PT15M, P1D or P1M"),
        ({"advance": ""}, "'' is not an ISO 8601 duration"),
        ({"now": "tomorrow"}, "'tomorrow' is not an instant like 2026-01-31T08:00:00Z"),
        ({"mode": "slow"}, "'slow' is not a clock mode; accepted: real, frozen"),
        ({}, "give exactly one of now, advance and mode, as a string"),
        ({"now": START, "mode": "real"}, "give exactly one of now, advance and mode, as a string"),
        ({"advance": 5}, "give exactly one of now, advance and mode, as a string"),
        ({"mode": None}, "give exactly one of now, advance and mode, as a string"),
        ({"speed": "2"}, "unknown field 'speed'; accepted: now, advance, mode"),
    ],
)
def test_a_wish_that_cannot_be_granted_moves_nothing(world: World, wish: dict[str, Any], said: str) -> None:
    answer = clock(world, **wish)
    assert answer.status == 400
    assert answer.body["error"].startswith(said)
    assert world.now == START


def test_too_far_a_wish_lets_nothing_happen_on_the_way(world: World) -> None:
    body = {"xaccount_id": "new-one", "xaccount_type": "DEMO_IDP", "domain_name": "new-customer"}
    world.solution_provider("CreateSubCustomer", {**body, "is_close_market_ms": "true"}).ok  # noqa: B018
    with world.unchanged():
        assert clock(world, now="3000-01-01T00:00:00Z").status == 400


def test_a_following_clock_goes_on_from_where_it_was_moved_to(world: World) -> None:
    assert clock(world, mode="real").ok.body["mode"] == "real"
    clock(world, advance="P10Y").ok  # noqa: B018
    assert world.now >= "2036-03-02T02:00:00Z"
    assert clock(world, mode="frozen").ok.body["now"] == world.now


def test_clocks_of_sandboxes_are_apart(new_world: Callable[..., World]) -> None:
    here, there = new_world(), new_world()
    here.advance("P1Y")
    assert (here.now, there.now) == ("2027-03-02T02:00:00Z", START)


def test_the_digest_is_equal_as_long_as_nothing_changes(world: World) -> None:
    before = on(world, "GET", "/digest")["digest"]
    world.solution_provider("ListProvinces").ok  # noqa: B018
    assert on(world, "GET", "/digest")["digest"] == before
    world.place("customers", name="demo-customer", mobile="13800001111")
    assert on(world, "GET", "/digest")["digest"] != before
