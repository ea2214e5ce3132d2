"""What befalls yearly/monthly resources outside the API: frozen for a violation or by the police, given traits."""

from __future__ import annotations

from typing import Any

import pytest

from tests.driver import World
from tests.services.trading import buy


def place(world: World, resource_id: str, **fields: Any) -> tuple[int, str]:
    """State and reason, after a placement."""
    row = world.place("resources", resource=resource_id, **fields)
    return row["status"], row["frozen_by"]


def refusal(world: World, **fields: Any) -> str:
    """The sentence with which a placement is refused."""
    with world.unchanged():
        answer = world.control("POST", f"sandboxes/{world.id}/state/resources", fields)
    assert answer.status == 400
    return str(answer.body["error"])


@pytest.mark.parametrize("reason", ["violation", "police"])
def test_a_resource_is_frozen_and_freed(world: World, reason: str) -> None:
    (one,) = buy(world)
    assert place(world, one, frozen=reason) == (4, reason)
    assert place(world, one, frozen="") == (2, "")


def test_a_second_reason_takes_the_place_of_the_first(world: World) -> None:
    (one,) = buy(world)
    place(world, one, frozen="violation")
    assert place(world, one, frozen="police") == (4, "police")


def test_what_expires_while_it_is_frozen_is_kept_for_the_retention_period(world: World) -> None:
    (one,) = buy(world)
    place(world, one, frozen="violation")
    world.advance("P33D")
    assert place(world, one, frozen="") == (4, "")
    world.advance("P15D")
    assert world.look("resources", resource_id=one)[0]["status"] == 3


def test_freeing_what_is_not_frozen_changes_nothing(world: World) -> None:
    (one,) = buy(world)
    assert place(world, one, frozen="") == (2, "")
    world.advance("P50D")
    assert place(world, one, frozen="") == (4, "")


def test_traits_take_the_place_of_those_before(world: World) -> None:
    (one,) = buy(world)
    world.place("resources", resource=one, traits=["trial", "invoiced"])
    assert world.place("resources", resource=one, traits=["bound"])["traits"] == ["bound"]
    assert world.place("resources", resource=one)["traits"] == ["bound"]


def test_a_wrong_wish_is_explained(world: World) -> None:
    (one,) = buy(world)
    assert refusal(world, resource="nothing").startswith("no yearly/monthly resource 'nothing'")
    assert "no trait 'round'; accepted: discontinued, " in refusal(world, resource=one, traits=["round"])
    assert "frozen" in refusal(world, resource=one, frozen="fun")


def test_what_is_released_stays_so(world: World) -> None:
    (one,) = buy(world)
    world.advance("P70D")
    assert "no yearly/monthly resource" in refusal(world, resource=one, frozen="police")
