"""Prices that are asked for, reckoned by hand: the server costs 32.20 CNY a month."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from contracts.model.reference.asked import BY_PERIOD, DAY, HOUR, Asked, cut_at
from contracts.model.reference.prices import COMMERCIAL, MONTH, SERVER, YEAR, Discount

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def asked(unit: int, number: int, pieces: int = 1, instalments: str = "") -> Asked:
    return Asked("cn", SERVER, "cn-north-4", pieces, BY_PERIOD, Decimal(number), unit, instalments)


@pytest.mark.parametrize(
    ("unit", "number", "price", "mode"),
    [
        (MONTH, 2, "64.40", "MONTHLY"),
        (YEAR, 1, "322.00", "1_YEARLY"),
        (YEAR, 6, "1932.00", ""),
        (DAY, 1, "1.07", "DAILY"),
        (HOUR, 5, "0.22", ""),
    ],
)
def test_a_period_has_its_share_of_the_price_of_a_month(unit: int, number: int, price: str, mode: str) -> None:
    one = asked(unit, number)
    assert (str(one.price), one.mode) == (price, mode)


def test_discounts_are_cut_off_behind_the_whole_product() -> None:
    discount = Discount("d", COMMERCIAL, Decimal("0.7333"))
    assert asked(MONTH, 1, 3).at(discount, 2) == Decimal("70.83")


@pytest.mark.parametrize(("way", "rate"), [("HALF_PAY", "13.41"), ("ZERO_PAY", "26.83"), ("NA", None)])
def test_instalments_are_equal_and_cut_off(way: str, rate: str | None) -> None:
    one = asked(YEAR, 1, instalments=way)
    assert one.instalment(one.price) == (Decimal(rate) if rate else None)


def test_nothing_is_rounded_up() -> None:
    assert cut_at(6, Fraction(2, 3)) == Decimal("0.666666")


def test_discounts_hold_from_their_first_moment_to_before_their_last() -> None:
    assert Discount("d", COMMERCIAL, begins=NOW).is_in_force(NOW)
    assert not Discount("d", COMMERCIAL, ends=NOW).is_in_force(NOW)
