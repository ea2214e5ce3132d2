"""Tables against a plain dict, whatever happens in whatever order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.domain.table import Change, State, Table


class Failure(Exception):
    """What a block raises to be taken back."""


@pytest.fixture
def state() -> State:
    return State()


@pytest.fixture
def fruit(state: State) -> Table[int]:
    """A table that was settled with two rows."""
    table: Table[int] = state.table("fruit")
    table.put("apple", 1)
    table.put("pear", 2)
    state.settle()
    return table


def rows(table: Table[int]) -> dict[str, int]:
    return dict(zip(table.keys(), table, strict=True))


def test_a_row_is_found_by_its_key(fruit: Table[int]) -> None:
    assert (fruit["pear"], fruit.get("pear"), "pear" in fruit) == (2, 2, True)


def test_a_missing_row_is_none_or_a_key_error(fruit: Table[int]) -> None:
    assert (fruit.get("plum"), fruit.get(None), "plum" in fruit) == (None, None, False)
    with pytest.raises(KeyError):
        fruit["plum"]
    with pytest.raises(KeyError):
        fruit.remove("plum")


def test_rows_stand_in_the_order_of_their_first_writing(fruit: Table[int]) -> None:
    fruit.put("plum", 3)
    fruit.put("apple", 4)
    assert list(rows(fruit).items()) == [("apple", 4), ("pear", 2), ("plum", 3)]


def test_a_row_written_again_after_its_removal_has_its_old_place(fruit: Table[int]) -> None:
    fruit.remove("apple")
    assert (rows(fruit), len(fruit)) == ({"pear": 2}, 1)
    fruit.put("apple", 5)
    assert list(rows(fruit)) == ["apple", "pear"]


def test_a_transaction_that_ends_is_kept_and_tells_its_changes(state: State, fruit: Table[int]) -> None:
    with state.transaction() as changes:
        fruit.put("apple", 9)
        fruit.remove("pear")
        fruit.put("plum", 3)
    assert rows(fruit) == {"apple": 9, "plum": 3}
    assert changes == [
        Change("fruit", "apple", 1, 9),
        Change("fruit", "pear", 2, None),
        Change("fruit", "plum", None, 3, first=True),
    ]


def test_a_transaction_that_fails_leaves_rows_and_order_as_they_were(state: State, fruit: Table[int]) -> None:
    fruit.put("plum", 3)
    fruit.put("fig", 4)
    with suppress(Failure), state.transaction():
        fruit.remove("plum")
        fruit.put("plum", 5)
        fruit.remove("apple")
        fruit.put("lime", 6)
        fruit.remove("lime")
        raise Failure
    assert list(rows(fruit).items()) == [("apple", 1), ("pear", 2), ("plum", 3), ("fig", 4)]


def test_a_row_that_was_taken_back_leaves_no_place_behind(state: State, fruit: Table[int]) -> None:
    with suppress(Failure), state.transaction():
        fruit.put("plum", 3)
        raise Failure
    fruit.put("fig", 4)
    fruit.put("plum", 5)
    assert list(rows(fruit)) == ["apple", "pear", "fig", "plum"]


def test_an_inner_failure_takes_back_the_inner_changes_only(state: State, fruit: Table[int]) -> None:
    with state.transaction() as changes:
        fruit.put("apple", 8)
        with suppress(Failure), state.transaction() as inner:
            fruit.put("apple", 9)
            raise Failure
        fruit.put("pear", 7)
    assert rows(fruit) == {"apple": 8, "pear": 7}
    assert ([change.after for change in changes], inner) == ([8, 7], [])


def test_an_outer_failure_takes_back_the_inner_changes_too(state: State, fruit: Table[int]) -> None:
    with suppress(Failure), state.transaction():
        with state.transaction():
            fruit.put("apple", 9)
        raise Failure
    assert rows(fruit) == {"apple": 1, "pear": 2}


def test_a_transaction_tells_no_changes_made_before_it(state: State, fruit: Table[int]) -> None:
    fruit.put("apple", 8)
    with state.transaction() as changes:
        fruit.put("pear", 9)
    assert [change.key for change in changes] == ["pear"]
    with suppress(Failure), state.transaction():
        fruit.put("pear", 10)
        raise Failure
    assert rows(fruit) == {"apple": 8, "pear": 9}


def test_a_snapshot_is_not_touched_by_what_comes_after(state: State, fruit: Table[int]) -> None:
    saved = state.snapshot()
    fruit.put("apple", 9)
    fruit.remove("pear")
    state.table("herbs").put("mint", 1)
    state.restore(saved)
    assert state.dump() == {"fruit": {"apple": 1, "pear": 2}}
    fruit.put("apple", 10)
    state.restore(saved)
    assert rows(fruit)["apple"] == 1


def test_a_snapshot_costs_the_changes_and_shares_the_rest(state: State, fruit: Table[int]) -> None:
    before = state.snapshot()
    fruit.put("apple", 9)
    after = state.snapshot()
    assert after["fruit"][0] is before["fruit"][0]
    assert (len(before["fruit"][1]), len(after["fruit"][1])) == (0, 1)


def test_the_version_tells_of_changes_that_came_without_a_put(state: State, fruit: Table[int]) -> None:
    with state.transaction():
        fruit.put("apple", 9)
    version = state.version
    with suppress(Failure), state.transaction():
        raise Failure
    taken_back = state.version
    state.restore(state.snapshot())
    assert version < taken_back < state.version


# Whatever happens

KEYS = st.sampled_from("abcd")


@dataclass
class Model:
    """What a table is: values by key in the order of first writing, a removed one keeping its place."""

    values: dict[str, int | None]

    def put(self, key: str, value: int) -> None:
        self.values[key] = value

    def remove(self, key: str) -> None:
        if self.values.get(key) is not None:
            self.values[key] = None

    def settle(self) -> None:
        self.values = dict(self.present())

    def present(self) -> Iterator[tuple[str, int]]:
        yield from ((key, value) for key, value in self.values.items() if value is not None)


changes = st.one_of(
    st.tuples(st.just("put"), KEYS, st.integers(0, 9)),
    st.tuples(st.just("remove"), KEYS),
)
blocks = st.recursive(
    changes, lambda inner: st.tuples(st.just("block"), st.lists(inner, max_size=5), st.booleans()), max_leaves=12
)
histories = st.lists(st.one_of(blocks, st.tuples(st.sampled_from(["settle", "save", "restore"]))), max_size=12)


def happen(state: State, table: Table[int], model: Model, events: list[Any]) -> None:
    """Let puts, removals and blocks happen, in blocks that may fail, to the table and to the model."""
    for event in events:
        if event[0] == "put":
            table.put(*event[1:])
            model.put(*event[1:])
        elif event[0] == "remove":
            with suppress(KeyError):
                table.remove(event[1])
            model.remove(event[1])
        else:
            _, inner, fails = event
            before = dict(model.values)
            with suppress(Failure), state.transaction():
                happen(state, table, model, inner)
                if fails:
                    model.values = before
                    raise Failure


@settings(derandomize=True, max_examples=200)
@given(histories)
def test_a_table_is_an_ordered_dict_with_places_whatever_happens(history: list[Any]) -> None:
    state, model = State(), Model({})
    table: Table[int] = state.table("t")
    saved, kept = state.snapshot(), dict(model.values)
    for event in history:
        if event[0] == "settle":
            state.settle()
            model.settle()
        elif event[0] == "save":
            saved, kept = state.snapshot(), dict(model.values)
        elif event[0] == "restore":
            state.restore(saved)
            model.values = dict(kept)
        else:
            happen(state, table, model, [event])
        assert list(rows(table).items()) == list(model.present())
        assert len(table) == len(list(model.present()))
        assert {key for key in "abcd" if key in table} == {key for key, _ in model.present()}
