"""Price queries: what usage and periods of products cost the calling customer. Nothing is ordered.

A product is found by service type, resource type, region and specification. One bad line fails the whole query.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from mockserver.domain.call import Answer, Call, Refusal
from mockserver.domain.catalogue import MONTH, YEAR, Spec, catalogue, period_offering_id, usage_offering_id
from mockserver.domain.discounts import PAY_PER_USE, Discount
from mockserver.domain.pricing import (
    LARGEST,
    MONTHS_OF_A_YEAR,
    MOST_DECIMALS,
    PERIOD_DECIMALS,
    USUAL_DECIMALS,
    Item,
    Line,
    Pricing,
    best_offer,
    charging_mode,
    each_discount,
    exactly,
    first_discounts,
    period_price,
)
from mockserver.services.discounts import visible_discounts
from mockserver.services.registry import serves

MAIN_UNIT = 1
"""The measure id of yuan and of US dollars."""

KEYS = ("cloud_service_type", "resource_type", "resource_spec", "region")
"""What a product is found by."""

SHORT_CODES = {"CBC.99006006": "CBC.6006", "CBC.99006050": "CBC.6050", "CBC.99006074": "CBC.6074"}

UPFRONT = {"ZERO_PAY": Decimal(0), "HALF_PAY": Decimal("0.5")}
"""The share of a price that is paid before the instalments."""

INSTALMENT_SERVICES = {"cn": "", "intl": "hws.service.type.ec2"}
"""What can be paid by instalments. In China that is CloudPond, which the catalogue does not have."""


@serves("ListOnDemandResourceRatings")
def price_usage(call: Call) -> Answer:
    """Price pay-per-use: list price, discount and final price, each cut off at 6 decimals or with
    `inquiry_precision` 1 at 10. Source: api-bpconsole/bcloud_01001."""
    decimals = MOST_DECIMALS if call.body["inquiry_precision"] else USUAL_DECIMALS
    items = [_usage_item(call, line) for line in _lines(call)]
    check_sum(call, items)
    pricing = first_discounts(items, visible_discounts(call), decimals)
    return {
        **_prices(pricing),
        "currency": call.sandbox.currency,
        "product_rating_results": [
            {**_named(line), **_prices(line), "discount_rating_results": _reductions(line)} for line in pricing.lines
        ],
    }


@serves("ListRateOnPeriodDetail")
def price_periods(call: Call) -> Answer:
    """Price yearly and monthly products: the list price, and one complete pricing for each discount that the customer
    can choose, the best of them marked. Source: api-bpconsole/bcloud_01002."""
    items = [_period_item(call, line) for line in _lines(call)]
    check_sum(call, items)
    pricings = each_discount(items, visible_discounts(call), PERIOD_DECIMALS)
    best = best_offer(pricings)
    return {
        "official_website_rating_result": _list_prices(first_discounts(items, (), PERIOD_DECIMALS)),
        "optional_discount_rating_results": [_choice(pricing, pricing is best) for pricing in pricings],
        "currency": call.sandbox.currency,
    }


# Lines


def _lines(call: Call) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = call.body["product_infos"]
    ids = [line["id"] for line in lines]
    if len(ids) != len(set(ids)):
        raise call.refused("CBC.0100", "a line id occurs twice")
    return lines


def _usage_item(call: Call, line: dict[str, Any]) -> Item:
    spec = _product(call, line)
    price = catalogue().price(spec, call.site)
    assert price is not None, "what is on sale has a price"
    usage = catalogue().usage_type(spec.resource, line["usage_factor"])
    if not price.usage:
        raise _refused(call, "CBC.99006006", f"{spec.code} is not sold as pay-per-use")
    if usage is None or usage.code not in price.usage:
        raise _refused(call, "CBC.99006074", f"{spec.code} is not charged by {line['usage_factor']}")
    size = _size(call, spec, line) if catalogue().is_time(usage, call.site) else Decimal(1)
    with exactly():
        amount = price.usage[usage.code] * line["usage_value"] * size * line["subscription_num"]
        # Converted last: only a division can have digits without end.
        exact = catalogue().convert(amount, line["usage_measure_id"], usage.measure, call.site)
    if exact is None:
        raise _refused(call, "CBC.99006050", f"{usage.code} is not measured in unit {line['usage_measure_id']}")
    product = usage_offering_id(spec, usage, line["region"], call.site)
    return Item(line["id"], product, line["cloud_service_type"], spec.code, PAY_PER_USE, exact)


def _period_item(call: Call, line: dict[str, Any]) -> Item:
    spec = _product(call, line)
    price = catalogue().price(spec, call.site)
    year = catalogue().price_of_year(price) if price else None
    if price is None or price.month is None or year is None:
        raise _refused(call, "CBC.99006006", f"{spec.code} is not sold by period")
    period, number = line["period_type"], line["period_num"]
    with exactly():
        unit = _size(call, spec, line) * line["subscription_num"]
        exact = period_price(price.month * unit, year * unit, period, number)
    months, upfront = _instalments(call, line)
    product = period_offering_id(spec, line["region"], call.site, period)
    mode = charging_mode(period, number)
    return Item(line["id"], product, line["cloud_service_type"], spec.code, mode, exact, months, upfront)


def _product(call: Call, line: dict[str, Any]) -> Spec:
    """The product of a line; a linear one has its size."""
    service, resource, code, region = (line[name] for name in KEYS)
    spec = catalogue().on_sale(service, resource, code, region, call.site)
    if spec is None:
        raise _refused(call, "CBC.99006006", f"line {line['id']}: no {code} of {service}, {resource} in {region}")
    _size(call, spec, line)
    return spec


def _size(call: Call, spec: Spec, line: dict[str, Any]) -> Decimal:
    """How many units of its size a line counts; 1 for a product without size, which ignores what is sent."""
    if spec.size is None:
        return Decimal(1)
    size, measure = line.get("resource_size"), line.get("size_measure_id")
    if size is None or measure is None:
        raise call.refused("CBC.0100", f"{spec.code} needs resource_size and size_measure_id")
    if measure != spec.size.measure:
        raise call.refused("CBC.0100", f"the size of {spec.code} is not measured in unit {measure}")
    return Decimal(size)


def _instalments(call: Call, line: dict[str, Any]) -> tuple[int, Decimal]:
    """How many monthly instalments a line is paid in, and the share paid before; 0 where it is not."""
    upfront = UPFRONT.get(line["fee_installment_mode"])
    months = {MONTH: 1, YEAR: MONTHS_OF_A_YEAR}.get(line["period_type"], 0) * line["period_num"]
    if upfront is None or line["cloud_service_type"] != INSTALMENT_SERVICES[call.site]:
        return 0, Decimal(0)
    return months, upfront


def check_sum(call: Call, items: Sequence[Item]) -> None:
    with exactly():
        if sum(item.exact for item in items) > LARGEST:
            raise call.refused("CBC.99006055", f"the list price is above {LARGEST}")


def _refused(call: Call, code: str, reason: str) -> Refusal:
    """A refusal with the documented code, or with the short one seen live if the sandbox is set so."""
    short = SHORT_CODES[code]
    if call.sandbox.setting("short_price_codes") and call.view.row(short):
        return call.refused(short, reason)
    return call.refused(code, reason)


# Answers


def _prices(one: Line | Pricing) -> dict[str, Any]:
    return {
        "amount": one.amount,
        "discount_amount": one.saving,
        "official_website_amount": one.list_price,
        "measure_id": MAIN_UNIT,
    }


def _named(line: Line) -> dict[str, Any]:
    return {"id": line.item.id, "product_id": line.item.product_id}


def _discount(discount: Discount) -> dict[str, Any]:
    return {"discount_id": discount.id, "discount_type": discount.kind, "discount_name": discount.name}


def _reductions(line: Line) -> list[dict[str, Any]]:
    """The discount in a line's price, with what it takes off."""
    if line.discount is None:
        return []
    return [{**_discount(line.discount), "amount": line.saving, "measure_id": MAIN_UNIT}]


