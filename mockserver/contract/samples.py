"""Values that fit a schema, made up: answers of operations whose rules are not written yet."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from mockserver.contract.documents import Document

Draw = Callable[[int], int]
"""Draws a number from 0 up to, not including, the given one."""

_SPREAD = 100
_TEXT_LENGTH = 32


def sample(schema: Document, draw: Draw, name: str = "value") -> Any:
    """A value that fits `schema`: every field present, lists with one or two rows, amounts as Decimals."""
    if "const" in schema:
        return schema["const"]
    for known in ("examples", "enum"):
        if schema.get(known):
            return schema[known][draw(len(schema[known]))]
    return _MAKERS.get(_kind(schema), _text)(schema, draw, name)


def _kind(schema: Document) -> str:
    kind = schema.get("type", "object" if "properties" in schema else "")
    return next((one for one in kind if one != "null"), "") if isinstance(kind, list) else kind


def _object(schema: Document, draw: Draw, name: str) -> Any:
    return {key: sample(part, draw, key) for key, part in schema.get("properties", {}).items()}


def _array(schema: Document, draw: Draw, name: str) -> Any:
    """One or two rows; none of objects whose fields the schema does not name, such as the end of a tree."""
    item = schema.get("items", {})
    if _kind(item) == "object" and "properties" not in item:
        return []
    rows = min(max(1 + draw(2), schema.get("minItems", 0)), schema.get("maxItems", _SPREAD))
    return [sample(item, draw, name) for _ in range(rows)]


def _integer(schema: Document, draw: Draw, name: str) -> Any:
    least = schema.get("minimum", 0)
    return least + draw(min(schema.get("maximum", least + _SPREAD) - least, _SPREAD) + 1)


def _number(schema: Document, draw: Draw, name: str) -> Any:
    decimals = schema.get("x-decimals", 2)
    return Decimal(draw(10**decimals * _SPREAD)).scaleb(-decimals)


def _boolean(schema: Document, draw: Draw, name: str) -> Any:
    return draw(2) == 1


def _text(schema: Document, draw: Draw, name: str) -> Any:
    """A short text, or an amount; a pattern of another kind needs `examples` in the schema."""
    if "x-decimals" in schema:
        return _number(schema, draw, name)
    text = f"{name}-{draw(10**6):06d}"[: min(schema.get("maxLength", _TEXT_LENGTH), _TEXT_LENGTH)]
    return text.ljust(schema.get("minLength", 0), "0")


_MAKERS: dict[str, Callable[[Document, Draw, str], Any]] = {
    "object": _object,
    "array": _array,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
}
