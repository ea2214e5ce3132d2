"""Money: amounts have their documented form, and the parts of a sum make the sum."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from contracts.properties.probe import Probe
from contracts.properties.registry import Wrong, holds
from contracts.properties.scenes import example, scenes
from contracts.requests_read import inside
from mockserver.contract.documents import Document
from mockserver.contract.operation import SiteView


class Number(str):
    """A JSON number as it was written."""

    __slots__ = ()


def _keywords(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema
        for part in schema.values():
            yield from _keywords(part)


def has_amounts(view: SiteView) -> bool:
    return bool({"x-decimals", "x-sum-of"} & set(_keywords(view.response_schema)))


@holds("money", applies=has_amounts)
def money(probe: Probe) -> Iterator[Wrong]:
    """The amounts of every answer at hand."""
    found = [told for told in (*scenes(probe), *(probe.ask(example(probe, kind)) for kind in probe.kinds)) if told.ok]
    before = probe.seen
    for told in found:
        assert told.answer is not None, "it is ok"
        body = json.loads(told.answer.response.content, parse_float=Number, parse_int=Number)
        yield from (Wrong(one, told) for one in _of_forms(probe, body, told.view.response_schema or {}, ""))
        yield from (Wrong(one, told) for one in _of_sums(probe, body, told.view.response_schema or {}, ""))
    if probe.seen == before:
        probe.nothing("no answer has an amount")


def _of_forms(probe: Probe, value: Any, schema: Document, name: str) -> Iterator[str]:
    """What is wrong with amounts inside a value."""
    for field, part, item in _inside(value, schema, name):
        yield from _of_forms(probe, item, part, field)
        if isinstance(item, Number) and "e" in item.lower():
            yield f"a number is written with an exponent: {field} is {item}"
        elif "x-decimals" in part and item is not None:
            probe.saw()
            if complaint := _malformed(item, part):
                yield f"{complaint}: {field} is {item}"


def _inside(value: Any, schema: Document, name: str) -> Iterator[tuple[str, Document, Any]]:
    """The fields of an object, or the entries of a list, each with its schema."""
    if isinstance(value, list):
        yield from ((name, schema.get("items", {}), item) for item in value)
    elif isinstance(value, dict):
        for field, part in schema.get("properties", {}).items():
            if field in value:
                yield f"{name}.{field}".lstrip("."), part, value[field]


def _malformed(item: Any, schema: Document) -> str:
    """What is wrong with the form of one amount; empty if nothing is."""
    kinds = schema.get("type", "")
    expected = Number if "number" in kinds else str
    if type(item) is not expected:
        return "an amount is not of its documented type"
    if not item.lstrip("-").replace(".", "", 1).isdigit():
        return "an amount is no number"
    decimals = len(item.partition(".")[2])
    if decimals > schema["x-decimals"] or (expected is str and decimals != schema["x-decimals"]):
        return f"an amount has {decimals} decimals, not {schema['x-decimals']}"
    return ""


def _of_sums(probe: Probe, value: Any, schema: Document, name: str) -> Iterator[str]:
    """Sums that are not what their parts make."""
    for field, part, item in _inside(value, schema, name):
        yield from _of_sums(probe, item, part, field)
        for paths in part.get("x-sum-of", ()) if item is not None else ():
            made, complete = _sum(paths, value)
            probe.saw(complete)
            if complete and made != Decimal(item):
                yield f"the parts do not make the sum: {field} is {item}, the parts make {made}"


def _sum(paths: list[str], holder: Any) -> tuple[Decimal, bool]:
    """What the parts make, and whether any is there."""
    signed = [(-1 if one.startswith("-") else 1, tuple(one.lstrip("-").split("."))) for one in paths]
    parts = [sign * Decimal(told) for sign, names in signed for told in inside(holder, names) if told is not None]
    return sum(parts, Decimal(0)), bool(parts)
