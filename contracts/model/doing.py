"""What is done to several resources in one call, good and bad ones: what succeeds, what is reported, what refuses the
whole call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from contracts.model.comparing import SOMETHING, AnyOf, Given, InAnyOrder, Refused
from contracts.model.machine import Rules
from contracts.model.reference.money import Money, purse
from contracts.model.reference.orders import RENEWAL, Order, Orders
from contracts.model.reference.people import RESOLD, Customer
from contracts.model.reference.prices import MONTH, YEAR
from contracts.model.reference.refusals import (
    IN_RETENTION,
    of_automatic_renewal,
    of_conversion,
    of_renewal,
    of_renewing,
    of_terms,
    of_unsubscribing,
)
from contracts.model.reference.renewals import Renewals
from contracts.model.reference.resources import Resource, Resources
from contracts.model.reference.rows import refund_rows
from contracts.model.reference.surrenders import convert, unsubscribe

UNKNOWN = "00000000-0000-0000-0000-000000000000"
"""No resource has this id."""
FAILED = "fail_resource_infos"
NO_SUCH, GONE, NOT_PAID = "CBC.99003012", "CBC.99003016", "CBC.30050006"
Term = tuple[int, int]
"""The type of periods, and how many."""


# Renewing


def renew(
    rules: Rules, customer: Customer, named: Sequence[Resource], term: Term, paid: bool, more: Sequence[str] = ()
) -> None:
    """Renew resources, and `more` ids: of those named a second time, of one that is unknown."""
    ids = [*(one.id for one in named), *more]
    codes = [*(["CBC.0100"] if len({*ids}) < len(ids) else []), *([GONE] if UNKNOWN in ids else [])]
    codes += _codes_of_renewal(rules, named, term)
    fields = {"resource_ids": ids, "period_type": term[0], "period_num": term[1], "is_auto_pay": int(paid)}
    if codes:
        rules.call(customer.role, "RenewalResources", Refused(*codes), **fields)
        return
    faults = {one.id: of_renewal(rules.world, one, *term) for one in named}
    orders = [_renewal(rules, one, term) for one in named if not faults[one.id]]
    faults |= {one.resources[0].id: [NOT_PAID] for one in _unpaid(rules, orders, paid)}
    foretold = Given({"order_ids": [SOMETHING] * len(orders), FAILED: _reported(faults)})
    answer = rules.call(customer.role, "RenewalResources", foretold, **fields)
    for order, order_id in zip(orders, answer["order_ids"], strict=True):
        order.id = order_id
        rules.play.name(order_id, "order")


def _codes_of_renewal(rules: Rules, named: Sequence[Resource], term: Term) -> list[str]:
    """What refuses a whole renewal: also that nothing is left to be renewed."""
    codes = of_renewing(rules.world, named)
    if codes:
        return codes
    faults = [of_renewal(rules.world, one, *term) for one in named]
    good = [one for one, found in zip(named, faults, strict=True) if not found]
    return of_terms(rules.world, good, *term) if good else faults[0]


def _renewal(rules: Rules, one: Resource, term: Term) -> Order:
    own = rules.world.of(Resources)
    lines = rules.world.of(Renewals).renewal(own.family(one), *term)
    return Order("", one.customer, RENEWAL, lines, rules.world.now, own.extend, project=one.project)


def _unpaid(rules: Rules, orders: Sequence[Order], paid: bool) -> list[Order]:
    """Place renewals, then pay one after the other what can be paid, if that is wanted; which could not be. Their ids
    are still to be told."""
    own, found = rules.world.of(Orders), []
    for order in orders:
        own.place(order)
    for order in orders if paid else ():
        if _is_payable(rules, order):
            own.pay(order, own.usual(order))
        else:
            found.append(order)
    return found


def _is_payable(rules: Rules, order: Order) -> bool:
    """Whether an automatic payment would succeed."""
    customer, orders = order.customer, rules.world.of(Orders)
    if customer.frozen:
        return False
    due = orders.due(order, orders.usual(order), ())
    return customer.association == RESOLD or due <= purse(rules.world.of(Money), customer)


def _reported(faults: dict[str, list[str]]) -> InAnyOrder | None:
    """What failed while other resources did not."""
    rows = [{"resource_id": one, "error_code": AnyOf(tuple(codes))} for one, codes in faults.items() if codes]
    return InAnyOrder(rows) if rows else None


def renew_automatically(rules: Rules, one: Resource, times: int | None, period: str | None) -> bool:
    """Have a resource renew by itself, with its main resource and what is attached to that; whether that was done."""
    main = one.main or one
    codes = of_automatic_renewal(rules.world, one)
    said: dict[str, Any] = {} if times is None else {"auto_renew_times": times}
    said |= {} if period is None else {"period_type": period}
    foretold = Refused(*codes) if codes else Given()
    rules.call(one.customer.role, "AutoRenewalResources", foretold, resource_id=one.id, **said)
    if not codes:
        rules.world.of(Renewals).start_renewing(main, times, {"MONTH": MONTH, "YEAR": YEAR}.get(period or ""))
    return not codes


# Giving up


def give_up(
    rules: Rules, customer: Customer, named: Sequence[Resource], renewals_only: bool, more: Sequence[str] = ()
) -> None:
    """Attached resources go with their main one, which makes an order; `more` are ids of nothing."""
    ids = [*more, *(one.id for one in named)]
    groups = list(_groups(rules, named))
    found = [of_unsubscribing(rules.world, group, ids, renewals_only) for group in groups]
    faults = {one: [NO_SUCH] for one in more}
    for group, codes in zip(groups, found, strict=True):
        faults |= {one.id: codes for one in group if one.id in ids}
    good = [group for group, codes in zip(groups, found, strict=True) if not codes]
    fields = {"resource_ids": ids, "unsubscribe_type": 2 if renewals_only else 1}
    if not good:
        # Of several failures no page says which one is told.
        told = dict.fromkeys(code for codes in faults.values() for code in codes)
        rules.call(customer.role, "CancelResourcesSubscription", Refused(*told), **fields)
        return
    foretold = Given({"order_ids": [SOMETHING] * len(good), FAILED: _reported(faults)})
    answer = rules.call(customer.role, "CancelResourcesSubscription", foretold, **fields)
    for group, order_id in zip(good, answer["order_ids"], strict=True):
        rules.play.name(order_id, "order")
        rows = refund_rows(rules.world, unsubscribe(rules.world, group, order_id, renewals_only))
        foretold = Given({"total_count": len(rows), "refund_infos": InAnyOrder(rows)})
        rules.call(customer.role, "ShowRefundOrderDetails", foretold, order_id=order_id)


def _groups(rules: Rules, named: Sequence[Resource]) -> Iterator[list[Resource]]:
    """What makes one order each: a main resource with what is attached to it, or what is attached by itself."""
    for one in named:
        if one.main is None and one.is_alive:
            yield rules.world.of(Resources).family(one)
        elif not one.is_alive or one.main not in named:
            yield [one]


# Becoming pay-per-use


def convert_at_expiry(
    rules: Rules, customer: Customer, named: Sequence[Resource], sets: bool, more: Sequence[str] = ()
) -> None:
    """One failure is reported, any other refuses the whole call."""
    found = {one.id: of_conversion(rules.world, one) for one in named}
    codes = [NO_SUCH] if more else []
    codes += [code for one in found.values() for code in one if code != IN_RETENTION]
    codes += ["CBC.0100" for one in named if one.main is not None]
    failed = [{"id": number, "error_code": IN_RETENTION} for number, one in found.items() if one == [IN_RETENTION]]
    rules.call(
        customer.role,
        "UpdatePeriodToOnDemand",
        Refused(*codes) if codes else Given({"error_details": InAnyOrder(failed)}),
        operation="SET_UP" if sets else "CANCEL",
        resource_ids=[*(one.id for one in named), *more],
    )
    for one in () if codes else [one for one in named if not found[one.id]]:
        rules.world.of(Resources).set_conversion(one, sets)


def convert_now(rules: Rules, customer: Customer, named: Sequence[Resource], more: Sequence[str] = ()) -> None:
    """Each resource has its own result."""
    found = {one.id: of_conversion(rules.world, one) for one in named}
    found |= {one.id: ["CBC.99003609"] for one in named if one.main is not None and one.is_alive}
    found |= {one: [NO_SUCH] for one in more}
    foretold = Given({"to_ondemand_service_results": [_result(number, codes) for number, codes in found.items()]})
    answer = rules.call(customer.role, "UpdatePeriodToOnDemandInstantly", foretold, resource_ids=list(found))
    for row in answer["to_ondemand_service_results"]:
        if row.get("order_id"):
            one = next(one for one in named if one.id == row["resource_id"])
            rules.play.name(row["order_id"], "order")
            convert(rules.world, rules.world.of(Resources).family(one), row["order_id"])


def _result(resource_id: str, codes: list[str]) -> dict[str, Any]:
    result = {"resource_id": resource_id, "result": "FAIL" if codes else "SUCCESS"}
    return {**result, **({"error_code": AnyOf(tuple(codes))} if codes else {"order_id": SOMETHING})}
