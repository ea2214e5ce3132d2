"""What bodies look like: for every place in them how often it is there, with which types, forms and listed values."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from mockserver.contract.documents import Document

TIMES = {
    "utc_second": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z",
    "utc_millisecond": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z",
    "plain_second": r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}",
    "day": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "month": r"[0-9]{4}-(0[1-9]|1[0-2])",
    "compact_second": r"20[0-9]{12}",
}
"""Forms of times in texts, by name."""
_TIMES = {name: re.compile(pattern) for name, pattern in TIMES.items()}
_AMOUNT = re.compile(r"-?[0-9]+\.([0-9]+)")
ANY_TEXT = "text"


@dataclass
class Seen:
    """What was seen at one place."""

    schema: Document | None
    """None where the contract does not know the place."""
    required: bool
    parents: int = 0
    """Objects that could have had it."""
    present: int = 0
    types: Counter[str] = field(default_factory=Counter)
    forms: set[str] = field(default_factory=set)
    values: set[Any] = field(default_factory=set)
    """Values of a field whose values the contract lists."""


class Shape:
    """The places of many bodies of one kind."""

    def __init__(self, schema: Document | None) -> None:
        self._schema = schema
        self.places: dict[str, Seen] = {}
        self.bodies = 0
        self.objects: Counter[str] = Counter()
        """How often an object was seen at each place."""

    def add(self, body: Any) -> None:
        """Look at one more body."""
        self.bodies += 1
        self._look(body, self._schema, "", self._place("", self._schema, required=True))

    def parents_of(self, place: str) -> int:
        """How many objects there were that could have had a place."""
        return self.objects[place.rpartition(".")[0]]

    def _look(self, value: Any, schema: Document | None, path: str, seen: Seen) -> None:
        seen.present += 1
        seen.types[type_of(value)] += 1
        form = form_of(value)
        if form and not (schema and "enum" in schema):
            seen.forms.add(form)
        if schema and "enum" in schema and isinstance(value, (str, int)):
            seen.values.add(value)
        if isinstance(value, list):
            self._items(value, schema, f"{path}[]")
        elif isinstance(value, dict) and not is_label(value):
            self._fields(value, schema, path)

    def _items(self, rows: list[Any], schema: Document | None, path: str) -> None:
        inner = _inner(schema, "items")
        for row in rows:
            self._look(row, inner, path, self._place(path, inner, required=False))

    def _fields(self, value: Document, schema: Document | None, path: str) -> None:
        self.objects[path] += 1
        parts = _inner(schema, "properties") or {}
        required = (schema or {}).get("required", ())
        for name, item in value.items():
            place = f"{path}.{name}"
            self._look(item, parts.get(name), place, self._place(place, parts.get(name), name in required))

    def _place(self, path: str, schema: Document | None, required: bool) -> Seen:
        return self.places.setdefault(path, Seen(schema, required))


def type_of(value: Any) -> str:
    """The JSON type. Whole numbers are numbers like others; a label is what it stands for."""
    if is_label(value):
        return str(value.get("type", "string"))
    if isinstance(value, bool):
        return "boolean"
    for kind, name in ((str, "string"), ((int, float, Decimal), "number"), (list, "array"), (dict, "object")):
        if isinstance(value, kind):
            return name
    return "null"


def form_of(value: Any) -> str:
    """How a text or a number is written; empty where there is nothing to tell, as for a label."""
    if isinstance(value, Decimal):
        return f"{-int(value.as_tuple().exponent)} decimals"
    if not isinstance(value, str) or value == "":
        return ""
    amount = _AMOUNT.fullmatch(value)
    if amount:
        return f"{len(amount[1])} decimals"
    return next((name for name, pattern in _TIMES.items() if pattern.fullmatch(value)), ANY_TEXT)


def is_label(value: Any) -> bool:
    """Whether this stands for a value that a cassette does not hold."""
    return isinstance(value, dict) and ("$ref" in value or "$masked" in value)


def _inner(schema: Document | None, keyword: str) -> Document | None:
    inner = (schema or {}).get(keyword)
    return inner if isinstance(inner, dict) else None
