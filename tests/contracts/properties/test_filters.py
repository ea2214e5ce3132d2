"""Filters that do not filter are found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mockserver.app import Server
from tests.contracts.properties.planted import Fields, Planted, kinds_found, look

CUSTOMERS, COUPONS, ORDERS = "ListSubCustomers", "ListIssuedPartnerCoupons", "ListCustomerOrders"
MATCHES_NOT, LOST = "a row does not match a filter", "a filter loses a row that matches"


def without(name: str) -> Callable[[Fields], object]:
    return lambda fields: fields.pop(name, None)


def with_another(name: str, change: Callable[[str], str]) -> Callable[[Fields], object]:
    return lambda fields: fields.update({name: change(fields[name])}) if name in fields else None


@pytest.mark.parametrize(
    ("operation", "asked", "complaint"),
    [
        (CUSTOMERS, without("label"), MATCHES_NOT),
        (CUSTOMERS, without("association_type"), MATCHES_NOT),
        (CUSTOMERS, with_another("label", str.lower), LOST),
        (CUSTOMERS, with_another("account_name", lambda text: text + "_"), LOST),
        (COUPONS, without("status"), MATCHES_NOT),
        (COUPONS, without("order_id"), MATCHES_NOT),
        (ORDERS, without("order_type"), MATCHES_NOT),
        ("ListServiceTypes", without("service_type_name"), MATCHES_NOT),
        ("ListResourceSpecs", without("filters"), MATCHES_NOT),
        ("ListQuotaCoupons", without("quota_type"), MATCHES_NOT),
        ("ListStoredValueCards", lambda fields: fields.update(status="1"), MATCHES_NOT),
    ],
)  # fmt: skip
def test_a_filter_that_selects_otherwise_is_found(
    server: Server, operation: str, asked: Callable[[Fields], object], complaint: str
) -> None:
    planted = Planted(server, operation, asked=asked)
    assert complaint in kinds_found(planted, server.contract, operation, "filters")


def test_a_filter_that_counts_all_rows_is_found(server: Server) -> None:
    def told(asked: Fields, body: Fields) -> None:
        body["count"] += "label" in asked

    planted = Planted(server, CUSTOMERS, told=told)
    assert "count does not count the filtered rows" in kinds_found(planted, server.contract, CUSTOMERS, "filters")


def test_a_mistake_of_two_filters_together_is_found(server: Server) -> None:
    def told(asked: Fields, body: Fields) -> None:
        if {"order_type", "status"} <= asked.keys():
            body |= {"order_infos": body["order_infos"][1:], "total_count": max(0, body["total_count"] - 1)}

    planted = Planted(server, ORDERS, told=told)
    complaints = {event.finding.complaint for event in look(planted, server.contract, ORDERS, "filters")[0]}
    assert f"{LOST}: status, order_type" in complaints
