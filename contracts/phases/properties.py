"""The properties that the documents state: paging, filters, ranges, bounds, values that say nothing, permissions,
languages, money."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.events import Event
from contracts.phases.registry import phase
from contracts.phases.running import Run
from mockserver.contract.operation import Operation


@phase("properties")
def properties(run: Run, operation: Operation) -> Iterator[Event]:
    """Look at all properties of an operation."""
    # Properties send as phases do, so they can only be imported when these are there.
    import contracts.properties  # noqa: F401  (registration)
    from contracts.properties.checking import checked

    yield from checked(run)
