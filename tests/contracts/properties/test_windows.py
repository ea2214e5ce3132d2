"""Ranges with wrong ends are found."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from requests import Response

from contracts.properties.selecting import moved
from mockserver.app import Server
from tests.contracts.properties.planted import Fields, Planted, kinds_found

CUSTOMERS, RECORDS = "ListSubCustomers", "ListPartnerAccountChangeRecords"
ROWS = {"records": [], "total_count": 0, "currency": "CNY"}


def shifted(name: str, step: int) -> Callable[[Fields], object]:
    return lambda fields: fields.update({name: moved(fields[name], step)}) if name in fields else None


def turned(fields: Fields) -> None:
    names = ("trade_time_begin", "trade_time_end")
    if all(name in fields for name in names):
        fields.update(zip(names, sorted(fields[name] for name in names), strict=True))


@pytest.mark.parametrize(
    ("operation", "asked", "complaint"),
    [
        (CUSTOMERS, shifted("associated_on_begin", -1), "a row does not match a filter"),
        (CUSTOMERS, shifted("associated_on_begin", 1), "a filter loses a row that matches"),
        (CUSTOMERS, shifted("associated_on_end", 1), "a row does not match a filter"),
        (RECORDS, shifted("trade_time_end", -1), "a filter loses a row that matches"),
        (RECORDS, turned, "a range that ends before it begins is not answered as empty"),
    ],
)  # fmt: skip
def test_a_wrong_end_is_found(
    server: Server, operation: str, asked: Callable[[Fields], object], complaint: str
) -> None:
    planted = Planted(server, operation, asked=asked)
    assert complaint in kinds_found(planted, server.contract, operation, "windows")


def taking_any_length(response: Response) -> None:
    if response.status_code == 400:
        response.status_code, response._content = 200, json.dumps(ROWS).encode()


def test_a_range_too_long_that_is_taken_is_found(server: Server) -> None:
    planted = Planted(server, RECORDS, answered=taking_any_length)
    complaint = "a range that is too long is not refused as documented"
    assert complaint in kinds_found(planted, server.contract, RECORDS, "windows")
