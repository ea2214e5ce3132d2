"""Time goes on, and what falls due happens."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from contracts.model.machine import Rules

LONGEST = timedelta(days=300)
"""Of a sequence: statements show one year unless they are asked for more."""
durations = st.one_of(
    st.integers(1, 10).map(lambda number: timedelta(seconds=number)),
    st.integers(1, 48).map(lambda number: timedelta(hours=number)),
    st.integers(1, 40).map(lambda number: timedelta(days=number)),
)


class Time(Rules):
    """Seconds, hours or days."""

    always = True

    @precondition(lambda self: self.world.now - self.world.beginning < LONGEST)
    @rule(duration=durations)
    def wait(self, duration: timedelta) -> None:
        self.pass_time(duration)


