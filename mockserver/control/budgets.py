"""Spending that draws on a customer's budget."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from mockserver.control.state import places
from mockserver.domain.entities import RESELLER_MODEL
from mockserver.domain.forms import FormError, customer_named, read_form
from mockserver.domain.sandbox import Sandbox
from mockserver.services.customers.budgets import draw


class UsageForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How much the customer spends, in US dollars."""

    customer: str
    amount: Decimal


@places("budget_usage")
def place_budget_usage(sandbox: Sandbox, body: dict[str, Any]) -> Any:
    """Let a customer of the reseller model spend; beyond its budget it is frozen if that is automatic."""
    form = read_form(body, UsageForm)
    customer = customer_named(sandbox, form.customer)
    if customer.association_type != RESELLER_MODEL:
        raise FormError(f"customer {form.customer!r} has no budget: it is not in the reseller model")
    if not form.amount.is_finite() or form.amount <= 0 or form.amount != round(form.amount, 2):
        raise FormError("amount must be above 0, with two decimals at most")
    return draw(sandbox, customer, form.amount, sandbox.now)
