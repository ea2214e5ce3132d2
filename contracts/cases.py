"""Cases of an operation, made by Schemathesis from the OpenAPI document: its examples, every bound of its schemas, and
drawn ones.

With `contracts.linking.sequences` the only module that knows Schemathesis. Equal documents and seeds give equal cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from unittest import SkipTest
from unittest.mock import patch

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given
from hypothesis.errors import Flaky, FlakyFailure, Unsatisfiable
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from requests import Response
from schemathesis import Config, GenerationMode
from schemathesis.core.errors import UnsupportedSchema
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.coverage import GenerationSession
from schemathesis.generation.drivers import CoverageGenerator, ExamplesGenerator
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.generation.overrides import Override
from schemathesis.specs.openapi import checks

from mockserver.contract.documents import Document, Json
from mockserver.contract.openapi import export
from mockserver.contract.registry import Contract

Operation = schemathesis.APIOperation[Any, Any, Any, Any]
Case = schemathesis.Case[Any]

DRAWING = hypothesis.settings(
    database=None,
    deadline=None,
    derandomize=False,
    print_blob=False,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
    verbosity=Verbosity.quiet,
)
CONFORMANCE = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


def operations(contract: Contract, site: str, *, removed: bool, known: Mapping[str, Json]) -> Iterator[Operation]:
    """The operations of a site: those that every server has, or the removed ones that some serve on request.

    `known` has values for the examples, by field name: ids that exist where the cases go.
    """
    config = Config(seed=0)
    config.projects.default.generation.update(with_security_parameters=False)
    document = _filled(_served(export(contract, site), removed), known)
    schema = schemathesis.openapi.from_dict(document, config=config)
    for methods in schema.values():
        for operation in methods.values():
            if (operation.definition.raw["x-status"] == "removed") == removed:
                yield operation


def example_cases(operation: Operation) -> Iterator[Case]:
    """The documented examples, or one made-up call, with nothing that authenticates a call."""
    yield from ExamplesGenerator(operation=operation, override=Override(), feedback=NO_FEEDBACK, fill_missing=True)


def coverage_cases(operation: Operation) -> Iterator[Case]:
    """Each keyword of each schema, kept and broken."""
    coverage = CoverageGenerator(
        operation=operation,
        generation_modes=list(GenerationMode),
        generation_config=operation.schema.config.generation_for(operation=operation, phase="coverage"),
        auth_storage=None,
        override=Override(),
        feedback=NO_FEEDBACK,
        # A session of its own, so that the cases do not depend on what ran before.
        session=GenerationSession(),
    )
    for case in coverage:
        _repair_headers(case)
        yield case


def fuzzed_cases(operation: Operation, positive: bool, count: int, seed: int) -> list[Case]:
    """Drawn cases, valid or invalid ones; fewer than `count` where there are no more, or none of the sort."""
    drawn: list[Case] = []
    _draw(operation, positive, count, seed, drawn.append, (Phase.generate,))
    return drawn[:count]


def smallest(
    operation: Operation, positive: bool, count: int, seed: int, shows: Callable[[Case], bool], tries: int
) -> None:
    """Draw the same cases again and shrink the first that `shows` something, in so many tries."""
    left = tries

    def fail(case: Case) -> None:
        nonlocal left
        left -= 1
        if left >= 0 and shows(case):
            raise Shown

    _draw(operation, positive, count, seed, fail, (Phase.generate, Phase.shrink))


class Shown(Exception):
    """A case shows what is looked for."""


def _draw(
    operation: Operation,
    positive: bool,
    count: int,
    seed: int,
    take: Callable[[Case], object],
    phases: tuple[Phase, ...],
) -> None:
    """Give `take` the drawn cases, until it raises `Shown`; then smaller ones that Hypothesis thinks may do so too."""
    mode = GenerationMode.POSITIVE if positive else GenerationMode.NEGATIVE
    test = given(operation.as_strategy(generation_mode=mode, feedback=NO_FEEDBACK))(take_each(take))
    test = hypothesis.seed(seed)(hypothesis.settings(DRAWING, max_examples=count, phases=phases)(test))
    # Nothing of the sort can be drawn, or the same case answers differently: what was taken so far counts.
    with nothing_local(), suppress(Shown, Unsatisfiable, UnsupportedSchema, SkipTest, Flaky, FlakyFailure):
        test()


@contextmanager
def nothing_local() -> Iterator[None]:
    """Keep Hypothesis from drawing constants of whatever modules of ours are loaded: in another process others are."""
    providers.CONSTANTS_CACHE.cache.clear()
    with patch.object(providers, "_get_local_constants", Constants):
        yield
    providers.CONSTANTS_CACHE.cache.clear()


def take_each(take: Callable[[Case], object]) -> Callable[[Case], None]:
    def taken(case: Case) -> None:
        take(case)

    return taken


def is_positive(case: Case) -> bool:
    """Whether the OpenAPI document calls the request valid."""
    return case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE


def describe(case: Case) -> str:
    """What the case tries, e.g. `negative: limit: Value greater than maximum`."""
    assert case.meta is not None, "a generated case says what it is for"
    data = case.meta.phase.data
    tried = [case.meta.generation.mode.value, data.parameter, data.description]
    return ": ".join(part for part in tried if part)


def nonconformance(case: Case, response: Response) -> Iterator[str]:
    """How an answer differs from the OpenAPI document: status, content type, headers, body."""
    try:
        case.validate_response(response, checks=CONFORMANCE)
    except FailureGroup as group:
        yield from (f"{one.title}: {one.message}" for one in group.exceptions)


def _repair_headers(case: Case) -> None:
    """Leave out a header that is wrong although the case tries something else: Schemathesis finds no value that fits
    the pattern of a header, and sends a wrong one with every case."""
    meta = case.meta
    if meta is None or meta.phase.data.parameter_location == ParameterLocation.HEADER:
        return
    if meta.is_negative_at(ParameterLocation.HEADER):
        for header in case.operation.headers:
            case.headers.pop(header.name, None)


def _served(document: Document, removed: bool) -> Document:
    """The document with the operations that are served. Where two share a call, a removed one wins on request."""
    for methods in document["paths"].values():
        for method, first in list(methods.items()):
            same = [one for one in (first, *first.get("x-same-call", ())) if removed or one["x-status"] != "removed"]
            if same:
                methods[method] = min(same, key=lambda one: one["x-status"] != "removed")
            else:
                del methods[method]
    return document


def _filled(part: Json, known: Mapping[str, Any]) -> Json:
    """A copy in which the examples of a known field or parameter have its known value."""
    if isinstance(part, list):
        return [_filled(item, known) for item in part]
    if not isinstance(part, dict):
        return part
    copy = {
        name: known[name] if name in known and isinstance(value, type(known[name])) else _filled(value, known)
        for name, value in part.items()
    }
    if "in" in part and part.get("name") in known:
        copy["examples"] = {"known": {"value": known[part["name"]]}}
    return copy
