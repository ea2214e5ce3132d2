"""Moving money between partners and customers."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from tests.driver import Answer, Caller, World

ALLOCATE, RECLAIM = "UpdateCustomerAccountAmount", "ReclaimToPartnerAccount"
CENT = Decimal("0.01")


def allocate(caller: Caller, customer: Caller, amount: Any, **fields: Any) -> Answer:
    return caller(ALLOCATE, {"customer_id": customer.id, "amount": amount, **fields})


def reclaim(caller: Caller, customer: Caller, amount: Any, **fields: Any) -> Answer:
    return caller(RECLAIM, {"customer_id": customer.id, "amount": amount, **fields})


def cash(partner: Caller, **parameters: Any) -> Decimal:
    amount: Decimal = partner("ListPartnerBalances", **parameters)["account_balances"][0]["amount"]
    return amount


def allocatable(partner: Caller) -> Decimal:
    amount: Decimal = partner("ListPartnerBalances")["account_balances"][-1]["amount"]
    return amount


def held(customer: Caller) -> Decimal:
    amount: Decimal = customer("ShowCustomerAccountBalances")["account_balances"][0]["amount"]
    return amount


def other_customer(world: World, **fields: Any) -> Caller:
    """A second customer of the solution provider, in nobody's charge."""
    world.place("customers", name="other", credential="other", partner="demo-partner", **fields)
    return world.caller("other")


# Allocating


@pytest.mark.parametrize("amount", [Decimal("12.34"), "12.34"])
def test_allocating_moves_the_amount_from_the_partner_to_the_customer(world: World, amount: Any) -> None:
    assert allocate(world.solution_provider, world.customer, amount)["transfer_id"]
    assert cash(world.solution_provider) == Decimal("99987.66")
    assert held(world.customer) == Decimal("162.34")


def test_the_answer_names_the_movement_and_nothing_else(world: World) -> None:
    body = allocate(world.solution_provider, world.customer, 1).ok.body
    assert list(body) == ["transfer_id"]
    assert re.fullmatch(r"AD260302100001[0-9a-f]{6}", body["transfer_id"])


def test_a_repeated_allocation_books_again(world: World) -> None:
    first, second = (allocate(world.solution_provider, world.customer, 10)["transfer_id"] for _ in range(2))
    assert first != second
    assert held(world.customer) == 170


def test_everything_not_designated_can_be_allocated(world: World) -> None:
    assert allocate(world.solution_provider, world.customer, 99500)["transfer_id"]
    assert cash(world.solution_provider) == 500
    assert allocatable(world.solution_provider) == 0


def test_a_cent_more_is_refused_and_moves_nothing(world: World) -> None:
    beyond = allocatable(world.solution_provider) + CENT
    with world.unchanged():
        assert allocate(world.solution_provider, world.customer, beyond).refused == (400, "CBC.5003")


def test_credit_cannot_be_allocated(world: World) -> None:
    world.place("credit_lines", account="demo-partner", amount="900000")
    assert allocate(world.solution_provider, world.customer, 100000).refused == (400, "CBC.5003")


def test_later_spending_does_not_touch_the_partner_again(world: World) -> None:
    assert allocate(world.solution_provider, world.customer, 50)["transfer_id"]
    world.place("expenses", customer="demo-customer", amount="120")
    assert cash(world.solution_provider) == 99950
    assert held(world.customer) == 80


def test_an_allocation_does_not_repay_arrears(world: World) -> None:
    world.place("arrears", customer="demo-customer", amount="30")
    assert allocate(world.solution_provider, world.customer, 50)["transfer_id"]
    assert held(world.customer) == 200
    assert world.customer("ShowCustomerAccountBalances")["debt_amount"] == 30


def test_a_customer_never_funded_can_be_funded(world: World) -> None:
    other = other_customer(world)
    assert allocate(world.solution_provider, other, 5)["transfer_id"]
    assert held(other) == 5


# Reclaiming


@pytest.mark.parametrize("amount", [Decimal("150.00"), "0.01"])
def test_reclaiming_moves_the_amount_back(world: World, amount: Any) -> None:
    assert reclaim(world.solution_provider, world.customer, amount)["trans_id"]
    assert cash(world.solution_provider) == 100000 + Decimal(amount)
    assert held(world.customer) == 150 - Decimal(amount)


def test_a_reclaim_calls_its_movement_trans_id(world: World) -> None:
    body = reclaim(world.solution_provider, world.customer, 1).ok.body
    assert list(body) == ["trans_id"]
    assert re.fullmatch(r"RE260302100001[0-9a-f]{6}", body["trans_id"])


