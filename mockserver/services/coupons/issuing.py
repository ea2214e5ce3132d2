"""Issuing coupons to customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache

from mockserver.domain.call import Answer, Call
from mockserver.domain.catalogue import MONTH, ON_DEMAND, ONE_TIME, PACKAGE, PERIOD, YEAR, catalogue, offering_id
from mockserver.domain.clock import parse_instant
from mockserver.domain.coupons import NORMAL, RECLAIMED, VOUCHER_QUOTA, Quota, Terms
from mockserver.domain.entities import PARTNER_PAID, Partner
from mockserver.services.acting import acting_partner, sees
from mockserver.services.coupons.changes import issue, note_failure
from mockserver.services.registry import serves

GENERAL = "6"
SCENES = {
    (PERIOD, YEAR): frozenset({"0", "1"}),
    (PERIOD, MONTH): frozenset({"0", "2"}),
    (PACKAGE, MONTH): frozenset({"0", "2"}),
    (ON_DEMAND, 0): frozenset({"5"}),
    (ONE_TIME, 0): frozenset({"7"}),
}
"""Billing scenarios, as `chargeScene` numbers them, of the ways to buy a product."""


@serves("CreatePartnerCoupons")
def issue_to_customers(call: Call) -> Answer:
    """Issue a coupon of `face_value`, in yuan, to each customer named. Source: api-bpconsole/mp_02002.

    What is wrong with the quota or the coupon refuses the whole call. Then the customers are served in their order; who
    gets nothing is reported, and recorded as a failed issue. The balance goes down with each coupon.
    """
    partner = acting_partner(call)
    quota = _quota(call, partner)
    _check_face_value(call, quota)
    terms = _terms(call, quota)
    customer_ids = list(dict.fromkeys(call.body["customer_ids"]))
    _check_receivers(call, partner, quota, customer_ids)
    outcomes = {one: _serve(call, partner, quota.id, terms, one) for one in customer_ids}
    return {
        "error_details": [call.detail(code, id=one) for one, (code, _) in outcomes.items() if code],
        "coupon_infos": [{"id": one, "coupon_id": coupon_id} for one, (_, coupon_id) in outcomes.items() if coupon_id],
    }


def _serve(call: Call, partner: Partner, quota_id: str, terms: Terms, customer_id: str) -> tuple[str, str]:
    """The code of what is in the way, or the id of the customer's coupon."""
    quota, amount, memo = call.sandbox.quotas[quota_id], call.body["face_value"], call.body.get("memo", "")
    code = _fault_of_customer(call, partner, customer_id) or _shortage(call, quota, amount)
    if code:
        note_failure(call.sandbox, quota, customer_id, amount, call.now, code, memo)
        return code, ""
    customer = call.sandbox.customers[customer_id]
    return "", issue(call.sandbox, quota, customer, amount, terms, call.now, memo).id


# The whole call


def _quota(call: Call, partner: Partner) -> Quota:
    """The partner's quota, in effect and in a state that allows issuing."""
    quota = call.sandbox.quotas.get(call.body["quota_id"])
    if quota is None or quota.partner_id != partner.id:
        raise call.refused("CBC.99000012", f"{partner.name} has no quota {call.body['quota_id']}")
    if quota.kind == VOUCHER_QUOTA and partner.id in call.sandbox.setting("partners_using_coupons"):
        raise call.refused("CBC.50000010")
    if not quota.terms.hold_at(call.now):
        raise call.refused("CBC.99000017")
    if quota.state != NORMAL:
        raise call.refused("CBC.99000012", f"the quota is in state {quota.state}")
    return quota


def _check_face_value(call: Call, quota: Quota) -> None:
    amount, least, greatest = call.body["face_value"], quota.rules.least_face_value, quota.rules.greatest_face_value
    if least is not None and amount < least:
        raise call.refused("CBC.99000018", f"{amount} is below {least}")
    if greatest is not None and amount > greatest:
        raise call.refused("CBC.99000019", f"{amount} is above {greatest}")


def _check_receivers(call: Call, partner: Partner, quota: Quota, customer_ids: list[str]) -> None:
    """Conditions on receivers that refuse the whole call."""
    if partner.id in customer_ids:
        raise call.refused("CBC.99000025")
    designated = quota.rules.customers
    if designated and not set(customer_ids) <= set(designated):
        raise call.refused("CBC.50000020")
    if quota.rules.first_association_only and set(customer_ids) & set(call.sandbox.setting("reassociated_customers")):
        raise call.refused("CBC.99000022")


