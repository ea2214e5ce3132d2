"""What the tests of the statements share: moving money, and reading the records it leaves."""

from __future__ import annotations

from typing import Any

from tests.driver import Caller, World

PARTNER, CUSTOMER, ADJUSTMENTS = (
    "ListPartnerAccountChangeRecords",
    "ListCustomerAccountChangeRecords",
    "ListPartnerAdjustRecords",
)
BEADJUST, BERETRIEVE, BEUNBIND = (f"SOURCE_OPERATION_{kind}" for kind in ("BEADJUST", "BERETRIEVE", "BEUNBIND"))
DEBIT, CREDIT = "BALANCE_TYPE_DEBIT", "BALANCE_TYPE_CREDIT"
BOTH_STATEMENTS = [("solution_provider", PARTNER), ("referral_customer", CUSTOMER)]


def records(caller: Caller, operation: str = PARTNER, **filters: Any) -> list[dict[str, Any]]:
    """The rows, newest first."""
    parameters = {"limit": 100, **({} if operation == ADJUSTMENTS else {"balance_type": DEBIT}), **filters}
    answer = caller(operation, **parameters)
    rows: list[dict[str, Any]] = answer["records"]
    assert answer["total_count"] == len(rows)
    return rows


def amounts(caller: Caller, operation: str = PARTNER, **filters: Any) -> list[str]:
    return [row.get("change_amount") or row["amount"] for row in records(caller, operation, **filters)]


def allocate(world: World, amount: Any, customer: str = "customer") -> str:
    body = {"customer_id": world.caller(customer).id, "amount": amount}
    return str(world.solution_provider("UpdateCustomerAccountAmount", body)["transfer_id"])


def reclaim(world: World, amount: Any) -> str:
    body = {"customer_id": world.customer.id, "amount": amount}
    return str(world.solution_provider("ReclaimToPartnerAccount", body)["trans_id"])


def top_up(world: World, account: str, amount: str, **fields: str) -> None:
    world.place("top_ups", account=account, amount=amount, **fields)


def fund_reseller(world: World, amount: Any) -> None:
    body = {"indirect_partner_id": world.reseller.id, "amount": amount}
    assert world.distributor("UpdateIndirectPartnerAccount", body)["transfer_id"]


def second_customer(world: World) -> str:
    world.place("customers", name="second", credential="second", partner="demo-partner")
    return "second"