def test_more_than_is_left_cannot_be_reclaimed(world: World) -> None:
    world.place("expenses", customer="demo-customer", amount="100")
    with world.unchanged():
        assert reclaim(world.solution_provider, world.customer, "50.01").refused == (400, "CBC.99005003")
    assert reclaim(world.solution_provider, world.customer, 50)["trans_id"]


def test_arrears_do_not_lower_what_can_be_reclaimed(world: World) -> None:
    world.place("arrears", customer="demo-customer", amount="30")
    assert reclaim(world.solution_provider, world.customer, 150)["trans_id"]


@pytest.mark.parametrize("customer", ["other", "referral_customer"])
def test_without_allocated_money_there_is_nothing_to_reclaim_from(world: World, customer: str) -> None:
    other_customer(world)
    with world.unchanged():
        refused = reclaim(world.solution_provider, world.caller(customer), 1).refused
    assert refused == (400, "CBC.99000047")


# For a reseller


def test_a_distributor_funds_a_customer_from_its_resellers_balance(world: World) -> None:
    reseller = world.reseller.id
    assert allocate(world.distributor, world.reseller_customer, 40, indirect_partner_id=reseller)["transfer_id"]
    assert cash(world.distributor) == 200000
    assert cash(world.distributor, indirect_partner_id=reseller) == 4960
    assert held(world.reseller_customer) == 100


def test_the_resellers_balance_is_the_bound(world: World) -> None:
    refused = allocate(world.distributor, world.reseller_customer, "5000.01", indirect_partner_id=world.reseller.id)
    assert refused.refused == (400, "CBC.5003")


def test_a_distributor_reclaims_to_its_resellers_balance(world: World) -> None:
    assert reclaim(world.distributor, world.reseller_customer, 60, indirect_partner_id=world.reseller.id)["trans_id"]
    assert cash(world.distributor, indirect_partner_id=world.reseller.id) == 5060


@pytest.mark.parametrize("named", ["", "0" * 32])
def test_a_solution_provider_names_a_reseller_in_vain(world: World, named: str) -> None:
    assert allocate(world.solution_provider, world.customer, 1, indirect_partner_id=named)["transfer_id"]
    assert reclaim(world.solution_provider, world.customer, 1, indirect_partner_id=named)["trans_id"]


# Refusals of both


@pytest.mark.parametrize("move", [allocate, reclaim])
class TestBoth:
    def test_a_foreign_reseller_is_refused(self, world: World, move: Any) -> None:
        foreign = {"indirect_partner_id": world.solution_provider.id}
        assert move(world.distributor, world.reseller_customer, 1, **foreign).refused == (400, "CBC.99000037")

    def test_a_customer_of_another_partner_is_refused(self, world: World, move: Any) -> None:
        assert move(world.solution_provider, world.reseller_customer, 1).refused == (400, "CBC.99000035")

    def test_a_resellers_customer_is_not_the_distributors_own(self, world: World, move: Any) -> None:
        assert move(world.distributor, world.reseller_customer, 1).refused == (400, "CBC.99000035")

    def test_a_customer_that_left_is_refused(self, world: World, move: Any) -> None:
        world.place("dissociations", customer="demo-customer")
        assert move(world.solution_provider, world.customer, 1).refused == (400, "CBC.99000035")

    def test_an_account_manager_moves_money_of_his_customers_only(self, world: World, move: Any) -> None:
        other = other_customer(world, allocated="10")
        assert move(world.account_manager, world.customer, 1).status == 200
        with world.unchanged():
            assert move(world.account_manager, other, 1).refused == (400, "CBC.99000000")

    @pytest.mark.parametrize("amount", [0, -1, "1.001", Decimal("0.005"), "", "ten", None, True, 2147483648])
    def test_a_malformed_amount_is_refused(self, world: World, move: Any, amount: Any) -> None:
        assert move(world.solution_provider, world.customer, amount).refused == (400, "CBC.0100")

    def test_an_operator_needs_an_item(self, world: World, move: Any) -> None:
        assert move(world.operator, world.customer, 1).status == 200
        assert move(world.operator_limited, world.customer, 1).refused == (403, "CBC.0151")

    @pytest.mark.parametrize("caller", ["reseller", "customer"])
    def test_resellers_and_customers_may_not_call(self, world: World, move: Any, caller: str) -> None:
        assert move(world.caller(caller), world.reseller_customer, 1).refused == (403, "CBC.0151")


def test_a_referral_customer_cannot_be_funded(world: World) -> None:
    assert allocate(world.solution_provider, world.referral_customer, 1).refused == (400, "CBC.99000000")
