"""What counts as a difference."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from contracts.model.comparing import SOMETHING, AnyOf, differences


@pytest.mark.parametrize(
    ("foretold", "came"),
    [
        ({"amount": Decimal("1.50")}, {"amount": "1.5", "more": 1}),
        ({"amount": Decimal("1.50")}, {"amount": Decimal("1.5")}),
        ({"missing": None}, {}),
        ({"time": datetime(2026, 3, 2, 2, tzinfo=UTC)}, {"time": "2026-03-02T02:00:00Z"}),
        ({"id": SOMETHING}, {"id": "x"}),
        ({"code": AnyOf(("a", "b"))}, {"code": "b"}),
        ({"rows": [{"a": 1}]}, {"rows": [{"a": 1, "b": 2}]}),
    ],
)
def test_these_agree(foretold: Any, came: Any) -> None:
    assert list(differences(foretold, came)) == []


@pytest.mark.parametrize(
    ("foretold", "came", "told"),
    [
        ({"amount": Decimal("1.50")}, {"amount": "1.51"}, "amount: expected 1.50, came \"1.51\""),
        ({"amount": Decimal(1)}, {"amount": "many"}, "amount: expected 1, came \"many\""),
        ({"id": SOMETHING}, {"id": ""}, "id: expected something, came \"\""),
        ({"code": AnyOf(("a", "b"))}, {"code": "c"}, 'code: expected "a" or "b", came "c"'),
        ({"rows": [{"a": 1}]}, {"rows": []}, "rows: expected 1 rows, came 0"),
        ({"rows": [{"a": {"b": 1}}]}, {"rows": [{"a": {"b": 2}}]}, "rows[0].a.b: expected 1, came 2"),
    ],
)  # fmt: skip
def test_these_differ(foretold: Any, came: Any, told: str) -> None:
    assert list(differences(foretold, came)) == [told]
