"""Income and expense records: views of the movements of money."""

from __future__ import annotations

from typing import Any

import pytest

from tests.driver import World
from tests.services.accounts.statements import (
    ADJUSTMENTS,
    BEADJUST,
    BERETRIEVE,
    BOTH_STATEMENTS,
    CREDIT,
    CUSTOMER,
    DEBIT,
    PARTNER,
    allocate,
    amounts,
    reclaim,
    records,
    top_up,
)

# What a movement leaves behind


def test_an_allocation_appears_once_in_the_partners_records(world: World) -> None:
    movement = allocate(world, "12.34")
    row = records(world.solution_provider)[0]
    assert len(row.pop("account_change_id")) == 32
    assert row == {
        "trade_detail_type": BEADJUST,
        "trade_time": "2026-03-02T02:00:00Z",
        "trade_id": movement,
        "change_amount": "12.34",
        "balance_after_change": "99987.66",
        "type": "2",
        "customer_id": world.customer.id,
        "account_name": "demo-customer",
    }
    assert len(records(world.solution_provider, trade_type="BEADJUST")) == 1


def test_an_allocation_appears_once_in_the_customers_records(world: World) -> None:
    movement = allocate(world, "12.34")
    row = records(world.customer, CUSTOMER)[0]
    assert len(row.pop("account_change_id")) == 32
    assert row == {
        "trade_detail_type": BEADJUST,
        "trade_time": "2026-03-02T02:00:00Z",
        "trade_id": movement,
        "change_amount": "12.34",
        "balance_after_change": "162.34",
        "revenue_expense_type": "REVENUE",
        "bill_cycle": "",
        "payment_channel_id": "0",
        "payment_channel_no": "",
        "consume_time": "",
        "account_name": "demo-customer",
        "cloud_service_type_name": "",
        "resource_type_name": "",
    }
    assert len(records(world.customer, CUSTOMER, trade_type="BEADJUST")) == 1


def test_an_allocation_appears_once_in_the_adjustments(world: World) -> None:
    movement = allocate(world, "12.34")
    assert records(world.solution_provider, ADJUSTMENTS) == [
        {
            "customer_id": world.customer.id,
            "customer_name": "demo-customer",
            "operation_type": BEADJUST,
            "amount": "12.34",
            "currency": "CNY",
            "apply_scene": "",
            "operation_time": "2026-03-02T02:00:00Z",
            "measure_id": 1,
            "trans_id": movement,
            "memo": "",
        }
    ]


def test_a_reclaim_is_income_of_the_partner_and_expense_of_the_customer(world: World) -> None:
    reclaim(world, 50)
    own, theirs = records(world.solution_provider)[0], records(world.customer, CUSTOMER)[0]
    assert (own["trade_detail_type"], own["type"], own["customer_id"]) == (BERETRIEVE, "1", world.customer.id)
    assert (theirs["trade_detail_type"], theirs["revenue_expense_type"]) == (BERETRIEVE, "EXPENSE")
    assert (own["change_amount"], theirs["balance_after_change"]) == ("50.00", "100.00")


def test_other_records_name_no_customer(world: World) -> None:
    top_up(world, "demo-partner", "10")
    row = records(world.solution_provider)[0]
    assert (row["trade_detail_type"], row["customer_id"], row["account_name"]) == ("SOURCE_OPERAIION_RECHARGE", "", "")


def test_consumption_is_no_matter_of_the_partners(world: World) -> None:
    before = records(world.solution_provider)
    world.place("expenses", customer="demo-customer", amount="5.5")
    assert records(world.solution_provider) == before
    row = records(world.customer, CUSTOMER)[0]
    assert (row["trade_detail_type"], row["change_amount"]) == ("SOURCE_OPERAIION_USAGE", "5.50")
    assert (row["bill_cycle"], row["consume_time"]) == ("2026-03", "2026-03-02T02:00:00Z,2026-03-02T02:00:00Z")


def test_the_bill_cycle_is_a_china_month(world: World) -> None:
    world.control("PUT", f"sandboxes/{world.id}/clock", {"now": "2026-03-31T16:00:00Z"})
    world.place("expenses", customer="demo-customer", amount="1")
    assert records(world.customer, CUSTOMER)[0]["bill_cycle"] == "2026-04"


# Cash and credit


def test_credit_has_records_of_its_own(world: World) -> None:
    world.place("credit_lines", account="demo-partner", amount="15000")
    rows = records(world.solution_provider, balance_type=CREDIT)
    assert [(row["type"], row["change_amount"]) for row in rows] == [("2", "5000.00"), ("1", "20000.00")]
    assert {row["trade_detail_type"] for row in rows} == {"SOURCE_OPERAIION_ADJUST_CREDIT"}
    assert "SOURCE_OPERAIION_ADJUST_CREDIT" not in {
        one["trade_detail_type"] for one in records(world.solution_provider)
    }


def test_a_referral_customer_spends_its_cash_and_then_its_credit(world: World) -> None:
    world.place("expenses", customer="demo-referral", amount="100")
    assert amounts(world.referral_customer, CUSTOMER, trade_type="DEDEUCT") == ["80.00"]
    assert amounts(world.referral_customer, CUSTOMER, trade_type="DEDEUCT", balance_type=CREDIT) == ["20.00"]


def test_a_partner_paid_customer_has_no_credit_records(world: World) -> None:
    world.place("switches", customer="demo-referral", association="partner_paid")
    assert records(world.referral_customer, CUSTOMER, balance_type=CREDIT) == []


