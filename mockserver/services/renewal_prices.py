"""What renewing costs. Nothing is ordered."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.pricing import PERIOD_DECIMALS, Pricing, best_offer, each_discount, first_discounts, total
from mockserver.domain.resources import Resource
from mockserver.services.discounts import visible_discounts
from mockserver.services.prices import check_sum
from mockserver.services.registry import serves
from mockserver.services.resources.owned import own_resource
from mockserver.services.resources.terms import (
    Renewal,
    can_be_renewed,
    family,
    items_of,
    order_under_way,
    renewals_of,
)

FAILURES = "fail_resource_infos"


@serves("ListRenewRateOnPeriod")
def price_renewals(call: Call) -> Answer:
    """What it costs to renew main resources with all that is attached to them: the list price, and a pricing for each
    discount that can be chosen. Resources that cannot be renewed are named, and the others priced.

    Source: api-bpconsole/bcloud_01007.
    """
    ids = _ids(call)
    faults = {one: fault for one in ids if (fault := _fault(call, one))}
    renewals = {one: _renewals(call, call.sandbox.resources[one]) for one in ids if one not in faults}
    items = items_of(call.sandbox, [one for group in renewals.values() for one in group])
    check_sum(call, items)
    pricings = each_discount(items, visible_discounts(call), PERIOD_DECIMALS)
    listed, best = first_discounts(items, (), PERIOD_DECIMALS), best_offer(pricings)
    return {
        "currency": call.sandbox.currency,
        "renew_inquiry_results": [
            {"resource_id": one, "amount": _amount(best or listed, group)} for one, group in renewals.items()
        ],
        "official_website_rating_result": {"official_website_amount": listed.list_price},
        "optional_discount_rating_results": [_choice(one, one is best) for one in pricings],
        FAILURES: [call.detail(fault, inside=FAILURES, resource_id=one) for one, fault in faults.items()],
    }


def _ids(call: Call) -> list[str]:
    """The resources that are named, and behind them those that are associated, if they are asked for."""
    named: list[str] = call.body["resource_ids"]
    if len(set(named)) < len(named):
        raise call.refused("CBC.30050012")
    if not call.body["include_relative_resources"]:
        return named
    associated = [other.resource_id for one in named for other in _associated(call, one)]
    return list(dict.fromkeys([*named, *associated]))


def _associated(call: Call, resource_id: str) -> list[Resource]:
    """The main resources that were bought in the same order, as a public address is with its server."""
    resource = own_resource(call, resource_id)
    if resource is None:
        return []
    bought = resource.terms[0].order_id
    others = (one for one in call.sandbox.resources if one.terms[0].order_id == bought)
    return [one for one in others if one.is_main and one.is_alive and one is not resource]


def _fault(call: Call, resource_id: str) -> str:
    """Why a resource cannot be renewed, or empty. What cannot be priced at all fails the whole query."""
    resource = own_resource(call, resource_id)
    if resource is None or not resource.is_alive:
        return "CBC.30050009"
    if not resource.is_main:
        return "CBC.30050007"
    group = family(call.sandbox, resource)
    order = order_under_way(call.sandbox, group)
    if order is not None:
        return "CBC.30050010" if order.is_unpaid else "CBC.30050011"
    if not all(can_be_renewed(one) for one in group):
        return "CBC.30050013"
    if any(one.has("unpriced") for one in group):
        raise call.refused("CBC.99006006", f"the fees of {resource_id} cannot be determined")
    return "" if _renewals(call, resource) else "CBC.30050008"


def _renewals(call: Call, main: Resource) -> list[Renewal]:
    group = family(call.sandbox, main)
    return renewals_of(call.sandbox, group, call.body["period_type"], call.body["period_num"])


def _amount(pricing: Pricing, group: Sequence[Renewal]) -> Decimal:
    """The price of a main resource with what is attached to it."""
    ids = {one.resource.resource_id for one in group}
    return total(line.amount for line in pricing.lines if line.item.id in ids)


def _choice(pricing: Pricing, best: bool) -> dict[str, Any]:
    """The pricing with one discount."""
    discount = pricing.discount
    assert discount is not None, "each pricing has its discount"
    return {
        "discount_id": discount.id,
        "amount": pricing.amount,
        "official_website_amount": pricing.list_price,
        "discount_amount": pricing.saving,
        "discount_type": discount.kind,
        "discount_name": discount.name,
        "best_offer": int(best),
    }
