"""Requests take ids along, and little else."""

from __future__ import annotations

from contracts.linking.asking import put


def test_a_value_goes_into_the_first_row() -> None:
    body = {"rows": [{"id": "a", "kept": 1}, {"id": "b"}]}
    put(body, ("rows", "*", "id"), "c")
    assert body == {"rows": [{"id": "c", "kept": 1}, {"id": "b"}]}


def test_what_is_missing_on_the_way_is_made() -> None:
    body: dict[str, object] = {}
    put(body, ("rows", "*", "inner", "id"), "c")
    assert body == {"rows": [{"inner": {"id": "c"}}]}
