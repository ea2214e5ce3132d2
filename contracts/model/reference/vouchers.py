"""Quotas of coupons, the coupons issued from them or given by the vendor, and what became of either."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal

from contracts.model.reference.world import NOTHING, World

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
NORMAL, INVALID, ADJUSTING, FROZEN, TAKEN_BACK = 0, 3, 4, 5, 6
FOR_VOUCHERS, FOR_FLEXI = 0, 1
VOUCHER, DISCOUNT, PRODUCT, FLEXI = 1, 2, 3, 4
"""Kinds of coupons."""
USABLE, USED, EXPIRED, RECLAIMED = 2, 3, 4, 5
ISSUED, TAKEN, PARTED, RAN_OUT, GIVEN_UP, JOINED, SWITCHED = "1", "2", "3", "4", "5", "7", "8"
"""Types of an issuer's records: issue, reclaim by hand, when the holder leaves, expiry, unsubscription, when the holder
gets a partner of its own, when the association changes."""
INCOME, EXPENSE = "REVENUE", "EXPENSE"
ACTIVATED = ("ADJUST", "SOURCE_OPERAIION_PRIZE", INCOME)
SPENT = ("DEDEUCT", "SOURCE_OPERAIION_DEDEUCT", EXPENSE)
RETURNED = ("REFUND", "SOURCE_OPERAIION_UNSUBSCRIBE", INCOME)
CLEARED = ("EXPIRED", "SOURCE_OPERAIION_EXPIRECLEAR", EXPENSE)
CANCELLED = ("COUPONCANCEL", "SOURCE_OPERATION_COUPONCANCEL", EXPENSE)
"""What a holder's statement calls it: the sort, the detail, the direction."""
QUOTA_ISSUED, QUOTA_RECLAIMED = "10", "11"


@dataclass
class Quota:
    """What a partner may issue. `services` are the only ones that its vouchers can pay for, if there are any."""

    id: str
    partner: str
    value: Decimal
    begins: datetime
    ends: datetime
    services: tuple[str, ...] = ()
    least: Decimal | None = None
    most: int | None = None
    parent: Quota | None = None
    balance: Decimal = NOTHING
    state: int = NORMAL
    kind: int = FOR_VOUCHERS
    greatest: Decimal | None = None
    most_value: Decimal | None = None
    receivers: tuple[str, ...] = ()
    """The ids of the only customers that may get coupons; none of them means all."""
    created: datetime = NEVER
    changed: datetime = NEVER


@dataclass
class Voucher:
    """A coupon of a customer or a partner; one of the vendor's has no quota."""

    id: str
    quota: Quota | None
    holder: str
    face: Decimal
    services: tuple[str, ...]
    begins: datetime
    ends: datetime
    balance: Decimal = NOTHING
    status: int = USABLE
    orders: dict[str, Decimal] = field(default_factory=dict)
    """What it paid for which order, less what was given back."""
    kind: int = VOUCHER
    as_own: str = ""
    """The association of its holder with the issuer when it was issued; empty where the issuer was not its partner."""
    created: datetime = NEVER
    used: datetime | None = None
    payments: list[str] = field(default_factory=list)
    """The orders, once for each payment."""
    frozen: bool = False
    lock: str = ""
    """The order that holds it."""
    products: tuple[str, ...] = ()
    limits: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()

    @property
    def is_free(self) -> bool:
        return self.status == USABLE and not self.frozen and not self.lock

    def is_good_at(self, moment: datetime) -> bool:
        return self.status == USABLE and self.begins <= moment < self.ends


@dataclass(frozen=True)
class VoucherRecord:
    """One line of an issuer's records; an issue that came to nothing has no voucher."""

    kind: str
    quota: Quota
    voucher: str
    holder: str
    amount: Decimal
    time: datetime
    failed: bool = False
    remark: str = ""


@dataclass(frozen=True)
class VoucherChange:
    """One line of a holder's statement of its coupons."""

    voucher: Voucher
    what: tuple[str, str, str]
    amount: Decimal
    after: Decimal
    time: datetime
    order: str = ""


@dataclass(frozen=True)
class QuotaRecord:
    """One issue or reclaim of a reseller's quota."""

    kind: str
    quota: Quota
    amount: Decimal
    time: datetime


