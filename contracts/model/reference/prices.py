"""What the model orders, and what it costs: the reference data's list prices, discounts on them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from contracts.model.reference.world import NOTHING, cut, divided
from mockserver.resources import folder

REGION = {"cn": "cn-north-4", "intl": "ap-southeast-1"}
CURRENCY = {"cn": "CNY", "intl": "USD"}
MONTH, YEAR = 2, 3
MONTHS = {MONTH: 1, YEAR: 12}
ON_SALE = {MONTH: range(1, 10), YEAR: range(1, 4)}
"""How many periods can be ordered at once."""
COMMERCIAL, PARTNER_SET, ADJUSTMENT = 2, 3, 609
"""Kinds of discounts, as a payment names them."""
ON_STATEMENTS = {COMMERCIAL: "605", PARTNER_SET: "607", ADJUSTMENT: "609"}


@dataclass(frozen=True)
class Product:
    """A specification; `size` is 0 for one without."""

    service: str
    resource: str
    spec: str
    size: int = 0

    def price(self, site: str, period: int, number: int) -> Decimal:
        month = Decimal(_price_list()["prices"][self.resource][self.spec][CURRENCY[site]]["month"])
        periods = number if period == MONTH else number * int(_price_list()["year_in_months"])
        return cut(month * (self.size or 1) * periods)

    def an_hour(self, site: str) -> Decimal:
        """What it costs to use it for an hour."""
        by_usage = _price_list()["prices"][self.resource][self.spec][CURRENCY[site]]["usage"]
        return Decimal(by_usage["Duration"]) * (self.size or 1)

    def item(self, site: str) -> dict[str, Any]:
        """The product as an order names it."""
        keys = {"service": self.service, "resource": self.resource, "spec": self.spec, "region": REGION[site]}
        return {**keys, "size": self.size} if self.size else keys


ECS, EVS = "hws.service.type.ec2", "hws.service.type.ebs"
SERVER = Product(ECS, "hws.resource.type.vm", "s6.small.1.linux")


def disk(size: int) -> Product:
    return Product(EVS, "hws.resource.type.volume", "SSD", size)


@dataclass(frozen=True)
class Discount:
    """Off the list price: a ratio of it is left, or an amount is taken off one order."""

    id: str
    kind: int
    ratio: Decimal | None = None
    off: Decimal = NOTHING

    def reductions(self, prices: Sequence[Decimal]) -> list[Decimal]:
        """What it takes off each price. An amount is divided in proportion."""
        if self.ratio is not None:
            return [price - cut(price * self.ratio) for price in prices]
        return divided(min(self.off, sum(prices, NOTHING)), list(prices))


@cache
def _price_list() -> dict[str, Any]:
    text = (folder("fixtures") / "catalogue" / "prices.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
