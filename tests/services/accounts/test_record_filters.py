"""Filters of a partner's and of a customer's income and expense records."""

from __future__ import annotations

import pytest

from tests.driver import World
from tests.services.accounts.statements import (
    ADJUSTMENTS,
    CUSTOMER,
    DEBIT,
    PARTNER,
    allocate,
    amounts,
    fund_reseller,
    reclaim,
    records,
    second_customer,
    top_up,
)

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
