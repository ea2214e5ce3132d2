"""Lists of orders: whose, which, in which order."""

from __future__ import annotations

from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.orders import Order
from mockserver.services.acting import acting_partner, customers_of
from mockserver.services.orders.ordering import orders_in
from mockserver.services.orders.rows import order_row, service_code
from mockserver.services.paging import page
from mockserver.services.periods import between, over_a_year
from mockserver.services.registry import serves

RANGES = ("create_time", "payment_time")


@serves("ListCustomerOrders")
def list_orders(call: Call) -> Answer:
    """The orders of the caller, or of a partner's customers, newest first unless `order_by` turns them round.

    The members of a combination come in its row. An account manager sees the orders of his customers. Source:
    api-bpconsole/api_order_00013.
    """
    for name in RANGES:
        _check_range(call, name)
    customers = _customers(call)
    for_others = _pays_for_others(call)
    found = [
        order
        for order in call.sandbox.orders
        if not order.combination_id
        and (order.payer_id if for_others else order.customer_id) in customers
        and _is_asked_for(call, order)
    ]
    if call.parameters.get("order_by", "").lower() != "createtime":
        found.reverse()
    return {"total_count": len(found), "order_infos": [_row(call, order) for order in page(call, found)]}


def _check_range(call: Call, name: str) -> None:
    begin, end = (call.parameters.get(f"{name}_{side}") for side in ("begin", "end"))
    if begin and end and over_a_year(begin, end):
        raise call.refused("CBC.0101", f"{name} from {begin} to {end} is more than a year")


# Whose


def _customers(call: Call) -> set[str]:
    """The ids of the customers that the call is about."""
    if call.principal.customer is not None:
        return {call.principal.customer.id}
    ids = {one.id for one in customers_of(call, acting_partner(call))}
    named = call.parameters.get("customer_id")
    return ids if named is None else ids & {named}


def _pays_for_others(call: Call) -> bool:
    """Whether the orders are asked for that a customer pays for members of its enterprise. A partner has to name it."""
    named = call.principal.customer is not None or call.parameters.get("customer_id") is not None
    return named and call.parameters["method"] == "sub_customer"


# Which


def _is_asked_for(call: Call, order: Order) -> bool:
    sent = call.parameters
    order_id, service = sent.get("order_id"), sent.get("service_type_code")
    return (
        (order_id is None or order.id.lower() == order_id.lower())
        and (service is None or service_code(call, order).lower() == service.lower())
        and sent.get("status") in (None, order.status)
        and sent.get("order_type") in (None, str(order.kind))
        and between(sent, "create_time", order.created_on)
        and _is_paid_between(call, order)
    )


def _is_paid_between(call: Call, order: Order) -> bool:
    sent = call.parameters
    if order.paid_on is None:
        return "payment_time_begin" not in sent and "payment_time_end" not in sent
    return between(sent, "payment_time", order.paid_on)


# Rows


def _row(call: Call, order: Order) -> dict[str, Any]:
    members = [call.sandbox.orders[one] for one in order.members]
    return {
        **order_row(call, order),
        "enterprise_projects": _projects(call, order),
        "sub_order_infos": [{**order_row(call, one), "enterprise_projects": _projects(call, one)} for one in members],
        "agent_pay_info": {"paying_agent_id": order.payer_id or None, "is_agent_pay": bool(order.payer_id)},
    }


def _projects(call: Call, order: Order) -> list[dict[str, str]]:
    """The enterprise projects of an order, each once."""
    projects = dict.fromkeys(one.project for one in orders_in(call.sandbox, order))
    return [{"id": project_id, "name": name} for project_id, name in projects]
