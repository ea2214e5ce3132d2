"""Who is who: the partners, their customers, the association of a new one, freezes and budgets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from contracts.model.reference.vouchers import JOINED, Vouchers
from contracts.model.reference.world import NOTHING, World, china_day

REFERRAL, PARTNER_PAID, RESOLD = "1", "2", "3"
NOT_VERIFIED, IN_REVIEW, TURNED_DOWN, VERIFIED = -1, 0, 1, 2
UNKNOWN, INDIVIDUAL, ENTERPRISE = -1, 0, 1
"""What a customer is found to be by its authentication."""
ASSOCIATION_DELAY = timedelta(seconds=2)
"""Set by the model itself: no page states how long an association takes."""


@dataclass
class Partner:
    """A partner. `role` is the name under which it calls."""

    role: str
    id: str
    name: str
    platform: str
    distributor: str = ""
    """The role of a reseller's distributor."""
    sets_budgets: bool = True
    """Whether its distributor lets a reseller do so."""


@dataclass(frozen=True)
class BudgetRecord:
    """One setting of a budget by a partner, or its end with the association."""

    customer: str
    partner: str
    amount: Decimal
    kind: str
    time: datetime
    operation: str = "SETTING"


@dataclass
class Budget:
    """What a resold customer may spend; a monthly one begins anew with each month of China time."""

    amount: Decimal = NOTHING
    kind: str = "MONTHLY"
    freezes: bool = False
    used: Decimal = NOTHING
    month: str = ""
    is_set: bool = False
    used_once: bool = False

    def at(self, moment: datetime) -> Budget:
        month = f"{china_day(moment):%Y-%m}"
        if self.kind == "MONTHLY" and self.month != month:
            self.used, self.month = NOTHING, month
        return self


@dataclass(frozen=True)
class Tag:
    """What a customer is called as a new one, from which month to which; months are like 2026-03."""

    name: str
    begins: str
    ends: str

    def at(self, moment: datetime) -> str:
        return self.name if f"{china_day(moment):%Y-%m}" <= self.ends else "N"


@dataclass
class Customer:
    """A customer. `partner` is the role of its partner, empty without an association; `role` is empty for one that the
    model does not call as. `guest`: one that joined on the way, and may leave. `collector`: one that holds all sorts of
    coupons, and orders nothing."""

    id: str
    name: str
    partner: str = ""
    association: str = ""
    since: datetime | None = None
    role: str = ""
    frozen: str | None = None
    budget: Budget = field(default_factory=Budget)
    platform: str = ""
    user: str = ""
    guest: bool = False
    collector: bool = False
    verified: int = NOT_VERIFIED
    kind: int = UNKNOWN
    real_name: str = ""
    label: str = ""
    contact: str = ""
    """The number or the address that it registered with."""
    tag: Tag | None = None
    projects: bool = False


class People:
    """All accounts of the model."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.partners: dict[str, Partner] = {}
        self.customers: list[Customer] = []
        self.budget_records: list[BudgetRecord] = []
        self.unbilled: defaultdict[str, Decimal] = defaultdict(lambda: NOTHING)
        """What a partner owes for its resold customers, by its role."""

    def of(self, partner: str) -> list[Customer]:
        """The customers that are associated with a partner."""
        return [one for one in self.customers if one.partner == partner]

    def customer(self, role: str) -> Customer:
        return next(one for one in self.customers if one.role == role)

    @property
    def callers(self) -> list[Customer]:
        """The customers that trade."""
        return [one for one in self.speakers if not one.guest]

    @property
    def speakers(self) -> list[Customer]:
        """The customers that the model calls as."""
        return [one for one in self.customers if one.role]

    @property
    def names(self) -> dict[str, str]:
        """The account names of all, by their ids."""
        partners = {one.id: one.name for one in self.partners.values()}
        return partners | {one.id: one.name for one in self.customers}

    @property
    def guests(self) -> list[Customer]:
        return [one for one in self.customers if one.guest]

    def add(self, customer: Customer, partner: str, waits: bool) -> None:
        """A new account; its association is made at once where the call waits for it, else a little later."""
        self.customers.append(customer)
        if waits:
            self._associate(customer, partner)
        else:
            self._world.plan(self._world.now + ASSOCIATION_DELAY, lambda: self._associate(customer, partner))

    def _associate(self, customer: Customer, partner: str) -> None:
        customer.partner, customer.since = partner, self._world.now
        customer.association = PARTNER_PAID if self._world.site == "cn" else RESOLD
        # In the reseller model a new account is frozen until its partner lifts that.
        customer.frozen = None if self._world.site == "cn" else "ACCOUNT"
        self._world.of(Vouchers).reclaim_all(customer.id, JOINED, lambda issuer: issuer != partner)

    def set_budget(self, customer: Customer, amount: Decimal, kind: str, automatic: int | None, lifts: bool) -> None:
        """Automatic freezing stays as it is where nothing is said; what is used starts anew with another kind."""
        budget = customer.budget.at(self._world.now)
        if kind != budget.kind:
            budget.kind, budget.used = kind, NOTHING
        budget.amount = amount
        budget.freezes = budget.freezes if automatic is None else automatic == 1
        budget.is_set = True
        customer.frozen = None if lifts else customer.frozen
        self.budget_records.append(BudgetRecord(customer.id, customer.partner, amount, kind, self._world.now))

    def end_budget(self, customer: Customer) -> None:
        """A budget ends with the association, and what is used of it is forgotten even if none was ever set."""
        budget, now = customer.budget, self._world.now
        if budget.is_set or budget.used_once:
            record = BudgetRecord(customer.id, customer.partner, budget.amount, budget.kind, now, "DELETE")
            self.budget_records.append(record)
        customer.budget = Budget()

    def spend(self, customer: Customer, amount: Decimal) -> None:
        """A resold customer spends, or gets back where the amount is negative; a budget is no limit, but beyond it the
        account may be frozen."""
        budget = customer.budget.at(self._world.now)
        budget.used, budget.used_once = max(NOTHING, budget.used + amount), True
        self.unbilled[customer.partner] += amount
        if amount > 0 and budget.freezes and budget.used > budget.amount and customer.frozen is None:
            customer.frozen = "ACCOUNT"
