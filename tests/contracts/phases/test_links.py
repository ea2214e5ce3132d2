"""Ids that one operation tells are taken to the operations that ask for them."""

from __future__ import annotations

import json

from requests import Response

from contracts.phases.links import tellers
from mockserver.app import Server
from mockserver.contract.registry import Contract
from tests.contracts.doubles import Altered, outcome, rewritten


def names(contract: Contract, asker: str, thing: str) -> list[str]:
    return [one.id for one, _ in tellers(contract, contract.operations[asker].on("cn"), thing)]


def test_an_order_is_told_by_those_that_list_or_make_it(contract: Contract) -> None:
    found = names(contract, "ShowCustomerOrderDetails", "order")
    assert {"ListCustomerOrders", "RenewalResources"} <= set(found)
    assert found.index("ListCustomerOrders") < found.index("RenewalResources")


def test_a_new_customer_is_a_customer(contract: Contract) -> None:
    assert "CreateSubCustomer" in names(contract, "UpdateCustomerAccountAmount", "customer")


def test_an_id_of_an_answer_is_sent_to_the_next_operation(server: Server) -> None:
    target = Altered(server)
    outcome(target, server.contract, operations=("ListSubCustomerNewTag",), phases=("links",))
    told = {id for _, _, body in target.calls if b"customer_ids" in body for id in json.loads(body)["customer_ids"]}
    assert told & set(target.known["customer_ids"])


def test_an_id_that_is_refused_as_malformed_is_found(server: Server) -> None:
    target = Altered(server)

    def refuse(response: Response) -> None:
        if "new-customers-tags" in str(target.calls[-1][1]):
            rewritten(response, 400, error_code="CBC.0100", error_msg="Invalid parameter: customer_ids.")

    target.alter = refuse
    found = outcome(target, server.contract, operations=("ListSubCustomerNewTag",), phases=("links",)).findings
    assert any("is refused as malformed" in one.complaint for one in found)
