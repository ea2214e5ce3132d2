"""How value moves: from a quota to a reseller's quota, to a coupon, into an order, and back.

Whoever calls has checked that the move is allowed. Every move leaves a record.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from mockserver.domain.coupons import (
    COUPON_OF_QUOTA,
    EXPIRED,
    INVALID,
    RECLAIMED,
    TAKEN_BACK,
    USABLE,
    USED,
    Change,
    Coupon,
    CouponRecord,
    IssueRules,
    Quota,
    QuotaRecord,
    Terms,
)
from mockserver.domain.entities import Customer, Partner
from mockserver.domain.sandbox import Sandbox
from mockserver.domain.timeline import Event, on_due

NOTHING = Decimal("0.00")
QUOTA_ISSUED, QUOTA_RECLAIMED = "10", "11"


class Unusable(ValueError):
    """A coupon that cannot be used so; the text says why."""


# Quotas


def grant(
    sandbox: Sandbox,
    partner_id: str,
    kind: int,
    amount: Decimal,
    terms: Terms,
    rules: IssueRules,
    now: datetime,
    parent_id: str | None = None,
) -> Quota:
    """A new quota, which is invalid once it has expired. Source: api-bpconsole/zh-cn_topic_0091566753."""
    quota_id = sandbox.ids.serial("quota", now)
    quota = Quota(quota_id, partner_id, kind, amount, amount, now, now, terms, rules, parent_id)
    sandbox.timeline.plan(terms.expires_on, "quota_expiry", quota_id=quota_id)
    return sandbox.quotas.put(quota_id, quota)


def cut(sandbox: Sandbox, parent: Quota, reseller: Partner, amount: Decimal, operator: str, now: datetime) -> Quota:
    """A reseller's quota, out of its distributor's and on the same terms. Source: api-bpconsole/espp_00002."""
    _add(sandbox, parent.id, -amount, now)
    child = grant(sandbox, reseller.id, parent.kind, amount, parent.terms, parent.rules, now, parent.id)
    _note_quota(sandbox, QUOTA_ISSUED, child, amount, operator, now)
    return child


def take_quota_back(sandbox: Sandbox, quota: Quota, operator: str, now: datetime, remark: str = "") -> Quota:
    """What is left of a reseller's quota returns to the distributor's. Source: api-bpconsole/espp_00005."""
    assert quota.parent_id is not None
    _add(sandbox, quota.parent_id, quota.balance, now)
    _note_quota(sandbox, QUOTA_RECLAIMED, quota, quota.balance, operator, now, remark)
    return sandbox.quotas.put(quota.id, replace(quota, balance=NOTHING, state=TAKEN_BACK, changed_on=now))


def _add(sandbox: Sandbox, quota_id: str | None, amount: Decimal, now: datetime) -> None:
    """Change a quota's balance. What comes back to a quota taken back from a reseller goes on to its distributor; what
    the vendor issued without a quota goes back to the vendor."""
    quota = sandbox.quotas.get(quota_id)
    if quota is None:
        return
    quota = sandbox.quotas.put(quota.id, replace(quota, balance=quota.balance + amount, changed_on=now))
    if quota.state == TAKEN_BACK:
        reseller = sandbox.partners[quota.partner_id]
        take_quota_back(sandbox, quota, sandbox.partners[reseller.distributor_id or ""].name, now)


@on_due("quota_expiry")
def end_quota(sandbox: Sandbox, event: Event) -> None:
    """From its expiry on a quota is invalid; one that was taken back stays so."""
    quota = sandbox.quotas[event.data["quota_id"]]
    if quota.state != TAKEN_BACK:
        sandbox.quotas.put(quota.id, replace(quota, state=INVALID, changed_on=event.due))


# Coupons


def issue(
    sandbox: Sandbox,
    quota: Quota,
    holder: Customer | Partner,
    amount: Decimal,
    terms: Terms,
    now: datetime,
    memo: str = "",
) -> Coupon:
    """A coupon out of a partner's quota. Source: api-bpconsole/mp_02002."""
    _add(sandbox, quota.id, -amount, now)
    own = isinstance(holder, Customer) and holder.partner_id == quota.partner_id
    coupon = Coupon(
        id=coupon_id(sandbox, now),
        holder_id=holder.id,
        kind=COUPON_OF_QUOTA[quota.kind],
        face_value=amount,
        balance=amount,
        created_on=now,
        terms=terms,
        quota_id=quota.id,
        issuer_id=quota.partner_id,
        association=holder.association_type if isinstance(holder, Customer) and own else "",
    )
    return put_out(sandbox, coupon, memo)


def coupon_id(sandbox: Sandbox, now: datetime) -> str:
    return f"CP{sandbox.ids.serial('coupon', now)[2:]}"


def put_out(sandbox: Sandbox, coupon: Coupon, memo: str = "") -> Coupon:
    """Hand a new coupon to its holder; what is left of it at its expiry is cleared."""
    sandbox.timeline.plan(coupon.terms.expires_on, "coupon_expiry", coupon_id=coupon.id)
    _note(sandbox, Change.ISSUE, coupon, coupon.face_value, coupon.created_on, remark=memo)
    return sandbox.coupons.put(coupon.id, coupon)


