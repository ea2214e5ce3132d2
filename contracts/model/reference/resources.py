"""Yearly/monthly resources: provisioned, renewed by hand and by themselves, expired, given up, made pay-per-use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from contracts.model.reference.money import Money, pay_back, purse
from contracts.model.reference.orders import (
    BY_SYSTEM,
    PROCESSING,
    RENEWAL,
    UNPAID,
    VOUCHER,
    Line,
    Order,
    Orders,
    Part,
)
from contracts.model.reference.people import RESOLD, Customer
from contracts.model.reference.prices import MONTH, Product
from contracts.model.reference.refunds import FREE_INSTANCES, Settlement, is_free, settled
from contracts.model.reference.vouchers import Vouchers
from contracts.model.reference.world import NOTHING, World, at_china_time, china_day, end_of_term

IN_USE, CLOSED, FROZEN, EXPIRED = 2, 3, 4, 5
GRACE, CONVERT, RENEW = 0, 1, 3
"""Policies of the expiry."""
GRACE_TIME, RETENTION_TIME = timedelta(days=15), timedelta(days=15)
"""Set by the model itself: they depend on the customer's level."""
DEDUCTION = timedelta(days=7)
DEDUCTION_HOUR = time(3)


@dataclass
class Term:
    """A stretch of time that an order paid for."""

    order: Order
    starts: datetime
    ends: datetime
    period: int
    parts: list[Part]


@dataclass
class Resource:
    """A resource. Its id is told by the first listing after its provisioning."""

    customer: Customer
    product: Product
    created: datetime
    terms: list[Term]
    main: Resource | None = None
    id: str = ""
    status: int = IN_USE
    policy: int = GRACE
    order: Order | None = None
    """The order under way that is about it."""
    period: int = MONTH
    times: int | None = None
    """How it renews by itself: for one such period each time, so many times; None has no end."""
    attempt: datetime | None = None

    @property
    def ends(self) -> datetime:
        return self.terms[-1].ends

    @property
    def is_alive(self) -> bool:
        return self.status != CLOSED

    def coming(self, moment: datetime) -> list[Term]:
        return [one for one in self.terms if one.starts > moment]


