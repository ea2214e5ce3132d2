"""Cases of an operation, made by Schemathesis from the OpenAPI document: the examples, and every bound of every schema.

The only module that knows how Schemathesis makes cases. It draws nothing at random: equal documents, equal cases.
"""

from __future__ import annotations

from collections.abc import Iterator

import schemathesis
from schemathesis import Case, Config, GenerationMode
from schemathesis.generation.coverage import GenerationSession
from schemathesis.generation.drivers import CoverageGenerator, ExamplesGenerator
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.generation.overrides import Override
from schemathesis.schemas import APIOperation

from mockserver.contract.documents import Document
from mockserver.contract.openapi import export
from mockserver.contract.registry import Contract


def operations(contract: Contract, site: str, *, removed: bool) -> Iterator[APIOperation]:
    """The operations of a site: all that a server has on its own, or the removed ones it has on request."""
    config = Config(seed=0)
    config.projects.default.generation.update(with_security_parameters=False)
    schema = schemathesis.openapi.from_dict(_document(contract, site, removed), config=config)
    for result in schema.get_all_operations():
        operation = result.ok()
        if (operation.definition.raw["x-status"] == "removed") == removed:
            yield operation


def cases(operation: APIOperation) -> Iterator[Case]:
    """The phases examples and coverage, with nothing that authenticates a call."""
    yield from ExamplesGenerator(operation=operation, override=Override(), feedback=NO_FEEDBACK, fill_missing=True)
    yield from CoverageGenerator(
        operation=operation,
        generation_modes=list(GenerationMode),
        generation_config=operation.schema.config.generation_for(operation=operation, phase="coverage"),
        auth_storage=None,
        override=Override(),
        feedback=NO_FEEDBACK,
        session=GenerationSession(),
    )


def _document(contract: Contract, site: str, removed: bool) -> Document:
    """The OpenAPI document with the operations that are served: where two share a call, the removed one on request."""
    document = export(contract, site)
    for methods in document["paths"].values():
        for method, first in list(methods.items()):
            same = [first, *first.get("x-same-call", ())]
            served = [one for one in same if removed or one["x-status"] != "removed"]
            served.sort(key=lambda one: one["x-status"] != "removed")
            if served:
                methods[method] = served[0]
            else:
                del methods[method]
    return document
