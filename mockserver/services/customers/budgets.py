"""Budgets of customers in the reseller model, and the quota of the partner that pays for them (international site).

Amounts are US dollars.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.clock import china_day
from mockserver.domain.entities import Budget, BudgetRecord, Customer, Partner
from mockserver.domain.ledger import CASH, ZERO
from mockserver.domain.sandbox import Sandbox
from mockserver.services.acting import acting_partner, calling_partner, sees
from mockserver.services.customers.resale import resale_fault
from mockserver.services.paging import page
from mockserver.services.registry import serves

MONTHLY = "MONTHLY"
MEASURE_ID = 1


@serves("UpdateSubCustomerBudget")
def set_budget(call: Call) -> Answer:
    """Set or replace a customer's budget, and lift its freeze if asked to.

    What is used stays used, unless the budget turns from monthly into one-off or back. A distributor sets budgets for
    a reseller only after granting it the right. Source: intl api-bpconsole/mt_01005.
    """
    partner = acting_partner(call)
    customer = _resold(call, partner)
    if not partner.may_set_budgets:
        raise call.refused("CBC.5004", f"{partner.name} has not been granted the budget right")
    amount, kind = call.body["budget_amount"], call.body["budget_type"]
    budget = budget_of(call.sandbox, customer, call.now)
    if kind != budget.kind:
        budget = replace(budget, kind=kind, used=ZERO)
    automatic = call.body.get("frozen_operate_type", int(budget.freeze_automatically)) == 1
    budget = replace(budget, amount=amount, freeze_automatically=automatic)
    call.sandbox.budgets.put(customer.id, budget)
    _record(call.sandbox, budget, "SETTING", partner.id, call.principal.user.name, call.now)
    if call.body["cancel_partner_frozen"] == "1":
        call.sandbox.customers.put(customer.id, replace(customer, freeze_type=None))
    return None


@serves("ShowSubCustomerBudget")
def show_budget(call: Call) -> Answer:
    """The budget of one customer and what is used of it. Source: intl api-bpconsole/mt_01004."""
    customer = _resold(call, acting_partner(call))
    return {**_shown(budget_of(call.sandbox, customer, call.now)), **_unit(call)}


@serves("ListSubCustomerBudget")
def list_budgets(call: Call) -> Answer:
    """The budgets of several customers; those that are not resold by the partner are left out.

    Source: intl api-bpconsole/mt_01006.
    """
    partner = acting_partner(call)
    named = (call.sandbox.customers.get(one) for one in dict.fromkeys(call.body["customer_ids"]))
    resold = [one for one in named if one and not resale_fault(call, partner, one)]
    budgets = [budget_of(call.sandbox, customer, call.now) for customer in resold]
    return {**_unit(call), "budget_infos": [{"customer_id": one.customer_id, **_shown(one)} for one in budgets]}


@serves("ListSubCustomerBudgetRecords")
def list_budget_records(call: Call) -> Answer:
    """When a customer's budget was set and ended, newest first. A customer that has left keeps its records.

    Source: intl api-bpconsole/mt_01007.
    """
    partner, customer_id = acting_partner(call), call.parameters["customer_id"]
    wanted = (customer_id, partner.id)
    made = [one for one in call.sandbox.budget_records if (one.customer_id, one.partner_id) == wanted]
    customer = call.sandbox.customers.get(customer_id)
    if customer is None or not (made or customer.partner_id == partner.id) or not sees(call, customer):
        raise call.refused("CBC.5004", f"{customer_id} never was a customer of {partner.name}")
    operation, kind = call.parameters.get("operation_type"), call.parameters.get("budget_type")
    records = [one for one in reversed(made) if operation in (None, one.operation) and kind in (None, one.kind)]
    rows = [_shown_record(one, partner) for one in page(call, records)]
    return {"total_count": len(records), **_unit(call), "record_list": rows}


@serves("ShowPartnerConsumptionQuota")
def show_consumption_quota(call: Call) -> Answer:
    """The most that the partner may owe the vendor, and how much of it is used: negative where nothing is.

    Source: intl api-bpconsole/cq_001.
    """
    partner = calling_partner(call)
    cash = call.sandbox.ledger.balance(partner.id, CASH)
    return {
        "consumption_quota": partner.consumption_quota,
        "amount": cash,
        "coupon_amount": partner.coupon_amount,
        "due_amount": partner.due_amount,
        "unbilled_amount": partner.unbilled_amount,
        "used_consumption_quota": partner.due_amount + partner.unbilled_amount - cash - partner.coupon_amount,
        **_unit(call),
    }


def budget_of(sandbox: Sandbox, customer: Customer, now: datetime) -> Budget:
    """The customer's budget with what is used of it by `now`; a monthly one of 0 if none was ever set."""
    budget = sandbox.budgets.get(customer.id) or Budget(customer.id, ZERO, MONTHLY)
    month = f"{china_day(now):%Y-%m}"
    stale = budget.kind == MONTHLY and budget.used_in != month
    return replace(budget, used=ZERO, used_in=month) if stale else budget


