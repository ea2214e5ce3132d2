"""What a report may show of an exchange."""

from __future__ import annotations

import pytest

from contracts.reports.shown import LONGEST, Hiding, Shown
from mockserver.contract.operation import SiteView
from mockserver.contract.registry import Contract
from tests.contracts.reports.made import BASE, LIST, MOBILE, SECRET, TOKEN, exchange


@pytest.fixture
def view(contract: Contract) -> SiteView:
    return contract.operations["ListSubCustomers"].on("cn")


def everything(shown: Shown) -> str:
    return f"{shown!r}"


def test_credentials_are_masked(view: SiteView) -> None:
    answer = exchange(headers=TOKEN)
    answer.response.headers["X-Subject-Token"] = answer.response.headers["Set-Cookie"] = SECRET
    shown = Hiding(view, answer).shown
    assert SECRET not in everything(shown) and "AKAKAKAK" not in everything(shown)
    assert dict(shown.headers)["X-Auth-Token"] == dict(shown.headers)["Authorization"] == "***"


def test_personal_data_is_masked_wherever_it_stands(contract: Contract) -> None:
    view = contract.operations["CreateSubCustomer"].on("cn")
    words = {"mobile_phone": MOBILE, "password": "Secret-Word-1", "domain_name": "somebody"}
    answer = exchange(
        path=f"/v2/partners/sub-customers?email=a%40example.com&x={MOBILE}", body=words, answer={"error_msg": MOBILE}
    )
    shown = everything(Hiding(view, answer).shown)
    assert not [one for one in (MOBILE, "Secret-Word-1", "somebody", "a%40example.com") if one in shown]


def test_words_about_an_exchange_do_not_tell_what_it_hides(view: SiteView) -> None:
    hiding = Hiding(view, exchange(answer={"customer_infos": [{"account_name": "somebody", "telephone": MOBILE}]}))
    assert hiding.text("an answer with somebody") == "an answer with <account_name#1>"
    assert MOBILE not in hiding.text(f"telephone: '{MOBILE}' is not an integer")


def test_ids_stay_so_that_the_call_can_be_repeated(view: SiteView) -> None:
    shown = Hiding(view, exchange(body={"customer_id": "0bb43f81c000d3a10f19c014228fb580"})).shown
    assert shown.body == '{"customer_id":"0bb43f81c000d3a10f19c014228fb580"}'


def test_what_need_not_be_hidden_keeps_its_spelling(view: SiteView) -> None:
    assert Hiding(view, exchange(path=f"{LIST}?a=%2F+%20&b&c=")).shown.url == f"{BASE}{LIST}?a=%2F+%20&b&c="


def test_a_call_of_no_operation_is_masked_by_names(view: SiteView) -> None:
    assert MOBILE not in everything(Hiding(None, exchange(path="/v9/x", body={"mobile_phone": MOBILE})).shown)


def test_a_body_that_cannot_be_read_is_not_shown(view: SiteView) -> None:
    answer = exchange()
    answer.request.body = answer.response._content = f"<{SECRET}".encode()
    shown = Hiding(view, answer).shown
    assert shown.body == shown.answer == "(65 bytes that are no JSON)"


def test_a_very_long_body_is_cut(view: SiteView) -> None:
    shown = Hiding(view, exchange(answer={"count": "1" * 2 * LONGEST})).shown
    assert len(shown.answer) < LONGEST + 100
