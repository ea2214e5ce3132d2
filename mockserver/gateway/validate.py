"""Reading and validating what a call says."""

from __future__ import annotations

from typing import Any

from mockserver.contract.operation import SiteView
from mockserver.domain.call import Call, Refusal, SentFields
from mockserver.gateway.message import Exchange, json_of

LARGEST_BODY = 12 * 1024 * 1024
"""Bytes; the gateway refuses more (devg-apisign/api-sign-errorcode)."""


def validate(exchange: Exchange) -> None:
    """Turn the request into a `Call`, or refuse it with the operation's code for a bad parameter.

    The first broken rule, in the order of the document's fields, decides the code; the journal has them all.
    """
    view = exchange.view
    body = _body(exchange, view)
    sent: dict[str, dict[str, list[str]]] = {
        "path": {name: [value] for name, value in exchange.variables.items()},
        "query": {},
        "header": {name: [value] for name, value in exchange.request.headers.items()},
    }
    for name, value in exchange.request.query_pairs():
        sent["query"].setdefault(name, []).append(value)
    reading = exchange.reading = view.read(sent, body)
    if reading.violations:
        first = reading.violations[0]
        named = f" ({'; '.join(map(str, reading.violations))})"
        raise _refusal(exchange, view, first.code, first.field or "body", named.strip(" ()"))
    for name in view.ignored(exchange.caller.kind):
        if reading.parameters.pop(name, None) or reading.body.pop(name, None):
            exchange.note("ignored", f"{name}: not for a {exchange.caller.kind}")
    exchange.note("validate", ", ".join([*reading.parameters, *reading.body]) or "nothing to validate")
    exchange.call = Call(
        exchange.contract,
        view,
        exchange.world,
        exchange.caller,
        SentFields(reading.parameters),
        SentFields(reading.body),
        exchange.world.now,
        exchange.language,
    )


def _body(exchange: Exchange, view: SiteView) -> Any:
    """The decoded body. An operation that documents one must get JSON, `{}` at the least (bpconsole_apifaq)."""
    if view.body_schema is None:
        return None
    request = exchange.request
    if not request.body and "default" in view.body_schema:
        return view.body_schema["default"]
    if len(request.body) > LARGEST_BODY:
        raise _refusal(exchange, view, None, "body", "more than 12 MB")
    kind = request.header("content-type").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise _refusal(exchange, view, None, "Content-Type", f"Content-Type {kind or 'absent'}, not application/json")
    if not request.body.strip():
        raise _refusal(exchange, view, None, "body", "no body; {} must be sent where all fields are optional")
    try:
        return json_of(request.body)
    except ValueError as error:
        raise _refusal(exchange, view, None, "body", f"not JSON: {error}") from None


def _refusal(exchange: Exchange, view: SiteView, code: str | None, field: str, reason: str) -> Refusal:
    """The operation's answer to a bad parameter; the message names the parameter, as the service's does."""
    row = view.row(code) if code else None
    if row is not None:
        return Refusal(row.status, row.code, exchange.message(row.code), reason)
    row = view.row_for("parameter")
    assert row is not None, "the section-wide rows cover parameters"
    message = exchange.message(row.code).rstrip(".。")
    return Refusal(row.status, row.code, f"{message}: {field}.", reason)
