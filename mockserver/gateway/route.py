"""Which operation a call means."""

from __future__ import annotations

from mockserver.gateway.message import Exchange, GatewayRefusal


def route(exchange: Exchange) -> None:
    """Match method and path against the operations of the sandbox's site. Unknown: 404 APIGW.0101 (rules/general).

    Repeated slashes are one, as gateways treat them; a trailing slash makes another path.
    """
    request = exchange.request
    path = request.path
    while "//" in path:
        path = path.replace("//", "/")
    match = exchange.contract.match(request.method, path, exchange.world.site, exchange.options.removed)
    if match is None:
        raise GatewayRefusal(
            404,
            "APIGW.0101",
            exchange.contract.message("APIGW.0101"),
            f"no operation {request.method} {path} on site {exchange.world.site}",
        )
    exchange.operation, exchange.variables = match.operation, match.variables
    exchange.note("route", f"{match.operation.id} ({match.operation.area})")
