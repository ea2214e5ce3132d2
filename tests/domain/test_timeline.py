"""What is planned happens once, at its time and in order."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mockserver.domain import timeline
from mockserver.domain.sandbox import Sandbox
from mockserver.domain.timeline import Event, on_due

START = datetime(2026, 3, 2, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Diary = list[tuple[str, int]]


@pytest.fixture
def sandbox() -> Sandbox:
    """An empty sandbox whose clock stands."""
    made = Sandbox(1, wall=START, clock="2026-03-02T02:00:00Z")
    made.settle()
    return made


@pytest.fixture
def diary(monkeypatch: pytest.MonkeyPatch) -> Diary:
    """What events of kind `note` wrote down: their word, and the minute at which they ran."""
    pages: Diary = []
    monkeypatch.setattr(timeline, "_handlers", dict(timeline._handlers))

    @on_due("note")
    def note(sandbox: Sandbox, event: Event) -> None:
        assert sandbox.now == event.due
        pages.append((event.data["word"], (event.due - START) // MINUTE))

    return pages


def plan(sandbox: Sandbox, minutes: int, word: str, kind: str = "note", **data: Any) -> Event:
    return sandbox.timeline.plan(START + minutes * MINUTE, kind, word=word, **data)


def advance(sandbox: Sandbox, minutes: int) -> int:
    return sandbox.move_to(sandbox.now + minutes * MINUTE)


def test_an_event_runs_when_its_time_has_come(sandbox: Sandbox, diary: Diary) -> None:
    plan(sandbox, 5, "tea")
    assert (advance(sandbox, 4), diary) == (0, [])
    assert (advance(sandbox, 1), diary) == (1, [("tea", 5)])
    assert advance(sandbox, 60) == 0


def test_events_run_in_the_order_of_their_times_each_at_its_own(sandbox: Sandbox, diary: Diary) -> None:
    for minutes, word in ((9, "c"), (3, "a"), (6, "b")):
        plan(sandbox, minutes, word)
    assert advance(sandbox, 60) == 3
    assert diary == [("a", 3), ("b", 6), ("c", 9)]
    assert sandbox.now == START + 60 * MINUTE


def test_events_of_one_time_run_in_the_order_of_their_planning(sandbox: Sandbox, diary: Diary) -> None:
    words = [f"{number:02d}" for number in range(12)]
    for word in words:
        plan(sandbox, 1, word)
    advance(sandbox, 1)
    assert [word for word, _ in diary] == words


def test_an_event_planned_meanwhile_takes_its_place_in_the_order(sandbox: Sandbox, diary: Diary) -> None:
    @on_due("again")
    def again(sandbox: Sandbox, event: Event) -> None:
        sandbox.timeline.plan(event.due + 2 * MINUTE, "note", word="meanwhile")

    plan(sandbox, 1, "", "again")
    plan(sandbox, 2, "before")
    plan(sandbox, 5, "after")
    advance(sandbox, 10)
    assert diary == [("before", 2), ("meanwhile", 3), ("after", 5)]


def test_what_repeats_itself_runs_as_often_as_it_falls_due(sandbox: Sandbox, diary: Diary) -> None:
    @on_due("daily")
    def daily(sandbox: Sandbox, event: Event) -> None:
        diary.append(("day", (event.due - START).days))
        sandbox.timeline.plan(event.due + timedelta(days=1), "daily")

    sandbox.timeline.plan(START + timedelta(days=1), "daily")
    assert sandbox.move_to(START + timedelta(days=3)) == 3
    assert diary == [("day", 1), ("day", 2), ("day", 3)]


def test_what_is_due_at_once_runs_at_the_next_tick(sandbox: Sandbox, diary: Diary) -> None:
    plan(sandbox, 0, "now")
    sandbox.tick(START)
    assert diary == [("now", 0)]


def test_a_following_clock_runs_events_as_real_time_passes(diary: Diary) -> None:
    sandbox = Sandbox(1, wall=START)
    words = []

    @on_due("late")
    def late(sandbox: Sandbox, event: Event) -> None:
        words.append((sandbox.now, event.due))

    sandbox.timeline.plan(START + MINUTE, "late")
    sandbox.tick(START + timedelta(seconds=59))
    assert words == []
    sandbox.tick(START + 3 * MINUTE)
    assert words == [(START + 3 * MINUTE, START + MINUTE)]


def test_a_cancelled_event_does_not_run(sandbox: Sandbox, diary: Diary) -> None:
    event = plan(sandbox, 1, "tea")
    sandbox.timeline.cancel(event.id)
    sandbox.timeline.cancel(event.id)
    assert (advance(sandbox, 5), diary) == (0, [])


def test_an_event_planned_by_what_was_taken_back_does_not_run(sandbox: Sandbox, diary: Diary) -> None:
    with suppress(ValueError), sandbox.transaction():
        plan(sandbox, 1, "tea")
        raise ValueError
    plan(sandbox, 2, "milk")
    advance(sandbox, 5)
    assert diary == [("milk", 2)]


def test_an_event_cancelled_by_what_was_taken_back_runs(sandbox: Sandbox, diary: Diary) -> None:
    event = plan(sandbox, 1, "tea")
    with suppress(ValueError), sandbox.transaction():
        sandbox.timeline.cancel(event.id)
        assert sandbox.timeline.next_due(START + MINUTE) is None
        raise ValueError
    advance(sandbox, 5)
    assert diary == [("tea", 1)]


def test_a_handler_that_fails_changes_nothing_and_keeps_its_event(sandbox: Sandbox, diary: Diary) -> None:
    @on_due("broken")
    def broken(sandbox: Sandbox, event: Event) -> None:
        sandbox.set("association_delay", 99)
        raise ValueError

    plan(sandbox, 1, "", "broken")
    with pytest.raises(ValueError):
        advance(sandbox, 1)
    assert sandbox.setting("association_delay") == 2
    assert sandbox.timeline.next_due(START + MINUTE) is not None


def test_a_restored_sandbox_has_the_events_of_its_snapshot(sandbox: Sandbox, diary: Diary) -> None:
    plan(sandbox, 1, "tea")
    sandbox.snapshot("before")
    plan(sandbox, 2, "milk")
    advance(sandbox, 5)
    sandbox.restore("before")
    assert advance(sandbox, 5) == 1
    assert diary == [("tea", 1), ("milk", 2), ("tea", 1)]


def test_a_reset_sandbox_has_no_events(sandbox: Sandbox, diary: Diary) -> None:
    plan(sandbox, 1, "tea")
    sandbox.reset()
    assert (advance(sandbox, 5), diary) == (0, [])
