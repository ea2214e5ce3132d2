"""Pay-per-use resources and what their usage cost. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from mockserver.domain.products import Product

NORMAL, GRACE, FROZEN, CHANGING, CLOSING, CLOSED = 1, 2, 3, 4, 5, 6
"""States of a pay-per-use resource; those between do not last in the emulator."""

EDGES = {
    NORMAL: (GRACE, CLOSED),
    GRACE: (NORMAL, FROZEN, CLOSED),
    FROZEN: (NORMAL, CLOSED),
    CLOSED: (),
}
"""From which state to which a resource goes: arrears bring it into its grace period, then freeze it, then close it."""

RUNNING = (NORMAL, GRACE)
"""States in which it is used."""


@dataclass(frozen=True, slots=True)
class OnDemandResource:
    """A pay-per-use resource. `id` is what the cloud service calls it."""

    id: str
    customer_id: str
    product: Product
    name: str
    effective_on: datetime
    metered_until: datetime
    """Up to when its usage is charged."""
    usage: Mapping[str, Decimal] = field(default_factory=dict)
    """How much it uses an hour, by usage type."""
    fractions: Mapping[str, Decimal] = field(default_factory=dict)
    """What is charged but less than a cent, by usage type: it waits for the next settlement."""
    status: int = NORMAL
    status_since: datetime | None = None
    """When arrears last changed its state."""
    availability_zone: str = ""
    expires_on: datetime | None = None
    """When it was released."""
    project_id: str = ""
    enterprise_project: str = ""

    @property
    def is_alive(self) -> bool:
        return self.status != CLOSED


@dataclass(frozen=True, slots=True)
class Usage:
    """What was used from `starts_on` to `ends_on`, in units of `measure`."""

    usage_type: str
    amount: Decimal
    measure: int
    starts_on: datetime
    ends_on: datetime


@dataclass(frozen=True, slots=True)
class UsageCharge:
    """What one usage type of a resource used from `starts_on` to `ends_on`, and what became of it.

    Packages covered a part. The rest has its list price and, after the discount, its `amount`, with 8 decimals. With
    what was less than a cent before, the whole cents of it were paid or are owed.
    """

    id: str
    customer_id: str
    partner_id: str | None
    resource_id: str
    product: Product
    product_id: str
    enterprise_project: str
    usage_type: str
    measure: int
    usage: Decimal
    covered: Decimal
    list_amount: Decimal
    amount: Decimal
    payments: tuple[tuple[str, Decimal], ...]
    """What was taken from which book, or from the budget."""
    owed: Decimal
    time: datetime
    starts_on: datetime
    ends_on: datetime

    @property
    def discount(self) -> Decimal:
        return self.list_amount - self.amount

    @property
    def charged(self) -> Decimal:
        """What was settled in money: paid, or owed."""
        return sum((amount for _, amount in self.payments), self.owed)
