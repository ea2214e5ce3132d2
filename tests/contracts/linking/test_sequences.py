"""Schemathesis makes the sequences, along the links that it is given."""

from __future__ import annotations

import json
from typing import Any

import pytest
from requests import Request, Response

from contracts.cases import operations
from contracts.linking.sequences import Step, Wanted, play
from mockserver.contract.documents import Document
from mockserver.contract.registry import Contract
from mockserver.contract.things import links

TELLER, TAKER = "ListCustomerOrders", "ShowCustomerOrderDetails"


class Player:
    """Answers every call with the same list, and notes the calls."""

    def __init__(self, body: Any) -> None:
        self.body = json.dumps(body).encode()
        self.steps: list[tuple[int, str, Any]] = []
        self.luck = 0

    def begin(self, luck: int) -> None:
        self.luck = luck

    def take(self, step: Step) -> tuple[Response, bytes] | None:
        told = step.link.parameters if step.link else None
        self.steps.append((self.luck, step.operation, told))
        response = Response()
        response.status_code = 200
        response.request = Request("GET", "http://bss.myhuaweicloud.com").prepare()
        return response, self.body


@pytest.fixture(scope="module")
def document(contract: Contract) -> Document:
    first = next(operations(contract, "cn", removed=False, known={}))
    raw: Document = first.schema.raw_schema
    return raw


def played(contract: Contract, document: Document, seed: int, body: Any) -> list[tuple[int, str, Any]]:
    teller, taker = (contract.operations[one].on("cn") for one in (TELLER, TAKER))
    player = Player(body)
    wanted = Wanted({TELLER: links(contract.things, teller, [taker])}, frozenset({TELLER}), TAKER, 3, 4)
    play(document, wanted, player, seed)
    return player.steps


TOLD = {"order_infos": [{"order_id": "O1"}]}


def test_what_is_told_is_taken(contract: Contract, document: Document) -> None:
    steps = played(contract, document, 1, TOLD)
    assert steps[0][1] == TELLER
    assert {told[("path", "order_id")] for _, name, told in steps if name == TAKER} == {"O1"}


def test_equal_seeds_play_equal_sequences(contract: Contract, document: Document) -> None:
    assert played(contract, document, 5, TOLD) == played(contract, document, 5, TOLD)
    assert played(contract, document, 5, TOLD) != played(contract, document, 6, TOLD)


def test_where_nothing_is_told_a_link_brings_nothing(contract: Contract, document: Document) -> None:
    steps = played(contract, document, 1, {"order_infos": []})
    assert not any(told and told[("path", "order_id")] for _, _, told in steps)
