"""How a property looks at an operation: it asks, and keeps count of what it saw."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from random import Random
from typing import Any, TypeVar

from requests.auth import AuthBase

from contracts.checks import Answer, Row, invalid_row, is_refusal, is_refused_as_invalid
from contracts.events import CaseWithheld, ExchangeSent, Part
from contracts.guard import Withheld
from contracts.options import BOTH
from contracts.phases.running import OutOfTime, Run, Sent
from contracts.properties.fields import Asked, Field
from contracts.properties.world import populated
from contracts.reading import is_valid
from contracts.targets.signing import Signed
from contracts.targets.target import KINDS, SIGNATURE, Credential
from mockserver.contract.operation import Operation, SiteView

QUICKLY, USUALLY = 3, 12
"""Drawn requests of one law."""
FEW = 10
"""Cases of one property that a quick run tries where they are many."""

Case = TypeVar("Case")


@dataclass(frozen=True, eq=False)
class Told:
    """What came back for a request; nothing where the request was not let out."""

    asked: Asked
    view: SiteView
    sent: Sent
    role: str = ""
    """What kind of principal the caller was then; empty for a placed login."""

    @property
    def answer(self) -> Answer | None:
        return self.sent.answer if isinstance(self.sent, ExchangeSent) else None

    @property
    def ok(self) -> bool:
        return self.answer is not None and not is_refusal(self.view, self.answer)

    @property
    def row(self) -> Row:
        """Status and code; `(0, "")` where nothing was sent."""
        return self.answer.row if self.answer else (0, "")

    @cached_property
    def body(self) -> Any:
        """The JSON body, numbers with a fraction exact."""
        try:
            return json.loads(self.answer.response.content, parse_float=Decimal) if self.answer else None
        except ValueError:
            return None

    @property
    def said(self) -> Any:
        """Status and body without the id of the call and the words of a refusal: equal where the same was answered."""
        unsaid = {"request_id": None, "error_msg": None}
        return self.row[0], {**self.body, **unsaid} if isinstance(self.body, dict) else self.body

    @property
    def is_called_invalid(self) -> bool:
        return self.answer is not None and is_refused_as_invalid(self.view, self.answer)

    def is_about(self, place: Field) -> bool:
        """Whether a refusal names a field: rules between several fields are beyond one field's."""
        return isinstance(self.body, dict) and place.names[-1] in str(self.body.get("error_msg"))

    @property
    def is_valid(self) -> bool:
        """Whether the request keeps to the document."""
        return self.answer is not None and is_valid(self.view, self.answer.request)


@dataclass
class Probe:
    """One operation on one target."""

    run: Run
    seen: int = 0
    vacuous: Counter[str] = field(default_factory=Counter)
    fresh: list[Told] = field(default_factory=list)
    """What was sent and nobody was told of yet."""
    answers: dict[str, Told] = field(default_factory=dict)
    """What reads were answered, as long as nothing changes."""
    logins: int = 0
    """How many were placed."""
    working: Asked | None = None
    """A call that changes something and is accepted, as far as one was found."""

    @property
    def view(self) -> SiteView:
        return self.run.view

    @property
    def operation(self) -> Operation:
        return self.run.operation

    @property
    def part(self) -> Part:
        return self.run.part

    @property
    def quick(self) -> bool:
        return self.run.options.quick

    @property
    def draws(self) -> int:
        return QUICKLY if self.quick else USUALLY

    @property
    def kinds(self) -> list[str]:
        """The documented kinds of callers that the target has a credential of."""
        return [kind for kind in KINDS if kind in self.operation.callers and kind in self.run.target.kinds]

    @property
    def callers(self) -> list[str]:
        """The documented callers: one of each kind, and other accounts of these kinds that the target names."""
        kinds = self.kinds
        return list(dict.fromkeys((*kinds, *(name for name in self._named if self.role(name) in kinds))))

    @property
    def _named(self) -> Mapping[str, Credential]:
        controls = self.run.target.controls
        return controls.credentials if controls else {}

    def role(self, caller: str) -> str:
        """The kind of principal that a caller is; that of a placed login is none of the documented ones."""
        return caller if caller in KINDS else self._named.get(caller, {}).get("kind", "")

    def saw(self, count: int = 1) -> None:
        """So many checks could have shown a mistake."""
        self.seen += count

    def nothing(self, why: str) -> None:
        """A check had nothing to show."""
        self.vacuous[why] += 1

    def some(self, cases: Sequence[Case]) -> Sequence[Case]:
        """All of the cases; a few of them, chosen by the seed, where the run is to be quick."""
        if not self.quick or len(cases) <= FEW:
            return cases
        return Random(self.run.seed).sample(cases, FEW)

    def ask(self, asked: Asked, case: str = "", operation: Operation | None = None) -> Told:
        """Send a request, to the operation itself if no other is named. Reads are sent once."""
        operation = operation or self.operation
        key = f"{operation.id} {asked.kind} {asked.body!r} {asked.parameters!r}"
        if key not in self.answers:
            self.answers[key] = self._sent(asked, case or str(asked), operation)
            if operation.effect != "read":
                return self._after_write(key)
        return self.answers[key]

    def ask_and_look(self, asked: Asked) -> tuple[Told, Any]:
        """Send a request, and what the target's state is behind it."""
        self.answers.clear()
        return self._sent(asked, str(asked), self.operation), self.run.target.state()

    def effect(self, asked: Asked) -> tuple[Told, Any]:
        """Send a request to the populated world: the answer; and what it says with all that it leaves of the world."""
        self.rewind()
        told, state = self.ask_and_look(asked)
        return told, (told.said, state)

    def rewind(self) -> None:
        """Back to the populated world, as far as the target can."""
        self.answers.clear()
        populated(self.run)

    def empty(self) -> None:
        """Back to the beginning, without what populates it."""
        self.run.restart()
        self.answers.clear()

    def drain(self) -> Iterator[Told]:
        """What was sent since the last time."""
        fresh, self.fresh = self.fresh, []
        yield from fresh

    def _after_write(self, key: str) -> Told:
        """What was answered before a change no longer counts."""
        told = self.answers[key]
        self.answers.clear()
        if told.ok:
            self.rewind()
        return told

    def _sent(self, asked: Asked, case: str, operation: Operation) -> Told:
        role, sent = self.role(asked.kind), self._send(asked, case, operation)
        told = Told(asked, operation.on(self.run.target.site), sent, role)
        self.fresh.append(told)
        return told

    def _send(self, asked: Asked, case: str, operation: Operation) -> Sent:
        """Unlike a phase's own way to send, it takes placed logins, and leaves what a call changes to others."""
        run = self.run
        if run.deadline is not None and run.clock() >= run.deadline:
            raise OutOfTime
        request = run.request(operation, asked.body, asked.parameters)
        request.auth = self._auth(asked.kind)
        prepared, started = request.prepare(), run.clock()
        try:
            response = run.target.send(prepared)
        except Withheld as withheld:
            return CaseWithheld(run.part, case, str(withheld))
        return ExchangeSent(run.part, case, Answer(prepared, response), run.clock() - started)

    def _auth(self, kind: str) -> AuthBase:
        target = self.run.target
        if kind in target.kinds or target.controls is None:
            by = self.run.options.auth
            return target.sign(kind, SIGNATURE if by == BOTH else by)
        placed = self._named[kind]
        return Signed(placed["ak"], placed["sk"])


def expected_refusal(view: SiteView, place: Field) -> Row:
    """The row that answers a value that breaks the rules of a field."""
    own = place.schema.get("x-code")
    row = view.row(own) if own else None
    return (row.status, row.code) if row else invalid_row(view)
