"""What price queries answer: the list price, a pricing for each discount, usage at the discount that comes first."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from contracts.model.comparing import SOMETHING
from contracts.model.reference.asked import BY_PERIOD, CENTS, LARGEST, Asked
from contracts.model.reference.catalogue import size_unit
from contracts.model.reference.orders import Orders
from contracts.model.reference.people import Customer
from contracts.model.reference.prices import CURRENCY, ECS, MONTH, Discount
from contracts.model.reference.world import NOTHING, World
from contracts.model.rules.prices import best_of

OF_INSTALMENTS = (
    "installment_official_website_amount",
    "installment_official_discount_amount",
    "installment_amount",
)
"""The whole, what is taken off, and what is left."""


def line_of(one: Asked, line_id: str) -> dict[str, Any]:
    """As a query names it."""
    product = one.product
    keys = {"cloud_service_type": product.service, "resource_type": product.resource, "resource_spec": product.spec}
    said: dict[str, Any] = {"id": line_id, **keys, "region": one.region, "subscription_num": one.pieces}
    said |= {"resource_size": product.size, "size_measure_id": size_unit(product.resource)} if product.size else {}
    if one.usage != BY_PERIOD:
        # Upper and lower case are one.
        usage = one.usage.upper() if one.pieces % 2 else one.usage
        return {**said, "usage_factor": usage, "usage_value": one.amount, "usage_measure_id": one.unit}
    said |= {"fee_installment_mode": one.instalments} if one.instalments else {}
    return {**said, "period_type": one.unit, "period_num": int(one.amount)}


def codes_of(lines: Sequence[Asked]) -> list[str]:
    """What refuses a query although its form is right."""
    if not all(one.is_sold for one in lines):
        return ["CBC.99006006"]
    return ["CBC.99006055"] if sum(one.exact for one in lines) > LARGEST else []


def of_periods(world: World, customer: Customer, asked: Sequence[Asked]) -> dict[str, Any]:
    """What is asked by period, with each discount that covers any of it; the oldest comes first."""
    orders, site = world.of(Orders), world.site
    found = [one for one in orders.own_discounts(customer) if any(one.covers(each, orders.excepted) for each in asked)]
    prices = [[_price(each, one, orders) for each in asked] for one in found]
    saved = [[each.price - price for each, price in zip(asked, row, strict=True)] for row in prices]
    best = best_of(list(zip(found, saved, strict=True)))
    listed = [_listed(site, one) for one in asked]
    return {
        "currency": CURRENCY[site],
        "official_website_rating_result": {**_sum(listed), "measure_id": 1, "product_rating_results": _ids(listed)},
        "optional_discount_rating_results": [
            _choice(site, one, one is best, asked, row) for one, row in zip(found, prices, strict=True)
        ],
    }


def _price(one: Asked, discount: Discount, orders: Orders) -> Decimal:
    return one.at(discount if discount.covers(one, orders.excepted) else None, CENTS)


def _choice(
    site: str, discount: Discount, best: bool, asked: Sequence[Asked], prices: Sequence[Decimal]
) -> dict[str, Any]:
    rows = [_reduced_period(site, one, price) for one, price in zip(asked, prices, strict=True)]
    return {
        "discount_id": discount.id,
        "discount_type": int(discount.on_statements),
        "discount_name": SOMETHING,
        "best_offer": int(best),
        **_sum(rows),
        "measure_id": 1,
        "product_rating_results": _ids(rows),
    }


def _is_paid_in_parts(site: str, one: Asked) -> bool:
    """In China only what the reference data lack can be."""
    return site == "intl" and one.product.service == ECS


def _listed(site: str, one: Asked) -> dict[str, Any]:
    rate = one.instalment(one.price) if _is_paid_in_parts(site, one) else None
    amounts = {"official_website_amount": one.price, OF_INSTALMENTS[0]: rate}
    return {**amounts, "installment_period_type": None if rate is None else MONTH}


def _reduced_period(site: str, one: Asked, price: Decimal) -> dict[str, Any]:
    row = {**_listed(site, one), "amount": price, "discount_amount": one.price - price}
    before = row[OF_INSTALMENTS[0]]
    after = one.instalment(price) if before is not None else None
    return {**row, OF_INSTALMENTS[1]: None if after is None else before - after, OF_INSTALMENTS[2]: after}


def _sum(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Of all lines; of instalments only where a line has any."""
    found: dict[str, Any] = {}
    for name in rows[0]:
        some = [row[name] for row in rows if row[name] is not None]
        whole = some[0] if name == "installment_period_type" and some else sum(some, NOTHING)
        found[name] = whole if some else None
    return found


def _ids(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": f"p{number}", "product_id": SOMETHING, "measure_id": 1, **one} for number, one in enumerate(rows)]


def _usage_row(one: Asked, discount: Discount | None, decimals: int) -> dict[str, Any]:
    listed, price = one.at(None, decimals), one.at(discount, decimals)
    row = {"amount": price, "official_website_amount": listed, "discount_amount": listed - price}
    if discount is None:
        return {**row, "discount_rating_results": []}
    kind = {"discount_id": discount.id, "discount_type": int(discount.on_statements), "discount_name": SOMETHING}
    return {**row, "discount_rating_results": [{**kind, "amount": listed - price, "measure_id": 1}]}


def of_usage(world: World, customer: Customer, asked: Sequence[Asked], decimals: int) -> dict[str, Any]:
    """What is asked by usage, each line at one discount at most."""
    orders = world.of(Orders)
    rows = [_usage_row(one, orders.first_of(one, customer), decimals) for one in asked]
    names = ("amount", "discount_amount", "official_website_amount")
    whole = {name: sum((row[name] for row in rows), NOTHING) for name in names}
    return {**whole, "measure_id": 1, "currency": CURRENCY[world.site], "product_rating_results": _ids(rows)}
