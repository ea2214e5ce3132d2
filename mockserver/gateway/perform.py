"""Running the service, all or nothing."""

from __future__ import annotations

from mockserver.domain.call import Refusal
from mockserver.gateway.message import Exchange
from mockserver.services import SERVICES
from mockserver.services.generated import generated_answer


def perform(exchange: Exchange) -> None:
    """Call the operation's service in a transaction: a refusal takes everything back, except where the
    documentation says that something remains."""
    call = exchange.call
    assert call is not None, "validate comes first"
    service = SERVICES.get(call.operation.id, generated_answer)
    kept: Refusal | None = None
    with exchange.world.transaction() as changes:
        try:
            exchange.answer = service(call)
        except Refusal as refusal:
            if not refusal.remains:
                raise
            kept = refusal
    exchange.changes = changes
    for text in call.notes:
        exchange.note(service.__name__, text)
    if kept is not None:
        raise kept
