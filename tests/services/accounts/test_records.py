"""Income and expense records of partners and customers, and adjustments."""

from __future__ import annotations

from typing import Any

import pytest

from tests.driver import Answer, Caller, World

PARTNER, CUSTOMER, ADJUSTMENTS = (
    "ListPartnerAccountChangeRecords",
    "ListCustomerAccountChangeRecords",
    "ListPartnerAdjustRecords",
)
BEADJUST, BERETRIEVE, BEUNBIND = (f"SOURCE_OPERATION_{kind}" for kind in ("BEADJUST", "BERETRIEVE", "BEUNBIND"))
DEBIT, CREDIT = "BALANCE_TYPE_DEBIT", "BALANCE_TYPE_CREDIT"
BOTH_STATEMENTS = [("solution_provider", PARTNER), ("referral_customer", CUSTOMER)]


def records(caller: Caller, operation: str = PARTNER, **filters: Any) -> list[dict[str, Any]]:
    """The rows, newest first."""
    parameters = {"limit": 100, **({} if operation == ADJUSTMENTS else {"balance_type": DEBIT}), **filters}
    answer = caller(operation, **parameters)
    rows: list[dict[str, Any]] = answer["records"]
    assert answer["total_count"] == len(rows)
    return rows


def amounts(caller: Caller, operation: str = PARTNER, **filters: Any) -> list[str]:
    return [row.get("change_amount") or row["amount"] for row in records(caller, operation, **filters)]


def allocate(world: World, amount: Any, customer: str = "customer") -> str:
    body = {"customer_id": world.caller(customer).id, "amount": amount}
    return str(world.solution_provider("UpdateCustomerAccountAmount", body)["transfer_id"])


def reclaim(world: World, amount: Any) -> str:
    body = {"customer_id": world.customer.id, "amount": amount}
    return str(world.solution_provider("ReclaimToPartnerAccount", body)["trans_id"])


def top_up(world: World, account: str, amount: str, **fields: str) -> None:
    world.place("top_ups", account=account, amount=amount, **fields)


def fund_reseller(world: World, amount: Any) -> None:
    body = {"indirect_partner_id": world.reseller.id, "amount": amount}
    assert world.distributor("UpdateIndirectPartnerAccount", body)["transfer_id"]


def second_customer(world: World) -> str:
    world.place("customers", name="second", credential="second", partner="demo-partner")
    return "second"


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


# Filters of the partner's records


def test_trade_type_chooses_the_kind(world: World) -> None:
    allocate(world, 7)
    reclaim(world, 3)
    top_up(world, "demo-partner", "11")
    world.place("withdrawals", account="demo-partner", amount="13")
    world.place("dissociations", customer="demo-customer")
    found = {
        kind: amounts(world.solution_provider, trade_type=kind)
        for kind in ("RECHARGE", "ADJUST", "BEADJUST", "BERETRIEVE", "BEUNBIND", "DEDEUCT")
    }
    assert found == {
        "RECHARGE": ["11.00", "100000.00"],
        "ADJUST": ["13.00"],
        "BEADJUST": ["7.00"],
        "BERETRIEVE": ["3.00"],
        "BEUNBIND": ["154.00"],
        "DEDEUCT": [],
    }


def test_a_partners_trade_type_is_one_of_the_list(world: World) -> None:
    assert len(records(world.solution_provider, trade_type="")) == 1
    for word in ("EXPIRED", "null", "recharge"):
        answer = world.solution_provider(PARTNER, balance_type=DEBIT, trade_type=word)
        assert answer.refused == (400, "CBC.0100")


def test_money_for_a_reseller_names_the_reseller_on_both_sides(world: World) -> None:
    fund_reseller(world, 100)
    own = records(world.distributor, trade_type="BEADJUST")[0]
    theirs = records(world.distributor, trade_type="BEADJUST", indirect_partner_id=world.reseller.id)[0]
    assert {row["account_name"] for row in (own, theirs)} == {"demo-reseller"}
    assert {row["customer_id"] for row in (own, theirs)} == {world.reseller.id}
    assert (own["type"], theirs["type"]) == ("2", "1")
    assert own["trade_id"] == theirs["trade_id"]


def test_an_account_manager_sees_the_records_of_his_customers_only(world: World) -> None:
    allocate(world, 7)
    allocate(world, 9, second_customer(world))
    assert amounts(world.account_manager) == ["7.00", "100000.00"]
    assert amounts(world.account_manager, ADJUSTMENTS) == ["7.00"]
    assert amounts(world.operator, ADJUSTMENTS) == ["9.00", "7.00"]


