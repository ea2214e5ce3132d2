"""The arithmetic of prices, for any amounts and discounts."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.domain.catalogue import HOUR, MONTH, YEAR
from mockserver.domain.discounts import COMMERCIAL, PARTNER_GRANTED, PARTNER_SET, Discount
from mockserver.domain.pricing import (
    DAY,
    LARGEST,
    Item,
    Pricing,
    best_offer,
    charging_mode,
    cut,
    each_discount,
    exactly,
    first_discounts,
    period_price,
)

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SERVICES = ("a", "b")
thorough = settings(max_examples=200, derandomize=True, deadline=None, database=None)
amounts = st.decimals(0, LARGEST // 100, places=14)
decimals = st.sampled_from((2, 6, 10))


def discount(number: int, kind: int, ratio: Decimal, services: tuple[str, ...] = ()) -> Discount:
    return Discount(f"d{number}", number, "c", kind, ratio, "", NOW, NOW, service_types=services)


def item(number: int, service: str, exact: Decimal) -> Item:
    return Item(str(number), "p", service, "s", "", exact)


@st.composite
def queries(draw: st.DrawFn) -> tuple[list[Item], list[Discount], int]:
    lines = draw(st.lists(st.tuples(st.sampled_from(SERVICES), amounts), min_size=1, max_size=8))
    kinds = st.sampled_from((COMMERCIAL, PARTNER_GRANTED, PARTNER_SET))
    ratios = st.decimals("0.0001", "0.9999", places=4)
    limits = st.sampled_from(((), ("a",), ("b",), SERVICES))
    granted = draw(st.lists(st.tuples(kinds, ratios, limits), max_size=5))
    items = [item(number, *line) for number, line in enumerate(lines)]
    return items, [discount(number, *one) for number, one in enumerate(granted)], draw(decimals)


def check(pricing: Pricing, places: int) -> None:
    """Lines add up to the sum, nothing is dearer than its list price, no price has more digits than asked for."""
    assert sum(line.list_price for line in pricing.lines) == pricing.list_price
    assert sum(line.amount for line in pricing.lines) == pricing.amount
    assert sum(line.saving for line in pricing.lines) == pricing.saving == pricing.list_price - pricing.amount
    for line in pricing.lines:
        assert 0 <= line.amount <= line.list_price <= line.item.exact
        assert line.list_price == cut(line.list_price, places) and line.amount == cut(line.amount, places)
        assert line.discount or not line.saving


@thorough
@given(query=queries())
def test_lines_add_up_and_no_discount_makes_dearer(query: tuple[list[Item], list[Discount], int]) -> None:
    items, discounts, places = query
    check(first_discounts(items, discounts, places), places)
    for pricing in each_discount(items, discounts, places):
        check(pricing, places)


@thorough
@given(query=queries())
def test_no_pricing_saves_more_than_the_best_offer(query: tuple[list[Item], list[Discount], int]) -> None:
    pricings = each_discount(*query)
    best = best_offer(pricings)
    assert (best is None) == (not pricings)
    for pricing in pricings:
        assert best and best.discount and pricing.discount
        assert pricing.saving <= best.saving
        tie = pricing.saving == best.saving and pricing.discount.kind == COMMERCIAL
        assert not tie or best.discount.kind == COMMERCIAL


@thorough
@given(amount=amounts, places=decimals)
def test_cutting_takes_off_less_than_one_last_digit_and_never_adds(amount: Decimal, places: int) -> None:
    lost = Fraction(amount) - Fraction(cut(amount, places))
    assert 0 <= lost < Fraction(1, 10**places)


@thorough
@given(month=amounts, numbers=st.tuples(st.integers(1, 100), st.integers(1, 100)))
def test_prices_rise_with_time(month: Decimal, numbers: tuple[int, int]) -> None:
    fewer, more = sorted(numbers)
    for period in (DAY, MONTH, YEAR, HOUR):
        assert period_price(month, month * 10, period, fewer) <= period_price(month, month * 10, period, more)
    lengths = [period_price(month, month * 10, period, fewer) for period in (HOUR, DAY, MONTH, YEAR)]
    assert lengths == sorted(lengths)


@thorough
@given(price=st.decimals("0.00001", 1000, places=5), seconds=st.integers(0, 10**7))
def test_a_quotient_without_end_is_cut_exactly(price: Decimal, seconds: int) -> None:
    with exactly():
        exact = price * seconds / 3600
    wanted = int(Fraction(price) * seconds / 3600 * 10**6)
    assert cut(exact, 6) == Decimal(wanted).scaleb(-6)


@pytest.mark.parametrize(
    ("amount", "places", "shown"),
    [("0.9999999", 6, "0.999999"), ("2.50", 6, "2.5"), ("100.00", 2, "1E+2"), ("0.0000009", 6, "0")],
)
def test_what_is_behind_the_last_digit_is_dropped(amount: str, places: int, shown: str) -> None:
    assert str(cut(Decimal(amount), places)) == shown


def test_what_overflows_is_above_the_largest_amount() -> None:
    with exactly():
        assert Decimal("9E999999") * 1000 > LARGEST


def test_parts_of_a_month_cost_a_part_of_its_price() -> None:
    month, year = Decimal(720), Decimal(7200)
    prices = [period_price(month, year, period, 2) for period in (HOUR, DAY, MONTH, YEAR)]
    assert prices == [2, 48, 1440, 14400]


@pytest.mark.parametrize(
    ("period", "number", "mode"),
    [(MONTH, 5, "MONTHLY"), (YEAR, 3, "3_YEARLY"), (YEAR, 6, ""), (DAY, 1, "DAILY"), (HOUR, 1, "")],
)
def test_periods_have_the_charging_modes_of_discounts(period: int, number: int, mode: str) -> None:
    assert charging_mode(period, number) == mode


def test_a_commercial_discount_goes_before_a_better_one_of_the_partner() -> None:
    granted = [discount(1, PARTNER_SET, Decimal("0.5")), discount(2, COMMERCIAL, Decimal("0.9"))]
    assert first_discounts([item(1, "a", Decimal(10))], granted, 2).amount == 9
    best = best_offer(each_discount([item(1, "a", Decimal(10))], granted, 2))
    assert best and best.amount == 5


def test_instalments_are_a_part_of_what_is_not_paid_upfront() -> None:
    line = Item("1", "p", "a", "s", "", Decimal("100"), months=12, upfront=Decimal("0.5"))
    pricing = first_discounts([line, item(2, "a", Decimal(7))], [discount(1, COMMERCIAL, Decimal("0.9"))], 2)
    assert (pricing.list_instalment, pricing.instalment) == (Decimal("4.16"), Decimal("3.75"))
    assert first_discounts([item(2, "a", Decimal(7))], (), 2).instalment is None


def test_a_third_taken_three_times_is_whole() -> None:
    with exactly():
        thirds = Decimal(1) / 3 * 3
    assert cut(thirds, 2) == 1