def use(sandbox: Sandbox, coupon: Coupon, amount: Decimal, order_id: str, now: datetime) -> Coupon:
    """Pay for an order, in part or in whole. The coupon is used when nothing is left of it. Raises `Unusable`."""
    if coupon.status != USABLE or coupon.frozen or coupon.lock_order_id not in ("", order_id):
        raise Unusable(f"coupon {coupon.id} is used up, expired, reclaimed, frozen or held by another order")
    if not coupon.terms.hold_at(now):
        raise Unusable(f"coupon {coupon.id} takes effect only later")
    if amount > coupon.balance:
        raise Unusable(f"coupon {coupon.id} has only {coupon.balance} left")
    rest = coupon.balance - amount
    used = replace(
        coupon,
        balance=rest,
        status=USABLE if rest else USED,
        lock_order_id="",
        used_on=now,
        orders=(*coupon.orders, order_id),
    )
    _note(sandbox, Change.USE, used, amount, now, order_id)
    return sandbox.coupons.put(coupon.id, used)


def give_back(sandbox: Sandbox, coupon: Coupon, amount: Decimal, order_id: str, now: datetime) -> Coupon:
    """Undo a use when the order is unsubscribed. Raises `Unusable`.

    The value of a coupon that has expired or was reclaimed meanwhile goes on to its quota. Source:
    api-bpconsole/mp_02006.
    """
    if amount > (paid := paid_for(sandbox, coupon, order_id)):
        raise Unusable(f"coupon {coupon.id} paid only {paid} for order {order_id}")
    valid = coupon.status in (USABLE, USED) and now < coupon.terms.expires_on
    returned = replace(coupon, balance=coupon.balance + amount, status=USABLE if valid else coupon.status)
    _note(sandbox, Change.GIVING_BACK, returned, amount, now, order_id)
    return sandbox.coupons.put(coupon.id, returned) if valid else _clear(sandbox, returned, Change.UNSUBSCRIPTION, now)


def paid_for(sandbox: Sandbox, coupon: Coupon, order_id: str) -> Decimal:
    """What a coupon has paid for an order, less what was given back."""
    signs = {Change.USE: 1, Change.GIVING_BACK: -1}
    own = [one for one in sandbox.coupon_records if (one.coupon_id, one.order_id) == (coupon.id, order_id)]
    return sum((signs[one.change] * one.amount for one in own), NOTHING)


def take_back(sandbox: Sandbox, coupon: Coupon, change: Change, now: datetime) -> Coupon:
    """What is left of a coupon returns to its quota. Source: api-bpconsole/mp_02004."""
    return _clear(sandbox, replace(coupon, status=RECLAIMED), change, now)


@on_due("coupon_expiry")
def end_coupon(sandbox: Sandbox, event: Event) -> None:
    """What is left of a coupon at its expiry returns to its quota."""
    coupon = sandbox.coupons[event.data["coupon_id"]]
    if coupon.status == USABLE:
        _clear(sandbox, replace(coupon, status=EXPIRED), Change.EXPIRY, event.due)


def _clear(sandbox: Sandbox, coupon: Coupon, change: Change, now: datetime) -> Coupon:
    amount, empty = coupon.balance, replace(coupon, balance=NOTHING, lock_order_id="")
    _add(sandbox, coupon.quota_id, amount, now)
    _note(sandbox, change, empty, amount, now)
    return sandbox.coupons.put(coupon.id, empty)


# Records


def note_failure(
    sandbox: Sandbox, quota: Quota, customer_id: str, amount: Decimal, now: datetime, code: str, memo: str
) -> None:
    """An issue that came to nothing is recorded too. Source: api-bpconsole/mp_02006."""
    record = CouponRecord(
        id=_record_id(sandbox, now),
        change=Change.ISSUE,
        coupon_id="",
        quota_id=quota.id,
        issuer_id=quota.partner_id,
        holder_id=customer_id,
        amount=amount,
        balance_after=NOTHING,
        time=now,
        remark=memo,
        failure=code,
    )
    sandbox.coupon_records.put(record.id, record)


def _note(
    sandbox: Sandbox,
    change: Change,
    coupon: Coupon,
    amount: Decimal,
    now: datetime,
    order_id: str = "",
    remark: str = "",
) -> None:
    record = CouponRecord(
        id=_record_id(sandbox, now),
        change=change,
        coupon_id=coupon.id,
        quota_id=coupon.quota_id,
        issuer_id=coupon.issuer_id,
        holder_id=coupon.holder_id,
        amount=amount,
        balance_after=coupon.balance,
        time=now,
        order_id=order_id,
        remark=remark,
    )
    sandbox.coupon_records.put(record.id, record)


def _record_id(sandbox: Sandbox, now: datetime) -> str:
    return f"CR{sandbox.ids.serial('coupon_record', now)}"


def _note_quota(
    sandbox: Sandbox, operation: str, quota: Quota, amount: Decimal, operator: str, now: datetime, remark: str = ""
) -> None:
    record_id, parent_id = sandbox.ids.serial("quota_record", now), quota.parent_id or ""
    record = QuotaRecord(record_id, operation, quota.id, parent_id, quota.partner_id, amount, operator, now, remark)
    sandbox.quota_records.put(record_id, record)
