"""What the model orders, and what it costs: the reference data's list prices, discounts on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from contracts.model.reference.catalogue import read, size_unit, spec_name
from contracts.model.reference.world import NOTHING, cut, divided

REGION = {"cn": "cn-north-4", "intl": "ap-southeast-1"}
CURRENCY = {"cn": "CNY", "intl": "USD"}
MONTH, YEAR = 2, 3
MONTHS = {MONTH: 1, YEAR: 12}
ON_SALE = {MONTH: range(1, 10), YEAR: range(1, 4)}
"""How many periods can be ordered at once."""
DAYS_OF_A_MONTH = 30
"""In prices."""
PROMOTION, COMMERCIAL, PARTNER_SET, ADJUSTMENT = 0, 2, 3, 609
"""Kinds of discounts, as a payment names them."""
ON_STATEMENTS = {PROMOTION: "700", COMMERCIAL: "605", PARTNER_SET: "607", ADJUSTMENT: "609"}
GRANTED = "606"
"""What a distributor's contract gives is paid like what a partner sets, but is another kind on statements."""
BY_USAGE = "ONDEMAND"


@dataclass(frozen=True)
class Product:
    """A specification; `size` is 0 for one without."""

    service: str
    resource: str
    spec: str
    size: int = 0

    def price(self, site: str, period: int, number: int, days: int = 0) -> Decimal:
        """The list price of so many periods, and of single days behind them."""
        found = read("prices")["prices"][self.resource][self.spec][CURRENCY[site]]
        month = Decimal(found.get("month") or found["package"]) * (self.size or 1)
        periods = number if period == MONTH else number * int(read("prices")["year_in_months"])
        return cut(month * periods) + cut(month * days / DAYS_OF_A_MONTH)

    def an_hour(self, site: str) -> Decimal:
        """What it costs to use it for an hour."""
        return self.usage(site)["Duration"] * (self.size or 1)

    def usage(self, site: str) -> dict[str, Decimal]:
        """The prices of usage by its type; none for what is only sold by period."""
        found = read("prices")["prices"][self.resource][self.spec][CURRENCY[site]].get("usage", {})
        return {code: Decimal(price) for code, price in found.items()}

    def item(self, site: str) -> dict[str, Any]:
        """The product as an order names it."""
        keys = {"service": self.service, "resource": self.resource, "spec": self.spec, "region": REGION[site]}
        return {**keys, "size": self.size} if self.size else keys

    def description(self, words: str) -> str:
        name = spec_name(self.resource, self.spec, words)
        return f"{name}|{self.size}" if self.size else name

    @property
    def size_unit(self) -> int | None:
        return size_unit(self.resource) if self.size else None


ECS, EVS, VPC = "hws.service.type.ec2", "hws.service.type.ebs", "hws.service.type.vpc"
SERVER = Product(ECS, "hws.resource.type.vm", "s6.small.1.linux")
ADDRESS = Product(VPC, "hws.resource.type.ip", "5_bgp")
SUPPORT = Product("hws.service.type.supportplan", "hws.resource.type.supportplan", "supportplan.developer")
"""Sold by period only."""


def disk(size: int) -> Product:
    return Product(EVS, "hws.resource.type.volume", "SSD", size)


def bandwidth(size: int) -> Product:
    return Product(VPC, "hws.resource.type.bandwidth", "19_bgp", size)


class Priced(Protocol):
    """What a discount can take something off."""

    @property
    def product(self) -> Product: ...
    @property
    def price(self) -> Decimal: ...
    @property
    def mode(self) -> str: ...


@dataclass(frozen=True)
class Item:
    """Something that a price is asked for. `mode` is how it is charged."""

    product: Product
    price: Decimal
    mode: str


def mode_of(period: int, number: int) -> str:
    """How a discount calls that way of charging."""
    return f"{number}_YEARLY" if period == YEAR else "MONTHLY"


@dataclass(frozen=True, eq=False)
class Discount:
    """Off the list price: a ratio of it is left, or an amount is taken off one order. `services`, `modes` and
    `specs` are the only ones that it is for, if there are any; `lines` those of the order that it was made for."""

    id: str
    kind: int
    ratio: Decimal | None = None
    off: Decimal = NOTHING
    granted: bool = False
    services: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    ends: datetime | None = None
    lines: Sequence[Priced] | None = None
    specs: tuple[str, ...] = ()
    begins: datetime | None = None

    @property
    def on_statements(self) -> str:
        return GRANTED if self.granted else ON_STATEMENTS[self.kind]

    def is_in_force(self, now: datetime) -> bool:
        return (self.begins is None or self.begins <= now) and (self.ends is None or now < self.ends)

    def covers(self, line: Priced, excepted: frozenset[str] = frozenset()) -> bool:
        """Services that a policy excepts have no discounts of partners."""
        return (
            (self.lines is None or any(one is line for one in self.lines))
            and (not self.services or line.product.service in self.services)
            and (not self.modes or line.mode in self.modes)
            and (not self.specs or line.product.spec in self.specs)
            and (self.kind != PARTNER_SET or line.product.service not in excepted)
        )

    def reductions(self, lines: Sequence[Priced], excepted: frozenset[str] = frozenset()) -> list[Decimal]:
        """What it takes off each line. An amount is divided in proportion."""
        prices = [one.price if self.covers(one, excepted) else NOTHING for one in lines]
        if self.ratio is not None:
            return [price - cut(price * self.ratio) for price in prices]
        return divided(min(self.off, sum(prices, NOTHING)), prices)
