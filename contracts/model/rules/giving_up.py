"""Giving resources up: unsubscribed with what comes back, made pay-per-use at once or at their expiry."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from contracts.model.comparing import Given, InAnyOrder, Refused
from contracts.model.doing import convert_at_expiry, convert_now, give_up, renew
from contracts.model.machine import Rules, on, one_of, picks, step
from contracts.model.reference.orders import UNSUBSCRIPTION, Orders
from contracts.model.reference.prices import MONTH
from contracts.model.reference.rows import refund_rows
from contracts.model.rules.customers import caller
from contracts.model.rules.orders import pass_processing, somebody_else, waits
from contracts.model.rules.resources import has_resources, some_resource

FREE = timedelta(days=5)
ages = st.sampled_from([None, None, FREE - timedelta(hours=12), FREE, FREE + timedelta(seconds=1)])
"""How old a resource is at least when it is given up."""


class Leaving(Rules):
    """How resources end before their time."""

    @has_resources
    @step(
        pick=picks,
        kind=st.sampled_from([1, 2]),
        age=ages,
        renewed=st.booleans(),
        waits=waits,
    )
    def unsubscribe_one(self, pick: int, kind: int, age: timedelta | None, renewed: bool, waits: bool) -> None:
        """Type 1 ends the resource, type 2 takes back only the terms that have not begun. At some ages, as the first
        days cost nothing in China."""
        one = some_resource(self, pick)
        if age is not None:
            self.pass_time(one.created + age - self.world.now)
        if renewed:
            renew(self, one.customer, [one], (MONTH, 1), True)
            pass_processing(self, True)
        give_up(self, one.customer, [one], kind == 2)
        pass_processing(self, waits)

    @step(pick=picks, seen_by=st.sampled_from(["customer", "partner", "somebody else", "another partner", "nobody"]))
    def show_refunds(self, pick: int, seen_by: str) -> None:
        """By original order and type of resource; a partner has to name its customer."""
        orders = self.world.of(Orders).orders
        own = [one for one in orders if one.kind == UNSUBSCRIPTION]
        if not orders:
            return
        order = one_of([*own, *own, *own, *orders], pick)
        rows = refund_rows(self.world, order)
        code = "" if order.kind == UNSUBSCRIPTION else "CBC.99005026"
        who, said = caller(self, order.customer.partner)
        said = {**said, "customer_id": order.customer.id}
        if seen_by in ("customer", "somebody else"):
            caller_of = order.customer if seen_by == "customer" else somebody_else(self, order.customer)
            who, said, code = caller_of.role, {}, code if seen_by == "customer" else "CBC.30000010"
        elif seen_by == "another partner":
            who, code = "partner" if who == "distributor" else "distributor", "CBC.0151"
            said.pop("indirect_partner_id", None)
        elif seen_by == "nobody":
            code = "CBC.0100"
            del said["customer_id"]
        foretold = Refused(code) if code else Given({"total_count": len(rows), "refund_infos": InAnyOrder(rows)})
        self.call(who, "ShowRefundOrderDetails", foretold, order_id=order.id, **said)

    @has_resources
    @step(pick=picks, sets=st.booleans())
    def change_at_expiry(self, pick: int, sets: bool) -> None:
        one = some_resource(self, pick)
        convert_at_expiry(self, one.customer, [one], sets)

    @on("cn")
    @has_resources
    @step(pick=picks, waits=waits)
    def change_now(self, pick: int, waits: bool) -> None:
        one = some_resource(self, pick)
        convert_now(self, one.customer, [one])
        pass_processing(self, waits)
