"""Bounds: at each limit of a field a value is taken, beyond it refused as documented; defaults are in force."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contracts.checks import invalid_row
from contracts.properties.fields import HEADER, PATH, Asked, Field, fields_of
from contracts.properties.probe import Probe, Told, expected_refusal
from contracts.properties.registry import Wrong, holds
from contracts.properties.scenes import holding
from mockserver.contract.documents import Document, Json

LONGEST_TEXT = 4000
"""Characters beyond which no bound is tried."""
LONGEST_LIST = 300
"""Entries beyond which no bound is tried."""
OF_NO_ENUM = "not-one-of-them"


@holds("bounds")
def bounds(probe: Probe) -> Iterator[Wrong]:
    """Each field of the documented example, each of its limits."""
    calls = {place: asked for place in fields_of(probe.view) if (asked := holding(probe, place)) is not None}
    if len(calls) < len(fields_of(probe.view)):
        probe.nothing("no call at hand can have the field")
    cases = [(place, value) for place, asked in calls.items() for value in edges(place, asked.get(place))]
    for place, value in probe.some(cases):
        yield from _of_one(probe, calls[place], place, value)
    for place in probe.some([one for one in calls if "default" in one.schema and one.where != PATH]):
        yield from _of_default(probe, calls[place], place)


def edges(place: Field, sent: Json) -> list[Json]:
    """Values at the limits of a field, and just beyond them; whether one is valid, the document decides."""
    schema = place.schema
    values = [*_of_numbers(schema), *_of_texts(schema, sent), *_of_lists(schema, sent), *schema.get("enum", ())]
    values += [*_as_texts(schema, values), *_near_misses(schema, sent)]
    values += [OF_NO_ENUM] if "enum" in schema and "string" in str(schema.get("type")) else []
    if place.where in (PATH, HEADER):
        values = [one for one in values if isinstance(one, str) and one.isascii() and one.strip() and "/" not in one]
    return list({repr(one): one for one in values}.values())


def _of_numbers(schema: Document) -> Iterator[Json]:
    for name, step in (("minimum", -1), ("maximum", 1)):
        if name in schema:
            yield from (schema[name], schema[name] + step)
    for name, step in (("exclusiveMinimum", 1), ("exclusiveMaximum", -1)):
        if name in schema:
            yield from (schema[name], schema[name] + step)
    if "multipleOf" in schema:
        yield from (schema["multipleOf"], schema["multipleOf"] / 10)


def _of_texts(schema: Document, sent: Json) -> Iterator[str]:
    """Texts of the least and the greatest length, made of the one that the example sends."""
    text = sent if isinstance(sent, str) and sent else "a"
    for name, step in (("minLength", -1), ("maxLength", 1)):
        length = schema.get(name)
        if length is not None and length < LONGEST_TEXT:
            yield from (_of_length(text, one) for one in (length, length + step) if one > 0)


def _as_texts(schema: Document, values: list[Json]) -> Iterator[str]:
    """Numbers and truth values as texts, which services take."""
    if "boolean" in str(schema.get("type")):
        yield from ("true", "True", "FALSE")
    yield from (str(one) for one in values if isinstance(one, int) and not isinstance(one, bool))


def _near_misses(schema: Document, sent: Json) -> Iterator[str]:
    """Texts that differ a little from one that a pattern allows."""
    sent = sent or next(iter(schema.get("examples", ())), None)
    if "pattern" in schema and isinstance(sent, str):
        yield from (sent[:-1], sent + sent[-1], sent.lower(), sent.upper(), sent.swapcase())


def _of_length(text: str, length: int) -> str:
    return text[:length] + text[-1] * (length - len(text))


def _of_lists(schema: Document, sent: Json) -> Iterator[Json]:
    """Lists of the least and the greatest length, made of the entries that the example sends."""
    entries = sent if isinstance(sent, list) else []
    for name, step in (("minItems", -1), ("maxItems", 1)):
        length = schema.get(name)
        if entries and length is not None and length < LONGEST_LIST:
            yield from (_of_entries(entries, one) for one in (length, length + step) if one > 0)


def _of_entries(entries: list[Any], length: int) -> list[Any]:
    """So many entries; texts beyond the first ones are different from all others."""
    more = [_another(entries[-1], number) for number in range(length - len(entries))]
    return [*entries[:length], *more]


def _another(entry: Any, number: int) -> Any:
    if isinstance(entry, str):
        return f"{number:0{len(entry)}x}"[-max(len(entry), 1) :]
    return {name: _another(value, number) for name, value in entry.items()} if isinstance(entry, dict) else entry


def _of_one(probe: Probe, asked: Asked, place: Field, value: Json) -> Iterator[Wrong]:
    told = probe.ask(asked.put(place, value))
    if told.answer is None:
        probe.nothing("the request is not let out")
        return
    probe.saw()
    if told.is_valid:
        if told.is_called_invalid and told.is_about(place):
            yield Wrong(f"a value at its bound is refused: {place.name}", told)
    elif told.row != expected_refusal(probe.view, place) and not _is_about_another(place, told):
        yield Wrong(f"a value beyond its bound is not refused as documented: {place.name}", told)


def _is_about_another(place: Field, told: Told) -> bool:
    """Whether a refusal is about a rule between fields that the value sets off, such as a code that a number needs."""
    return told.row == invalid_row(told.view) and not told.is_about(place)


def _of_default(probe: Probe, asked: Asked, place: Field) -> Iterator[Wrong]:
    """Left out, a field means its default."""
    absent, sent = probe.ask(asked.drop(place)), probe.ask(asked.put(place, place.schema["default"]))
    if absent.answer is None or sent.answer is None:
        probe.nothing("the request is not let out")
        return
    probe.saw()
    if absent.said != sent.said:
        yield Wrong(f"without a field its default is not in force: {place.name}", absent)
