"""The arithmetic of prices: products of list price, amount and size, discounts, sums. Knows no sandbox.

Decimals only. What has more digits than an answer shows is cut off, never rounded; every line is cut by itself, so that
the lines add up to the sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal, localcontext

from mockserver.domain.catalogue import HOUR, MONTH, YEAR
from mockserver.domain.discounts import COMMERCIAL, DAILY, MONTHLY, YEARLY, Discount

LARGEST = Decimal("9999999999.99")
"""The largest amount of an answer."""

DAY = 0
"""Period type, beside those of the catalogue."""

DAYS_OF_A_MONTH, HOURS_OF_A_DAY, MONTHS_OF_A_YEAR = 30, 24, 12
USUAL_DECIMALS, MOST_DECIMALS, PERIOD_DECIMALS = 6, 10, 2
"""Of pay-per-use prices, of those asked for with the highest precision, and of prices by period."""

FULL_PRICE = Decimal(1)
_SETTLED = Context(prec=300, rounding=ROUND_HALF_EVEN, traps=[])


@contextmanager
def exactly() -> Iterator[None]:
    """Decimal arithmetic that keeps every digit. A quotient without end is cut, not rounded, so that cutting it again
    is exact; what overflows becomes a number far above `LARGEST`."""
    with localcontext(Context(prec=400, rounding=ROUND_DOWN, traps=[])):
        yield


def cut(amount: Decimal, decimals: int) -> Decimal:
    """`amount`, `LARGEST` at most, without the digits behind `decimals` and without zeros at the end.

    Nines at the far end of an amount are what is left of a quotient without end that was multiplied: they count as one.
    """
    with exactly():
        return amount.normalize(_SETTLED).quantize(Decimal(1).scaleb(-decimals)).normalize()


def period_price(month: Decimal, year: Decimal, period_type: int, number: int) -> Decimal:
    """The price of `number` periods, exactly. A day is a thirtieth of a month, and an hour a 24th of a day."""
    with exactly():
        if period_type == YEAR:
            return year * number
        parts = {MONTH: 1, DAY: DAYS_OF_A_MONTH, HOUR: DAYS_OF_A_MONTH * HOURS_OF_A_DAY}
        return month * number / parts[period_type]


def charging_mode(period_type: int, number: int) -> str:
    """What a discount calls this way of charging; empty for what none is limited to."""
    if period_type == YEAR:
        return YEARLY[number - 1] if number <= len(YEARLY) else ""
    return {MONTH: MONTHLY, DAY: DAILY}.get(period_type, "")


@dataclass(frozen=True, slots=True)
class Item:
    """A line to price. `exact` is its list price with all digits. `months` it is paid by in instalments, 0 if in one
    sum; `upfront` is the share paid before them."""

    id: str
    product_id: str
    service: str
    spec: str
    charging_mode: str
    exact: Decimal
    months: int = 0
    upfront: Decimal = Decimal(0)

    def at(self, discount: Discount | None, decimals: int) -> Line:
        """The item's prices with a discount; one that does not cover it changes nothing."""
        applied = discount if discount and discount.covers(self.service, self.spec, self.charging_mode) else None
        with exactly():
            reduced = self.exact * (applied.ratio if applied else FULL_PRICE)
        return Line(self, cut(self.exact, decimals), cut(reduced, decimals), applied)


@dataclass(frozen=True, slots=True)
class Line:
    """A priced item, and the discount in the price."""

    item: Item
    list_price: Decimal
    amount: Decimal
    discount: Discount | None

    @property
    def saving(self) -> Decimal:
        return (self.list_price - self.amount).normalize()

    @property
    def list_instalment(self) -> Decimal | None:
        return self._instalment(self.list_price)

    @property
    def instalment(self) -> Decimal | None:
        return self._instalment(self.amount)

    def _instalment(self, price: Decimal) -> Decimal | None:
        """One monthly instalment, or None where the item is paid in one sum."""
        if not self.item.months:
            return None
        with exactly():
            rate = price * (1 - self.item.upfront) / self.item.months
        return cut(rate, PERIOD_DECIMALS)


@dataclass(frozen=True, slots=True)
class Pricing:
    """Priced lines and their sums; with the one discount that was asked about, if any."""

    lines: tuple[Line, ...]
    discount: Discount | None = None

    @property
    def list_price(self) -> Decimal:
        return total(line.list_price for line in self.lines)

    @property
    def amount(self) -> Decimal:
        return total(line.amount for line in self.lines)

    @property
    def saving(self) -> Decimal:
        return total(line.saving for line in self.lines)

    @property
    def list_instalment(self) -> Decimal | None:
        return _total_of_some(line.list_instalment for line in self.lines)

    @property
    def instalment(self) -> Decimal | None:
        return _total_of_some(line.instalment for line in self.lines)


def total(amounts: Iterator[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0)).normalize()


def _total_of_some(amounts: Iterator[Decimal | None]) -> Decimal | None:
    """The sum of those there are, None without any."""
    present = [amount for amount in amounts if amount is not None]
    return total(iter(present)) if present else None


def first_discounts(items: Sequence[Item], discounts: Sequence[Discount], decimals: int) -> Pricing:
    """Each item at the discount that comes first for it: a commercial one, else the one that takes off the most.
    Discounts are never added up."""
    ranked = sorted(discounts, key=lambda one: (one.kind != COMMERCIAL, one.ratio, one.number))
    return Pricing(tuple(item.at(_first(item, ranked), decimals) for item in items))


def _first(item: Item, ranked: Sequence[Discount]) -> Discount | None:
    return next((one for one in ranked if one.covers(item.service, item.spec, item.charging_mode)), None)


def each_discount(items: Sequence[Item], discounts: Sequence[Discount], decimals: int) -> list[Pricing]:
    """A pricing of all items for each discount that covers any of them; items that it leaves out keep their price."""
    pricings = [Pricing(tuple(item.at(one, decimals) for item in items), one) for one in discounts]
    return [pricing for pricing in pricings if any(line.discount for line in pricing.lines)]


def best_offer(pricings: Sequence[Pricing]) -> Pricing | None:
    """The pricing that saves the most; on a tie a commercial one, then the oldest."""
    return max(pricings, key=_merit, default=None)


def _merit(pricing: Pricing) -> tuple[Decimal, bool, int]:
    assert pricing.discount is not None, "only discounts compete"
    return pricing.saving, pricing.discount.kind == COMMERCIAL, -pricing.discount.number
