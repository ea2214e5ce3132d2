"""What differs between two answers to the same calls, in the eyes of a client.

Bodies are compared by their places, over all calls of an operation together: rows come and go with the state, the
fields of a row do not. Values count only where they are asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from contracts.cassettes.cassette import Answered, Call
from contracts.cassettes.fields import fields
from contracts.cassettes.replay import Played
from contracts.cassettes.shapes import ANY_TEXT, TIMES, Seen, Shape, form_of, is_label
from mockserver.contract.documents import Document
from mockserver.contract.operation import SiteView
from mockserver.contract.registry import Contract

SEVERITIES = ("breaking", "notable", "cosmetic")
_DIGITS = 12


@dataclass(frozen=True)
class Difference:
    """One difference of an operation, however often it was seen."""

    operation: str
    place: str
    """`answer.count`, `refusal.error_code`, or the recorded `400 CBC.0100`."""
    kind: str
    severity: str
    sentence: str
    expected: tuple[Any, ...] = ()
    seen: tuple[Any, ...] = ()
    calls: int = 1

    @property
    def id(self) -> str:
        """The same for the same operation, place and kind."""
        text = "\n".join((self.operation, self.place, self.kind))
        return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]

    def __str__(self) -> str:
        return f"{self.id}  {self.severity:8}  {self.operation}: {self.sentence}"


Found = tuple[str, str, str, str, tuple[Any, ...], tuple[Any, ...]]
"""Place, kind, severity, sentence, expected, seen."""


def compare(pairs: Iterable[Played], contract: Contract, site: str, *, values: bool = False) -> list[Difference]:
    """The differences between recorded and actual answers, the worst first. With `values`, other values than the
    recorded ones are differences too, unless they are volatile. Calls that were withheld are left out."""
    found: dict[str, Difference] = {}
    by_operation: dict[str, list[Played]] = {}
    for pair in pairs:
        if pair.withheld:
            continue
        by_operation.setdefault(pair.recorded.operation, []).append(pair)
    for name, played in by_operation.items():
        for one in _of_operation(name, played, contract, site, values):
            known = found.get(one.id)
            found[one.id] = replace(known, calls=known.calls + 1) if known else one
    return sorted(found.values(), key=lambda one: (SEVERITIES.index(one.severity), one.operation, one.place))


def pairs_of(first: Iterable[Call], second: Iterable[Call]) -> Iterator[Played]:
    """The n-th call of an operation in one recording with the n-th in another."""
    rest: dict[str, list[Call]] = {}
    for call in second:
        rest.setdefault(call.operation, []).append(call)
    for call in first:
        same = rest.get(call.operation)
        yield Played(call, same.pop(0)) if same else Played(call, None, "the other recording has no such call")


def _of_operation(name: str, pairs: list[Played], contract: Contract, site: str, values: bool) -> Iterator[Difference]:
    operation = contract.operations.get(name)
    view = operation.on(site) if operation else None
    more = view.document.get("x-error-body", {}) if view else {}
    shapes = {
        "answer": (Shape(view.response_schema if view else None), Shape(view.response_schema if view else None)),
        "refusal": (Shape(_error_schema(more)), Shape(_error_schema(more))),
    }
    for pair in pairs:
        for found in _of_pair(pair, view, shapes, values):
            yield Difference(name, *found)
    for root, (before, after) in shapes.items():
        for found in _of_shapes(root, before, after):
            yield Difference(name, *found)


def _of_pair(
    pair: Played, view: SiteView | None, shapes: dict[str, tuple[Shape, Shape]], values: bool
) -> Iterator[Found]:
    """What two answers differ in by themselves; their bodies go into the shapes."""
    if pair.actual is None:
        yield ("call", "not sent", "notable", f"not sent: {pair.not_sent}", (), ())
        return
    one, other = pair.recorded.answer, pair.actual.answer
    yield from _of_outcome(outcome(view, one), outcome(view, other))
    yield from _of_headers(one, other)
    root = "refusal" if is_refused(view, one) else "answer"
    if is_refused(view, one) == is_refused(view, other):
        for shape, answer in zip(shapes[root], (one, other), strict=True):
            shape.add(answer.body)
        if values:
            yield from _of_values(root, one.body, other.body)


def is_refused(view: SiteView | None, answer: Answered) -> bool:
    """Whether an answer is a refusal. A few old operations refuse with the status of a success."""
    return answer.status >= 300 or (view is not None and view.row(answer.code, answer.status) is not None)


def outcome(view: SiteView | None, answer: Answered) -> tuple[int, str]:
    """Status and code; a success has no code."""
    return answer.status, answer.code if is_refused(view, answer) else ""


def _of_outcome(one: tuple[int, str], other: tuple[int, str]) -> Iterator[Found]:
    before, after = (f"{status} {code}".strip() for status, code in (one, other))
    if before != after:
        kind = "code" if one[0] == other[0] else "status"
        yield before, kind, "breaking", f"answered {after}, was {before}", one, other


def _of_headers(one: Answered, other: Answered) -> Iterator[Found]:
    for name in fields().headers.answer:
        before, after = (_plain_header(answer.headers.get(name)) for answer in (one, other))
        if before != after:
            sentence = f"header {name} is {after or 'absent'}, was {before or 'absent'}"
            yield (f"header {name}", "header", "notable", sentence, (before,), (after,))


def _plain_header(value: Any) -> str:
    """A header as far as it is compared: there or not, and the media type of a body."""
    if value is None:
        return ""
    return "there" if is_label(value) or "/" not in str(value) else str(value).partition(";")[0].strip().lower()


def _of_shapes(root: str, before: Shape, after: Shape) -> Iterator[Found]:
    for place in sorted(before.places.keys() | after.places.keys()):
        name = f"{root}{place}"
        one, other = before.places.get(place), after.places.get(place)
        if one is not None and other is not None:
            yield from _of_types(name, one, other)
            yield from _of_forms(name, one, other)
            yield from _of_listed(name, one, other)
        elif one is not None and not place.endswith("]") and after.parents_of(place):
            yield _absent(name, one, always=one.present == before.parents_of(place))
        elif other is not None and not place.endswith("]") and before.parents_of(place):
            yield _added(name, other)


def _absent(name: str, seen: Seen, always: bool) -> Found:
    severity = "breaking" if seen.required else "notable" if always else "cosmetic"
    was = "was always there" if always else "was there at times"
    return name, "absent", severity, f"{name} is missing, {was}", tuple(sorted(seen.types)), ()


def _added(name: str, seen: Seen) -> Found:
    severity, words = ("notable", "not documented") if seen.schema is None else ("cosmetic", "documented")
    kinds = tuple(sorted(seen.types))
    return name, "added", severity, f"{name} is new ({' or '.join(kinds)}, {words})", (), (*kinds, *sorted(seen.forms))


def _of_types(name: str, one: Seen, other: Seen) -> Iterator[Found]:
    before, after = set(one.types), set(other.types)
    new = after - before
    if not new:
        return
    severity = "breaking" if not before & after and "null" not in before | after else "notable"
    kind = "null" if "null" in before ^ after and (new == {"null"} or before == {"null"}) else "type"
    sentence = f"{name} is {_listed(after)}, was {_listed(before)}"
    yield name, kind, severity, sentence, tuple(sorted(before)), tuple(sorted(after))


def _of_forms(name: str, one: Seen, other: Seen) -> Iterator[Found]:
    if not one.forms or not other.forms or one.forms & other.forms:
        return
    severity = "breaking" if (one.forms | other.forms) & TIMES.keys() else "notable"
    if ANY_TEXT in one.forms and severity == "notable":
        return
    sentence = f"{name} is written as {_listed(other.forms)}, was {_listed(one.forms)}"
    yield name, "form", severity, sentence, tuple(sorted(one.forms)), tuple(sorted(other.forms))


def _of_listed(name: str, one: Seen, other: Seen) -> Iterator[Found]:
    known = set((other.schema or {}).get("enum", ()))
    new = other.values - one.values - known
    if known and new:
        sentence = f"{name} has the undocumented value {_listed(map(repr, new))}"
        yield name, "enum", "notable", sentence, tuple(sorted(known, key=str)), tuple(sorted(new, key=str))


def _of_values(root: str, one: Any, other: Any) -> Iterator[Found]:
    """Values that are other ones, at the same place of the same row."""
    name = root.rpartition(".")[2].partition("[")[0]
    if is_label(one) or is_label(other) or name in fields().volatile.values:
        return
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() & other.keys():
            yield from _of_values(f"{root}.{key}", one[key], other[key])
    elif isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            yield f"{root}[]", "rows", "notable", f"{root} has {len(other)} rows, had {len(one)}", (), ()
        for before, after in zip(one, other, strict=False):
            yield from _of_values(f"{root}[]", before, after)
    elif one != other and not {form_of(one), form_of(other)} & fields().volatile.forms:
        yield root, "value", "notable", f"{root} is {other!s}, was {one!s}", (one,), (other,)


def _error_schema(more: Document) -> Document:
    text = {"type": "string"}
    own = {"error_code": text, "error_msg": text, "request_id": text, **more.get("properties", {})}
    return {"type": "object", "required": ["error_code", "error_msg"], "properties": own}


def _listed(words: Iterable[str]) -> str:
    return " or ".join(sorted(words))
