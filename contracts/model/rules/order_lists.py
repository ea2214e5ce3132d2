"""What customers and partners see of orders: lists with every filter, details."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from contracts.model.comparing import Given, Refused
from contracts.model.machine import Listing, Rules, compare, one_of, picks, step
from contracts.model.placing import Goods, Wish, place, place_combined
from contracts.model.reference.orders import Order, Orders
from contracts.model.reference.people import People
from contracts.model.reference.prices import ADDRESS, ECS, EVS, MONTH, SERVER, VPC, YEAR, bandwidth, disk
from contracts.model.reference.rows import details_of, order_row
from contracts.model.reference.world import text_of
from contracts.model.rules.customers import caller
from contracts.model.rules.orders import pay_order, some_caller, waits
from contracts.model.rules.resources import has_room

SECOND = timedelta(seconds=1)
Test = Callable[[Order], bool]
has_orders = precondition(lambda self: bool(self.world.of(Orders).orders))
viewers = st.sampled_from(["customer", "referral", "shopper", "partner", "partner", "reseller", "distributor"])
shifts = st.sampled_from([-1, 0, 1])
"""Seconds beside the time of an order: both ends of a range are outside."""


class Looking(Rules):
    """Finding orders."""

    @has_room
    @step(pick=picks, which=st.integers(0, 3), period=st.sampled_from([MONTH, YEAR]), pays=st.booleans(), waits=waits)
    def order_to_look_at(self, pick: int, which: int, period: int, pays: bool, waits: bool) -> None:
        """Something of each service, and what is of two."""
        customer = some_caller(self, pick)
        goods = (Goods(SERVER), Goods(disk(14)), Goods(ADDRESS, 1, (Goods(bandwidth(2)),)), Goods(disk(15), 2))[which]
        if which == 3:
            wishes = [Wish([goods], period), Wish([Goods(SERVER)], period, project=("p-9", "ninth"))]
            order = place_combined(self, customer, wishes)
        else:
            order = place(self, customer, Wish([goods], period, contract="C-7" if which == 1 else ""))
        if pays:
            pay_order(self, order, customer, None, [], waits)

    @has_orders
    @step(
        viewer=viewers,
        pick=picks,
        service=st.sampled_from(["", "", ECS, EVS.upper(), VPC, "null"]),
        status=st.sampled_from([None, None, 1, 3, 4, 5, 6, 9]),
        kind=st.sampled_from([None, None, 1, 2, 4]),
        named=st.sampled_from(["", "", "own", "any"]),
    )
    def filter_orders(
        self, viewer: str, pick: int, service: str, status: int | None, kind: int | None, named: str
    ) -> None:
        """By whatever an order has; a partner also by the customer."""
        fields: dict[str, Any] = {"service_type_code": service or None, "status": status}
        tests: list[Test] = [lambda one: status in (None, one.status), lambda one: kind in (None, one.kind)]
        if service:
            tests.append(lambda one: one.lines[0].product.service.lower() == service.lower())
        if named and viewer not in CUSTOMERS:
            people = self.world.of(People)
            wanted = one_of(people.of(viewer) or people.customers if named == "own" else people.customers, pick)
            fields["customer_id"] = wanted.id
            tests.append(lambda one: one.customer is wanted)
        self._orders_listed(viewer, {**fields, "order_type": None if kind is None else str(kind)}, tests)

    @has_orders
    @step(viewer=viewers, pick=picks, member=st.booleans())
    def find_order(self, viewer: str, pick: int, member: bool) -> None:
        """By its id, in capitals or not; a member is no row of its own."""
        order = one_of(self.world.of(Orders).orders, pick)
        wanted = one_of(order.members, pick) if member and order.members else order
        self._orders_listed(viewer, {"order_id": wanted.id.lower()}, [lambda one: one is wanted])

    @has_orders
    @step(
        viewer=viewers,
        picks=st.tuples(picks, picks),
        paid=st.booleans(),
        sides=st.sampled_from(["b", "e", "be"]),
        shifts=st.tuples(shifts, shifts),
        by=st.sampled_from([None, "createTime", "-createTime", "CREATETIME"]),
    )
    def filter_by_times(
        self,
        viewer: str,
        picks: tuple[int, int],
        paid: bool,
        sides: str,
        shifts: tuple[int, int],
        by: str | None,
    ) -> None:
        """By when orders were placed or paid, in either direction."""

        def time(one: Order) -> datetime | None:
            return one.paid if paid else one.created

        times = sorted({moment for one in self.world.of(Orders).orders if (moment := time(one))})
        if not times:
            return
        begin, end = (one_of(times, pick) + SECOND * shift for pick, shift in zip(picks, shifts, strict=True))
        name = "payment_time" if paid else "create_time"
        fields: dict[str, Any] = {"order_by": by}
        fields |= {f"{name}_begin": begin} if "b" in sides else {}
        fields |= {f"{name}_end": end} if "e" in sides else {}
        tests: list[Test] = [
            lambda one: "b" not in sides or ((moment := time(one)) is not None and moment > begin),
            lambda one: "e" not in sides or ((moment := time(one)) is not None and moment < end),
        ]
        self._orders_listed(viewer, fields, tests)

    @step(viewer=viewers, paid=st.booleans(), more=st.sampled_from([0, 1]))
    def ask_for_orders_of_a_year(self, viewer: str, paid: bool, more: int) -> None:
        """A year is the longest range."""
        end = self.world.now.replace(month=1, day=15)
        begin = end.replace(year=end.year - 1) - SECOND * more
        name = "payment_time" if paid else "create_time"
        times = {f"{name}_begin": text_of(begin), f"{name}_end": text_of(end)}
        who, said = _who(self, viewer)
        foretold = Refused("CBC.0101") if more else Given()
        self.call(who, "ListCustomerOrders", foretold, **times, **said)

    @has_orders
    @step(viewer=viewers, pick=picks, member=st.booleans(), unnamed=st.booleans())
    def show_details(self, viewer: str, pick: int, member: bool, unnamed: bool) -> None:
        """To its customer and the partner; a distributor names its reseller."""
        order = one_of(self.world.of(Orders).orders, pick)
        wanted = one_of(order.members, pick) if member and order.members else order
        who, said = _who(self, "distributor" if unnamed and viewer == "reseller" else viewer)
        seen = order in _seen(self, "distributor" if unnamed and viewer == "reseller" else viewer)
        foretold = Given(details_of(self.world, wanted)) if seen else Refused("CBC.30000010")
        self.call(who, "ShowCustomerOrderDetails", foretold, order_id=wanted.id, limit=100, **said)

    @has_orders
    @step(pick=picks, offset=st.integers(0, 4), limit=st.integers(1, 3))
    def page_through_lines(self, pick: int, offset: int, limit: int) -> None:
        order = one_of(self.world.of(Orders).orders, pick)
        whole = details_of(self.world, order)
        page = whole["order_line_items"][offset : offset + limit]
        page_of = {"order_id": order.id, "offset": offset, "limit": limit}
        foretold = Given({**whole, "order_line_items": page})
        self.call(order.customer.role, "ShowCustomerOrderDetails", foretold, **page_of)

    def _orders_listed(self, viewer: str, fields: dict[str, Any], tests: list[Test]) -> None:
        who, said = _who(self, viewer)
        found = [one for one in _seen(self, viewer) if all(test(one) for test in tests)]
        rows = [order_row(self.world, one) for one in found]
        oldest = str(fields.get("order_by")).lower() == "createtime"
        sent = {name: value for name, value in {**fields, **said}.items() if value is not None}
        sent = {name: text_of(value) if isinstance(value, datetime) else value for name, value in sent.items()}
        listing = Listing(
            who, "ListCustomerOrders", "order_infos", rows, ("order_id",), "total_count",
            "" if oldest else "create_time", sent, oldest="create_time" if oldest else "",
        )  # fmt: skip
        compare(self.play, listing)


CUSTOMERS = ("customer", "referral", "shopper")


def _who(rules: Rules, viewer: str) -> tuple[str, dict[str, Any]]:
    """Who calls, and what it says for whom."""
    return (viewer, {}) if viewer in CUSTOMERS else caller(rules, viewer)


def _seen(rules: Rules, viewer: str) -> list[Order]:
    """The orders that somebody can see: its own, or those of its customers."""
    people, orders = rules.world.of(People), rules.world.of(Orders).orders
    own = [people.customer(viewer)] if viewer in CUSTOMERS else people.of(viewer)
    return [one for one in orders if one.customer in own]
