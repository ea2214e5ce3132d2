"""Price queries: list prices of periods and of usage, and what discounts make of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any

from hypothesis import strategies as st

from contracts.model.comparing import Given, Refused
from contracts.model.machine import Rules, on, one_of, picks, step
from contracts.model.reference.orders import Orders
from contracts.model.reference.people import Customer, People
from contracts.model.reference.prices import (
    COMMERCIAL,
    MONTH,
    ON_STATEMENTS,
    REGION,
    SERVER,
    YEAR,
    Discount,
    Product,
    disk,
)
from contracts.model.reference.world import NOTHING, cut

GB, HOUR, SECOND = 17, 4, 6
"""Units of sizes and of usage."""
SECONDS = 3600
PRECISION = Decimal("0.000001")
"""Of prices of usage."""
quantities = st.integers(1, 7)
sizes = st.integers(10, 50)


class Pricing(Rules):
    """What customers ask before they order."""

    @on("cn")
    @step(pick=picks, size=sizes, months=st.sampled_from([1, 2, 9, 12]), pieces=quantities, twice=st.integers(0, 7))
    def ask_for_periods(self, pick: int, size: int, months: int, pieces: int, twice: int) -> None:
        """A server and a disk, for so many months or a year; each discount makes a pricing of its own."""
        customer, products = one_of(self.world.of(People).callers, pick), [SERVER, disk(size)]
        period, number = (YEAR, 1) if months == 12 else (MONTH, months)
        lines = [
            {**_line(one, str(i)), "period_type": period, "period_num": number, "subscription_num": pieces}
            for i, one in enumerate(products)
        ]
        if twice == 0:
            self._refused(customer, "ListRateOnPeriodDetail", lines)
            return
        prices = [one.price("cn", period, number) * pieces for one in products]
        self.call(
            customer.role,
            "ListRateOnPeriodDetail",
            Given(_of_periods(prices, self.world.of(Orders).discounts.get(customer.id, []))),
            project_id="any",
            product_infos=lines,
        )

    @on("cn")
    @step(pick=picks, seconds=st.integers(1, 90_000), size=sizes, pieces=quantities, by_hour=st.booleans())
    def ask_for_usage(self, pick: int, seconds: int, size: int, pieces: int, by_hour: bool) -> None:
        """Time of a server and a disk; each line has the discount that comes first."""
        customer, products = one_of(self.world.of(People).callers, pick), [SERVER, disk(size)]
        amount, unit = (seconds % 100 + 1, HOUR) if by_hour else (seconds, SECOND)
        usage = {"usage_factor": "Duration", "usage_value": amount, "usage_measure_id": unit}
        lines = [{**_line(one, str(i)), **usage, "subscription_num": pieces} for i, one in enumerate(products)]
        exact = [one.an_hour("cn") * amount * pieces for one in products]
        foretold = _of_usage(exact, 1 if by_hour else SECONDS, self.world.of(Orders).discounts.get(customer.id, []))
        self.call(customer.role, "ListOnDemandResourceRatings", Given(foretold), project_id="any", product_infos=lines)

    def _refused(self, customer: Customer, operation: str, lines: Sequence[dict[str, Any]]) -> None:
        twice = [*lines, lines[0]]
        self.call(customer.role, operation, Refused("CBC.0100"), project_id="any", product_infos=twice)


def _line(product: Product, line_id: str) -> dict[str, Any]:
    keys = {"cloud_service_type": product.service, "resource_type": product.resource, "resource_spec": product.spec}
    size = {"resource_size": product.size, "size_measure_id": GB} if product.size else {}
    return {"id": line_id, **keys, "region": REGION["cn"], **size}


def _of_periods(prices: Sequence[Decimal], discounts: Sequence[Discount]) -> dict[str, Any]:
    whole = sum(prices, NOTHING)
    amounts = [sum((cut(price * (one.ratio or 1)) for price in prices), NOTHING) for one in discounts]
    ranks = [(whole - amount, one.kind == COMMERCIAL) for one, amount in zip(discounts, amounts, strict=True)]
    best = ranks.index(max(ranks)) if ranks else None
    return {
        "official_website_rating_result": {
            "official_website_amount": whole,
            "product_rating_results": [{"official_website_amount": price} for price in prices],
        },
        "optional_discount_rating_results": [
            {
                "discount_id": one.id,
                "discount_type": int(ON_STATEMENTS[one.kind]),
                "amount": amount,
                "official_website_amount": whole,
                "discount_amount": whole - amount,
                "best_offer": int(number == best),
            }
            for number, (one, amount) in enumerate(zip(discounts, amounts, strict=True))
        ],
    }


def _of_usage(exact: Sequence[Decimal], units: int, discounts: Sequence[Discount]) -> dict[str, Any]:
    """A commercial discount comes first, else the one that takes off the most. So many units make an hour."""
    first = min(discounts, key=lambda one: (one.kind != COMMERCIAL, one.ratio), default=None)
    ratio = first.ratio if first and first.ratio is not None else Decimal(1)
    listed, paid = [_short(one / units) for one in exact], [_short(one * ratio / units) for one in exact]
    return {
        "amount": sum(paid, NOTHING),
        "official_website_amount": sum(listed, NOTHING),
        "discount_amount": sum(listed, NOTHING) - sum(paid, NOTHING),
        "product_rating_results": [
            {"amount": amount, "official_website_amount": price} for price, amount in zip(listed, paid, strict=True)
        ],
    }


def _short(amount: Decimal) -> Decimal:
    return amount.quantize(PRECISION, ROUND_DOWN)
