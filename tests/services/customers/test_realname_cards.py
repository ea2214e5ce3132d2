"""Real-name authentication by bank card, which the China site alone has."""

from __future__ import annotations

import pytest

from tests.driver import World
from tests.services.customers.applying import CARD, card, individual, newcomer, result, row
from tests.services.customers.contacts import other_than


def test_a_bank_card_passes_at_once_without_review(world: World) -> None:
    customer = newcomer(world)
    assert card(world, customer)["is_review"] == 0
    assert result(world, customer) == (2, None)
    assert (row(world, customer)["verified_status"], row(world, customer)["customer_type"]) == (2, 0)


def test_a_refused_card_leaves_the_code_for_another_try(world: World) -> None:
    customer = newcomer(world)
    world.place("settings", realname_outcomes={CARD: "CBC.99007261"})
    assert card(world, customer).refused == (400, "CBC.99007261")
    world.place("settings", realname_outcomes={})
    card(world, customer, code=world.look("verification_codes")[-1]["code"]).ok  # noqa: B018


def test_a_wrong_code_is_refused_and_after_three_more_no_code_helps(world: World) -> None:
    customer = newcomer(world)
    world.place("settings", realname_outcomes={CARD: "CBC.99007258"})
    card(world, customer)
    right = world.look("verification_codes")[-1]["code"]
    tries = [card(world, customer, code=other_than(right)).refused for _ in range(4)]
    assert tries == [(400, "CBC.99004010")] * 3 + [(400, "CBC.99004009")]
    assert card(world, customer, code=right).refused == (400, "CBC.99004009")
    assert row(world, customer)["verified_status"] == -1


def test_an_old_code_is_refused_as_expired(world: World) -> None:
    customer = newcomer(world)
    world.place("settings", realname_outcomes={CARD: "CBC.99007258"})
    card(world, customer)
    world.advance("PT10M")
    code = world.look("verification_codes")[-1]["code"]
    assert card(world, customer, code=code).refused == (400, "CBC.99000027")


@pytest.mark.parametrize(
    "code",
    [
        "CBC.99007219",
        "CBC.99007255",
        "CBC.99007258",
        "CBC.99007260",
        "CBC.99007261",
        "CBC.99007262",
    ],
)
def test_the_bank_refuses_a_card(world: World, code: str) -> None:
    world.place("settings", realname_outcomes={CARD: code})
    customer = newcomer(world)
    assert card(world, customer).refused == (400, code)
    assert row(world, customer)["verified_status"] == -1


def test_a_card_needs_its_data(world: World) -> None:
    answer = individual(world.solution_provider, newcomer(world), identify_type=4, verified_file_url=["face.png"])
    assert answer.refused == (400, "CBC.0100")


def test_abroad_there_is_no_authentication_by_card(abroad: World) -> None:
    customer = newcomer(abroad)
    answer = individual(abroad.solution_provider, customer, identify_type=4, verified_file_url=["face.png"])
    assert answer.refused == (400, "CBC.0100")
