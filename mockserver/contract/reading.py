"""Reading what a client sent, by the schema: nullish rules, numeric strings, defaults.

The vendor gives every parameter its own meaning of absent, empty, "" and null; the documents carry it as `x-nullish`
and this module is the one mechanism that applies it. A reader never refuses a wrong value (validation does), only
what a nullish rule refuses.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from mockserver.contract.documents import Document

ABSENT, KEEP, REFUSE = "absent", "keep", "refuse"
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}\Z", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?\Z", re.ASCII)
_LARGEST_EXPONENT = 30


@dataclass
class Findings:
    """What reading a request noticed: names the contract does not know, and values a nullish rule refuses."""

    unknown: list[str] = field(default_factory=list)
    refused: list[tuple[tuple[str | int, ...], Document]] = field(default_factory=list)


Path = tuple[str | int, ...]
Reader = Callable[[Any, Path, Findings], Any]
Missing = object()


def body_reader(schema: Document) -> Reader:
    """A function that turns a decoded JSON body into the values that the service sees."""
    kind = _main_type(schema)
    if kind == "object":
        return _object_reader(schema)
    if kind == "array":
        return _array_reader(schema)
    return _scalar_reader(schema)


def _object_reader(schema: Document) -> Reader:
    required = set(schema.get("required", ()))
    fields = {
        name: (part, body_reader(part), _body_rules(part, name in required))
        for name, part in schema.get("properties", {}).items()
    }

    def read(value: Any, path: Path, findings: Findings) -> Any:
        if not isinstance(value, dict):
            return _emptied(value)
        result: dict[str, Any] = {}
        for name, (part, reader, rules) in fields.items():
            sent = value.get(name, Missing)
            rule = rules.get(_body_kind(sent), KEEP) if sent is not Missing else ABSENT
            if rule == REFUSE:
                findings.refused.append(((*path, name), part))
            elif rule == KEEP:
                result[name] = reader(sent, (*path, name), findings)
            elif "default" in part:
                result[name] = part["default"]
        for name in value:
            if name not in fields:
                findings.unknown.append(".".join(map(str, (*path, name))))
        return result

    return read


def _array_reader(schema: Document) -> Reader:
    item = body_reader(schema.get("items", {}))

    def read(value: Any, path: Path, findings: Findings) -> Any:
        if not isinstance(value, list):
            return _emptied(value)
        return [item(entry, (*path, index), findings) for index, entry in enumerate(value)]

    return read


def _scalar_reader(schema: Document) -> Reader:
    convert = _CONVERSIONS.get(_main_type(schema), _unchanged)
    emptied = _emptied if "type" in schema else _unchanged

    def read(value: Any, path: Path, findings: Findings) -> Any:
        return convert(emptied(value))

    return read


def _emptied(value: Any) -> Any:
    """A list or an object where the schema has neither is wrong whatever it holds, and need not be read any deeper."""
    return type(value)() if isinstance(value, (list, dict)) else value


def parameter_reader(parameters: list[Document]) -> Callable[[dict[str, list[str]], Findings], dict[str, Any]]:
    """A function that turns query, path or header texts (name to all its values) into the values the service sees."""
    parts = [
        (parameter["name"], parameter["schema"], _text_rules(parameter["schema"], parameter.get("required", False)))
        for parameter in parameters
    ]

    def read(sent: dict[str, list[str]], findings: Findings) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for name, schema, rules in parts:
            texts = sent.get(name)
            rule = rules.get(_text_kind(texts), KEEP) if texts else ABSENT
            if rule == REFUSE:
                findings.refused.append(((name,), schema))
            elif texts and rule == KEEP:
                result[name] = _from_texts(texts, schema)
            elif "default" in schema:
                result[name] = schema["default"]
        known = {name for name, _, _ in parts}
        findings.unknown.extend(name for name in sent if name not in known)
        return result

    return read


def _from_texts(texts: list[str], schema: Document) -> Any:
    if schema.get("type") == "array":
        if texts == [""]:
            return []
        convert = _CONVERSIONS.get(_main_type(schema.get("items", {})), _unchanged)
        return [convert(text) for text in texts]
    return _CONVERSIONS.get(_main_type(schema), _unchanged)(texts[0])


def _body_rules(schema: Document, required: bool) -> dict[str, str]:
    return {"null": REFUSE if required else ABSENT, **schema.get("x-nullish", {})}


def _text_rules(schema: Document, required: bool) -> dict[str, str]:
    return {"empty": REFUSE if required else ABSENT, **schema.get("x-nullish", {})}


def _body_kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return "" if value else "empty_string"
    return "empty" if value == [] or value == {} else ""


def _text_kind(texts: list[str]) -> str:
    if len(texts) > 1:
        return ""
    return {"": "empty", '""': "empty_string", "null": "null"}.get(texts[0], "")


def _main_type(schema: Document) -> str:
    kind = schema.get("type", "")
    return next((one for one in kind if one != "null"), "") if isinstance(kind, list) else kind


def _unchanged(value: Any) -> Any:
    return value


def _integer(value: Any) -> Any:
    """Production clients send numeric strings for integers, and the service takes them."""
    if isinstance(value, str) and _INTEGER.match(value):
        return int(value)
    if isinstance(value, Decimal) and value.adjusted() < _LARGEST_EXPONENT and value == value.to_integral_value():
        return int(value)
    return value


def _number(value: Any) -> Any:
    """Amounts come as numbers and as numeric strings; either way they are Decimals from here on."""
    if isinstance(value, str) and _NUMBER.match(value):
        return Decimal(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value


def _boolean(value: Any) -> Any:
    return {"true": True, "false": False}.get(value.lower(), value) if isinstance(value, str) else value


_CONVERSIONS: dict[str, Callable[[Any], Any]] = {"integer": _integer, "number": _number, "boolean": _boolean}
