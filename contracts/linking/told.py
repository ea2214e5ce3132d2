"""Ids that an answer told, and what must become of them in the next call."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

from requests import PreparedRequest

from contracts.checks import Answer
from contracts.requests_read import inside, values_at
from mockserver.contract.documents import Document
from mockserver.contract.operation import SiteView
from mockserver.contract.things import BODY, Place, Things

if TYPE_CHECKING:
    from contracts.linking.sequences import Link


FAMILIAR = 0.5
"""How often a row with a known id is preferred."""

Scope = Mapping[str, Set[str]]
"""The ids of the accounts on whose behalf a call is answered, by what they are."""


@dataclass(frozen=True)
class Told:
    """An answer in a sequence: whose, to whom, and how many changes there had been by then."""

    view: SiteView
    kind: str
    answer: Answer
    changes: int


@dataclass(frozen=True)
class Asked:
    """A place of a request where the id of a thing stands."""

    thing: str
    place: Place


@dataclass(frozen=True)
class Id:
    """An id on its way from an answer into a call."""

    thing: str
    place: Place
    value: str


def ids_of(things: Things, view: SiteView, link: Link) -> list[Id]:
    """The ids that a link brings to an operation."""
    return [
        Id(thing, place, str(value))
        for thing, place in things.asked(view)
        for one in _values(link, place)
        for value in _each(one)
        if value not in (None, "")
    ]


def _values(link: Link, place: Place) -> Iterator[Any]:
    if place.where == BODY:
        yield from inside(link.body, place.names)
    else:
        yield link.parameters.get((place.where, place.names[0]))


def scope_of(things: Things, view: SiteView, request: PreparedRequest) -> dict[str, set[str]]:
    """The accounts that a call names."""
    scope: dict[str, set[str]] = {}
    for thing, place in things.asked(view):
        if thing in things.accounts:
            values = scope.setdefault(thing, set())
            values |= {str(value) for value in values_at(place, view.operation, request)}
    return scope


def is_asked_alike(things: Things, told: Told, view: SiteView, one: Id, answer: Answer) -> bool:
    """Whether a call names the id alone, in the place of the same account as the call that was told it, and about the
    same accounts as far as it can name them."""
    named = {
        str(value)
        for thing, place in things.asked(view)
        if thing == one.thing
        for value in values_at(place, view.operation, answer.request)
    }
    return named == {one.value} and not _differing(things, told, view, one, answer) & (
        things.acted_for | {thing for thing, _ in things.asked(view)}
    )


def is_asked_about_the_same(things: Things, told: Told, view: SiteView, one: Id, answer: Answer) -> bool:
    """Whether a call is about the same accounts as the call that was told the id."""
    return not _differing(things, told, view, one, answer)


def _differing(things: Things, told: Told, view: SiteView, one: Id, answer: Answer) -> set[str]:
    """The sorts of accounts of which one call names others than the other."""
    before, now = scope_of(things, told.view, told.answer.request), scope_of(things, view, answer.request)
    names = (before.keys() | now.keys()) - {one.thing}
    return {thing for thing in names if before.get(thing, set()) != now.get(thing, set())}


def is_called_unknown(view: SiteView, thing: str, answer: Answer) -> bool:
    """Whether an answer says that there is no such thing, as a whole or in a list of failures."""
    rows = [row for row in view.errors if row.unknown == thing]
    if any(row.inside is None and (row.status, row.code) == answer.row for row in rows):
        return True
    return any(
        entry.get("error_code") == row.code
        for row in rows
        if row.inside is not None
        for entry in inside(answer.body, (row.inside, "*"))
        if isinstance(entry, dict)
    )


def is_left_out(view: SiteView, one: Id, answer: Answer) -> bool:
    """Whether a list of such things, asked for one of them, does not have it."""
    return is_asked_by_id(view, one.place) and answer.response.ok and not rows_of(view, one.value, answer)


def is_asked_by_id(view: SiteView, place: Place) -> bool:
    """Whether a place of a request selects the rows of a list by their own id."""
    names = listed_by(view)
    return bool(names) and _schema_at(view, place).get("x-selects", {}).get("field") == ".".join(names[2:])


def rows_of(view: SiteView, value: str, answer: Answer) -> list[Any]:
    """The rows of a list that have an id."""
    names = listed_by(view)
    return [row for row in inside(answer.body, names[:2]) if value in map(str, inside(row, names[2:]))]


def is_gone(view: SiteView, row: Any) -> bool:
    """Whether a row of a list tells that it is of something that is gone."""
    assert view.response_schema is not None, "it has a list"
    gone = view.response_schema["properties"][listed_by(view)[0]].get("x-gone")
    return gone is not None and row.get(gone["field"]) in gone["values"]


def tells_as_there(things: Things, told: Told, one: Id) -> bool:
    """Whether the rows of an answer are such things, rather than something that happened to them, and this one is not
    told to be gone."""
    if not has_rows_of(things, told.view, one.thing):
        return False
    return not any(is_gone(told.view, row) for row in rows_of(told.view, one.value, told.answer))


def names_failures(view: SiteView, answer: Answer) -> bool:
    """Whether a success has entries in one of its lists of failures."""
    return any(True for row in view.errors if row.inside for _ in inside(answer.body, (row.inside, "*")))


def makes(view: SiteView, thing: str) -> bool:
    """Whether what an operation tells is there because of it."""
    return view.operation.effect != "read" and view.document.get("x-removes") != thing


def has_rows_of(things: Things, view: SiteView, thing: str) -> bool:
    """Whether an operation lists such things, each by its id."""
    return (thing, Place(BODY, listed_by(view))) in things.told(view)


def _schema_at(view: SiteView, place: Place) -> Document:
    """The schema of a field at the top of a request; empty for others."""
    if place.where == BODY:
        found: Document = (view.body_schema or {}).get("properties", {}).get(place.names[0], {})
        return found if len(place.names) == 1 else {}
    return next((one["schema"] for one in view.parameters if one["name"] == place.names[0]), {})


def is_required(view: SiteView, place: Place) -> bool:
    """Whether the request must have what an id stands in."""
    if place.where == BODY:
        return place.names[0] in (view.body_schema or {}).get("required", ())
    return any(one["name"] == place.names[0] and one.get("required") for one in view.parameters)


@cache
def listed_by(view: SiteView) -> tuple[str, ...]:
    """Where a list of an answer has the id that tells its rows apart; empty where no single one does."""
    for name, part in (view.response_schema or {}).get("properties", {}).items():
        unique = part.get("x-unique", ())
        if len(unique) == 1:
            return (name, "*", *unique[0].split("."))
    return ()


def told_ids(things: Things, told: Told, thing: str) -> list[str]:
    """The ids of a thing that an answer tells, in its order."""
    places = [place for named, place in things.told(told.view) if named == thing]
    found = (value for place in places for one in inside(told.answer.body, place.names) for value in _each(one))
    return list(dict.fromkeys(str(value) for value in found if value not in (None, "")))


def any_row_first(things: Things, told: Told, known: Set[str], random: Random) -> bytes:
    """The body of an answer with another row at the beginning of its lists, as links tell of first rows: one that has
    the most ids, and half of the time one with an id that is known."""
    body = told.answer.body
    if not isinstance(body, dict):
        return told.answer.response.content
    fields = [place.names for _, place in things.told(told.view)]
    turned = dict(body)
    for name, rows in body.items():
        if isinstance(rows, list) and rows:
            inner = [names[2:] for names in fields if names[:2] == (name, "*")]
            start = _start(
                [[str(one) for names in inner for one in inside(row, names) if one] for row in rows], known, random
            )
            turned[name] = rows[start:] + rows[:start]
    return json.dumps(turned).encode()


def _start(told: Sequence[Sequence[str]], known: Set[str], random: Random) -> int:
    """The number of a row, by the ids of each."""
    most = max(map(len, told))
    best = [number for number, ids in enumerate(told) if len(ids) == most]
    familiar = [number for number in best if known & set(told[number])]
    return random.choice(familiar if familiar and random.random() < FAMILIAR else best)


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