class Vouchers:
    """All quotas and coupons. Orders are paid with `vouchers`; `others` are coupons of other kinds, and what collectors
    have."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.quotas: list[Quota] = []
        self.vouchers: list[Voucher] = []
        self.others: list[Voucher] = []
        self.records: list[VoucherRecord] = []
        self.changes: list[VoucherChange] = []
        self.quota_records: list[QuotaRecord] = []

    @property
    def coupons(self) -> list[Voucher]:
        return [*self.vouchers, *self.others]

    def grant(self, quota: Quota) -> Quota:
        """A new quota; from its end on it is invalid, unless it was taken back."""
        quota.balance, quota.created, quota.changed = quota.value, self._world.now, self._world.now
        self.quotas.append(quota)
        self._world.plan(quota.ends, lambda: self._end_quota(quota))
        return quota

    def cut(self, parent: Quota, reseller: str, amount: Decimal, quota_id: str) -> Quota:
        """A reseller's quota out of its distributor's, on the same terms."""
        self._add(parent, -amount)
        child = replace(parent, id=quota_id, partner=reseller, value=amount, parent=parent, state=NORMAL)
        self.quota_records.append(QuotaRecord(QUOTA_ISSUED, child, amount, self._world.now))
        return self.grant(child)

    def take_quota_back(self, quota: Quota) -> None:
        """What is left of a reseller's quota returns to its distributor's."""
        self.quota_records.append(QuotaRecord(QUOTA_RECLAIMED, quota, quota.balance, self._world.now))
        assert quota.parent is not None
        self._add(quota.parent, quota.balance)
        quota.balance, quota.state, quota.changed = NOTHING, TAKEN_BACK, self._world.now

    def _add(self, quota: Quota, amount: Decimal) -> None:
        quota.balance += amount
        quota.changed = self._world.now

    def _end_quota(self, quota: Quota) -> None:
        if quota.state != TAKEN_BACK:
            quota.state, quota.changed = INVALID, self._world.now

    def issue(self, voucher: Voucher, remark: str = "", to_collector: bool = False) -> None:
        """Out of its quota, if it has one."""
        voucher.balance, voucher.created = voucher.face, self._world.now
        if voucher.quota is not None:
            self._add(voucher.quota, -voucher.face)
        (self.others if to_collector or voucher.kind != VOUCHER else self.vouchers).append(voucher)
        self._note(ISSUED, voucher, voucher.face, remark)
        self._change(ACTIVATED, voucher, voucher.face)
        self._world.plan(voucher.ends, lambda: self._expire(voucher))

    def note_failure(self, quota: Quota, holder: str, amount: Decimal, remark: str = "") -> None:
        now = self._world.now
        self.records.append(VoucherRecord(ISSUED, quota, "", holder, amount, now, failed=True, remark=remark))

    def reclaim(self, voucher: Voucher, kind: str = TAKEN) -> None:
        voucher.status = RECLAIMED
        self._clear(voucher, kind)

    def reclaim_all(self, holder: str, kind: str, issued_by: Callable[[str], bool]) -> None:
        """All that can still be used of what the partners concerned have issued; the vendor's own stay."""
        for one in self.coupons:
            if one.holder == holder and one.status == USABLE and one.quota and issued_by(one.quota.partner):
                self.reclaim(one, kind)

    def use(self, voucher: Voucher, order: str, amount: Decimal) -> None:
        voucher.balance -= amount
        voucher.orders[order] = voucher.orders.get(order, NOTHING) + amount
        voucher.payments.append(order)
        voucher.used, voucher.lock = self._world.now, ""
        if not voucher.balance:
            voucher.status = USED
        self._change(SPENT, voucher, amount, order)

    def give_back(self, voucher: Voucher, order: str, amount: Decimal) -> None:
        """An unsubscription gives value back: to the voucher, or to its quota where the voucher is over."""
        voucher.orders[order] -= amount
        voucher.balance += amount
        self._change(RETURNED, voucher, amount, order)
        if voucher.status in (USABLE, USED) and self._world.now < voucher.ends:
            voucher.status = USABLE
        else:
            self._clear(voucher, GIVEN_UP)

    def issued(self, quota: Quota) -> list[Voucher]:
        """The vouchers of a quota that count against its bounds."""
        return [one for one in self.coupons if one.quota is quota and one.status != RECLAIMED]

    def _expire(self, voucher: Voucher) -> None:
        if voucher.status == USABLE:
            voucher.status = EXPIRED
            self._clear(voucher, RAN_OUT)

    def _clear(self, voucher: Voucher, kind: str) -> None:
        """What is left returns to the quota, and from one that was taken back to the distributor's."""
        amount, voucher.balance, voucher.lock = voucher.balance, NOTHING, ""
        self._note(kind, voucher, amount)
        self._change(CLEARED if kind == RAN_OUT else CANCELLED, voucher, amount)
        if voucher.quota is not None:
            self._add(voucher.quota, amount)
            if voucher.quota.state == TAKEN_BACK:
                self.take_quota_back(voucher.quota)

    def _note(self, kind: str, voucher: Voucher, amount: Decimal, remark: str = "") -> None:
        """What the vendor gave is in nobody's records."""
        if voucher.quota is not None:
            now = self._world.now
            made = VoucherRecord(kind, voucher.quota, voucher.id, voucher.holder, amount, now, remark=remark)
            self.records.append(made)

    def _change(self, what: tuple[str, str, str], voucher: Voucher, amount: Decimal, order: str = "") -> None:
        self.changes.append(VoucherChange(voucher, what, amount, voucher.balance, self._world.now, order))
