"""Which documented error rows the emulator answered while the tests ran, and which it did not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mockserver.contract.registry import Contract
from mockserver.gateway.journal import Journal
from mockserver.gateway.message import Exchange, json_of
from mockserver.services import SERVICES

Row = tuple[str, str, int, str, str | None]
"""Operation, site, status, code, and the list of a success answer that the code stood in."""
Answered = set[Row]
_CODES = ("error_code", "errorCode")


def noting(answered: Answered, add: Callable[[Journal, Exchange], None]) -> Callable[[Journal, Exchange], None]:
    """`Journal.add`, noting the rows of each exchange on the way."""

    def add_and_note(journal: Journal, exchange: Exchange) -> None:
        answered.update(rows_of(exchange))
        add(journal, exchange)

    return add_and_note


def rows_of(exchange: Exchange) -> Iterator[Row]:
    """The rows that an answer shows: its own code, and those inside the lists of a success."""
    if exchange.operation is None or exchange.response is None or not exchange.response.body:
        return
    for code, inside in codes_in(json_of(exchange.response.body)):
        yield exchange.operation.id, exchange.world.site, exchange.response.status, code, inside


def codes_in(body: Any, inside: str | None = None) -> Iterator[tuple[str, str | None]]:
    if not isinstance(body, dict):
        return
    yield from ((body[name], inside) for name in _CODES if body.get(name))
    for name, value in body.items():
        for item in value if isinstance(value, list) else ():
            yield from codes_in(item, name)


def missing_rows(contract: Contract, answered: Answered) -> list[Row]:
    """Every documented row of an operation with a service, on each of its sites, that was never answered."""
    documented = [
        (operation.id, site, row.status, row.code, row.inside)
        for operation in contract
        if operation.id in SERVICES
        for site in operation.sites
        for row in operation.on(site).errors
    ]
    return [row for row in documented if row not in answered]