class Resources:
    """All resources."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.resources: list[Resource] = []
        self.converted: list[Resource] = []
        """What goes on as pay-per-use, and is still to be ended there."""
        self._free: defaultdict[tuple[str, int], int] = defaultdict(int)

    def of(self, customer: Customer) -> list[Resource]:
        return [one for one in self.resources if one.customer is customer]

    def family(self, main: Resource) -> list[Resource]:
        return [main, *(one for one in self.resources if one.main is main and one.is_alive)]

    # Completions of orders

    def provision(self, order: Order) -> None:
        created: dict[int, Resource] = {}
        for line in order.lines:
            now = self._world.now
            term = Term(order, now, end_of_term(now, line.months), line.period, line.parts)
            main = created[id(line.main)] if line.main else None
            line.resource = created[id(line)] = Resource(order.customer, line.product, now, [term], main)
            self.resources.append(line.resource)
            self._plan_expiry(line.resource)

    def extend(self, order: Order) -> None:
        """Paid terms are added; what is expired or frozen is in use again."""
        for line in order.lines:
            assert line.resource and line.ends
            one = line.resource
            one.terms.append(Term(order, one.ends, line.ends, line.period, line.parts))
            one.status = IN_USE
            self._plan_expiry(one)
            self.plan_attempt(one)

    def give_up(self, order: Order) -> None:
        for one in order.resources:
            if one.is_alive:
                self._release(one)
        self._pay_back(order)

    def shorten(self, order: Order) -> None:
        """Take the terms back that had not begun when it was ordered."""
        for one in order.resources:
            coming = one.coming(order.created)
            one.terms = [term for term in one.terms if term not in coming]
            self._plan_expiry(one)
            self.plan_attempt(one)
        self._pay_back(order)

    def convert_now(self, order: Order) -> None:
        for one in order.resources:
            if one.is_alive:
                self._convert(one)
        self._pay_back(order)

    def _pay_back(self, order: Order) -> None:
        money: defaultdict[str, Decimal] = defaultdict(lambda: NOTHING)
        vouchers: defaultdict[tuple[str, str], Decimal] = defaultdict(lambda: NOTHING)
        for paid, part in order.returns:
            if part.kind == VOUCHER:
                vouchers[paid.id, part.place] += part.amount
            else:
                money[part.place] += part.amount
        own = self._world.of(Vouchers)
        for (order_id, place), amount in vouchers.items():
            own.give_back(next(one for one in own.vouchers if one.id == place), order_id, amount)
        pay_back(self._world, order.customer, dict(money), order)

    # Giving up

    def settle(self, group: Sequence[Resource], renewals_only: bool, free_rule: bool) -> list[list[Settlement]]:
        """How each resource of a group is settled; the free instances of the year are used up."""
        now, year = self._world.now, china_day(self._world.now).year
        found = []
        for one in group:
            count = self._free[one.customer.id, year]
            free = free_rule and not renewals_only and is_free(self._world.site, one, now) and count < FREE_INSTANCES
            self._free[one.customer.id, year] += free
            found.append(list(settled(one.coming(now) if renewals_only else one.terms, now, free)))
        return found

    # Renewals

    def renewal(self, group: Sequence[Resource], period: int, number: int) -> list[Line]:
        """Lines for a further term of a main resource and what is attached to it; the term begins at the old expiry."""
        main: Line | None = None
        lines = []
        for one in group:
            line = Line(one.product, period, number, one.product.price(self._world.site, period, number), main)
            line.resource, line.ends = one, end_of_term(one.ends, line.months)
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
        due = max(at_china_time(china_day(resource.ends) - DEDUCTION, DEDUCTION_HOUR), coming)
        if due != resource.attempt:
            resource.attempt = due
            self._world.plan(due, lambda: self._try(resource, due))

    def _try(self, main: Resource, due: datetime) -> None:
        if not main.is_alive or main.policy != RENEW or main.attempt != due:
            return
        group = [one for one in self.family(main) if one.policy == RENEW]
        if not self._renews(group):
            self.plan_attempt(main)
            return
        for one in group:
            if one.times == 1:
                self.stop_renewing(one)
            elif one.times is not None:
                one.times -= 1

    def _renews(self, group: Sequence[Resource]) -> bool:
        lines = self.renewal(group, group[0].period, 1)
        customer, orders = group[0].customer, self._world.of(Orders)
        under_way = any(one.order for one in group)
        if under_way or customer.frozen or any(line.ends and line.ends <= self._world.now for line in lines):
            return False
        order = Order("", customer, RENEWAL, lines, self._world.now, self.extend, source=BY_SYSTEM)
        discount = orders.usual(order)
        due = orders.due(order, discount, ())
        if customer.association != RESOLD and due > purse(self._world.of(Money), customer):
            return False
        orders.place(order)
        orders.pay(order, discount)
        return True

    def stop_renewing(self, one: Resource) -> None:
        one.policy, one.attempt = GRACE, None

    # Expiry

    def _plan_expiry(self, resource: Resource) -> None:
        ends = resource.ends
        self._world.plan(ends, lambda: self._expire(resource, ends))

    def _expire(self, resource: Resource, due: datetime) -> None:
        if resource.status not in (IN_USE, FROZEN) or resource.ends != due:
            return
        if resource.policy == CONVERT:
            self._world.plan(due, lambda: self._end_as_planned(resource))
        elif resource.status == FROZEN:
            self._freeze(resource)
        else:
            resource.status = EXPIRED
            self._world.plan(due + GRACE_TIME, lambda: self._end_grace(resource, due))

    def _end_grace(self, resource: Resource, expiry: datetime) -> None:
        if resource.status == EXPIRED and resource.ends == expiry:
            self._freeze(resource)

    def _freeze(self, resource: Resource) -> None:
        resource.status, expiry = FROZEN, resource.ends
        self._world.plan(self._world.now + RETENTION_TIME, lambda: self._end_retention(resource, expiry))

    def _end_retention(self, resource: Resource, expiry: datetime) -> None:
        processed = resource.order is not None and resource.order.status == PROCESSING
        if resource.status == FROZEN and resource.ends == expiry and not processed:
            self._release(resource)

    def _end_as_planned(self, resource: Resource) -> None:
        """At its expiry a resource becomes pay-per-use; an order that is being processed comes first."""
        if not resource.is_alive or resource.ends > self._world.now:
            return
        if resource.order is not None and resource.order.status == PROCESSING:
            self._world.plan(self._world.now + timedelta(seconds=5), lambda: self._end_as_planned(resource))
        elif resource.status != IN_USE:
            self._freeze(resource)
        else:
            self._convert(resource)

    def _convert(self, resource: Resource) -> None:
        self._release(resource)
        self.converted.append(resource)

    def _release(self, resource: Resource) -> None:
        """An unpaid order for it comes to nothing."""
        if resource.order is not None and resource.order.status == UNPAID:
            self._world.of(Orders).cancel(resource.order)
        resource.status = CLOSED
