"""The reckoning of the model, by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from contracts.model.reference.orders import MONEY, VOUCHER, Order, Part
from contracts.model.reference.people import Customer
from contracts.model.reference.quotas import CALENDAR, SUBSCRIPTION, Kind, Package
from contracts.model.reference.refunds import settled
from contracts.model.reference.resources import Term
from contracts.model.reference.world import World, divided, end_of_term, months_later

NOW = datetime(2026, 1, 31, 17, tzinfo=UTC)
"""The first of February in China."""
SOMEBODY = Customer("c", "somebody")
ORDER = Order("o", SOMEBODY, 1, [], NOW, lambda order: None)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last(day: date, months: int, then: date) -> None:
    assert months_later(day, months) == then


def test_a_term_ends_with_its_day_in_china() -> None:
    assert end_of_term(NOW, 1) == datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC)


def test_what_is_divided_adds_up() -> None:
    parts = divided(Decimal("10.00"), [Decimal(1)] * 3)
    assert parts == [Decimal("3.33"), Decimal("3.33"), Decimal("3.34")]


@pytest.mark.parametrize(("free", "back"), [(False, ["19.00"]), (True, ["30.00", "5.00"])])
def test_days_begun_a_fee_and_vouchers_do_not_come_back(free: bool, back: list[str]) -> None:
    """Of 30 days 20 have not begun: 20.00 are left of 30.00, and 5 % of that is the fee."""
    parts = [Part(MONEY, "cash", Decimal("30.00")), Part(VOUCHER, "v", Decimal("5.00"))]
    term = Term(ORDER, NOW, NOW + timedelta(days=30), 2, parts)
    (settlement,) = settled([term], NOW + timedelta(days=9, seconds=1), free)
    assert [str(part.amount) for part in settlement.back] == back


def test_things_that_fall_due_happen_in_order_and_at_their_time() -> None:
    world, seen = World("cn", NOW), list[tuple[str, datetime]]()
    world.plan(NOW + timedelta(hours=2), lambda: seen.append(("later", world.now)))
    world.plan(NOW + timedelta(hours=1), lambda: seen.append(("first", world.now)))
    world.plan(NOW + timedelta(hours=1), lambda: seen.append(("second", world.now)))
    world.advance(NOW + timedelta(days=1))
    assert [name for name, _ in seen] == ["first", "second", "later"]
    assert seen[0][1] == NOW + timedelta(hours=1) and world.now == NOW + timedelta(days=1)


@pytest.mark.parametrize(("resets", "first"), [(CALENDAR, date(2026, 3, 1)), (SUBSCRIPTION, date(2026, 3, 10))])
def test_a_quota_is_given_anew_by_the_calendar_or_the_subscription(resets: str, first: date) -> None:
    kind = Kind("s", "r", "p", "m", "u", Decimal(40), resets)
    start = datetime(2026, 2, 10, 4, tzinfo=UTC)
    package = Package("p", "i", SOMEBODY, kind, start, start + timedelta(days=300), Decimal(1), start, "r")
    begins, _ = package.cycle_at(datetime(2026, 3, 20, tzinfo=UTC))
    assert (begins + timedelta(hours=8)).date() == first
    assert package.left_at(start + timedelta(days=1)) == 1
    assert package.left_at(datetime(2026, 3, 20, tzinfo=UTC)) == 40
