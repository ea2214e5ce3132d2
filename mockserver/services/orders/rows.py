"""What orders and their amounts look like in answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from mockserver.domain.call import Call
from mockserver.domain.catalogue import catalogue
from mockserver.domain.entities import Customer, Partner
from mockserver.domain.orders import (
    CARD_PART,
    FLEXI_PART,
    NOTHING,
    VOUCHER_PART,
    Line,
    Order,
    amount_of,
)
from mockserver.services.acting import acting_partner, sees
from mockserver.services.orders.ordering import orders_in

YUAN_OR_DOLLAR = 1
"""measure_id of the site's currency."""


def order_seen(call: Call, order_id: str) -> Order:
    """An order of the caller or of one of its customers, or the refusal CBC.30000010: one that is somebody else's is
    as good as none."""
    partner = None if call.principal.customer else acting_partner(call)
    order = call.sandbox.orders.get(order_id)
    if order is None or not _is_seen(call, call.sandbox.customers[order.customer_id], partner):
        raise call.refused("CBC.30000010")
    return order


def _is_seen(call: Call, customer: Customer, partner: Partner | None) -> bool:
    if partner is None:
        return customer.id == call.principal.account_id
    return customer.partner_id == partner.id and sees(call, customer)


def lines_of(call: Call, order: Order) -> list[Line]:
    """The lines of an order; those of all members of a combination."""
    return [line for one in orders_in(call.sandbox, order) for line in one.lines]


def service_code(call: Call, order: Order) -> str:
    """The service of an order is that of its first line."""
    return lines_of(call, order)[0].product.service


def order_row(call: Call, order: Order) -> dict[str, Any]:
    """What lists and details of orders have in common."""
    lines, service = lines_of(call, order), service_code(call, order)
    return {
        "order_id": order.id,
        "customer_id": order.customer_id,
        **service_names(call, service),
        "source_type": order.source,
        "status": order.status,
        "order_type": order.kind,
        **amounts(lines),
        "measure_id": YUAN_OR_DOLLAR,
        "create_time": order.created_on,
        "payment_time": order.paid_on,
        "currency": call.sandbox.currency,
        "contract_id": order.contract_id or None,
    }


def service_names(call: Call, service: str) -> dict[str, str]:
    return {"service_type_code": service, "service_type_name": catalogue().services[service].name(call.names_language)}


def amounts(lines: Sequence[Line]) -> dict[str, Any]:
    """What lines cost, at the list price and after discounts, and how that comes about."""
    return {
        "amount_after_discount": sum((line.payable for line in lines), NOTHING),
        "official_amount": sum((line.list_price for line in lines), NOTHING),
        "amount_info": _amount_info(lines),
    }


def _amount_info(lines: Sequence[Line]) -> dict[str, Any]:
    """Of an unsubscription what is given back to coupons and cards, and what is kept."""
    parts, saved = tuple(part for line in lines for part in line.parts), defaultdict[str, Decimal](Decimal)
    for line in lines:
        for one in line.reductions:
            saved[one.kind] += one.amount
    return {
        "discounts": [{"discount_type": kind, "discount_amount": amount} for kind, amount in sorted(saved.items())],
        "flexipurchase_coupon_amount": amount_of(parts, FLEXI_PART),
        "coupon_amount": amount_of(parts, VOUCHER_PART),
        "stored_card_amount": amount_of(parts, CARD_PART),
        "commission_amount": sum((line.fee for line in lines), NOTHING),
        "consumed_amount": sum((line.consumed for line in lines), NOTHING),
    }
