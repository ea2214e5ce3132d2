"""What must be true of every answer to a signed call, whoever gives it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
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
NOT_LET_IN = (401, 429)
LEAVE_SOMETHING = ("CBC.99000050", "CBC.99004009", "CBC.99004010")
"""Refusals that by their documentation leave something behind: a customer whose association takes too long, the count
of wrong tries of a verification code."""


@dataclass(frozen=True)
class Answer:
    """An answer, the request that it is for, and whether the target's state changed in between."""

    request: PreparedRequest
    response: Response
    changed: bool = False

    @cached_property
    def body(self) -> Any:
        """The JSON body; None without one, and for what is no JSON."""
        try:
            return json.loads(self.response.content) if self.response.content else None
        except ValueError:
            return None

    @cached_property
    def row(self) -> Row:
        """Status and error code; the code is empty where there is none."""
        code = self.body.get("error_code") if isinstance(self.body, dict) else None
        return self.response.status_code, str(code or "")


def complaints(view: SiteView | None, answer: Answer) -> Iterator[str]:
    """What is wrong with the answer to a call of an operation; None for a call that means no operation."""
    if not answer.response.headers.get("X-Request-Id"):
        yield "no X-Request-Id"
    if view is not None and not is_refusal(view, answer):
        yield from _of_success(view, answer)
        return
    yield from _of_refusal(answer, _documented(view), view)
    yield from _of_error_form(answer, view.document.get("x-error-body", {}) if view else {})


def invalid_row(view: SiteView) -> Row:
    """What a parameter that is wrong is answered, where its field has no code of its own."""
    row = view.row_for("parameter")
    assert row is not None, "the section-wide rows cover parameters"
    return row.status, row.code


def is_refused_as_invalid(view: SiteView, answer: Answer) -> bool:
    """Whether the operation answers that the request itself is wrong, in general or in a field with a code of its
    own."""
    return answer.row in _rows_of_invalid_requests(view)


@cache
def _rows_of_invalid_requests(view: SiteView) -> set[Row]:
    schemas = (view.body_schema, *(one["schema"] for one in view.parameters))
    own = {code for schema in schemas for code in _own_codes(schema)}
    return {invalid_row(view)} | {row for row in _documented(view) if row[1] in own}


def is_refusal(view: SiteView, answer: Answer) -> bool:
    """Whether an answer is none of a success. A few old operations answer errors with the status of one."""
    return answer.response.status_code != view.success_status or answer.row in _documented(view)


@cache
def _documented(view: SiteView | None) -> set[Row]:
    """Every status and code that an operation refuses with; without operation there is one."""
    if view is None:
        return {NO_OPERATION}
    rows = {(row.status, row.code) for row in view.errors if row.inside is None}
    section_wide = {(row.status, row.code) for cause in SECTION_WIDE if (row := view.row_for(cause))}
    return rows | section_wide | GATEWAY_ROWS


def _own_codes(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("x-code"), str):
            yield schema["x-code"]
        for part in schema.values():
            yield from _own_codes(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _own_codes(part)


def _of_success(view: SiteView, answer: Answer) -> Iterator[str]:
    if not is_valid(view, answer.request):
        yield "an invalid request was accepted"
    if view.response_schema is None:
        if answer.response.content:
            yield "a body, where the document has none"
        return
    assert view.answer_checker is not None
    yield from (f"the body breaks its schema: {one}" for one in view.answer_checker.violations(answer.body))
    yield from (f"an undocumented field: {name}" for name in _strangers(answer.body, view.response_schema))
    parts = {(row.inside, row.code) for row in view.errors if row.inside is not None}
    yield from (f"an undocumented {code} in {name}" for name, code in _partial_failures(answer.body) - parts)


def _partial_failures(body: Any) -> set[tuple[str, str]]:
    """The codes in the lists of a success, each with the name of its list."""
    fields = body.items() if isinstance(body, dict) else ()
    entries = [(name, entry) for name, value in fields if isinstance(value, list) for entry in value]
    return {(name, one["error_code"]) for name, one in entries if isinstance(one, dict) and one.get("error_code")}


def _of_refusal(answer: Answer, documented: set[Row], view: SiteView | None) -> Iterator[str]:
    status, code = answer.row
    if answer.row not in documented:
        yield "an undocumented refusal"
    if status in NOT_LET_IN:
        yield "a signed call was not let in"
    if answer.changed and code not in LEAVE_SOMETHING:
        yield "a refused call changed something"
    if view is None:
        return
    internal = view.row_for("internal")
    if internal is not None and answer.row == (internal.status, internal.code):
        yield "a failure inside the target"
    if not is_valid(view, answer.request) and not is_refused_as_invalid(view, answer):
        yield "an invalid request was refused for another reason"


def _of_error_form(answer: Answer, more: Document) -> Iterator[str]:
    """The gateway's form, or the service's with the operation's own fields."""
    form = GATEWAY_ERROR
    if answer.row not in GATEWAY_ROWS:
        form = {**ERROR, "properties": {**ERROR["properties"], **more.get("properties", {})}}
    elif isinstance(answer.body, dict) and answer.body.get("request_id") != answer.response.headers.get("X-Request-Id"):
        yield "request_id is not that of the header"
    yield from (
        f"the error breaks its form: {error.message}" for error in compile_schema(form).iter_errors(answer.body)
    )
    yield from (f"an undocumented field: {name}" for name in _strangers(answer.body, form))
    yield from _of_fields_of_codes(answer, more)


def _of_fields_of_codes(answer: Answer, more: Document) -> Iterator[str]:
    """Fields that come with some codes, and only with them."""
    for name, schema in more.get("properties", {}).items():
        if codes := schema.get("x-with-codes"):
            comes = isinstance(answer.body, dict) and name in answer.body
            if comes != (answer.row[1] in codes):
                missing = "is missing" if not comes else "comes with another one"
                yield f"a field that comes with a code {missing}: {name}"


def _strangers(value: Any, schema: Document, path: str = "") -> Iterator[str]:
    """Fields that a schema does not have, where it names any."""
    if isinstance(value, list):
        for item in value:
            yield from _strangers(item, schema.get("items", {}), path)
    if not isinstance(value, dict) or "properties" not in schema:
        return
    for name, item in value.items():
        if name in schema["properties"]:
            yield from _strangers(item, schema["properties"][name], f"{path}{name}.")
        else:
            yield f"{path}{name}"
