"""Whom a sequence is about: partners, their customers, what the model sets because no page states it.

Everybody is placed anew, so that nothing depends on the fixture of the target.
"""

from __future__ import annotations

from contracts.model.joining import placed
from contracts.model.machine import Rules
from contracts.model.play import Play, credential_name
from contracts.model.reference.orders import PAYMENT_TIME, PROCESSING_TIME
from contracts.model.reference.people import (
    ASSOCIATION_DELAY,
    PARTNER_PAID,
    REFERRAL,
    RESOLD,
    Customer,
    Partner,
    People,
)
from contracts.model.reference.realnames import MOST_APPLICATIONS, MOST_PER_DOCUMENT, OUTCOMES, Reviewing
from contracts.model.reference.refunds import FEE_PERCENT
from contracts.model.reference.resources import GRACE_TIME, RETENTION_TIME

LARGEST_FILE = 10 * 1024 * 1024
SHARED_BY = 2
"""How many customers may have one number; no page says so."""
PARTNERS = {"partner": "solution_provider", "distributor": "distributor", "reseller": "reseller"}
CUSTOMERS = {"customer": "partner", "referral": "partner", "shopper": "reseller"}
"""The partners of the customers: `referral` pays with its own money, the others are paid for or resold to."""
SETTINGS = {
    "association_delay": ASSOCIATION_DELAY.seconds,
    "order_payment_days": PAYMENT_TIME.days,
    "order_processing_seconds": PROCESSING_TIME.seconds,
    "unsubscription_fee_percent": FEE_PERCENT,
    "grace_days": GRACE_TIME.days,
    "retention_days": RETENTION_TIME.days,
    "automatic_coupons": False,
    "usage_settlement_hours": 24,
    "realname_opinion": Reviewing().opinion,
    "realname_review_delay": Reviewing().delay,
    "realname_applications": MOST_APPLICATIONS,
    "realname_outcomes": OUTCOMES,
    "customers_per_document": MOST_PER_DOCUMENT,
    "customers_per_mobile": SHARED_BY,
    "attachments": {"large.png": LARGEST_FILE + 1, "a.PDF": LARGEST_FILE},
}
"""What no page states, and what would make the model longer than it is worth."""


class Cast(Rules):
    """Comes first by its name."""

    def begin(self) -> None:
        play, people = self.play, self.world.of(People)
        play.place("settings", **SETTINGS)
        for role, kind in PARTNERS.items():
            people.partners[role] = _partner(play, role, kind)
        for role, partner in CUSTOMERS.items():
            people.customers.append(_customer(self, role, partner))


def _partner(play: Play, role: str, kind: str) -> Partner:
    own = {"distributor": "model-distributor"} if kind == "reseller" else {}
    row = play.place("partners", name=f"model-{role}", kind=kind, credential=credential_name(role), **own)
    play.name(row["id"], role, counted=False)
    return Partner(role, row["id"], row["name"], row["xaccount_type"], "distributor" if own else "")


def _customer(rules: Rules, role: str, partner: str) -> Customer:
    paid = PARTNER_PAID if rules.world.site == "cn" else RESOLD
    association = REFERRAL if role == "referral" else paid
    return placed(rules, role, partner, association, freeze_type="")
