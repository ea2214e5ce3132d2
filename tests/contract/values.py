"""Values that try every constraint of a schema: at a bound and beyond it, a member and a stranger, absent, of another
type. Nothing is left to chance: the same schema gives the same values. Schemas have Decimals where the files have
fractions (`loaded.exact`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.strategies import from_regex
from jsonschema import Draft202012Validator

from mockserver.contract.documents import Document
from mockserver.contract.validation import Checker
from mockserver.contract.writing import json_bytes

OTHER_TYPES: tuple[Any, ...] = (None, True, 0, -1, Decimal("1.5"), "", "text", [], {}, [None])
DATES = ("2026-03-01", "2024-02-29", "2026-02-29", "2026-02-30", "0000-01-01", "2026-3-1", "20260301")
INSTANTS = (
    "2026-03-01T08:00:00Z", "2026-12-31T23:59:59Z", "2026-13-01T00:00:00Z", "2026-03-01T24:00:00Z",
    "2016-12-31T23:59:60Z", "0000-01-01T00:00:00Z", "2026-03-01 08:00:00", "2026-03-01T08:00:00+08:00",
    "2026-03-01T08:00:00.000Z",
)  # fmt: skip
MONTHS = ("2026-03", "2026-13")
WORDS = ("1", "0", "0.00", "12.34", "-5.00", "a", "user-name", "Secret-123", "13800000000", "someone@example.com")
LARGEST_INTEGER = 10**20
"""Beyond what 64 bits hold."""

LONG_LIST = 60
"""Entries of a list in a text; more than any list in a text may have."""

ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def judge(schema: Document | bool) -> Draft202012Validator:
    """The second opinion: the reference implementation, counting in Decimals, with formats."""
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def plain(schema: Document) -> Any:
    """A value that the schema accepts: the same one every time, and as small as it comes."""
    return _fits(schema)


def _fits(schema: Document, but_not: Document | bool = False) -> Any:
    accepted, refused = judge(schema), judge(but_not)
    return next((one for one in _candidates(schema) if accepted.is_valid(one) and not refused.is_valid(one)), None)


def trials(schema: Document) -> Iterator[Any]:
    """Values that keep and values that break each constraint of the schema and of the schemas inside it."""
    yield from OTHER_TYPES
    yield from schema.get("enum", ())
    for kind in _kinds(schema):
        yield from _TRIALS.get(kind, _candidates)(schema)


_told: dict[bytes, list[Any]] = {}


def telling(schema: Document) -> list[Any]:
    """Of the trials, the first of each that the schema takes or refuses for the same reasons."""
    key = json_bytes(schema)
    if key not in _told:
        found: dict[frozenset[str], Any] = {}
        checker = Checker(schema)
        for value in trials(schema):
            found.setdefault(frozenset(violation.pointer for violation in checker.violations(value)), value)
        _told[key] = list(found.values())
    return _told[key]


def _kinds(schema: Document) -> list[str]:
    kind = schema.get("type", [])
    return [one for one in ([kind] if isinstance(kind, str) else kind) if one != "null"]


def _candidates(schema: Document) -> Iterator[Any]:
    """Likely values, likeliest first."""
    yield from (schema[word] for word in ("const", "default") if word in schema)
    yield from schema.get("enum", ())
    yield from schema.get("examples", ())
    for kind in _kinds(schema):
        if kind == "object":
            yield from _objects(schema)
        elif kind == "array":
            yield [plain(schema.get("items", {}))] * schema.get("minItems", 0)
        elif kind == "string":
            yield from (*WORDS, *MONTHS, *DATES, *INSTANTS, "a" * schema.get("minLength", 0))
            yield _matching(schema["pattern"], schema.get("minLength", 0), schema.get("maxLength", 4096))
        else:
            yield from (0, 1, schema.get("minimum", 0), False)


@cache
def _matching(pattern: str, shortest: int, longest: int) -> str:
    """The simplest text of the pattern."""
    return find(
        from_regex(re.compile(pattern, re.ASCII)),
        lambda text: shortest <= len(text) <= longest and not text.endswith("\n"),
        settings=settings(database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)),
        random=Random(0),
    )


def _strings(schema: Document) -> Iterator[Any]:
    sample = plain({**schema, "type": "string"}) or ""
    yield from (*WORDS, *MONTHS, *DATES, *INSTANTS, *schema.get("examples", ()))
    for length in {*_around(schema, "minLength"), *_around(schema, "maxLength")}:
        yield from (sample[:1] * length, "a" * length, "😀" * length, (sample + sample[-1:] * length)[:length])
    yield from (sample, sample.swapcase(), sample[:-1], sample[1:], sample.translate(ARABIC_DIGITS))
    yield from (f"{sample}\n", f"{sample}x", f" {sample}", f"{sample} ", sample * 2, f"\t{sample}", f"é{sample}中")
    yield ",".join(["a"] * LONG_LIST)


def _numbers(schema: Document) -> Iterator[Any]:
    step = 1 if "integer" in _kinds(schema) else Decimal("0.01")
    for word in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        if word in schema:
            bound = schema[word]
            yield from (bound - step, bound, bound + step, bound + Decimal("0.001"))
    yield from (1, 2, 10, LARGEST_INTEGER, -LARGEST_INTEGER, "1", "1.00")
    yield from map(Decimal, ("1.0", "19.99", "19.999", "0.29", "0.1", "-0.01", "1E+2", "1234567.89", "1E-8"))
    for member in schema.get("enum", ()):
        yield from (str(member), f"{member}0", Decimal(f"{member}1"))


def _arrays(schema: Document) -> Iterator[Any]:
    items = schema.get("items", {})
    item = plain(items)
    for length in {1, *_around(schema, "minItems"), *_around(schema, "maxItems")}:
        yield [item] * length
    least = max(schema.get("minItems", 0), 1)
    for value in telling(items):
        yield [value] * least
        if {"not", "allOf"} & schema.keys():
            yield [value, value]


def _around(schema: Document, word: str) -> set[int]:
    return {length for length in range(schema[word] - 1, schema[word] + 2) if length >= 0} if word in schema else set()


def _objects(schema: Document) -> Iterator[dict[str, Any]]:
    """Objects that are likely to be accepted: what is required, what each condition asks for, all of it, everything."""
    base = _required(schema)
    branches = list(_branches(schema))
    yield base
    yield from ({**base, **values} for values, _ in branches)
    yield {**base, **{name: value for values, _ in branches[::2] for name, value in values.items()}}
    yield {name: plain(part) for name, part in schema.get("properties", {}).items()}


def _required(schema: Document) -> dict[str, Any]:
    fields = schema.get("properties", {})
    return {name: plain(fields.get(name, {})) for name in schema.get("required", ())}


def _branches(schema: Document) -> Iterator[tuple[dict[str, Any], dict[str, Document]]]:
    """For each condition, met and then unmet: values that lead there with what is asked for there, and the schemas of
    what is asked for."""
    fields = schema.get("properties", {})
    for condition in (schema, *schema.get("allOf", ())):
        asked = condition.get("if", {}).get("properties", {})
        met = {name: plain({**fields.get(name, {}), **part}) for name, part in asked.items()}
        unmet = {name: _fits(fields.get(name, {}), but_not=part) for name, part in asked.items()}
        for values, branch in ((met, condition.get("then", {})), (unmet, condition.get("else", {}))):
            narrowed = {name: {} for name in branch.get("required", ())} | branch.get("properties", {})
            wanted = {name: {**fields.get(name, {}), **part} for name, part in narrowed.items()}
            yield {**values, **{name: plain(part) for name, part in wanted.items()}}, wanted


def _object_trials(schema: Document) -> Iterator[dict[str, Any]]:
    base = _required(schema)
    for likely in _objects(schema):
        yield from (likely, {**likely, "no_such_field": 1})
        yield from ({other: value for other, value in likely.items() if other != name} for name in likely)
    for name, part in schema.get("properties", {}).items():
        yield from ({**base, name: value} for value in telling(part))
    for values, wanted in _branches(schema):
        for name, part in wanted.items():
            yield from ({**base, **values, name: value} for value in telling(part))


_TRIALS = {"string": _strings, "integer": _numbers, "number": _numbers, "array": _arrays, "object": _object_trials}
