"""Coupons of the vendor itself: of all kinds, used, given back, held, for partners too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from contracts.model.coupon_rows import held_row
from contracts.model.joining import COUPON_KINDS, placed_coupon
from contracts.model.machine import Listing, Rules, compare, one_of, picks, step
from contracts.model.reference.people import PARTNER_PAID, RESOLD, Customer, People
from contracts.model.reference.prices import ECS, EVS
from contracts.model.reference.vouchers import (
    USABLE,
    Voucher,
    Vouchers,
)
from contracts.model.reference.world import CENT, NOTHING
from contracts.model.rules.customers import caller, join

HELD = "ListSubCustomerCoupons"
KINDS = {word: kind for kind, word in COUPON_KINDS.items()}
LIMITS = (("chargeScene", (("1", "1"), ("5", ""))), ("subscribeType", (("new", ""),)))
values = st.integers(1, 5000)
shares = st.sampled_from(["all", "more", "some"])
payers = st.sampled_from(["CS-1", "CS-2"])
"""The orders that pay with coupons."""
has_others = precondition(lambda self: any(one.quota is None for one in self.world.of(Vouchers).others))


class VendorCoupons(Rules):
    """What the vendor gives."""

    @step(
        holder=st.sampled_from(["collector", "collector", "partner", "reseller"]),
        kind=st.sampled_from(sorted(KINDS)),
        drawn=values,
        begins=st.sampled_from([0, 0, 3]),
        days=st.sampled_from([1, 20, 100]),
        only=st.sampled_from([(), (ECS,), (ECS, EVS)]),
        limited=st.booleans(),
    )
    def give_as_vendor(
        self, holder: str, kind: str, drawn: int, begins: int, days: int, only: tuple[str, ...], limited: bool
    ) -> None:
        """A discount coupon says what is left of a price. On the international site there are vouchers only."""
        abroad = self.world.site == "intl"
        kind, holder = ("voucher", holder.replace("reseller", "distributor")) if abroad else (kind, holder)
        who: Any = self._collector() if holder == "collector" else self.world.of(People).partners[holder]
        face = Decimal("0.85") if kind == "discount" else Decimal(drawn) / 100
        start = self.world.now + timedelta(days=begins)
        end, limits = start + timedelta(days=days), LIMITS if limited else ()
        coupon = Voucher("", None, who.id, face, only, start, end, kind=KINDS[kind], limits=limits)
        placed_coupon(self, coupon, who.name)
        self.world.of(Vouchers).issue(coupon, to_collector=True)

    def _collector(self) -> Customer:
        own = [one for one in self.world.of(People).customers if one.collector]
        return (
            own[0]
            if own
            else join(self, "partner", RESOLD if self.world.site == "intl" else PARTNER_PAID, collector=True)
        )

    @has_others
    @step(pick=picks, share=shares, drawn=values, order=payers)
    def use_coupon(self, pick: int, share: str, drawn: int, order: str) -> None:
        """An order is paid with a coupon that is in effect, not frozen, and held by no other order."""
        coupon = _some_other(self, pick)
        amount = _share(coupon.balance, share, drawn)
        said = {"coupon": coupon.id, "amount": amount, "order": order}
        good = coupon.is_good_at(self.world.now) and not coupon.frozen and coupon.lock in ("", order)
        if not good or amount > coupon.balance:
            self.play.refuses("coupon_uses", **said)
        else:
            self.play.place("coupon_uses", **said)
            self.world.of(Vouchers).use(coupon, order, amount)

    @has_others
    @step(pick=picks, share=shares, drawn=values, order=payers)
    def return_coupon(self, pick: int, share: str, drawn: int, order: str) -> None:
        """No more comes back than was paid."""
        coupon = _some_other(self, pick)
        paid = coupon.orders.get(order, NOTHING)
        amount = _share(paid, share, drawn)
        said = {"coupon": coupon.id, "amount": amount, "order": order}
        if amount > paid:
            self.play.refuses("coupon_returns", **said)
        else:
            self.play.place("coupon_returns", **said)
            self.world.of(Vouchers).give_back(coupon, order, amount)

    @has_others
    @step(pick=picks, held=st.booleans(), back=st.booleans())
    def pay_bit_by_bit(self, pick: int, held: bool, back: bool) -> None:
        """Two orders are paid with a cent each, the first perhaps after it held the coupon; it is found by either. Then
        all that is left is used, and perhaps given back."""
        own, coupon = self.world.of(Vouchers), _some_other(self, pick)
        if not coupon.is_good_at(self.world.now) or not coupon.is_free or coupon.balance <= CENT * 2:
            return
        if held:
            self.play.place("coupon_holds", coupon=coupon.id, order="CS-1")
            self.play.refuses("coupon_uses", coupon=coupon.id, amount=CENT, order="CS-2")
        for order, amount in (("CS-1", CENT), ("CS-2", CENT), ("CS-3", coupon.balance - CENT * 2)):
            self.play.place("coupon_uses", coupon=coupon.id, amount=amount, order=order)
            own.use(coupon, order, amount)
        holder = next((one for one in self.world.of(People).speakers if one.id == coupon.holder), None)
        for order in ("CS-1", "CS-2", "CS-4") if holder else ():
            who = holder.role if holder else ""
            paid = [held_row(self, one) for one in own.coupons if one.holder == coupon.holder and order in one.orders]
            fields = {"order_id": order}
            compare(self.play, Listing(who, HELD, "user_coupons", paid, ("coupon_id",), "count", fields=fields))
        if back:
            self.play.place("coupon_returns", coupon=coupon.id, amount=CENT, order="CS-2")
            own.give_back(coupon, "CS-2", CENT)

    @has_others
    @step(pick=picks, frozen=st.booleans(), order=st.sampled_from(["", "CS-1"]))
    def hold_coupon(self, pick: int, frozen: bool, order: str) -> None:
        coupon = _some_other(self, pick)
        said = {"coupon": coupon.id, "frozen": frozen, "order": order}
        if coupon.status != USABLE:
            self.play.refuses("coupon_holds", **said)
        else:
            self.play.place("coupon_holds", **said)
            coupon.frozen, coupon.lock = frozen, order

    def listings(self) -> Iterator[Listing]:
        """A partner sees its own coupons; the China site lists those of customers among the rules of coupons."""
        people, vouchers = self.world.of(People), self.world.of(Vouchers)
        given = {one.holder for one in vouchers.others if one.quota is None}
        holders: list[Any] = list(people.partners.values())
        holders += [one for one in people.speakers if self.world.site == "intl"]
        for one in holders:
            if one.id in given:
                held = [held_row(self, each) for each in vouchers.coupons if each.holder == one.id]
                who, named = caller(self, one.role) if one.role in people.partners else (one.role, {})
                yield Listing(who, HELD, "user_coupons", held, ("coupon_id",), "count", fields=named)


def _some_other(rules: Rules, pick: int) -> Voucher:
    return one_of([one for one in rules.world.of(Vouchers).others if one.quota is None], pick)


def _share(held: Decimal, share: str, drawn: int) -> Decimal:
    found = {"all": held, "more": held + CENT}.get(share)
    return found or min(Decimal(drawn) / 100, held) or CENT
