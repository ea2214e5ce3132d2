"""Resources: renewed by hand and by themselves, given up, made pay-per-use; what the clock does to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from contracts.model.comparing import Given, Refused
from contracts.model.doing import renew, renew_automatically
from contracts.model.machine import Listing, Rules, compare, one_of, picks, rows_of, step
from contracts.model.placing import is_full
from contracts.model.reference.metering import Metering, OnDemand
from contracts.model.reference.orders import PROCESSING_TIME, TO_ON_DEMAND, Orders
from contracts.model.reference.people import Customer, People
from contracts.model.reference.prices import ECS, EVS, MONTH, VPC, YEAR
from contracts.model.reference.resources import CLOSED, CONVERT, EXPIRED, FROZEN, IN_USE, RENEW, Resource, Resources
from contracts.model.reference.rows import resource_row
from contracts.model.rules.customers import caller
from contracts.model.rules.orders import pass_processing, waits
from contracts.model.rules.time import is_late

has_resources = precondition(lambda self: bool(self.world.of(Resources).resources))
has_room = precondition(lambda self: not is_full(self))
FORESEEN = timedelta(days=60)
TIMES = st.sampled_from([None, 0, 1, 2])
SECOND = timedelta(seconds=1)
shifts = st.sampled_from([-1, 0, 1])
"""Seconds beside an expiry: both ends of a range are outside."""


class Keeping(Rules):
    """What becomes of what was bought."""

    @has_resources
    @step(
        pick=picks,
        period=st.sampled_from([MONTH, YEAR]),
        number=st.sampled_from([1, 2, 3, 11]),
        paid=st.booleans(),
        waits=waits,
    )
    def renew_one(self, pick: int, period: int, number: int, paid: bool, waits: bool) -> None:
        one = some_resource(self, pick)
        renew(self, one.customer, [one], (period, min(number, 3) if period == YEAR else number), paid)
        pass_processing(self, paid and waits)

    @has_resources
    @step(pick=picks, times=TIMES, period=st.sampled_from([None, "MONTH", "YEAR"]), waits=waits)
    def renew_by_itself(self, pick: int, times: int | None, period: str | None, waits: bool) -> None:
        """If drawn, time goes on until it does."""
        one = some_resource(self, pick)
        main = one.main or one
        done = renew_automatically(self, one, times, period)
        await_attempt(self, main, done and waits)

    @has_resources
    @step(pick=picks)
    def stop_renewing(self, pick: int) -> None:
        one, own = some_resource(self, pick), self.world.of(Resources)
        code = "CBC.99003012" if not one.is_alive else "" if one.policy == RENEW else "CBC.99003605"
        foretold = Refused(code) if code else Given()
        self.call(one.customer.role, "CancelAutoRenewalResources", foretold, resource_id=one.id)
        for each in () if code else [one] if one.main else own.family(one):
            if each.policy == RENEW:
                own.stop_renewing(each)

    @has_resources
    @step(
        pick=picks,
        which=st.lists(picks, max_size=2),
        main=st.sampled_from([None, 0, 1]),
        states=st.lists(st.sampled_from([IN_USE, CLOSED, FROZEN, EXPIRED]), max_size=2),
        service=st.sampled_from([None, None, ECS, EVS, VPC]),
        by_partner=st.booleans(),
    )
    def filter_resources(
        self, pick: int, which: list[int], main: int | None, states: list[int], service: str | None, by_partner: bool
    ) -> None:
        """By id, with what is attached unless only main resources are wanted; by state and service."""
        customer = one_of(self.world.of(People).callers, pick)
        named = {some_resource(self, number).id for number in which}
        fields = {"resource_ids": sorted(named), "status_list": states, "only_main_resource": main}
        found = [
            one
            for one in self.world.of(Resources).of(customer)
            if _is_named(one, named, main == 1)
            and (not states or one.status in states)
            and service in (None, one.product.service)
        ]
        find_resources(self, customer, by_partner, found, {**fields, "service_type_code": service})

    @has_resources
    @step(
        pick=picks,
        member=st.booleans(),
        times=st.tuples(picks, picks),
        sides=st.sampled_from(["", "b", "e", "be"]),
        shifts=st.tuples(shifts, shifts),
    )
    def filter_by_order_and_expiry(
        self, pick: int, member: bool, times: tuple[int, int], sides: str, shifts: tuple[int, int]
    ) -> None:
        """An order is that which created a resource, or the combination that this was paid in; or with a range of times
        any order will do."""
        own, one = self.world.of(Resources), some_resource(self, pick)
        order = one.terms[0].order if member else one.terms[0].order.whole or one.terms[0].order
        ends = [one_of(own.resources, number).ends for number in times]
        begin, end = (moment + SECOND * shift for moment, shift in zip(ends, shifts, strict=True))
        found = [
            each
            for each in own.of(one.customer)
            if (sides or each.terms[0].order in order.together)
            and ("b" not in sides or each.ends > begin)
            and ("e" not in sides or each.ends < end)
        ]
        fields: dict[str, Any] = {} if sides else {"order_id": order.id}
        fields |= {"expire_time_begin": begin} if "b" in sides else {}
        find_resources(
            self, one.customer, False, found, {**fields, **({"expire_time_end": end} if "e" in sides else {})}
        )

    @step(pick=picks, stranger=st.sampled_from(["", "partner", "distributor"]))
    def list_for_strangers(self, pick: int, stranger: str) -> None:
        """A partner has to name a customer; a customer of somebody else seems to have nothing."""
        customer = one_of(self.world.of(People).callers, pick)
        if not stranger:
            self.call("partner", "ListPayPerUseCustomerResources", Refused("CBC.0100"))
        elif (customer.partner == "partner") == (stranger == "distributor"):
            fields = {"customer_id": customer.id}
            self.call(stranger, "ListPayPerUseCustomerResources", Given({"total_count": 0, "data": []}), **fields)

    def begin(self) -> None:
        """A customer has a server with its disk. Where something may become pay-per-use, which costs money by the hour,
        time stops at each event, so that the pay-per-use resource can be ended at once."""
        own, orders = self.world.of(Resources), self.world.of(Orders)
        self.world.careful.append(lambda: any(map(_may_convert, own.resources)))
        order = next(one for one in orders.orders if one.customer.role == "customer")
        nothing = {"use_coupon": "NO", "use_discount": "NO"}
        self.call("customer", "PayOrders", Given(), order_id=order.id, **nothing)
        orders.pay(order)
        self.pass_time(PROCESSING_TIME)

    def after_time(self) -> None:
        own = self.world.of(Resources)
        while own.converted:
            one, now, metering = own.converted.pop(), self.world.now, self.world.of(Metering)
            self.play.place("releases", resource=one.id)
            metering.release(metering.start(OnDemand(one.id, one.customer, one.product, now, now)))

    def learn(self) -> None:
        """Ids of resources are told by the list of what an order has made."""
        own = self.world.of(Resources)
        orders = {id(one.terms[0].order): one.terms[0].order for one in own.resources if not one.id}
        for order in orders.values():
            who = order.customer.role
            _, _, body = self.play.read(who, "ListPayPerUseCustomerResources", order_id=order.id, limit=100)
            found = rows_of(body, "data")
            made = [each for each in own.resources if each.terms[0].order is order]
            for one in sorted(made, key=lambda one: not one.name):
                rows = [row for row in found if _is_row_of(one, row)]
                one.id = str(rows[0].get("resource_id")) if rows else "missing"
                found = [row for row in found if row.get("resource_id") != one.id]
                self.play.name(one.id, "resource")

    def listings(self) -> Iterator[Listing]:
        people, own = self.world.of(People), self.world.of(Resources)
        for customer in people.callers:
            rows = [resource_row(self.world, one) for one in own.of(customer)]
            listing = "ListPayPerUseCustomerResources", "data", rows, ("resource_id",), "total_count"
            yield Listing(customer.role, *listing)
            if customer.partner:
                who, _ = caller(self, customer.partner)
                yield Listing(who, *listing, fields={"customer_id": customer.id})


def _is_named(one: Resource, named: set[str], main_only: bool) -> bool:
    """What is attached comes with its main resource; named itself, it comes even where only main ones are wanted."""
    if not named:
        return one.main is None or not main_only
    return one.id in named or (not main_only and one.main is not None and one.main.id in named)


def _is_row_of(one: Resource, row: dict[str, Any]) -> bool:
    """Whether a row is that of a resource without an id yet."""
    alike = (row.get("resource_spec_code"), row.get("spec_size") or 0) == (one.product.spec, one.product.size)
    return alike and (not one.name or row.get("resource_name") == one.name)


def find_resources(
    rules: Rules, customer: Customer, by_partner: bool, found: list[Resource], fields: dict[str, Any]
) -> None:
    """Look for resources of a customer, as itself or by its partner."""
    who = caller(rules, customer.partner)[0] if by_partner and customer.partner else customer.role
    named = {"customer_id": customer.id} if who != customer.role else {}
    sent = {name: value for name, value in fields.items() if value is not None}
    rows = [resource_row(rules.world, one) for one in found]
    listing = "ListPayPerUseCustomerResources", "data", rows, ("resource_id",), "total_count"
    compare(rules.play, Listing(who, *listing, fields={**sent, **named}))


def await_attempt(rules: Rules, main: Resource, waits: bool) -> None:
    """If drawn, time goes on until a resource has tried to renew by itself."""
    soon = main.attempt is not None and main.attempt - rules.world.now < FORESEEN
    if waits and soon and main.attempt and not is_late(rules):
        rules.pass_time(main.attempt - rules.world.now + PROCESSING_TIME)


def some_resource(rules: Rules, pick: int) -> Resource:
    """A resource, mostly one that is still there."""
    resources = rules.world.of(Resources).resources
    alive = [one for one in resources if one.is_alive]
    return one_of([*alive, *alive, *resources], pick)


def _may_convert(resource: Resource) -> bool:
    converting = resource.order is not None and resource.order.kind == TO_ON_DEMAND
    return resource.is_alive and (resource.policy == CONVERT or converting)
