"""Resources: renewed by hand and by themselves, given up, made pay-per-use; what the clock does to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from contracts.model.comparing import SOMETHING, Given, Refused
from contracts.model.machine import Listing, Rules, one_of, picks, rows_of, step
from contracts.model.reference.money import Money, purse
from contracts.model.reference.orders import (
    PROCESSING_TIME,
    RENEWAL,
    TO_ON_DEMAND,
    UNPAID,
    Order,
    Orders,
)
from contracts.model.reference.people import RESOLD, People
from contracts.model.reference.prices import MONTH, ON_SALE, YEAR
from contracts.model.reference.resources import (
    CLOSED,
    CONVERT,
    EXPIRED,
    FROZEN,
    IN_USE,
    RENEW,
    Resource,
    Resources,
)
from contracts.model.rules.customers import caller
from contracts.model.rules.orders import pass_processing, waits

has_resources = precondition(lambda self: bool(self.world.of(Resources).resources))
FORESEEN = timedelta(days=60)
TIMES = st.sampled_from([None, 0, 1, 2])


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
    def renew(self, pick: int, period: int, number: int, paid: bool, waits: bool) -> None:
        one = some_resource(self, pick)
        number = min(number, 3) if period == YEAR else number
        codes = _codes_of_renewal(self, one, period, number)
        order = None if codes else _renewal(self, one, period, number)
        fails = paid and order is not None and not _is_payable(self, order)
        failed = [{"resource_id": one.id, "error_code": "CBC.30050006"}] if fails else None
        foretold = Given({"order_ids": [SOMETHING], "fail_resource_infos": failed})
        answer = self.call(
            one.customer.role,
            "RenewalResources",
            Refused(*codes) if codes else foretold,
            resource_ids=[one.id],
            period_type=period,
            period_num=number,
            is_auto_pay=int(paid),
        )
        if order is not None:
            _place(self, order, answer["order_ids"][0])
            if paid and not fails:
                orders = self.world.of(Orders)
                orders.pay(order, orders.usual(order))
                pass_processing(self, waits)

    @has_resources
    @step(pick=picks, times=TIMES, period=st.sampled_from([None, "MONTH", "YEAR"]), waits=waits)
    def renew_by_itself(self, pick: int, times: int | None, period: str | None, waits: bool) -> None:
        """If drawn, time goes on until it does."""
        one, own = some_resource(self, pick), self.world.of(Resources)
        main = one.main or one
        codes = []
        if not one.is_alive:
            codes.append("CBC.99003012")
        elif one.status != IN_USE or main.status != IN_USE:
            codes.append("CBC.99003602")
        said: dict[str, Any] = {} if times is None else {"auto_renew_times": times}
        said |= {} if period is None else {"period_type": period}
        foretold = Refused(*codes) if codes else Given()
        self.call(one.customer.role, "AutoRenewalResources", foretold, resource_id=one.id, **said)
        if not codes:
            usual = main.terms[-1].period
            for each in own.family(main):
                if each.policy != RENEW or times is not None:
                    each.policy, each.times = RENEW, times or None
                    each.period, each.attempt = {"MONTH": MONTH, "YEAR": YEAR}.get(period or "", usual), None
                    own.plan_attempt(each)
            if waits and main.attempt and main.attempt - self.world.now < FORESEEN:
                self.pass_time(main.attempt - self.world.now + PROCESSING_TIME)

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
    @step(pick=picks, main=st.booleans(), status=st.sampled_from([IN_USE, CLOSED, FROZEN, EXPIRED]))
    def filter_resources(self, pick: int, main: bool, status: int) -> None:
        customer = one_of(self.world.of(People).callers, pick)
        own = self.world.of(Resources).of(customer)
        found = [one for one in own if one.status == status and not (main and one.main)]
        self.call(
            customer.role,
            "ListPayPerUseCustomerResources",
            Given({"total_count": len(found)}),
            status_list=[status],
            only_main_resource=int(main),
        )

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
            self.play.place("releases", resource=own.converted.pop().id)

    def learn(self) -> None:
        """Ids of resources are told by the list of what an order has made."""
        own = self.world.of(Resources)
        orders = {id(one.terms[0].order): one.terms[0].order for one in own.resources if not one.id}
        for order in orders.values():
            who = order.customer.role
            _, _, body = self.play.read(who, "ListPayPerUseCustomerResources", order_id=order.id, limit=100)
            found = rows_of(body, "data")
            for one in [each for each in own.resources if each.terms[0].order is order]:
                rows = [row for row in found if row.get("resource_spec_code") == one.product.spec]
                one.id = str(rows[0].get("resource_id")) if rows else "missing"
                self.play.name(one.id, "resource")

    def listings(self) -> Iterator[Listing]:
        people, own = self.world.of(People), self.world.of(Resources)
        for customer in people.callers:
            rows = [_row(one) for one in own.of(customer)]
            listing = "ListPayPerUseCustomerResources", "data", rows, ("resource_id",), "total_count"
            yield Listing(customer.role, *listing)
            if customer.partner:
                who, _ = caller(self, customer.partner)
                yield Listing(who, *listing, fields={"customer_id": customer.id})


def _row(resource: Resource) -> dict[str, Any]:
    return {
        "resource_id": resource.id,
        "parent_resource_id": resource.main.id if resource.main else None,
        "is_main_resource": int(resource.main is None),
        "status": resource.status,
        "expire_policy": resource.policy,
        "effective_time": resource.terms[0].starts,
        "expire_time": resource.ends,
    }


def some_resource(rules: Rules, pick: int) -> Resource:
    """A resource, mostly one that is still there."""
    resources = rules.world.of(Resources).resources
    alive = [one for one in resources if one.is_alive]
    return one_of([*alive, *alive, *resources], pick)


def _may_convert(resource: Resource) -> bool:
    converting = resource.order is not None and resource.order.kind == TO_ON_DEMAND
    return resource.is_alive and (resource.policy == CONVERT or converting)


def _place(rules: Rules, order: Order, order_id: str) -> None:
    order.id = order_id
    rules.play.name(order_id, "order")
    rules.world.of(Orders).place(order)


def _codes_of_renewal(rules: Rules, one: Resource, period: int, number: int) -> list[str]:
    if not one.is_alive:
        return ["CBC.99003016"]
    group = rules.world.of(Resources).family(one)
    under_way = [each.order for each in group if each.order is not None]
    if under_way:
        return ["CBC.99003100" if each.status == UNPAID else "CBC.99003144" for each in under_way]
    codes = ["CBC.30010036"] if one.main else []
    if number not in ON_SALE[period]:
        codes.append("CBC.30010069")
    if codes:
        return codes
    lines = rules.world.of(Resources).renewal(group, period, number)
    ends = [line.ends for line in lines if line.ends]
    return ["CBC.99000092"] if min(ends) <= rules.world.now else _too_long(rules, max(ends))


def _too_long(rules: Rules, ends: Any) -> list[str]:
    """Nothing is renewed beyond ten years; the day itself is left to the service."""
    return ["CBC.99003154"] if ends > rules.world.now + timedelta(days=3652) else []


def _renewal(rules: Rules, one: Resource, period: int, number: int) -> Order:
    own = rules.world.of(Resources)
    lines = own.renewal(own.family(one), period, number)
    return Order("", one.customer, RENEWAL, lines, rules.world.now, own.extend)


def _is_payable(rules: Rules, order: Order) -> bool:
    """Whether an automatic payment would succeed."""
    customer, orders = order.customer, rules.world.of(Orders)
    if customer.frozen:
        return False
    due = orders.due(order, orders.usual(order), ())
    return customer.association == RESOLD or due <= purse(rules.world.of(Money), customer)
