"""What one operation tells another takes: sequences of calls along the links of the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from contracts.events import Event
from contracts.linking.tellers import tellers
from contracts.linking.told import Asked, has_rows_of, is_required, makes
from contracts.phases.registry import phase
from contracts.phases.running import Run
from contracts.targets.target import KINDS
from mockserver.contract.documents import Document
from mockserver.contract.operation import Operation
from mockserver.contract.things import links as links_of

if TYPE_CHECKING:
    from contracts.linking.linked import Linked

SEQUENCES = 3
"""Drawn sequences for one operation."""
STEPS = 6
"""Calls of one sequence at most."""
TELLERS, TELLERS_QUICK = 6, 1
"""Operations that are asked for an id of one thing."""
SOURCES = 1
"""Operations that are asked for an id that a teller needs itself."""
ONE_IN = 25
"""A quick run plays drawn sequences for one operation in so many."""


@phase("links", applies=lambda view: True)
def links(run: Run, operation: Operation) -> Iterator[Event]:
    """Take ids from each teller to the operation; then play drawn sequences that end in it. Ids that are told must be
    taken, known and found."""
    # What the target does not take back is spared.
    quick, random = run.options.quick or run.target.controls is None, Random(run.seed)
    chosen = _chosen(run, operation, TELLERS_QUICK if quick else TELLERS, random)
    if not chosen:
        return
    # It needs much that a run of other phases does not.
    from contracts.linking.linked import Linked
    from contracts.linking.pairs import pairs

    linked = Linked(run)
    yield from pairs(linked, chosen, quick)
    if linked.stopped is None and (not quick or random.randrange(ONE_IN) == 0):
        _play(run, operation, linked, linked_with(run, operation, chosen, random))
    yield from linked.events
    if linked.stopped is not None:
        raise linked.stopped


def _play(run: Run, operation: Operation, linked: Linked, among: dict[str, Document]) -> None:
    from contracts.linking.sequences import Wanted, play

    first = frozenset(name for name in among if not _needs_ids(run, run.contract.operations[name]))
    document = run.generated[operation.id].schema.raw_schema
    play(document, Wanted(among, first, operation.id, SEQUENCES, STEPS), linked, run.seed)


def linked_with(
    run: Run, operation: Operation, chosen: dict[Asked, list[Operation]], random: Random
) -> dict[str, Document]:
    """The links that lead to an operation, and to those that tell what it asks for, by who tells."""
    found: dict[str, Document] = {}
    for teller in dict.fromkeys(one for some in chosen.values() for one in some):
        found.setdefault(teller.id, {}).update(_between(run, teller, operation))
        wanted = _needed(run, teller) | run.contract.things.accounts
        for asked, sources in _chosen(run, teller, SOURCES, random).items():
            for source in sources if asked.thing in wanted else ():
                found.setdefault(source.id, {}).update(_between(run, source, teller))
    return found


def _chosen(run: Run, operation: Operation, most: int, random: Random) -> dict[Asked, list[Operation]]:
    """Some of the tellers of each thing that an operation asks for: half of them the nearest, others drawn. Nearest are
    those whose callers may call the operation too, and that make the thing or list what there is."""
    found: dict[Asked, list[Operation]] = {}
    view = operation.on(run.target.site)
    for thing, place in run.contract.things.asked(view):
        able = [one for one, _ in tellers(run.contract, view, thing) if _can_call(run, one)]
        able.sort(key=lambda one: (not one.callers & operation.callers, not _knows(run, one, thing)))
        nearest, others = able[: -(-most // 2)], able[-(-most // 2) :]
        if able:
            found[Asked(thing, place)] = [*nearest, *random.sample(others, min(most // 2, len(others)))]
    return found


def _needed(run: Run, operation: Operation) -> frozenset[str]:
    """The things without whose ids an operation cannot be called."""
    view = operation.on(run.target.site)
    return frozenset(thing for thing, place in run.contract.things.asked(view) if is_required(view, place))


def _needs_ids(run: Run, operation: Operation) -> bool:
    """Whether a call needs ids that nobody knows beforehand."""
    return bool(_needed(run, operation) - {"customer"})


def _knows(run: Run, operation: Operation, thing: str) -> bool:
    """Whether what an operation tells is there, rather than something that it happened to."""
    view = operation.on(run.target.site)
    return makes(view, thing) or has_rows_of(run.contract.things, view, thing)


def _can_call(run: Run, operation: Operation) -> bool:
    return any(kind in operation.callers and kind in run.target.kinds for kind in KINDS)


def _between(run: Run, teller: Operation, taker: Operation) -> Document:
    site = run.target.site
    return links_of(run.contract.things, teller.on(site), [taker.on(site)])
