"""The reseller model of the international site."""

from __future__ import annotations

from tests.contracts.mutants.diary import Diary
from tests.contracts.mutants.walks.people import people
from tests.contracts.mutants.walks.trade import trade
from tests.contracts.mutants.walks.words import CUSTOMER, REFERRAL


def resold(diary: Diary) -> None:
    """Abroad: freezing, budgets, quotas of partners and customers."""
    partner, customer = "solution_provider", diary.id("customer")
    for kind in ("ACCOUNT_AND_RESOURCE", "ACCOUNT"):
        diary.call(partner, "FreezeSubCustomers", {"customer_ids": [customer, "x"], "reason": "r", "freeze_type": kind})
        diary.call(
            partner, "UnfreezeSubCustomers", {"customer_ids": [customer], "reason": "r", "unfreeze_type": "ACCOUNT"}
        )
        diary.call(partner, "ListSubCustomers", {"customer_id": customer})
    diary.place("budget_usage", customer=CUSTOMER, amount="12.34")
    for lifts in ("1", "0"):
        body = {"customer_id": customer, "budget_amount": 77, "budget_type": "PACKAGE", "cancel_partner_frozen": lifts}
        diary.call(partner, "FreezeSubCustomers", {"customer_ids": [customer], "reason": "r"})
        diary.call(partner, "UpdateSubCustomerBudget", body)
        diary.call(partner, "ShowSubCustomerBudget", customer_id=customer)
    diary.call("distributor", "ShowSubCustomerBudget", customer_id=customer)
    diary.call(partner, "UpdateSubCustomerBudget", {"customer_id": customer, "budget_amount": 50})
    diary.place("budget_usage", customer=CUSTOMER, amount="1.50")
    diary.place("customers", name=CUSTOMER, granting_amount="100", granting_amount_used="25")
    diary.place("customers", name=REFERRAL, granting_amount="100", granting_amount_used="25")
    for who in ("customer", "referral_customer"):
        diary.call(who, "ShowCustomerExpenditureQuota")
    diary.call(partner, "ShowPartnerConsumptionQuota")
    diary.call(partner, "ListSubCustomerBudgetRecords", customer_id=customer, limit=1)
    diary.wait("P1M")
    diary.call(partner, "ShowSubCustomerBudget", customer_id=customer)
    people(diary)
    trade(diary)
