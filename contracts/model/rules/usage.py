"""Pay-per-use resources: started and ended, metered by the hour, settled into money or arrears, listed by partners."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from contracts.model.comparing import SOMETHING, Refused
from contracts.model.machine import Listing, Rules, compare, one_of, picks, rarely, step
from contracts.model.reference.catalogue import ASKED, resource_name, service_name
from contracts.model.reference.metering import CLOSED, FROZEN, GRACE, NORMAL, TIME, Metering, OnDemand
from contracts.model.reference.money import ALLOCATED, CASH, CREDIT, Money
from contracts.model.reference.people import REFERRAL, Customer, People
from contracts.model.reference.prices import ADDRESS, ECS, EVS, REGION, SERVER, VPC, Product, bandwidth, disk
from contracts.model.reference.world import World, text_of
from contracts.model.rules.customers import caller

OBS = Product("hws.service.type.obs", "hws.resource.type.obs", "obs")
MOST, MOST_LINES = 4, 60
"""Resources at a time, and lines of a statement that usage may make: one page shows them."""
SECOND = timedelta(seconds=1)
products = st.sampled_from([SERVER, disk(10), disk(33), ADDRESS, bandwidth(7), OBS])
roles = st.sampled_from(["customer", "shopper", "referral"])
rates = st.sampled_from([None, None, "0.3333333333", "2.5", "0.0000000001"])
shifts = st.sampled_from([-1, 0, 1])
has_running = precondition(lambda self: bool(_own(self)))


class Running(Rules):
    """What is paid by use."""

    @step(role=roles, product=products, rate=rates, since=st.sampled_from([0, 0, 1, 5]), named=st.booleans())
    def start_on_demand(self, role: str, product: Product, rate: str | None, since: int, named: bool) -> None:
        """It may exist for some days already, of which nothing is metered. If nothing is said it just runs."""
        if len(_own(self)) < MOST and not _is_long(self, self.world.of(People).customer(role)):
            code = TIME if product is not OBS else "size"
            usage = None if rate is None else {code: Decimal(rate)}
            _start(self, self.world.of(People).customer(role), product, usage, since, named)

    @has_running
    @step(pick=picks)
    def end_on_demand(self, pick: int) -> None:
        _end(self, one_of(_own(self), pick))

    @has_running
    @step(pick=picks, amount=st.integers(1, 99999), code=st.sampled_from(["get", "put", "download.external"]))
    def use_more(self, pick: int, amount: int, code: str) -> None:
        """Beside what is used by the hour."""
        one = one_of(_own(self), pick)
        code = code if one.product is OBS else TIME
        used = Decimal(amount) / 1000
        self.play.place("usages", resource=one.id, usage_type=code, amount=used)
        self.world.of(Metering).use(one, code, used)

    @step(role=st.sampled_from(["referral", "referral", "customer"]), drawn=st.integers(1, 9000))
    def owe_and_wait(self, role: str, drawn: int) -> None:
        """What is owed is paid with the next settlement, as far as there is money."""
        customer, metering, owed = self.world.of(People).customer(role), self.world.of(Metering), Decimal(drawn) / 100
        if _is_long(self, customer):
            return
        if not metering.alive(customer):
            _start(self, customer, ADDRESS, None, 0, False)
        self.play.place("arrears", customer=customer.name, amount=owed)
        self.world.of(Money).owed[customer.id] = owed
        metering.review(customer)
        self.pass_time(timedelta(days=1))

    @step(
        pick=picks,
        service=st.sampled_from([None, None, ECS, EVS, VPC]),
        status=st.sampled_from([None, None, NORMAL, GRACE, FROZEN, CLOSED]),
        region=st.sampled_from(["", "", "right", "wrong"]),
        named=st.lists(picks, max_size=2),
    )
    def filter_on_demand(
        self, pick: int, service: str | None, status: int | None, region: str, named: list[int]
    ) -> None:
        every = self.world.of(Metering).resources
        ids = {one_of(every, number).id for number in named} if every else set()
        code = REGION[self.world.site] if region == "right" else "cn-east-3"
        customer = self.world.of(People).customer(("customer", "shopper", "referral")[pick % 3])
        found = [
            one
            for one in self.world.of(Metering).of(customer)
            if service in (None, one.product.service)
            and status in (None, one.status)
            and region != "wrong"
            and (not ids or one.id in ids)
        ]
        said = {"service_type_code": service, "status": status, "region_code": code if region else None}
        self._on_demand(customer, found, {**said, "resource_ids": sorted(ids) or None})

    @step(pick=picks, times=st.tuples(picks, picks), sides=st.sampled_from(["b", "e", "be"]), shift=shifts)
    def filter_on_demand_by_time(self, pick: int, times: tuple[int, int], sides: str, shift: int) -> None:
        """Both ends of the range are outside of it."""
        every = self.world.of(Metering).resources
        customer = self.world.of(People).customer(("customer", "shopper")[pick % 2])
        if not every:
            return
        begin, end = (one_of(every, number).started + SECOND * shift for number in times)
        found = [
            one
            for one in self.world.of(Metering).of(customer)
            if ("b" not in sides or one.started > begin) and ("e" not in sides or one.started < end)
        ]
        said = {"effective_time_begin": text_of(begin)} if "b" in sides else {}
        said |= {"effective_time_end": text_of(end)} if "e" in sides else {}
        self._on_demand(customer, found, said)

    @step(pick=picks, foreign=rarely)
    def ask_as_another(self, pick: int, foreign: bool) -> None:
        """Only the customer's own partner may, or its distributor that names the reseller."""
        customer = one_of(self.world.of(People).callers, pick)
        if customer.partner:
            other = "distributor" if customer.partner == "partner" else "partner"
            who = other if foreign else "distributor"
            self.call(who, "ListCustomerOnDemandResources", Refused("CBC.99000035"), customer_id=customer.id)

    def _on_demand(self, customer: Customer, found: list[OnDemand], said: dict[str, Any]) -> None:
        if not customer.partner:
            return
        who, named = caller(self, customer.partner)
        fields = {name: value for name, value in said.items() if value is not None}
        fields |= {"customer_id": customer.id, **named}
        if customer.association == REFERRAL:
            self.call(who, "ListCustomerOnDemandResources", Refused("CBC.99000000"), **fields)
        else:
            compare(self.play, _listing(self.world, who, found, fields))

    def begin(self) -> None:
        """Time goes from one settlement to the next, so that resources can be ended before there are too many."""
        self.world.careful.append(lambda: self.world.site == "cn" and bool(_own(self)))

    def after_time(self) -> None:
        for one in [one for one in _own(self) if _is_long(self, one.customer)]:
            _end(self, one)

    def listings(self) -> Iterator[Listing]:
        for role in ("customer", "shopper"):
            customer = self.world.of(People).customer(role)
            if customer.partner and customer.association != REFERRAL:
                who, named = caller(self, customer.partner)
                own = self.world.of(Metering).of(customer)
                yield _listing(self.world, who, own, {"customer_id": customer.id, **named})


