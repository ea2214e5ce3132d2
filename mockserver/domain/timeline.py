"""What is going to happen in a sandbox, and the order in which it happens when time passes."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mockserver.domain.ids import Ids
from mockserver.domain.table import State, Table


@dataclass(frozen=True, slots=True)
class Event:
    """Something that falls due. `kind` names the handler, `data` is what the handler needs."""

    id: str
    due: datetime
    kind: str
    data: dict[str, Any] = field(default_factory=dict)


Handler = Callable[[Any, Event], None]
_handlers: dict[str, Handler] = {}


def on_due(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that carries out events of `kind`; it gets the sandbox and the event."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


class Timeline:
    """Pending events, run in the order of their time and, at one time, of their planning."""

    def __init__(self, state: State, ids: Ids) -> None:
        self._state = state
        self._ids = ids
        self._events: Table[Event] = state.table("events")
        self._queue: list[tuple[datetime, str]] = []
        self._seen_version = -1

    def plan(self, due: datetime, kind: str, **data: Any) -> Event:
        event = Event(f"{self._ids.count('event'):010d}", due, kind, data)
        self._events.put(event.id, event)
        heapq.heappush(self._queue, (due, event.id))
        return event

    def cancel(self, event_id: str) -> None:
        if event_id in self._events:
            self._events.remove(event_id)

    def next_due(self, moment: datetime) -> Event | None:
        """The first event that is due by `moment`; events planned meanwhile take their place in the order."""
        if self._seen_version != self._state.version:
            self._queue = sorted((event.due, event.id) for event in self._events)
            self._seen_version = self._state.version
        while self._queue:
            due, event_id = self._queue[0]
            if due > moment:
                return None
            event = self._events.get(event_id)
            if event is not None:
                return event
            heapq.heappop(self._queue)
        return None

    def carry_out(self, sandbox: Any, event: Event) -> None:
        """Take the event off the list and run its handler."""
        self._events.remove(event.id)
        _handlers[event.kind](sandbox, event)
