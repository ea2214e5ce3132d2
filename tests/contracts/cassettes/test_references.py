"""A target's own values take the place of labels."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.cassettes.masking import form_of
from contracts.cassettes.references import Bindings, Unresolved, made_up, references, varied


def test_a_value_is_learnt_from_the_same_place_of_an_answer() -> None:
    bindings = Bindings({})
    recorded = {"rows": [{"id": {"$ref": "order#1"}}, {"id": {"$ref": "order#2"}}], "name": {"$masked": "name#1"}}
    bindings.bind(recorded, {"rows": [{"id": "A"}, {"id": "B"}], "name": "Ann"})
    sent = {"ids": [{"$ref": "order#2"}, {"$ref": "order#1"}], "who": {"$masked": "name#1"}, "limit": 10}
    assert bindings.resolve(sent) == {"ids": ["B", "A"], "who": "Ann", "limit": 10}


def test_the_first_value_stays() -> None:
    bindings = Bindings({"customer#1": "known"})
    bindings.bind({"id": {"$ref": "customer#1"}}, {"id": "another"})
    assert bindings.resolve({"$ref": "customer#1"}) == "known"


@pytest.mark.parametrize("actual", [None, [], {}, {"id": None}, {"id": ""}, {"id": {}}, "text"])
def test_nothing_is_learnt_where_nothing_is(actual: Any) -> None:
    bindings = Bindings({})
    bindings.bind({"id": {"$ref": "customer#1"}}, actual)
    with pytest.raises(Unresolved, match="customer#1"):
        bindings.resolve({"$ref": "customer#1"})


def test_an_id_of_the_clients_own_is_made_up_in_its_form() -> None:
    bindings = Bindings({})
    made = bindings.resolve({"$ref": "order#1", "like": "AA99-aaaa9999"})
    assert form_of(made) == "AA99-aaaa9999"
    assert bindings.resolve({"$ref": "order#1"}) == made
    assert made_up("order#2", "99999999") != made_up("order#1", "99999999") == made_up("order#1", "99999999")


def test_a_masked_value_is_filled_in_and_differs_by_number() -> None:
    bindings = Bindings({}, {"mobile": "13800000000", "password": "Ceshi#20240618"}.get)
    assert bindings.resolve([{"$masked": "mobile#1"}, {"$masked": "mobile#3"}]) == ["13800000000", "13800000002"]
    assert bindings.resolve({"$masked": "password#1"}) == "Ceshi#20240618"


def test_a_masked_value_without_a_stand_in_is_not_made_up() -> None:
    with pytest.raises(Unresolved, match="secret#1"):
        Bindings({}).resolve({"$masked": "secret#1"})


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("name", "name2"),
        ("a1b", "a2b"),
        ("ann@example.com", "ann2@example.com"),
        ("x99", "x00"),
        ("a9@b1.org", "a0@b1.org"),
    ],
)
def test_a_stand_in_is_varied_without_growing(text: str, other: str) -> None:
    assert varied(text, 1) == text
    assert varied(text, 2) == other


def test_the_labels_that_an_answer_must_show_are_found_at_any_depth() -> None:
    value = {"a": [{"$ref": "x#1"}], "b": {"c": {"$ref": "y#1", "like": "99"}}, "d": {"$masked": "z#1"}, "e": 1}
    assert list(references(value)) == ["x#1"]
