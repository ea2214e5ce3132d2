"""Identifiers: the vendor's forms, the same for the same seed and order, none used up by what is taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from mockserver.domain.ids import Ids, digest, letters
from mockserver.domain.table import State

NOW = datetime(2026, 3, 1, 16, 30, 5, tzinfo=UTC)

MAKERS: dict[str, tuple[Callable[[Ids], str], str]] = {
    "hex32": (lambda ids: ids.hex32("customer"), r"[0-9a-f]{32}"),
    "transaction": (lambda ids: ids.transaction("AD", NOW), r"AD260302003001[0-9a-f]{6}"),
    "serial": (lambda ids: ids.serial("order", NOW), r"20260302003005[0-9]{8}"),
    "digits": (lambda ids: ids.digits(6, "code"), r"[0-9]{6}"),
    "letters": (lambda ids: ids.letters(40, "secret"), r"[A-Za-z0-9]{40}"),
}

every_maker = pytest.mark.parametrize("name", MAKERS)


def make(seed: int = 1) -> Ids:
    return Ids(State(), seed)


@every_maker
def test_an_id_has_the_vendors_form(name: str) -> None:
    maker, form = MAKERS[name]
    assert re.fullmatch(form, maker(make()))


@pytest.mark.parametrize("name", sorted(MAKERS.keys() - {"digits"}))
def test_ids_are_not_repeated(name: str) -> None:
    maker, ids = MAKERS[name][0], make()
    assert len({maker(ids) for _ in range(500)}) == 500


@every_maker
def test_equal_seeds_give_equal_ids_in_equal_order(name: str) -> None:
    maker, one, other = MAKERS[name][0], make(), make()
    assert [maker(one) for _ in range(5)] == [maker(other) for _ in range(5)]


@pytest.mark.parametrize("name", ["hex32", "digits", "letters"])
def test_another_seed_gives_other_ids(name: str) -> None:
    maker = MAKERS[name][0]
    assert maker(make(1)) != maker(make(2))


def test_each_kind_has_its_own_count() -> None:
    ids = make()
    assert [ids.count("a"), ids.count("b"), ids.count("a")] == [1, 1, 2]
    assert ids.hex32("x") != ids.hex32("y")


def test_what_is_taken_back_uses_no_id_up() -> None:
    state = State()
    ids = Ids(state, 1)
    with suppress(ValueError), state.transaction():
        taken_back = ids.hex32("customer")
        raise ValueError
    assert ids.hex32("customer") == taken_back


def test_a_ledger_account_is_numbered_by_its_owner_and_book() -> None:
    ids = make()
    number = ids.ledger_account("owner", "cash")
    assert re.fullmatch("AT[0-9A-F]{16}", number)
    assert number == ids.ledger_account("owner", "cash") != ids.ledger_account("owner", "credit")


def test_serial_numbers_sort_by_time() -> None:
    ids = make()
    earlier = ids.serial("order", NOW)
    assert earlier < ids.serial("order", NOW) < ids.serial("order", NOW.replace(second=6))


def test_digests_tell_their_parts_apart() -> None:
    assert digest("a", "bc") != digest("ab", "c")
    assert digest("a", size=16) == digest("a", size=16)


def test_letters_are_as_many_as_wanted() -> None:
    assert [len(letters(count, "part")) for count in (0, 1, 40, 500)] == [0, 1, 40, 500]
