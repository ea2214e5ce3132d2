"""What is placed from outside: customers of the model's partners, and their discounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from contracts.model.machine import Rules
from contracts.model.play import credential_name
from contracts.model.reference.people import PARTNER_PAID, REFERRAL, RESOLD, Customer, People
from contracts.model.reference.prices import COMMERCIAL, PARTNER_SET, Discount

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


def placed_discount(rules: Rules, customer: Customer, kind: str, ratio: Decimal, **said: Any) -> Discount:
    """A new discount of a kind; what is `said` goes with it. Among those of orders it is not yet counted."""
    row = rules.play.place("discounts", customer=customer.name, kind=kind, ratio=ratio, **said)
    rules.play.name(row["id"], "discount")
    paid_as = COMMERCIAL if kind == "commercial" else PARTNER_SET
    return Discount(row["id"], paid_as, ratio, granted=kind == "partner_granted")
