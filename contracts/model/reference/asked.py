"""Lines of price queries: any product of the reference data, for any time or amount, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from contracts.model.reference import catalogue
from contracts.model.reference.prices import BY_USAGE, CURRENCY, MONTH, YEAR, Discount, Product, mode_of

DAY, HOUR = 0, 4
"""Types of periods that nothing is ordered by."""
PARTS_OF_A_MONTH = {DAY: 30, MONTH: 1, HOUR: 30 * 24}
LONGEST_CONTRACT = 5
"""Years that a discount can be limited to."""
BY_PERIOD, CENTS = "", 2
"""The usage of what is none, and the decimals of its prices."""
LARGEST = Fraction("9999999999.99")
UPFRONT = {"HALF_PAY": Fraction(1, 2), "ZERO_PAY": Fraction(0)}


@dataclass(frozen=True)
class Asked:
    """What a price is asked for: pieces of a product in a region. `usage` is the type of usage, of which there is so
    much in a unit; of a time it is `BY_PERIOD`, and the unit the type of the periods."""

    site: str
    product: Product
    region: str
    pieces: int
    usage: str
    amount: Decimal
    unit: int
    instalments: str = ""

    @property
    def exact(self) -> Fraction:
        """The list price with all digits."""
        whole = Fraction(self.amount) * self.pieces
        if self.usage != BY_PERIOD:
            unit = catalogue.unit_of(self.product.resource, self.usage)
            size = (self.product.size or 1) if catalogue.is_time(unit) else 1
            ratio = catalogue.units_like(unit, self.site)[self.unit]
            return whole * Fraction(self._row["usage"][self.usage]) * size * ratio
        months = Fraction(catalogue.read("prices")["year_in_months"] if self.unit == YEAR else 1)
        return whole * Fraction(self._row["month"]) * (self.product.size or 1) * months / _parts(self.unit)

    @property
    def price(self) -> Decimal:
        return cut_at(CENTS, self.exact)

    @property
    def mode(self) -> str:
        """How a discount calls this way of charging; empty where none can be limited to it."""
        if self.usage != BY_PERIOD:
            return BY_USAGE
        if self.unit in (DAY, HOUR):
            return "DAILY" if self.unit == DAY else ""
        return mode_of(self.unit, int(self.amount)) if self.amount <= LONGEST_CONTRACT or self.unit == MONTH else ""

    @property
    def is_sold(self) -> bool:
        return (self.usage in self._row.get("usage", {})) if self.usage != BY_PERIOD else "month" in self._row

    def at(self, discount: Discount | None, decimals: int) -> Decimal:
        """Its price with a discount, cut off and not rounded."""
        ratio = discount.ratio if discount is not None and discount.ratio is not None else Decimal(1)
        return cut_at(decimals, self.exact * Fraction(ratio))

    def instalment(self, price: Decimal) -> Decimal | None:
        """What falls due each month; none where the whole price is paid at once."""
        months = {MONTH: 1, YEAR: 12}.get(self.unit, 0) * int(self.amount) if self.instalments in UPFRONT else 0
        return cut_at(CENTS, Fraction(price) * (1 - UPFRONT[self.instalments]) / months) if months else None

    @property
    def _row(self) -> dict[str, Any]:
        found: dict[str, Any] = catalogue.read("prices")["prices"][self.product.resource][self.product.spec]
        return dict(found[CURRENCY[self.site]])


def _parts(period: int) -> int:
    return PARTS_OF_A_MONTH.get(period, 1)


def cut_at(decimals: int, amount: Fraction) -> Decimal:
    """An amount without the digits behind so many decimals."""
    return Decimal(amount.numerator * 10**decimals // amount.denominator).scaleb(-decimals)


@cache
def priced(site: str) -> list[Product]:
    """All that has a price on a site; linear ones in a size of 1."""
    return [
        Product(catalogue.owner(resource), resource, spec, 1 if catalogue.has_size(resource) else 0)
        for resource, specs in catalogue.read("prices")["prices"].items()
        for spec, prices in specs.items()
        if CURRENCY[site] in prices
    ]


def usages_of(product: Product, site: str) -> list[str]:
    """The types of usage that it is charged by."""
    return list(product.usage(site))
