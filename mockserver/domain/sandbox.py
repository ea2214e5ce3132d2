"""A sandbox: one isolated universe with its accounts, state, money, clock and ids."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from mockserver.domain.clock import Clock, parse_instant
from mockserver.domain.coupons import Coupon, CouponRecord, Quota, QuotaRecord, StoredValueCard
from mockserver.domain.discounts import Discount, IncentivePolicy
from mockserver.domain.entities import (
    AccessKey,
    Budget,
    BudgetRecord,
    Customer,
    Partner,
    QrCode,
    RealName,
    Token,
    User,
    VerificationCode,
)
from mockserver.domain.ids import Ids, digest, letters
from mockserver.domain.ledger import Ledger
from mockserver.domain.orders import Order
from mockserver.domain.packages import Deduction, Package
from mockserver.domain.principal import Principal
from mockserver.domain.resources import RenewalSettings, Resource
from mockserver.domain.settings import DEFAULTS
from mockserver.domain.table import Log, State, Table
from mockserver.domain.timeline import Timeline
from mockserver.domain.usage import OnDemandResource, UsageCharge

Snapshot = tuple[Any, Any]


class Sandbox:
    """One universe. `number` tells sandboxes of one server apart and is part of every credential; `seed` alone decides
    the ids of what happens inside, so equal seeds and equal calls give equal answers."""

    def __init__(
        self,
        number: int,
        site: str = "cn",
        seed: int = 0,
        fixture: str = "demo",
        *,
        wall: datetime,
        clock: str = "real",
    ) -> None:
        self.number = number
        self.id = "default" if number == 0 else f"sb{number:06d}"
        self.site = site
        self.seed = seed
        self.fixture = fixture
        self.lock = threading.RLock()
        self.clock = Clock(wall, None if clock == "real" else parse_instant(clock))
        self.state = State()
        self.ids = Ids(self.state, seed)
        self.timeline = Timeline(self.state, self.ids)
        self.ledger = Ledger(self.state, self.ids)
        self.partners: Table[Partner] = self.state.table("partners")
        self.customers: Table[Customer] = self.state.table("customers")
        self.users: Table[User] = self.state.table("users")
        self.access_keys: Table[AccessKey] = self.state.table("access_keys")
        self.tokens: Table[Token] = self.state.table("tokens")
        self.verification_codes: Table[VerificationCode] = self.state.table("verification_codes")
        self.realnames: Table[RealName] = self.state.table("realnames")
        self.qr_codes: Table[QrCode] = self.state.table("qr_codes")
        self.budgets: Table[Budget] = self.state.table("budgets")
        self.budget_records: Table[BudgetRecord] = self.state.table("budget_records")
        self.quotas: Table[Quota] = self.state.table("quotas")
        self.quota_records: Table[QuotaRecord] = self.state.table("quota_records")
        self.coupons: Table[Coupon] = self.state.table("coupons")
        self.coupon_records: Table[CouponRecord] = self.state.table("coupon_records")
        self.stored_value_cards: Table[StoredValueCard] = self.state.table("stored_value_cards")
        self.discounts: Table[Discount] = self.state.table("discounts")
        self.incentive_policies: Table[IncentivePolicy] = self.state.table("incentive_policies")
        self.orders: Table[Order] = self.state.table("orders")
        self.resources: Table[Resource] = self.state.table("resources")
        self.renewal_settings: Table[RenewalSettings] = self.state.table("renewal_settings")
        self.packages: Table[Package] = self.state.table("packages")
        self.deductions: Table[Deduction] = self.state.table("deductions")
        self.on_demand_resources: Table[OnDemandResource] = self.state.table("on_demand_resources")
        self.usage_charges: Table[UsageCharge] = self.state.table("usage_charges")
        self.settlements: Table[str] = self.state.table("settlements")
        self.faults: Table[Any] = self.state.table("faults")
        self._names: Table[str] = self.state.table("account_names")
        self._settings: Table[Any] = self.state.table("settings")
        self._credentials: Table[str] = self.state.table("credential_names")
        self._snapshots: dict[str, Snapshot] = {}
        self.failed_signatures: dict[str, tuple[int, datetime | None]] = {}
        """Consecutive failures of an access key and the end of its lock: the gateway's memory, not state."""
        self.calls = 0
        """Calls answered since the start, which number the request ids."""

    @property
    def now(self) -> datetime:
        return self.clock.now

    @property
    def currency(self) -> str:
        return "CNY" if self.site == "cn" else "USD"

    def setting(self, name: str) -> Any:
        """A value of `mockserver.domain.settings`, as placed or by default."""
        placed = self._settings.get(name)
        return DEFAULTS[name].value if placed is None else placed

    def set(self, name: str, value: Any) -> None:
        self._settings.put(name, value)

    @contextmanager
    def transaction(self) -> Iterator[Log]:
        """All or nothing: what the block changes is kept only if it ends."""
        with self.state.transaction() as changes:
            yield changes

    def tick(self, wall: datetime) -> None:
        """Hear the real time, and let happen what is due by now."""
        self.clock.tick(wall)
        self._run_due(self.now)

    def move_to(self, moment: datetime) -> int:
        """Move the clock forward, running what falls due at its own time and in order. Answers how many events ran."""
        self.clock.check(moment)
        return self._run_due(moment)

    def _run_due(self, moment: datetime) -> int:
        ran = 0
        while (event := self.timeline.next_due(moment)) is not None:
            if event.due > self.now:
                self.clock.move_to(event.due)
            with self.transaction():
                self.timeline.carry_out(self, event)
            ran += 1
        if moment > self.now:
            self.clock.move_to(moment)
        return ran

    # Accounts and credentials

    def add_partner(self, partner: Partner) -> Partner:
        self._names.put(partner.name, partner.id)
        return self.partners.put(partner.id, partner)

    def add_customer(self, customer: Customer) -> Customer:
        self._names.put(customer.name, customer.id)
        return self.customers.put(customer.id, customer)

    def account_named(self, name: str) -> Partner | Customer | None:
        account_id = self._names.get(name)
        return self.partners.get(account_id) or self.customers.get(account_id)

    def add_user(self, user: User) -> User:
        self._names.put(f"{user.account_id}/{user.name}", user.id)
        return self.users.put(user.id, user)

    def user_named(self, account_id: str, name: str) -> User | None:
        return self.users.get(self._names.get(f"{account_id}/{name}"))

    def main_user(self, account_id: str) -> User:
        account = self.partners.get(account_id) or self.customers[account_id]
        user = self.user_named(account_id, account.name)
        if user is None:
            raise KeyError(account_id)
        return user

    def add_access_key(self, user: User, name: str | None = None) -> AccessKey:
        """An AK/SK pair for `user`, published under `name` if one is given. The pair depends on the sandbox's number,
        so that equal worlds in one server keep different keys."""
        index = self.ids.count("access_key")
        ak = f"MOCK{self.number:06d}{index:010d}"
        key = AccessKey(ak, letters(40, "secret", self.number, ak), user.id)
        if name is not None:
            self._credentials.put(name, ak)
        return self.access_keys.put(ak, key)

    def password_for(self, name: str) -> str:
        """The password of a fixture's login: its own in every sandbox, which tells sandboxes apart at sign-in."""
        return f"Mock-{digest('password', self.number, name, size=6)}"

    @property
    def credential_names(self) -> list[str]:
        return list(self._credentials.keys())

    def credentials(self) -> dict[str, dict[str, str]]:
        """The named credentials, as the control API publishes them."""
        return {name: self.credential(self.access_keys[self._credentials[name]]) for name in self.credential_names}

    def credential(self, key: AccessKey) -> dict[str, str]:
        """Everything a client needs to call as the key's user."""
        principal = self.principal(self.users[key.user_id])
        account = principal.partner or principal.customer
        return {
            "kind": principal.role,
            "ak": key.ak,
            "sk": key.sk,
            "domain_id": principal.account_id,
            "domain_name": principal.account_name,
            "user_name": principal.user.name,
            "password": principal.user.password,
            "xaccount_type": account.xaccount_type if account else "",
        }

    def principal(self, user: User, assumed_by: str | None = None) -> Principal:
        return Principal(user, self.partners.get(user.account_id), self.customers.get(user.account_id), assumed_by)

    def change_user(self, user: User, **changes: Any) -> User:
        """Change a login; tokens issued before are void from now on."""
        return self.users.put(user.id, replace(user, revision=user.revision + 1, **changes))

    # Snapshots

    def settle(self) -> None:
        """Take the present state as the one that `reset` comes back to."""
        self.state.settle()
        self._start = self._saved()

    def reset(self) -> None:
        """Back to the fixture's start. Snapshots stay."""
        self._load(self._start)
        self.calls = 0

    def snapshot(self, name: str) -> None:
        self._snapshots[name] = self._saved()

    def restore(self, name: str) -> None:
        """Raises `KeyError` for a name never saved."""
        self._load(self._snapshots[name])

    @property
    def snapshot_names(self) -> list[str]:
        return list(self._snapshots)

    def _saved(self) -> Snapshot:
        return self.state.snapshot(), self.clock.saved()

    def _load(self, saved: Snapshot) -> None:
        state, clock = saved
        self.state.restore(state)
        self.clock.load(clock)
        self.failed_signatures.clear()
