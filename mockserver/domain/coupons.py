"""Coupons, the quotas that they are issued from, and the records of what happened to both. Data only.

The vendor grants a quota to a partner. A distributor cuts quotas for its resellers from it. A partner issues coupons to
customers from it. What is not used comes back the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

VOUCHER_QUOTA, FLEXI_QUOTA = 0, 1
"""Kinds of a quota."""

NORMAL, INVALID, ADJUSTING, FROZEN, TAKEN_BACK = 0, 3, 4, 5, 6
"""States of a quota; the last is of resellers' quotas only."""

VOUCHER, DISCOUNT, PRODUCT, FLEXI = 1, 2, 3, 4
"""Kinds of a coupon."""

USABLE, USED, EXPIRED, RECLAIMED = 2, 3, 4, 5
"""States of a coupon."""

COUPON_OF_QUOTA = {VOUCHER_QUOTA: VOUCHER, FLEXI_QUOTA: FLEXI}


class Change(Enum):
    """What happens to a coupon, as the issuer's and as the holder's records call it."""

    ISSUE = ("1", "ADJUST", "SOURCE_OPERAIION_PRIZE", "REVENUE")
    USE = ("", "DEDEUCT", "SOURCE_OPERAIION_DEDEUCT", "EXPENSE")
    GIVING_BACK = ("", "REFUND", "SOURCE_OPERAIION_UNSUBSCRIBE", "REVENUE")
    RECLAIM = ("2", "COUPONCANCEL", "SOURCE_OPERATION_COUPONCANCEL", "EXPENSE")
    DISSOCIATION = ("3", "COUPONCANCEL", "SOURCE_OPERATION_COUPONCANCEL", "EXPENSE")
    EXPIRY = ("4", "EXPIRED", "SOURCE_OPERAIION_EXPIRECLEAR", "EXPENSE")
    UNSUBSCRIPTION = ("5", "COUPONCANCEL", "SOURCE_OPERATION_COUPONCANCEL", "EXPENSE")
    ASSOCIATION = ("7", "COUPONCANCEL", "SOURCE_OPERATION_COUPONCANCEL", "EXPENSE")
    SWITCH = ("8", "COUPONCANCEL", "SOURCE_OPERATION_COUPONCANCEL", "EXPENSE")

    @property
    def operation_type(self) -> str:
        """In the issuer's records; empty for what they do not show."""
        return self.value[0]

    @property
    def trade_type(self) -> str:
        return self.value[1]

    @property
    def detail_type(self) -> str:
        return self.value[2]

    @property
    def direction(self) -> str:
        return self.value[3]


@dataclass(frozen=True, slots=True)
class Limit:
    """A restriction under its wire name, with pairs of value1 and value2."""

    key: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """When and for what a coupon may be used. Services and products are codes; none of them means all."""

    effective_on: datetime
    expires_on: datetime
    services: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()

    def hold_at(self, moment: datetime) -> bool:
        return self.effective_on <= moment < self.expires_on


@dataclass(frozen=True, slots=True)
class IssueRules:
    """What coupons may be issued from a quota, and to whom."""

    least_face_value: Decimal | None = None
    greatest_face_value: Decimal | None = None
    most_coupons: int | None = None
    most_value: Decimal | None = None
    """Of all face values together."""
    first_association_only: bool = False
    customers: tuple[str, ...] = ()
    """The ids of the only customers that may receive coupons; none means all."""


@dataclass(frozen=True, slots=True)
class Quota:
    """An amount that a partner may issue as coupons. A reseller's names the distributor's that it was cut from."""

    id: str
    partner_id: str
    kind: int
    value: Decimal
    balance: Decimal
    created_on: datetime
    changed_on: datetime
    terms: Terms
    rules: IssueRules
    parent_id: str | None = None
    state: int = NORMAL


@dataclass(frozen=True, slots=True)
class QuotaRecord:
    """A quota cut for a reseller, or taken back from it."""

    id: str
    operation_type: str
    quota_id: str
    parent_quota_id: str
    reseller_id: str
    amount: Decimal
    operator: str
    time: datetime
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Coupon:
    """A coupon in the hands of a customer or a partner. One of the vendor itself has no quota and no issuer."""

    id: str
    holder_id: str
    kind: int
    face_value: Decimal
    balance: Decimal
    created_on: datetime
    terms: Terms
    quota_id: str | None = None
    issuer_id: str | None = None
    association: str = ""
    """Type of the holder's association with the issuer when it got the coupon; empty without one."""
    status: int = USABLE
    frozen: bool = False
    lock_order_id: str = ""
    group: int = 0
    """1 of the marketplace, 2 a special voucher, 3 for hardware only; 0 any other."""
    used_on: datetime | None = None
    orders: tuple[str, ...] = ()
    """Ids of the orders it paid for, one entry for each deduction."""

    @property
    def is_usable(self) -> bool:
        """Whether anything is left of it, and it is not frozen."""
        return self.status == USABLE and not self.frozen

    @property
    def is_free(self) -> bool:
        """Whether it is usable, and not held by an order."""
        return self.is_usable and not self.lock_order_id


@dataclass(frozen=True, slots=True)
class CouponRecord:
    """One thing that happened to a coupon, or an issue that failed, which has no coupon."""

    id: str
    change: Change
    coupon_id: str
    quota_id: str | None
    issuer_id: str | None
    holder_id: str
    amount: Decimal
    balance_after: Decimal
    time: datetime
    order_id: str = ""
    remark: str = ""
    failure: str = ""
    """Code of an issue that failed."""


@dataclass(frozen=True, slots=True)
class StoredValueCard:
    """A prepaid card of a customer."""

    id: str
    customer_id: str
    name: str
    face_value: Decimal
    balance: Decimal
    effective_on: datetime
    expires_on: datetime

    def is_usable_at(self, moment: datetime) -> bool:
        return self.balance > 0 and self.effective_on <= moment < self.expires_on
