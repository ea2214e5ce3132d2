"""Whether a refused call changed anything: watched for every call that any test makes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from mockserver.gateway.message import Exchange, Response, json_of
from mockserver.gateway.pipeline import Gateway
from tests.coverage_rows import codes_in

Pass = Callable[[Gateway, Exchange], Response]
LEFT_BEHIND = {
    "CBC.99000050": None,
    "CBC.99004009": {"verification_codes"},
    "CBC.99004010": {"verification_codes"},
}
"""What the documentation lets a refusal leave behind, by code: the account whose association is late (any table), and
the count of wrong tries of a verification code."""
NOT_STATE = {"faults"}
LARGEST_WATCHED = 1000
"""Customers; a crowd is not compared row by row."""


def watching(spoiled: list[str], original: Pass) -> Pass:
    """`Gateway._pass`, noting each refusal after which the sandbox is not what it was."""

    @wraps(original)
    def pass_and_compare(gateway: Gateway, exchange: Exchange) -> Response:
        sandbox = exchange.world
        if len(sandbox.customers) > LARGEST_WATCHED:
            return original(gateway, exchange)
        sandbox.tick(exchange.request.received_at)
        before = sandbox.state.dump()
        response = original(gateway, exchange)
        code = refusal_code(response)
        if code is not None:
            after = sandbox.state.dump()
            changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
            allowed = LEFT_BEHIND.get(code, set())
            if allowed is not None and changed - NOT_STATE - allowed:
                spoiled.append(f"{exchange.operation} refused with {code} and changed {', '.join(sorted(changed))}")
        return response

    return pass_and_compare


def refusal_code(response: Response) -> str | None:
    """The code of an error answer, also of one that arrives with HTTP 200; None for a success."""
    if not response.body:
        return None
    own = [code for code, inside in codes_in(json_of(response.body)) if inside is None and code != "CBC.0000"]
    return own[0] if own else None
