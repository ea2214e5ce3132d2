"""Writing answers, by the schema: field order, amounts as number or string with their decimals, times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import msgspec

from mockserver.contract.documents import ContractError, Document

Writer = Callable[[Any], Any]
_encode = msgspec.json.Encoder(decimal_format="number").encode


def json_bytes(value: Any) -> bytes:
    """JSON text in which a Decimal keeps its digits."""
    return _encode(value)


def writer(schema: Document, name: str = "answer") -> Writer:
    """A function that turns a service's plain data into the wire form that `schema` documents.

    None means absent, unless the schema allows null. Raises `ContractError` for a field the schema does not have:
    a service can answer only what is documented.
    """
    if "properties" in schema:
        return _object_writer(schema, name)
    if "items" in schema:
        item = writer(schema["items"], name)
        return lambda rows: [item(row) for row in rows]
    return _scalar_writer(schema)


def _object_writer(schema: Document, name: str) -> Writer:
    fields = [(key, writer(part, f"{name}.{key}"), _nullable(part)) for key, part in schema["properties"].items()]
    known = frozenset(schema["properties"])

    def write(value: dict[str, Any]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, write_field, nullable in fields:
            item = value.get(key)
            if item is not None:
                result[key] = write_field(item)
            elif nullable and key in value:
                result[key] = None
        if not value.keys() <= known:
            raise ContractError(f"{name} has no field {', '.join(sorted(value.keys() - known))}")
        return result

    return write


def _nullable(schema: Document) -> bool:
    kind = schema.get("type")
    return isinstance(kind, list) and "null" in kind


def _scalar_writer(schema: Document) -> Writer:
    kind = schema.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    decimals = schema.get("x-decimals")
    unit = Decimal(1).scaleb(-decimals) if decimals is not None else None

    def write(value: Any) -> Any:
        if isinstance(value, Decimal):
            # Without x-decimals an amount goes out with the digits it has, never in exponent form.
            shown = value.quantize(unit, ROUND_HALF_UP) if unit is not None else value
            text = f"{shown:f}"
            return text if "string" in kinds else msgspec.Raw(text.encode())
        if isinstance(value, datetime):
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if isinstance(value, int) and kinds == ["string"]:
            return str(value)
        return value.isoformat() if isinstance(value, date) else value

    return write
