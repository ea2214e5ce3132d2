"""Customers: created and associated a little later, listed and filtered; abroad frozen and given budgets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from contracts.model.comparing import SOMETHING, Given, Refused
from contracts.model.joining import placed
from contracts.model.machine import Listing, Rules, on, one_of, picks, step
from contracts.model.reference.people import PARTNER_PAID, REFERRAL, RESOLD, VERIFIED, Budget, Customer, People

names = st.sampled_from(["model-acme", "model-bolt", "model-coil", "model-shopper"])
"""The last one is taken."""
users = st.sampled_from(["u1", "u2", "u3"])
acting = st.sampled_from(["partner", "reseller", "distributor"])
"""For whom a partner acts: itself, its reseller, or a distributor that names none."""
MOST_GUESTS = 4
kinds = st.sampled_from(["ACCOUNT", "ACCOUNT_AND_RESOURCE"])


def caller(rules: Rules, partner: str) -> tuple[str, dict[str, Any]]:
    """Who calls on behalf of a partner, and what it says: a reseller's distributor names it."""
    of = rules.world.of(People).partners[partner]
    return (of.distributor, {"indirect_partner_id": of.id}) if of.distributor else (partner, {})


def join(rules: Rules, partner: str, association: str, *, collector: bool = False) -> Customer:
    """One customer more, that may leave again."""
    people = rules.world.of(People)
    role = f"guest{len(people.guests) + 1}"
    one = replace(placed(rules, role, partner, association), guest=True, collector=collector)
    people.customers.append(one)
    return one


def join_verified(rules: Rules, partner: str, kind: int) -> Customer:
    """One customer more, that the partner pays for or resells to, authenticated as a person or an enterprise."""
    guest = join(rules, partner, RESOLD if rules.world.site == "intl" else PARTNER_PAID)
    said = {"verified_status": VERIFIED, "customer_type": kind, "realname": "A Person"}
    rules.play.place("customers", name=guest.name, **said)
    guest.verified, guest.kind, guest.real_name = VERIFIED, kind, "A Person"
    return guest


def some_customer(rules: Rules, acting: str, pick: int) -> Customer:
    """A customer, mostly one of those for whose partner the call is."""
    people = rules.world.of(People)
    return one_of([*people.of(acting), *people.of(acting), *people.customers], pick)


def budget(
    rules: Rules, acting: str, one: Customer, wished: Budget, automatic: int | None = None, lifts: bool = False
) -> None:
    """A partner limits what a customer may spend, as far as its distributor lets it."""
    people = rules.world.of(People)
    who, named = caller(rules, acting)
    fault = _fault(one, acting)
    codes = [code for code in (fault, "" if people.partners[acting].sets_budgets else "CBC.5004") if code]
    said = {} if automatic is None else {"frozen_operate_type": automatic}
    rules.call(
        who,
        "UpdateSubCustomerBudget",
        Refused(*codes) if codes else Given(),
        customer_id=one.id,
        budget_amount=wished.amount,
        budget_type=wished.kind,
        cancel_partner_frozen=str(int(lifts)),
        **said,
        **named,
    )
    if not codes:
        people.set_budget(one, wished.amount, wished.kind, automatic, lifts)


class Customers(Rules):
    """Who is whose customer."""

    @step(acting=acting, name=names, user=users, waits=st.booleans())
    def create_customer(self, acting: str, name: str, user: str, waits: bool) -> None:
        people = self.world.of(People)
        who, named = caller(self, acting)
        platform = people.partners[who].platform
        fields = {"xaccount_id": user, "xaccount_type": platform, "domain_name": name, **named}
        codes = []
        if acting == "distributor":
            codes.append("CBC.50010059")
        if any(one.name == name for one in people.customers):
            codes.append("CBC.99000038")
        if any((one.platform, one.user) == (platform, user) for one in people.customers):
            codes.append("CBC.99000039")
        answer = self.call(
            who,
            "CreateSubCustomer",
            Refused(*codes) if codes else Given({"domain_id": SOMETHING, "domain_name": name}),
            domain_area="CN" if self.world.site == "cn" else "SG",
            include_association_result=waits,
            **fields,
        )
        if not codes:
            self.play.name(answer["domain_id"], name.removeprefix("model-"), counted=False)
            people.add(Customer(answer["domain_id"], name, platform=platform, user=user), acting, waits)

    @step(name=names)
    def check_name(self, name: str) -> None:
        taken = any(one.name == name for one in self.world.of(People).customers)
        verdict = {"check_result": "used_by_user" if taken else "available"}
        self.call("partner", "CheckUserIdentity", Given(verdict), search_type="name", search_value=name)

    @step(text=st.sampled_from(["o", "acme", "MODEL", "shop"]), association=st.integers(0, 2))
    def filter_customers(self, text: str, association: int) -> None:
        """A part of the name is enough, in capitals or not."""
        chosen = ("", REFERRAL, PARTNER_PAID if self.world.site == "cn" else RESOLD)[association]
        fields = {"account_name": text, **({"association_type": chosen} if chosen else {})}
        found = [
            one
            for one in self.world.of(People).of("partner")
            if text.lower() in one.name and chosen in ("", one.association)
        ]
        self.call("partner", "ListSubCustomers", Given({"count": len(found)}), **fields)

    @step(pick=picks, later=st.booleans())
    def filter_by_time(self, pick: int, later: bool) -> None:
        """Both ends of the range are outside of it."""
        own = self.world.of(People).of("partner")
        since = one_of(own, pick).since
        assert since is not None, "it is associated"
        found = [one for one in own if one.since and (one.since > since if later else one.since < since)]
        name = "associated_on_begin" if later else "associated_on_end"
        self.call("partner", "ListSubCustomers", Given({"count": len(found)}), **{name: since})

    @on("intl")
    @step(acting=acting, chosen=st.lists(picks, min_size=1, max_size=2, unique=True), kind=kinds)
    def freeze(self, acting: str, chosen: list[int], kind: str) -> None:
        for one in _change(self, "FreezeSubCustomers", acting, chosen, "freeze_type", kind):
            one.frozen = kind

    @on("intl")
    @step(acting=acting, chosen=st.lists(picks, min_size=1, max_size=2, unique=True), kind=kinds)
    def unfreeze(self, acting: str, chosen: list[int], kind: str) -> None:
        for one in _change(self, "UnfreezeSubCustomers", acting, chosen, "unfreeze_type", kind):
            one.frozen = None

    @on("intl")
    @step(
        acting=acting,
        pick=picks,
        amount=st.integers(1, 20000),
        kind=st.sampled_from(["MONTHLY", "PACKAGE"]),
        automatic=st.sampled_from([None, 0, 1]),
        lifts=st.booleans(),
    )
    def set_budget(self, acting: str, pick: int, amount: int, kind: str, automatic: int | None, lifts: bool) -> None:
        one = some_customer(self, acting, pick)
        budget(self, acting, one, Budget(Decimal(amount) / 100, kind), automatic, lifts)

    @on("intl")
    @step(acting=acting, pick=picks)
    def show_budget(self, acting: str, pick: int) -> None:
        one = some_customer(self, acting, pick)
        who, named = caller(self, acting)
        fault = _fault(one, acting)
        given = Given(_shown(one.budget.at(self.world.now)))
        self.call(who, "ShowSubCustomerBudget", Refused(fault) if fault else given, customer_id=one.id, **named)

    def listings(self) -> Iterator[Listing]:
        for partner in ("partner", "reseller"):
            own = self.world.of(People).of(partner)
            who, named = caller(self, partner)
            yield Listing(
                who, "ListSubCustomers", "customer_infos", [_row(self, one) for one in own], ("customer_id",), "count",
                "associated_on", named,
            )  # fmt: skip
            if self.world.site == "intl":
                yield from _budgets(self, partner)


