"""Which of several discounts a price is asked with: kinds, limits and validity beside each other, for any products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from contracts.model.comparing import Given, Refused
from contracts.model.joining import placed_discount
from contracts.model.machine import Rules, one_of, picks, step
from contracts.model.placing import Goods, Wish, is_full, place
from contracts.model.price_rows import codes_of, line_of, of_periods, of_usage
from contracts.model.reference.asked import (
    BY_PERIOD,
    DAY,
    HOUR,
    Asked,
    priced,
    usages_of,
)
from contracts.model.reference.catalogue import read, regions, regions_of, unit_of, units_like
from contracts.model.reference.orders import UNPAID, Orders
from contracts.model.reference.people import RESOLD, Customer, People
from contracts.model.reference.prices import (
    ADDRESS,
    BY_USAGE,
    COMMERCIAL,
    ECS,
    EVS,
    MONTH,
    PARTNER_SET,
    SERVER,
    VPC,
    YEAR,
    bandwidth,
    disk,
)
from contracts.model.reference.world import text_of
from contracts.model.rules.combined import discount_row

PERIODS, USAGE = "ListRateOnPeriodDetail", "ListOnDemandResourceRatings"
TURN = timedelta(hours=1)
"""When short discounts end and others begin."""
WINDOWS = {
    "now": (timedelta(days=-1), timedelta(days=700)),
    "past": (timedelta(days=-9), timedelta(days=-1)),
    "ends": (timedelta(), TURN),
    "begins": (TURN, timedelta(days=30)),
}
MOST_DISCOUNTS, MOST_UNPAID = 14, 5
KINDS = ("commercial", "partner_set", "partner_granted")
PRODUCTS = (SERVER, disk(13), ADDRESS, bandwidth(3))
UNHEARD = "model.unheard-of"


@dataclass(frozen=True)
class Offer:
    """A discount as it is drawn. `limit` says what it is for, of the products of the same step."""

    kind: str
    ratio: str
    window: str
    limit: str


FIRST = (
    Offer("partner_set", "0.7333", "now", ""),
    Offer("commercial", "0.9", "now", "service"),
    Offer("commercial", "0.4", "now", "other"),
    Offer("commercial", "0.3", "past", ""),
    Offer("partner_granted", "0.2", "begins", ""),
)
"""What everybody has who chooses."""


@dataclass(frozen=True)
class Ware:
    """A line as it is drawn: `number` of a product of the orders or, beyond them, of any that has a price."""

    number: int
    size: int
    pieces: int
    place: int

    def asked(self, site: str, periods: tuple[int, int] | None, amount: Decimal, instalments: str = "") -> Asked:
        """By period, or a number of units of usage."""
        every = [*PRODUCTS, *priced(site)]
        product = every[self.number % len(every)]
        product = replace(product, size=self.size) if product.size else product
        found = regions_of(product.resource, product.spec, site)
        place = found[self.place % len(found)]
        if periods:
            unit, number = periods
            return Asked(site, product, place, self.pieces, BY_PERIOD, Decimal(number), unit, instalments)
        usages = usages_of(product, site) or ["Duration"]
        usage = usages[self.place % len(usages)]
        units = list(units_like(unit_of(product.resource, usage), site)) if usages_of(product, site) else [HOUR]
        return Asked(site, product, place, self.pieces, usage, amount, units[self.size % len(units)])


ratios = st.sampled_from(["0.85", "0.85", "0.7333", "0.7333", "0.9", "0.1", "0.9999", "0.0001", "0.3333"])
windows = st.sampled_from(["now", "now", "now", "past", "ends", "begins"])
limits = st.sampled_from(["", "", "service", "other", "spec", "mode", "usage", "service and usage"])
offers = st.builds(Offer, st.sampled_from(KINDS), ratios, windows, limits)
wares = st.builds(Ware, st.one_of(st.integers(0, 3), st.integers(0, 250)), st.integers(1, 99), st.integers(1, 9), picks)
terms = st.sampled_from(
    [(MONTH, 1), (MONTH, 7), (MONTH, 25), (YEAR, 1), (YEAR, 3), (YEAR, 6), (DAY, 1), (DAY, 11), (HOUR, 5), (HOUR, 1)]
)
amounts = st.decimals("0", "999", places=3)
instalments = st.sampled_from(["", "", "NA", "HALF_PAY", "ZERO_PAY"])
FAULTS = ("service", "resource", "spec", "region", "elsewhere", "size", "unit", "twice", "largest", "factor", "measure")


class Choosing(Rules):
    """Everything that a customer may choose from, before it does."""

    @step(
        pick=picks,
        granted=st.lists(offers, max_size=3),
        drawn=st.lists(wares, min_size=1, max_size=4),
        term=terms,
        amount=amounts,
        pays=instalments,
        turns=st.booleans(),
        excepted=st.sampled_from([None, None, ECS, EVS, VPC]),
    )
    def choose_among_discounts(
        self,
        pick: int,
        granted: list[Offer],
        drawn: list[Ware],
        term: tuple[int, int],
        amount: Decimal,
        pays: str,
        turns: bool,
        excepted: str | None,
    ) -> None:
        """Each query with all of them; if drawn, again just before some of them turn, and when they do."""
        customer, site = one_of(self.world.of(People).callers, pick), self.world.site
        periods = [one.asked(site, term, amount, pays) for one in drawn]
        usages = [one.asked(site, None, amount) for one in drawn]
        held = self.world.of(Orders).discounts.get(customer.id, [])
        for one in [*(FIRST if len(held) < len(FIRST) else ()), *(granted if len(held) < MOST_DISCOUNTS else ())]:
            _grant(self, customer, one, periods[0])
        _except(self, excepted)
        _order(self, customer, pick)
        for wait in (timedelta(), TURN - timedelta(seconds=1), timedelta(seconds=1)) if turns else (timedelta(),):
            if wait:
                self.pass_time(wait)
            _ask_periods(self, customer, periods)
            _ask_usage(self, customer, usages, precise=bool(pick % 2))
            _ask_orders(self, customer)

    @step(
        pick=picks,
        drawn=st.lists(wares, min_size=1, max_size=3),
        fault=st.sampled_from(FAULTS),
        at=picks,
        by_usage=st.booleans(),
    )
    def ask_amiss(self, pick: int, drawn: list[Ware], fault: str, at: int, by_usage: bool) -> None:
        """One bad line refuses the whole query."""
        customer, site = one_of(self.world.of(People).callers, pick), self.world.site
        lines = [
            replace(one, number=number).asked(site, None if by_usage else (MONTH, 1), Decimal(1))
            for number, one in enumerate(drawn)
        ]
        # The second product has a size, which two of the faults are about.
        lines.append(Ware(1, 10, 1, at).asked(site, None if by_usage else (MONTH, 1), Decimal(1)))
        fields = [line_of(one, str(number)) for number, one in enumerate(lines)]
        code = _spoil(fields, at % len(lines), fault, site, by_usage)
        self.call(customer.role, USAGE if by_usage else PERIODS, Refused(code), project_id="any", product_infos=fields)


def _except(rules: Rules, service: str | None) -> None:
    """The discounts of partners are for a service no more, or for all again."""
    orders = rules.world.of(Orders)
    wanted = frozenset({service} if service else ())
    for one in sorted(orders.excepted ^ wanted):
        rules.play.place("incentive_policies", service_type=one, allow_discount=one not in wanted)
    orders.excepted = wanted


def _order(rules: Rules, customer: Customer, number: int) -> None:
    """Several lines of two services, for a month or a year."""
    waiting = [one for one in rules.world.of(Orders).of(customer) if one.status == UNPAID]
    if len(waiting) < MOST_UNPAID and not is_full(rules):
        goods = [Goods(PRODUCTS[number % 4], 2), Goods(SERVER, attached=(Goods(disk(10)),))]
        place(rules, customer, Wish(goods, *((MONTH, 2), (YEAR, 1))[number % 2]))


def _grant(rules: Rules, customer: Customer, offer: Offer, asked: Asked) -> None:
    begins, ends = (rules.world.now + one for one in WINDOWS[offer.window])
    other = VPC if asked.product.service != VPC else EVS
    services = {"service": (asked.product.service,), "other": (other,)}.get(offer.limit.split(" ")[0], ())
    specs = (asked.product.spec,) if offer.limit == "spec" else ()
    modes = (asked.mode,) if offer.limit == "mode" and asked.mode else ()
    modes = (BY_USAGE,) if offer.limit.endswith("usage") else modes
    said: dict[str, Any] = {"service_types": services, "specs": specs, "charging_modes": modes}
    said |= {"effective": text_of(begins), "expires": text_of(ends)}
    given = {name: value for name, value in said.items() if value}
    one = placed_discount(rules, customer, offer.kind, Decimal(offer.ratio), **given)
    one = replace(one, services=services, modes=modes, specs=specs, begins=begins, ends=ends)
    rules.world.of(Orders).discounts.setdefault(customer.id, []).append(one)


def _ask_periods(rules: Rules, customer: Customer, asked: Sequence[Asked]) -> None:
    codes = codes_of(asked)
    foretold = Refused(*codes) if codes else Given(of_periods(rules.world, customer, asked))
    lines = [line_of(one, f"p{number}") for number, one in enumerate(asked)]
    rules.call(customer.role, PERIODS, foretold, project_id="any", product_infos=lines)


def _ask_usage(rules: Rules, customer: Customer, asked: Sequence[Asked], precise: bool) -> None:
    codes = codes_of(asked)
    lines = [line_of(one, f"p{number}") for number, one in enumerate(asked)]
    foretold = Refused(*codes) if codes else Given(of_usage(rules.world, customer, asked, 10 if precise else 6))
    said = {"inquiry_precision": 1} if precise else {}
    rules.call(customer.role, USAGE, foretold, project_id="any", product_infos=lines, **said)


def _ask_orders(rules: Rules, customer: Customer) -> None:
    """Of the newest that awaits payment, and of none that a combination has."""
    orders = rules.world.of(Orders)
    waiting = [one for one in orders.of(customer) if one.status == UNPAID and not one.whole and not one.members]
    for order in waiting[-1:]:
        abroad = rules.world.site == "intl"
        found = [one for one in orders.choices(order) if not abroad or one.kind in (COMMERCIAL, PARTNER_SET)]
        assert not (abroad and customer.association == RESOLD and found), "who is resold to has no discounts"
        rows = [discount_row(orders, one, order) for one in found]
        rules.call(customer.role, "ListOrderDiscounts", Given({"discounts": rows}), order_id=order.id)


# What is refused


def _spoil(lines: list[dict[str, Any]], at: int, fault: str, site: str, by_usage: bool) -> str:
    """Make one line wrong; the code that this is refused with."""
    line = lines[at]
    keys = {
        "service": {"cloud_service_type": VPC if line["cloud_service_type"] != VPC else EVS},
        "resource": {"resource_type": _another_resource(line["resource_type"])},
        "spec": {"resource_spec": UNHEARD},
        "region": {"region": UNHEARD},
        "elsewhere": {"region": regions(site, sold=False)[0]},
    }
    if fault in keys:
        line |= keys[fault]
        return "CBC.99006006"
    if fault == "twice":
        lines.append(dict(line))
    elif fault in ("size", "unit"):
        linear = lines[-1]
        linear |= {"size_measure_id": 15} if fault == "unit" else {}
        linear.pop("resource_size" if at % 2 else "size_measure_id") if fault == "size" else None
    else:
        return _spoil_amount(line, lines[-1], fault, by_usage)
    return "CBC.0100"


def _spoil_amount(line: dict[str, Any], linear: dict[str, Any], fault: str, by_usage: bool) -> str:
    if fault == "largest" or not by_usage:
        linear |= {"resource_size": 214783647, "subscription_num": 10000}
        linear |= {"usage_value": 99999999, "usage_measure_id": HOUR} if by_usage else {"period_num": 214783647}
        return "CBC.99006055"
    if fault == "factor":
        line["usage_factor"] = UNHEARD if line["resource_type"] != bandwidth(1).resource else "bandwidth95peak"
        return "CBC.99006074"
    line["usage_measure_id"] = 10
    return "CBC.99006050"


def _another_resource(resource: str) -> str:
    return next(str(one) for one in read("prices")["prices"] if one != resource)
