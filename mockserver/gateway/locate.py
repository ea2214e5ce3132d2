"""Which sandbox a call belongs to: the one whose number its credential carries, else the default one."""

from __future__ import annotations

from mockserver.gateway.message import Exchange
from mockserver.gateway.signature import claimed_access_key


def locate(exchange: Exchange) -> None:
    """Choose by what the credential claims to be; whether it is genuine is for `authenticate` to find out."""
    token = exchange.request.header("x-auth-token")
    if token:
        found = exchange.universe.of_token(token)
    else:
        ak = claimed_access_key(exchange.request.header("authorization"))
        found = exchange.universe.of_access_key(ak) if ak else None
    exchange.sandbox = found or exchange.universe.default
    exchange.note("sandbox", exchange.sandbox.id)
