"""What partners and customers have, owe and may spend."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.entities import PARTNER_PAID, RESELLER_MODEL, Customer
from mockserver.domain.ledger import ALLOCATED, CASH, CREDIT, LedgerAccount
from mockserver.services.acting import acting_partner, calling_customer, sees
from mockserver.services.registry import serves
from mockserver.services.spending import paying_book

CASH_TYPE, CREDIT_TYPE, ALLOCATABLE_TYPE = 1, 2, 8
"""Account types. Bonus (5) and deposit (7) belong to an older business model."""

ALLOCATABLE = "allocatable"
"""A book that nothing is ever posted to: it shows how much of the cash can be allocated now."""

MAIN_UNIT = 1


@serves("ListPartnerBalances")
def list_partner_balances(call: Call) -> Answer:
    """The ledgers of a partner, or of a reseller that its distributor names: cash, credit if there is a line, and the
    virtual one of what can be allocated. Source: api-bpconsole/mt_060003.
    """
    partner, ledger = acting_partner(call), call.sandbox.ledger
    cash, credit = ledger.book(partner.id, CASH), ledger.find(partner.id, CREDIT)
    allocatable = replace(ledger.book(partner.id, ALLOCATABLE), balance=cash.available)
    ledgers = [(CASH_TYPE, cash), (CREDIT_TYPE, credit), (ALLOCATABLE_TYPE, allocatable)]
    return {"account_balances": [{**_row(call, kind, book), "memo": ""} for kind, book in ledgers if book]}


@serves("ListCustomersBalancesDetail")
def list_customers_balances(call: Call) -> Answer:
    """What partner-paid customers can spend and what they owe, in the order asked for.

    Others are left out silently: a referral customer tops up with the vendor, which is not the partner's to see.
    Source: api-bpconsole/mt_060004.
    """
    partner, ledger = acting_partner(call), call.sandbox.ledger
    asked = dict.fromkeys(one["customer_id"] for one in call.body["customer_infos"])
    customers = [customer for one in asked if (customer := call.sandbox.customers.get(one))]
    return {
        "customer_balances": [
            {
                "customer_id": one.id,
                "debt_amount": ledger.arrears(one.id),
                "amount": ledger.balance(one.id, ALLOCATED),
                **unit(call),
            }
            for one in customers
            if one.partner_id == partner.id and one.association_type == PARTNER_PAID and sees(call, one)
        ]
    }


@serves("ShowCustomerAccountBalances")
def show_customer_balances(call: Call) -> Answer:
    """The calling customer's ledgers and its arrears, which do not lower them.

    A partner-paid customer reads what it was allocated as its cash; it has no credit. Source: api-oce/mac_00001.
    """
    customer, ledger = calling_customer(call), call.sandbox.ledger
    refuse_resale(call, customer)
    credit = ledger.find(customer.id, CREDIT) if customer.association_type != PARTNER_PAID else None
    ledgers = [(CASH_TYPE, ledger.book(customer.id, paying_book(customer))), (CREDIT_TYPE, credit)]
    return {
        "account_balances": [_row(call, kind, book) for kind, book in ledgers if book],
        "debt_amount": ledger.arrears(customer.id),
        **unit(call),
    }


@serves("ShowCustomerExpenditureQuota")
def show_expenditure_quota(call: Call) -> Answer:
    """How much a customer settled monthly may spend, and has spent, in US dollars.

    Customers without a quota, as all of the reseller model are, get an empty answer. Source: intl api-oce/mac_00004.
    """
    customer = calling_customer(call)
    granted = customer.granting_amount
    if granted is None or customer.association_type == RESELLER_MODEL:
        return {}
    used = customer.granting_amount_used
    return {
        "granting_amount": granted,
        "granting_amount_used": used,
        "percentage_granting_amount_used": used / granted if granted else Decimal(0),
        **unit(call),
    }


def refuse_resale(call: Call, customer: Customer) -> None:
    """Refuse with CBC.99000049 a customer of the reseller model: its partner is billed, it has no account."""
    if customer.association_type == RESELLER_MODEL:
        raise call.refused("CBC.99000049", f"{customer.name} is in the reseller model")


def unit(call: Call) -> dict[str, Any]:
    """What stands beside an amount: it is in the main unit of the site's currency."""
    return {"measure_id": MAIN_UNIT, "currency": call.sandbox.currency}


def _row(call: Call, kind: int, book: LedgerAccount) -> dict[str, Any]:
    return {
        "account_id": book.id,
        "account_type": kind,
        "amount": book.balance,
        "designated_amount": book.earmarked,
        "credit_amount": book.line,
        **unit(call),
    }
