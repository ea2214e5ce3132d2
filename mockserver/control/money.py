"""Money that moves outside the API: top-ups, withdrawals, credit lines, consumption, arrears; and what becomes of a
customer's money when its association ends or changes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from mockserver.control.state import places
from mockserver.domain.entities import PARTNER_PAID, RESELLER_MODEL, Customer, Partner
from mockserver.domain.forms import FormError, account, association_type, customer_named, read_form
from mockserver.domain.ledger import (
    CASH,
    CREDIT,
    DEBT,
    OUTSIDE,
    WITHDRAWABLE,
    LedgerAccount,
    Movement,
    Overdrawn,
    Trade,
)
from mockserver.domain.sandbox import Sandbox
from mockserver.services.dissociation import dissociate, switch_association
from mockserver.services.metering import review
from mockserver.services.spending import charge, owe

OUTSIDE_WORLD = ("", OUTSIDE)
LARGEST = 10**15


class AccountMoney(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An amount for the account of that name or id."""

    account: str
    amount: Decimal


class TopUp(AccountMoney):
    """`channel` and `channel_number` say how the money came: 2 is a bank transfer."""

    channel: str = ""
    channel_number: str = ""


class CustomerMoney(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """An amount for the customer of that name or id."""

    customer: str
    amount: Decimal


class Dissociation(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A customer that leaves its partner."""

    customer: str


class Switch(Dissociation):
    """The new association: referral or partner_paid."""

    association: str


@places("top_ups")
def top_up(sandbox: Sandbox, body: dict[str, Any]) -> Movement:
    """A partner or a customer pays `amount` into its own account."""
    form = read_form(body, TopUp)
    owner = account(sandbox, form.account)
    if _is_partner_paid(owner):
        raise FormError(f"{owner.name!r} is partner-paid and tops up nothing: its partner allocates money to it")
    details = {"channel": form.channel, "channel_number": form.channel_number}
    payee, amount = (owner.id, CASH), _above_zero(form.amount)
    return sandbox.ledger.transfer(OUTSIDE_WORLD, payee, amount, Trade.RECHARGE, sandbox.now, **details)


@places("withdrawals")
def withdraw(sandbox: Sandbox, body: dict[str, Any]) -> Movement:
    """A partner or a customer takes `amount` of its own money out, first of all what a change of its association
    locked."""
    form = read_form(body, AccountMoney)
    owner, amount = account(sandbox, form.account), _above_zero(form.amount)
    locked = sandbox.ledger.balance(owner.id, WITHDRAWABLE)
    payer = (owner.id, WITHDRAWABLE if locked else CASH)
    held = locked or sandbox.ledger.balance(owner.id, CASH)
    if amount > held:
        raise FormError(f"{owner.name!r} can withdraw {held} at most")
    return sandbox.ledger.transfer(payer, OUTSIDE_WORLD, amount, Trade.WITHDRAWAL, sandbox.now)


@places("credit_lines")
def set_credit_line(sandbox: Sandbox, body: dict[str, Any]) -> LedgerAccount:
    """The vendor sets the credit line of a partner or a customer to `amount`."""
    form = read_form(body, AccountMoney)
    owner, line = account(sandbox, form.account), _zero_or_more(form.amount)
    if _is_partner_paid(owner):
        raise FormError(f"{owner.name!r} is partner-paid and has no credit")
    used = sandbox.ledger.book(owner.id, CREDIT).used
    if line < used:
        raise FormError(f"{owner.name!r} has used {used} of its credit; the line cannot be lower")
    sandbox.ledger.grant_credit(owner.id, line, sandbox.now)
    return sandbox.ledger.book(owner.id, CREDIT)


@places("designations")
def designate(sandbox: Sandbox, body: dict[str, Any]) -> LedgerAccount:
    """The vendor sets `amount` of an account's cash aside for a purpose, so that it cannot be allocated."""
    form = read_form(body, AccountMoney)
    owner, amount = account(sandbox, form.account), _zero_or_more(form.amount)
    cash = sandbox.ledger.balance(owner.id, CASH)
    if amount > cash:
        raise FormError(f"{owner.name!r} has {cash} in cash; no more can be set aside")
    sandbox.ledger.designate(owner.id, amount)
    return sandbox.ledger.book(owner.id, CASH)


@places("expenses")
def consume(sandbox: Sandbox, body: dict[str, Any]) -> list[Movement]:
    """A customer consumes pay-per-use for `amount`: of allocated money, or of its own cash and then its credit."""
    form = read_form(body, CustomerMoney)
    customer, amount = customer_named(sandbox, form.customer), _above_zero(form.amount)
    if customer.association_type == RESELLER_MODEL:
        raise FormError(f"{customer.name!r} is in the reseller model and has no money of its own: place budget_usage")
    try:
        taken = charge(sandbox, customer, amount, Trade.USAGE, sandbox.now)
    except Overdrawn as error:
        raise FormError(f"{error}; place arrears for what it cannot pay") from None
    return list(sandbox.ledger.movements())[-len(taken) :]


@places("arrears")
def run_into_arrears(sandbox: Sandbox, body: dict[str, Any]) -> LedgerAccount:
    """A customer owes `amount` in all; 0 settles its arrears. Its pay-per-use resources feel both."""
    form = read_form(body, CustomerMoney)
    customer, amount = customer_named(sandbox, form.customer), _zero_or_more(form.amount)
    owe(sandbox, customer, amount, sandbox.now)
    review(sandbox, customer, sandbox.now)
    return sandbox.ledger.book(customer.id, DEBT)


@places("dissociations")
def end_association(sandbox: Sandbox, body: dict[str, Any]) -> Customer:
    """A customer leaves its partner."""
    form = read_form(body, Dissociation)
    return dissociate(sandbox, customer_named(sandbox, form.customer), sandbox.now)


@places("switches")
def change_association(sandbox: Sandbox, body: dict[str, Any]) -> Customer:
    """A customer changes the type of its association: referral or partner_paid, abroad the reseller model."""
    form = read_form(body, Switch)
    customer, new_type = customer_named(sandbox, form.customer), association_type(sandbox, form.association)
    return switch_association(sandbox, customer, new_type, sandbox.now)


def _is_partner_paid(owner: Partner | Customer) -> bool:
    return isinstance(owner, Customer) and owner.association_type == PARTNER_PAID


def _above_zero(amount: Decimal) -> Decimal:
    if not _zero_or_more(amount):
        raise FormError("amount must be above zero")
    return amount


def _zero_or_more(amount: Decimal) -> Decimal:
    if not amount.is_finite() or not 0 <= amount < LARGEST or amount != round(amount, 2):
        raise FormError(f"amount must be a number like 12.34, below {LARGEST} and not below zero")
    return amount
