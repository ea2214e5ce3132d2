"""Renewals of yearly/monthly resources: their terms and prices, the settings of a customer, what happens by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from contracts.model.reference.money import Money, purse
from contracts.model.reference.orders import BY_SYSTEM, RENEWAL, SYSTEM, Line, Order, Orders
from contracts.model.reference.people import RESOLD, Customer
from contracts.model.reference.resources import RENEW, Resource, Resources
from contracts.model.reference.world import (
    CHINA,
    NOTHING,
    World,
    at_china_time,
    china_day,
    end_of_term,
    months_later,
)

DEDUCTION_DAYS = 7
DEDUCTION_HOUR = time(3)
LAST_DAY = -1
"""Of a month."""
DAY = timedelta(days=1)


class Renewals:
    """How resources are renewed."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.deduction_days: defaultdict[str, int] = defaultdict(lambda: DEDUCTION_DAYS)
        self.expire_day: dict[str, int] = {}
        """The common day of expiry of a customer's renewals."""
        world.of(Resources).when_prolonged.append(self.plan_attempt)

    def renewal(self, group: Sequence[Resource], period: int, number: int) -> list[Line]:
        """Lines for a further term of a main resource and what is attached to it; the term begins at the old expiry and
        runs on to the common day of expiry, if there is one."""
        main: Line | None = None
        lines = []
        for one in group:
            line = Line(one.product, period, number, NOTHING, main, one, traits=one.traits)
            end, day = end_of_term(one.ends, line.months), self.expire_day.get(one.customer.id)
            line.starts, line.ends = one.ends, end if day is None else on_day(end, day)
            line.price = one.product.price(self._world.site, period, number, -(-(line.ends - end) // DAY))
            main = main or line
            lines.append(line)
        return lines

    def plan_attempt(self, resource: Resource) -> None:
        """A main resource tries at 03:00 China time, seven days before its expiry or else daily."""
        if resource.policy != RENEW or resource.main is not None:
            return
        now = self._world.now
        today = at_china_time(china_day(now), DEDUCTION_HOUR)
        coming = today if today > now else today + timedelta(days=1)
        first = china_day(resource.ends) - timedelta(days=self.deduction_days[resource.customer.id])
        due = max(at_china_time(first, DEDUCTION_HOUR), coming)
        if due != resource.attempt:
            resource.attempt = due
            self._world.plan(due, lambda: self._try(resource, due))

    def _try(self, main: Resource, due: datetime) -> None:
        if not main.is_alive or main.policy != RENEW or main.attempt != due:
            return
        group = [one for one in self._world.of(Resources).family(main) if one.policy == RENEW]
        if not self._renews(group):
            self.plan_attempt(main)
            return
        for one in group:
            if one.times == 1:
                self._world.of(Resources).stop_renewing(one)
            elif one.times is not None:
                one.times, one.updated = one.times - 1, self._world.now

    def _renews(self, group: Sequence[Resource]) -> bool:
        lines = self.renewal(group, group[0].period, 1)
        customer, orders = group[0].customer, self._world.of(Orders)
        barred = any(one.order or "not_renewable" in one.traits for one in group)
        if barred or customer.frozen or any(line.ends and line.ends <= self._world.now for line in lines):
            return False
        order = Order(
            "",
            customer,
            RENEWAL,
            lines,
            self._world.now,
            self._world.of(Resources).extend,
            source=BY_SYSTEM,
            user=SYSTEM,
        )
        order.project = group[0].project
        discount = orders.usual(order)
        due = orders.due(order, discount, ())
        if customer.association != RESOLD and due > purse(self._world.of(Money), customer):
            return False
        orders.place(order)
        orders.pay(order, discount)
        return True

    def set_deduction(self, customer: Customer, days: int) -> None:
        """On which day before the expiry the money for renewals is taken."""
        self.deduction_days[customer.id] = days
        for one in self._world.of(Resources).of(customer):
            if one.is_alive:
                self.plan_attempt(one)

    def start_renewing(self, main: Resource, times: int | None, period: int | None) -> None:
        """Where a resource renews by itself already, only a number of times changes anything."""
        for one in self._world.of(Resources).family(main):
            if one.policy != RENEW or times is not None:
                one.policy, one.times, one.period = RENEW, times or None, period or main.terms[-1].period
                one.attempt, one.updated = None, self._world.now
                self.plan_attempt(one)


def on_day(end: datetime, day: int) -> datetime:
    """The first instant from `end` on that has the same time on that day of a month."""
    local = end.astimezone(CHINA)
    first = local.date().replace(day=1)
    days = (_in_month(months_later(first, number), day) for number in range(2))
    return at_china_time(next(one for one in days if one >= local.date()), local.time())


def _in_month(first: date, day: int) -> date:
    return months_later(first, 1) - DAY if day == LAST_DAY else first.replace(day=day)
