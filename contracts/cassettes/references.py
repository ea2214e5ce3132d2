"""Putting a target's own values where a cassette has labels."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_LAST_NUMBER = re.compile(r"[0-9]+(?=[^0-9]*\Z)")

Fill = Callable[[str], Any]
"""A value for a masked field by its name; None if there is none."""


class Unresolved(Exception):
    """A label for which the target has shown no value."""


class Bindings:
    """What the labels of a cassette stand for at one target."""

    def __init__(self, given: Mapping[str, Any], fill: Fill = lambda name: None) -> None:
        self._values: dict[str, Any] = dict(given)
        self._fill = fill

    def __contains__(self, label: str) -> bool:
        return label in self._values

    def resolve(self, value: Any) -> Any:
        """Data of a cassette with values for its labels. Raises `Unresolved` naming the label."""
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        if not isinstance(value, dict):
            return value
        if "$ref" in value:
            return self._reference(value)
        if "$masked" in value:
            return self._masked(value["$masked"])
        return {key: self.resolve(item) for key, item in value.items()}

    def bind(self, recorded: Any, actual: Any) -> None:
        """Learn from an answer: its values are those of the labels at the same places. The first value stays."""
        for label, value in _pairs(recorded, actual):
            self._values.setdefault(label, value)

    def _reference(self, value: dict[str, Any]) -> Any:
        label = value["$ref"]
        if label not in self._values:
            if "like" not in value:
                raise Unresolved(label)
            self._values[label] = made_up(label, value["like"])
        return self._values[label]

    def _masked(self, label: str) -> Any:
        if label not in self._values:
            name, _, number = label.partition("#")
            value = self._fill(name)
            if value is None:
                raise Unresolved(label)
            self._values[label] = varied(value, int(number)) if isinstance(value, str) else value
        return self._values[label]


def made_up(label: str, form: str) -> str:
    """An id that nobody has, of the given form: always the same for a label."""
    digest = hashlib.sha256(label.encode()).digest()
    digits = (digest[index % len(digest)] + index for index in range(len(form)))
    return "".join(_letter(letter, digit) for letter, digit in zip(form, digits, strict=True))


def _letter(letter: str, digit: int) -> str:
    if letter == "9":
        return str(digit % 10)
    if letter in "aA":
        return chr(ord(letter) + digit % 6)
    return letter


def varied(text: str, number: int) -> str:
    """An example's text for the label of a number: the first as it is, others with another last number."""
    if number == 1:
        return text
    name, at, domain = text.partition("@")
    found = _LAST_NUMBER.search(name)
    if found is None:
        return f"{name}{number}{at}{domain}"
    digits = str(int(found[0]) + number - 1).zfill(len(found[0]))[-len(found[0]) :]
    return name[: found.start()] + digits + name[found.end() :] + at + domain


def references(value: Any) -> Iterator[str]:
    """The labels of ids in data of a cassette, without those that can be made up."""
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        if "$ref" in value:
            yield from [value["$ref"]] if "like" not in value else []
        else:
            for item in value.values():
                yield from references(item)


def _pairs(recorded: Any, actual: Any) -> Iterator[tuple[str, Any]]:
    """Labels of a recorded answer, each with the value at its place in an actual one."""
    if isinstance(recorded, list) and isinstance(actual, list):
        for one, other in zip(recorded, actual, strict=False):
            yield from _pairs(one, other)
    if not isinstance(recorded, dict):
        return
    label = recorded.get("$ref") or recorded.get("$masked")
    if isinstance(label, str):
        if actual not in (None, "") and not isinstance(actual, (dict, list)):
            yield label, actual
    elif isinstance(actual, dict):
        for key in recorded.keys() & actual.keys():
            yield from _pairs(recorded[key], actual[key])
