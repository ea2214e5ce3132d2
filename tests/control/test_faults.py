"""Faults placed on purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.driver import Answer, World

OPERATION = "ListPartnerBalances"


def put(world: World, *faults: Any) -> Answer:
    return world.control("PUT", f"sandboxes/{world.id}/faults", list(faults))


def placed(world: World) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = world.control("GET", f"sandboxes/{world.id}/faults")["faults"]
    return rows


def fault(code: str = "CBC.0999", operation: str = OPERATION, **more: Any) -> dict[str, Any]:
    return {"operation": operation, "code": code, **more}


def codes(world: World, calls: int) -> list[str | None]:
    return [world.solution_provider(OPERATION).error_code for _ in range(calls)]


def test_the_next_calls_answer_the_code_with_its_documented_status(world: World) -> None:
    put(world, fault(times=2)).ok  # noqa: B018
    assert world.solution_provider(OPERATION).refused == (500, "CBC.0999")
    assert codes(world, 2) == ["CBC.0999", None]


def test_without_number_every_call_fails(world: World) -> None:
    put(world, fault())
    assert codes(world, 3) == ["CBC.0999"] * 3


def test_faults_of_one_operation_take_their_turns(world: World) -> None:
    put(world, fault("CBC.0100", times=1), fault("CBC.0999", times=2))
    assert codes(world, 4) == ["CBC.0100", "CBC.0999", "CBC.0999", None]


def test_other_operations_and_other_sandboxes_are_untouched(new_world: Callable[..., World]) -> None:
    here, there = new_world(), new_world()
    put(here, fault())
    here.solution_provider("ListSubCustomers", {}).ok  # noqa: B018
    there.solution_provider(OPERATION).ok  # noqa: B018


def test_a_fault_changes_nothing_but_its_count(world: World) -> None:
    put(world, fault("CBC.5003", "UpdateCustomerAccountAmount", times=1))
    with world.unchanged():
        body = {"customer_id": world.customer.id, "amount": 1}
        assert world.solution_provider("UpdateCustomerAccountAmount", body).refused == (400, "CBC.5003")


def test_hits_are_counted(world: World) -> None:
    put(world, fault(times=2), fault("CBC.0100"))
    codes(world, 3)
    assert [(one["code"], one["times"], one["hits"]) for one in placed(world)] == [
        ("CBC.0999", 2, 2),
        ("CBC.0100", None, 1),
    ]


def test_putting_answers_what_is_in_force_and_replaces_what_was(world: World) -> None:
    put(world, fault(), fault("CBC.0100"), fault("CBC.0151"))
    answer = put(world, fault("CBC.5001", times=1)).ok
    wanted = [{"operation": OPERATION, "code": "CBC.5001", "times": 1, "hits": 0}]
    assert answer["faults"] == placed(world) == wanted


def test_faults_can_be_removed(world: World) -> None:
    put(world, fault())
    assert world.control("DELETE", f"sandboxes/{world.id}/faults").status == 204
    assert (placed(world), codes(world, 1)) == ([], [None])


def test_an_empty_list_removes_them_too(world: World) -> None:
    put(world, fault())
    assert put(world).ok["faults"] == placed(world) == []


def test_a_reset_removes_faults_and_a_snapshot_brings_them_back(world: World) -> None:
    put(world, fault(times=2))
    world.control("POST", f"sandboxes/{world.id}/snapshots", {"name": "troubled"})
    codes(world, 1)
    world.control("POST", f"sandboxes/{world.id}/reset")
    assert placed(world) == []
    world.control("POST", f"sandboxes/{world.id}/snapshots/troubled/restore")
    assert codes(world, 3) == ["CBC.0999", "CBC.0999", None]


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (fault(operation="Nothing"), "no operation 'Nothing'"),
        (fault(operation="ShowCustomerExpenditureQuota"), "ShowCustomerExpenditureQuota does not exist on site cn"),
        (
            fault("CBC.7777"),
            "ListPartnerBalances documents no 'CBC.7777' on site cn; "
            "accepted: CBC.0100, CBC.0151, CBC.0999, CBC.5001, CBC.99000037",
        ),
        (fault(times=0), "Expected `int` >= 1 - at `times`"),
        (fault(times=-1), "Expected `int` >= 1 - at `times`"),
        (fault(times=True), "Expected `int | null`, got `bool` - at `times`"),
        (fault(times=1.5), "Expected `int | null`, got `float` - at `times`"),
        (fault(times="often"), "Expected `int | null`, got `str` - at `times`"),
        (fault(every=2), "Object contains unknown field `every`"),
        ({"code": "CBC.0999"}, "Object missing required field `operation`"),
        ({"operation": OPERATION}, "Object missing required field `code`"),
        (fault(operation=5), "Expected `str`, got `int` - at `operation`"),  # type: ignore[arg-type]
        ("CBC.0999", "Expected `object`, got `str`"),
    ],
)
def test_a_fault_that_could_never_hit_is_refused_when_written(world: World, one: Any, said: str) -> None:
    put(world, fault(times=1))
    answer = put(world, fault("CBC.0100"), one)
    assert (answer.status, answer.body) == (400, {"error": f"fault 2: {said}"})
    assert [row["code"] for row in placed(world)] == ["CBC.0999"], "a refused list changes nothing"


def test_a_removed_operation_has_no_faults_where_it_is_not_served(world: World) -> None:
    removed = next(one for one in world.contract if one.status == "removed" and "cn" in one.sites)
    answer = put(world, fault(operation=removed.id))
    said = f"fault 1: {removed.id} is removed; start the server with --removed to have it"
    assert (answer.status, answer.body) == (400, {"error": said})


def test_a_code_that_stands_inside_a_success_only_is_no_fault(world: World) -> None:
    inside = [
        (one.id, row.code)
        for one in world.contract
        if "cn" in one.sites and one.status != "removed"
        for row in one.on("cn").errors
        if row.inside and one.on("cn").row(row.code) is None
    ]
    operation, code = inside[0]
    assert put(world, fault(code, operation)).status == 400


@pytest.mark.parametrize("body", [{}, {"operation": OPERATION, "code": "CBC.0999"}, "CBC.0999", [fault()] * 1001])
def test_faults_are_put_as_a_list(world: World, body: Any) -> None:
    answer = world.control("PUT", f"sandboxes/{world.id}/faults", body)
    said = "the body must be a JSON list of at most 1000 faults"
    assert (answer.status, answer.body) == (400, {"error": said})