def _change(rules: Rules, operation: str, acting: str, chosen: list[int], field: str, kind: str) -> list[Customer]:
    """Freeze customers or lift that; those that fail are reported, those that did not are answered."""
    named = list({one.id: one for one in (some_customer(rules, acting, pick) for pick in chosen)}.values())
    faults = {one.id: _fault(one, acting) for one in named}
    if operation.startswith("Un"):
        for one in named:
            if not faults[one.id] and one.frozen not in (None, kind):
                faults[one.id] = "CBC.0999"
    who, said = caller(rules, acting)
    details = [{"id": one, "error_code": code} for one, code in faults.items() if code]
    ids = [one.id for one in named]
    foretold = Given({"error_details": details})
    rules.call(who, operation, foretold, customer_ids=ids, reason="model", **{field: kind}, **said)
    return [one for one in named if not faults[one.id]]


def _fault(customer: Customer, partner: str) -> str:
    """Why a partner has no say over a customer's freeze and budget; empty if it has."""
    if customer.partner != partner:
        return "CBC.5004"
    return "" if customer.association == RESOLD else "CBC.5024"


def _row(rules: Rules, customer: Customer) -> dict[str, Any]:
    return {
        "customer_id": customer.id,
        "account_name": customer.name,
        "customer": customer.real_name or None,
        "association_type": customer.association,
        "associated_on": customer.since,
        "is_frozen": 0 if customer.frozen is None else 1,
        "verified_status": str(customer.verified),
        "customer_type": customer.kind,
        "xaccount_id": customer.user,
        "xaccount_type": customer.platform,
        "label": customer.label or None,
        "telephone" if rules.world.site == "cn" else "email": customer.contact or None,
    }


def _shown(budget: Budget) -> dict[str, Any]:
    return {"budget_amount": budget.amount, "used_amount": budget.used, "budget_type": budget.kind}


def _budgets(rules: Rules, partner: str) -> Iterator[Listing]:
    people = rules.world.of(People)
    who, named = caller(rules, partner)
    ids = [one.id for one in people.customers]
    resold = [one for one in people.of(partner) if one.association == RESOLD]
    rows = [{"customer_id": one.id, **_shown(one.budget.at(rules.world.now))} for one in resold]
    yield Listing(
        who, "ListSubCustomerBudget", "budget_infos", rows, ("customer_id",),
        fields={"customer_ids": ids, **named}, pages=False,
    )  # fmt: skip
    kept = {record.customer for record in people.budget_records if record.partner == partner}
    for one in people.customers:
        if one not in resold and one.id not in kept:
            continue
        made = [
            {
                "budget_amount": record.amount,
                "budget_type": record.kind,
                "operation_type": record.operation,
                "operation_time": record.time,
                "operator": people.partners[who].name if record.operation == "SETTING" else "system",
                "partner_account_name": people.partners[partner].name,
            }
            for record in people.budget_records
            if (record.customer, record.partner) == (one.id, partner)
        ]
        yield Listing(
            who, "ListSubCustomerBudgetRecords", "record_list", made,
            ("budget_amount", "budget_type", "operation_type"), "total_count", "operation_time",
            {"customer_id": one.id, **named},
        )  # fmt: skip
