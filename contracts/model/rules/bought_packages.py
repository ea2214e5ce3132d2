"""Resource packages that are bought: an order provides them, and they are given up like other resources.

Each step has a customer of its own.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from contracts.model.comparing import SOMETHING
from contracts.model.machine import Listing, Rules, compare, step
from contracts.model.placing import Goods
from contracts.model.purchases import Purchase
from contracts.model.reference.prices import MONTH, YEAR, Product
from contracts.model.reference.quotas import ENDED, IN_EFFECT
from contracts.model.reference.world import end_of_term

PACKAGE = Goods(Product("hws.service.type.obs", "hws.resource.type.obs", "obs.package.standard.40gb"))
UNSUBSCRIBED = 4
terms = st.sampled_from([(MONTH, 1), (MONTH, 3), (YEAR, 1)])


class Stocking(Rules):
    """Usage that is bought in advance."""

    @step(term=terms, days=st.sampled_from([None, 0, 3, 7]), waits=st.booleans())
    def buy_package(self, term: tuple[int, int], days: int | None, waits: bool) -> None:
        """Perhaps unsubscribed from after some days, or used to its end."""
        purchase = Purchase(self)
        purchase.order(PACKAGE, term)
        paid = purchase.pay([], "")
        begun = purchase.provided()
        ends = end_of_term(begun, purchase.due.lines[0].months)
        row = {
            "order_instance_id": SOMETHING,
            "order_id": purchase.due.order.id,
            "source_type": 0,
            "status": IN_EFFECT,
            "effective_time": begun,
            "expire_time": ends,
        }
        _compare(self, purchase, row)
        if days is not None:
            purchase.give_up(paid, days)
            _compare(self, purchase, {**row, "status": UNSUBSCRIBED})
        elif waits and term == (MONTH, 1):
            self.pass_time(ends - self.world.now + timedelta(hours=1))
            _compare(self, purchase, {**row, "status": ENDED})


def _compare(rules: Rules, purchase: Purchase, row: dict[str, Any]) -> None:
    who, key = purchase.customer.role, ("order_id",)
    compare(rules.play, Listing(who, "ListFreeResourceInfos", "free_resource_packages", [row], key, "total_count"))
