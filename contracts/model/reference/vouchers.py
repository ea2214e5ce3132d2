"""Quotas of vouchers, the vouchers issued from them, and what became of either (China site)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from contracts.model.reference.world import NOTHING, World

NORMAL, INVALID, FROZEN, TAKEN_BACK = 0, 3, 5, 6
USABLE, USED, EXPIRED, RECLAIMED = 2, 3, 4, 5
ISSUED, TAKEN, RAN_OUT, GIVEN_UP = "1", "2", "4", "5"
"""Types of an issuer's records: issue, reclaim by hand, expiry, unsubscription."""
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


@dataclass
class Voucher:
    """A voucher of a customer."""

    id: str
    quota: Quota
    holder: str
    face: Decimal
    services: tuple[str, ...]
    begins: datetime
    ends: datetime
    balance: Decimal = NOTHING
    status: int = USABLE
    orders: dict[str, Decimal] = field(default_factory=dict)
    """What it paid for which order, less what was given back."""

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


@dataclass(frozen=True)
class QuotaRecord:
    """One issue or reclaim of a reseller's quota."""

    kind: str
    quota: Quota
    amount: Decimal
    time: datetime


class Vouchers:
    """All quotas and vouchers."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.quotas: list[Quota] = []
        self.vouchers: list[Voucher] = []
        self.records: list[VoucherRecord] = []
        self.quota_records: list[QuotaRecord] = []

    def grant(self, quota: Quota) -> Quota:
        """A new quota; from its end on it is invalid, unless it was taken back."""
        quota.balance = quota.value
        self.quotas.append(quota)
        self._world.plan(quota.ends, lambda: self._end_quota(quota))
        return quota

    def cut(self, parent: Quota, reseller: str, amount: Decimal, quota_id: str) -> Quota:
        """A reseller's quota out of its distributor's, on the same terms."""
        parent.balance -= amount
        child = Quota(
            quota_id, reseller, amount, parent.begins, parent.ends, parent.services, parent.least, parent.most, parent
        )
        self.quota_records.append(QuotaRecord(QUOTA_ISSUED, child, amount, self._world.now))
        return self.grant(child)

    def take_quota_back(self, quota: Quota) -> None:
        """What is left of a reseller's quota returns to its distributor's."""
        self.quota_records.append(QuotaRecord(QUOTA_RECLAIMED, quota, quota.balance, self._world.now))
        assert quota.parent is not None
        quota.parent.balance += quota.balance
        quota.balance, quota.state = NOTHING, TAKEN_BACK

    def _end_quota(self, quota: Quota) -> None:
        if quota.state != TAKEN_BACK:
            quota.state = INVALID

    def issue(self, voucher: Voucher) -> None:
        voucher.balance = voucher.face
        voucher.quota.balance -= voucher.face
        self.vouchers.append(voucher)
        self._note(ISSUED, voucher, voucher.face)
        self._world.plan(voucher.ends, lambda: self._expire(voucher))

    def note_failure(self, quota: Quota, holder: str, amount: Decimal) -> None:
        self.records.append(VoucherRecord(ISSUED, quota, "", holder, amount, self._world.now, failed=True))

    def reclaim(self, voucher: Voucher) -> None:
        voucher.status = RECLAIMED
        self._clear(voucher, TAKEN)

    def use(self, voucher: Voucher, order: str, amount: Decimal) -> None:
        voucher.balance -= amount
        voucher.orders[order] = amount
        if not voucher.balance:
            voucher.status = USED

    def give_back(self, voucher: Voucher, order: str, amount: Decimal) -> None:
        """An unsubscription gives value back: to the voucher, or to its quota where the voucher is over."""
        voucher.orders[order] -= amount
        voucher.balance += amount
        if voucher.status in (USABLE, USED) and self._world.now < voucher.ends:
            voucher.status = USABLE
        else:
            self._clear(voucher, GIVEN_UP)

    def issued(self, quota: Quota) -> list[Voucher]:
        """The vouchers of a quota that count against its bounds."""
        return [one for one in self.vouchers if one.quota is quota and one.status != RECLAIMED]

    def _expire(self, voucher: Voucher) -> None:
        if voucher.status == USABLE:
            voucher.status = EXPIRED
            self._clear(voucher, RAN_OUT)

    def _clear(self, voucher: Voucher, kind: str) -> None:
        """What is left returns to the quota, and from one that was taken back to the distributor's."""
        amount, voucher.balance = voucher.balance, NOTHING
        self._note(kind, voucher, amount)
        voucher.quota.balance += amount
        if voucher.quota.state == TAKEN_BACK:
            self.take_quota_back(voucher.quota)

    def _note(self, kind: str, voucher: Voucher, amount: Decimal) -> None:
        self.records.append(VoucherRecord(kind, voucher.quota, voucher.id, voucher.holder, amount, self._world.now))
