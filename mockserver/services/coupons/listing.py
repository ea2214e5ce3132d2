"""What a partner may issue and has issued, and what a customer or a partner holds."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.clock import china_day, instant_text, later
from mockserver.domain.coupons import TAKEN_BACK, USABLE, Coupon, Limit, Quota, StoredValueCard, Terms
from mockserver.domain.entities import PARTNER_PAID
from mockserver.services.acting import acting_partner, calling_customer, sees
from mockserver.services.paging import page
from mockserver.services.periods import between
from mockserver.services.registry import serves

YUAN_OR_DOLLAR = 1
"""measure_id of the site's currency."""

ELECTRONIC, ISSUED_ONLINE, USED_BIT_BY_BIT = 1, 3, 2
"""media_type, fetch_method and coupon_version of all coupons here."""

LIMITS_OF_USE = ("chargeScene", "subscribeType", "simultaneousUseWithEmpowerDiscount")
"""What a quota's restrictions have in common with those of a coupon; the others concern the issue or the payment."""


@serves("ListQuotaCoupons")
def list_quotas(call: Call) -> Answer:
    """The quotas of a partner, newest first; vouchers unless `quota_type` asks for flexi-purchase.

    A reseller's quota that was taken back is gone. Source: api-bpconsole/zh-cn_topic_0091566753.
    """
    partner, sent = acting_partner(call), call.body
    found = [
        quota
        for quota in newest_first(call.sandbox.quotas)
        if quota.partner_id == partner.id
        and quota.state != TAKEN_BACK
        and quota.kind == sent["quota_type"]
        and quota.id in sent.get("quota_ids", (quota.id,))
        and quota.state in sent.get("quota_status_list", (quota.state,))
        and between(sent, "create_time", quota.created_on)
        and _is_valid_between(sent, quota.terms)
    ]
    return {"total_count": len(found), "quotas": [quota_row(call, quota) for quota in page(call, found)]}


@serves("ListIssuedPartnerCoupons")
def list_issued_coupons(call: Call) -> Answer:
    """The coupons that a partner issued to partner-paid customers, newest first, until two years after their expiry.

    An account manager sees those of his customers. Source: api-bpconsole/mp_02005.
    """
    partner, sent = acting_partner(call), call.parameters
    found = [
        coupon
        for coupon in newest_first(call.sandbox.coupons)
        if coupon.issuer_id == partner.id
        and coupon.association == PARTNER_PAID
        and sees(call, call.sandbox.customers[coupon.holder_id])
        and china_day(later(coupon.terms.expires_on, "P2Y")) > china_day(call.now)
        and sent.get("customer_id") in (None, coupon.holder_id)
        and _is_asked_for(sent, coupon)
        and not (sent.get("status") == USABLE and coupon.frozen)
        and between(sent, "create_time", coupon.created_on)
        and _is_valid_between(sent, coupon.terms)
    ]
    return {"total_count": len(found), "user_coupons": [_issued_row(coupon) for coupon in page(call, found)]}


@serves("ListSubCustomerCoupons")
def list_held_coupons(call: Call) -> Answer:
    """The coupons that the caller holds, newest first, until a year after their expiry.

    A partner sees its own here, not those of its customers. Source: api-bpconsole/mp_02001.
    """
    holder = call.principal.customer or acting_partner(call)
    sent = call.parameters
    begin, end = sent.get("active_start_time", ""), sent.get("active_end_time", "Z")
    found = [
        coupon
        for coupon in newest_first(call.sandbox.coupons)
        if coupon.holder_id == holder.id
        and later(coupon.terms.expires_on, "P1Y") >= call.now
        and begin < instant_text(coupon.created_on) < end
        and sent.get("promotion_plan_id") in (None, _plan_id(coupon))
        and sent.get("source_id") in (None, coupon.issuer_id)
        and _is_asked_for(sent, coupon)
    ]
    return {"count": len(found), "user_coupons": [_held_row(call, coupon) for coupon in page(call, found)]}


@serves("ListStoredValueCards")
def list_stored_value_cards(call: Call) -> Answer:
    """The calling customer's cards of one state, the latest to take effect first. Source: api-oce/mac_00002."""
    customer, sent = calling_customer(call), call.parameters
    found = [
        card
        for card in newest_first(call.sandbox.stored_value_cards)
        if card.customer_id == customer.id
        and card.expires_on > call.now
        and _card_state(card) == sent["status"]
        and sent.get("card_id") in (None, card.id)
    ]
    found.sort(key=lambda card: card.effective_on, reverse=True)
    return {"total_count": len(found), "stored_value_cards": [_card_row(card) for card in page(call, found)]}


# What is asked for


def newest_first(rows: Any) -> Any:
    """The rows of a table whose rows are never older than those before them."""
    return reversed(list(rows))


def _is_valid_between(sent: Mapping[str, Any], terms: Terms) -> bool:
    return between(sent, "effective_time", terms.effective_on) and between(sent, "expire_time", terms.expires_on)


