"""What orders and resources look like in answers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from contracts.model.comparing import SOMETHING
from contracts.model.reference.catalogue import ASKED, language, resource_name, service_name, short_name
from contracts.model.reference.orders import VOUCHER, Line, Order
from contracts.model.reference.prices import CURRENCY, REGION, Product
from contracts.model.reference.resources import Resource
from contracts.model.reference.world import NOTHING, World

YUAN_OR_DOLLAR = 1


def order_row(world: World, order: Order) -> dict[str, Any]:
    """A row of the list of orders, with those of its members."""
    return {
        **_listed(world, order),
        "sub_order_infos": [_listed(world, one) for one in order.members],
        "agent_pay_info": {"paying_agent_id": None, "is_agent_pay": False},
    }


def _listed(world: World, order: Order) -> dict[str, Any]:
    projects = [{"id": number, "name": name} for number, name in order.projects]
    return {**_facts(world, order, language(world.site)), "enterprise_projects": projects}


def details_of(world: World, order: Order) -> dict[str, Any]:
    """The details of an order with all its lines, in the order in which they came."""
    members = [_detailed(world, one) for one in order.members]
    return {
        "total_count": len(order.lines),
        "order_info": {**_detailed(world, order), "sub_order_infos": members},
        "order_line_items": [_line(world, one, line) for one in order.together for line in one.lines],
    }


def _detailed(world: World, order: Order) -> dict[str, Any]:
    user = order.user or order.customer.name
    return {**_facts(world, order, ASKED), "user_name": user, "pending_payment_end_time": order.deadline}


def _facts(world: World, order: Order, words: str) -> dict[str, Any]:
    """What lists and details of orders have in common."""
    return {
        "order_id": order.id,
        "customer_id": order.customer.id,
        **_service(order.lines[0].product, words),
        "status": order.status,
        "order_type": order.kind,
        "source_type": order.source,
        **_amounts(order.lines),
        "measure_id": YUAN_OR_DOLLAR,
        "currency": CURRENCY[world.site],
        "create_time": order.created,
        "payment_time": order.paid,
        "contract_id": order.contract or None,
    }


def _service(product: Product, words: str) -> dict[str, str]:
    return {"service_type_code": product.service, "service_type_name": service_name(product.service, words)}


def _amounts(lines: Sequence[Line]) -> dict[str, Any]:
    off: dict[str, Decimal] = {}
    for line in lines:
        for kind, amount in line.off.items():
            off[kind] = off.get(kind, NOTHING) + amount
    vouchers = [part.amount for line in lines for part in line.parts if part.kind == VOUCHER]
    return {
        "official_amount": sum((one.price for one in lines), NOTHING),
        "amount_after_discount": sum((one.payable for one in lines), NOTHING),
        "amount_info": {
            "discounts": [{"discount_type": kind, "discount_amount": off[kind]} for kind in sorted(off)],
            "coupon_amount": sum(vouchers, NOTHING),
            "flexipurchase_coupon_amount": NOTHING,
            "stored_card_amount": NOTHING,
            "consumed_amount": sum((one.consumed for one in lines), NOTHING),
            "commission_amount": sum((one.fee for one in lines), NOTHING),
        },
    }


def _line(world: World, order: Order, line: Line) -> dict[str, Any]:
    """A purchase has no term before its resources are provisioned, and an unsubscription neither that nor a number of
    periods."""
    product = {
        "product_id": SOMETHING,
        "product_spec_desc": line.product.description(ASKED),
        "category_code": short_name(line.product.service).lower(),
        "product_owner_service": line.product.service,
        "commercial_resource": line.product.resource,
    }
    return {
        "order_line_item_id": SOMETHING,
        "order_id": order.id,
        **_service(line.product, ASKED),
        **product,
        "base_product_info": product,
        "period_type": line.period,
        "period_num": line.number or None,
        "subscription_num": line.quantity,
        "effective_time": line.starts,
        "expire_time": line.ends,
        **_amounts([line]),
        "currency": CURRENCY[world.site],
    }


def refund_rows(world: World, order: Order) -> list[dict[str, Any]]:
    return [
        {
            "id": SOMETHING,
            "amount": amount,
            "measure_id": str(YUAN_OR_DOLLAR),
            "customer_id": order.customer.id,
            "resource_type_code": product.resource,
            "resource_type_name": resource_name(product.resource, language(world.site)),
            **_service(product, language(world.site)),
            "region_code": REGION[world.site],
            "base_order_id": paid.id,
        }
        for paid, product, amount in order.refunds
    ]


def resource_row(world: World, one: Resource) -> dict[str, Any]:
    product = one.product
    return {
        "id": SOMETHING,
        "resource_id": one.id,
        "resource_name": one.name or SOMETHING,
        "region_code": REGION[world.site],
        **_service(product, language(world.site)),
        "resource_type_code": product.resource,
        "resource_type_name": resource_name(product.resource, language(world.site)),
        "resource_spec_code": product.spec,
        "product_id": SOMETHING,
        "product_spec_desc": product.description(language(world.site)),
        "spec_size": Decimal(product.size) if product.size else None,
        "spec_size_measure_id": product.size_unit,
        "project_id": SOMETHING,
        "parent_resource_id": one.main.id if one.main else None,
        "is_main_resource": int(one.main is None),
        "status": one.status,
        "expire_policy": one.policy,
        "effective_time": one.terms[0].starts,
        "expire_time": one.ends,
        "update_time": one.updated,
        "enterprise_project": {"id": one.project[0], "name": one.project[1]},
    }
