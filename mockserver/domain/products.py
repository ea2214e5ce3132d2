"""A product as it is ordered: a specification of the catalogue in a region, with its size where it has one, and what a
term of it costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from mockserver.domain.catalogue import MONTH, YEAR, Price, Spec, catalogue, offering_id, period_offering_id
from mockserver.domain.catalogue import ONE_TIME as ONCE
from mockserver.domain.catalogue import PACKAGE as PACKAGED
from mockserver.domain.clock import CHINA, later
from mockserver.domain.pricing import cut, exactly, period_price

ONE_OFF = 5
"""Period type of what is paid once."""

CENTS = 2
PERIODS = {"month": MONTH, "year": YEAR, "once": ONE_OFF}
MONTHS = {MONTH: 1, YEAR: 12}


@dataclass(frozen=True, slots=True)
class Product:
    """What a line of an order is about: the four keys of a price query, and the size of a linear product."""

    service: str
    resource: str
    spec: str
    region: str
    size: Decimal | None = None

    @property
    def in_catalogue(self) -> Spec:
        """Its specification. Raises `KeyError` where the catalogue has none."""
        return catalogue().specs[self.spec, self.resource]

    @property
    def size_measure(self) -> int | None:
        """The unit of its size; None for a product without."""
        sizes = self.in_catalogue.size
        return sizes.measure if sizes else None

    @property
    def is_package(self) -> bool:
        """Whether it is an amount of usage, bought in advance."""
        prices = catalogue().price_list.prices.get(self.resource, {}).get(self.spec, {})
        return any(price.package is not None for price in prices.values())

    def description(self, language: str) -> str:
        """`product_spec_desc`: the name of the specification, and the size."""
        name = self.in_catalogue.name(language)
        return name if self.size is None else f"{name}|{self.size.normalize():f}"

    def product_id(self, site: str, period_type: int) -> str:
        """The id of the product that is sold by this kind of period."""
        if period_type == ONE_OFF:
            return offering_id(self.in_catalogue, self.region, site, ONCE)
        if self.is_package:
            return offering_id(self.in_catalogue, self.region, site, PACKAGED, period_type)
        return period_offering_id(self.in_catalogue, self.region, site, period_type)

    def is_sold_for(self, site: str, period_type: int, number: int) -> bool:
        """Whether so many periods can be ordered."""
        price = catalogue().price(self.in_catalogue, site)
        if price is None:
            return False
        if period_type == ONE_OFF:
            return price.once is not None and number == 1
        kind = "month" if period_type == MONTH else "year"
        return _month(price) is not None and number in catalogue().price_list.period_nums[kind]

    def list_price(self, site: str, period_type: int, number: int, quantity: int = 1) -> Decimal:
        """What `quantity` pieces cost at the list price, cut off at two decimals. To be asked of what is sold; single
        days count too."""
        price = catalogue().price(self.in_catalogue, site)
        assert price is not None, "what is on sale has a price"
        with exactly():
            pieces = (self.size or Decimal(1)) * quantity
            if period_type == ONE_OFF:
                return money((price.once or Decimal(0)) * pieces)
            month = (_month(price) or Decimal(0)) * pieces
            return money(period_price(month, month * catalogue().price_list.year_in_months, period_type, number))


def _month(price: Price) -> Decimal | None:
    return price.month if price.month is not None else price.package


def money(amount: Decimal) -> Decimal:
    """An amount with exactly two decimals; what is smaller is cut off."""
    return cut(amount, CENTS).quantize(Decimal("0.01"))


def end_of_term(start: datetime, period_type: int, number: int) -> datetime:
    """When a term that begins at `start` ends: at 23:59:59 China time of the same day, so many months later.

    Source: usermanual-billing (yearly/monthly billing).
    """
    day = later(start.astimezone(CHINA), f"P{MONTHS[period_type] * number}M")
    return datetime.combine(day.date(), time(23, 59, 59), tzinfo=CHINA).astimezone(start.tzinfo)


def days_in(start: datetime, end: datetime) -> int:
    """The days of 24 hours, begun ones included, from `start` to `end`; none where it is not later."""
    return max(0, -(-(end - start) // timedelta(days=1)))
