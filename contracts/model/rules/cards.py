"""Stored-value cards: what a customer has, by state (China)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from contracts.model.machine import Listing, Rules, compare, one_of, picks, step
from contracts.model.reference.people import Customer, People
from contracts.model.reference.world import NOTHING, World, text_of

USABLE, USED_UP = 1, 2


@dataclass
class Card:
    """A card that a customer bought."""

    id: str
    name: str
    holder: Customer
    face: Decimal
    balance: Decimal
    begins: datetime
    ends: datetime


class Drawer:
    """All cards."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.cards: list[Card] = []

    def of(self, customer: Customer, state: int) -> list[Card]:
        """What is over is not shown any more."""
        return [
            one
            for one in self.cards
            if one.holder is customer and (one.balance > 0) == (state == USABLE) and self._world.now < one.ends
        ]


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
        compare(self.play, _listing(customer, state, found, {"card_id": card.id}))

    def listings(self) -> Iterator[Listing]:
        drawer = self.world.of(Drawer)
        for customer in self.world.of(People).speakers if drawer.cards else ():
            for state in (USABLE, USED_UP):
                yield _listing(customer, state, drawer.of(customer, state), {})


def _listing(customer: Customer, state: int, cards: list[Card], fields: dict[str, Any]) -> Listing:
    rows = [
        {
            "card_id": one.id,
            "card_name": one.name,
            "status": state,
            "face_value": one.face,
            "balance": one.balance,
            "effective_time": one.begins,
            "expire_time": one.ends,
        }
        for one in cards
    ]
    asked = {"status": state, **fields}
    key = ("card_id",)
    return Listing(
        customer.role, "ListStoredValueCards", "stored_value_cards", rows, key, "total_count", "effective_time", asked
    )
