"""What comes back of the price of a resource, and what is kept: arithmetic over its terms, in cents.

paid = back + consumed + fee + lost, for each term. What is cut off below a cent stays with the consumption.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from mockserver.domain.orders import NOTHING, VOUCHER_PART, Part, amount_of, shares
from mockserver.domain.products import ONE_OFF, days_in, money
from mockserver.domain.resources import Resource, Term

WHOLE = 100
"""Percent."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What becomes of what was paid for a term: what comes `back`, and from where it was taken; what is kept for
    consumption and as a fee; what is `lost` with vouchers."""

    term: Term
    back: tuple[Part, ...]
    consumed: Decimal = NOTHING
    fee: Decimal = NOTHING
    lost: Decimal = NOTHING

    @property
    def returned(self) -> Decimal:
        return sum((part.amount for part in self.back), NOTHING)

    @property
    def returnable(self) -> Decimal:
        """What was paid with means that can come back at all."""
        return self.returned + self.consumed + self.fee


def coming(resource: Resource, moment: datetime) -> tuple[Term, ...]:
    """The terms that have not begun by a moment."""
    return tuple(term for term in resource.terms if term.starts_on > moment)


def settle(terms: Sequence[Term], now: datetime, fee_percent: int, *, free: bool = False) -> Iterator[Settlement]:
    """Settle terms that end now. One that has not begun comes back in full, and so does a running one if it is `free`;
    one that is over is no matter any more. Source: usermanual-billing/unsubscription_topic_20000081."""
    for term in terms:
        if free or term.starts_on > now:
            yield Settlement(term, term.parts)
        elif term.ends_on > now:
            yield in_part(term, now, fee_percent)


def in_part(term: Term, now: datetime, fee_percent: int) -> Settlement:
    """Settle a running term: the days begun are consumed, the fee is a share of the rest, and vouchers do not come
    back. Money, flexi-purchase coupons and cards bear consumption and fee in proportion."""
    returnable = [part for part in term.parts if part.kind != VOUCHER_PART]
    left = unused(term, now)
    rests = [money(part.amount * left.numerator / left.denominator) for part in returnable]
    rest = sum(rests, NOTHING)
    fees = shares(money(rest * min(fee_percent, WHOLE) / WHOLE), rests)
    amounts = zip(returnable, rests, fees, strict=True)
    back = (replace(part, amount=amount - fee) for part, amount, fee in amounts)
    return Settlement(
        term=term,
        back=tuple(part for part in back if part.amount),
        consumed=sum((part.amount for part in returnable), NOTHING) - rest,
        fee=sum(fees, NOTHING),
        lost=amount_of(term.parts, VOUCHER_PART),
    )


def unused(term: Term, now: datetime) -> Fraction:
    """The share of a term's days that have not begun. What is paid once is used up from the beginning."""
    if term.period_type == ONE_OFF:
        return Fraction(0)
    days = days_in(term.starts_on, term.ends_on)
    return Fraction(days - days_in(term.starts_on, now), days)
