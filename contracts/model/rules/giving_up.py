"""Giving resources up: unsubscribed with what comes back, made pay-per-use at once or at their expiry."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from contracts.model.comparing import SOMETHING, Given, Refused
from contracts.model.machine import Rules, on, picks, step
from contracts.model.reference.orders import PROCESSING, TO_ON_DEMAND, UNPAID, UNSUBSCRIPTION, Line, Order, Orders
from contracts.model.reference.prices import MONTH
from contracts.model.reference.resources import CONVERT, FROZEN, GRACE, IN_USE, Resource, Resources
from contracts.model.reference.world import NOTHING
from contracts.model.rules.orders import pass_processing, waits
from contracts.model.rules.resources import has_resources, some_resource


class Leaving(Rules):
    """How resources end before their time."""

    @has_resources
    @step(pick=picks, kind=st.sampled_from([1, 2]), days=st.sampled_from([0, 0, 4, 5, 6]), waits=waits)
    def give_up(self, pick: int, kind: int, days: int, waits: bool) -> None:
        """Type 1 ends the resource, type 2 takes back only the terms that have not begun; after some days, as the first
        five cost nothing in China."""
        self.pass_time(timedelta(days=days))
        one, own = some_resource(self, pick), self.world.of(Resources)
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
            pass_processing(self, waits)

    @has_resources
    @step(pick=picks, sets=st.booleans())
    def convert_at_expiry(self, pick: int, sets: bool) -> None:
        one, own = some_resource(self, pick), self.world.of(Resources)
        codes = _codes_of_conversion(self, one) if one.main is None else ["CBC.0100"]
        if one.main is not None and not one.is_alive:
            codes.append("CBC.99003012")
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
    @step(pick=picks, waits=waits)
    def convert_now(self, pick: int, waits: bool) -> None:
        one, own = some_resource(self, pick), self.world.of(Resources)
        codes = _codes_of_conversion(self, one) if one.main is None or not one.is_alive else ["CBC.99003609"]
        result = {"resource_id": one.id, "result": "FAIL" if codes else "SUCCESS"}
        more = {"error_code": codes[0]} if codes else {"order_id": SOMETHING}
        foretold = Given({"to_ondemand_service_results": [{**result, **more}]})
        answer = self.call(one.customer.role, "UpdatePeriodToOnDemandInstantly", foretold, resource_ids=[one.id])
        if not codes:
            group = own.family(one)
            for each in group:
                if each.order is not None and each.order.status == UNPAID:
                    self.world.of(Orders).cancel(each.order)
                own.stop_renewing(each)
            order_id = answer["to_ondemand_service_results"][0]["order_id"]
            _surrender(self, group, order_id, TO_ON_DEMAND, own.convert_now, False, False)
            pass_processing(self, waits)


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
