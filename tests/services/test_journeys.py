"""The trade keeps its promises, whatever a customer does in whatever order, over months."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings

from mockserver.app import Server
from tests.conftest import START
from tests.driver import World, in_process
from tests.services.journeys import CUSTOMERS, STEPS, Journey, Step, check_everything, documented_edges, journeys


@pytest.fixture(scope="module")
def emulator() -> Server:
    return Server()


@pytest.fixture(scope="module")
def done() -> Counter[str]:
    """How often each step succeeded, in all journeys."""
    return Counter()


@pytest.mark.parametrize(("site", "name"), CUSTOMERS)
@settings(max_examples=60, derandomize=True, deadline=None, database=None)
@given(steps=journeys)
def test_money_coupons_and_states_keep_to_their_rules(
    emulator: Server, done: Counter[str], site: str, name: str, steps: list[Step]
) -> None:
    world = World(in_process(emulator), emulator.contract, clock=START, seed=1, site=site)
    journey = Journey(world, name)
    with documented_edges():
        for step in steps:
            journey.take(step)
    check_everything(journey)
    done.update(journey.done)
    emulator.universe.remove(world.id)


def test_the_journeys_go_everywhere(done: Counter[str]) -> None:
    assert {word for word in STEPS if done[word] < 20} == set()
