"""Wrong pages are found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mockserver.app import Server
from tests.contracts.properties.planted import Fields, Planted, kinds_found, look

CUSTOMERS, ROWS, TOTAL = "ListSubCustomers", "customer_infos", "count"
OF_ITS_PLACE = "a page has not the rows of its place in the list"


def one_less(asked: Fields, body: Fields) -> None:
    if asked.get("limit") == 2:
        del body[ROWS][1:]


def counting_the_page(asked: Fields, body: Fields) -> None:
    body[TOTAL] = len(body[ROWS])


def turned_round(asked: Fields, body: Fields) -> None:
    body[ROWS].reverse()


def the_first_again(asked: Fields, body: Fields) -> None:
    body[ROWS].append(body[ROWS][0]) if body[ROWS] else None


def never_empty(asked: Fields, body: Fields) -> None:
    if asked.get("offset", 0) > 5 and not body[ROWS]:
        body[ROWS] = [{"account_name": "x", "customer_id": "0" * 32}]


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        (one_less, OF_ITS_PLACE),
        (counting_the_page, "count does not count all rows"),
        (turned_round, "the rows are not in their documented order"),
        (the_first_again, "a row comes twice"),
        (never_empty, OF_ITS_PLACE),
    ],
)  # fmt: skip
def test_a_wrong_page_is_found(server: Server, told: Callable[[Fields, Fields], object], complaint: str) -> None:
    assert complaint in kinds_found(Planted(server, CUSTOMERS, told=told), server.contract, CUSTOMERS, "paging")


def test_an_offset_of_pages_instead_of_rows_is_found(server: Server) -> None:
    def asked(fields: Fields) -> None:
        fields["offset"] = fields.get("offset", 0) * fields.get("limit", 10)

    assert OF_ITS_PLACE in kinds_found(Planted(server, CUSTOMERS, asked=asked), server.contract, CUSTOMERS, "paging")


def test_a_mistake_is_made_small(server: Server) -> None:
    found, _, _ = look(Planted(server, CUSTOMERS, told=one_less), server.contract, CUSTOMERS, "paging")
    assert any(event.finding.shrunk is not None for event in found)


def test_rows_out_of_the_order_asked_for_are_found(server: Server) -> None:
    def told(asked: Fields, body: Fields) -> None:
        body["product_rating_results"] = [
            {**row, "id": name} for row, name in zip(body["product_rating_results"] * 2, "21", strict=False)
        ]

    name = "ListOnDemandResourceRatings"
    complaint = "the rows do not come as they were asked for"
    assert complaint in kinds_found(Planted(server, name, told=told), server.contract, name, "paging")


def test_a_row_lost_between_markers_is_found(server: Server) -> None:
    def told(asked: Fields, body: Fields) -> None:
        if asked.get("marker") and asked.get("limit", 100) < 50:
            del body["cloud_service_basics"][:1]

    name = "ListResourceSpecs"
    complaint = "from marker to marker other rows come"
    assert complaint in kinds_found(Planted(server, name, told=told), server.contract, name, "paging")


def test_markers_without_end_are_found(server: Server) -> None:
    def told(asked: Fields, body: Fields) -> None:
        body["page_info"]["next_marker"] = body["page_info"]["next_marker"] or asked.get("marker")

    name = "ListResourceSpecs"
    complaint = "there is a marker behind the last page"
    assert complaint in kinds_found(Planted(server, name, told=told), server.contract, name, "paging")


def test_an_empty_list_is_not_passed_but_nothing_to_see(server: Server) -> None:
    def told(asked: Fields, body: Fields) -> None:
        body |= {ROWS: [], TOTAL: 0}

    _, counts, _ = look(Planted(server, CUSTOMERS, told=told), server.contract, CUSTOMERS, "filters")
    assert [(one.name, one.saw_nothing, one.why) for one in counts] == [("filters", True, "the list is empty")]


def test_a_marker_that_is_good_for_other_queries_is_found(server: Server) -> None:
    def asked(fields: Fields) -> None:
        if fields.get("filters") and fields.get("marker"):
            del fields["filters"]

    name = "ListResourceSpecs"
    found = kinds_found(Planted(server, name, asked=asked), server.contract, name, "paging")
    assert "a marker of another query is not refused" in found
