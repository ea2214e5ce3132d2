"""The model agrees with the emulator, and finds what is planted in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest
from requests import PreparedRequest

from contracts.model.machine import Rules
from contracts.model.play import Play, TimeIsOver
from contracts.model.rules.coupons import Coupons
from contracts.model.rules.customers import Customers
from contracts.model.rules.giving_up import Leaving
from contracts.model.rules.money import Moving
from contracts.model.rules.orders import Ordering
from contracts.model.rules.packages import Drawing
from contracts.model.rules.reads import Reads
from contracts.model.rules.reseller_quotas import Cutting
from contracts.model.rules.resources import Keeping
from contracts.model.searching import Budget, Search
from contracts.targets.emulator import Emulator
from contracts.targets.remote import Remote
from mockserver.app import Server
from mockserver.domain import timeline
from mockserver.domain.entities import Customer
from mockserver.domain.ledger import LedgerAccount
from mockserver.domain.packages import PackageItem
from mockserver.services import association, spending
from mockserver.services.coupons import changes, issuing
from mockserver.services.customers import freezing
from mockserver.services.resources import unsubscribing
from tests.contracts.model.searches import Altered, search

PATIENT = Budget(sequences=60, steps=40, batch=5, replays=10)
Plant = Callable[[pytest.MonkeyPatch], None]


@pytest.mark.parametrize("site", ["cn", "intl"])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_emulator_answers_as_foretold(server: Server, site: str, seed: int) -> None:
    found = search(Emulator(server, site), server, seed, Budget(sequences=20, steps=30, batch=5))
    assert [str(one) for one in found] == []


def test_it_plays_against_a_url_too(server: Server, port: int) -> None:
    target = Remote(f"http://127.0.0.1:{port}", "cn")
    assert search(target, server, budget=Budget(sequences=2, steps=10, batch=2)) == []
    target.close()


def put(owner: Any, name: str, value: Any) -> Plant:
    return lambda patch: patch.setattr(owner, name, value)


def forgets(kind: str) -> Plant:
    """What is due does not happen."""
    return lambda patch: patch.setitem(timeline._handlers, kind, lambda sandbox, event: None)


whole_balance = property(lambda book: book.balance)


def credit_first(customer: Customer) -> tuple[str, ...]:
    return ("credit", "cash") if customer.association_type == "1" else ("allocated",)


@pytest.mark.parametrize(
    ("site", "focus", "plant"),
    [
        pytest.param("cn", Customers, put(association, "association_type", lambda call: "1"), id="another association"),
        pytest.param("cn", Customers, forgets("associate"), id="never associated"),
        pytest.param("intl", Customers, put(freezing, "resale_fault", lambda *call: ""), id="freezes anybody"),
        pytest.param("cn", Moving, put(LedgerAccount, "available", whole_balance), id="allocates what is set aside"),
        pytest.param("cn", Coupons, forgets("coupon_expiry"), id="coupons last for ever"),
        pytest.param("cn", Ordering, put(spending, "paying_books", credit_first), id="credit before cash"),
        pytest.param("cn", Ordering, forgets("order_deadline"), id="no deadline"),
        pytest.param("cn", Cutting, put(changes, "QUOTA_RECLAIMED", "10"), id="reclaims read as issues"),
        pytest.param("cn", Leaving, put(unsubscribing, "free_instances", lambda *call: ()), id="no five-day rule"),
        pytest.param("intl", Keeping, forgets("automatic_renewal"), id="never renews by itself"),
        pytest.param("cn", Drawing, put(PackageItem, "left_in", lambda item, cycle: item.left), id="never given anew"),
    ],
)
def test_a_planted_mistake_is_found(
    server: Server, monkeypatch: pytest.MonkeyPatch, site: str, focus: type[Rules], plant: Plant
) -> None:
    plant(monkeypatch)
    assert search(Emulator(server, site), server, focus=[focus], budget=PATIENT), "the mistake was not found"


def test_pages_that_do_not_make_up_the_whole_are_found(server: Server) -> None:
    def shifted(request: PreparedRequest, body: Any) -> None:
        if "offset=1&" in f"{request.url}&" and isinstance(body.get("records"), list):
            body["records"] = body["records"][1:]

    (found,) = search(Altered(server, "cn", shifted), server, focus=[Reads], budget=PATIENT)
    assert "pages of" in found.complaint


def test_reading_twice_must_answer_the_same(server: Server) -> None:
    count = iter(range(1_000_000))

    def unsteady(request: PreparedRequest, body: Any) -> None:
        body["odd"] = next(count)

    (found,) = search(Altered(server, "cn", unsteady), server, focus=[Reads], budget=PATIENT)
    assert "answered otherwise" in found.complaint


# What is told


def test_the_script_is_short_and_names_things(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuing, "_check_within", lambda *call: None)
    (found,) = search(Emulator(server, "cn"), server, focus=[Coupons], budget=replace(PATIENT, replays=200))
    assert len(found.script) <= 3
    assert re.match(
        r"(partner|distributor)\.CreatePartnerCoupons\(quota_id=quota[0-9]+, customer_ids=\[", found.script[-1]
    )
    assert found.script[-1].endswith("-> 200; expected 400 CBC.99000023, came 200")
    assert any(line.startswith('control.place partners(name="model-partner"') for line in found.preparation)


def test_equal_seeds_find_equal_scripts(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    forgets("order_deadline")(monkeypatch)
    first, second = (search(Emulator(server, "cn"), server, seed=5, focus=[Ordering], budget=PATIENT) for _ in range(2))
    assert first and first[0].script == second[0].script


def test_what_is_wrong_from_the_beginning_is_found_at_once(server: Server) -> None:
    def poorer(request: PreparedRequest, body: Any) -> None:
        if "balances" in str(request.url) and "account_balances" in body:
            body["account_balances"][0]["amount"] = 1

    (found,) = search(Altered(server, "cn", poorer), server)
    assert len(found.script) == 1 and "account_balances" in found.complaint


def test_a_mistake_that_is_known_does_not_hide_another(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    forgets("coupon_expiry")(monkeypatch)
    monkeypatch.setattr(issuing, "_check_within", lambda *call: None)
    play = Play(Emulator(server, "cn"), server.contract)
    batches = Search(play, 1, PATIENT, [Coupons]).batches()
    kinds = {one.kind for one in islice(filter(None, batches), 2)}
    assert len(kinds) == 2


def test_it_ends_when_the_time_is_over(server: Server) -> None:
    left = iter([False] * 100)
    play = Play(Emulator(server, "cn"), server.contract, is_over=lambda: next(left, True))
    with pytest.raises(TimeIsOver):
        list(Search(play, 1, Budget()).batches())
