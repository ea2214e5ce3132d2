"""Price queries: list prices of periods and of usage, and what discounts make of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any

from hypothesis import strategies as st

from contracts.model.comparing import Given, Refused
from contracts.model.machine import Rules, one_of, picks, step
from contracts.model.reference.orders import Orders
from contracts.model.reference.people import Customer, People
from contracts.model.reference.prices import (
    BY_USAGE,
    COMMERCIAL,
    CURRENCY,
    MONTH,
    REGION,
    SERVER,
    YEAR,
    Discount,
    Item,
    Priced,
    Product,
    disk,
    mode_of,
)
from contracts.model.reference.world import NOTHING

GB, HOUR, SECOND = 17, 4, 6
"""Units of sizes and of usage."""
SECONDS = 3600
PRECISION = Decimal("0.000001")
"""Of prices of usage."""
quantities = st.integers(1, 7)
sizes = st.integers(10, 50)


class Pricing(Rules):
    """What customers ask before they order."""

    @step(pick=picks, size=sizes, months=st.sampled_from([1, 2, 9, 12]), pieces=quantities, twice=st.integers(0, 7))
    def ask_for_periods(self, pick: int, size: int, months: int, pieces: int, twice: int) -> None:
        """A server and a disk, for so many months or a year; each discount makes a pricing of its own."""
        customer, products = one_of(self.world.of(People).callers, pick), [SERVER, disk(size)]
        period, number = (YEAR, 1) if months == 12 else (MONTH, months)
        lines = [
            {
                **_line(self.world.site, one, str(i)),
                "period_type": period,
                "period_num": number,
                "subscription_num": pieces,
            }
            for i, one in enumerate(products)
        ]
        if twice == 0:
            self._refused(customer, "ListRateOnPeriodDetail", lines)
            return
        items = [
            Item(one, one.price(self.world.site, period, number) * pieces, mode_of(period, number)) for one in products
        ]
        self.call(
            customer.role,
            "ListRateOnPeriodDetail",
            Given(_of_periods(self.world.site, items, self.world.of(Orders), customer)),
            project_id="any",
            product_infos=lines,
        )

    @step(pick=picks, seconds=st.integers(1, 90_000), size=sizes, pieces=quantities, by_hour=st.booleans())
    def ask_for_usage(self, pick: int, seconds: int, size: int, pieces: int, by_hour: bool) -> None:
        """Time of a server and a disk; each line has the discount that comes first."""
        customer, products = one_of(self.world.of(People).callers, pick), [SERVER, disk(size)]
        amount, unit = (seconds % 100 + 1, HOUR) if by_hour else (seconds, SECOND)
        usage = {"usage_factor": "Duration", "usage_value": amount, "usage_measure_id": unit}
        lines = [
            {**_line(self.world.site, one, str(i)), **usage, "subscription_num": pieces}
            for i, one in enumerate(products)
        ]
        exact = [Item(one, one.an_hour(self.world.site) * amount * pieces, BY_USAGE) for one in products]
        foretold = _of_usage(exact, 1 if by_hour else SECONDS, self.world.of(Orders), customer)
        self.call(customer.role, "ListOnDemandResourceRatings", Given(foretold), project_id="any", product_infos=lines)

    def _refused(self, customer: Customer, operation: str, lines: Sequence[dict[str, Any]]) -> None:
        twice = [*lines, lines[0]]
        self.call(customer.role, operation, Refused("CBC.0100"), project_id="any", product_infos=twice)


def _line(site: str, product: Product, line_id: str) -> dict[str, Any]:
    keys = {"cloud_service_type": product.service, "resource_type": product.resource, "resource_spec": product.spec}
    size = {"resource_size": product.size, "size_measure_id": GB} if product.size else {}
    return {"id": line_id, **keys, "region": REGION[site], **size}


def _of_periods(site: str, items: Sequence[Item], orders: Orders, customer: Customer) -> dict[str, Any]:
    whole = sum((one.price for one in items), NOTHING)
    pricings = pricings_of(items, orders, customer)
    best = best_of(pricings)
    return {
        "official_website_rating_result": {
            "official_website_amount": whole,
            "measure_id": 1,
            "product_rating_results": [
                {"id": str(i), "official_website_amount": one.price, "measure_id": 1} for i, one in enumerate(items)
            ],
        },
        "currency": CURRENCY[site],
        "optional_discount_rating_results": [
            {
                "discount_id": one.id,
                "discount_type": int(one.on_statements),
                **_reduced(whole, whole - sum(off, NOTHING)),
                "best_offer": int(one is best),
                "product_rating_results": [
                    {"id": str(i), **_reduced(item.price, item.price - saved)}
                    for i, (item, saved) in enumerate(zip(items, off, strict=True))
                ],
            }
            for one, off in pricings
        ],
    }


def _reduced(price: Decimal, amount: Decimal) -> dict[str, Any]:
    return {
        "amount": amount,
        "official_website_amount": price,
        "discount_amount": price - amount,
        "measure_id": 1,
    }


def pricings_of(items: Sequence[Priced], orders: Orders, customer: Customer) -> list[tuple[Discount, list[Decimal]]]:
    """The discounts of a customer that cover anything, and what each takes off."""
    found = [one for one in orders.own_discounts(customer) if any(one.covers(i, orders.excepted) for i in items)]
    return [(one, one.reductions(items, orders.excepted)) for one in found]


def best_of(pricings: Sequence[tuple[Discount, list[Decimal]]]) -> Discount | None:
    """What saves the most; a commercial discount comes before others that save as much, then the oldest."""
    ranks = [(sum(off, NOTHING), one.kind == COMMERCIAL) for one, off in pricings]
    return pricings[ranks.index(max(ranks))][0] if ranks else None


def _of_usage(items: Sequence[Item], units: int, orders: Orders, customer: Customer) -> dict[str, Any]:
    """So many units make an hour."""
    first = [orders.first_of(one, customer) for one in items]
    ratios = [one.ratio if one and one.ratio is not None else Decimal(1) for one in first]
    listed = [_short(one.price / units) for one in items]
    paid = [_short(one.price * ratio / units) for one, ratio in zip(items, ratios, strict=True)]
    rows = [
        {
            "id": str(i),
            **_reduced(price, amount),
            "discount_rating_results": [{"discount_id": one.id, "amount": price - amount}] if one else [],
        }
        for i, (one, price, amount) in enumerate(zip(first, listed, paid, strict=True))
    ]
    return {**_reduced(sum(listed, NOTHING), sum(paid, NOTHING)), "product_rating_results": rows}


def _short(amount: Decimal) -> Decimal:
    return amount.quantize(PRECISION, ROUND_DOWN)
