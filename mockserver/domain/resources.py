"""Yearly/monthly resources, the terms they are paid for, and what happens at their expiry. Data only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mockserver.domain.orders import NOTHING, Part
from mockserver.domain.products import Product

IN_USE, CLOSED, FROZEN, EXPIRED = 2, 3, 4, 5
"""States of a yearly/monthly resource."""

GRACE, CONVERT, DELETE, RENEW, FREEZE, DELETE_AFTER_RETENTION = 0, 1, 2, 3, 4, 5
"""What happens at the expiry (`expire_policy`)."""

EDGES = {
    IN_USE: (EXPIRED, FROZEN, CLOSED),
    EXPIRED: (IN_USE, FROZEN, CLOSED),
    FROZEN: (IN_USE, EXPIRED, CLOSED),
    CLOSED: (),
}
"""From which state to which a resource goes: in use, grace period, retention period, released; back by renewal."""

TRAITS = {
    "discontinued": "the product is no longer sold",
    "not_renewable": "the product cannot be renewed",
    "bundle": "belongs to a discount bundle, whose resources are renewed together",
    "marketplace": "a marketplace product",
    "no_on_demand": "the product has no pay-per-use form",
    "solution": "belongs to a solution",
    "savings_plan": "is billed by a savings plan",
    "indivisible": "the service is only handled as a whole: with all resources of its order",
    "bound": "is bound to its main resource, as a system disk is",
    "invoiced": "an invoice has been issued",
    "no_refund_package": "a pay-per-use package that cannot be unsubscribed",
    "trial": "on trial",
    "codearts": "a package for software development",
    "bandwidth_addon": "has a bandwidth add-on package",
    "unpriced": "its fees cannot be determined",
    "no_five_day_rule": "a promotion that excepts it from the five-day rule",
}
"""Properties of a resource that some operations refuse, and what they mean."""


@dataclass(frozen=True, slots=True)
class Term:
    """A stretch of time that an order paid for a resource. `payable` is its price after discounts."""

    order_id: str
    starts_on: datetime
    ends_on: datetime
    period_type: int
    period_num: int
    payable: Decimal = NOTHING
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class AutoRenewal:
    """How a resource renews by itself: each time for one period, until `left` is used up (None: without end).

    `next_on` is when a main resource tries next; attached ones go with it.
    """

    period_type: int
    left: int | None = None
    next_on: datetime | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """A yearly/monthly resource. `id` is that of the subscription; `resource_id` what the cloud service calls it."""

    id: str
    resource_id: str
    customer_id: str
    product: Product
    product_id: str
    name: str
    project_id: str
    created_on: datetime
    """When it was provisioned."""
    updated_on: datetime
    terms: tuple[Term, ...]
    main_id: str = ""
    """`resource_id` of its main resource; empty for a main resource."""
    status: int = IN_USE
    policy: int = GRACE
    auto_renewal: AutoRenewal | None = None
    """Together with the policy `RENEW`, and only with it."""
    project: tuple[str, str] = ("0", "default")
    traits: frozenset[str] = frozenset()
    frozen_by: str = ""
    """violation or police, where it was frozen for that."""
    order_id: str = ""
    """The order under way that is about it: unpaid, or being processed."""

    @property
    def is_main(self) -> bool:
        return not self.main_id

    @property
    def effective_on(self) -> datetime:
        return self.terms[0].starts_on

    @property
    def expires_on(self) -> datetime:
        return self.terms[-1].ends_on

    @property
    def is_alive(self) -> bool:
        return self.status != CLOSED

    def has(self, trait: str) -> bool:
        return trait in self.traits


@dataclass(frozen=True, slots=True)
class RenewalSettings:
    """A customer's choices for all its renewals: how many days before the expiry the money is taken, and on which day
    of the month everything expires (-1 the last; None: no common day)."""

    customer_id: str
    deduction_days: int = 7
    expire_day: int | None = None
