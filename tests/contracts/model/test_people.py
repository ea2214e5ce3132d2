"""Who comes, leaves, and is authenticated: the model's reckoning, and that it notices what goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from inspect import unwrap
from typing import Any

import pytest

from contracts.model.machine import Step, found_areas, machine_of, played
from contracts.model.play import Differs, Play
from contracts.model.reference.associations import is_bound, leave, switch
from contracts.model.reference.money import ALLOCATED, CASH, LOCKED, TOP_UP, UNBINDING, Money, Movement
from contracts.model.reference.people import PARTNER_PAID, REFERRAL, VERIFIED, Customer, Partner, People
from contracts.model.reference.realnames import Application, Codes, RealNames
from contracts.model.reference.vouchers import PARTED, RECLAIMED, Quota, Voucher, Vouchers
from contracts.model.reference.world import World
from contracts.model.rules.cards import Cards
from contracts.model.rules.limits import Limits
from contracts.model.rules.parting import Parting
from contracts.model.rules.realname import RealNaming
from contracts.model.rules.registration import Registration
from contracts.model.rules.resellers import Chain
from contracts.model.rules.statements import Statements
from contracts.model.rules.vendor_coupons import VendorCoupons
from contracts.targets.emulator import Emulator
from mockserver.app import Server
from mockserver.domain import coupons as coupon_rows
from mockserver.services import dissociation, resellers
from mockserver.services.accounts import records
from mockserver.services.coupons import listing
from mockserver.services.customers import budgets, realname_review, verification

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
PARTNER = Partner("partner", "p", "a partner", "P_IDP")


def world_with(association: str) -> tuple[World, Customer]:
    world = World("cn", NOW)
    people, one = world.of(People), Customer("c", "a customer", "partner", association, NOW)
    people.partners["partner"] = PARTNER
    people.customers.append(one)
    return world, one


def take(server: Server, site: str, *steps: tuple[Callable[..., Any], dict[str, Any]]) -> Differs | None:
    """A sequence of given steps, on the emulator."""
    target = Emulator(server, site)
    machine = machine_of(found_areas(site), Play(target, server.contract))
    return played(machine, [Step(unwrap(function), values) for function, values in steps])


def test_who_leaves_gives_allocated_money_and_coupons_back() -> None:
    world, one = world_with(PARTNER_PAID)
    money, vouchers = world.of(Money), world.of(Vouchers)
    money.write(one.id, ALLOCATED, TOP_UP, Decimal(5), Movement("m"))
    quota = vouchers.grant(Quota("q", "partner", Decimal(9), NOW, NOW + timedelta(days=1)))
    vouchers.issue(Voucher("v", quota, one.id, Decimal(2), (), NOW, quota.ends))
    leave(world, one)
    assert (one.partner, one.association, one.since) == ("", "", None)
    assert [money.balance(one.id, ALLOCATED), money.balance("p")] == [Decimal(0), Decimal(5)]
    assert money.entries[-1].detail == UNBINDING
    assert (vouchers.vouchers[0].status, vouchers.records[-1].kind) == (RECLAIMED, PARTED) and quota.balance == Decimal(
        9
    )


def test_what_a_referral_customer_paid_in_can_only_be_withdrawn_once_its_partner_pays() -> None:
    world, one = world_with(REFERRAL)
    money = world.of(Money)
    money.write(one.id, CASH, TOP_UP, Decimal(5), Movement("m"))
    switch(world, one, PARTNER_PAID)
    assert [money.balance(one.id), money.balance(one.id, LOCKED)] == [Decimal(0), Decimal(5)]


def test_who_owes_anything_stays() -> None:
    world, one = world_with(REFERRAL)
    assert not is_bound(world, one)
    world.of(Money).owed[one.id] = Decimal(1)
    assert is_bound(world, one)


@pytest.mark.parametrize(("change", "kind"), [(False, 1), (True, 0)])
def test_only_a_change_leaves_the_customer_what_it_was(change: bool, kind: int) -> None:
    world, one = world_with(PARTNER_PAID)
    one.verified, one.kind = VERIFIED, 0
    names = world.of(RealNames)
    names.file(Application(one, "Corp", "D", enterprise=True, change=change))
    assert (one.verified == VERIFIED) is change
    assert names.kind_shown(one) == kind


def test_a_code_is_tried_three_times_and_used_once() -> None:
    world = World("cn", NOW)
    codes = world.of(Codes)
    codes.send("r", 29, "123456", 61)
    faults = []
    for text in ("0", "0", "0", "0", "123456"):
        faults.append(codes.fault("r", 29, text))
        codes.use("r", 29, text)
    assert faults == ["wrong", "wrong", "wrong", "tried", "tried"]
    codes.send("r", 29, "654321", 61)
    world.advance(NOW + timedelta(minutes=5))
    assert codes.fault("r", 29, "654321") == "late"


def test_what_must_not_be_placed_is_noticed_when_it_is(server: Server) -> None:
    play = Play(Emulator(server, "cn"), server.contract)
    play.begin()
    play.refuses("dissociations", customer="nobody")
    assert play.script == ['control.place dissociations(customer="nobody") -> refused']


def _nothing(*given: Any) -> None:
    """Instead of what should be done."""


JOIN_PAID = (Parting.join, {"partner": "partner", "referral": False, "drawn": 500})
JOIN_REFERRAL = (Parting.join, {"partner": "partner", "referral": True, "drawn": 500})
LEAVE = (Parting.leave, {"pick": 0, "indebted": False})
APPLY = (
    RealNaming.apply_as_person,
    {"role": "partner", "pick": 0, "stranger": False, "number": "D-1", "file": "a.jpg", "passes": False},
)
PASS = (RealNaming.review, {"pick": 0, "passed": True, "opinion": "", "waits": False})
BUY_CARD = (Cards.buy_card, {"pick": 0, "drawn": 9, "left": "nothing", "begins": 400, "ends": 403})
SEND = (Registration.send_code, {"which": 0, "minutes": 10, "often": 0})
WRONG = (
    Registration.register,
    {"acting": "partner", "which": 0, "pick": 0, "wrong": True, "times": 3, "minutes": 0, "waits": 0},
)
COUPON = (
    VendorCoupons.give_as_vendor,
    {"holder": "collector", "kind": "flexi", "drawn": 5, "begins": 0, "days": 1, "only": (), "limited": True},
)


OWE = (Parting.owe, {"pick": 0, "drawn": 1})
SETTLE = (Parting.owe, {"pick": 0, "drawn": 0})
SWITCH = (Parting.switch, {"pick": 0, "referral": False})
WITHDRAW = (Parting.withdraw, {"pick": 0, "share": "all", "drawn": 1})
SPEND = (Limits.spend, {"pick": 0, "drawn": 7})
REFUSE = (RealNaming.review, {"pick": 0, "passed": False, "opinion": "forged", "waits": True})
RESELLER = (Chain.add_reseller, {"own": True})
PAY_IN = (Statements.pay_in_by, {"pick": 0, "drawn": 7, "way": ("5", "N")})
SEQUENCES: list[tuple[str, list[Any]]] = [
    ("cn", [JOIN_PAID, OWE, LEAVE, SETTLE, LEAVE]),
    ("cn", [JOIN_REFERRAL, SWITCH, WITHDRAW]),
    ("intl", [JOIN_PAID, SPEND, LEAVE]),
    ("cn", [APPLY, REFUSE, APPLY]),
    ("cn", [RESELLER, (Chain.act_for_a_stranger, {"pick": 0})]),
    ("cn", [BUY_CARD]),
    ("cn", [PAY_IN, COUPON]),
]


@pytest.mark.parametrize(("site", "steps"), SEQUENCES)
def test_the_emulator_does_the_same(server: Server, site: str, steps: list[Any]) -> None:
    assert take(server, site, *steps) is None


PLANTED: list[tuple[str, Any, str, Any, list[Any], str]] = [
    ("cn", dissociation, "_check_paid", _nothing, [JOIN_PAID, OWE, LEAVE], ""),
    ("intl", budgets, "_record", _nothing, [JOIN_PAID, SPEND, LEAVE], "ListSubCustomerBudgetRecords"),
    ("cn", listing, "_card_state", lambda card: 1, [BUY_CARD], "ListStoredValueCards"),
    ("cn", resellers, "_matches", lambda *given: False, [RESELLER], "ListIndirectPartners"),
    ("cn", records, "_channel", lambda movement: "9", [JOIN_REFERRAL], "ListCustomerAccountChangeRecords"),
    ("cn", verification, "FAILURES_ALLOWED", 1, [SEND, WRONG], "CreateSubCustomer"),
    ("cn", realname_review, "CUSTOMER_TYPES", {"individual": 1}, [APPLY, PASS], "ListSubCustomers"),
    ("cn", coupon_rows.Change, "direction", "EXPENSE", [COUPON], "ListCustomerCouponChangeRecords"),
]


@pytest.mark.parametrize(("site", "place", "name", "wrong", "steps", "operation"), PLANTED)
def test_what_is_planted_is_found(
    server: Server, monkeypatch: pytest.MonkeyPatch, site: str, place: Any, name: str, wrong: Any, steps: Any,
    operation: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(place, name, wrong)
    found = take(server, site, *steps)
    assert found is not None and found.operation == operation
