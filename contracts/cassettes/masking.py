"""What a cassette holds in place of ids, secrets and personal data.

The same value has the same label wherever it stands, so that a recording still tells who is who. The values themselves
stay in memory.
"""

from __future__ import annotations

import re
from bisect import insort
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from contracts.cassettes.fields import Fields, fields
from mockserver.contract.documents import Document
from mockserver.gateway.masking import SECRET_FIELDS

SHORTEST_SECRET, SHORTEST_NAME = 6, 2
"""Characters of a masked value that is looked for in other fields, and of one that is not ASCII, such as a Chinese
name: shorter ones would be found by chance."""
_TOKEN = re.compile(r"[^\s,;:\"'()\[\]{}<>=/\u0080-\U0010ffff]+")
_CLASSES = ((re.compile("[0-9]"), "9"), (re.compile("[a-z]"), "a"), (re.compile("[A-Z]"), "A"))

Label = Callable[[str, str], dict[str, Any]]


class Masking:
    """Labels for the values of one recording."""

    def __init__(self, names: Fields | None = None) -> None:
        self._fields = names or fields()
        self._counts: Counter[str] = Counter()
        self._references: dict[str, str] = {}
        self._masked: dict[str, str] = {}
        self._phrases: list[str] = []
        """Masked values that are more than one word, the longest first."""

    def sent(self, value: Any, schema: Document | None = None, name: str = "") -> Any:
        """Data of a request, without what must not be kept. An id that no answer named yet also tells its form."""
        return self._data(value, schema or {}, name, self._sent_id)

    def answered(self, value: Any, schema: Document | None = None, name: str = "") -> Any:
        """Data of an answer, without what must not be kept."""
        return self._data(value, schema or {}, name, self._reference)

    def again(self, value: Any) -> Any:
        """Masked data without the values that got their label only later."""
        if isinstance(value, dict):
            return value if _is_label(value) else {key: self.again(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.again(item) for item in value]
        return self._text(value) if isinstance(value, str) else value

    def _data(self, value: Any, schema: Document, name: str, label: Label) -> Any:
        inside = {"x-sensitive": True} if self._is_hidden(name, schema) else {}
        if isinstance(value, Mapping):
            parts = schema.get("properties", {})
            return {key: self._data(item, {**parts.get(key, {}), **inside}, key, label) for key, item in value.items()}
        if isinstance(value, list):
            return [self._data(item, {**schema.get("items", {}), **inside}, name, label) for item in value]
        if value is None or value == "" or isinstance(value, bool):
            return value
        if inside:
            return self._mask(name, value)
        return self._plain(value, name, schema, label) if isinstance(value, str) else value

    def _plain(self, value: str, name: str, schema: Document, label: Label) -> Any:
        if "enum" in schema:
            return value
        kind = self._fields.kind_of(name, value, schema)
        return label(kind, value) if kind is not None else self._text(value)

    def _is_hidden(self, name: str, schema: Document) -> bool:
        if schema.get("x-sensitive") or name.lower() in SECRET_FIELDS:
            return True
        return name in self._fields.personal and "enum" not in schema

    def _mask(self, name: str, value: Any) -> dict[str, Any]:
        text = str(value)
        if text not in self._masked:
            self._masked[text] = self._next(self._kind_of(text) or name)
            if _is_telling(text) and not _TOKEN.fullmatch(text):
                insort(self._phrases, text, key=lambda one: -len(one))
        masked = {"$masked": self._masked[text]}
        return masked if isinstance(value, str) else {**masked, "type": "number"}

    def _sent_id(self, kind: str, value: str) -> dict[str, Any]:
        if value in self._references:
            return {"$ref": self._references[value]}
        return {**self._reference(kind, value), "like": form_of(value)}

    def _reference(self, kind: str, value: str) -> dict[str, Any]:
        if value not in self._references:
            self._references[value] = self._next(kind)
        return {"$ref": self._references[value]}

    def _text(self, value: str) -> Any:
        """A text in which nothing is left that has a label, or looks like the data of a person."""
        if value in self._references:
            return {"$ref": self._references[value]}
        if value in self._masked and _is_telling(value):
            return {"$masked": self._masked[value]}
        if self._kind_of(value):
            return self._mask("", value)
        for kind, pattern in self._fields.patterns:
            value = pattern.sub(partial(self._found, kind), value)
        return self._without_labelled(value)

    def _kind_of(self, text: str) -> str | None:
        """The kind of personal data that a whole text looks like."""
        return next((kind for kind, pattern in self._fields.patterns if pattern.fullmatch(text)), None)

    def _found(self, kind: str, found: re.Match[str]) -> str:
        return f"<{self._mask(kind, found[0])['$masked']}>"

    def _without_labelled(self, text: str) -> str:
        """Phrases are looked for as they are, other labelled values as whole words: there are many of them."""
        if not _TOKEN.fullmatch(text):
            for phrase in self._phrases:
                text = text.replace(phrase, f"<{self._masked[phrase]}>")
        return _TOKEN.sub(lambda found: self._word(found[0]), text)

    def _word(self, word: str) -> str:
        plain = word.rstrip(".")
        label = self._references.get(plain) or (self._masked.get(plain) if _is_telling(plain) else None)
        return f"<{label}>{word[len(plain) :]}" if label else word

    def _next(self, kind: str) -> str:
        self._counts[kind] += 1
        return f"{kind}#{self._counts[kind]}"


def form_of(text: str) -> str:
    """An id with each character replaced by its class: 9 for a digit, a and A for letters."""
    for pattern, letter in _CLASSES:
        text = pattern.sub(letter, text)
    return text


def _is_telling(text: str) -> bool:
    """Whether a masked value is long enough to be looked for elsewhere."""
    return len(text) >= (SHORTEST_SECRET if text.isascii() else SHORTEST_NAME)


def _is_label(value: dict[str, Any]) -> bool:
    return "$ref" in value or "$masked" in value
