"""Coupons keep their promises, whatever happens in whatever order: no value appears, and none is lost."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.app import Server
from tests.conftest import START
from tests.driver import Caller, World, in_process

CUSTOMERS = ("customer", "reseller_customer")
RETURNS = {"2", "3", "4", "5", "7", "8"}
"""Types of the issuer's records by which value comes back to a quota."""

amounts = st.sampled_from([Decimal(text) for text in ("0.01", "12.34", "50", "50", "100", "160")])
choice = st.integers(0, 5)
"""Picks the quota or the coupon that an event is about, if there are that many."""

KINDS = (
    "grant", "cut", "cut back", "reclaim", "hold", "advance", "advance", "dissociation", "switch",
    *("issue", "use", "give back") * 4,
)  # fmt: skip
events = st.tuples(st.sampled_from(KINDS), choice, st.sampled_from(CUSTOMERS), amounts)


@pytest.fixture(scope="module")
def emulator() -> Server:
    return Server()


@settings(max_examples=150, derandomize=True, deadline=None, database=None)
@given(story=st.lists(events, min_size=15, max_size=40))
def test_value_is_conserved_and_both_sides_see_it(emulator: Server, story: list[tuple[str, int, str, Decimal]]) -> None:
    world = World(in_process(emulator), emulator.contract, clock=START, seed=1)
    for partner in ("demo-partner", "demo-distributor"):
        world.place("quotas", partner=partner, amount="500", validity={"expires": "P3D"})
    happen(world, "cut", 1, "reseller_customer", Decimal(300))
    for event in story:
        happen(world, *event)
    check_coupons(world)
    check_quotas(world)
    emulator.universe.remove(world.id)


def happen(world: World, kind: str, number: int, name: str, amount: Decimal) -> None:
    """An event, or its refusal: which of the two is not the matter here."""
    caller, acting = partner_of(world, name)
    quota, coupon = row_id(world, "quotas", number), row_id(world, "coupons", number)
    if kind == "cut":
        body = {"quota_id": quota, "indirect_partner_ids": [world.reseller.id], "quota_amount": amount}
        world.distributor("UpdateCouponQuotas", body)
    elif kind == "cut back":
        world.distributor("ReclaimCouponQuotas", {"quota_ids": [quota]})
    elif kind == "issue":
        body = {"quota_id": quota, "customer_ids": [world.caller(name).id], "face_value": amount, **acting}
        caller("CreatePartnerCoupons", body)
    elif kind == "reclaim":
        caller("ReclaimPartnerCoupons", {"coupon_id": coupon, **acting})
    elif kind == "advance":
        world.advance("P1D")
    else:
        world.control("POST", f"sandboxes/{world.id}/state/{placement(kind)}", placed(kind, name, coupon, amount))


def placement(kind: str) -> str:
    kinds = {"grant": "quotas", "use": "coupon_uses", "give back": "coupon_returns", "hold": "coupon_holds"}
    return kinds.get(kind) or {"dissociation": "dissociations", "switch": "switches"}[kind]


def placed(kind: str, name: str, coupon: str, amount: Decimal) -> dict[str, Any]:
    account = "demo-customer" if name == "customer" else "demo-reseller-customer"
    if kind == "grant":
        return {"partner": "demo-partner", "amount": amount, "validity": {"expires": "P2D"}}
    if kind == "hold":
        return {"coupon": coupon, "frozen": amount > 150}
    if kind == "switch":
        return {"customer": account, "association": "referral" if amount > 150 else "partner_paid"}
    return {"customer": account} if kind == "dissociation" else {"coupon": coupon, "amount": amount, "order": "CS1"}


def partner_of(world: World, name: str) -> tuple[Caller, dict[str, str]]:
    """Who issues to a customer, and in whose name."""
    if name == "customer":
        return world.solution_provider, {}
    return world.distributor, {"indirect_partner_id": world.reseller.id}


def row_id(world: World, kind: str, number: int) -> str:
    ids = [row["id"] for row in world.look(kind)]
    return ids[number % len(ids)] if ids else "nothing"


def check_coupons(world: World) -> None:
    """A coupon's face value is what was used, what is left, what was reclaimed and what expired."""
    spent: dict[str, Decimal] = defaultdict(Decimal)
    for name in CUSTOMERS:
        period = {"balance_type": "BALANCE_TYPE_COUPON", "limit": 100}
        for row in world.caller(name)("ListCustomerCouponChangeRecords", **period)["records"]:
            income = row["trade_detail_type"] == "SOURCE_OPERAIION_UNSUBSCRIBE"
            if row["trade_detail_type"] != "SOURCE_OPERAIION_PRIZE":
                spent[row["coupon_id"]] += Decimal(row["change_amount"]) * (-1 if income else 1)
    for coupon in world.look("coupons"):
        left = Decimal(coupon["balance"])
        assert 0 <= left <= Decimal(coupon["face_value"])
        assert Decimal(coupon["face_value"]) == left + spent[coupon["id"]]
        assert (left > 0) == (coupon["status"] == 2)


def check_quotas(world: World) -> None:
    """A quota's balance is what was granted, less what was issued, and what returned."""
    expected = {row["id"]: Decimal(row["value"]) for row in world.look("quotas")}
    for name in CUSTOMERS:
        caller, acting = partner_of(world, name)
        for row in caller("ListPartnerCouponsRecord", limit=100, result="0", **acting)["records"]:
            returned = row["operation_type"] in RETURNS
            expected[row["quota_id"]] += row["operation_amount"] * (1 if returned else -1)
    for row in world.distributor("ListCouponQuotasRecords", limit=100)["records"]:
        issued = row["operation_type"] == "10"
        expected[row["parent_quota_id"]] += row["amount"] * (-1 if issued else 1)
        expected[row["quota_id"]] -= 0 if issued else row["amount"]
    assert {row["id"]: Decimal(row["balance"]) for row in world.look("quotas")} == expected
    assert all(balance >= 0 for balance in expected.values())
    assert not any(expected[row["id"]] for row in world.look("quotas", state="6")), (
        "nothing stays where it was reclaimed"
    )
