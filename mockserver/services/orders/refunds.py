"""What an unsubscription paid back, and of which orders."""

from __future__ import annotations

from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.catalogue import catalogue
from mockserver.domain.orders import CHANGE, UNSUBSCRIPTION, Order, Refund
from mockserver.services.acting import acting_partner, customer_of
from mockserver.services.orders.rows import YUAN_OR_DOLLAR, service_names
from mockserver.services.registry import serves

REFUNDING = (UNSUBSCRIPTION, CHANGE)
"""Types of orders that pay back: a change may be a downgrade."""


@serves("ShowRefundOrderDetails")
def show_refunds(call: Call) -> Answer:
    """The amount of an unsubscription by original order and type of resource: negative what was paid, positive what is
    kept of it. Source: api-bpconsole/api_order_00020."""
    customer_id = _customer_id(call)
    order = call.sandbox.orders.get(call.parameters["order_id"])
    if order is None or order.customer_id != customer_id:
        raise call.refused("CBC.30000010")
    if order.kind not in REFUNDING:
        raise call.refused("CBC.99005026", f"it is an order of type {order.kind}")
    refunds = sorted(order.refunds, key=lambda one: (one.base_order_id, one.product.resource))
    return {"total_count": len(refunds), "refund_infos": [_row(call, order, one) for one in refunds]}


def _customer_id(call: Call) -> str:
    """The calling customer, or the one of its customers that a partner has to name."""
    if call.principal.customer is not None:
        return call.principal.customer.id
    partner, named = acting_partner(call), call.parameters.get("customer_id")
    if not named:
        raise call.refused("CBC.0100", "a partner must name the customer")
    return customer_of(call, partner, named, "CBC.0151").id


def _row(call: Call, order: Order, refund: Refund) -> dict[str, Any]:
    product = refund.product
    return {
        "id": refund.id,
        "amount": refund.amount,
        "measure_id": str(YUAN_OR_DOLLAR),
        "customer_id": order.customer_id,
        "resource_type_code": product.resource,
        "resource_type_name": catalogue().resources[product.resource].name(call.names_language),
        **service_names(call, product.service),
        "region_code": product.region,
        "base_order_id": refund.base_order_id,
    }
