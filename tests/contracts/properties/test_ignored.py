"""A field that a caller cannot use, and that means something all the same, is found."""

from __future__ import annotations

from mockserver.app import Server
from tests.contracts.properties.planted import Fields, Planted, kinds_found, look

BALANCES = "ListPartnerBalances"


def test_a_field_that_is_not_ignored_is_found(server: Server) -> None:
    def told(asked: Fields, body: Fields) -> None:
        if "indirect_partner_id" in asked:
            body["account_balances"] = []

    found = kinds_found(Planted(server, BALANCES, told=told), server.contract, BALANCES, "ignored")
    assert found == {"a field that the caller cannot use is not ignored"}


def test_an_id_that_there_is_and_one_that_there_is_not_are_tried(server: Server) -> None:
    sent: list[str] = []
    planted = Planted(server, BALANCES, asked=lambda fields: sent.append(fields.get("indirect_partner_id", "")))
    _, counts, _ = look(planted, server.contract, BALANCES, "ignored")
    assert len({one for one in sent if one}) == 2 and counts[0].seen == 2