@pytest.mark.parametrize(("caller", "operation"), BOTH_STATEMENTS)
@pytest.mark.parametrize("balance_type", ["", "null", "BALANCE_TYPE_BONUS"])
def test_one_of_the_two_accounts_must_be_named(world: World, caller: str, operation: str, balance_type: str) -> None:
    assert world.caller(caller)(operation, balance_type=balance_type).refused == (400, "CBC.0100")
    assert world.caller(caller)(operation).refused == (400, "CBC.0100")


# Order and pages


def test_the_newest_record_comes_first(world: World) -> None:
    for amount in ("1", "2", "3"):
        allocate(world, amount)
        world.advance("PT1S")
    newest = ["3.00", "2.00", "1.00"]
    assert amounts(world.solution_provider)[:3] == newest
    assert amounts(world.customer, CUSTOMER)[:3] == newest
    assert amounts(world.solution_provider, ADJUSTMENTS) == newest


@pytest.mark.parametrize(
    ("caller", "operation"),
    [("solution_provider", PARTNER), ("customer", CUSTOMER), ("solution_provider", ADJUSTMENTS)],
)
def test_offset_skips_rows_and_limit_bounds_them(world: World, caller: str, operation: str) -> None:
    for amount in range(1, 13):
        allocate(world, amount)
    chosen: dict[str, str] = {} if operation == ADJUSTMENTS else {"balance_type": DEBIT, "trade_type": "BEADJUST"}
    everything = amounts(world.caller(caller), operation, **chosen)

    def part(**paging: int) -> list[str]:
        answer = world.caller(caller)(operation, **chosen, **paging)
        assert answer["total_count"] == 12
        return [row.get("change_amount") or row["amount"] for row in answer["records"]]

    assert part() == everything[:10]
    assert part(offset=1, limit=2) == everything[1:3]
    assert part(offset=11) == everything[11:]
    assert part(offset=12) == []


@pytest.mark.parametrize(("caller", "operation"), [*BOTH_STATEMENTS, ("solution_provider", ADJUSTMENTS)])
@pytest.mark.parametrize("paging", [{"limit": 0}, {"limit": 101}, {"offset": -1}, {"offset": "x"}])
def test_paging_out_of_range_is_refused(world: World, caller: str, operation: str, paging: dict[str, Any]) -> None:
    answer = world.caller(caller)(operation, **{"balance_type": DEBIT, **paging})
    assert answer.refused == (400, "CBC.0100")


# Days


@pytest.fixture
def three_days(world: World) -> World:
    """Top-ups of 1, 2 and 3 on three China days: before midnight, after it, and a day later."""
    for amount, instant in (
        ("1", "2026-03-02T15:59:59Z"),
        ("2", "2026-03-02T16:00:00Z"),
        ("3", "2026-03-03T16:00:00Z"),
    ):
        world.control("PUT", f"sandboxes/{world.id}/clock", {"now": instant})
        top_up(world, "demo-partner", amount)
        top_up(world, "demo-referral", amount)
    return world


@pytest.mark.parametrize(("caller", "operation"), BOTH_STATEMENTS)
@pytest.mark.parametrize(
    ("days", "found"),
    [
        ({"trade_time_begin": "2026-03-03", "trade_time_end": "2026-03-03"}, ["2.00"]),
        ({"trade_time_begin": "2026-03-03"}, ["3.00", "2.00"]),
        ({"trade_time_begin": "2026-03-04", "trade_time_end": ""}, ["3.00"]),
        ({"trade_time_begin": "2026-03-05", "trade_time_end": "2026-03-04"}, []),
        ({"trade_time_begin": "9999-01-01", "trade_time_end": "9999-12-31"}, []),
    ],
)
def test_both_china_days_are_part_of_the_range(
    three_days: World, caller: str, operation: str, days: dict[str, str], found: list[str]
) -> None:
    assert amounts(three_days.caller(caller), operation, **days) == found


@pytest.mark.parametrize(("caller", "operation"), BOTH_STATEMENTS)
def test_without_days_the_last_year_is_meant(world: World, caller: str, operation: str) -> None:
    before = amounts(world.caller(caller), operation)
    world.control("PUT", f"sandboxes/{world.id}/clock", {"now": "2027-03-02T15:59:59Z"})
    assert amounts(world.caller(caller), operation) == before
    world.advance("PT1S")
    assert amounts(world.caller(caller), operation) == []


@pytest.mark.parametrize(("caller", "operation"), BOTH_STATEMENTS)
def test_a_range_of_a_year_and_a_day_is_refused(world: World, caller: str, operation: str) -> None:
    year = {"trade_time_begin": "2025-03-02", "trade_time_end": "2026-03-02"}
    assert records(world.caller(caller), operation, **year)
    longer = {**year, "trade_time_begin": "2025-03-01", "balance_type": DEBIT}
    assert world.caller(caller)(operation, **longer).refused == (400, "CBC.0100")


@pytest.mark.parametrize(("caller", "operation"), BOTH_STATEMENTS)
@pytest.mark.parametrize("day", ["2026-02-30", "2026-3-2", "20260302", "2026-03-02T00:00:00Z"])
def test_what_is_no_day_is_refused(world: World, caller: str, operation: str, day: str) -> None:
    for name in ("trade_time_begin", "trade_time_end"):
        answer = world.caller(caller)(operation, **{"balance_type": DEBIT, name: day})
        assert answer.refused == (400, "CBC.0100")
