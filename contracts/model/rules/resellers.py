"""A distributor's resellers: who they are, and who may act for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from contracts.model.comparing import Given, Refused
from contracts.model.machine import Listing, Rules, compare, one_of, picks, step
from contracts.model.reference.people import People
from contracts.model.reference.world import World
from contracts.model.rules.statements import bounds, is_between, seconds

ON_BEHALF: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "cn": (
        ("ListPartnerBalances", {}),
        ("ListPartnerAccountChangeRecords", {"balance_type": "BALANCE_TYPE_DEBIT"}),
        ("ListPartnerAdjustRecords", {}),
        ("ListQuotaCoupons", {}),
        ("ListIssuedPartnerCoupons", {}),
        ("ListPartnerCouponsRecord", {}),
        ("ListSubCustomerNewTag", {}),
        ("ListSubCustomers", {}),
    ),
    "intl": (
        ("ListSubCustomers", {}),
        ("ListSubCustomerBudget", {"customer_ids": ["nobody"]}),
        ("ShowSubCustomerBudget", {"customer_id": "nobody"}),
        ("FreezeSubCustomers", {"customer_ids": ["nobody"], "reason": "model"}),
    ),
}
"""What a partner can ask for or do on behalf of a reseller."""


@dataclass
class Reseller:
    """A reseller by its account; `corporation` is the name of the company."""

    id: str
    name: str
    distributor: str
    since: datetime
    corporation: str


class Resellers:
    """Those of the model's distributor, and of another one once there is one."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.joined: list[Reseller] = []
        self.stranger = ""
        """Id of the other distributor."""

    def of(self, distributor: str) -> list[Reseller]:
        first = self._world.of(People).partners["reseller"]
        own = Reseller(first.id, first.name, "distributor", self._world.beginning, first.name)
        return [one for one in (own, *self.joined) if one.distributor == distributor]


class Chain(Rules):
    """Who belongs to whom."""

    @step(own=st.booleans())
    def add_reseller(self, own: bool) -> None:
        """To the distributor, or to another one."""
        resellers, number = self.world.of(Resellers), len(self.world.of(Resellers).joined) + 1
        if number > 3:
            return
        if not own and not resellers.stranger:
            row = self.play.place("partners", name="model-stranger", kind="distributor")
            resellers.stranger = row["id"]
            self.play.name(row["id"], "stranger", counted=False)
        distributor = "distributor" if own else "stranger"
        name, corporation = f"model-agent{number}", f"Company {number}"
        row = self.play.place(
            "partners", name=name, kind="reseller", distributor=f"model-{distributor}", corp_name=corporation
        )
        self.play.name(row["id"], f"agent{number}", counted=False)
        resellers.joined.append(Reseller(row["id"], name, distributor, self.world.now, corporation))

    @step(pick=picks)
    def act_for_a_stranger(self, pick: int) -> None:
        """Not for a reseller of somebody else, nor for a partner that is none."""
        people, resellers = self.world.of(People), self.world.of(Resellers)
        strangers = [one.id for one in resellers.of("stranger")]
        named = one_of([people.partners["partner"].id, people.partners["distributor"].id, *strangers], pick)
        operation, fields = one_of(list(ON_BEHALF[self.world.site]), pick)
        self.call("distributor", operation, Refused("CBC.99000037"), indirect_partner_id=named, **fields)

    @step(pick=picks)
    def name_a_reseller_in_vain(self, pick: int) -> None:
        """A solution provider acts for itself, whomever it names."""
        own = self.world.of(People).of("partner")
        named = one_of(self.world.of(Resellers).of("distributor"), pick).id
        self.call("partner", "ListSubCustomers", Given({"count": len(own)}), indirect_partner_id=named)

    @step(
        text=st.sampled_from(["", "AGENT", "agent", "company"]),
        pick=picks,
        by_id=st.booleans(),
        foreign=st.booleans(),
        after=seconds,
        before=seconds,
    )
    def filter_resellers(
        self, text: str, pick: int, by_id: bool, foreign: bool, after: int | None, before: int | None
    ) -> None:
        """A part of the account's name is enough, in capitals or not; both ends of the time are outside of it."""
        resellers = self.world.of(Resellers)
        own = resellers.of("distributor")
        chosen = one_of([*own, *resellers.of("stranger")] if foreign else own, pick)
        fields: dict[str, Any] = {"account_name": text} if text else {}
        fields |= {"indirect_partner_id": chosen.id} if by_id else {}
        fields |= bounds("associated_on", chosen.since, after, before)
        found = [
            one
            for one in own
            if text.lower() in one.name
            and fields.get("indirect_partner_id") in (None, one.id)
            and is_between(fields, "associated_on", one.since)
        ]
        compare(self.play, _listing(found, fields))

    def listings(self) -> Iterator[Listing]:
        yield _listing(self.world.of(Resellers).of("distributor"), {})


def _listing(resellers: list[Reseller], fields: dict[str, Any]) -> Listing:
    rows = [
        {
            "indirect_partner_id": one.id,
            "account_name": one.name,
            "name": one.corporation,
            "associated_on": one.since,
        }
        for one in resellers
    ]
    key = ("indirect_partner_id",)
    return Listing(
        "distributor", "ListIndirectPartners", "indirect_partners", rows, key, "count", "associated_on", fields
    )
