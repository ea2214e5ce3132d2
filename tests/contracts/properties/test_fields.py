"""Bounds, defaults and values that say nothing: where they are not kept, it is found."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from requests import Response

from mockserver.app import Server
from tests.contracts.properties.planted import Fields, Planted, kinds_found

CUSTOMERS, RECORDS = "ListSubCustomers", "ListCustomerAccountChangeRecords"
BEYOND = "a value beyond its bound is not refused as documented"


def capped(fields: Fields) -> None:
    fields["limit"] = min(int(fields.get("limit", 10)), 100)


def lower(fields: Fields) -> None:
    fields["limit"] = int(fields.get("limit", 10)) + 1


def another_default(fields: Fields) -> None:
    fields.setdefault("limit", 2)


def cut(fields: Fields) -> None:
    fields["label"] = fields.get("label", "")[:64]


def another_code(response: Response) -> None:
    if response.status_code == 400:
        response._content = json.dumps({"error_code": "CBC.0101", "error_msg": "Invalid."}).encode()


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        (capped, BEYOND),
        (cut, BEYOND),
        (lower, "a value at its bound is refused"),
        (another_default, "without a field its default is not in force"),
    ],
)  # fmt: skip
def test_a_wrong_bound_is_found(server: Server, asked: Callable[[Fields], object], complaint: str) -> None:
    planted = Planted(server, CUSTOMERS, asked=asked)
    assert complaint in kinds_found(planted, server.contract, CUSTOMERS, "bounds")


def test_another_code_than_the_documented_one_is_found(server: Server) -> None:
    planted = Planted(server, CUSTOMERS, answered=another_code)
    assert BEYOND in kinds_found(planted, server.contract, CUSTOMERS, "bounds")


def absent_if(name: str, *values: object) -> Callable[[Fields], object]:
    return lambda fields: fields.pop(name) if fields.get(name, ...) in values else None


def refusing(name: str, value: object) -> Callable[[Fields], object]:
    return lambda fields: fields.update(limit="many") if fields.get(name, ...) == value else None


@pytest.mark.parametrize(
    ("operation", "asked", "complaint"),
    [
        (CUSTOMERS, absent_if("associated_on_begin", ""), "a value that says nothing is not refused as documented"),
        (RECORDS, absent_if("revenue_expense_type", ""), "a value that says nothing is not refused as documented"),
        (CUSTOMERS, refusing("label", ""), "a value that says nothing does not count as absent"),
        (RECORDS, absent_if("trade_id", "null"), "a value that says nothing is not kept as a value"),
    ],
)  # fmt: skip
def test_a_wrong_meaning_of_nothing_is_found(
    server: Server, operation: str, asked: Callable[[Fields], object], complaint: str
) -> None:
    planted = Planted(server, operation, asked=asked)
    assert complaint in kinds_found(planted, server.contract, operation, "nullish")