def _list_prices(pricing: Pricing) -> dict[str, Any]:
    return {
        **_list_price(pricing),
        "product_rating_results": [{**_named(line), **_list_price(line)} for line in pricing.lines],
    }


def _list_price(one: Line | Pricing) -> dict[str, Any]:
    return {
        "official_website_amount": one.list_price,
        "installment_official_website_amount": one.list_instalment,
        "installment_period_type": _instalment_period(one),
        "measure_id": MAIN_UNIT,
    }


def _choice(pricing: Pricing, best: bool) -> dict[str, Any]:
    """The pricing with one discount."""
    assert pricing.discount is not None, "each pricing has its discount"
    return {
        **_discount(pricing.discount),
        **_reduced(pricing),
        "best_offer": int(best),
        "product_rating_results": [{**_named(line), **_reduced(line)} for line in pricing.lines],
    }


def _reduced(one: Line | Pricing) -> dict[str, Any]:
    before, after = one.list_instalment, one.instalment
    return {
        **_prices(one),
        "installment_official_website_amount": before,
        "installment_official_discount_amount": None if before is None or after is None else before - after,
        "installment_amount": after,
        "installment_period_type": _instalment_period(one),
    }


def _instalment_period(one: Line | Pricing) -> int | None:
    return None if one.list_instalment is None else MONTH
