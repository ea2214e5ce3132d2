"""Adjustments: what moved between a partner and its customers, or a distributor and its resellers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.driver import Answer, World
from tests.services.accounts.statements import (
    ADJUSTMENTS,
    BEADJUST,
    BERETRIEVE,
    BEUNBIND,
    allocate,
    amounts,
    fund_reseller,
    reclaim,
    records,
    second_customer,
)

# Filters of the adjustments


@pytest.fixture
def adjusted(world: World) -> World:
    """Allocated 7 at ten, reclaimed 3 at eleven, allocated 9 to a second customer at twelve."""
    allocate(world, 7)
    world.advance("PT1H")
    reclaim(world, 3)
    world.advance("PT1H")
    allocate(world, 9, second_customer(world))
    return world


def adjustments(world: World, caller: str = "solution_provider", **filters: str) -> list[str]:
    return amounts(world.caller(caller), ADJUSTMENTS, **filters)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["9.00", "3.00", "7.00"]),
        ({"operation_type": BEADJUST}, ["9.00", "7.00"]),
        ({"operation_type": BERETRIEVE}, ["3.00"]),
        ({"operation_type": BEUNBIND}, []),
        ({"operation_type": ""}, ["9.00", "3.00", "7.00"]),
        ({"operation_time_begin": "2026-03-02T02:00:00Z"}, ["9.00", "3.00"]),
        ({"operation_time_end": "2026-03-02T04:00:00Z"}, ["3.00", "7.00"]),
        ({"operation_time_begin": "2026-03-02T02:00:00Z", "operation_time_end": "2026-03-02T04:00:00Z"}, ["3.00"]),
        ({"operation_time_begin": "2020-01-01T00:00:00Z"}, ["9.00", "3.00", "7.00"]),
        ({"trans_id": "AD000000000001000000"}, []),
        ({"trans_id": ""}, ["9.00", "3.00", "7.00"]),
        ({"customer_id": ""}, ["9.00", "3.00", "7.00"]),
        ({"customer_id": "unknown"}, []),
    ],
)
def test_each_filter_of_the_adjustments_filters(adjusted: World, filters: dict[str, str], found: list[str]) -> None:
    assert adjustments(adjusted, **filters) == found


def test_adjustments_of_one_customer(adjusted: World) -> None:
    assert adjustments(adjusted, customer_id=adjusted.customer.id) == ["3.00", "7.00"]


def test_a_movement_is_found_by_the_id_that_the_call_answered(world: World) -> None:
    given, taken = allocate(world, 7), reclaim(world, 3)
    assert adjustments(world, trans_id=given) == ["7.00"]
    assert adjustments(world, trans_id=taken) == ["3.00"]


@pytest.mark.parametrize("name", ["operation_time_begin", "operation_time_end"])
@pytest.mark.parametrize("instant", ["2026-03-02", "2026-03-02T02:00:00", "2026-13-02T02:00:00Z"])
def test_adjustments_take_instants(world: World, name: str, instant: str) -> None:
    assert world.solution_provider(ADJUSTMENTS, **{name: instant}).refused == (400, "CBC.0100")


def test_a_kind_that_is_no_adjustment_is_refused(world: World) -> None:
    answer = world.solution_provider(ADJUSTMENTS, operation_type="SOURCE_OPERAIION_RECHARGE")
    assert answer.refused == (400, "CBC.0100")


def test_a_customer_that_is_not_partner_paid_any_more_answers_nothing(adjusted: World) -> None:
    adjusted.place("switches", customer="demo-customer", association="referral")
    assert adjustments(adjusted, customer_id=adjusted.customer.id) == []
    assert adjustments(adjusted) == ["154.00", "9.00", "3.00", "7.00"]


def test_a_customer_that_left_answers_nothing_but_stays_in_the_list(adjusted: World) -> None:
    adjusted.place("dissociations", customer="demo-customer")
    assert adjustments(adjusted, customer_id=adjusted.customer.id) == []
    assert adjustments(adjusted, operation_type=BEUNBIND) == ["154.00"]


def test_a_distributor_sees_what_it_moved_to_and_from_its_resellers(world: World) -> None:
    fund_reseller(world, 100)
    body = {"indirect_partner_id": world.reseller.id, "amount": 40}
    assert world.distributor("ReclaimIndirectPartnerAccount", body)["trans_id"]
    rows = records(world.distributor, ADJUSTMENTS)
    assert [(row["operation_type"], row["amount"]) for row in rows] == [(BERETRIEVE, "40.00"), (BEADJUST, "100.00")]
    assert {(row["customer_id"], row["customer_name"]) for row in rows} == {(world.reseller.id, "demo-reseller")}
    assert adjustments(world, "distributor", customer_id=world.reseller.id) == ["40.00", "100.00"]


def test_naming_a_reseller_shows_its_movements_with_its_customers(world: World) -> None:
    fund_reseller(world, 100)
    body = {"customer_id": world.reseller_customer.id, "amount": 5, "indirect_partner_id": world.reseller.id}
    assert world.distributor("UpdateCustomerAccountAmount", body)["transfer_id"]
    assert adjustments(world, "distributor", indirect_partner_id=world.reseller.id) == ["5.00"]
    assert adjustments(world, "distributor") == ["100.00"]


@pytest.mark.parametrize("other", ["referral_customer", "reseller_customer", "reseller"])
def test_asking_for_others_answers_an_empty_list(adjusted: World, other: str) -> None:
    assert adjustments(adjusted, customer_id=adjusted.caller(other).id) == []


def explained(answer: Answer, world: World) -> Any:
    return world.control("GET", f"requests/{answer.headers['x-request-id']}?sandbox={world.id}").body


def test_every_filter_counts_as_read_even_where_there_is_nothing_to_filter(world: World) -> None:
    answer = world.distributor(ADJUSTMENTS, trans_id="x", customer_id="y", operation_type=BEADJUST)
    assert explained(answer, world)["unread"] == []
