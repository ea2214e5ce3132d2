"""Wrong documents: the emulator is built from a contract in which a few values differ; the suite holds it against the
true one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mockserver.contract.documents import Document, Json, read_json
from mockserver.resources import folder

GONE = object()
"""Stands for a value that is taken out of a document."""


class ChangeError(Exception):
    """A change that does not fit its document any more; the text says which and why."""


@dataclass(frozen=True)
class Change:
    """In the document of `operation`, the value at `place`, like `requestBody/properties/limit/maximum`, becomes
    `value`. A step `name=limit` is the entry of a list whose `name` is that; a last step `+` adds an entry."""

    operation: str
    place: str
    value: Json

    def __str__(self) -> str:
        becomes = "goes" if self.value is GONE else f"becomes {json.dumps(self.value, ensure_ascii=False)}"
        return f"document of {self.operation}: {self.place} {becomes}"

    def made(self, document: Document) -> None:
        """Change a document. Raises `ChangeError`."""
        *steps, last = self.place.split("/")
        part: Any = document
        for step in steps:
            part = part[self._index(part, step, steps)]
        if last == "+":
            part.append(self.value)
        elif self.value is GONE:
            del part[self._index(part, last, steps)]
        elif isinstance(part, list):
            part[int(self._index(part, last, steps))] = self.value
        else:
            part[last] = self.value

    def _index(self, part: Any, step: str, steps: list[str]) -> Any:
        if isinstance(part, dict) and step in part:
            return step
        if isinstance(part, list):
            name, _, text = step.partition("=")
            for index, entry in enumerate(part):
                if entry == step or (isinstance(entry, dict) and text and str(entry.get(name)) == text):
                    return index
        raise ChangeError(f"{self.operation} has no {step} in {'/'.join(steps)}")


@contextmanager
def overlay(changes: tuple[Change, ...]) -> Iterator[list[Path]]:
    """Folders of schemas that lay the changed documents over the true ones; none without changes."""
    if not changes:
        yield []
        return
    with TemporaryDirectory(prefix="mutant-") as name:
        for operation in {one.operation for one in changes}:
            source = next(folder("schemas").glob(f"operations/*/{operation}.json"))
            document = read_json(source)
            for one in changes:
                if one.operation == operation:
                    one.made(document)
            place = Path(name) / "operations" / source.parent.name / source.name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(json.dumps(document), encoding="utf-8")
        yield [Path(name)]
