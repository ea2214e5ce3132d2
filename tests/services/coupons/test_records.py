"""Records of coupons, as the issuer and as the holder see them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.driver import World
from tests.services.coupons.issuing import coupon, grant, issue, issue_records, reclaim

COUPONS = {"balance_type": "BALANCE_TYPE_COUPON"}


@pytest.fixture
def history(world: World) -> World:
    """An issue of 1 yuan, an hour later its use of 0.25 and its reclaim, an hour later a flexi issue of 2 and a failed
    one of 3."""
    quota, flexi = grant(world), grant(world, type="flexi")
    first = coupon(world, quota, 1, memo="spring")
    world.advance("PT1H")
    world.place("coupon_uses", coupon=first, amount="0.25", order="CS1")
    reclaim(world.solution_provider, first).ok  # noqa: B018
    world.advance("PT1H")
    coupon(world, flexi, 2)
    issue(world.solution_provider, quota, "nobody", face_value=3).ok  # noqa: B018
    return world


def amounts(world: World, **filters: Any) -> list[str]:
    return [str(row["operation_amount"]) for row in issue_records(world, **filters)]


def test_an_issuer_sees_issue_and_reclaim_but_not_the_use(history: World) -> None:
    second, first = issue_records(history, operation_types=["1", "2"], quota_id=history.look("quotas")[0]["id"])[1:]
    assert second == {
        "id": second["id"],
        "operation_type": "2",
        "quota_id": history.look("quotas")[0]["id"],
        "quota_type": 0,
        "coupon_id": first["coupon_id"],
        "customer_id": history.customer.id,
        "operation_amount": second["operation_amount"],
        "operation_time": "2026-03-02T03:00:00Z",
        "result": "0",
        "remark": "",
    }
    assert (first["operation_type"], first["remark"]) == ("1", "spring")


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["3.00", "2.00", "0.75", "1.00"]),
        ({"operation_types": ["2", "3"]}, ["0.75"]),
        ({"operation_types": ["12"]}, []),
        ({"operation_types": [""]}, []),
        ({"quota_id": "nothing"}, []),
        ({"quota_type": 1}, ["2.00"]),
        ({"coupon_ids": ["nothing"]}, []),
        ({"customer_id": "nobody"}, ["3.00"]),
        ({"operation_time_begin": "2026-03-02T02:59:59Z"}, ["3.00", "2.00", "0.75"]),
        ({"operation_time_begin": "2026-03-02T03:00:00Z"}, ["3.00", "2.00"]),
        ({"operation_time_end": "2026-03-02T03:00:00Z"}, ["1.00"]),
        ({"quota_id": "null"}, []),
        ({"quota_id": ""}, ["3.00", "2.00", "0.75", "1.00"]),
        ({"result": "0"}, ["2.00", "0.75", "1.00"]),
        ({"result": "-1"}, ["3.00"]),
        ({"result": "other"}, ["3.00", "2.00", "0.75", "1.00"]),
        ({"offset": 1, "limit": 2}, ["2.00", "0.75"]),
    ],
)
def test_each_filter_of_an_issuers_records_filters(history: World, filters: dict[str, Any], found: list[str]) -> None:
    assert amounts(history, **filters) == found


def test_records_are_found_by_coupons(history: World) -> None:
    first, second = [row["id"] for row in history.look("coupons")]
    assert amounts(history, coupon_ids=[first]) == ["0.75", "1.00"]
    assert amounts(history, coupon_ids=[first, second]) == ["2.00", "0.75", "1.00"]


def test_at_most_eight_kinds_are_asked_for(history: World) -> None:
    answer = history.solution_provider("ListPartnerCouponsRecord", operation_types=list("123456789"))
    assert answer.refused == (400, "CBC.0100")


def test_a_distributor_sees_the_records_of_its_reseller(world: World) -> None:
    body = {"quota_id": grant(world, "demo-distributor"), "indirect_partner_ids": [world.reseller.id]}
    child = world.distributor("UpdateCouponQuotas", {**body, "quota_amount": 50})["simple_quota_infos"][0]["quota_id"]
    own = {"indirect_partner_id": world.reseller.id}
    issue(world.distributor, child, world.reseller_customer.id, face_value=5, **own).ok  # noqa: B018
    assert world.distributor("ListPartnerCouponsRecord")["total_count"] == 0
    assert world.distributor("ListPartnerCouponsRecord", **own)["total_count"] == 1


# The holder's side


def changes(world: World, **filters: Any) -> list[tuple[str, str]]:
    rows = world.customer("ListCustomerCouponChangeRecords", **COUPONS, **filters)["records"]
    return [
        (row["trade_type"] if "trade_type" in row else row["trade_detail_type"], row["change_amount"]) for row in rows
    ]


PRIZE, DEDUCT = "SOURCE_OPERAIION_PRIZE", "SOURCE_OPERAIION_DEDEUCT"
CANCEL = "SOURCE_OPERATION_COUPONCANCEL"
ALL = [(PRIZE, "2.00"), (CANCEL, "0.75"), (DEDUCT, "0.25"), (PRIZE, "1.00")]


def test_a_holder_sees_everything_that_changed_its_coupons(history: World) -> None:
    assert changes(history) == ALL


def test_a_holders_record_says_how_the_coupon_stands(history: World) -> None:
    first = history.look("coupons")[0]["id"]
    row = history.customer("ListCustomerCouponChangeRecords", trade_id="CS1", **COUPONS)["records"][0]
    assert row == {
        "coupon_id": first,
        "trade_detail_type": DEDUCT,
        "trade_time": "2026-03-02T03:00:00Z",
        "trade_id": "CS1",
        "change_amount": "0.25",
        "balance_after_change": "0.75",
        "revenue_expense_type": "EXPENSE",
        "bill_cycle": "2026-03",
        "account_name": "demo-customer",
    }


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"revenue_expense_type": "REVENUE"}, [ALL[0], ALL[3]]),
        ({"revenue_expense_type": "EXPENSE"}, [ALL[1], ALL[2]]),
        ({"trade_type": "COUPONCANCEL"}, [ALL[1]]),
        ({"trade_type": "REFUND"}, []),
        ({"trade_id": "nothing"}, []),
        ({"coupon_id": "nothing"}, []),
        ({"offset": 1, "limit": 2}, ALL[1:3]),
        ({"trade_time_begin": "2026-03-02", "trade_time_end": "2026-03-02"}, ALL),
        ({"trade_time_end": "2026-03-01"}, []),
        ({"trade_time_begin": "2026-03-03", "trade_time_end": "2026-03-04"}, []),
    ],
)
def test_each_filter_of_a_holders_records_filters(
    history: World, filters: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    assert changes(history, **filters) == found


def test_a_holders_records_are_found_by_coupon(history: World) -> None:
    assert changes(history, coupon_id=history.look("coupons")[1]["id"]) == ALL[:1]


def test_days_are_those_of_china(world: World) -> None:
    world.advance("PT14H")
    coupon(world, grant(world))
    assert changes(world, trade_time_end="2026-03-02") == []
    assert len(changes(world, trade_time_begin="2026-03-03")) == 1


@pytest.mark.parametrize(
    "period",
    [
        {"trade_time_begin": "2025-03-01", "trade_time_end": "2026-03-02"},
        {"trade_time_begin": "2026-03-02", "trade_time_end": "2026-03-01"},
        {"trade_time_begin": "2026-03-03"},
        {"trade_time_begin": '""'},
    ],
)
def test_a_period_is_a_year_at_most_and_runs_forward(history: World, period: dict[str, str]) -> None:
    answer = history.customer("ListCustomerCouponChangeRecords", **COUPONS, **period)
    assert answer.refused == (400, "CBC.0100")


def test_expiry_and_what_is_given_back_are_in_the_holders_records(world: World) -> None:
    coupon_id = coupon(world, grant(world), expire_time="2026-03-02T03:00:00Z")
    world.place("coupon_uses", coupon=coupon_id, amount="30", order="CS1")
    world.place("coupon_returns", coupon=coupon_id, amount="10", order="CS1")
    world.advance("PT1H")
    assert changes(world)[:2] == [("SOURCE_OPERAIION_EXPIRECLEAR", "80.00"), ("SOURCE_OPERAIION_UNSUBSCRIBE", "10.00")]
