"""Answers of operations whose rules are not written yet: made up from the response schema, and kept nowhere."""

from __future__ import annotations

from typing import Any

from mockserver.contract.samples import sample
from mockserver.domain.call import Answer, Call
from mockserver.domain.ids import digest


def generated_answer(call: Call) -> Answer:
    """An answer of the documented form, in which nothing failed. The same call in a sandbox of the same seed gets the
    same answer."""
    schema = call.view.response_schema
    if schema is None:
        return None
    asked = sorted({**call.parameters, **call.body}.items(), key=lambda item: item[0])
    drawn = 0

    def draw(limit: int) -> int:
        nonlocal drawn
        drawn += 1
        return int(digest(call.sandbox.seed, call.operation.id, asked, drawn, size=8), 16) % limit

    call.notes.append("made up from the response schema: the operation keeps no state yet")
    failures = {row.inside for row in call.view.errors}
    answer: dict[str, Any] = sample(schema, draw)
    return {name: [] if name in failures else value for name, value in answer.items()}
