"""What comes back of what was paid for a resource: arithmetic over its terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from contracts.model.reference.orders import VOUCHER, Order, Part
from contracts.model.reference.world import NOTHING, cut, divided

if TYPE_CHECKING:
    from contracts.model.reference.resources import Resource, Term

FEE_PERCENT = 5
"""Set by the model itself: no page gives the formula of the handling fee."""
FREE_TIME = timedelta(days=5)
FREE_INSTANCES = 10
"""Of the five-day rule: from the provisioning, and for one account in a calendar year."""
DAY = timedelta(days=1)


@dataclass
class Settlement:
    """What becomes of one term: what comes back to where it came from, what is kept."""

    order: Order
    back: list[Part] = field(default_factory=list)
    consumed: Decimal = NOTHING
    fee: Decimal = NOTHING


def settled(terms: list[Term], now: datetime, free: bool) -> Iterator[Settlement]:
    """A term that has not begun comes back in full, and so does a running one that is free of charge."""
    for term in terms:
        if free or term.starts > now:
            yield Settlement(term.order, list(term.parts))
        elif term.ends > now:
            yield _in_part(term, now)


def _in_part(term: Term, now: datetime) -> Settlement:
    """The days begun are consumed, with what is less than a cent; the fee is a share of the rest. Vouchers are lost."""
    returnable = [part for part in term.parts if part.kind != VOUCHER]
    days, used = _days(term.starts, term.ends), _days(term.starts, now)
    rests = [cut(part.amount * (days - used) / days) for part in returnable]
    rest = sum(rests, NOTHING)
    fees = divided(cut(rest * FEE_PERCENT / 100), rests)
    back = [Part(part.kind, part.place, kept - fee) for part, kept, fee in zip(returnable, rests, fees, strict=True)]
    paid = sum((part.amount for part in returnable), NOTHING)
    return Settlement(term.order, [one for one in back if one.amount], paid - rest, sum(fees, NOTHING))


def _days(start: datetime, end: datetime) -> int:
    """Days of 24 hours, begun ones included."""
    return -(-(end - start) // DAY)


def is_new(site: str, resource: Resource, now: datetime) -> bool:
    """Whether the five-day rule of the China site covers a resource."""
    return site == "cn" and now - resource.created <= FREE_TIME and "no_five_day_rule" not in resource.traits


def instance_of(resource: Resource, group: Sequence[Resource]) -> int | str:
    """What counts against the quota of the year: what is bound with its main resource; what the service only handles as
    a whole, and solutions, once for each order; else each resource by itself."""
    bound = "bound" in resource.traits and resource.main is not None and any(one is resource.main for one in group)
    counted = resource.main if bound and resource.main else resource
    return counted.terms[0].order.id if {"indivisible", "solution"} & counted.traits else id(counted)
