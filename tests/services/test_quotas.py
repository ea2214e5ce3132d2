"""Voucher quotas of resellers: issuing them, taking them back, lists and records."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.driver import Answer, World
from tests.services.coupons.issuing import balance, failures, grant, issue, reclaim

ISSUE, RECLAIM = "UpdateCouponQuotas", "ReclaimCouponQuotas"
LIST, RECORDS = "ListIssuedCouponQuotas", "ListCouponQuotasRecords"


@pytest.fixture
def quota(world: World) -> str:
    return grant(world, "demo-distributor")


def issue_quota(world: World, quota: str, *resellers: str, amount: Any = 100) -> Answer:
    body = {"quota_id": quota, "indirect_partner_ids": list(resellers) or [world.reseller.id], "quota_amount": amount}
    return world.distributor(ISSUE, body)


def child_of(world: World, quota: str, amount: Any = 100) -> str:
    return str(issue_quota(world, quota, amount=amount)["simple_quota_infos"][0]["quota_id"])


def take_back(world: World, *quotas: str, **fields: Any) -> Answer:
    return world.distributor(RECLAIM, {"quota_ids": list(quotas), **fields})


def another_reseller(world: World, name: str = "west", **fields: Any) -> str:
    placed = world.place("partners", name=name, kind="reseller", distributor="demo-distributor", **fields)
    return str(placed["id"])


def listed(world: World, **filters: Any) -> list[Any]:
    return [row["quota_value"] for row in world.distributor(LIST, **filters)["quotas"]]


def recorded(world: World, **filters: Any) -> list[tuple[str, Any]]:
    rows = world.distributor(RECORDS, **filters)["records"]
    return [(row["operation_type"], row["amount"]) for row in rows]


# Issuing


def test_each_reseller_gets_a_quota_cut_from_the_distributors(world: World, quota: str) -> None:
    west = another_reseller(world)
    answer = issue_quota(world, quota, world.reseller.id, west, amount="1.11")
    assert [one["id"] for one in answer["simple_quota_infos"]] == [world.reseller.id, west]
    assert answer["error_details"] == []
    assert balance(world, quota) == Decimal("997.78")


def test_a_resellers_quota_has_the_terms_of_its_parent(world: World) -> None:
    limits = [{"limit_key": "chargeScene", "limit_values": [["5", ""]]}]
    parent = grant(world, "demo-distributor", restrictions={"limits": limits}, validity={"expires": "P30D"})
    child = child_of(world, parent)
    assert world.distributor(LIST)["quotas"] == [
        {
            "quota_id": child,
            "quota_type": 0,
            "create_time": "2026-03-02T02:00:00Z",
            "last_update_time": "2026-03-02T02:00:00Z",
            "quota_value": 100,
            "quota_status": 0,
            "balance": 100,
            "measure_id": 1,
            "currency": "CNY",
            "effective_time": "2026-03-02T02:00:00Z",
            "expire_time": "2026-04-01T02:00:00Z",
            "limit_infos": [{"limit_key": "chargeScene", "limit_values": [{"value1": "5", "value2": ""}]}],
            "indirect_partner_id": world.reseller.id,
            "indirect_partner_account_name": "demo-reseller",
            "indirect_partner_name": "Demo Reseller Ltd",
            "parent_quota_id": parent,
        }
    ]


def test_a_reseller_named_twice_gets_one_quota_but_another_call_makes_another(world: World, quota: str) -> None:
    assert len(issue_quota(world, quota, world.reseller.id, world.reseller.id)["simple_quota_infos"]) == 1
    assert child_of(world, quota) != child_of(world, quota)
    assert balance(world, quota) == 700


def test_a_reseller_that_is_leaving_is_reported_and_stops_nobody(world: World, quota: str) -> None:
    leaving = another_reseller(world, left_programme=True)
    answer = issue_quota(world, quota, leaving, world.reseller.id, amount=1000)
    assert failures(answer) == [("CBC.50010105", leaving)]
    assert [one["id"] for one in answer["simple_quota_infos"]] == [world.reseller.id]


def test_nobody_is_served_unless_the_balance_suffices_for_all(world: World, quota: str) -> None:
    west = another_reseller(world)
    with world.unchanged():
        assert issue_quota(world, quota, world.reseller.id, west, amount="500.01").refused == (400, "CBC.99000013")
    issue_quota(world, quota, world.reseller.id, west, amount=500).ok  # noqa: B018


@pytest.mark.parametrize("state", ["invalid", "adjusting", "frozen"])
def test_only_a_normal_quota_is_cut(world: World, quota: str, state: str) -> None:
    world.place("quota_states", quota=quota, state=state)
    with world.unchanged():
        assert issue_quota(world, quota).refused == (400, "CBC.99000015")


def test_a_quota_is_cut_within_its_validity_only(world: World) -> None:
    quota = grant(world, "demo-distributor", validity={"effective": "PT1H", "expires": "PT2H"})
    with world.unchanged():
        assert issue_quota(world, quota).refused == (400, "CBC.99000017")
    world.advance("PT2H")
    with world.unchanged():
        assert issue_quota(world, quota).refused == (400, "CBC.99000017")


def test_a_reseller_must_be_the_callers(world: World, quota: str) -> None:
    with world.unchanged():
        assert issue_quota(world, quota, world.reseller.id, "nobody").refused == (400, "CBC.99000037")


def test_designated_customers_must_be_the_resellers(world: World) -> None:
    quota = grant(world, "demo-distributor", restrictions={"customers": ["demo-reseller-customer"]})
    west = another_reseller(world)
    with world.unchanged():
        assert issue_quota(world, quota, west).refused == (400, "CBC.50000021")
    assert child_of(world, quota)


@pytest.mark.parametrize("partner", ["demo-partner", "demo-distributor"])
def test_a_quota_must_be_a_voucher_quota_of_the_caller(world: World, partner: str) -> None:
    wrong = grant(world, partner, type="flexi")
    with world.unchanged():
        assert issue_quota(world, wrong).refused == (400, "CBC.0100")
        assert issue_quota(world, "nothing").refused == (400, "CBC.0100")


@pytest.mark.parametrize("fields", [{"amount": 0}, {"amount": "1.001"}, {"amount": 100000001}])
def test_amounts_have_bounds(world: World, quota: str, fields: dict[str, Any]) -> None:
    with world.unchanged():
        assert issue_quota(world, quota, **fields).refused == (400, "CBC.0100")


@pytest.mark.parametrize(("code", "status"), [("CBC.50000045", 400), ("CBC.0150", 403)])
def test_what_only_the_vendors_systems_cause_comes_from_a_fault(
    world: World, quota: str, code: str, status: int
) -> None:
    faults = [{"operation": ISSUE, "code": code, "times": 1}]
    world.control("PUT", f"sandboxes/{world.id}/faults", faults).ok  # noqa: B018
    with world.unchanged():
        assert issue_quota(world, quota).refused == (status, code)


# Taking back


def test_what_is_left_returns_to_the_parent(world: World, quota: str) -> None:
    child = child_of(world, quota)
    issue(world.distributor, child, world.reseller_customer.id, face_value=30, indirect_partner_id=world.reseller.id)
    answer = take_back(world, child)
    assert answer["simple_quota_infos"] == [{"quota_id": child, "quota_balance": 0}]
    assert (balance(world, quota), answer["error_details"]) == (970, [])
    assert recorded(world)[0] == ("11", 70)


def test_a_quota_taken_back_stays_in_the_distributors_list_only(world: World, quota: str) -> None:
    take_back(world, child_of(world, quota)).ok  # noqa: B018
    assert [row["quota_status"] for row in world.distributor(LIST)["quotas"]] == [6]
    own = {"indirect_partner_id": world.reseller.id}
    assert world.distributor("ListQuotaCoupons", own)["total_count"] == 0


def test_what_comes_back_later_goes_on_to_the_parent(world: World, quota: str) -> None:
    child, own = child_of(world, quota), {"indirect_partner_id": world.reseller.id}
    answer = issue(world.distributor, child, world.reseller_customer.id, face_value=30, **own)
    take_back(world, child).ok  # noqa: B018
    reclaim(world.distributor, answer["coupon_infos"][0]["coupon_id"], **own).ok  # noqa: B018
    assert (balance(world, child), balance(world, quota)) == (0, 1000)
    assert recorded(world)[0] == ("11", 30)


def test_what_cannot_be_taken_back_is_reported_and_stops_nothing(world: World, quota: str) -> None:
    child = child_of(world, quota)
    answer = take_back(world, "nothing", child, quota)
    assert failures(answer) == [("CBC.99000012", "nothing"), ("CBC.99000012", quota)]
    assert [one["quota_id"] for one in answer["simple_quota_infos"]] == [child]


def test_if_nothing_can_be_taken_back_the_call_is_refused(world: World, quota: str) -> None:
    child = child_of(world, quota)
    take_back(world, child).ok  # noqa: B018
    with world.unchanged():
        assert take_back(world, child, "nothing").refused == (400, "CBC.99000012")


def test_a_frozen_quota_and_an_empty_one_are_not_taken_back(world: World, quota: str) -> None:
    frozen, empty = child_of(world, quota), child_of(world, quota)
    world.place("quota_states", quota=frozen, state="frozen")
    own = {"indirect_partner_id": world.reseller.id}
    issue(world.distributor, empty, world.reseller_customer.id, **own).ok  # noqa: B018
    with world.unchanged():
        assert take_back(world, frozen, empty).refused == (400, "CBC.99000012")


def test_a_resellers_quota_ends_with_its_parents(world: World) -> None:
    quota = grant(world, "demo-distributor", validity={"expires": "PT1H"})
    child_of(world, quota)
    world.advance("PT1H")
    assert [row["quota_status"] for row in world.distributor(LIST)["quotas"]] == [3]


# Lists


@pytest.fixture
def history(world: World, quota: str) -> World:
    """Quotas of 1 and, an hour later, of 2 yuan; the first is taken back at that time."""
    first = child_of(world, quota, 1)
    world.advance("PT1H")
    issue_quota(world, quota, another_reseller(world), amount=2).ok  # noqa: B018
    take_back(world, first, remark="over").ok  # noqa: B018
    return world


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, [2, 1]),
        ({"quota_id": "nothing"}, []),
        ({"quota_id": ""}, [2, 1]),
        ({"indirect_partner_id": "nobody"}, []),
        ({"parent_quota_id": "nothing"}, []),
        ({"parent_quota_id": ""}, []),
        ({"offset": 1, "limit": 1}, [1]),
    ],
)
def test_each_filter_of_quotas_filters(history: World, filters: dict[str, Any], found: list[int]) -> None:
    assert listed(history, **filters) == found


def test_quotas_are_found_by_their_ids_and_resellers(history: World, quota: str) -> None:
    first = history.look("quotas", parent_id=quota)[0]["id"]
    assert listed(history, quota_id=first) == [1]
    assert listed(history, indirect_partner_id=history.reseller.id) == [1]
    assert listed(history, parent_quota_id=quota) == [2, 1]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, [("11", 1), ("10", 2), ("10", 1)]),
        ({"operation_type": "10"}, [("10", 2), ("10", 1)]),
        ({"operation_type": "11"}, [("11", 1)]),
        ({"operation_type": "other"}, [("11", 1), ("10", 2), ("10", 1)]),
        ({"operation_time_begin": "2026-03-02T02:00:00Z"}, [("11", 1), ("10", 2)]),
        ({"operation_time_end": "2026-03-02T03:00:00Z"}, [("10", 1)]),
        ({"quota_id": "nothing"}, []),
        ({"parent_quota_id": "nothing"}, []),
        ({"parent_quota_id": '""'}, []),
        ({"parent_quota_id": "null"}, []),
        ({"indirect_partner_id": "nobody"}, []),
        ({"indirect_partner_id": ""}, [("11", 1), ("10", 2), ("10", 1)]),
        ({"offset": 1, "limit": 1}, [("10", 2)]),
    ],
)
def test_each_filter_of_records_filters(history: World, filters: dict[str, Any], found: list[tuple[str, int]]) -> None:
    assert recorded(history, **filters) == found


def test_records_are_found_by_quota_and_reseller(history: World, quota: str) -> None:
    first = history.look("quotas", parent_id=quota)[0]["id"]
    assert recorded(history, quota_id=first) == [("11", 1), ("10", 1)]
    assert recorded(history, indirect_partner_id=history.reseller.id) == [("11", 1), ("10", 1)]
    assert len(recorded(history, parent_quota_id=quota)) == 3


def test_a_record_names_operator_reseller_and_remark(history: World, quota: str) -> None:
    row = history.distributor(RECORDS)["records"][0]
    assert row == {
        "id": row["id"],
        "operator": "demo-distributor",
        "operation_type": "11",
        "quota_id": history.look("quotas", parent_id=quota)[0]["id"],
        "parent_quota_id": quota,
        "amount": 1,
        "operation_time": "2026-03-02T03:00:00Z",
        "result": "0",
        "indirect_partner_account_name": "demo-reseller",
        "indirect_partner_id": history.reseller.id,
        "indirect_partner_name": "Demo Reseller Ltd",
        "remark": "over",
    }


def test_another_distributor_sees_and_reclaims_nothing(history: World, quota: str) -> None:
    history.place("partners", name="other", kind="distributor", credential="other")
    other = history.caller("other")
    assert other(LIST)["total_count"] == other(RECORDS)["total_count"] == 0
    second = history.look("quotas", parent_id=quota)[1]["id"]
    assert other(RECLAIM, {"quota_ids": [second]}).refused == (400, "CBC.99000012")


def test_an_account_manager_deals_with_the_resellers_in_his_charge(history: World, quota: str) -> None:
    items = ["BPC_ITEM_SUBCUSTSERV_030600", "BPC_ITEM_SALES_020106"]
    fields = {"account": "demo-distributor", "role": "account_manager", "items": items}
    history.place("users", name="anna", credential="anna", **fields)
    history.place("partners", name="west", account_manager="anna")
    anna = history.caller("anna")
    assert [row["quota_value"] for row in anna(LIST)["quotas"]] == [2]
    body = {"quota_id": quota, "indirect_partner_ids": [history.reseller.id], "quota_amount": 1}
    assert anna(ISSUE, body).refused == (400, "CBC.99000037")
