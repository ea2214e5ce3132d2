"""Sequences of calls along the links of the OpenAPI document, made by Schemathesis: what an answer tells, the next call
takes.

Beside `contracts.cases` the only module that knows Schemathesis. Equal documents, seeds and answers give equal calls.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import hypothesis
import schemathesis
from hypothesis import Phase
from hypothesis import strategies as st
from hypothesis.errors import Flaky, FlakyFailure, FlakyStrategyDefinition, Unsatisfiable
from hypothesis.stateful import initialize
from requests import Response
from schemathesis import Config
from schemathesis.core.result import Ok
from schemathesis.core.transforms import UNRESOLVABLE
from schemathesis.core.transport import Response as Received
from schemathesis.generation.stateful.control import TransitionController
from schemathesis.generation.stateful.state_machine import APIStateMachine, StepInput, StepOutput, Transition

from contracts.cases import DRAWING, Case, nothing_local
from mockserver.contract.documents import Document, Json

CONTAINERS = {"path_parameters": "path", "query": "query"}
LUCK = 2**32

Links = Mapping[str, Document]
"""The links of each operation that tells something, as OpenAPI has them."""


@dataclass(frozen=True)
class Link:
    """What a former answer tells a call: parameters by place and name, and the part of the body, which may hold None
    where nothing was told."""

    teller: str
    """The id of the case whose answer tells."""
    parameters: Mapping[tuple[str, str], Json]
    body: Json


@dataclass(frozen=True)
class Step:
    """A drawn call, and what it is linked with; nothing at the beginning of a sequence."""

    case: Case
    link: Link | None

    @property
    def operation(self) -> str:
        """The id of the operation that is called."""
        return str(self.case.operation.definition.raw["operationId"])


class Player(Protocol):
    """Sends the calls of sequences."""

    def begin(self, luck: int) -> None:
        """A new sequence; `luck` decides what is chosen in it."""

    def take(self, step: Step) -> tuple[Response, bytes] | None:
        """Make a call: its answer, with the body that links are to read; None where it was not made."""


@dataclass(frozen=True)
class Wanted:
    """The sequences to play, of so many steps at most. They begin with `first`. Values are drawn for the operation
    `drawn` alone: cases of the others have nothing but what links bring, and what their paths need."""

    links: Links
    first: frozenset[str]
    drawn: str
    sequences: int
    steps: int


def play(document: Document, wanted: Wanted, player: Player, seed: int) -> None:
    """Let `player` take the sequences."""
    machine = _machine(_linked(document, wanted.links, wanted.drawn), wanted.first, player)
    settings = hypothesis.settings(
        DRAWING, max_examples=wanted.sequences, stateful_step_count=wanted.steps, phases=(Phase.generate,)
    )
    # What the target answers may differ where nothing takes it back; what was taken so far counts.
    with nothing_local(), suppress(Unsatisfiable, Flaky, FlakyFailure, FlakyStrategyDefinition):
        hypothesis.seed(seed)(machine).run(settings=settings)


def _linked(document: Document, links: Links, drawn: str) -> Document:
    """A document of the operations that tell or are told something, with these links."""
    wanted = {*links, *(one["operationId"] for some in links.values() for one in some.values())}
    brought = {name for some in links.values() for one in some.values() for name in one.get("parameters", ())}
    paths: dict[str, Document] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if (name := operation["operationId"]) in wanted:
                made = operation if name == drawn else _bare(operation, brought)
                paths.setdefault(path, {})[method] = _with_links(made, links.get(name, {}))
    return {**document, "paths": paths}


def _bare(operation: Document, brought: Collection[str]) -> Document:
    """An operation with the parameters that links bring and those of its path, for which any text will do."""
    parameters = [
        {**one, "schema": {"type": "string", "minLength": 1}, "required": one["in"] == "path"}
        for one in operation.get("parameters", ())
        if one["in"] == "path" or f"{one['in']}.{one['name']}" in brought
    ]
    return {**{key: value for key, value in operation.items() if key != "requestBody"}, "parameters": parameters}


def _with_links(operation: Document, links: Document) -> Document:
    """The operation with these links in its success answer."""
    status, success = next(iter(operation["responses"].items()))
    told = {**{key: value for key, value in success.items() if key != "links"}, **({"links": links} if links else {})}
    return {**operation, "responses": {**operation["responses"], status: told}}


def _machine(document: Document, first: frozenset[str], player: Player) -> type[APIStateMachine]:
    """The state machine of Schemathesis, in the player's hands."""
    config = Config(seed=0)
    config.projects.default.generation.update(with_security_parameters=False)
    schema = schemathesis.openapi.from_dict(document, config=config)
    made: Any = schema.as_state_machine()
    labels = frozenset(schema.find_operation_by_id(name).label for name in first)

    class Sequence(made):  # type: ignore[misc]
        @initialize(luck=st.integers(0, LUCK))
        def begin(self, luck: int) -> None:
            player.begin(luck)

        def __init__(self) -> None:
            super().__init__()
            before: TransitionController = vars(self)["control"]
            self.control = _Onward(before.transitions, labels & frozenset(before.roots) or before.roots)

        def step(self, input: StepInput) -> StepOutput | None:
            answer = player.take(Step(input.case, _link(input.transition)))
            if answer is None:
                return None
            received = Received.from_requests(answer[0], verify=False)
            received.content = answer[1]
            return StepOutput(received, input.case)

    return Sequence


class _Onward(TransitionController):
    """Begins where it may, and anew only when nothing is told that could be taken further."""

    def allow_root_transition(self, source: str, bundles: Mapping[str, Any]) -> bool:
        links: list[Any] = [link for one in self.transitions.operations.values() for link in one.outgoing]
        return source in self.roots and not any(
            self.allow_transition(link.source.label, link.target.label)
            for link in links
            if bundles.get(f"{link.source.label} -> {link.status_code}")
        )


def _link(transition: Transition | None) -> Link | None:
    if transition is None:
        return None
    body = transition.request_body
    told = _told(body.value.ok()) if body is not None and isinstance(body.value, Ok) else None
    return Link(transition.parent_id, dict(_parameters(transition)), told)


def _parameters(transition: Transition) -> Iterator[tuple[tuple[str, str], Json]]:
    for container, parameters in transition.parameters.items():
        for name, one in parameters.items():
            if isinstance(one.value, Ok):
                yield (CONTAINERS[container], name), _told(one.value.ok())


def _told(value: Any) -> Json:
    """What an expression gave, with None for what it did not find."""
    if isinstance(value, dict):
        return {name: _told(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_told(part) for part in value]
    return None if value is UNRESOLVABLE else value
