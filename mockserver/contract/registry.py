"""All operations and all codes, found by id, by call and by code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mockserver.contract.documents import Components, ContractError, Document, read_json
from mockserver.contract.operation import Operation
from mockserver.contract.things import Things
from mockserver.contract.validation import Validator, compile_schema
from mockserver.resources import folder

Candidates = list[Operation]


@dataclass(frozen=True)
class Match:
    """An operation that answers a path, with the values of the path's variables."""

    operation: Operation
    variables: dict[str, str]


class Contract:
    """The contract: `schemas/` of this package, and folders laid over it.

    An overlay folder has the same layout; its documents add operations or replace those of the same id.
    """

    def __init__(self, overlays: list[Path] | None = None) -> None:
        folders = [folder("schemas"), *(overlays or [])]
        for place in folders:
            if not place.is_dir():
                raise ContractError(f"{place}: no such folder of schemas")
        components = Components(folders)
        self.components = components
        self.things = Things(folders)
        form = compile_schema(read_json(folder("schemas") / "operation.schema.json"))
        self.codes: dict[str, Document] = {}
        self.operations: dict[str, Operation] = {}
        for place in folders:
            if (place / "errors.json").is_file():
                self.codes.update(read_json(place / "errors.json"))
            for file in sorted(place.glob("operations/*/*.json")):
                document = read_json(file)
                _check_form(form, document, file)
                operation = Operation(file.parent.name, document, components)
                self.operations[operation.id] = operation
        self._exact, self._patterned = _routes(self.operations.values())

    def __iter__(self) -> Iterator[Operation]:
        return iter(self.operations.values())

    def __len__(self) -> int:
        return len(self.operations)

    def match(self, method: str, path: str, site: str, removed: bool = False) -> Match | None:
        """The operation behind a call on `site`, or None. Removed operations only if `removed`.

        A literal path wins over one with variables. Where a removed and a documented operation share a call, whoever
        asked for removed ones gets that one.
        """
        exact = [Match(one, {}) for one in self._exact.get((method, path), ())]
        for matches in (exact, self._patterned_matches(method, path)):
            served = [one for one in matches if _is_served(one.operation, site, removed)]
            if served:
                return min(served, key=lambda one: one.operation.status != "removed")
        return None

    def message(self, code: str, language: str = "en", **details: Any) -> str:
        """The text of a code in `en` or `zh`, its named parts filled."""
        text = self.codes[code][language] if code in self.codes else code
        return str(text).format(**details) if details else str(text)

    def _patterned_matches(self, method: str, path: str) -> Iterator[Match]:
        segments = path.split("/")
        for operation in self._patterned.get((method, len(segments)), ()):
            variables = _variables(operation.path.split("/"), segments)
            if variables is not None:
                yield Match(operation, variables)


def _check_form(form: Validator, document: Any, file: Path) -> None:
    """Raises `ContractError` naming the file, the place in it and what is wrong there."""
    if form.is_valid(document):
        return
    error = next(iter(form.iter_errors(document)))
    where = "/".join(map(str, error.instance_path))
    raise ContractError(f"{file}: not an operation document, at /{where}: {error.message}")


def _is_served(operation: Operation, site: str, removed: bool) -> bool:
    return site in operation.sites and (removed or operation.status != "removed")


def _routes(operations: Any) -> tuple[dict[tuple[str, str], Candidates], dict[tuple[str, int], Candidates]]:
    exact: dict[tuple[str, str], Candidates] = {}
    patterned: dict[tuple[str, int], Candidates] = {}
    for operation in operations:
        if "{" in operation.path:
            patterned.setdefault((operation.method, operation.path.count("/") + 1), []).append(operation)
        else:
            exact.setdefault((operation.method, operation.path), []).append(operation)
    return exact, patterned


def _variables(pattern: list[str], segments: list[str]) -> dict[str, str] | None:
    found: dict[str, str] = {}
    for part, segment in zip(pattern, segments, strict=True):
        if part.startswith("{"):
            found[part[1:-1]] = segment
        elif part != segment:
            return None
    return found
