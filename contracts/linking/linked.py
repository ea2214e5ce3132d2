"""Makes linked calls, and judges what becomes of the ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import TYPE_CHECKING

from requests import Response

from contracts.checks import Answer, is_refused_as_invalid
from contracts.events import Event, ExchangeSent
from contracts.linking.asking import drawn, least
from contracts.linking.tellers import tellers
from contracts.linking.told import (
    Id,
    Scope,
    Told,
    any_row_first,
    has_rows_of,
    ids_of,
    is_asked_about_the_same,
    is_asked_alike,
    is_asked_by_id,
    is_called_unknown,
    is_gone,
    is_left_out,
    makes,
    names_failures,
    rows_of,
    scope_of,
    tells_as_there,
)
from contracts.phases.running import Run
from contracts.properties.world import populated
from contracts.reading import is_valid
from contracts.targets.target import KINDS
from mockserver.contract.operation import Operation, SiteView
from mockserver.contract.things import Place

if TYPE_CHECKING:
    from contracts.cases import Case
    from contracts.linking.sequences import Step

DRAWN = 0.5
"""How many of the calls of the operation are sent as drawn; the others say no more than they must."""
ON_BEHALF = 0.5
"""How many of the sequences begin on behalf of a customer, where one can be named."""
A_WHILE = "PT2M"
"""How long what a call begins may take: associations and deliveries come after the answer."""


class Linked:
    """The linked calls of one part, sequence by sequence. `events` tell what was sent and found; `stopped` is what
    ended the part before its time."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.things = run.contract.things
        self.known = frozenset(one for one in run.target.known.values() if isinstance(one, str))
        self.events: list[Event] = []
        self.stopped: Exception | None = None

    def begin(self, luck: int, kind: str = "") -> None:
        """A new sequence. Whatever is chosen in it comes from `luck`, also who calls if no kind is named."""
        self.random = Random(f"{self.run.seed}|{luck}")
        self.kind = kind or self.random.choice(self.kinds(self.run.operation))
        self._changes = 0
        self._told: dict[str, Told] = {}
        self._script: dict[str, str] = {}
        self.unless_stopped(lambda: populated(self.run))

    def unless_stopped(self, do: Callable[[], None]) -> None:
        """What stops a run is kept: Schemathesis would try the same again."""
        if self.stopped is None:
            try:
                do()
            except Exception as error:
                self.stopped = error

    def take(self, step: Step) -> tuple[Response, bytes] | None:
        """Make the call of a drawn sequence. Nothing is sent for a link that brings nothing."""
        view = self.view(self.run.contract.operations[step.operation])
        before = self._told.get(step.link.teller) if step.link else None
        ids = ids_of(self.things, view, step.link) if step.link else []
        if step.link is None or ids:
            self.unless_stopped(lambda: self._step(step, view, ids, before))
        told = self._told.get(step.case.id)
        if told is None:
            return None
        return told.answer.response, any_row_first(self.things, told, self.known, self.random)

    def _step(self, step: Step, view: SiteView, ids: list[Id], before: Told | None) -> None:
        line = self._script[step.case.id] = self._line(step, ids)
        is_drawn = view.operation == self.run.operation and self.random.random() < DRAWN
        told = self.call(view, line, ids, before, step.case if is_drawn else None)
        if told is not None:
            self._told[step.case.id] = told

    def call(
        self, view: SiteView, line: str, ids: Sequence[Id] = (), before: Told | None = None, case: Case | None = None
    ) -> Told | None:
        """Make a call, as drawn or with the least that it needs, and judge its answer. None where it was not sent."""
        run, kind, scope = self.run, self._caller(view.operation, before), self._scope(before)
        request = drawn(run, case, view, ids, scope) if case else least(run, view, ids, scope)
        sent = run.send(line, request, kind)
        self.events.append(sent)
        if not isinstance(sent, ExchangeSent):
            return None
        self.events += run.judge(sent, case)
        if before is not None and view.operation == run.operation:
            quiet = before.changes == self._changes and kind == before.kind
            for one in ids:
                self.events += self._judged(before, one, sent, quiet=quiet, whole=case is None)
        self._changes += self._has_changed(view.operation, sent.answer)
        return self._settled(Told(view, kind, sent.answer, self._changes), ids)

    def kinds(self, operation: Operation) -> list[str]:
        """The kinds of principals that may call an operation, of those that the target has."""
        return [one for one in KINDS if one in operation.callers and one in self.run.target.kinds]

    def view(self, operation: Operation) -> SiteView:
        """An operation as the target's site has it."""
        return operation.on(self.run.target.site)

    def listers(self, view: SiteView, thing: str, kind: str) -> Iterator[SiteView]:
        """The lists of such things that a kind of principal may call."""
        for one, _ in tellers(self.run.contract, view, thing):
            if kind in one.callers and one.effect == "read" and has_rows_of(self.things, self.view(one), thing):
                yield self.view(one)

    def _caller(self, operation: Operation, told: Told | None) -> str:
        """Who was told the id if it may call, else who the sequence is for, else the first that may."""
        kinds = self.kinds(operation)
        wished = [told.kind if told else "", self.kind]
        return next((one for one in wished if one in kinds), kinds[0])

    def _scope(self, told: Told | None) -> Scope:
        """On whose behalf a call is made: as the one before; else maybe that of the customer whom the target knows."""
        if told is not None:
            return scope_of(self.things, told.view, told.answer.request)
        known = self.run.target.known.get("customer_id")
        return {"customer": {str(known)}} if known and self.random.random() < ON_BEHALF else {}

    def _line(self, step: Step, ids: Sequence[Id]) -> str:
        """The sequence up to here."""
        told = ", ".join(one.place.names[-1] for one in ids)
        before = f"{self._script[step.link.teller]}, then {told} to " if step.link else ""
        return before + step.operation

    def _has_changed(self, operation: Operation, answer: Answer) -> bool:
        """Whether anything may be different by now."""
        return answer.changed or (self.run.target.controls is None and operation.effect != "read")

    def _settled(self, told: Told, ids: Sequence[Id]) -> Told:
        """What was told, after what a change takes to be done."""
        operation = told.view.operation
        if operation.effect != "read" and told.answer.response.ok:
            self.run.wait(A_WHILE)
            if operation == self.run.operation and not names_failures(told.view, told.answer):
                self._look_for_removed(told, ids)
        return told

    def _judged(self, told: Told, one: Id, sent: ExchangeSent, *, quiet: bool, whole: bool) -> Iterator[Event]:
        """Ids must be taken as they are told. As long as it is `quiet`, what is there stays there; a list has it that
        is asked for the `whole` of its rows."""
        run, view, answer = self.run, self.run.view, sent.answer
        name = f"{one.place.names[-1]} from {told.view.operation.id}"
        if is_refused_as_invalid(view, answer) and is_valid(view, answer.request) and _is_named(one, answer):
            yield from run.complain(sent, f"an id that was told is refused as malformed: {name}")
        if not (quiet and self._is_there(told, one) and is_asked_alike(self.things, told, view, one, answer)):
            return
        if is_called_unknown(view, one.thing, answer):
            yield from run.complain(sent, f"an id that was just told is called unknown: {name}")
        if whole and self._is_listed(told, one, answer) and is_left_out(view, one, answer):
            yield from run.complain(sent, f"what was just told is not found by its id: {name}")

    def _is_there(self, told: Told, one: Id) -> bool:
        """Whether what was told is there by now: what was made may take a while, for which a clock must be moved."""
        if makes(told.view, one.thing):
            return self.run.target.controls is not None
        return tells_as_there(self.things, told, one)

    def _is_listed(self, told: Told, one: Id, answer: Answer) -> bool:
        """Whether every list that can be asked for the id has it: lists of other things have some of them each, and
        those that cannot name whom the id was made for are about somebody else."""
        made = makes(told.view, one.thing)
        return (made or one.thing in self.things.accounts) and is_asked_about_the_same(
            self.things, told, self.run.view, one, answer
        )

    def _look_for_removed(self, told: Told, ids: Sequence[Id]) -> None:
        """Ask every list that can be asked for a thing by its id: what was removed is gone."""
        for one in ids:
            if one.thing == told.view.document.get("x-removes") and self._is_done(told):
                for view, place in self._lists_by_id(told, one.thing):
                    self._look(told, view, Id(one.thing, place, one.value))

    def _is_done(self, told: Told) -> bool:
        """A few operations refuse with the status of a success."""
        return told.answer.row == (told.view.success_status, "")

    def _look(self, told: Told, view: SiteView, one: Id) -> None:
        found = self.call(view, f"{told.view.operation.id}, then look for it in {view.operation.id}", [one], told)
        if found is None or not found.answer.response.ok:
            return
        if not all(is_gone(view, row) for row in rows_of(view, one.value, found.answer)):
            sent = next(one for one in reversed(self.events) if isinstance(one, ExchangeSent))
            self.events += self.run.complain(sent, f"what was removed is still there: {one.place.names[-1]}")

    def _lists_by_id(self, told: Told, thing: str) -> Iterator[tuple[SiteView, Place]]:
        """The lists that the same caller can ask for one such thing, each with the place of its id."""
        for view in self.listers(told.view, thing, told.kind):
            for named, place in self.things.asked(view):
                if named == thing and is_asked_by_id(view, place):
                    yield view, place


def _is_named(one: Id, answer: Answer) -> bool:
    """Whether a refusal is about the field of an id."""
    return isinstance(answer.body, dict) and one.place.names[-1] in str(answer.body.get("error_msg"))
