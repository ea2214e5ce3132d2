"""Discounts that customers have on list prices, and the policies on partners' discounts. Data only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

COMMERCIAL, PARTNER_GRANTED, PARTNER_SET = 605, 606, 607
"""Kinds: by contract with the vendor, by the distributor's contract, and the rate that a partner sets itself."""

KINDS = {"commercial": COMMERCIAL, "partner_granted": PARTNER_GRANTED, "partner_set": PARTNER_SET}

PAY_PER_USE, MONTHLY, DAILY = "ONDEMAND", "MONTHLY", "DAILY"
YEARLY = ("1_YEARLY", "2_YEARLY", "3_YEARLY", "4_YEARLY", "5_YEARLY")
CHARGING_MODES = (PAY_PER_USE, DAILY, MONTHLY, *YEARLY)
"""The ways of charging that a discount can be limited to and a price query can ask about."""


@dataclass(frozen=True, slots=True)
class Discount:
    """What a customer pays of the list price: a `ratio` of 0.85 takes 15 % off. An empty limit is none."""

    id: str
    number: int
    """Counts the discounts of a sandbox."""
    customer_id: str
    kind: int
    ratio: Decimal
    name: str
    effective_on: datetime
    expires_on: datetime
    partner_id: str | None = None
    """Whose discount it is; it ends with the association. None for a commercial one."""
    service_types: tuple[str, ...] = ()
    specs: tuple[str, ...] = ()
    charging_modes: tuple[str, ...] = ()
    excluded_services: frozenset[str] = frozenset()

    def covers(self, service: str, spec: str, charging_mode: str) -> bool:
        return (
            service not in self.excluded_services
            and (not self.service_types or service in self.service_types)
            and (not self.specs or spec in self.specs)
            and (not self.charging_modes or charging_mode in self.charging_modes)
        )


@dataclass(frozen=True, slots=True)
class IncentivePolicy:
    """What holds for a service from a month of China time on, like 2026-03, until the next policy of the service."""

    service_type: str
    month: str
    incentive_policy: str = "0"
    allow_discount: bool = True
