"""Amounts of a wrong form, and sums that are none, are found."""

from __future__ import annotations

import pytest
from requests import Response

from mockserver.app import Server
from tests.contracts.properties.planted import Fields, Planted, kinds_found

RECORDS, BALANCES, PRICES = "ListPartnerAdjustRecords", "ListPartnerBalances", "ListOnDemandResourceRatings"


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        (b'"amount":1e2', "a number is written with an exponent"),
        (b'"amount":"100.00"', "an amount is not of its documented type"),
        (b'"amount":100.005', "an amount has 3 decimals, not 2"),
    ],
)  # fmt: skip
def test_an_amount_of_a_wrong_form_is_found(server: Server, written: bytes, complaint: str) -> None:
    def answered(response: Response) -> None:
        before, _, after = response.content.partition(b'"amount":')
        if after:
            response._content = before + written + after[after.index(b",") :]

    planted = Planted(server, BALANCES, answered=answered)
    assert complaint in kinds_found(planted, server.contract, BALANCES, "money")


def test_a_sum_that_its_parts_do_not_make_is_found(server: Server) -> None:
    def told(asked: Fields, body: Fields) -> None:
        body["amount"] = float(body["amount"]) + 1

    planted = Planted(server, PRICES, told=told)
    assert "the parts do not make the sum" in kinds_found(planted, server.contract, PRICES, "money")
