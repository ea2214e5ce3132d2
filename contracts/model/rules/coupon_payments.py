"""Orders paid with coupons of every kind: restricted, held, used before, together; and what becomes of the coupons.

Each step has a customer of its own, which nothing else in the sequence is about.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from contracts.model.machine import Rules, on, step
from contracts.model.placing import Goods
from contracts.model.purchases import CASH, HOUR, Grant, Purchase
from contracts.model.reference.prices import (
    ECS,
    EVS,
    MONTH,
    SERVER,
    YEAR,
    disk,
)
from contracts.model.reference.vouchers import DISCOUNT, FLEXI, PRODUCT, VOUCHER
from contracts.model.reference.world import CENT, NOTHING

LIMITS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("chargeScene", (("0", ""),)),
    ("chargeScene", (("1", ""),)),
    ("chargeScene", (("2", ""),)),
    ("chargeScene", (("2", "1/3"),)),
    ("chargeScene", (("1", "1"), ("2", "2"))),
    ("chargeScene", (("5", ""),)),
    ("chargeScene", (("6", ""),)),
    ("chargeScene", (("7", ""),)),
    ("regionCode", (("here", "Here"),)),
    ("regionCode", (("nowhere-1", "Nowhere"),)),
    ("productId", (("first", ""),)),
    ("productId", (("other", ""),)),
    ("subscribeType", (("new", ""),)),
    ("subscribeType", (("renew", ""),)),
    ("firstOrderInService", (("1", ""),)),
    ("firstOrderInService", (("0", ""),)),
    ("minConsumeDiscount", (("0.8", ""),)),
    ("minConsumeDiscount", (("0.9", ""),)),
    ("usageTimes", (("1", ""),)),
    ("usageTimes", (("0", ""),)),
    ("simultaneousUseWithEmpowerDiscount", (("0", ""),)),
    ("simultaneousUseWithContractDiscount", (("0", ""),)),
    ("simultaneousUseWithPromotionDiscount", (("0", ""),)),
    ("simultaneousUseWithContractDiscount", (("1", ""),)),
    ("isRebate", (("1", ""),)),
)
"""`here`, `first` and `other` stand for what is known only when an order is there."""
CONTENTS = {"server": Goods(SERVER), "disk": Goods(disk(30)), "both": Goods(SERVER, attached=(Goods(disk(10)),))}
SINGLE_USE = ("usageTimes", (("1", ""),))

scopes = st.sampled_from([(), (), (), (ECS,), (EVS,), (ECS, EVS)])
faces = st.integers(1, 30000).map(lambda number: Decimal(number) / 100)
states = st.sampled_from(["", "", "", "", "", "own", "used before"])
terms = st.sampled_from([(MONTH, 1), (MONTH, 1), (MONTH, 2), (MONTH, 3), (YEAR, 1), (YEAR, 2)])
ages = st.sampled_from([0, 0, 3, 7, 12])
"""Days after which somebody unsubscribes."""
contents = st.sampled_from(sorted(CONTENTS))
discounts = st.sampled_from(["", "", "commercial", "partner_set", "partner_granted", "promotion"])
limits = st.lists(st.sampled_from(LIMITS), max_size=1).map(tuple)
grants = st.builds(
    Grant,
    st.sampled_from([VOUCHER, VOUCHER, FLEXI, FLEXI, DISCOUNT]),
    faces,
    scopes,
    limits=limits,
    state=states,
    days=st.integers(1, 60),
)
plain = st.builds(Grant, st.sampled_from([VOUCHER, FLEXI, FLEXI, DISCOUNT]), faces, scopes, days=st.integers(1, 60))


class PayingWithCoupons(Rules):
    """What coupons pay, and what they do not."""

    @step(grant=grants, content=contents, term=terms, chosen=discounts, before=st.booleans())
    def pay_with_a_coupon(self, grant: Grant, content: str, term: tuple[int, int], chosen: str, before: bool) -> None:
        """One of any kind, perhaps restricted; by somebody who perhaps has paid for a disk before."""
        purchase = Purchase(self)
        if before:
            purchase.order(CONTENTS["disk"], (MONTH, 1))
            purchase.pay([], "")
        purchase.order(CONTENTS[content], term, chosen == "promotion")
        purchase.pay([grant], chosen)

    @step(chosen=st.lists(plain, min_size=2, max_size=3), content=contents, discount=discounts)
    def pay_with_several(self, chosen: list[Grant], content: str, discount: str) -> None:
        purchase = Purchase(self)
        purchase.order(CONTENTS[content], (MONTH, 1), discount == "promotion")
        purchase.pay(chosen, discount)

    @step(
        kind=st.sampled_from([VOUCHER, FLEXI, DISCOUNT]),
        named=st.sampled_from([0, 300, 301, 302]),
        state=st.sampled_from(["", "held", "held", "frozen", "later", "ended", "used up", "product", "used before"]),
        poor=st.booleans(),
    )
    def pay_wrongly(self, kind: int, named: int, state: str, poor: bool) -> None:
        """Under another type, with what cannot be used now, or without the money that is missing."""
        kind = PRODUCT if state == "product" else kind
        once = (SINGLE_USE,) if state == "used before" else ()
        purchase = Purchase(self, NOTHING if poor else CASH)
        purchase.order(CONTENTS["server"], (MONTH, 1))
        purchase.pay([Grant(kind, limits=once, state="" if state == "product" else state, named=named)], "")

    @step(grant=plain, limit=st.sampled_from(LIMITS), product=st.sampled_from(["", "", "first", "other"]))
    def pay_with_a_limited_coupon(self, grant: Grant, limit: Any, product: str) -> None:
        """One that is for one product, or has one restriction, on an order of two products."""
        purchase = Purchase(self)
        purchase.order(CONTENTS["both"], (MONTH, 2))
        restricted = () if product else (limit,)
        purchase.pay([Grant(grant.kind, grant.face, product=product, limits=restricted)], "")

    @on("cn")
    @step(kind=st.sampled_from([VOUCHER, FLEXI]), face=faces, twice=st.booleans(), days=ages)
    def give_up_what_coupons_paid(self, kind: int, face: Decimal, twice: bool, days: int) -> None:
        """In the first days all comes back, coupons too; later vouchers do not."""
        purchase = Purchase(self)
        purchase.order(CONTENTS["server"], (MONTH, 1))
        paid = purchase.pay([Grant(kind, face), *([Grant(FLEXI, CENT)] if twice else [])], "")
        purchase.give_up(paid, days)

    @on("cn")
    @step(kind=st.sampled_from([0, 0, VOUCHER, FLEXI]), drawn=faces, left=faces, more=st.booleans(), days=ages)
    def pay_with_cards(self, kind: int, drawn: Decimal, left: Decimal, more: bool, days: int) -> None:
        """What coupons leave is paid with cards, as far as they reach; it comes back in part, too."""
        purchase = Purchase(self)
        purchase.order(CONTENTS["server"], (MONTH, 1))
        for face in (drawn, *([Decimal(20)] if more else [])):
            purchase.card(face, min(left, face))
        paid = purchase.pay([Grant(kind, Decimal("7.77"))] if kind else [], "")
        purchase.give_up(paid, days)

    @on("cn")
    @step(
        left=st.sampled_from([0, 5]), begins=st.sampled_from([0, 2]), days=st.sampled_from([1, 30]), late=st.booleans()
    )
    def pay_with_a_bad_card(self, left: int, begins: int, days: int, late: bool) -> None:
        """One that is used up, not yet in effect, or over; or with nothing of that."""
        purchase = Purchase(self)
        purchase.card(Decimal(10), Decimal(left), begins, days)
        if late:
            self.pass_time(24 * HOUR)
        purchase.order(CONTENTS["disk"], (MONTH, 1))
        purchase.pay([], "")

    @on("cn")
    @step(kind=st.sampled_from([VOUCHER, FLEXI]), face=faces, services=scopes, ends=st.booleans())
    def lose_the_rest(self, kind: int, face: Decimal, services: tuple[str, ...], ends: bool) -> None:
        """What an order leaves of a coupon goes back to the partner's quota at its end."""
        purchase = Purchase(self)
        purchase.order(CONTENTS["server"], (MONTH, 1))
        purchase.pay([Grant(kind, face + 50, services, state="from a quota")], "")
        if ends:
            self.pass_time(2 * HOUR)
            purchase.compare_coupons()
