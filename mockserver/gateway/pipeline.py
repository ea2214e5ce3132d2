"""The way of a call. The order of the steps is the order in which errors win, and it is stated here only."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace

from mockserver.contract.registry import Contract
from mockserver.domain.call import Refusal
from mockserver.domain.ids import digest
from mockserver.domain.universe import Universe
from mockserver.gateway.authenticate import authenticate
from mockserver.gateway.authorize import authorize
from mockserver.gateway.faults import inject_fault
from mockserver.gateway.journal import Journal
from mockserver.gateway.locate import locate
from mockserver.gateway.message import Exchange, GatewayRefusal, Options, Request, Response
from mockserver.gateway.perform import perform
from mockserver.gateway.route import route
from mockserver.gateway.serialize import gateway_response, refusal_response, serialize
from mockserver.gateway.throttle import Throttle
from mockserver.gateway.validate import validate

Step = Callable[[Exchange], None]
_log = logging.getLogger("mockserver")


class Gateway:
    """Takes requests to operations and gives their answers, for every sandbox of a universe."""

    def __init__(self, contract: Contract, universe: Universe, options: Options | None = None) -> None:
        self.contract = contract
        self.universe = universe
        self.options = options or Options()
        self.journal = Journal()
        self.steps: tuple[Step, ...] = (
            route,
            authenticate,
            Throttle(),
            inject_fault,
            authorize,
            validate,
            perform,
            serialize,
        )

    def handle(self, request: Request) -> Response:
        """Answer one request. Never raises: what goes wrong inside is a documented 500, and is logged."""
        started = time.perf_counter()
        exchange = Exchange(request, self.contract, self.universe, self.options)
        locate(exchange)
        with exchange.world.lock:
            sandbox = exchange.world
            sandbox.calls += 1
            exchange.id = digest(sandbox.seed, "request", sandbox.calls, size=16)
            response = self._pass(exchange)
        exchange.response = _with_headers(response, exchange.id)
        exchange.milliseconds = (time.perf_counter() - started) * 1000
        self.journal.add(exchange)
        return exchange.response

    def _pass(self, exchange: Exchange) -> Response:
        try:
            exchange.world.tick(exchange.request.received_at)
            for step in self.steps:
                step(exchange)
            assert exchange.response is not None, "serialize is the last step"
            return exchange.response
        except Refusal as refusal:
            exchange.note("refused", f"{refusal.code} {refusal.reason}")
            return refusal_response(refusal)
        except GatewayRefusal as refusal:
            exchange.note("refused", f"{refusal.code} {refusal.reason}")
            return gateway_response(refusal, exchange.id)
        except Exception as error:
            return self._internal(exchange, error)

    def _internal(self, exchange: Exchange, error: Exception) -> Response:
        """Our own mistake, in the vendor's shape for it."""
        _log.error("request %s failed inside the emulator", exchange.id, exc_info=error)
        exchange.note("internal", f"{type(error).__name__}: {error}")
        row = exchange.view.row_for("internal") if exchange.operation else None
        if row is None:
            return gateway_response(GatewayRefusal(500, "APIGW.0601", self.contract.message("APIGW.0601")), exchange.id)
        return refusal_response(Refusal(row.status, row.code, exchange.message(row.code)))


def _with_headers(response: Response, request_id: str) -> Response:
    return replace(response, headers=(*response.headers, ("X-Request-Id", request_id), ("Server", "api-gateway")))
