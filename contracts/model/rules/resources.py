"""Resources: provisioned, renewed by hand and by themselves, given up, made pay-per-use; what the clock does to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from contracts.model.comparing import SOMETHING, Given, Refused
from contracts.model.machine import Listing, Rules, on, one_of, picks
from contracts.model.reference.money import Money, purse
from contracts.model.reference.orders import (
    PROCESSING,
    PROCESSING_TIME,
    RENEWAL,
    TO_ON_DEMAND,
    UNPAID,
    UNSUBSCRIPTION,
    Line,
    Order,
    Orders,
)
from contracts.model.reference.people import RESOLD, People
from contracts.model.reference.prices import MONTH, ON_SALE, SERVER, YEAR, disk
from contracts.model.reference.resources import (
    CLOSED,
    CONVERT,
    EXPIRED,
    FROZEN,
    GRACE,
    IN_USE,
    RENEW,
    Resource,
    Resources,
)
from contracts.model.reference.world import NOTHING
from contracts.model.rules.customers import caller
from contracts.model.rules.orders import place_purchase

has_resources = precondition(lambda self: self.world.of(Resources).resources)
TIMES = st.sampled_from([None, 0, 1, 2])


class Keeping(Rules):
    """What becomes of what was bought."""

    @has_resources
    @rule(pick=picks, period=st.sampled_from([MONTH, YEAR]), number=st.sampled_from([1, 2, 3, 11]), paid=st.booleans())
    def renew(self, pick: int, period: int, number: int, paid: bool) -> None:
        one = _some(self, pick)
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

    @has_resources
    @rule(pick=picks, times=TIMES, period=st.sampled_from([None, "MONTH", "YEAR"]))
    def renew_by_itself(self, pick: int, times: int | None, period: str | None) -> None:
        one, own = _some(self, pick), self.world.of(Resources)
        main = one.main or one
        codes = []
        if not one.is_alive:
            codes.append("CBC.99003012")
        elif IN_USE != one.status or IN_USE != main.status:
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

    @has_resources
    @rule(pick=picks)
    def stop_renewing(self, pick: int) -> None:
        one, own = _some(self, pick), self.world.of(Resources)
        code = "CBC.99003012" if not one.is_alive else "" if one.policy == RENEW else "CBC.99003605"
        foretold = Refused(code) if code else Given()
        self.call(one.customer.role, "CancelAutoRenewalResources", foretold, resource_id=one.id)
        for each in () if code else [one] if one.main else own.family(one):
            if each.policy == RENEW:
                own.stop_renewing(each)

    @has_resources
    @rule(pick=picks, kind=st.sampled_from([1, 2]))
    def give_up(self, pick: int, kind: int) -> None:
        """Type 1 ends the resource, type 2 takes back only the terms that have not begun."""
        one, own = _some(self, pick), self.world.of(Resources)
        group = [one] if one.main or not one.is_alive else own.family(one)
        codes = _codes_of_giving_up(self, group, kind == 2)
        foretold = Refused(*codes) if codes else Given({"order_ids": [SOMETHING], "fail_resource_infos": None})
        answer = self.call(
            one.customer.role,
            "CancelResourcesSubscription",
            foretold,
            resource_ids=[one.id],
            unsubscribe_type=kind,
        )
        if not codes:
            if kind == 1:
                for each in group:
                    own.stop_renewing(each)
            completion = own.shorten if kind == 2 else own.give_up
            _surrender(self, group, answer["order_ids"][0], UNSUBSCRIPTION, completion, kind == 2, True)

    @has_resources
    @rule(pick=picks, sets=st.booleans())
    def convert_at_expiry(self, pick: int, sets: bool) -> None:
        one, own = _some(self, pick), self.world.of(Resources)
        if one.main is not None and one.is_alive:
            return
        codes = _codes_of_conversion(self, one)
        failed = [{"id": one.id, "error_code": "CBC.99003610"}] if codes == ["CBC.99003610"] else []
        refused = codes and not failed
        self.call(
            one.customer.role,
            "UpdatePeriodToOnDemand",
            Refused(*codes) if refused else Given({"error_details": failed}),
            operation="SET_UP" if sets else "CANCEL",
            resource_ids=[one.id],
        )
        for each in () if codes else own.family(one):
            if (each.policy == CONVERT) != sets:
                own.stop_renewing(each)
                each.policy = CONVERT if sets else GRACE

    @on("cn")
    @has_resources
    @rule(pick=picks)
    def convert_now(self, pick: int) -> None:
        one, own = _some(self, pick), self.world.of(Resources)
        codes = _codes_of_conversion(self, one) if one.main is None or not one.is_alive else ["CBC.99003609"]
        result = {"resource_id": one.id, "result": "FAIL" if codes else "SUCCESS"}
        more = {"error_code": codes[0]} if codes else {"order_id": SOMETHING}
        foretold = Given({"to_ondemand_service_results": [{**result, **more}]})
        answer = self.call(
            one.customer.role, "UpdatePeriodToOnDemandInstantly", foretold, resource_ids=[one.id]
        )
        if not codes:
            group = own.family(one)
            for each in group:
                if each.order is not None and each.order.status == UNPAID:
                    self.world.of(Orders).cancel(each.order)
                own.stop_renewing(each)
            order_id = answer["to_ondemand_service_results"][0]["order_id"]
            _surrender(self, group, order_id, TO_ON_DEMAND, own.convert_now, False, False)

    @has_resources
    @rule(pick=picks, main=st.booleans(), status=st.sampled_from([IN_USE, CLOSED, FROZEN, EXPIRED]))
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
        """Somebody has a server with its disk. Where something may become pay-per-use, which costs money by the hour,
        time stops at each event, so that the pay-per-use resource can be ended at once."""
        own = self.world.of(Resources)
        self.world.careful.append(lambda: any(map(_may_convert, own.resources)))
        order = place_purchase(self, self.world.of(People).customer("customer"), [SERVER, disk(10)], MONTH, 1)
        nothing = {"use_coupon": "NO", "use_discount": "NO"}
        self.call("customer", "PayOrders", Given(), order_id=order.id, **nothing)
        self.world.of(Orders).pay(order)
        self.pass_time(PROCESSING_TIME)
        Keeping.learn(self)

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
            for one in [each for each in own.resources if each.terms[0].order is order]:
                rows = [row for row in body["data"] if row["resource_spec_code"] == one.product.spec]
                one.id = rows[0]["resource_id"] if rows else "missing"
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


def _some(rules: Rules, pick: int) -> Resource:
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


def _codes_of_giving_up(rules: Rules, group: list[Resource], renewals_only: bool) -> list[str]:
    if not group[0].is_alive:
        return ["CBC.30000067"]
    codes = []
    if group[0].customer.frozen or any(each.status == FROZEN for each in group):
        codes.append("CBC.99003656")
    for each in group:
        if each.order is not None:
            codes.append("CBC.99003100" if each.order.status == UNPAID else "CBC.99003651")
    if renewals_only and not group[0].coming(rules.world.now):
        codes.append("CBC.99003128")
    return codes


def _codes_of_conversion(rules: Rules, one: Resource) -> list[str]:
    if not one.is_alive:
        return ["CBC.99003012"]
    if one.customer.frozen:
        return ["CBC.99003626"]
    group = rules.world.of(Resources).family(one)
    if any(each.status != IN_USE for each in group):
        return ["CBC.99003610"]
    processed = any(each.order is not None and each.order.status == PROCESSING for each in group)
    return ["CBC.99003623"] if processed else []


def _surrender(
    rules: Rules, group: list[Resource], order_id: str, kind: int, completion: Any, renewals_only: bool, free_rule: bool
) -> None:
    """An order that gives resources up: what comes back is negative, and comes when the order is completed."""
    lines, returns, consumed, fee = [], [], NOTHING, NOTHING
    own, now = rules.world.of(Resources), rules.world.now
    for one, settlements in zip(group, own.settle(group, renewals_only, free_rule), strict=True):
        if renewals_only and not settlements:
            continue
        back = [(each.order, part) for each in settlements for part in each.back]
        returned = sum((part.amount for _, part in back), NOTHING)
        lines.append(Line(one.product, MONTH, 1, -returned, resource=one))
        returns += back
        consumed += sum((each.consumed for each in settlements), NOTHING)
        fee += sum((each.fee for each in settlements), NOTHING)
    order = Order(order_id, group[0].customer, kind, lines, now, completion, PROCESSING)
    order.returns, order.consumed, order.fee = returns, consumed, fee
    rules.play.name(order_id, "order")
    rules.world.of(Orders).place(order)
