"""The last exchanges of a server, explained. A bounded ring of references; nothing is rendered until someone looks."""

from __future__ import annotations

import dataclasses
import threading
from collections import Counter, deque
from itertools import islice
from typing import Any

from mockserver.gateway.masking import MASK, SECRET_COLUMNS, mask, mask_canonical, mask_headers, mask_query
from mockserver.gateway.message import Exchange, json_of

SIZE = 1000
LARGEST_KEPT = 64 * 1024
"""Bytes of a request's body: larger ones are not kept, so that the ring stays small whatever is sent."""


class Journal:
    """Keeps the newest exchanges, and counts the calls of each operation since the start."""

    def __init__(self, size: int = SIZE) -> None:
        self._ring: deque[Exchange] = deque(maxlen=size)
        self._lock = threading.Lock()
        self.size = size
        self.calls: Counter[str] = Counter()
        """Calls by operation id. Clearing the journal does not reset them."""

    def add(self, exchange: Exchange) -> None:
        if len(exchange.request.body) > LARGEST_KEPT:
            exchange.note("journal", f"the body of {len(exchange.request.body)} bytes is not kept")
            exchange.request = dataclasses.replace(exchange.request, body=b"")
        with self._lock:
            self._ring.append(exchange)
            if exchange.operation is not None:
                self.calls[exchange.operation.id] += 1

    def clear(self, sandbox_id: str | None = None) -> None:
        with self._lock:
            kept = [] if sandbox_id is None else [one for one in self._ring if one.world.id != sandbox_id]
            self._ring.clear()
            self._ring.extend(kept)

    def find(self, request_id: str, sandbox_id: str | None = None) -> Exchange | None:
        """The newest exchange of that id; sandboxes of equal seed number their requests alike."""
        for exchange in self._newest_first():
            if exchange.id == request_id and sandbox_id in (None, exchange.world.id):
                return exchange
        return None

    def newest(self, limit: int, sandbox_id: str | None = None, operation: str | None = None) -> list[Exchange]:
        """The newest exchanges first."""
        found = (
            one
            for one in self._newest_first()
            if sandbox_id in (None, one.world.id)
            and (operation is None or (one.operation is not None and one.operation.id == operation))
        )
        return list(islice(found, limit))

    def _newest_first(self) -> list[Exchange]:
        with self._lock:
            return list(reversed(self._ring))


def summary(exchange: Exchange) -> dict[str, Any]:
    """One line of the journal."""
    response = exchange.response
    return {
        "id": exchange.id,
        "time": f"{exchange.request.received_at:%Y-%m-%dT%H:%M:%S.%fZ}",
        "sandbox": exchange.world.id,
        "operation": exchange.operation.id if exchange.operation else None,
        "method": exchange.request.method,
        "path": exchange.request.path,
        "status": response.status if response else None,
        "error_code": error_code(exchange),
        "milliseconds": round(exchange.milliseconds, 3),
        "unread": unread(exchange),
    }


def explain(exchange: Exchange) -> dict[str, Any]:
    """Everything there is to say about one exchange, secrets masked."""
    reading = exchange.reading
    view = exchange.view if exchange.operation else None
    return {
        **summary(exchange),
        "query": mask_query(exchange.request.query),
        "headers": mask_headers(exchange.request.headers),
        "body": mask(_json(exchange.request.body), view.body_schema if view else None),
        "answer": mask(
            _json(exchange.response.body if exchange.response else b""), view.response_schema if view else None
        ),
        "decisions": [{"step": step, "decision": text} for step, text in exchange.decisions],
        "canonical_request": mask_canonical(exchange.canonical_request),
        "violations": [
            {"field": one.field, "rule": one.rule, "schema": one.pointer}
            for one in (reading.violations if reading else ())
        ],
        "changes": [
            {"kind": change.table, "id": change.key, "change": _difference(change.before, change.after)}
            for change in exchange.changes
            if change.table != "counters"
        ],
    }


def unread(exchange: Exchange) -> list[str]:
    """Fields that were sent and that nothing read: unknown to the contract, or ignored by the service."""
    if exchange.reading is None:
        return []
    names = list(exchange.reading.unknown)
    call = exchange.call
    if call is not None and exchange.response is not None and exchange.response.status < 300:
        sent = exchange.request.query_pairs()
        names += [name for name in call.parameters if name not in call.parameters.read and name in dict(sent)]
        body = _json(exchange.request.body)
        names += [name for name in call.body if name not in call.body.read and isinstance(body, dict) and name in body]
    return names


def error_code(exchange: Exchange) -> str | None:
    body = _json(exchange.response.body) if exchange.response else None
    return body.get("error_code") if isinstance(body, dict) else None


def _json(body: bytes) -> Any:
    try:
        return json_of(body) if body else None
    except ValueError:
        # What the text of an unreadable body hides cannot be told, so none of it is shown.
        return {"unreadable": f"{len(body)} bytes"}


def _difference(before: Any, after: Any) -> dict[str, Any]:
    """The fields that changed, old and new."""
    old, new = _fields(before), _fields(after)
    return {
        name: MASK if name in SECRET_COLUMNS else mask([old.get(name), new.get(name)])
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    }


def _fields(row: Any) -> dict[str, Any]:
    if row is None:
        return {}
    if not dataclasses.is_dataclass(row) or isinstance(row, type):
        return {"value": row}
    return {one.name: getattr(row, one.name) for one in dataclasses.fields(row)}
