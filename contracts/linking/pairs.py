"""Each operation that tells ids, followed by the one that takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from contracts.events import Event
from contracts.linking.linked import Linked
from contracts.linking.told import Asked, Id, Told, is_required, told_ids
from contracts.targets.target import KINDS
from mockserver.contract.operation import Operation

KNOWN = "customer"
"""The thing of which every target knows one."""


def pairs(linked: Linked, chosen: Mapping[Asked, Sequence[Operation]], quick: bool) -> Iterator[Event]:
    """Take ids from each teller to the part's operation, as each kind that may call both; as one where it is to be
    quick."""
    own = linked.kinds(linked.run.operation)
    for asked, operations in chosen.items():
        for number, teller in enumerate(operations):
            both = [kind for kind in own if kind in linked.kinds(teller)] or own[:1]
            for luck, kind in enumerate(both[:1] if quick else both):
                linked.begin(number * len(KINDS) + luck, kind)
                linked.unless_stopped(partial(_pair, linked, teller, asked))
                yield from linked.events
                linked.events.clear()


def _pair(linked: Linked, teller: Operation, asked: Asked) -> None:
    """Ask one operation, and take ids of its answer to the part's own."""
    told = _ask(linked, teller)
    for value in _some(linked, told, asked.thing) if told is not None else ():
        line = f"{teller.id}, then {asked.place.names[-1]} to {linked.run.operation.id}"
        linked.call(linked.run.view, line, [Id(asked.thing, asked.place, value)], told)


def _ask(linked: Linked, teller: Operation) -> Told | None:
    """What an operation tells; the ids that it needs itself are from lists of such things."""
    view, before = linked.view(teller), None
    ids: list[Id] = []
    for thing, place in linked.things.asked(view):
        source = next(linked.listers(view, thing, linked.kind), None)
        if source is not None and thing != KNOWN and is_required(view, place):
            before = linked.call(source, source.operation.id)
            found = told_ids(linked.things, before, thing) if before is not None else []
            ids += [Id(thing, place, value) for value in linked.random.sample(found, min(1, len(found)))]
    return linked.call(view, teller.id, ids, before)


def _some(linked: Linked, told: Told, thing: str) -> list[str]:
    """A few of the ids that were told: one that is known or that comes first, and another one; only one for a call
    that changes what was told."""
    found = sorted(told_ids(linked.things, told, thing), key=lambda value: value not in linked.known)
    if linked.run.operation.effect != "read":
        return linked.random.sample(found, min(1, len(found)))
    return found[:1] + linked.random.sample(found[1:], min(1, len(found[1:])))
