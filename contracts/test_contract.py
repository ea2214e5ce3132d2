"""Every part of a contract run, as a test."""

from __future__ import annotations

import pytest

from contracts.events import FindingFound, Part
from contracts.run import Bench


def test_contract(bench: Bench, part: Part) -> None:
    found = [event.finding for event in bench.part(part, None) if isinstance(event, FindingFound)]
    if found:
        pytest.fail("\n\n".join(map(str, found)), pytrace=False)
