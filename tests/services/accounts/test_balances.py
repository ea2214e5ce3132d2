"""What partners and customers have, owe and may spend."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.driver import Answer, Caller, World

PARTNER, CUSTOMERS = "ListPartnerBalances", "ListCustomersBalancesDetail"
OWN, QUOTA = "ShowCustomerAccountBalances", "ShowCustomerExpenditureQuota"


def ledgers(answer: Answer) -> dict[int, dict[str, Any]]:
    """Rows by account type, in the order of the answer."""
    return {row["account_type"]: row for row in answer["account_balances"]}


def amounts(answer: Answer) -> dict[int, Decimal]:
    return {kind: row["amount"] for kind, row in ledgers(answer).items()}


def ask(caller: Caller, *customers: str, **fields: Any) -> list[Any]:
    body = {"customer_infos": [{"customer_id": one} for one in customers], **fields}
    rows: list[Any] = caller(CUSTOMERS, body)["customer_balances"]
    return rows


def asked(caller: Caller, *customers: str, **fields: Any) -> list[str]:
    return [row["customer_id"] for row in ask(caller, *customers, **fields)]


# A partner's


def test_a_partner_has_cash_credit_and_what_can_be_allocated(world: World) -> None:
    assert amounts(world.solution_provider(PARTNER)) == {1: 100000, 2: 20000, 8: 99500}


def test_a_ledger_row_has_every_field(world: World) -> None:
    cash = ledgers(world.solution_provider(PARTNER))[1]
    assert cash.pop("account_id").startswith("AT")
    assert cash == {
        "account_type": 1,
        "amount": 100000,
        "currency": "CNY",
        "designated_amount": 500,
        "credit_amount": 0,
        "measure_id": 1,
        "memo": "",
    }


def test_the_credit_ledger_tells_its_line(world: World) -> None:
    credit = ledgers(world.solution_provider(PARTNER))[2]
    assert (credit["credit_amount"], credit["designated_amount"]) == (20000, 0)


def test_a_partner_without_a_credit_line_has_no_credit_ledger(world: World) -> None:
    assert amounts(world.distributor(PARTNER)) == {1: 200000, 8: 200000}


def test_a_partner_without_money_has_its_cash_ledger(world: World) -> None:
    world.place("partners", name="poor", kind="solution_provider", credential="poor")
    assert amounts(world.caller("poor")(PARTNER)) == {1: 0, 8: 0}


def test_designated_money_is_never_more_than_there_is(world: World) -> None:
    world.place("withdrawals", account="demo-partner", amount="99700")
    rows = ledgers(world.solution_provider(PARTNER))
    assert (rows[1]["amount"], rows[1]["designated_amount"], rows[8]["amount"]) == (300, 300, 0)


def test_ledger_ids_stay(world: World) -> None:
    before = [row["account_id"] for row in world.solution_provider(PARTNER)["account_balances"]]
    world.place("top_ups", account="demo-partner", amount="1")
    assert [row["account_id"] for row in world.solution_provider(PARTNER)["account_balances"]] == before


def test_a_distributor_reads_its_resellers_balance(world: World) -> None:
    assert amounts(world.distributor(PARTNER, indirect_partner_id=world.reseller.id)) == {1: 5000, 8: 5000}


def test_another_partner_is_no_reseller_of_the_distributor(world: World) -> None:
    foreign = world.solution_provider.id
    assert world.distributor(PARTNER, indirect_partner_id=foreign).refused == (400, "CBC.99000037")


def test_a_solution_provider_reads_its_own_whatever_it_names(world: World) -> None:
    assert amounts(world.solution_provider(PARTNER, indirect_partner_id="nobody"))[1] == 100000


@pytest.mark.parametrize("caller", ["reseller", "customer", "referral_customer"])
def test_who_is_no_selling_partner_hears_so_with_status_200(world: World, caller: str) -> None:
    answer = world.caller(caller)(PARTNER)
    assert answer.refused == (200, "CBC.5001")
    assert "account_balances" not in answer.body


def test_an_operator_without_items_is_refused_with_403(world: World) -> None:
    assert world.operator_limited(PARTNER).refused == (403, "CBC.0151")


def test_a_resellers_id_of_65_characters_is_refused(world: World) -> None:
    assert world.distributor(PARTNER, indirect_partner_id="x" * 65).refused == (400, "CBC.0100")


# Many customers'


def test_a_partner_reads_what_its_customers_have_and_owe(world: World) -> None:
    world.place("arrears", customer="demo-customer", amount="7.5")
    assert ask(world.solution_provider, world.customer.id) == [
        {
            "customer_id": world.customer.id,
            "debt_amount": Decimal("7.50"),
            "amount": 150,
            "currency": "CNY",
            "measure_id": 1,
        }
    ]


def test_rows_come_as_asked_for_and_each_once(world: World) -> None:
    second = world.place("customers", name="second", partner="demo-partner")["id"]
    first = world.customer.id
    assert asked(world.solution_provider, second, first, second) == [second, first]


def test_a_customer_never_funded_has_nothing(world: World) -> None:
    second = world.place("customers", name="second", partner="demo-partner")["id"]
    assert ask(world.solution_provider, second)[0]["amount"] == 0


def test_referral_foreign_and_unknown_customers_are_left_out(world: World) -> None:
    others = [world.referral_customer.id, world.reseller_customer.id, "unknown"]
    assert asked(world.solution_provider, *others, world.customer.id) == [world.customer.id]
    assert asked(world.solution_provider, *others) == []


def test_a_distributor_reads_its_resellers_customers(world: World) -> None:
    wanted = world.reseller_customer.id
    assert asked(world.distributor, wanted, indirect_partner_id=world.reseller.id) == [wanted]
    assert asked(world.distributor, wanted) == []


def test_the_customers_of_a_foreign_reseller_are_refused(world: World) -> None:
    body = {"customer_infos": [{"customer_id": "x"}], "indirect_partner_id": "nobody"}
    assert world.distributor(CUSTOMERS, body).refused == (400, "CBC.99000037")


def test_an_account_manager_reads_his_customers_only(world: World) -> None:
    second = world.place("customers", name="second", partner="demo-partner")["id"]
    assert asked(world.account_manager, world.customer.id, second) == [world.customer.id]


@pytest.mark.parametrize("infos", [None, [], [{}], [{"customer_id": ""}], [{"customer_id": "x"}] * 101, "x"])
def test_one_to_a_hundred_customers_must_be_named(world: World, infos: Any) -> None:
    assert world.solution_provider(CUSTOMERS, {"customer_infos": infos}).refused == (400, "CBC.0100")


def test_a_hundred_customers_can_be_named(world: World) -> None:
    assert asked(world.solution_provider, *[f"customer-{number}" for number in range(100)]) == []


@pytest.mark.parametrize("caller", ["reseller", "customer", "operator_limited"])
def test_who_may_not_read_customers_balances(world: World, caller: str) -> None:
    body = {"customer_infos": [{"customer_id": "x"}]}
    assert world.caller(caller)(CUSTOMERS, body).refused == (403, "CBC.0151")


# A customer's own


def test_a_partner_paid_customer_reads_allocated_money_as_its_cash(world: World) -> None:
    body = world.customer(OWN).ok.body
    assert body.pop("account_balances")[0].items() >= {"account_type": 1, "amount": 150, "credit_amount": 0}.items()
    assert body == {"debt_amount": 0, "measure_id": 1, "currency": "CNY"}


def test_a_referral_customer_has_its_cash_and_its_credit(world: World) -> None:
    rows = ledgers(world.referral_customer(OWN))
    assert {kind: (row["amount"], row["credit_amount"]) for kind, row in rows.items()} == {1: (80, 0), 2: (100, 100)}


def test_used_credit_lowers_the_ledger_and_not_the_line(world: World) -> None:
    world.place("expenses", customer="demo-referral", amount="95.25")
    rows = ledgers(world.referral_customer(OWN))
    assert (rows[1]["amount"], rows[2]["amount"], rows[2]["credit_amount"]) == (0, Decimal("84.75"), 100)


def test_arrears_stand_apart_from_the_balance(world: World) -> None:
    world.place("arrears", customer="demo-customer", amount="12.50")
    assert amounts(world.customer(OWN)) == {1: 150}
    assert world.customer(OWN)["debt_amount"] == Decimal("12.50")
    world.place("arrears", customer="demo-customer", amount="0")
    assert world.customer(OWN)["debt_amount"] == 0


def test_a_customer_without_money_has_its_cash_ledger(world: World) -> None:
    world.place("customers", name="new", partner="demo-partner", credential="new")
    assert amounts(world.caller("new")(OWN)) == {1: 0}


def test_abroad_a_referral_customer_reads_dollars(abroad: World) -> None:
    body = abroad.referral_customer(OWN).ok.body
    assert (body["currency"], body["account_balances"][0]["currency"]) == ("USD", "USD")


def test_a_reseller_model_customer_has_no_account(world: World, abroad: World) -> None:
    assert abroad.customer(OWN).refused == (400, "CBC.99000049")
    world.place("customers", name="resold", credential="resold", partner="demo-partner", association="reseller_model")
    assert world.caller("resold")(OWN).refused == (400, "CBC.99000049")


@pytest.mark.parametrize("caller", ["solution_provider", "operator", "customer_user"])
def test_only_the_customer_reads_its_balance(world: World, caller: str) -> None:
    assert world.caller(caller)(OWN).refused == (403, "CBC.0151")


def test_a_customers_user_with_the_action_reads_it_too(world: World) -> None:
    world.place("users", account="demo-customer", name="demo-customer-user", actions=["billing:balance:view"])
    assert amounts(world.customer_user(OWN)) == {1: 150}


# The expenditure quota abroad


def test_a_monthly_settled_customer_reads_its_quota(abroad: World) -> None:
    abroad.place("customers", name="demo-referral", granting_amount="200", granting_amount_used="122")
    assert abroad.referral_customer(QUOTA).ok.body == {
        "granting_amount": 200,
        "granting_amount_used": 122,
        "percentage_granting_amount_used": Decimal("0.61"),
        "measure_id": 1,
        "currency": "USD",
    }


def test_of_a_quota_of_nothing_nothing_is_used(abroad: World) -> None:
    abroad.place("customers", name="demo-referral", granting_amount="0")
    assert abroad.referral_customer(QUOTA)["percentage_granting_amount_used"] == 0


def test_a_customer_without_a_quota_gets_an_empty_answer(abroad: World) -> None:
    assert abroad.referral_customer(QUOTA).ok.body == {}


def test_a_reseller_model_customer_has_no_quota(abroad: World) -> None:
    abroad.place("customers", name="demo-customer", granting_amount="200")
    assert abroad.customer(QUOTA).ok.body == {}


@pytest.mark.parametrize("caller", ["solution_provider", "customer_user"])
def test_only_the_customer_reads_its_quota(abroad: World, caller: str) -> None:
    assert abroad.caller(caller)(QUOTA).refused == (403, "CBC.0151")


@pytest.mark.parametrize(("site", "operation"), [("cn", OWN), ("intl", OWN), ("intl", QUOTA)])
def test_a_call_without_parameters_answers_cbc_0100_only_as_a_placed_fault(
    new_world: Callable[..., World], site: str, operation: str
) -> None:
    world = new_world(site=site)
    world.control("PUT", f"sandboxes/{world.id}/faults", [{"operation": operation, "code": "CBC.0100", "times": 1}])
    assert world.referral_customer(operation).refused == (400, "CBC.0100")
    assert world.referral_customer(operation).status == 200
