"""From a service's plain data, or from a refusal, to the bytes of the answer."""

from __future__ import annotations

import msgspec

from mockserver.contract.documents import ContractError
from mockserver.contract.writing import json_bytes
from mockserver.domain.call import Refusal
from mockserver.gateway.message import SERVICE_JSON, Exchange, GatewayRefusal, Response


def serialize(exchange: Exchange) -> None:
    """Write the answer as its schema says; a success without a body has none."""
    view = exchange.view
    if view.write is None:
        exchange.response = Response(view.success_status, b"", (("Content-Type", SERVICE_JSON),))
        return
    wire = view.write(exchange.answer or {})
    body = json_bytes(wire)
    if exchange.options.strict and view.answer_checker is not None:
        broken = view.answer_checker.violations(msgspec.json.decode(body))
        if broken:
            raise ContractError(f"{view.operation.id} answered against its schema: {'; '.join(map(str, broken))}")
    exchange.response = Response(view.success_status, body, (("Content-Type", SERVICE_JSON),))


def refusal_response(refusal: Refusal) -> Response:
    """The service's error form: error_code, error_msg, and the operation's own extra fields."""
    content = {"error_code": refusal.code, "error_msg": refusal.message, **refusal.body}
    return Response.json(refusal.status, content, SERVICE_JSON)


def gateway_response(refusal: GatewayRefusal, request_id: str) -> Response:
    """The gateway's error form, which carries the request id."""
    content = {"error_msg": refusal.message, "error_code": refusal.code, "request_id": request_id}
    return Response.json(refusal.status, content)
