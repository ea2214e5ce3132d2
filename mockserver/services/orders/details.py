"""One order and its lines."""

from __future__ import annotations

from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.catalogue import catalogue
from mockserver.domain.orders import Line, Order
from mockserver.services.orders.ordering import orders_in
from mockserver.services.orders.rows import amounts, order_row, order_seen, service_names
from mockserver.services.paging import page
from mockserver.services.registry import serves


@serves("ShowCustomerOrderDetails")
def show_order(call: Call) -> Answer:
    """An order with a page of its lines, in the order of their ids; those of a combination are its members'.

    After a payment clients ask here until the order is completed. Source: api-bpconsole/api_order_00014.
    """
    order = order_seen(call, call.parameters["order_id"])
    lines = [(one, line) for one in orders_in(call.sandbox, order) for line in one.lines]
    lines.sort(key=lambda pair: pair[1].id)
    members = [_order_row(call, call.sandbox.orders[one]) for one in order.members]
    return {
        "total_count": len(lines),
        "order_info": {**_order_row(call, order), "sub_order_infos": members},
        "order_line_items": [_line_row(call, *pair) for pair in page(call, lines)],
    }


def _order_row(call: Call, order: Order) -> dict[str, Any]:
    return {
        **order_row(call, order),
        "user_name": order.user_name,
        "pending_payment_end_time": order.deadline,
    }


def _line_row(call: Call, order: Order, line: Line) -> dict[str, Any]:
    """A purchase has no term before its resources are provisioned."""
    product = _product_row(call, line)
    return {
        "order_line_item_id": line.id,
        **service_names(call, line.product.service),
        **product,
        "period_type": line.period_type,
        "period_num": line.period_num,
        "effective_time": line.effective_on,
        "expire_time": line.expires_on,
        "subscription_num": line.quantity,
        **amounts([line]),
        "currency": call.sandbox.currency,
        "base_product_info": product,
        "order_id": order.id,
    }


def _product_row(call: Call, line: Line) -> dict[str, str]:
    product = line.product
    return {
        "product_id": line.product_id,
        "product_spec_desc": product.description(call.names_language),
        "category_code": catalogue().services[product.service].abbreviation.lower(),
        "product_owner_service": product.service,
        "commercial_resource": product.resource,
    }