def _end(rules: Rules, one: OnDemand) -> None:
    rules.play.place("releases", resource=one.id)
    rules.world.of(Metering).release(one)


def _is_long(rules: Rules, customer: Customer) -> bool:
    """Whether a customer's statement is long enough."""
    return len(rules.world.of(Money).statement(customer.id, CASH, CREDIT, ALLOCATED)) > MOST_LINES


def _own(rules: Rules) -> list[OnDemand]:
    """What these rules have started and is still there."""
    return [one for one in rules.world.of(Metering).resources if one.zone and one.is_alive]


def _start(
    rules: Rules, customer: Customer, product: Product, usage: dict[str, Decimal] | None, since: int, named: bool
) -> None:
    now, site = rules.world.now, rules.world.site
    zone = f"{REGION[site]}b"
    said: dict[str, Any] = {} if usage is None else {"usage": usage}
    said |= {"effective": text_of(now - timedelta(days=since))} if since else {}
    said |= {"name": "model-running"} if named else {}
    row = rules.play.place(
        "on_demand_resources", customer=customer.name, **product.item(site), availability_zone=zone, **said
    )
    rules.play.name(row["id"], "running")
    runs = {TIME: Decimal(1)} if product is not OBS else {}
    one = OnDemand(row["id"], customer, product, now - timedelta(days=since), now, runs if usage is None else usage)
    one.name, one.zone = "model-running" if named else "", zone
    rules.world.of(Metering).start(one)


def _listing(world: World, who: str, found: list[OnDemand], fields: dict[str, Any]) -> Listing:
    rows = [_row(world, one) for one in found]
    return Listing(
        who, "ListCustomerOnDemandResources", "resources", rows, ("resource_id",), "total_count", "effective_time",
        fields,
    )  # fmt: skip


def _row(world: World, one: OnDemand) -> dict[str, Any]:
    product, words = one.product, ASKED
    return {
        "resource_id": one.id,
        "customer_id": one.customer.id,
        "resource_name": one.name or SOMETHING,
        "region_code": REGION[world.site],
        "availability_zone_code": one.zone or SOMETHING,
        "service_type_code": product.service,
        "service_type_name": service_name(product.service, words),
        "resource_type_code": product.resource,
        "resource_type_name": resource_name(product.resource, words),
        "resource_spec_code": product.spec,
        "resource_info": f'{{"specSize":{product.size}.0}}' if product.size else None,
        "product_spec_desc": product.description(words),
        "effective_time": one.started,
        "expire_time": one.ended,
        "status": one.status,
    }
