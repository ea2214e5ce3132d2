"""Ids are told by some operations and asked for by others; the OpenAPI document links them."""

from __future__ import annotations

import re

from mockserver.contract.openapi import export
from mockserver.contract.registry import Contract
from mockserver.contract.things import Place


def test_a_field_is_known_by_its_name(contract: Contract) -> None:
    told = dict(contract.things.told(contract.operations["ListCustomerOrders"].on("cn")))
    assert told["order"].pointer == "/order_infos/0/order_id"


def test_a_document_can_say_what_a_field_identifies(contract: Contract) -> None:
    told = dict(contract.things.told(contract.operations["CreateSubCustomer"].on("cn")))
    assert told["customer"] == Place("body", ("domain_id",))


def test_ids_of_partial_failures_are_not_told(contract: Contract) -> None:
    places = [place.names[0] for _, place in contract.things.told(contract.operations["RenewalResources"].on("cn"))]
    assert places and "error_details" not in places


def test_parameters_and_bodies_ask(contract: Contract) -> None:
    asked = list(contract.things.asked(contract.operations["ShowCustomerOrderDetails"].on("cn")))
    assert ("order", Place("path", ("order_id",))) in asked
    asked = list(contract.things.asked(contract.operations["FreezeSubCustomers"].on("intl")))
    assert ("customer", Place("body", ("customer_ids",), many=True)) in asked


def links(contract: Contract, path: str, method: str) -> dict[str, object]:
    found: dict[str, object] = export(contract, "cn")["paths"][path][method]["responses"]["200"]["links"]
    return found


def test_a_listing_links_to_its_details(contract: Contract) -> None:
    assert links(contract, "/v2/orders/customer-orders", "get")["ShowCustomerOrderDetails.order_id"] == {
        "operationId": "ShowCustomerOrderDetails",
        "parameters": {"path.order_id": "$response.body#/order_infos/0/order_id"},
    }


def test_a_body_is_linked_with_its_names(contract: Contract) -> None:
    made = links(contract, "/v2/partners/sub-customers", "post")
    assert made["UpdateCustomerAccountAmount.customer_id"] == {
        "operationId": "UpdateCustomerAccountAmount",
        "requestBody": {"customer_id": "$response.body#/domain_id"},
    }


def test_every_link_leads_to_an_operation_of_the_document(contract: Contract) -> None:
    for site in ("cn", "intl"):
        methods = [one for path in export(contract, site)["paths"].values() for one in path.values()]
        known = {one["operationId"] for one in methods}
        answers = [answer for one in methods for answer in one["responses"].values()]
        assert {link["operationId"] for one in answers for link in one.get("links", {}).values()} <= known


def test_a_link_can_lead_into_a_list_and_out_of_one(contract: Contract) -> None:
    listed = links(contract, "/v2/partners/sub-customers/query", "post")
    assert listed["ListCustomersBalancesDetail.customer_infos.customer_id"] == {
        "operationId": "ListCustomersBalancesDetail",
        "requestBody": {"customer_infos": [{"customer_id": "$response.body#/customer_infos/0/customer_id"}]},
    }
    made = links(contract, "/v2/orders/subscriptions/resources/renew", "post")
    assert made["PayOrders.order_id"] == {
        "operationId": "PayOrders",
        "requestBody": {"order_id": "$response.body#/order_ids/0"},
    }


def test_links_have_names_that_openapi_allows(contract: Contract) -> None:
    for path in export(contract)["paths"].values():
        for operation in path.values():
            for answer in operation["responses"].values():
                assert all(re.fullmatch(r"[a-zA-Z0-9._-]+", name) for name in answer.get("links", {}))


def test_what_a_refusal_calls_unknown_is_asked_for(contract: Contract) -> None:
    for operation in contract:
        asked = {thing for site in operation.sites for thing, _ in contract.things.asked(operation.on(site))}
        assert {row.unknown for row in operation.on(operation.sites[0]).errors} - {""} <= asked, operation.id


def test_what_a_call_removes_it_asks_for(contract: Contract) -> None:
    removed = {one.id: one.document["x-removes"] for one in contract if "x-removes" in one.document}
    assert removed
    for name, thing in removed.items():
        assert thing in {asked for asked, _ in contract.things.asked(contract.operations[name].on("cn"))}


def test_rows_that_tell_what_is_gone_have_the_field(contract: Contract) -> None:
    for operation in contract:
        for part in (operation.on(operation.sites[0]).response_schema or {}).get("properties", {}).values():
            if "x-gone" in part:
                field = part["items"]["properties"][part["x-gone"]["field"]]
                assert set(part["x-gone"]["values"]) <= set(field["enum"]), operation.id