def draw(sandbox: Sandbox, customer: Customer, amount: Decimal, now: datetime) -> Budget:
    """Use `amount` of the budget, or give it back where it is negative; the partner owes it and has no bill yet.

    Beyond the budget the account is frozen, if the partner chose that to be automatic.
    """
    budget = budget_of(sandbox, customer, now)
    budget = sandbox.budgets.put(customer.id, replace(budget, used=max(ZERO, budget.used + amount)))
    partner = sandbox.partners.get(customer.partner_id)
    if partner is not None:
        sandbox.partners.put(partner.id, replace(partner, unbilled_amount=partner.unbilled_amount + amount))
    exceeded = amount > 0 and budget.used > budget.amount
    if exceeded and budget.freeze_automatically and customer.freeze_type is None:
        frozen = replace(customer, freeze_type="ACCOUNT", freeze_reason="budget exceeded")
        sandbox.customers.put(customer.id, frozen)
    return budget


def delete_budget(sandbox: Sandbox, customer: Customer, now: datetime) -> None:
    """End the budget with the association: to be called while the customer still has its partner."""
    budget = sandbox.budgets.get(customer.id)
    if budget is not None:
        sandbox.budgets.remove(customer.id)
        _record(sandbox, budget, "DELETE", customer.partner_id or "", "system", now)


def _resold(call: Call, partner: Partner) -> Customer:
    """The customer that the call names, if the partner resells to it."""
    sent = call.body if "customer_id" in call.body else call.parameters
    customer = call.sandbox.customers.get(sent["customer_id"])
    fault = resale_fault(call, partner, customer)
    if fault or customer is None:
        raise call.refused(fault, f"{partner.name} does not resell to {sent['customer_id']}")
    return customer


def _record(sandbox: Sandbox, budget: Budget, operation: str, partner_id: str, operator: str, now: datetime) -> None:
    number = sandbox.ids.serial("budget_record", now)
    record = BudgetRecord(number, budget.customer_id, operation, budget.kind, budget.amount, operator, partner_id, now)
    sandbox.budget_records.put(number, record)


def _shown(budget: Budget) -> dict[str, Any]:
    return {"budget_amount": budget.amount, "used_amount": budget.used, "budget_type": budget.kind}


def _shown_record(record: BudgetRecord, partner: Partner) -> dict[str, Any]:
    return {
        "budget_amount": record.amount,
        "operation_type": record.operation,
        "operation_time": record.time,
        "operator": record.operator,
        "budget_type": record.kind,
        "partner_corp_name": partner.corp_name,
        "partner_account_name": partner.name,
    }


def _unit(call: Call) -> dict[str, Any]:
    return {"measure_id": MEASURE_ID, "currency": call.sandbox.currency}
