"""How often an operation may be called: a window of its documented length for each account and source address."""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime

from mockserver.gateway.message import Exchange, GatewayRefusal


class Throttle:
    """Counts calls by real time, as the vendor's gateway does, whatever the sandbox's clock says."""

    def __init__(self) -> None:
        self._recent: dict[tuple[str, str, str], deque[datetime]] = {}
        self._lock = threading.Lock()

    def __call__(self, exchange: Exchange) -> None:
        """Refuse with 429 APIGW.0308 beyond the limit, if the server was told to enforce limits."""
        if not exchange.options.throttle or exchange.operation is None:
            return
        limit = exchange.operation.rate_limit
        who = (f"user {exchange.caller.account_id}", f"source {exchange.request.source}")
        for one in who:
            if not self._admits((exchange.world.id, exchange.operation.id, one), limit, exchange.request.received_at):
                message = exchange.contract.message("APIGW.0308", limit=limit["calls"])
                raise GatewayRefusal(
                    429, "APIGW.0308", message, f"{one}: more than {limit['calls']} in {limit['seconds']} s"
                )

    def _admits(self, key: tuple[str, str, str], limit: dict[str, int], now: datetime) -> bool:
        with self._lock:
            calls = self._recent.setdefault(key, deque())
            while calls and (now - calls[0]).total_seconds() >= limit["seconds"]:
                calls.popleft()
            if len(calls) >= limit["calls"]:
                return False
            calls.append(now)
            return True
