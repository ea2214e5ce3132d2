"""What a sandbox holds, and placing what the API itself cannot create."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from mockserver.contract.writing import json_bytes
from mockserver.control.api import ControlCall, ControlError, control
from mockserver.domain import forms, placing
from mockserver.domain.clock import instant_text
from mockserver.domain.sandbox import Sandbox
from mockserver.domain.settings import DEFAULTS
from mockserver.gateway.message import Response

HIDDEN = frozenset({"counters", "account_names", "credential_names", "settlements"})
"""Tables that only the emulator itself has a use for."""
SECRET = frozenset({"password", "sk", "text"})

Placer = Callable[[Sandbox, Any], Any]
_PLACERS: dict[str, Placer] = {}


def places(kind: str) -> Callable[[Placer], Placer]:
    """Register what `POST .../state/<kind>` does. It gets the sandbox and the body, runs in a transaction, and answers
    a row or plain data. Raises `FormError` for bad input."""

    def register(placer: Placer) -> Placer:
        _PLACERS[kind] = placer
        return placer

    return register


@control("GET", "/_mock/sandboxes/<sandbox>/state")
def list_kinds(call: ControlCall) -> Any:
    """The kinds that can be looked at, and those that can be placed."""
    return {"kinds": kinds(call.sandbox), "placed": sorted(_PLACERS)}


@control("GET", "/_mock/sandboxes/<sandbox>/state/<kind>")
def look(call: ControlCall) -> Any:
    """The rows of one kind, oldest first; any query name filters by that field's text."""
    sandbox, kind = call.sandbox, call.path["kind"]
    filters = {name: value for name, value in call.query.items() if name not in ("offset", "limit")}
    if kind == "settings":
        return {"kind": kind, "rows": [{name: sandbox.setting(name) for name in DEFAULTS}], "count": 1}
    if kind in HIDDEN or kind not in sandbox.state.names:
        raise ControlError(404, f"no kind {kind!r}; accepted: {', '.join(kinds(sandbox))}")
    with sandbox.lock:
        sandbox.tick(call.request.received_at)
        rows = [plain(row) for row in sandbox.state.table(kind)]
    matching = [row for row in rows if all(_text(row.get(name)) == value for name, value in filters.items())]
    offset, limit = call.number("offset", 0, 10**9), call.number("limit", 100, 10_000)
    return {"kind": kind, "rows": matching[offset : offset + limit], "count": len(matching)}


@control("POST", "/_mock/sandboxes/<sandbox>/state/<kind>")
def place(call: ControlCall) -> Any:
    """Place one thing; see the documentation of the kinds."""
    sandbox, kind = call.sandbox, call.path["kind"]
    placer = _PLACERS.get(kind)
    if placer is None:
        raise ControlError(404, f"{kind!r} cannot be placed; accepted: {', '.join(sorted(_PLACERS))}")
    with sandbox.lock:
        sandbox.tick(call.request.received_at)
        with sandbox.transaction():
            placed = placer(sandbox, call.object())
    return Response.json(201, plain(placed))


def kinds(sandbox: Sandbox) -> list[str]:
    return sorted({name for name in sandbox.state.names if name not in HIDDEN} | {"settings"})


def _text(value: Any) -> str:
    """A field as a query says it: a text as it is, anything else as in JSON."""
    return value if isinstance(value, str) else json_bytes(value).decode()


def plain(value: Any) -> Any:
    """A row as JSON data: amounts as text, times in UTC, secrets masked."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
        return {name: "***" if name in SECRET and item else plain(item) for name, item in fields.items()}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, Enum):
        return value.name
    return value.isoformat() if isinstance(value, date) else value


@places("partners")
def place_partner(sandbox: Sandbox, body: dict[str, Any]) -> Any:
    """Add a partner, or change one by its name."""
    return placing.place_partner(sandbox, forms.read_form(body, forms.PartnerForm))


@places("customers")
def place_customer(sandbox: Sandbox, body: dict[str, Any]) -> Any:
    """Add a customer, or change one by its name."""
    return placing.place_customer(sandbox, forms.read_form(body, forms.CustomerForm))


@places("users")
def place_user(sandbox: Sandbox, body: dict[str, Any]) -> Any:
    """Add a login to an account, or change one by its name. With `credential` its key appears under that name."""
    return placing.place_user(sandbox, forms.read_form(body, forms.UserForm))


@places("access_keys")
def place_access_key(sandbox: Sandbox, body: dict[str, Any]) -> Any:
    """Give a login a further AK/SK pair, for a customer that the API made, say; answers the whole credential."""
    key = placing.place_access_key(sandbox, forms.read_form(body, forms.AccessKeyForm))
    return sandbox.credential(key)


@places("settings")
def place_settings(sandbox: Sandbox, body: dict[str, Any]) -> Any:
    """Set knobs of the sandbox."""
    placing.place_settings(sandbox, body)
    return {name: sandbox.setting(name) for name in body}
