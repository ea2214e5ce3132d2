"""What a customer pays with, and what it owes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from mockserver.domain.entities import PARTNER_PAID, Customer
from mockserver.domain.ledger import ALLOCATED, CASH, CREDIT, DEBT, OUTSIDE, Movement, Overdrawn, Trade
from mockserver.domain.sandbox import Sandbox


def paying_book(customer: Customer) -> str:
    """Where a customer's money is: a partner-paid one spends only what it was allocated, others their own cash."""
    return ALLOCATED if customer.association_type == PARTNER_PAID else CASH


def spend(sandbox: Sandbox, customer: Customer, amount: Decimal, now: datetime) -> list[Movement]:
    """Charge a consumption to the customer's money, and what goes beyond it to the customer's own credit line.

    Raises `Overdrawn`. A partner-paid customer has no credit. Source: api-bpconsole/mt_060005, api-oce/mac_00003.
    """
    books = [ALLOCATED] if paying_book(customer) == ALLOCATED else [CASH, CREDIT]
    movements = []
    for book in books:
        part = min(amount, sandbox.ledger.balance(customer.id, book))
        if part > 0:
            movements.append(sandbox.ledger.transfer((customer.id, book), ("", OUTSIDE), part, Trade.USAGE, now))
            amount -= part
    if amount > 0:
        raise Overdrawn(f"{customer.name} has {amount} too little")
    return movements


def owe(sandbox: Sandbox, customer: Customer, amount: Decimal, now: datetime) -> None:
    """Make the customer's arrears `amount` in all: run into more, or repay what is above it."""
    difference = amount - sandbox.ledger.arrears(customer.id)
    if difference > 0:
        sandbox.ledger.transfer((customer.id, DEBT), ("", OUTSIDE), difference, Trade.USAGE, now)
    elif difference < 0:
        sandbox.ledger.transfer(("", OUTSIDE), (customer.id, DEBT), -difference, Trade.WRITE_OFF, now)
