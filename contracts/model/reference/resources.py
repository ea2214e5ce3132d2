"""Yearly/monthly resources: provisioned, renewed by hand and by themselves, expired, given up, made pay-per-use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from contracts.model.reference.money import pay_back
from contracts.model.reference.orders import NO_PROJECT, PROCESSING, UNPAID, VOUCHER, Line, Order, Orders, Part
from contracts.model.reference.people import Customer
from contracts.model.reference.prices import MONTH, Product
from contracts.model.reference.refunds import FREE_INSTANCES, Settlement, instance_of, is_new, settled
from contracts.model.reference.vouchers import Vouchers
from contracts.model.reference.world import NOTHING, World, china_day, divided, end_of_term

IN_USE, CLOSED, FROZEN, EXPIRED = 2, 3, 4, 5
GRACE, CONVERT, RENEW = 0, 1, 3
"""Policies of the expiry."""
GRACE_TIME, RETENTION_TIME = timedelta(days=15), timedelta(days=15)
"""Set by the model itself: they depend on the customer's level."""


@dataclass
class Term:
    """A stretch of time that an order paid for."""

    order: Order
    starts: datetime
    ends: datetime
    period: int
    parts: list[Part]


@dataclass(eq=False)
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
    name: str = ""
    traits: frozenset[str] = frozenset()
    frozen_by: str = ""
    """violation or police, where it was frozen for that."""
    project: tuple[str, str] = NO_PROJECT
    updated: datetime | None = None

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
        self.when_prolonged: list[Callable[[Resource], None]] = []
        """What is to be done when the end of a resource has changed."""
        self._free: defaultdict[tuple[str, int], set[int | str]] = defaultdict(set)

    def of(self, customer: Customer) -> list[Resource]:
        return [one for one in self.resources if one.customer is customer]

    def family(self, main: Resource) -> list[Resource]:
        return [main, *(one for one in self.resources if one.main is main and one.is_alive)]

    # Completions of orders

    def provision(self, order: Order) -> None:
        """As many resources as pieces; attached ones are spread over those of their main line."""
        created: dict[int, list[Resource]] = {}
        for line in order.lines:
            mains = created[id(line.main)] if line.main else []
            line.starts, line.ends = self._world.now, end_of_term(self._world.now, line.months)
            made = created[id(line)] = [self._new(order, line, parts) for parts in _pieces(line)]
            for number, one in enumerate(made):
                one.name = line.names[number] if number < len(line.names) else ""
                one.main = mains[number * len(mains) // len(made)] if mains else None
                self.resources.append(one)
                self._plan_expiry(one)

    def _new(self, order: Order, line: Line, parts: list[Part]) -> Resource:
        assert line.starts and line.ends
        term = Term(order, line.starts, line.ends, line.period, parts)
        made = Resource(order.customer, line.product, line.starts, [term], traits=line.traits)
        made.project, made.updated = order.project, line.starts
        return made

    def extend(self, order: Order) -> None:
        """Paid terms are added; what is expired or frozen is in use again, unless it was frozen for something else."""
        for line in order.lines:
            assert line.resource and line.ends
            one = line.resource
            one.terms.append(Term(order, one.ends, line.ends, line.period, line.parts))
            self._to(one, FROZEN if one.frozen_by else IN_USE)
            self._plan_expiry(one)
            self._prolonged(one)

    def _prolonged(self, one: Resource) -> None:
        for act in self.when_prolonged:
            act(one)

    def _to(self, one: Resource, status: int) -> None:
        one.status, one.updated = status, self._world.now

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
            one.updated = self._world.now
            self._plan_expiry(one)
            self._prolonged(one)
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
                vouchers[(paid.whole or paid).id, part.place] += part.amount
            else:
                money[part.place] += part.amount
        own = self._world.of(Vouchers)
        for (order_id, place), amount in vouchers.items():
            own.give_back(next(one for one in own.vouchers if one.id == place), order_id, amount)
        pay_back(self._world, order.customer, dict(money), order)

    # Giving up

    def settle(self, group: Sequence[Resource], renewals_only: bool, free_rule: bool) -> list[list[Settlement]]:
        """How each resource of a group is settled; the free instances of the year are used up."""
        now = self._world.now
        free = self._free_instances(group) if free_rule and not renewals_only else set()
        found = []
        for one in group:
            is_free = is_new(self._world.site, one, now) and instance_of(one, group) in free
            found.append(list(settled(one.coming(now) if renewals_only else one.terms, now, is_free)))
        return found

    def _free_instances(self, group: Sequence[Resource]) -> set[int | str]:
        """Where the quota of the year does not reach, the first ones are free."""
        now, taken = self._world.now, self._free[group[0].customer.id, china_day(self._world.now).year]
        found = dict.fromkeys(instance_of(one, group) for one in group if is_new(self._world.site, one, now))
        more = [one for one in found if one not in taken][: max(0, FREE_INSTANCES - len(taken))]
        free = {one for one in found if one in taken or one in more}
        taken |= free
        return free

    # What follows the expiry

    def stop_renewing(self, one: Resource) -> None:
        self.expire_plainly(one)
        one.updated = self._world.now

    def set_conversion(self, main: Resource, sets: bool) -> None:
        """Have a resource and what is attached to it become pay-per-use at the expiry, or not any more."""
        for one in self.family(main):
            if (one.policy == CONVERT) != sets:
                self.stop_renewing(one)
                one.policy = CONVERT if sets else GRACE

    def expire_plainly(self, one: Resource) -> None:
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
            self._to(resource, EXPIRED)
            self._world.plan(due + GRACE_TIME, lambda: self._end_grace(resource, due))

    def _end_grace(self, resource: Resource, expiry: datetime) -> None:
        if resource.status == EXPIRED and resource.ends == expiry:
            self._freeze(resource)

    def _freeze(self, resource: Resource) -> None:
        expiry = resource.ends
        if resource.status != FROZEN:
            self._to(resource, FROZEN)
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
        self._to(resource, CLOSED)

    # Frozen for something else

    def bar(self, resource: Resource, reason: str) -> None:
        """Freeze a resource for a violation or by the police, or lift that where there is no reason."""
        before, resource.frozen_by = resource.frozen_by, reason
        if reason and resource.status == IN_USE:
            self._to(resource, FROZEN)
        elif not reason and before and self._world.now < resource.ends:
            self._to(resource, IN_USE)


def _pieces(line: Line) -> list[list[Part]]:
    """What each piece of a line was paid with."""
    weights = divided(line.payable, [Decimal(1)] * line.quantity)
    columns = [(part, divided(part.amount, weights)) for part in line.parts]
    return [
        [Part(part.kind, part.place, shares[number]) for part, shares in columns if shares[number]]
        for number in range(line.quantity)
    ]
