"""Stored-value cards: what a customer has, by state (China)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from contracts.model.coupon_rows import card_listing
from contracts.model.machine import Listing, Rules, compare, one_of, picks, step
from contracts.model.reference.cards import USABLE, USED_UP, Card, Drawer
from contracts.model.reference.people import People
from contracts.model.reference.world import NOTHING, text_of


class Cards(Rules):
    """Who has which cards. None of them takes effect while the sequence goes on, so that nothing is paid with it."""

    sites = ("cn",)

    @step(
        pick=picks,
        drawn=st.integers(1, 5000),
        left=st.sampled_from(["all", "nothing", "a part"]),
        begins=st.integers(400, 402),
        ends=st.sampled_from([403, 500]),
    )
    def buy_card(self, pick: int, drawn: int, left: str, begins: int, ends: int) -> None:
        customer, face, now = one_of(self.world.of(People).speakers, pick), Decimal(drawn) / 100, self.world.now
        balance = {"all": face, "nothing": NOTHING}.get(left, face / 2 // Decimal("0.01") * Decimal("0.01"))
        # A card that is used up may take effect at once, and be over soon.
        days = (begins, ends) if balance else (begins - 400, ends - 400)
        start, end = (now + timedelta(days=one) for one in days)
        row = self.play.place(
            "stored_value_cards",
            customer=customer.name,
            face_value=face,
            name=f"Card {drawn}",
            validity={"effective": text_of(start), "expires": text_of(end)},
            **({} if left == "all" else {"balance": balance}),
        )
        self.play.name(row["id"], "card")
        self.world.of(Drawer).cards.append(Card(row["id"], f"Card {drawn}", customer, face, balance, start, end))

    @precondition(lambda self: bool(self.world.of(Drawer).cards))
    @step(pick=picks, state=st.sampled_from([USABLE, USED_UP]), foreign=st.booleans())
    def look_for_card(self, pick: int, state: int, foreign: bool) -> None:
        drawer = self.world.of(Drawer)
        card = one_of(drawer.cards, pick)
        customer = self.world.of(People).customer("customer") if foreign else card.holder
        found = [one for one in drawer.of(customer, state) if one is card]
        compare(self.play, card_listing(customer, state, found, {"card_id": card.id}))

    def listings(self) -> Iterator[Listing]:
        drawer = self.world.of(Drawer)
        for customer in self.world.of(People).speakers if drawer.cards else ():
            for state in (USABLE, USED_UP):
                yield card_listing(customer, state, drawer.of(customer, state), {})
