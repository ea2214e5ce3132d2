"""Cycles in which packages give their quotas anew, and the arithmetic of what is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.domain.catalogue import PackageContent, Reset
from mockserver.domain.clock import instant_text, parse_instant
from mockserver.domain.packages import Package, PackageItem

START, END = datetime(2026, 1, 31, 2, tzinfo=UTC), datetime(2027, 1, 31, 15, 59, 59, tzinfo=UTC)
ITEM = PackageItem("item", "size", 10, Decimal(40), Decimal(40), START)
PACKAGE = Package("package", "customer", "product", "resource", "spec", "cn-north-4", START, END, (ITEM,))


@pytest.mark.parametrize(
    ("number", "by", "moment", "begin", "end"),
    [
        (1, "calendar", "2026-05-20T03:30:00Z", "2026-05-20T03:00:00Z", "2026-05-20T03:59:59Z"),
        (2, "calendar", "2026-05-20T03:30:00Z", "2026-05-19T16:00:00Z", "2026-05-20T15:59:59Z"),
        (3, "calendar", "2026-05-20T03:30:00Z", "2026-05-17T16:00:00Z", "2026-05-24T15:59:59Z"),
        (4, "calendar", "2026-05-20T03:30:00Z", "2026-04-30T16:00:00Z", "2026-05-31T15:59:59Z"),
        (5, "calendar", "2026-05-20T03:30:00Z", "2026-01-31T02:00:00Z", "2026-12-31T15:59:59Z"),
        (3, "subscription", "2026-05-20T03:30:00Z", "2026-05-15T16:00:00Z", "2026-05-22T15:59:59Z"),
        (4, "subscription", "2026-05-20T03:30:00Z", "2026-04-29T16:00:00Z", "2026-05-30T15:59:59Z"),
        (5, "subscription", "2026-05-20T03:30:00Z", "2026-01-31T02:00:00Z", "2027-01-30T15:59:59Z"),
        # Too short a month, the first instant of a cycle, before the life and after it.
        (4, "subscription", "2026-03-01T00:00:00Z", "2026-02-27T16:00:00Z", "2026-03-30T15:59:59Z"),
        (4, "calendar", "2026-04-30T16:00:00Z", "2026-04-30T16:00:00Z", "2026-05-31T15:59:59Z"),
        (4, "calendar", "2025-12-01T00:00:00Z", "2026-01-31T02:00:00Z", "2026-01-31T15:59:59Z"),
        (4, "calendar", "2028-01-01T00:00:00Z", "2026-12-31T16:00:00Z", "2027-01-31T15:59:59Z"),
    ],
)
def test_cycles_are_those_of_china_time(
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    by: Literal["calendar", "subscription"],
    moment: str,
    begin: str,
    end: str,
) -> None:
    content = PackageContent("resource", "spec", 12, (), Reset(number, by))
    monkeypatch.setattr(Package, "content", property(lambda _: content))
    assert [instant_text(one) for one in PACKAGE.cycle_at(parse_instant(moment))] == [begin, end]


def test_a_later_cycle_has_the_whole_quota_again() -> None:
    item = ITEM.used(Decimal(30), START)
    assert [item.left_in(START), item.left_in(END)] == [Decimal(10), Decimal(40)]


def test_usage_of_an_older_cycle_counts_in_the_newest() -> None:
    item = ITEM.used(Decimal(30), END).used(Decimal(4), START)
    assert (item.cycle_start, item.left) == (END, Decimal(6))


@given(st.lists(st.tuples(st.decimals(0, 10, places=3), st.integers(0, 3))))
def test_original_is_used_and_left_in_every_cycle(draws: list[tuple[Decimal, int]]) -> None:
    item, used = ITEM, {number: Decimal(0) for number in range(4)}
    for amount, number in sorted(draws, key=lambda one: one[1]):
        start = START + timedelta(days=number)
        drawn = min(amount, item.left_in(start))
        item = item.used(drawn, start) if drawn else item
        used[number] += drawn
        assert item.original == used[number] + item.left_in(start)


def test_usage_draws_on_what_is_in_effect_during_some_of_it() -> None:
    hour = timedelta(hours=1)
    assert PACKAGE.is_used_by(START - hour, START + hour)
    assert not PACKAGE.is_used_by(START - hour, START)
    assert PACKAGE.is_used_by(END - hour, END + hour)
    assert not PACKAGE.is_used_by(END, END + hour)
    assert PACKAGE.is_used_by(START, START)
    assert not replace(PACKAGE, unsubscribed_on=START + hour).is_used_by(START + hour, END)
