"""The arithmetic of refunds: every cent that was paid comes back, is kept, or is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.domain.orders import CARD_PART, FLEXI_PART, MONEY_PART, NOTHING, VOUCHER_PART, Part
from mockserver.domain.products import ONE_OFF
from mockserver.domain.resources import Term
from mockserver.services.resources.refunding import Settlement, settle

START = datetime(2026, 3, 2, 2, 0, 5, tzinfo=UTC)
END = datetime(2026, 4, 2, 15, 59, 59, tzinfo=UTC)
"""32 days begun from the start to the end."""

KINDS = {MONEY_PART: "cash", FLEXI_PART: "flexi-1", CARD_PART: "card-1", VOUCHER_PART: "voucher-1"}
CENT = Decimal("0.01")

cents = st.integers(1, 10**7).map(lambda number: Decimal(number) / 100)
paid = st.lists(st.builds(lambda kind, amount: Part(kind, KINDS[kind], amount), st.sampled_from([*KINDS]), cents))
moments = st.integers(-86_400, 33 * 86_400).map(lambda seconds: START + timedelta(seconds=seconds))


def term(*parts: tuple[str, str], period_type: int = 2) -> Term:
    made = tuple(Part(kind, KINDS[kind], Decimal(amount)) for kind, amount in parts)
    return Term("CS1", START, END, period_type, 1, sum((one.amount for one in made), NOTHING), made)


def settled(one: Term, days: int, percent: int = 0, *, free: bool = False) -> Settlement:
    (found,) = settle([one], START + timedelta(days=days), percent, free=free)
    return found


def shown(one: Settlement) -> dict[str, str]:
    """What comes back, by kind, and what does not."""
    kept = {"consumed": one.consumed, "fee": one.fee, "lost": one.lost}
    amounts = {part.kind: part.amount for part in one.back} | kept
    return {name: str(amount) for name, amount in amounts.items() if amount}


@given(paid, moments, st.integers(0, 120), st.booleans())
def test_every_cent_is_accounted_for(parts: list[Part], now: datetime, percent: int, free: bool) -> None:
    whole = sum((part.amount for part in parts), NOTHING)
    for one in settle([Term("CS1", START, END, 2, 1, whole, tuple(parts))], now, percent, free=free):
        assert whole == one.returned + one.consumed + one.fee + one.lost
        assert min(one.consumed, one.fee, one.lost) >= 0
        assert all(part.amount > 0 and part.amount == round(part.amount, 2) for part in one.back)


@given(paid, st.integers(0, 31), st.integers(0, 100))
def test_no_part_gives_back_more_than_its_share(parts: list[Part], days: int, percent: int) -> None:
    whole = sum((part.amount for part in parts), NOTHING)
    one = settled(Term("CS1", START, END, 2, 1, whole, tuple(parts)), days, percent)
    returnable = sum((part.amount for part in parts if part.kind != VOUCHER_PART), NOTHING)
    assert one.consumed - returnable * days / 32 < CENT * max(1, len(parts))
    assert one.returned <= returnable * (32 - days) / 32


def test_days_begun_are_consumed() -> None:
    assert shown(settled(term(("money", "32.00")), 10)) == {"money": "22.00", "consumed": "10.00"}
    (begun,) = settle([term(("money", "32.00"))], START + timedelta(days=10, seconds=1), 0)
    assert shown(begun) == {"money": "21.00", "consumed": "11.00"}


def test_the_first_day_counts_when_it_has_begun() -> None:
    (one,) = settle([term(("money", "32.00"))], START + timedelta(seconds=1), 0)
    assert shown(one) == {"money": "31.00", "consumed": "1.00"}


def test_what_is_less_than_a_cent_stays_with_the_vendor() -> None:
    assert shown(settled(term(("money", "32.20")), 10)) == {"money": "22.13", "consumed": "10.07"}


def test_each_means_bears_its_share_and_vouchers_are_lost() -> None:
    one = settled(term(("voucher", "8.00"), ("flexi", "16.00"), ("card", "4.00"), ("money", "4.00")), 16)
    assert shown(one) == {"flexi": "8.00", "card": "2.00", "money": "2.00", "consumed": "12.00", "lost": "8.00"}


def test_the_fee_is_taken_off_what_would_come_back() -> None:
    one = settled(term(("flexi", "16.00"), ("money", "16.00")), 16, percent=10)
    assert shown(one) == {"flexi": "7.20", "money": "7.20", "consumed": "16.00", "fee": "1.60"}


@pytest.mark.parametrize("percent", [100, 250])
def test_a_fee_takes_no_more_than_there_is(percent: int) -> None:
    assert shown(settled(term(("money", "32.00")), 16, percent)) == {"consumed": "16.00", "fee": "16.00"}


def test_what_is_free_comes_back_with_its_vouchers() -> None:
    one = settled(term(("voucher", "8.00"), ("money", "4.00")), 3, percent=50, free=True)
    assert shown(one) == {"voucher": "8.00", "money": "4.00"}


def test_what_has_not_begun_comes_back_in_full() -> None:
    one = settled(term(("voucher", "8.00"), ("money", "4.00")), -1, percent=50)
    assert shown(one) == {"voucher": "8.00", "money": "4.00"}


def test_what_is_over_is_not_settled() -> None:
    assert list(settle([term(("money", "32.00"))], END, 0)) == []


def test_what_is_paid_once_is_used_up() -> None:
    assert shown(settled(term(("money", "32.00"), period_type=ONE_OFF), 0)) == {"consumed": "32.00"}
