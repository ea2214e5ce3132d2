"""Time goes on, and what falls due happens."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from contracts.model.machine import Rules, step

LONGEST = timedelta(days=300)
"""Of a sequence: statements show one year unless they are asked for more."""
durations = st.one_of(
    st.integers(1, 10).map(lambda number: timedelta(seconds=number)),
    st.integers(1, 48).map(lambda number: timedelta(hours=number)),
    st.integers(1, 9).map(lambda number: timedelta(days=number)),
    st.integers(10, 40).map(lambda number: timedelta(days=number)),
)


def is_late(rules: Rules) -> bool:
    """Whether a sequence has lasted long enough."""
    return rules.world.now - rules.world.beginning > LONGEST


class Time(Rules):
    """Seconds, hours or days."""

    always = True

    @step(duration=durations)
    def wait(self, duration: timedelta) -> None:
        self.pass_time(timedelta(seconds=1) if is_late(self) else duration)
