"""What is known of field names: which hold ids, which personal data, which values change from run to run.

Ids are named in `schemas/things.json`; the rest is in `fields.json` beside this module.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import msgspec

from mockserver.contract.documents import Document, read_json
from mockserver.resources import folder

SHORTEST_ID = 8
"""Characters. What is shorter is a constant, or a number of the client's own."""


class Headers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Headers that a cassette keeps; all others are left out."""

    request: tuple[str, ...]
    answer: tuple[str, ...]


class PersonalText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Personal data that is recognised in any text, with an example that stands in for it."""

    pattern: str
    example: str


class Volatile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What two runs of the same calls may answer differently."""

    values: frozenset[str]
    """Names of fields."""
    forms: frozenset[str]
    """Forms of text, whatever the field."""


class Fields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """The file `fields.json`."""

    comment: str = msgspec.field(name="$comment")
    references: dict[str, tuple[str, ...]]
    """Kind of thing to the fields that hold its ids, beyond those of the contract."""
    personal: frozenset[str]
    personal_texts: dict[str, PersonalText]
    """By kind of personal data."""
    headers: Headers
    volatile: Volatile

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The kind of thing whose id a field holds, by the field's name."""
        own = {name: kind for kind, names in self.references.items() for name in names}
        return {**own, **things()}

    @cached_property
    def patterns(self) -> list[tuple[str, re.Pattern[str]]]:
        return [(kind, re.compile(one.pattern)) for kind, one in self.personal_texts.items()]

    def kind_of(self, name: str, value: Any, schema: Document | None = None) -> str | None:
        """The kind of thing whose id `value` is; None if it is no id."""
        if not isinstance(value, str) or len(value) < SHORTEST_ID:
            return None
        return (schema or {}).get("x-thing") or self.kinds.get(name)


@cache
def things() -> dict[str, str]:
    """The things of the contract by the fields that hold their ids."""
    known: Document = read_json(folder("schemas") / "things.json")
    return {name: thing for thing, facts in known.items() for name in facts["fields"]}


@cache
def fields() -> Fields:
    """The facts of `fields.json`."""
    file = Path(__file__).with_suffix(".json")
    return msgspec.json.decode(file.read_bytes(), type=Fields)
