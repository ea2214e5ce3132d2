"""What a customer pays with, and what it owes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from mockserver.domain.entities import PARTNER_PAID, RESELLER_MODEL, Customer
from mockserver.domain.ledger import ALLOCATED, CASH, CREDIT, DEBT, OUTSIDE, ZERO, Overdrawn, Trade
from mockserver.domain.sandbox import Sandbox
from mockserver.services.customers.budgets import draw

BUDGET = "budget"
"""Where spending of a customer in the reseller model goes, which has no book of its own: its partner is billed."""


def paying_book(customer: Customer) -> str:
    """Where a customer's money is: a partner-paid one spends only what it was allocated, others their own cash."""
    return ALLOCATED if customer.association_type == PARTNER_PAID else CASH


def paying_books(customer: Customer) -> tuple[str, ...]:
    """What a customer pays with, in that order. Only its own cash is followed by credit; in the reseller model it has
    neither. Source: api-bpconsole/mt_060005, api-oce/mac_00003."""
    if customer.association_type == RESELLER_MODEL:
        return ()
    return (ALLOCATED,) if customer.association_type == PARTNER_PAID else (CASH, CREDIT)


def charge(
    sandbox: Sandbox, customer: Customer, amount: Decimal, trade: Trade, now: datetime, order_id: str = ""
) -> list[tuple[str, Decimal]]:
    """Take `amount`, in cents, from what the customer pays with, and tell how much came from where.

    In the reseller model that is the budget, which is no limit: beyond it the account may be frozen. Otherwise raises
    `Overdrawn`. Source: intl api-bpconsole/mt_01005.
    """
    if customer.association_type == RESELLER_MODEL:
        draw(sandbox, sandbox.customers[customer.id], amount, now)
        return [(BUDGET, amount)]
    if amount > (held := purse(sandbox, customer)):
        raise Overdrawn(f"{customer.name} has {amount - held} too little")
    taken = []
    for book in paying_books(customer):
        part = min(amount, sandbox.ledger.balance(customer.id, book))
        if part > 0:
            sandbox.ledger.transfer((customer.id, book), ("", OUTSIDE), part, trade, now, order_id=order_id)
            taken.append((book, part))
            amount -= part
    return taken


def refund(
    sandbox: Sandbox,
    customer: Customer,
    parts: Iterable[tuple[str, Decimal]],
    trade: Trade,
    now: datetime,
    order_id: str = "",
) -> None:
    """Give back what `charge` took. Where the association has changed since, it goes to what the customer pays with
    now."""
    for book, amount in parts:
        if customer.association_type == RESELLER_MODEL:
            draw(sandbox, sandbox.customers[customer.id], -amount, now)
        else:
            payee = book if book in paying_books(customer) else paying_book(customer)
            sandbox.ledger.transfer(("", OUTSIDE), (customer.id, payee), amount, trade, now, order_id=order_id)


def purse(sandbox: Sandbox, customer: Customer) -> Decimal:
    """All that a customer can pay with."""
    return sum((sandbox.ledger.balance(customer.id, book) for book in paying_books(customer)), ZERO)


def owe(sandbox: Sandbox, customer: Customer, amount: Decimal, now: datetime) -> None:
    """Make the customer's arrears `amount` in all: run into more, or repay what is above it."""
    difference = amount - sandbox.ledger.arrears(customer.id)
    if difference > 0:
        sandbox.ledger.transfer((customer.id, DEBT), ("", OUTSIDE), difference, Trade.USAGE, now)
    elif difference < 0:
        sandbox.ledger.transfer(("", OUTSIDE), (customer.id, DEBT), -difference, Trade.WRITE_OFF, now)


def repay(sandbox: Sandbox, customer: Customer, now: datetime) -> None:
    """Pay as much of the arrears as the customer has money for."""
    owed = sandbox.ledger.arrears(customer.id)
    payable = min(owed, purse(sandbox, customer))
    if payable > 0:
        charge(sandbox, customer, payable, Trade.WRITE_OFF, now)
        owe(sandbox, customer, owed - payable, now)
