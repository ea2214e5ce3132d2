"""What a document says of the list that an operation answers: its rows, their order, their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from contracts.properties.fields import Field, fields_of, paging_field
from contracts.requests_read import inside
from mockserver.contract.documents import Document
from mockserver.contract.operation import SiteView

Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Listing:
    """The lists of an answer whose rows a query selects; most operations have one."""

    lists: dict[str, Document]
    total: str
    """The field that counts all rows; empty where none does."""
    offset: Field | None
    limit: Field | None
    marker: Field | None
    """Where to go on, on lists that are paged by markers."""
    next_marker: str
    """Where an answer tells the next marker."""

    @property
    def is_paged(self) -> bool:
        """Whether it is paged by rows to skip."""
        return self.offset is not None and self.limit is not None

    def rows(self, body: Any) -> list[Row]:
        """The rows of an answer."""
        return [row for name in self.lists for row in (body.get(name) or [])] if isinstance(body, dict) else []

    def following(self, body: Any) -> str:
        """The marker of the next page; empty on the last one."""
        return next(iter(at(body, self.next_marker)), "") if self.next_marker else ""

    @property
    def most(self) -> int:
        """The largest page."""
        return int(self.limit.schema.get("maximum", 100)) if self.limit else 0


@cache
def listing_of(view: SiteView) -> Listing | None:
    """The list that an operation answers; None where its document does not tell the rows of one apart or in order."""
    properties = (view.response_schema or {}).get("properties", {})
    lists = {name: part for name, part in properties.items() if _is_told(part)}
    if not lists:
        return None
    totals = [name for name, part in properties.items() if part.get("x-paging") == "total"]
    offset, limit, marker = (paging_field(view, role) for role in ("offset", "limit", "marker"))
    return Listing(lists, next(iter(totals), ""), offset, limit, marker, next(_next_markers(properties), ""))


def _next_markers(properties: Document) -> Iterator[str]:
    for name, part in properties.items():
        inner = part.get("properties", {}).items()
        yield from (f"{name}.{field}" for field, one in inner if one.get("x-paging") == "next_marker")


def _is_told(schema: Document) -> bool:
    return bool({"x-sorted-by", "x-unique"} & schema.keys())


def filters_of(view: SiteView) -> list[Field]:
    """The fields of a request that select rows."""
    return [one for one in fields_of(view) if one.is_top and "x-selects" in one.schema]


def has_list(view: SiteView) -> bool:
    return view.operation.effect == "read" and listing_of(view) is not None


def has_filters(view: SiteView) -> bool:
    return has_list(view) and bool(filters_of(view))


def at(row: Any, path: str) -> list[Any]:
    """What stands at a path of a row; nothing, where it is absent."""
    return [one for one in inside(row, tuple(path.split("."))) if one is not None]


def disorder(schema: Document, rows: Sequence[Row]) -> Iterator[str]:
    """How rows break the documented order, or repeat."""
    keys = Counter(tuple(str(one) for path in schema.get("x-unique", ()) for one in at(row, path)) for row in rows)
    repeated = next((key for key, count in keys.items() if key and count > 1), None)
    if repeated:
        yield f"a row comes twice: {', '.join(repeated)}"
    by = schema.get("x-sorted-by", ())
    if any(_is_after(by, earlier, later) for earlier, later in pairwise(rows)):
        yield f"the rows are not in their documented order: {', '.join(by)}"
    if "x-behind" in schema and not _is_behind(schema["x-behind"], rows):
        yield f"a row does not come behind its own: {schema['x-behind']['field']}"


def _is_behind(rule: dict[str, str], rows: Sequence[Row]) -> bool:
    """Whether rows that belong to others stand behind these, as far as those are answered."""
    present, last = {row.get(rule["of"]) for row in rows}, None
    for row in rows:
        belongs_to = row.get(rule["field"])
        if not belongs_to or belongs_to not in present:
            last = row.get(rule["of"])
        elif belongs_to != last:
            return False
    return True


def _is_after(by: Sequence[str], earlier: Row, later: Row) -> bool:
    """Whether a row stands before one that belongs before it."""
    for path in by:
        first, second = at(earlier, path.lstrip("-")), at(later, path.lstrip("-"))
        if not first or not second:
            return False
        if first != second:
            return bool(first < second) if path.startswith("-") else bool(first > second)
    return False
