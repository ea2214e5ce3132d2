"""A distributor's resellers: listing them, funding them, taking money back."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from tests.driver import Answer, Caller, World

LIST, ALLOCATE, RECLAIM = "ListIndirectPartners", "UpdateIndirectPartnerAccount", "ReclaimIndirectPartnerAccount"


@pytest.fixture
def three(world: World) -> World:
    """Two more resellers, associated half a year and a month ago; the third is in the charge of one of its people."""
    world.place("partners", name="west", kind="reseller", distributor="demo-distributor", associated="-P6M")
    world.place(
        "partners",
        name="east-sales",
        kind="reseller",
        distributor="demo-distributor",
        associated="2026-02-02T02:00:00Z",
        account_manager="anna",
    )
    world.place(
        "users",
        account="demo-distributor",
        name="anna",
        credential="anna",
        role="account_manager",
        items=["BPC_ITEM_SALES_020100", "BPC_ITEM_SALES_020104", "BPC_ITEM_SALES_020105"],
    )
    return world


def names(caller: Caller, **filters: Any) -> list[str]:
    return [row["account_name"] for row in caller(LIST, filters)["indirect_partners"]]


def reseller_id(world: World, name: str) -> str:
    return str(world.look("partners", name=name)[0]["id"])


def move(caller: Caller, operation: str, reseller: str, amount: Any) -> Answer:
    return caller(operation, {"indirect_partner_id": reseller, "amount": amount})


def cash(world: World, **parameters: str) -> Decimal:
    amount: Decimal = world.distributor("ListPartnerBalances", **parameters)["account_balances"][0]["amount"]
    return amount


# Listing


def test_a_distributor_lists_its_resellers(world: World) -> None:
    assert world.distributor(LIST, {}).ok.body == {
        "count": 1,
        "indirect_partners": [
            {
                "indirect_partner_id": world.reseller.id,
                "mobile_phone": "13800000003",
                "email": "reseller@example.com",
                "account_name": "demo-reseller",
                "name": "Demo Reseller Ltd",
                "associated_on": "2025-03-02T02:00:00Z",
                "account_manager_id": "demo-distributor",
                "account_manager_name": "demo-distributor",
            }
        ],
    }


def test_abroad_resellers_are_listed_too(abroad: World) -> None:
    assert names(abroad.distributor) == ["demo-reseller"]


def test_the_newest_association_comes_first(three: World) -> None:
    assert names(three.distributor) == ["east-sales", "west", "demo-reseller"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"account_name": "s"}, ["east-sales", "west", "demo-reseller"]),
        ({"account_name": "sales"}, ["east-sales"]),
        ({"account_name": "SALES"}, ["east-sales"]),
        ({"account_name": "nobody"}, []),
        ({"account_name": ""}, ["east-sales", "west", "demo-reseller"]),
        ({"account_name": None}, ["east-sales", "west", "demo-reseller"]),
        ({"associated_on_begin": "2025-09-02T01:59:59Z"}, ["east-sales", "west"]),
        ({"associated_on_begin": "2025-09-02T02:00:00Z"}, ["east-sales"]),
        ({"associated_on_end": "2026-02-02T02:00:00Z"}, ["west", "demo-reseller"]),
        ({"associated_on_end": "2026-02-02T02:00:01Z", "associated_on_begin": "2026-01-01T00:00:00Z"}, ["east-sales"]),
        ({"associated_on_begin": None, "associated_on_end": None}, ["east-sales", "west", "demo-reseller"]),
        ({"indirect_partner_id": ""}, ["east-sales", "west", "demo-reseller"]),
        ({"indirect_partner_id": "nobody"}, []),
    ],
)
def test_each_filter_filters(three: World, filters: dict[str, Any], found: list[str]) -> None:
    assert names(three.distributor, **filters) == found


def test_one_reseller_is_found_by_its_id(three: World) -> None:
    assert names(three.distributor, indirect_partner_id=reseller_id(three, "west")) == ["west"]


def test_another_distributors_reseller_is_not_found(three: World) -> None:
    three.place("partners", name="other", kind="distributor", credential="other")
    assert names(three.caller("other")) == []
    assert names(three.caller("other"), indirect_partner_id=three.reseller.id) == []


def test_offset_skips_rows_and_limit_bounds_them(three: World) -> None:
    answer = three.distributor(LIST, {"offset": 1, "limit": 1})
    assert answer["count"] == 3
    assert [row["account_name"] for row in answer["indirect_partners"]] == ["west"]
    assert names(three.distributor, offset=3) == []


def test_ten_rows_come_by_default(world: World) -> None:
    for number in range(11):
        world.place("partners", name=f"reseller-{number}", kind="reseller", distributor="demo-distributor")
    assert len(names(world.distributor)) == 10
    assert len(names(world.distributor, limit=100)) == 12


def test_an_account_manager_lists_his_resellers(three: World) -> None:
    assert names(three.caller("anna")) == ["east-sales"]


@pytest.mark.parametrize(
    "body",
    [
        {"associated_on_begin": ""},
        {"associated_on_end": "2026-01-01"},
        {"account_name": "x" * 65},
        {"account_name": 5},
        {"indirect_partner_id": "x" * 65},
        {"offset": -1},
        {"limit": 0},
        {"limit": 101},
    ],
)
def test_what_breaks_the_rules_is_refused(world: World, body: dict[str, Any]) -> None:
    assert world.distributor(LIST, body).refused == (400, "CBC.0100")


# Moving money


@pytest.mark.parametrize("amount", [Decimal("99.99"), "99.99"])
def test_an_allocation_moves_money_to_the_reseller(world: World, amount: Any) -> None:
    body = move(world.distributor, ALLOCATE, world.reseller.id, amount).ok.body
    assert list(body) == ["transfer_id"]
    assert re.fullmatch(r"AD260302100001[0-9a-f]{6}", body["transfer_id"])
    assert cash(world) == Decimal("199900.01")
    assert cash(world, indirect_partner_id=world.reseller.id) == Decimal("5099.99")


def test_a_reclaim_moves_money_back(world: World) -> None:
    body = move(world.distributor, RECLAIM, world.reseller.id, "0.01").ok.body
    assert list(body) == ["trans_id"]
    assert re.fullmatch(r"RE260302100001[0-9a-f]{6}", body["trans_id"])
    assert cash(world) == Decimal("200000.01")
    assert cash(world, indirect_partner_id=world.reseller.id) == Decimal("4999.99")


def test_more_than_the_distributor_has_is_refused(world: World) -> None:
    with world.unchanged():
        answer = move(world.distributor, ALLOCATE, world.reseller.id, "200000.01")
    assert answer.refused == (400, "CBC.99005003")
    assert move(world.distributor, ALLOCATE, world.reseller.id, 200000)["transfer_id"]


def test_designated_money_cannot_be_allocated(world: World) -> None:
    world.place("designations", account="demo-distributor", amount="199999")
    assert move(world.distributor, ALLOCATE, world.reseller.id, 2).refused == (400, "CBC.99005003")
    assert move(world.distributor, ALLOCATE, world.reseller.id, 1)["transfer_id"]


def test_more_than_the_reseller_has_is_refused(world: World) -> None:
    with world.unchanged():
        answer = move(world.distributor, RECLAIM, world.reseller.id, "5000.01")
    assert answer.refused == (400, "CBC.99005003")


def test_designated_money_can_be_reclaimed(world: World) -> None:
    world.place("designations", account="demo-reseller", amount="5000")
    assert move(world.distributor, RECLAIM, world.reseller.id, 5000)["trans_id"]


def test_what_the_reseller_allocated_has_left_its_balance(world: World) -> None:
    body = {"customer_id": world.reseller_customer.id, "amount": 4000, "indirect_partner_id": world.reseller.id}
    assert world.distributor("UpdateCustomerAccountAmount", body)["transfer_id"]
    assert move(world.distributor, RECLAIM, world.reseller.id, 1001).refused == (400, "CBC.99005003")


@pytest.mark.parametrize("operation", [ALLOCATE, RECLAIM])
class TestBothMoves:
    def test_a_repeated_call_books_again(self, world: World, operation: str) -> None:
        answers = [move(world.distributor, operation, world.reseller.id, 1).ok.body for _ in range(2)]
        assert answers[0] != answers[1]
        assert abs(cash(world) - 200000) == 2

    @pytest.mark.parametrize("whose", ["solution_provider", "distributor", "reseller_customer"])
    def test_who_is_no_reseller_of_the_distributor_is_refused(self, world: World, operation: str, whose: str) -> None:
        assert move(world.distributor, operation, world.caller(whose).id, 1).refused == (400, "CBC.99000037")

    def test_an_account_manager_moves_money_of_his_resellers_only(self, three: World, operation: str) -> None:
        three.place("top_ups", account="east-sales", amount="10")
        assert move(three.caller("anna"), operation, reseller_id(three, "east-sales"), 1).status == 200
        answer = move(three.caller("anna"), operation, three.reseller.id, 1)
        assert answer.refused == (400, "CBC.99000037")

    @pytest.mark.parametrize("amount", [0, -1, "1.001", Decimal("0.001"), "", "ten", None, 10**12])
    def test_a_malformed_amount_is_refused(self, world: World, operation: str, amount: Any) -> None:
        assert move(world.distributor, operation, world.reseller.id, amount).refused == (400, "CBC.0100")

    @pytest.mark.parametrize("reseller", ["", None, "x" * 65])
    def test_a_reseller_must_be_named(self, world: World, operation: str, reseller: Any) -> None:
        assert move(world.distributor, operation, reseller, 1).refused == (400, "CBC.0100")


@pytest.mark.parametrize("operation", [LIST, ALLOCATE, RECLAIM])
@pytest.mark.parametrize("caller", ["solution_provider", "reseller", "customer"])
def test_only_a_distributor_has_resellers(world: World, operation: str, caller: str) -> None:
    body = {} if operation == LIST else {"indirect_partner_id": "x", "amount": 1}
    assert world.caller(caller)(operation, body).refused == (403, "CBC.0151")


def test_an_illegal_operation_moves_nothing(world: World) -> None:
    fault = {"operation": ALLOCATE, "code": "CBC.0150", "times": 1}
    world.control("PUT", f"sandboxes/{world.id}/faults", [fault])
    assert move(world.distributor, ALLOCATE, world.reseller.id, 1).refused == (403, "CBC.0150")
    assert cash(world) == 200000
