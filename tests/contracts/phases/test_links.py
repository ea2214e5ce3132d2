"""Ids that one operation tells are taken to the operations that ask for them."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

from requests import Response

from contracts.events import Part
from contracts.guard import READS
from contracts.linking.linked import Linked
from contracts.linking.pairs import pairs
from contracts.linking.tellers import tellers
from contracts.linking.told import Asked
from contracts.options import Options
from contracts.phases.running import Run
from mockserver.app import Server
from mockserver.contract.registry import Contract
from mockserver.contract.things import Place
from tests.contracts.doubles import Altered, Recording, guarded, outcome, rewritten


def names(contract: Contract, asker: str, thing: str) -> list[str]:
    return [one.id for one, _ in tellers(contract, contract.operations[asker].on("cn"), thing)]


def complaints(target: Any, contract: Contract, taker: str, thing: str, place: Place, teller: str) -> set[str]:
    """What is complained of when ids go from one operation to another, without what varies."""
    operation = contract.operations[taker]
    kind = next(one for one in target.kinds if one in operation.callers)
    run = Run(target, contract, Options(), Part(taker, operation.area, "links", kind), {}, lambda: 0.0)
    linked = Linked(run)
    found = list(pairs(linked, {Asked(thing, place): [contract.operations[teller]]}, quick=True))
    assert linked.stopped is None
    return {one.finding.kind for one in found if hasattr(one, "finding")}


def test_an_order_is_told_by_those_that_list_or_make_it(contract: Contract) -> None:
    found = names(contract, "ShowCustomerOrderDetails", "order")
    assert {"ListCustomerOrders", "RenewalResources"} <= set(found)
    assert found.index("ListCustomerOrders") < found.index("RenewalResources")


def test_a_new_customer_is_a_customer(contract: Contract) -> None:
    assert "CreateSubCustomer" in names(contract, "UpdateCustomerAccountAmount", "customer")


TAGS = ("ListSubCustomerNewTag", "customer", Place("body", ("customer_ids",), many=True), "ListSubCustomers")
DETAILS = ("ShowCustomerOrderDetails", "order", Place("path", ("order_id",)), "ListCustomerOrders")
RECLAIM = ("ReclaimPartnerCoupons", "coupon", Place("body", ("coupon_id",)), "ListIssuedPartnerCoupons")


def test_an_id_of_an_answer_is_sent_to_the_next_operation(server: Server) -> None:
    target = Altered(server)
    assert complaints(target, server.contract, *TAGS) == set()
    told = {id for _, _, body in target.calls if b"customer_ids" in body for id in json.loads(body)["customer_ids"]}
    assert told & set(target.known["customer_ids"])


def test_an_id_that_is_refused_as_malformed_is_found(server: Server) -> None:
    target = Altered(server)

    def refuse(response: Response) -> None:
        if "new-customers-tags" in str(target.calls[-1][1]):
            rewritten(response, 400, error_code="CBC.0100", error_msg="Invalid parameter: customer_ids.")

    target.alter = refuse
    assert "an id that was told is refused as malformed" in complaints(target, server.contract, *TAGS)


def test_what_was_told_and_is_not_found_by_its_id_is_found(server: Server) -> None:
    target = Altered(server)

    def empty(response: Response) -> None:
        if "new-customers-tags" in str(target.calls[-1][1]):
            rewritten(response, new_customer_tags=[])

    target.alter = empty
    assert complaints(target, server.contract, *TAGS) == {"what was just told is not found by its id"}


def test_what_was_told_and_is_called_unknown_is_found(server: Server) -> None:
    target = Altered(server)
    assert complaints(target, server.contract, *DETAILS) == set()

    def another(response: Response) -> None:
        body = response.json()
        if "order_infos" in body and "details" not in str(target.calls[-1][1]):
            rewritten(response, order_infos=[{**one, "order_id": "CS0000000000"} for one in body["order_infos"]])

    target.alter = another
    assert "an id that was just told is called unknown" in complaints(target, server.contract, *DETAILS)


def test_what_was_removed_and_is_still_there_is_found(server: Server) -> None:
    target = Altered(server)
    assert complaints(target, server.contract, *RECLAIM) == set()

    def usable(response: Response) -> None:
        if "coupon_id=" in str(target.calls[-1][1]) and response.ok:
            rewritten(response, user_coupons=[{**one, "status": 2} for one in response.json()["user_coupons"]])

    target.alter = usable
    assert "what was removed is still there" in complaints(target, server.contract, *RECLAIM)


def test_equal_seeds_send_equal_calls_along_the_links(server: Server) -> None:
    sent = []
    for _ in range(2):
        target = Altered(server)
        outcome(target, server.contract, operations=("PayOrders",), phases=("links",), seed=7)
        sent.append(target.calls)
    assert sent[0] == sent[1]
    assert any("/pay" in str(url) for _, url, _ in sent[0])


def test_only_reads_leave_where_no_more_is_permitted(server: Server) -> None:
    real = Recording(server)
    with closing(guarded(real, server.contract)) as target:
        assert target.permission.effects == READS
        result = outcome(target, server.contract, operations=("ShowCustomerOrderDetails",), phases=("links",))
    assert real.left
    assert not result.findings
    for request in real.left:
        match = server.contract.match(str(request.method), request.path_url.partition("?")[0], "cn")
        assert match is not None
        assert match.operation.effect == "read"


def test_a_run_stops_in_the_middle_of_a_sequence(server: Server) -> None:
    target = Altered(server)
    ended = outcome(target, server.contract, operations=("PayOrders",), phases=("links",), max_time=0.0).ended
    assert ended is not None
    assert ended.why == "the time is over"
