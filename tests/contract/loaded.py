"""The contract as the tests of the documents go through it: file by file, site by site, schema by schema."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mockserver.contract.documents import Document
from mockserver.contract.operation import SiteView
from mockserver.contract.registry import Contract

ROOT = Path(__file__).parent.parent.parent
SCHEMAS = ROOT / "schemas"
FILES = sorted(SCHEMAS.glob("operations/*/*.json"))
CONTRACT = Contract()
VIEWS = [operation.on(site) for operation in CONTRACT for site in operation.sites]


def name_of(view: SiteView) -> str:
    return f"{view.operation.id}-{view.site}"


decode = msgspec.json.Decoder(float_hook=Decimal).decode
every_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
every_view = pytest.mark.parametrize("view", VIEWS, ids=name_of)


def load(file: Path) -> Any:
    """A JSON file, its fractions as Decimals."""
    return decode(file.read_bytes())


def exact(value: Any) -> Any:
    """Decoded JSON with Decimals where it has floats: the digits that the text has."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, list):
        return [exact(item) for item in value]
    return {key: exact(item) for key, item in value.items()} if isinstance(value, dict) else value


def schemas_of(view: SiteView) -> dict[str, Document]:
    """What an operation takes and gives on a site: all parameters as one object, the body, the answer."""
    parts = {"parameters": view.parameter_schema, "request": view.body_schema, "response": view.response_schema}
    return {name: schema for name, schema in parts.items() if schema is not None}


_ONE = ("items", "if", "then", "else", "not", "contains", "additionalProperties")
_MANY = ("allOf", "anyOf", "oneOf", "prefixItems")


def subschemas(schema: Any, pointer: str = "") -> Iterator[tuple[str, Document]]:
    """A schema and all schemas inside it, each with its JSON pointer."""
    if not isinstance(schema, dict):
        return
    yield pointer, schema
    for name, part in schema.get("properties", {}).items():
        yield from subschemas(part, f"{pointer}/properties/{name}")
    for keyword in _ONE:
        yield from subschemas(schema.get(keyword), f"{pointer}/{keyword}")
    for keyword in _MANY:
        for index, part in enumerate(schema.get(keyword, ())):
            yield from subschemas(part, f"{pointer}/{keyword}/{index}")
