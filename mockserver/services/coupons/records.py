"""What happened to coupons, as their issuer and as their holder see it."""

from __future__ import annotations

from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.clock import CHINA
from mockserver.domain.coupons import CouponRecord
from mockserver.services.acting import acting_partner, calling_customer, sees
from mockserver.services.coupons.listing import newest_first
from mockserver.services.paging import page
from mockserver.services.periods import between, trade_days
from mockserver.services.registry import serves

SUCCESS, FAILURE = "0", "-1"


@serves("ListPartnerCouponsRecord")
def list_issue_records(call: Call) -> Answer:
    """Each issue of a partner's coupons, and each time one came back, newest first; failed issues too.

    An account manager sees those of his customers. Source: api-bpconsole/mp_02006.
    """
    partner, sent = acting_partner(call), call.parameters
    found = [
        record
        for record in newest_first(call.sandbox.coupon_records)
        if record.issuer_id == partner.id
        and record.change.operation_type
        and _is_shown(call, record)
        and record.change.operation_type in sent.get("operation_types", (record.change.operation_type,))
        and record.coupon_id in sent.get("coupon_ids", (record.coupon_id,))
        and sent.get("quota_id") in (None, record.quota_id)
        and sent.get("quota_type") in (None, _kind(call, record))
        and sent.get("customer_id") in (None, record.holder_id)
        and between(sent, "operation_time", record.time)
        and _has_result(sent.get("result"), record)
    ]
    return {"total_count": len(found), "records": [_issue_row(call, record) for record in page(call, found)]}


@serves("ListCustomerCouponChangeRecords")
def list_change_records(call: Call) -> Answer:
    """What came into the calling customer's coupons and went out of them on the China days asked for, newest first.

    Source: api-oce/mp_02007.
    """
    customer, sent, on_days = calling_customer(call), call.parameters, trade_days(call)
    found = [
        record
        for record in newest_first(call.sandbox.coupon_records)
        if record.holder_id == customer.id
        and not record.failure
        and on_days(record.time)
        and sent.get("revenue_expense_type") in (None, record.change.direction)
        and sent.get("trade_type") in (None, record.change.trade_type)
        and sent.get("trade_id") in (None, _trade_id(record))
        and sent.get("coupon_id") in (None, record.coupon_id)
    ]
    return {
        "total_count": len(found),
        "currency": call.sandbox.currency,
        "records": [_change_row(record, customer.name) for record in page(call, found)],
    }


def _is_shown(call: Call, record: CouponRecord) -> bool:
    """Whether the calling user may see the record: a failed issue may name somebody unknown."""
    customer = call.sandbox.customers.get(record.holder_id)
    return sees(call, customer) if customer else not call.principal.manages_own_customers_only


def _has_result(wanted: str | None, record: CouponRecord) -> bool:
    """Whether the record has the result asked for; any word but the two asks for nothing."""
    return wanted not in (SUCCESS, FAILURE) or wanted == _result(record)


def _result(record: CouponRecord) -> str:
    return FAILURE if record.failure else SUCCESS


def _kind(call: Call, record: CouponRecord) -> int:
    """The kind of the quota; what a partner issued always has one."""
    assert record.quota_id is not None
    return call.sandbox.quotas[record.quota_id].kind


def _trade_id(record: CouponRecord) -> str:
    return record.order_id or record.id


def _issue_row(call: Call, record: CouponRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "operation_type": record.change.operation_type,
        "quota_id": record.quota_id,
        "quota_type": _kind(call, record),
        "coupon_id": record.coupon_id,
        "customer_id": record.holder_id,
        "operation_amount": record.amount,
        "operation_time": record.time,
        "result": _result(record),
        "remark": record.remark,
    }


def _change_row(record: CouponRecord, account_name: str) -> dict[str, Any]:
    return {
        "coupon_id": record.coupon_id,
        "trade_detail_type": record.change.detail_type,
        "trade_time": record.time,
        "trade_id": _trade_id(record),
        "change_amount": record.amount,
        "balance_after_change": record.balance_after,
        "revenue_expense_type": record.change.direction,
        "bill_cycle": f"{record.time.astimezone(CHINA):%Y-%m}",
        "account_name": account_name,
    }
