"""What a partner may owe and what a customer may spend: quotas and the right to set budgets (international site)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from contracts.model.machine import Listing, Rules, one_of, picks, step, view
from contracts.model.reference.money import CASH, TOP_UP, Money, Movement
from contracts.model.reference.people import RESOLD, Budget, Customer, People
from contracts.model.reference.world import NOTHING, World
from contracts.model.rules.customers import budget

roles = st.sampled_from(["partner", "distributor"])
cents = st.integers(1, 20000)


@dataclass
class Account:
    """What the vendor says of a partner; the quota is the one that the service begins with."""

    quota: Decimal = Decimal(10000)
    due: Decimal = NOTHING
    coupons: Decimal = NOTHING


class Accounts:
    """Of partners by their roles, and what customers settled monthly may spend and have spent, by their ids."""

    def __init__(self, world: World) -> None:
        self.accounts: dict[str, Account] = {}
        self.spending: dict[str, tuple[Decimal, Decimal]] = {}

    def of(self, role: str) -> Account:
        return self.accounts.setdefault(role, Account())


class Limits(Rules):
    """How much may be spent."""

    sites = ("intl",)

    @step(role=roles, quota=cents, due=cents, coupons=cents)
    def bill(self, role: str, quota: int, due: int, coupons: int) -> None:
        """The vendor bills a partner, gives it coupons and another quota."""
        account = self.world.of(Accounts).of(role)
        account.quota, account.due, account.coupons = (Decimal(one) / 100 for one in (quota, due, coupons))
        said = {"consumption_quota": account.quota, "due_amount": account.due, "coupon_amount": account.coupons}
        self.play.place("partners", name=self.world.of(People).partners[role].name, **said)

    @step(role=roles, drawn=cents)
    def pay_in_as_partner(self, role: str, drawn: int) -> None:
        partner, amount = self.world.of(People).partners[role], Decimal(drawn) / 100
        row = self.play.place("top_ups", account=partner.name, amount=amount)
        self.world.of(Money).write(partner.id, CASH, TOP_UP, amount, Movement(row["id"]))

    @step(pick=picks, drawn=cents)
    def spend(self, pick: int, drawn: int) -> None:
        """Of a budget, which the partner is billed for; who has none cannot."""
        customer, amount = one_of(self.world.of(People).customers, pick), Decimal(drawn) / 100
        if customer.association != RESOLD:
            self.play.refuses("budget_usage", customer=customer.name, amount=amount)
            return
        self.play.place("budget_usage", customer=customer.name, amount=amount)
        self.world.of(People).spend(customer, amount)

    @step(may=st.booleans(), drawn=cents)
    def let_set_budgets(self, may: bool, drawn: int) -> None:
        """A distributor lets its reseller set budgets, or not; on the international site the reseller then tries."""
        reseller = self.world.of(People).partners["reseller"]
        self.play.place("partners", name=reseller.name, may_set_budgets=may)
        reseller.sets_budgets = may
        if self.world.site == "intl":
            budget(self, "reseller", self.world.of(People).customer("shopper"), Budget(Decimal(drawn) / 100))

    @step(pick=picks, granted=st.sampled_from([0, 20000, 12345]), used=st.sampled_from([0, 12200, 30000]))
    def grant_spending(self, pick: int, granted: int, used: int) -> None:
        customer = one_of(self.world.of(People).speakers, pick)
        spending = Decimal(granted) / 100, Decimal(used) / 100
        said = {"granting_amount": spending[0], "granting_amount_used": spending[1]}
        self.play.place("customers", name=customer.name, **said)
        self.world.of(Accounts).spending[customer.id] = spending

    def listings(self) -> Iterator[Listing]:
        for role in ("partner", "distributor"):
            yield view(role, "ShowPartnerConsumptionQuota", _used(self, role))
        for customer in self.world.of(People).speakers:
            if customer.id in self.world.of(Accounts).spending:
                yield view(customer.role, "ShowCustomerExpenditureQuota", _spending(self, customer))


def _used(rules: Rules, role: str) -> dict[str, Any]:
    people, account = rules.world.of(People), rules.world.of(Accounts).of(role)
    cash = rules.world.of(Money).balance(people.partners[role].id)
    unbilled = people.unbilled[role]
    return {
        "consumption_quota": account.quota,
        "amount": cash,
        "coupon_amount": account.coupons,
        "due_amount": account.due,
        "unbilled_amount": unbilled,
        "used_consumption_quota": account.due + unbilled - cash - account.coupons,
        "currency": "USD",
    }


def _spending(rules: Rules, customer: Customer) -> dict[str, Any]:
    """The share has two decimals, and is nothing of nothing. Who is resold to has no such limit."""
    names = ("granting_amount", "granting_amount_used", "percentage_granting_amount_used")
    if customer.association == RESOLD:
        return dict.fromkeys(names)
    granted, used = rules.world.of(Accounts).spending[customer.id]
    share = (used / granted).quantize(Decimal("0.01")) if granted else NOTHING
    return dict(zip(names, (granted, used, share), strict=True))
