"""Cancelling an order that awaits payment."""

from __future__ import annotations

from mockserver.domain.call import Answer, Call
from mockserver.domain.orders import PENDING_PAYMENT
from mockserver.services.acting import calling_customer
from mockserver.services.orders.ordering import BY_HAND, cancel_order
from mockserver.services.registry import serves


@serves("CancelCustomerOrder")
def cancel_unpaid_order(call: Call) -> Answer:
    """Cancel an order of the calling customer, a combination with all its members. What it held is free again: its
    resources and its coupons. Source: api-bpconsole/api_order_00017."""
    order = call.sandbox.orders.get(call.body["order_id"])
    if order is None or order.customer_id != calling_customer(call).id:
        raise call.refused("CBC.30000010")
    if order.combination_id:
        raise call.refused("CBC.99000089", f"it is a member of {order.combination_id}")
    if order.status != PENDING_PAYMENT or order.paid_on is not None:
        raise call.refused("CBC.99005010", f"the order is in state {order.status}, or being paid")
    cancel_order(call.sandbox, order, BY_HAND)
    return None
