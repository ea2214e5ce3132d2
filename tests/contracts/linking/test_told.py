"""What becomes of ids is read from answers and documents."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from requests import Request, Response

from contracts.checks import Answer
from contracts.linking.told import (
    Id,
    Told,
    any_row_first,
    is_asked_alike,
    is_asked_by_id,
    is_called_unknown,
    is_gone,
    is_left_out,
    makes,
    names_failures,
    tells_as_there,
)
from mockserver.contract.operation import SiteView
from mockserver.contract.registry import Contract
from mockserver.contract.things import BODY, Place

HOST = "http://bss.myhuaweicloud.com"
ORDER = Id("order", Place("query", ("order_id",)), "O1")


def answer(body: Any, status: int = 200, path: str = "/", sent: Any = None) -> Answer:
    response = Response()
    response.status_code = status
    response._content = json.dumps(body).encode()
    return Answer(Request("POST", HOST + path, json=sent).prepare(), response)


def view(contract: Contract, operation: str) -> SiteView:
    return contract.operations[operation].on("cn")


def told(contract: Contract, operation: str, body: Any, path: str = "/", sent: Any = None) -> Told:
    return Told(view(contract, operation), "customer", answer(body, path=path, sent=sent), 0)


def test_a_refusal_can_mean_that_there_is_no_such_thing(contract: Contract) -> None:
    details = view(contract, "ShowCustomerOrderDetails")
    refused = answer({"error_code": "CBC.30000010"}, 400)
    assert is_called_unknown(details, "order", refused)
    assert not is_called_unknown(details, "partner", refused)
    assert not is_called_unknown(details, "order", answer({"error_code": "CBC.0100"}, 400))


def test_an_entry_of_a_list_of_failures_can_mean_it_too(contract: Contract) -> None:
    prices = view(contract, "ListRenewRateOnPeriod")
    body = {"fail_resource_infos": [{"error_code": "CBC.30050009"}]}
    assert is_called_unknown(prices, "resource", answer(body))
    assert names_failures(prices, answer(body))
    assert not names_failures(prices, answer({"fail_resource_infos": []}))


def test_a_list_that_is_asked_for_one_has_it(contract: Contract) -> None:
    orders = view(contract, "ListCustomerOrders")
    assert is_asked_by_id(orders, ORDER.place)
    assert not is_asked_by_id(orders, Place("query", ("customer_id",)))
    assert is_left_out(orders, ORDER, answer({"order_infos": []}))
    assert not is_left_out(orders, ORDER, answer({"order_infos": [{"order_id": "O1"}]}))
    assert not is_left_out(orders, ORDER, answer({}, 400))


def test_a_row_can_tell_that_it_is_of_something_gone(contract: Contract) -> None:
    quotas = view(contract, "ListIssuedCouponQuotas")
    assert is_gone(quotas, {"quota_status": 6})
    assert not is_gone(quotas, {"quota_status": 0})
    one = Id("quota", Place("query", ("quota_id",)), "1")
    for state, there in ((0, True), (6, False)):
        listed = told(contract, "ListIssuedCouponQuotas", {"quotas": [{"quota_id": "1", "quota_status": state}]})
        assert tells_as_there(contract.things, listed, one) == there


def test_records_of_what_happened_do_not_tell_that_a_thing_is_there(contract: Contract) -> None:
    records = told(contract, "ListCouponQuotasRecords", {"records": [{"quota_id": "1"}]})
    assert not tells_as_there(contract.things, records, Id("quota", Place("query", ("quota_id",)), "1"))


def test_what_a_call_makes_is_there_and_what_it_removes_is_not(contract: Contract) -> None:
    assert makes(view(contract, "UpdateCouponQuotas"), "quota")
    assert not makes(view(contract, "ReclaimCouponQuotas"), "quota")
    assert not makes(view(contract, "ListQuotaCoupons"), "quota")


def test_calls_on_behalf_of_different_accounts_are_not_alike(contract: Contract) -> None:
    things, orders = contract.things, view(contract, "ListCustomerOrders")
    path = "/v2/orders/customer-orders"
    made = told(contract, "RenewalResources", {}, "/v2/orders/subscriptions/resources/renew")
    assert is_asked_alike(things, made, orders, ORDER, answer({}, path=f"{path}?order_id=O1"))
    assert not is_asked_alike(things, made, orders, ORDER, answer({}, path=f"{path}?order_id=O1&customer_id=C"))
    assert not is_asked_alike(things, made, orders, ORDER, answer({}, path=f"{path}?order_id=O2"))


def test_links_tell_of_a_row_that_has_ids(contract: Contract) -> None:
    rows = [{"order_id": ""}, {"order_id": "O1", "customer_id": "C"}, {"order_id": "O2"}]
    listed = told(contract, "ListCustomerOrders", {"order_infos": rows, "total_count": 3})
    turned = json.loads(any_row_first(contract.things, listed, frozenset(), Random(1)))
    assert turned["order_infos"] == [rows[1], rows[2], rows[0]]
    assert turned["total_count"] == 3


def test_every_kind_of_place_of_a_body_is_read(contract: Contract) -> None:
    assert ("customer", Place(BODY, ("customer_infos", "*", "customer_id"))) in contract.things.asked(
        view(contract, "ListCustomersBalancesDetail")
    )
