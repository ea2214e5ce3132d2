"""The journal: the newest requests, and the explanation of each."""

from __future__ import annotations

from typing import Any

from mockserver.control.api import ControlCall, ControlError, control
from mockserver.control.state import plain
from mockserver.gateway.journal import explain, summary

_USUAL = 100


@control("GET", "/_mock/requests")
def list_requests(call: ControlCall) -> Any:
    """The newest requests first: of a `sandbox`, of an `operation`, at most `limit`."""
    journal, filters = call.gateway.journal, call.filters("sandbox", "operation", "limit")
    operation = filters.get("operation")
    if operation is not None and operation not in call.gateway.contract.operations:
        raise ControlError(400, f"no operation {operation!r}")
    limit = call.number("limit", _USUAL, journal.size)
    return {"requests": [summary(one) for one in journal.newest(limit, _sandbox_id(call), operation)]}


@control("GET", "/_mock/requests/<id>")
def explain_request(call: ControlCall) -> Any:
    """Everything about one request, by the `X-Request-Id` of its answer. Sandboxes of equal seed number their requests
    alike: without `sandbox` the newest one counts."""
    call.filters("sandbox")
    journal, request_id = call.gateway.journal, call.path["id"]
    exchange = journal.find(request_id, _sandbox_id(call))
    if exchange is None:
        raise ControlError(404, f"no request {request_id!r} among the last {journal.size}")
    return plain(explain(exchange))


@control("DELETE", "/_mock/requests")
def forget_requests(call: ControlCall) -> Any:
    """Empty the journal, or what it holds of one `sandbox`."""
    call.filters("sandbox")
    call.gateway.journal.clear(_sandbox_id(call))


def _sandbox_id(call: ControlCall) -> str | None:
    wanted = call.query.get("sandbox")
    if wanted is not None and call.gateway.universe.get(wanted) is None:
        raise ControlError(404, f"no sandbox {wanted!r}")
    return wanted
