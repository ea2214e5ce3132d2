"""Drawing requests with Hypothesis, and making small what shows a mistake."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity, given
from hypothesis import strategies as st
from hypothesis.errors import Flaky, FlakyFailure, Unsatisfiable

from contracts.properties.registry import Wrong

Drawn = TypeVar("Drawn")

DRAWING = hypothesis.settings(
    database=None,
    deadline=None,
    derandomize=False,
    print_blob=False,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
    verbosity=Verbosity.quiet,
    phases=(Phase.generate, Phase.shrink),
)
SHRINKING = 100
"""Requests that making one mistake small may take."""


class Shown(Exception):
    """A drawn value shows a mistake."""


def smallest(
    strategy: st.SearchStrategy[Drawn], wrong: Callable[[Drawn], Wrong | None], seed: int, count: int
) -> Wrong | None:
    """The first mistake that drawn values show, with the smallest value found that shows one; None if none does."""
    found: list[Wrong] = []
    left = SHRINKING

    def look(value: Drawn) -> None:
        nonlocal left
        left -= bool(found)
        mistake = wrong(value) if left > 0 else None
        if mistake is not None:
            found.append(mistake)
            raise Shown

    test = hypothesis.seed(seed)(hypothesis.settings(DRAWING, max_examples=count)(given(strategy)(look)))
    with suppress(Shown, Unsatisfiable, Flaky, FlakyFailure):
        test()
    return replace(found[0], shrunk=min(found, key=_size).told) if found else None


def _size(one: Wrong) -> tuple[int, str]:
    return len(str(one.told.asked)), str(one.told.asked)
