"""Time of a sandbox: it follows or stands, goes forward on demand, and never back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from mockserver.domain.clock import Clock, ClockError, china_day, instant_text, later, parse_instant

WALL = datetime(2026, 3, 2, 2, 0, 0, 400_000, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def at(text: str) -> datetime:
    return parse_instant(text)


def refused(text: str) -> pytest.RaisesExc[ClockError]:
    return pytest.raises(ClockError, match=text)


# Following real time


def test_a_new_clock_follows_real_time_in_whole_seconds() -> None:
    clock = Clock(WALL)
    assert (clock.mode, clock.now) == ("real", at("2026-03-02T02:00:00Z"))
    clock.tick(WALL + HOUR)
    assert clock.now == at("2026-03-02T03:00:00Z")


def test_a_wall_clock_set_back_is_not_followed() -> None:
    clock = Clock(WALL)
    clock.tick(WALL - HOUR)
    assert clock.now == at("2026-03-02T02:00:00Z")


def test_a_following_clock_stays_ahead_by_what_it_was_moved() -> None:
    clock = Clock(WALL)
    clock.move_to(at("2026-04-01T00:00:00Z"))
    assert clock.now == at("2026-04-01T00:00:00Z")
    clock.tick(WALL + HOUR)
    assert clock.now == at("2026-04-01T01:00:00Z")


# Frozen


def test_a_frozen_clock_stands_until_moved() -> None:
    clock = Clock(WALL, at("2030-01-01T00:00:00Z"))
    clock.tick(WALL + HOUR)
    assert (clock.mode, clock.now) == ("frozen", at("2030-01-01T00:00:00Z"))
    clock.move_to(at("2030-01-01T00:00:01Z"))
    assert clock.now == at("2030-01-01T00:00:01Z")


def test_freezing_keeps_the_moment() -> None:
    clock = Clock(WALL)
    clock.set_mode("frozen")
    clock.tick(WALL + HOUR)
    assert clock.now == at("2026-03-02T02:00:00Z")


def test_following_again_goes_on_from_the_moment() -> None:
    clock = Clock(WALL, at("2030-01-01T00:00:00Z"))
    clock.set_mode("real")
    assert clock.now == at("2030-01-01T00:00:00Z")
    clock.tick(WALL + HOUR)
    assert clock.now == at("2030-01-01T01:00:00Z")


@pytest.mark.parametrize("modes", [("real", "real"), ("frozen", "real"), ("frozen", "frozen")])
def test_changing_the_mode_never_moves_the_clock(modes: tuple[str, ...]) -> None:
    clock = Clock(WALL)
    for mode in modes:
        clock.set_mode(mode)
        assert clock.now == at("2026-03-02T02:00:00Z")


def test_an_unknown_mode_is_refused_with_the_known_ones() -> None:
    with refused("^'fast' is not a clock mode; accepted: real, frozen$"):
        Clock(WALL).set_mode("fast")


# Forward only


@pytest.mark.parametrize("frozen", [None, at("2026-03-02T02:00:00Z")])
def test_the_past_is_refused_and_the_clock_stays(frozen: datetime | None) -> None:
    clock = Clock(WALL, frozen)
    with refused("^the clock stands at 2026-03-02T02:00:00Z and never goes back$"):
        clock.move_to(clock.now - SECOND)
    assert clock.now == at("2026-03-02T02:00:00Z")


def test_the_present_moment_is_not_the_past() -> None:
    clock = Clock(WALL)
    clock.move_to(clock.now)
    assert clock.now == at("2026-03-02T02:00:00Z")


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_the_ends_of_the_calendar_are_out_of_reach(moment: str) -> None:
    with refused("the clock goes from [0-9]{4} to [0-9]{4}, not to"):
        Clock(WALL, at(moment))


# Saving


def test_a_saved_frozen_clock_comes_back_to_its_moment() -> None:
    clock = Clock(WALL, at("2030-01-01T00:00:00Z"))
    saved = clock.saved()
    clock.move_to(at("2031-01-01T00:00:00Z"))
    clock.set_mode("real")
    clock.load(saved)
    assert (clock.mode, clock.now) == ("frozen", at("2030-01-01T00:00:00Z"))


def test_a_saved_following_clock_goes_on_following() -> None:
    clock = Clock(WALL)
    saved = clock.saved()
    clock.move_to(at("2031-01-01T00:00:00Z"))
    clock.tick(WALL + HOUR)
    clock.load(saved)
    assert (clock.mode, clock.now) == ("real", at("2026-03-02T03:00:00Z"))


# Durations and texts


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        ("2026-01-31T08:00:00Z", "P1M", "2026-02-28T08:00:00Z"),
        ("2024-01-31T08:00:00Z", "P1M", "2024-02-29T08:00:00Z"),
        ("2026-03-31T08:00:00Z", "P1M", "2026-04-30T08:00:00Z"),
        ("2026-12-31T08:00:00Z", "P2M", "2027-02-28T08:00:00Z"),
        ("2024-02-29T08:00:00Z", "P1Y", "2025-02-28T08:00:00Z"),
        ("2026-02-28T08:00:00Z", "P1M", "2026-03-28T08:00:00Z"),
        ("2026-01-30T23:59:59Z", "P1M1D", "2026-03-01T23:59:59Z"),
        ("2026-03-31T08:00:00Z", "-P1M", "2026-02-28T08:00:00Z"),
        ("2026-03-02T02:00:00Z", "PT15M", "2026-03-02T02:15:00Z"),
        ("2026-03-02T02:00:00Z", "P1W", "2026-03-09T02:00:00Z"),
        ("2026-03-02T02:00:00Z", "P0D", "2026-03-02T02:00:00Z"),
    ],
)
def test_a_duration_counts_months_by_the_calendar(start: str, duration: str, end: str) -> None:
    assert instant_text(later(at(start), duration)) == end


@pytest.mark.parametrize("duration", ["", "1M", "P", "P1X", "one month", "P9999Y", "P99999999999D", None, 5])
def test_what_is_no_duration_is_refused_in_one_sentence(duration: str) -> None:
    with refused("^.+ is not an ISO 8601 duration like PT15M, P1D or P1M within the calendar$"):
        later(WALL, duration)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02", "2026-03-02 02:00:00Z", "2026-03-02T02:00:00+00:00", "2026-02-30T00:00:00Z", "tomorrow", "",
        "2026-03-02T02:00:00Z\n", "2026-03-02T02:00:60Z", "0000-01-01T00:00:00Z", None, 1772416800,
    ],
)  # fmt: skip
def test_what_is_no_instant_is_refused_in_one_sentence(text: object) -> None:
    with refused("^.+ is not an instant like 2026-01-31T08:00:00Z$"):
        parse_instant(text)


def test_an_instant_is_read_and_written_alike() -> None:
    assert instant_text(parse_instant("2026-03-02T02:00:00Z")) == "2026-03-02T02:00:00Z"


def test_days_are_those_of_china() -> None:
    assert china_day(at("2026-03-01T15:59:59Z")) == date(2026, 3, 1)
    assert china_day(at("2026-03-01T16:00:00Z")) == date(2026, 3, 2)
