"""Customers that are placed from outside, of the model's partners."""

from __future__ import annotations

from typing import Any

from contracts.model.machine import Rules
from contracts.model.play import credential_name
from contracts.model.reference.people import PARTNER_PAID, REFERRAL, RESOLD, Customer, People

ASSOCIATIONS = {REFERRAL: "referral", PARTNER_PAID: "partner_paid", RESOLD: "reseller_model"}


def placed(rules: Rules, role: str, partner: str, association: str, **said: Any) -> Customer:
    """A new customer that calls by its role; what is `said` goes with it. Among the people it is not yet counted."""
    row = rules.play.place(
        "customers",
        name=f"model-{role}",
        partner=f"model-{partner}",
        association=ASSOCIATIONS[association],
        credential=credential_name(role),
        **said,
    )
    rules.play.name(row["id"], role, counted=False)
    of = rules.world.of(People).partners.get(partner)
    return Customer(
        row["id"], row["name"], partner, association, rules.world.now, role, row["freeze_type"] if said else None,
        platform=of.platform if of else "", user=row["name"],
    )  # fmt: skip
