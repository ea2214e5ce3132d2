"""Pages of a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from mockserver.domain.call import Call

Row = TypeVar("Row")


def page(call: Call, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows that `offset` (how many to skip) and `limit` ask for, in the body or in the query."""
    sent = call.body if "offset" in call.body or "limit" in call.body else call.parameters
    return rows[sent["offset"] : sent["offset"] + sent["limit"]]
