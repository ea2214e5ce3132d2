"""What this server is and what it serves: its health, its operations, the contract as OpenAPI."""

from __future__ import annotations

from typing import Any

from mockserver import __version__
from mockserver.contract.documents import SITES
from mockserver.contract.openapi import export
from mockserver.contract.operation import Operation
from mockserver.contract.registry import Contract
from mockserver.control.api import ControlCall, ControlError, control
from mockserver.services import SERVICES

STATUSES = ("current", "retiring", "removed")
_TRUTH = {"true": True, "false": False}


@control("GET", "/_mock/health")
def show_health(call: ControlCall) -> Any:
    """Whether the server is up, since how many seconds, and how much it has loaded."""
    return {
        "status": "ok",
        "version": __version__,
        "uptime": round((call.request.received_at - call.started).total_seconds(), 3),
        "operations": len(call.gateway.contract),
        "stateful": sum(is_stateful(operation) for operation in call.gateway.contract),
        "sandboxes": sum(1 for _ in call.gateway.universe),
    }


@control("GET", "/_mock/operations")
def list_operations(call: ControlCall) -> Any:
    """Every operation, or those of an `area`, a `site`, a `status`, or `stateful` ones; each with its calls so far."""
    contract, filters = call.gateway.contract, call.filters("area", "site", "status", "stateful")
    accepted = {"area": areas(contract), "site": SITES, "status": STATUSES, "stateful": tuple(_TRUTH)}
    for name, value in filters.items():
        if value not in accepted[name]:
            raise ControlError(400, f"{name}={value!r} is not accepted; accepted: {', '.join(accepted[name])}")
    stateful = _TRUTH.get(filters.get("stateful", ""))
    found = selected(contract, filters.get("area"), filters.get("site"), filters.get("status"), stateful)
    rows = [{**described(one), "exercised": call.gateway.journal.calls[one.id]} for one in found]
    return {"operations": rows, "count": len(rows)}


@control("GET", "/openapi.json")
def show_openapi(call: ControlCall) -> Any:
    """The contract as an OpenAPI document, of both sites or of one `site`."""
    host = call.request.header("host")
    return export(call.gateway.contract, call.filters("site").get("site"), f"http://{host or '127.0.0.1'}")


def is_stateful(operation: Operation) -> bool:
    """Whether the operation has a service of its own; the others answer what their schema allows and keep nothing."""
    return operation.id in SERVICES


def areas(contract: Contract) -> list[str]:
    return sorted({operation.area for operation in contract})


def selected(
    contract: Contract,
    area: str | None = None,
    site: str | None = None,
    status: str | None = None,
    stateful: bool | None = None,
) -> list[Operation]:
    """The operations that have all that is asked for, by area and id."""
    found = [
        operation
        for operation in contract
        if area in (None, operation.area)
        and (site is None or site in operation.sites)
        and status in (None, operation.status)
        and stateful in (None, is_stateful(operation))
    ]
    return sorted(found, key=lambda operation: (operation.area, operation.id))


def described(operation: Operation) -> dict[str, Any]:
    """An operation in a few words."""
    rows = operation.document["x-errors"]
    return {
        "id": operation.id,
        "area": operation.area,
        "summary": operation.document["summary"],
        "method": operation.method,
        "path": operation.path,
        "site": list(operation.sites),
        "status": operation.status,
        "stateful": is_stateful(operation),
        "errors": [{name: row[name] for name in ("status", "code", "in", "site") if name in row} for row in rows],
    }
