"""What the ids in requests and answers identify, and which operation tells the ids that another one asks for.

`schemas/things.json` names each thing with the fields that carry its id; where a document names a field otherwise, its
schema says so itself with `x-thing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockserver.contract.documents import Document, read_json

if TYPE_CHECKING:
    from mockserver.contract.operation import SiteView

BODY = "body"


@dataclass(frozen=True)
class Place:
    """Where an id stands: `path`, `query` or `body`, with the names that lead there, `*` for any row of a list."""

    where: str
    names: tuple[str, ...]
    many: bool = False
    """Whether a list of ids stands there."""

    @property
    def pointer(self) -> str:
        """The JSON Pointer to the first such id."""
        names = (*self.names, "*") if self.many else self.names
        return "/".join(("", *("0" if name == "*" else name for name in names)))


class Things:
    """The things of a contract."""

    def __init__(self, folders: list[Path]) -> None:
        self._facts: dict[str, Document] = {}
        for folder in folders:
            if (folder / "things.json").is_file():
                self._facts.update(read_json(folder / "things.json"))
        self._of_field = {name: thing for thing, facts in self._facts.items() for name in facts["fields"]}
        self._told: dict[SiteView, tuple[tuple[str, Place], ...]] = {}
        self._asked: dict[SiteView, tuple[tuple[str, Place], ...]] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    @property
    def accounts(self) -> frozenset[str]:
        """The things that are accounts."""
        return frozenset(thing for thing, facts in self._facts.items() if facts.get("account"))

    @property
    def acted_for(self) -> frozenset[str]:
        """The accounts in whose place a caller acts that names one; others only narrow what a call is about."""
        return frozenset(thing for thing, facts in self._facts.items() if facts.get("acted_for"))

    def told(self, view: SiteView) -> Iterator[tuple[str, Place]]:
        """The things whose ids a success answer tells, each with its place; entries of partial failures excepted."""
        if view not in self._told:
            self._told[view] = tuple(self._in_answer(view))
        yield from self._told[view]

    def asked(self, view: SiteView) -> Iterator[tuple[str, Place]]:
        """The things whose ids a call names, each with its place."""
        if view not in self._asked:
            self._asked[view] = tuple(self._in_request(view))
        yield from self._asked[view]

    def _in_answer(self, view: SiteView) -> Iterator[tuple[str, Place]]:
        failures = {row.inside for row in view.errors if row.inside}
        for thing, place in self._in_schema(view.response_schema, ()):
            if place.names[0] not in failures and place.names.count("*") <= 1:
                yield thing, place

    def _in_request(self, view: SiteView) -> Iterator[tuple[str, Place]]:
        for parameter in view.parameters:
            if parameter["in"] != "header" and (thing := self._thing(parameter["name"], parameter["schema"])):
                yield thing, Place(parameter["in"], (parameter["name"],), _is_list(parameter["schema"]))
        yield from self._in_schema(view.body_schema, ())

    def _thing(self, name: str, schema: Document) -> str | None:
        return schema.get("x-thing") or self._of_field.get(name)

    def _in_schema(self, schema: Any, names: tuple[str, ...]) -> Iterator[tuple[str, Place]]:
        if not isinstance(schema, dict):
            return
        for name, part in schema.get("properties", {}).items():
            thing = self._thing(name, part) if isinstance(part, dict) else None
            if thing:
                yield thing, Place(BODY, (*names, name), _is_list(part))
            yield from self._in_schema(part, (*names, name))
        if "items" in schema:
            yield from self._in_schema(schema["items"], (*names, "*"))


def _is_list(schema: Document) -> bool:
    kind = schema.get("type")
    return kind == "array" or (isinstance(kind, list) and "array" in kind)


def links(things: Things, teller: SiteView, askers: list[SiteView]) -> Document:
    """The OpenAPI links of an operation's success answer: whom its ids can be taken to, by name of the link."""
    told: dict[str, Place] = {}
    for thing, place in things.told(teller):
        told.setdefault(thing, place)
    return {
        ".".join((asker.operation.id, *(name for name in place.names if name != "*"))): _link(
            asker.operation.id, place, told[thing]
        )
        for asker in askers
        if asker.operation.id != teller.operation.id
        for thing, place in things.asked(asker)
        if thing in told
    }


def _link(operation_id: str, place: Place, source: Place) -> Document:
    expression = f"$response.body#{source.pointer}"
    if place.where != BODY:
        return {"operationId": operation_id, "parameters": {f"{place.where}.{place.names[0]}": expression}}
    value: Any = [expression] if place.many else expression
    for name in reversed(place.names):
        value = [value] if name == "*" else {name: value}
    return {"operationId": operation_id, "requestBody": value}
