"""Faults placed on purpose: the next calls of an operation fail the way the vendor's would."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mockserver.domain.call import Refusal
from mockserver.gateway.message import Exchange


@dataclass(frozen=True, slots=True)
class Fault:
    """Which calls fail (`operation`, the next `times`, or without number all) and with which documented code."""

    operation: str
    code: str
    times: int | None = None
    hits: int = 0


def inject_fault(exchange: Exchange) -> None:
    """Answer the code that a fault names for this operation. The count of hits outlives the refusal."""
    assert exchange.operation is not None
    for key, fault in list(zip(exchange.world.faults.keys(), exchange.world.faults, strict=True)):
        if fault.operation != exchange.operation.id or (fault.times is not None and fault.hits >= fault.times):
            continue
        row = exchange.view.row(fault.code)
        if row is None:
            continue
        with exchange.world.transaction():
            exchange.world.faults.put(key, replace(fault, hits=fault.hits + 1))
        raise Refusal(row.status, row.code, exchange.message(row.code), "a fault placed by the control API")
