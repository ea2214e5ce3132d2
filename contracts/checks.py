"""What must be true of every answer, whoever gives it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from requests import PreparedRequest, Response

from contracts.reading import is_valid
from mockserver.contract.documents import Document
from mockserver.contract.openapi import ERROR, GATEWAY_CODES, GATEWAY_ERROR
from mockserver.contract.operation import SECTION_WIDE, SiteView
from mockserver.contract.validation import compile_schema

Row = tuple[int, str]
GATEWAY_ROWS = {(int(status), code) for status, code in GATEWAY_CODES.items()}
NO_OPERATION = (404, "APIGW.0101")
LEFT_BEHIND = {"CBC.99000050", "CBC.99004009", "CBC.99004010"}
"""Refusals that leave something by their documentation: the account whose association takes too long, the count of a
verification code's wrong tries."""


@dataclass(frozen=True)
class Answer:
    """An answer, the request that it is for, and whether the target's state changed in between."""

    request: PreparedRequest
    response: Response
    changed: bool

    @property
    def status(self) -> int:
        return self.response.status_code

    @cached_property
    def body(self) -> Any:
        """The JSON body; None without one, and for what is no JSON."""
        try:
            return json.loads(self.response.content) if self.response.content else None
        except ValueError:
            return None

    @property
    def row(self) -> Row:
        """Status and error code, which is empty where there is none."""
        code = self.body.get("error_code") if isinstance(self.body, dict) else None
        return self.status, str(code or "")


def complaints(view: SiteView | None, answer: Answer) -> Iterator[str]:
    """What is wrong with an answer to a signed call of an operation; None is a call that means no operation."""
    if not answer.response.headers.get("X-Request-Id"):
        yield "no X-Request-Id"
    if view is None:
        if answer.row != NO_OPERATION:
            yield f"a call that means no operation must be refused with {NO_OPERATION}"
        yield from _refusal_form(None, answer)
        return
    if not is_refused(view, answer):
        yield from _success(view, answer)
        return
    if answer.row not in documented(view):
        yield "an undocumented refusal"
    if answer.status in (401, 429):
        yield "a signed call below the limit must be let in"
    if answer.status >= 500 and answer.row[1] == _internal(view):
        yield "a failure inside the target"
    if answer.changed and answer.row[1] not in LEFT_BEHIND:
        yield "a refused call changed the state"
    yield from _refusal_form(view, answer)


def is_refused(view: SiteView, answer: Answer) -> bool:
    """Whether an answer is an error: a few old operations answer errors with status 200."""
    return answer.status != view.success_status or answer.row in documented(view)


def documented(view: SiteView) -> set[Row]:
    """Every status and code with which an operation refuses, the gateway's included."""
    rows = {(row.status, row.code) for row in view.errors if row.inside is None}
    causes = {(row.status, row.code) for cause in SECTION_WIDE if (row := view.row_for(cause))}
    return rows | causes | GATEWAY_ROWS


def refusals_of_a_parameter(view: SiteView) -> set[Row]:
    """The statuses and codes that say that the request itself is wrong."""
    row = view.row_for("parameter")
    assert row is not None, "the section-wide rows cover parameters"
    return {(row.status, row.code)}


def _internal(view: SiteView) -> str:
    row = view.row_for("internal")
    return row.code if row else ""


def _success(view: SiteView, answer: Answer) -> Iterator[str]:
    if not is_valid(view, answer.request):
        yield "an invalid request was accepted"
    if view.response_schema is None:
        if answer.response.content:
            yield "a body, where the document has none"
        return
    if view.answer_checker is not None:
        yield from (f"the body breaks its schema: {one}" for one in view.answer_checker.violations(answer.body))
    yield from (f"an undocumented field: {name}" for name in strangers(answer.body, view.response_schema))


def strangers(value: Any, schema: Document, path: str = "") -> Iterator[str]:
    """Fields of an answer that its schema does not have."""
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        for name, item in value.items():
            if name in properties:
                yield from strangers(item, properties[name], f"{path}{name}.")
            elif properties:
                yield f"{path}{name}"
    elif isinstance(value, list):
        for item in value:
            yield from strangers(item, schema.get("items", {}), path)


def _refusal_form(view: SiteView | None, answer: Answer) -> Iterator[str]:
    """The service's form with the operation's own fields, or the gateway's."""
    if not isinstance(answer.body, dict):
        yield "an error without a JSON body"
        return
    more = view.document.get("x-error-body", {}).get("properties", {}) if view else {}
    gateway = answer.row in GATEWAY_ROWS
    form = GATEWAY_ERROR if gateway else {**ERROR, "properties": {**ERROR["properties"], **more}}
    yield from (f"the error body breaks its form: {error.message}" for error in compile_schema(form).iter_errors(answer.body))
    yield from (f"an undocumented field: {name}" for name in strangers(answer.body, form))
    if gateway and answer.body.get("request_id") != answer.response.headers.get("X-Request-Id"):
        yield "request_id is not X-Request-Id"
