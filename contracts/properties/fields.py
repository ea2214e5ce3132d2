"""The fields of a request as its document has them, and requests in which fields are set and left out."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from mockserver.contract.documents import Document, Json
from mockserver.contract.operation import SiteView
from mockserver.contract.things import BODY

QUERY, HEADER, PATH = "query", "header", "path"


@dataclass(frozen=True, eq=False)
class Field:
    """A parameter, or a field of the body; `names` lead to it, `*` into the first row of a list."""

    where: str
    names: tuple[str, ...]
    schema: Document
    required: bool

    @property
    def name(self) -> str:
        return ".".join(self.names)

    @property
    def is_top(self) -> bool:
        """Whether it stands at the top: filters and pages do."""
        return len(self.names) == 1


@cache
def fields_of(view: SiteView) -> tuple[Field, ...]:
    """Every field of a request, outer ones first."""
    parameters = [
        Field(one["in"], (one["name"],), one["schema"], one.get("required", False)) for one in view.parameters
    ]
    return (*parameters, *_inside(view.body_schema or {}, ()))


def _inside(schema: Any, names: tuple[str, ...]) -> Iterator[Field]:
    for name, part in schema.get("properties", {}).items():
        yield Field(BODY, (*names, name), part, name in schema.get("required", ()))
        yield from _inside(part, (*names, name))
    if isinstance(schema.get("items"), dict):
        yield from _inside(schema["items"], (*names, "*"))


def paging_field(view: SiteView, role: str) -> Field | None:
    """The field of the request that plays a part in paging."""
    return next((one for one in fields_of(view) if one.schema.get("x-paging") == role), None)


@dataclass(frozen=True)
class Asked:
    """A request to an operation, by a kind of principal; headers are among the parameters."""

    kind: str
    body: Json = None
    parameters: Mapping[str, Json] = field(default_factory=dict)

    def put(self, place: Field, value: Json) -> Asked:
        """The request with a value; unchanged where its body has no row to put it into."""
        if place.where != BODY:
            return replace(self, parameters={**self.parameters, place.name: value})
        body = copy.deepcopy(self.body) if isinstance(self.body, dict) else {}
        return replace(self, body=body) if _put(body, place.names, value) else self

    def drop(self, place: Field) -> Asked:
        """The request without a field."""
        if place.where != BODY:
            return replace(self, parameters={name: one for name, one in self.parameters.items() if name != place.name})
        body = copy.deepcopy(self.body)
        for holder in _holders(body, place.names):
            holder.pop(place.names[-1], None)
        return replace(self, body=body)

    def has_place_for(self, place: Field) -> bool:
        """Whether what holds the field is there."""
        return place.where != BODY or place.is_top or any(True for _ in _holders(self.body, place.names))

    def get(self, place: Field) -> Json:
        """The value of a field; None where it is not sent."""
        if place.where != BODY:
            return self.parameters.get(place.name)
        return next((holder.get(place.names[-1]) for holder in _holders(self.body, place.names)), None)

    def __str__(self) -> str:
        said = {**self.parameters, **(self.body if isinstance(self.body, dict) else {})}
        return f"{self.kind}: " + ", ".join(f"{name}={value!r}" for name, value in said.items())


def _put(body: Any, names: tuple[str, ...], value: Json) -> bool:
    if len(names) > 1 and not any(True for _ in _holders(body, names)):
        return False
    for holder in _holders(body, names):
        holder[names[-1]] = value
        return True
    return False


def _holders(body: Any, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The object that holds the last of the names: the first row of each list on the way."""
    for name in names[:-1]:
        if name == "*":
            body = body[0] if isinstance(body, list) and body else None
        else:
            body = body.get(name) if isinstance(body, dict) else None
    if isinstance(body, dict):
        yield body
