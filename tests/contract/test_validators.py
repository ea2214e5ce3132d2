"""Two validators, one verdict: jsonschema-rs, which serves, against jsonschema, on values for every constraint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mockserver.contract.documents import Document
from mockserver.contract.validation import Checker, compile_schema
from mockserver.contract.writing import json_bytes
from tests.contract.loaded import VIEWS, exact, name_of, schemas_of, subschemas
from tests.contract.values import judge, plain, trials

CONSTRAINTS = {
    "type", "enum", "const", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum", "multipleOf", "required", "minItems", "maxItems", "dependentRequired", "not",
    "maxContains",
}  # fmt: skip

SCHEMAS = {f"{name_of(view)}-{part}": exact(schema) for view in VIEWS for part, schema in schemas_of(view).items()}
FIELDS = list(
    {
        json_bytes(part): part
        for schema in SCHEMAS.values()
        for _, part in subschemas(schema)
        if "type" in part and not part.keys() & {"properties", "items"}
    }.values()
)
"""The distinct schemas of single values."""


@dataclass(frozen=True)
class Known:
    """A difference of the two that is known: why, a value that shows it, and which values it excuses."""

    reason: str
    schema: Document
    value: Any
    ours: bool
    excuses: Callable[[Any], bool] = lambda value: False


KNOWN = {
    "binary fractions": Known(
        "jsonschema divides floats, in which 19.99 is no multiple of 0.01; we count as the text says",
        {"multipleOf": 0.01}, 19.99, ours=True,
    ),
    "final newline": Known(
        "`$` of Python's re matches before a final newline, that of ECMA does not",
        {"pattern": "^a$"}, "a\n", ours=False, excuses=lambda value: isinstance(value, str) and value.endswith("\n"),
    ),
    "digits": Known(
        "`\\d` of Python's re is any decimal digit of Unicode, that of ECMA 0 to 9; documents write [0-9]",
        {"pattern": "^\\d$"}, "٣", ours=False,
    ),
    "whole Decimals": Known(
        "jsonschema takes no Decimal for an integer; JSON Schema takes 1.0 for one",
        {"type": "integer"}, Decimal("1.0"), ours=True,
        excuses=lambda value: isinstance(value, Decimal) and value == value.to_integral_value(),
    ),
    "exact bounds": Known(
        "jsonschema compares Decimals with the binary value of a bound; hence the judge has Decimals in its schemas",
        {"minimum": 0.1}, Decimal("0.1"), ours=True,
    ),
    "not a number": Known(
        "jsonschema takes any Decimal for a number; neither JSON nor reading a text can produce this one",
        {"type": "number"}, Decimal("NaN"), ours=False,
    ),
    "control characters": Known(
        "`\\s` of Python's re has the separators 1C to 1F, and has not the byte order mark",
        {"pattern": "^\\S*$"}, "\x1c", ours=True,
    ),
}  # fmt: skip
"""Everything else that the two do not agree about fails."""


def leaves(value: Any) -> list[Any]:
    if isinstance(value, (list, dict)):
        return [leaf for item in (value.values() if isinstance(value, dict) else value) for leaf in leaves(item)]
    return [value]


def excused(value: Any) -> bool:
    return any(known.excuses(leaf) for leaf in leaves(value) for known in KNOWN.values())


def disagreements(schema: Document) -> list[Any]:
    ours, theirs = compile_schema(schema), judge(schema)
    return [one for one in trials(schema) if ours.is_valid(one) != theirs.is_valid(one) and not excused(one)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_both_agree_on_a_request_and_an_answer(name: str) -> None:
    assert disagreements(SCHEMAS[name]) == []


def test_both_agree_on_every_field() -> None:
    found = {str(schema): values for schema in FIELDS if (values := disagreements(schema))}
    assert found == {}


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_values_keep_and_break_every_constraint(name: str) -> None:
    schema = SCHEMAS[name]
    checker = Checker(schema)
    broken = {violation.pointer for value in trials(schema) for violation in checker.violations(value)}
    assert breakable(schema) - broken == set()
    assert checker.accepts(plain(schema))


def breakable(schema: Document) -> set[str]:
    """Pointers of what a value can break: not a bound of 0, nor a condition, which only leads elsewhere."""
    return {
        f"{pointer}/{word}"
        for pointer, part in subschemas(schema)
        for word in CONSTRAINTS & part.keys()
        if not {"if", "not", "contains"} & set(pointer.split("/"))
        if part[word] != "int64" and not (word in ("minLength", "minItems", "required") and not part[word])
    }


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_difference_is_one(name: str) -> None:
    known = KNOWN[name]
    theirs = Draft202012Validator(known.schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert compile_schema(known.schema).is_valid(known.value) == known.ours != theirs.is_valid(known.value)


@pytest.mark.parametrize("text", ["2016-12-31T23:59:60Z", "0000-01-01T00:00:00Z", "2026-02-29T00:00:00Z"])
def test_only_instants_that_can_be_counted_with_are_instants(text: str) -> None:
    assert not compile_schema({"format": "date-time"}).is_valid(text)


@pytest.mark.parametrize("text", ["0000-01-01", "2026-02-29", "20260301", "2026-W01-1"])
def test_only_days_of_the_calendar_are_dates(text: str) -> None:
    assert not compile_schema({"format": "date"}).is_valid(text)


def test_the_wire_forms_of_instants_and_days_are_accepted() -> None:
    schema = {"properties": {"at": {"format": "date-time"}, "on": {"format": "date"}}}
    assert Checker(schema).violations({"at": "2024-02-29T23:59:59Z", "on": "2024-02-29"}) == []
