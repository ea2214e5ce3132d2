"""What bodies look like, whatever their values are."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from contracts.cassettes.shapes import TIMES, Shape, form_of, type_of


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (1, "number"), (Decimal("1.10"), "number"), ("1", "string"), (True, "boolean"), (None, "null"), ([], "array"),
        ({}, "object"), ({"$ref": "order#1"}, "string"), ({"$masked": "mobile#1", "type": "number"}, "number"),
    ],
)  # fmt: skip
def test_a_value_has_its_json_type(value: Any, kind: str) -> None:
    assert type_of(value) == kind


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (Decimal("1.10"), "2 decimals"), ("12.00000000", "8 decimals"), ("2026-03-02T02:00:00Z", "utc_second"),
        ("2026-03-02T02:00:00.123Z", "utc_millisecond"), ("2026-03-02 02:00:00", "plain_second"), ("2026-03-02", "day"),
        ("2026-03", "month"), ("20260302020000", "compact_second"), ("17", "text"), ("", ""), (17, ""),
        ({"$ref": "order#1"}, ""),
    ],
)  # fmt: skip
def test_a_value_has_a_form(value: Any, form: str) -> None:
    assert form_of(value) == form


def test_every_form_of_time_is_told_from_the_others() -> None:
    assert {"utc_second", "day", "month"} <= TIMES.keys()


def test_places_are_counted_against_the_objects_that_could_have_them() -> None:
    shape = Shape({"type": "object", "properties": {"rows": {"items": {"properties": {"id": {}}}}}})
    shape.add({"rows": [{"id": "1"}, {"id": "2", "more": 1}, {}]})
    assert shape.places[".rows[].id"].present == 2
    assert shape.parents_of(".rows[].id") == 3
    assert shape.places[".rows[].more"].schema is None
