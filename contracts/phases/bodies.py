"""Requests without a body, with one that is no JSON object, or of another type than JSON: all are refused."""

from __future__ import annotations

from collections.abc import Iterator

from requests import Request

from contracts.events import Event
from contracts.linking.tellers import example_of
from contracts.phases.registry import phase
from contracts.phases.running import Run
from mockserver.contract.operation import Operation, SiteView

JSON = "application/json"
BODIES = (("", JSON), ("{", JSON), ("[]", JSON), ("{}", "text/plain"), ("{}", ""))
"""Bodies with their types."""


def has_body(view: SiteView) -> bool:
    return view.body_schema is not None


@phase("bodies", applies=has_body)
def bodies(run: Run, operation: Operation) -> Iterator[Event]:
    """Send the documented example with each of the wrong bodies."""
    _, parameters = example_of(operation, run)
    for content, kind in BODIES:
        asked = run.request(operation, None, parameters)
        headers = {**asked.headers, **({"Content-Type": kind} if kind else {})}
        request = Request(asked.method, asked.url, params=asked.params, headers=headers, data=content.encode())
        sent = run.send(f"the body {content!r} as {kind or 'nothing'}", request)
        yield sent
        yield from run.judge(sent)