def _is_asked_for(sent: Mapping[str, Any], coupon: Coupon) -> bool:
    """The filters that both lists of coupons have."""
    return (
        sent.get("coupon_id") in (None, coupon.id)
        and sent.get("coupon_type") in (None, coupon.kind)
        and sent.get("status") in (None, coupon.status)
        and sent.get("order_id") in (None, *coupon.orders)
    )


# Rows


def quota_row(call: Call, quota: Quota) -> dict[str, Any]:
    return {
        "quota_id": quota.id,
        "quota_type": quota.kind,
        "create_time": quota.created_on,
        "last_update_time": quota.changed_on,
        "quota_value": quota.value,
        "quota_status": quota.state,
        "balance": quota.balance,
        "measure_id": YUAN_OR_DOLLAR,
        "currency": call.sandbox.currency,
        "effective_time": quota.terms.effective_on,
        "expire_time": quota.terms.expires_on,
        "limit_infos": [
            {
                "limit_key": limit.key,
                "limit_values": [{"value1": value1, "value2": value2} for value1, value2 in limit.values],
            }
            for limit in [*_scope(quota.terms), *quota.terms.limits]
        ],
    }


def _scope(terms: Terms) -> Sequence[Limit]:
    """The restriction to services and to products, each in one limit."""
    lists = {"cloudServiceType": terms.services, "productId": terms.products}
    return [Limit(key, tuple((code, "") for code in codes)) for key, codes in lists.items() if codes]


def _plan_id(coupon: Coupon) -> str:
    """All coupons of a quota belong to one promotion plan."""
    return f"PP{coupon.quota_id or coupon.id}"


def _row(coupon: Coupon) -> dict[str, Any]:
    return {
        "coupon_id": coupon.id,
        "status": coupon.status,
        "customer_id": coupon.holder_id,
        "coupon_type": coupon.kind,
        "measure_id": YUAN_OR_DOLLAR,
        "face_value": coupon.face_value,
        "expire_time": coupon.terms.expires_on,
        "order_id": ";".join(coupon.orders) or None,
        "promotion_plan_id": _plan_id(coupon),
        "media_type": ELECTRONIC,
        "fetch_method": ISSUED_ONLINE,
        "use_limits": use_limits(coupon, LIMITS_OF_USE),
        "active_time": coupon.created_on,
        "promotion_id": f"PM{coupon.quota_id or coupon.id}",
        "create_time": coupon.created_on,
        "balance": coupon.balance,
        "lock_order_id": coupon.lock_order_id,
        "is_frozen": "1" if coupon.frozen else "0",
    }


def plan_name(coupon: Coupon) -> str:
    return "Partner coupon" if coupon.issuer_id else "Huawei Cloud coupon"


def coupon_code(coupon: Coupon) -> str:
    return f"V{coupon.id[2:]}"


def _issued_row(coupon: Coupon) -> dict[str, Any]:
    return {
        **_row(coupon),
        "effective_time": coupon.terms.effective_on,
        "promotion_plan_name": plan_name(coupon),
        "promotion_plan_desc": plan_name(coupon),
        "last_used_time": coupon.used_on,
    }


def _held_row(call: Call, coupon: Coupon) -> dict[str, Any]:
    return {
        **_row(coupon),
        "coupon_code": coupon_code(coupon),
        "valid_time": coupon.terms.effective_on,
        "plan_name": plan_name(coupon),
        "plan_desc": plan_name(coupon),
        "reserve_time": coupon.used_on,
        "coupon_version": USED_BIT_BY_BIT,
        "coupon_usage": "",
        "currency": call.sandbox.currency,
        "extend_param1": "",
        "source_id": coupon.issuer_id,
    }


def use_limits(coupon: Coupon, keys: Container[str]) -> list[dict[str, Any]]:
    """A restriction to several products is one row with their ids, one to several services a row for each; with them
    those of the restrictions that have one of the `keys`."""
    terms = coupon.terms
    rows = [("cloudServiceType", code, "") for code in terms.services]
    rows += [("productId", ",".join(terms.products), "")] if terms.products else []
    rows += [(limit.key, *pair) for limit in terms.limits if limit.key in keys for pair in limit.values]
    return [
        {
            "use_limiti_info_id": f"UL{coupon.id[2:]}{number:04d}",
            "limit_key": key,
            "value1": value1,
            "value2": value2,
            "promotion_plan_id": _plan_id(coupon),
        }
        for number, (key, value1, value2) in enumerate(rows, 1)
    ]


def _card_state(card: StoredValueCard) -> int:
    """1 usable, 2 used up."""
    return 1 if card.balance else 2


def _card_row(card: StoredValueCard) -> dict[str, Any]:
    return {
        "card_id": card.id,
        "card_name": card.name,
        "status": _card_state(card),
        "face_value": card.face_value,
        "balance": card.balance,
        "effective_time": card.effective_on,
        "expire_time": card.expires_on,
    }
