"""The real service as a target: what it knows beforehand."""

from __future__ import annotations

from requests import Request

from mockserver.app import Server
from tests.contracts.doubles import Recording


def test_named_accounts_are_known_as_what_they_are(server: Server) -> None:
    reseller = Recording(server).account("reseller")
    known = Recording(server, ["one", "two", reseller]).known
    assert (known["customer_id"], known["customer_ids"]) == ("one", ["one", "two"])
    assert (known["indirect_partner_id"], known["indirect_partner_ids"]) == (reseller, [reseller])


def test_without_named_accounts_its_own_are_known(server: Server) -> None:
    real = Recording(server)
    assert real.known["customer_id"] == real.account("customer")
    assert "indirect_partner_id" not in real.known


def test_a_signature_that_was_not_made_here_is_left_as_it_is(server: Server) -> None:
    real = Recording(server)
    signed = Request("GET", f"{real.base_url}/v2/x", auth=real.sign("customer")).prepare()
    unsigned = Request("GET", f"{real.base_url}/v2/x").prepare()
    assert real.signed_anew(signed) is not signed
    assert real.signed_anew(unsigned) is unsigned
    signed.headers["Authorization"] = str(signed.headers["Authorization"]) + "0"
    assert real.signed_anew(signed) is signed
