"""Which discounts a customer has: the commercial contract, and the policies on partners' discounts and incentives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.catalogue import (
    MONTH,
    YEAR,
    ServiceType,
    Spec,
    catalogue,
    period_offering_id,
    usage_offering_id,
)
from mockserver.domain.clock import CHINA
from mockserver.domain.discounts import CHARGING_MODES, COMMERCIAL, PAY_PER_USE, YEARLY, Discount, IncentivePolicy
from mockserver.domain.entities import Customer
from mockserver.domain.sandbox import Sandbox
from mockserver.services.acting import calling_customer
from mockserver.services.paging import page
from mockserver.services.registry import serves

SITE = "HWC"
SITE_NAMES = {"zh": "华为云", "en": "Huawei Cloud"}


def visible_discounts(call: Call) -> list[Discount]:
    """The calling customer's discounts, oldest first; none for its IAM user who may not see them. Such calls succeed:
    they only leave the discounts out. Source: api-bpconsole/bcloud_01001."""
    return discounts_in_force(call.sandbox, calling_customer(call), call.now) if sees_discounts(call) else []


def sees_discounts(call: Call) -> bool:
    """Whether the calling user may see discounts; the journal says so where not."""
    user = call.principal.user
    seen = user.main or call.principal.assumed_by is not None or bool(call.operation.shown_actions & user.actions)
    if not seen:
        call.notes.append("discounts left out: the user may not see them")
    return seen


def discounts_in_force(sandbox: Sandbox, customer: Customer, moment: datetime) -> list[Discount]:
    """A partner's discounts hold while the customer is associated with it, and not for services that the policy
    excepts."""
    excepted = _without_partner_discounts(sandbox, moment)
    found = [
        one
        for one in sandbox.discounts
        if one.customer_id == customer.id
        and one.effective_on <= moment < one.expires_on
        and one.partner_id in (None, customer.partner_id)
    ]
    return [one if one.kind == COMMERCIAL else replace(one, excluded_services=excepted) for one in found]


def _without_partner_discounts(sandbox: Sandbox, moment: datetime) -> frozenset[str]:
    month = f"{moment.astimezone(CHINA):%Y-%m}"
    services = {one.service_type for one in sandbox.incentive_policies}
    return frozenset(one for one in services if not _policy(sandbox, one, month).allow_discount)


def _policy(sandbox: Sandbox, service: str, month: str) -> IncentivePolicy:
    """The policy of a service at the end of a month: the latest that began by then, else an ordinary product's."""
    found = [one for one in sandbox.incentive_policies if one.service_type == service and one.month <= month]
    return max(found, key=lambda one: one.month, default=IncentivePolicy(service, month))


@serves("ListIncentiveDiscountPolicies")
def list_incentive_discount_policies(call: Call) -> Answer:
    """For each service, how its sales count for the partner and whether a partner's discount applies, as of the end of
    a month. Source: api-bpconsole/zh-cn_topic_0000001163166566."""
    wanted = call.parameters.get("service_type_code")
    rows = [one for one in _services() if wanted in (None, one.code)]
    return {"total_count": len(rows), "policies": [_policy_row(call, one) for one in page(call, rows)]}


def _services() -> list[ServiceType]:
    return [one for one in catalogue().services.values() if not one.koogallery]


def _policy_row(call: Call, service: ServiceType) -> dict[str, Any]:
    policy = _policy(call.sandbox, service.code, call.parameters["time"])
    return {
        "service_type_code": service.code,
        "service_type_name": service.zh,
        "incentive_policy": policy.incentive_policy,
        "allow_discount": "YES" if policy.allow_discount else "NO",
    }


@serves("ListBusinessDiscountInfo")
def list_business_discount_info(call: Call) -> Answer:
    """The commercial contract in force and its quotations: for products where a discount names specifications, for
    categories where it does not. Source: api-oce/mp_02008."""
    customer = calling_customer(call)
    contract = [one for one in discounts_in_force(call.sandbox, customer, call.now) if one.kind == COMMERCIAL]
    products = call.body["quoting_item_type"] == "PRODUCT_ITEM"
    rows = [row for one in contract for row in _quotations(call, one) if bool(one.specs) == products]
    rows = sorted((row for row in rows if _matches(call, row)), key=lambda row: str(row["item_id"]))
    shown = page(call, rows)
    return {
        "total_count": len(rows),
        **_contract(contract),
        "product_quoting_items": shown if products else [],
        "category_quoting_items": [] if products else shown,
        "category_quoting_item_steps": [],
        "sites": [_site(call)] if contract else [],
    }