# The terms of the coupon: those of its quota, or narrower


def _terms(call: Call, quota: Quota) -> Terms:
    """The quota's terms, narrowed as the call asks."""
    services, products = call.body.get("cloud_service_types") or (), call.body.get("product_ids") or ()
    _check_known(call, services, products)
    _check_within(call, services, quota.terms.services)
    _check_within(call, products, quota.terms.products)
    _check_scenes(call, quota.terms, products)
    return replace(
        _window(call, quota.terms),
        services=tuple(services) or quota.terms.services,
        products=tuple(products) or quota.terms.products,
    )


def _window(call: Call, terms: Terms) -> Terms:
    """Validity within the quota's, and not over yet; else CBC.0100."""
    begin, end = call.body.get("valid_time"), call.body.get("expire_time")
    window = replace(
        terms,
        effective_on=parse_instant(begin) if begin else terms.effective_on,
        expires_on=parse_instant(end) if end else terms.expires_on,
    )
    inside = terms.effective_on <= window.effective_on < window.expires_on <= terms.expires_on
    if not inside or window.expires_on <= call.now:
        raise call.refused("CBC.0100", "the validity is empty, over, or reaches beyond that of the quota")
    return window


def _check_known(call: Call, services: tuple[str, ...], products: tuple[str, ...]) -> None:
    if unknown := [one for one in products if one not in _scenes_of_products(call.site)]:
        raise call.refused("CBC.50000054", f"no product {unknown[0]}")
    if unknown := [one for one in services if one not in catalogue().services]:
        raise call.refused("CBC.50000055", f"no service {unknown[0]}")


def _check_within(call: Call, asked: tuple[str, ...], allowed: tuple[str, ...]) -> None:
    if allowed and not set(asked) <= set(allowed):
        raise call.refused("CBC.99000023", f"the quota allows only {', '.join(allowed)}")


def _check_scenes(call: Call, terms: Terms, products: tuple[str, ...]) -> None:
    """Products that are bought in other billing scenarios than the quota allows make a coupon that nothing can use."""
    limits = [limit for limit in terms.limits if limit.key == "chargeScene"]
    allowed = {value1 for limit in limits for value1, _ in limit.values}
    if not allowed or allowed & {"", GENERAL}:
        return
    if outside := [one for one in products if not allowed & _scenes_of_products(call.site)[one]]:
        raise call.refused("CBC.99000024", f"{outside[0]} is bought in no billing scenario of the quota")


@cache
def _scenes_of_products(site: str) -> Mapping[str, frozenset[str]]:
    """The billing scenarios of every product id of the catalogue."""
    found: dict[str, frozenset[str]] = {}
    for spec in catalogue().specs.values():
        price = catalogue().price(spec, site)
        modes = price.modes if price else ()
        for region in catalogue().regions:
            for (mode, period), scenes in SCENES.items():
                if mode in modes and catalogue().sells(spec, region, site):
                    product = offering_id(spec, region, site, mode, period)
                    found[product] = found.get(product, frozenset()) | scenes
    return found


# One customer


def _fault_of_customer(call: Call, partner: Partner, customer_id: str) -> str:
    """Why a customer cannot have a coupon of the partner; empty if it can."""
    customer = call.sandbox.customers.get(customer_id)
    if customer is None or customer.partner_id != partner.id:
        return "CBC.99000035"
    if not sees(call, customer):
        return "CBC.99000000"
    if customer.association_type != PARTNER_PAID:
        return "CBC.99000014"
    return "CBC.50000034" if customer_id in call.sandbox.setting("hosted_members") else ""


def _shortage(call: Call, quota: Quota, amount: Decimal) -> str:
    """What the quota lacks for one more coupon; empty if nothing. Coupons that were reclaimed do not count."""
    coupons, rules = call.sandbox.coupons, quota.rules
    issued = [one.face_value for one in coupons if one.quota_id == quota.id and one.status != RECLAIMED]
    if rules.most_coupons is not None and len(issued) >= rules.most_coupons:
        return "CBC.99000020"
    if rules.most_value is not None and sum(issued) + amount > rules.most_value:
        return "CBC.99000021"
    return "CBC.99000013" if amount > quota.balance else ""
