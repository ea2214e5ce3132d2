"""Quotas, coupons and their records as the operations list them."""

from __future__ import annotations

from typing import Any

from contracts.model.comparing import SOMETHING
from contracts.model.machine import Listing, Rules
from contracts.model.reference.cards import Card
from contracts.model.reference.people import PARTNER_PAID, Customer, People
from contracts.model.reference.vouchers import Quota, Voucher, VoucherChange, VoucherRecord, Vouchers
from contracts.model.reference.world import china_day


def issued_by(vouchers: Vouchers, role: str) -> list[Voucher]:
    """What a partner issued to customers that were partner-paid by it."""
    return [
        one
        for one in vouchers.coupons
        if one.quota is not None and one.quota.partner == role and one.as_own == PARTNER_PAID
    ]


def quota_row(quota: Quota) -> dict[str, Any]:
    values = [{"value1": one, "value2": ""} for one in quota.services]
    return {
        "quota_id": quota.id,
        "quota_type": quota.kind,
        "quota_value": quota.value,
        "balance": quota.balance,
        "quota_status": quota.state,
        "create_time": quota.created,
        "last_update_time": quota.changed,
        "effective_time": quota.begins,
        "expire_time": quota.ends,
        "limit_infos": [{"limit_key": "cloudServiceType", "limit_values": values}] if values else [],
    }


def record_row(record: VoucherRecord) -> dict[str, Any]:
    return {
        "operation_type": record.kind,
        "quota_id": record.quota.id,
        "quota_type": record.quota.kind,
        "coupon_id": record.voucher,
        "customer_id": record.holder,
        "operation_amount": record.amount,
        "operation_time": record.time,
        "result": "-1" if record.failed else "0",
        "remark": record.remark,
    }


def change_row(customer: Customer, change: VoucherChange) -> dict[str, Any]:
    _, detail, direction = change.what
    return {
        "coupon_id": change.voucher.id,
        "trade_detail_type": detail,
        "trade_time": change.time,
        "trade_id": change.order or SOMETHING,
        "change_amount": change.amount,
        "balance_after_change": change.after,
        "revenue_expense_type": direction,
        "bill_cycle": f"{china_day(change.time):%Y-%m}",
        "account_name": customer.name,
    }


def _row(voucher: Voucher) -> dict[str, Any]:
    scopes = [("cloudServiceType", one, "") for one in voucher.services]
    scopes += [("productId", ",".join(voucher.products), "")] if voucher.products else []
    scopes += [(key, *pair) for key, pairs in voucher.limits for pair in pairs]
    return {
        "coupon_id": voucher.id,
        "coupon_type": voucher.kind,
        "customer_id": voucher.holder,
        "face_value": voucher.face,
        "balance": voucher.balance,
        "status": voucher.status,
        "expire_time": voucher.ends,
        "create_time": voucher.created,
        "active_time": voucher.created,
        "order_id": ";".join(voucher.payments) or None,
        "is_frozen": str(int(voucher.frozen)),
        "lock_order_id": voucher.lock,
        "use_limits": [{"limit_key": key, "value1": first, "value2": second} for key, first, second in scopes],
    }


def issued_row(voucher: Voucher) -> dict[str, Any]:
    """As the issuer sees it."""
    return {**_row(voucher), "effective_time": voucher.begins, "last_used_time": voucher.used}


def held_row(rules: Rules, voucher: Voucher) -> dict[str, Any]:
    """As the holder sees it."""
    issuer = rules.world.of(People).partners[voucher.quota.partner].id if voucher.quota else None
    return {**_row(voucher), "valid_time": voucher.begins, "reserve_time": voucher.used, "source_id": issuer}


def card_listing(customer: Customer, state: int, cards: list[Card], fields: dict[str, Any]) -> Listing:
    """The cards of a customer in a state, as it lists them."""
    rows = [
        {
            "card_id": one.id,
            "card_name": one.name,
            "status": state,
            "face_value": one.face,
            "balance": one.balance,
            "effective_time": one.begins,
            "expire_time": one.ends,
        }
        for one in cards
    ]
    asked = {"status": state, **fields}
    key = ("card_id",)
    return Listing(
        customer.role, "ListStoredValueCards", "stored_value_cards", rows, key, "total_count", "effective_time", asked
    )
