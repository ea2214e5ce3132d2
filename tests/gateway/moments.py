"""Calls received at a chosen moment: in process, since only the edge reads the real time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from mockserver.app import Server
from tests.driver import Caller, in_process

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def calling_at(
    server: Server, caller: Caller, received: datetime, *, signed: datetime | None = None, source: str = "127.0.0.1"
) -> Caller:
    """The caller, signing at one moment and received at another, from an address."""
    date = f"{signed or received:%Y%m%dT%H%M%SZ}"
    return replace(caller, transport=in_process(server, received, source), date=date)
