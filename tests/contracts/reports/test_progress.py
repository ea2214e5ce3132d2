"""What is shown while a run goes."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from contracts.events import Event, PartEnded, PartStarted, PlanMade
from contracts.reports.progress import Live, State
from tests.contracts.reports.made import BALANCES, COVERAGE, FUZZING, LARGE, finding, run, sent


class Clock:
    """A clock that stands until it is set."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def tell(state: State, *events: Event) -> None:
    for event in events:
        state(event)


def shown(*, terminal: bool = True, quiet: bool = False) -> str:
    text = StringIO()
    console = Console(file=text, force_terminal=terminal, width=120)
    with Live(console, quiet=quiet) as live:
        for event in run():
            live(event)
    return text.getvalue()


def test_a_terminal_shows_parts_and_findings() -> None:
    assert "4" in shown() and "found" in shown()


@pytest.mark.parametrize(("terminal", "quiet"), [(False, False), (True, True)])
def test_nothing_is_shown_where_nobody_looks(terminal: bool, quiet: bool) -> None:
    assert shown(terminal=terminal, quiet=quiet) == ""


def test_a_dumb_terminal_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    assert shown() == ""


def test_no_color_is_kept_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in shown() and "\x1b[9" not in shown()


def test_it_says_what_runs_how_fast_and_how_long_still() -> None:
    clock = Clock()
    state = State(clock)
    tell(state, PlanMade((COVERAGE, FUZZING, BALANCES), (), 1), PartStarted(COVERAGE), sent(COVERAGE, LARGE))
    assert state.words().endswith("calls/s  0 found  coverage ListSubCustomers"), "no part has ended yet"
    clock.now += 10
    tell(state, finding(COVERAGE, "odd", LARGE), PartEnded(COVERAGE, 2, 0, 10.0), PartStarted(FUZZING))
    assert state.words() == "0 calls/s  0:20 left  1 found  fuzzing ListSubCustomers"


def test_between_parts_the_last_one_is_shown() -> None:
    state = State(Clock())
    state(PartStarted(COVERAGE))
    state(PartEnded(COVERAGE, 0, 0, 0.0))
    assert state.runs == "coverage ListSubCustomers"