def _contract(discounts: Sequence[Discount]) -> dict[str, Any]:
    """The commercial discounts in force make one contract, named after the oldest of them."""
    if not discounts:
        return {}
    first = discounts[0]
    return {
        "commerce_id": first.id,
        "commerce_code": f"BC{first.effective_on.astimezone(CHINA):%Y%m%d}{first.number:04d}",
        "effective_time": min(one.effective_on for one in discounts),
        "expire_time": max(one.expires_on for one in discounts),
    }


def _matches(call: Call, row: dict[str, Any]) -> bool:
    """Whether a quotation passes the filters, which know no case of letters."""
    site = call.body.get("site_code")
    services, modes = (call.body.get(name) or [] for name in ("cloud_service_types", "charging_modes"))
    return (
        (not services or row["cloud_service_type"].lower() in {one.lower() for one in services})
        and (not modes or row["charging_mode"].lower() in {one.lower() for one in modes})
        and (site is None or site.lower() == SITE.lower())
    )


def _quotations(call: Call, discount: Discount) -> list[dict[str, Any]]:
    """A row for each product or service and each way of charging."""
    parts = _products(call, discount) if discount.specs else _categories(call, discount)
    day = f"{discount.effective_on.astimezone(CHINA):%Y%m%d}"
    return [
        {
            "item_id": f"QI{day}{discount.number:06d}{number:06d}",
            "site_code": SITE,
            "discount_ratio": discount.ratio,
            "effective_time": discount.effective_on,
            "expire_time": discount.expires_on,
            **part,
        }
        for number, part in enumerate(parts, 1)
    ]


def _categories(call: Call, discount: Discount) -> list[dict[str, Any]]:
    return [
        {**_service(call, service), "charging_mode": mode}
        for service in discount.service_types or [one.code for one in _services()]
        for mode in discount.charging_modes or CHARGING_MODES
    ]


def _products(call: Call, discount: Discount) -> list[dict[str, Any]]:
    """One row for each region too: products of different regions have different ids."""
    return [
        {
            **_service(call, catalogue().owners[spec.resource]),
            "product_id": product,
            "product_spec_name": spec.name(call.names_language),
            "related_regions": [_region(call, region)],
            "charging_mode": mode,
            "preferential_category": 0,
            "preferential_type": 0,
            "product_quoting_item_steps": [],
        }
        for spec in catalogue().specs.values()
        for region in catalogue().regions
        for mode in discount.charging_modes or CHARGING_MODES
        if discount.covers(catalogue().owners[spec.resource], spec.code, mode)
        and catalogue().sells(spec, region, call.site)
        and (product := _product_id(call, spec, region, mode)) is not None
    ]


def _product_id(call: Call, spec: Spec, region: str, mode: str) -> str | None:
    """The product that one way of charging sells, or None if it is not sold that way."""
    price = catalogue().price(spec, call.site)
    if price is None or not (price.usage if mode == PAY_PER_USE else price.month):
        return None
    if mode != PAY_PER_USE:
        return period_offering_id(spec, region, call.site, YEAR if mode in YEARLY else MONTH)
    usage = catalogue().usage_type(spec.resource, next(iter(price.usage)))
    return usage_offering_id(spec, usage, region, call.site) if usage else None


def _service(call: Call, code: str) -> dict[str, str]:
    name = catalogue().services[code].name(call.names_language)
    return {"cloud_service_type": code, "cloud_service_type_name": name}


def _region(call: Call, code: str) -> dict[str, str]:
    return {"region_code": code, "region_name": catalogue().regions[code].name(call.names_language)}


def _site(call: Call) -> dict[str, Any]:
    """The operating site, with all its regions: a contract holds everywhere."""
    regions = [_region(call, one.code) for one in catalogue().regions.values() if call.site in one.sites]
    return {"site_code": SITE, "site_name": SITE_NAMES[call.names_language], "regions": regions}