@pytest.mark.parametrize("operation", [PARTNER, ADJUSTMENTS])
def test_a_foreign_reseller_is_refused(world: World, operation: str) -> None:
    foreign = {"balance_type": DEBIT, "indirect_partner_id": world.solution_provider.id}
    assert world.distributor(operation, **foreign).refused == (400, "CBC.99000037")


@pytest.mark.parametrize("operation", [PARTNER, ADJUSTMENTS])
@pytest.mark.parametrize("caller", ["reseller", "customer", "operator_limited"])
def test_who_may_not_read_a_partners_records(world: World, operation: str, caller: str) -> None:
    assert world.caller(caller)(operation, balance_type=DEBIT).refused == (403, "CBC.0151")


# Filters of a customer's records


@pytest.fixture
def busy(world: World) -> World:
    """A referral customer with 80 topped up at the start, 20 by WeChat, 30 spent, 5 withdrawn."""
    top_up(world, "demo-referral", "20", channel="5", channel_number="WX-1")
    world.place("expenses", customer="demo-referral", amount="30")
    world.place("withdrawals", account="demo-referral", amount="5")
    return world


def of_customer(world: World, **filters: str) -> list[str]:
    return amounts(world.referral_customer, CUSTOMER, **filters)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["5.00", "30.00", "20.00", "80.00"]),
        ({"revenue_expense_type": "REVENUE"}, ["20.00", "80.00"]),
        ({"revenue_expense_type": "EXPENSE"}, ["5.00", "30.00"]),
        ({"trade_type": "DEDEUCT"}, ["30.00"]),
        ({"trade_type": "ADJUST"}, ["5.00"]),
        ({"trade_type": ""}, ["5.00", "30.00", "20.00", "80.00"]),
        ({"trade_type": "null"}, []),
        ({"trade_type": "NO_SUCH_KIND"}, []),
        ({"payment_channel_id": "5"}, ["20.00"]),
        ({"payment_channel_id": "5,6"}, ["5.00", "20.00"]),
        ({"payment_channel_id": "2"}, ["80.00"]),
        ({"payment_channel_id": "null"}, []),
        ({"payment_channel_id": '""'}, []),
        ({"payment_channel_no": "WX-1"}, ["20.00"]),
        ({"payment_channel_no": "null"}, []),
        ({"trade_id": "null"}, []),
        ({"trade_id": ""}, ["5.00", "30.00", "20.00", "80.00"]),
        ({"revenue_expense_type": "REVENUE", "payment_channel_id": "5", "trade_type": "RECHARGE"}, ["20.00"]),
        ({"revenue_expense_type": "EXPENSE", "payment_channel_id": "5"}, []),
    ],
)
def test_each_filter_filters(busy: World, filters: dict[str, str], found: list[str]) -> None:
    assert of_customer(busy, **filters) == found


def test_trade_id_finds_one_record(busy: World) -> None:
    wanted = records(busy.referral_customer, CUSTOMER)[1]
    assert records(busy.referral_customer, CUSTOMER, trade_id=wanted["trade_id"]) == [wanted]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("revenue_expense_type", ""),
        ("revenue_expense_type", "null"),
        ("revenue_expense_type", "INCOME"),
        ("trade_type", '""'),
        ("trade_type", "T" * 21),
        ("trade_time_begin", '""'),
        ("trade_time_end", "null"),
        ("trade_id", '""'),
        ("payment_channel_no", '""'),
        ("offset", '""'),
        ("limit", ""),
        ("limit", "null"),
    ],
)
def test_values_that_a_customer_may_not_send(world: World, name: str, value: str) -> None:
    sent = {"balance_type": DEBIT, name: value}
    assert world.referral_customer(CUSTOMER, **sent).refused == (400, "CBC.0100")


@pytest.mark.parametrize("offset", ["", "null"])
def test_an_offset_of_nothing_is_zero(world: World, offset: str) -> None:
    assert len(records(world.referral_customer, CUSTOMER, offset=offset)) == 1


def test_a_resale_customer_has_no_records(world: World) -> None:
    world.place("customers", name="resold", credential="resold", partner="demo-partner", association="reseller_model")
    answer = world.caller("resold")(CUSTOMER, balance_type=DEBIT)
    assert answer.refused == (400, "CBC.99000049")


def test_partner_paid_customers_can_be_shut_out_as_older_texts_say(world: World) -> None:
    world.place("settings", partner_paid_records=False)
    assert world.customer(CUSTOMER, balance_type=DEBIT).refused == (400, "CBC.99000084")
    assert records(world.referral_customer, CUSTOMER)


@pytest.mark.parametrize("caller", ["solution_provider", "customer_user"])
def test_only_the_customer_reads_its_records(world: World, caller: str) -> None:
    assert world.caller(caller)(CUSTOMER, balance_type=DEBIT).refused == (403, "CBC.0151")


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
