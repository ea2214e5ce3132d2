"""An answer beside what the model foretells of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from contracts.model.reference.world import text_of


@dataclass(frozen=True)
class Given:
    """Success, with at least these fields. What a list of rows has besides is compared by `Listing`."""

    fields: Mapping[str, Any] = field(default_factory=dict)


class Refused:
    """A refusal, with one of the codes; where several reasons hold no page says which one wins."""

    def __init__(self, *codes: str) -> None:
        self.codes = codes


Prediction = Given | Refused


@dataclass(frozen=True)
class AnyOf:
    """One of several values."""

    values: tuple[Any, ...]


@dataclass(frozen=True)
class InAnyOrder:
    """Rows, in whatever order they come."""

    rows: Sequence[Mapping[str, Any]]


class Something:
    """A value that the service makes up, an id say."""


SOMETHING = Something()


def differences(foretold: Any, came: Any, path: str = "") -> Iterator[str]:
    """How a value differs from what was foretold of it. Fields that were not foretold may be anything; amounts may be
    numbers or texts; null is as good as absent."""
    if isinstance(foretold, Mapping):
        fields = came if isinstance(came, Mapping) else {}
        for name, value in foretold.items():
            yield from differences(value, fields.get(name), f"{path}.{name}" if path else name)
    elif isinstance(foretold, InAnyOrder):
        yield from _unordered(foretold.rows, came if isinstance(came, list) else [], path)
    elif isinstance(foretold, Sequence) and not isinstance(foretold, str):
        rows = came if isinstance(came, list) else []
        if len(rows) != len(foretold):
            yield f"{path}: expected {len(foretold)} rows, came {len(rows)}"
        for number, (one, row) in enumerate(zip(foretold, rows, strict=False)):
            yield from differences(one, row, f"{path}[{number}]")
    elif not _is_equal(foretold, came):
        yield f"{path}: expected {shown(foretold)}, came {shown(came)}"


def _unordered(foretold: Sequence[Any], came: list[Any], path: str) -> Iterator[str]:
    """What is alike is taken away, and the rest compared as it stands."""
    left, missing = list(came), []
    for one in foretold:
        match = next((row for row in left if not any(differences(one, row))), None)
        missing.append(one) if match is None else left.remove(match)
    yield from differences(missing, left, path)


def _is_equal(foretold: Any, came: Any) -> bool:
    if isinstance(foretold, Something):
        return bool(came)
    if isinstance(foretold, AnyOf):
        return any(_is_equal(one, came) for one in foretold.values)
    if isinstance(foretold, Decimal):
        return amount(came) == foretold
    if isinstance(foretold, datetime):
        return bool(came == text_of(foretold))
    return bool(came == foretold)


def amount(value: Any) -> Decimal | None:
    """A number or the text of one; None for anything else."""
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def shown(value: Any) -> str:
    """A value as a script writes it."""
    if isinstance(value, Something):
        return "something"
    if isinstance(value, InAnyOrder):
        return shown(list(value.rows))
    if isinstance(value, AnyOf):
        return " or ".join(map(shown, value.values))
    if isinstance(value, datetime):
        return text_of(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f'"{name}": {shown(one)}' for name, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(shown, value)) + "]"
    if isinstance(value, str):
        return f'"{value}"'
    return str(value)
