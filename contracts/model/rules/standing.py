"""What a customer may have: enterprise projects, and on the China site the tag of a new customer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from hypothesis import strategies as st

from contracts.model.comparing import Given, Refused
from contracts.model.machine import Listing, Rules, on, one_of, picks, step
from contracts.model.reference.people import (
    ENTERPRISE,
    INDIVIDUAL,
    VERIFIED,
    Customer,
    People,
    Tag,
)
from contracts.model.reference.world import china_day, months_later
from contracts.model.rules.customers import MOST_GUESTS, caller, join_verified

A_MONTH = timedelta(days=31)
UNDETERMINED = "UNDETERMINED"
kinds = st.sampled_from([INDIVIDUAL, ENTERPRISE, ENTERPRISE])


class Standing(Rules):
    """Who is what."""

    @step(pick=picks)
    def switch_projects_on(self, pick: int) -> None:
        """A verified enterprise helps itself to enterprise projects; nobody else does. Nothing takes them away."""
        _switch_on(self, one_of(self.world.of(People).speakers, pick))

    @step(partner=st.sampled_from(["partner", "reseller"]), kind=kinds, blocked=st.booleans())
    def switch_on_before_a_change(self, partner: str, kind: int, blocked: bool) -> None:
        """Whoever has them keeps them as an individual, and where Multi-Project excludes them."""
        if len(self.world.of(People).guests) >= MOST_GUESTS:
            return
        guest = join_verified(self, partner, kind)
        _switch_on(self, guest)
        items = ["NOT_OPEN_MULTI_PROJECT"] if blocked else []
        self.play.place("customers", name=guest.name, customer_type=INDIVIDUAL, blocked_checks=items)
        guest.kind = INDIVIDUAL
        _switch_on(self, guest)

    @on("cn")
    @step(
        partner=st.sampled_from(["partner", "reseller"]),
        tag=st.sampled_from(["Y", "N", UNDETERMINED]),
        months=st.integers(-1, 1),
        waits=st.booleans(),
    )
    def tag_new_customer(self, partner: str, tag: str, months: int, waits: bool) -> None:
        """A tag is good to the end of its last month."""
        if len(self.world.of(People).guests) >= MOST_GUESTS:
            return
        guest = join_verified(self, partner, INDIVIDUAL)
        month = china_day(self.world.now).replace(day=1)
        begins, ends = (f"{months_later(month, number):%Y-%m}" for number in (-2, months))
        self.play.place("customers", name=guest.name, new_customer_tag=tag, tag_from=begins, tag_until=ends)
        guest.tag = Tag(tag, begins, ends)
        if waits:
            self.pass_time(A_MONTH)

    def listings(self) -> Iterator[Listing]:
        for partner in ("partner", "reseller") if self.world.site == "cn" else ():
            who, named = caller(self, partner)
            tags = [_tagged(self, one) for one in self.world.of(People).of(partner)]
            yield Listing(who, "ListSubCustomerNewTag", "new_customer_tags", tags, ("customer_id",), fields=named)


def _switch_on(rules: Rules, customer: Customer) -> None:
    may = customer.projects or (customer.kind == ENTERPRISE and customer.verified == VERIFIED)
    rules.call(customer.role, "CreateEnterpriseProjectAuth", Given() if may else Refused("CBC.99007004"))
    customer.projects = may


def _tagged(rules: Rules, customer: Customer) -> dict[str, object]:
    if customer.verified != VERIFIED:
        return {"customer_id": customer.id, "new_customer_tag": ""}
    tag = customer.tag
    return {
        "customer_id": customer.id,
        "new_customer_tag": tag.at(rules.world.now) if tag else UNDETERMINED,
        "effective_time": tag.begins if tag else None,
        "expire_time": tag.ends if tag else None,
    }
