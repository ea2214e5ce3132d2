"""Stored-value cards: what a customer has, by state (China)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from contracts.model.reference.people import Customer
from contracts.model.reference.world import World

USABLE, USED_UP = 1, 2
WIRE_KIND = 303
"""How a payment calls them."""


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

    def is_good_at(self, moment: datetime) -> bool:
        return self.balance > 0 and self.begins <= moment < self.ends

    def is_shown_at(self, moment: datetime, state: int) -> bool:
        """Whether it is among those of a state. What is over is not shown any more."""
        return (self.balance > 0) == (state == USABLE) and moment < self.ends


class Drawer:
    """All cards."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.cards: list[Card] = []

    def of(self, customer: Customer, state: int) -> list[Card]:
        return [one for one in self.cards if one.holder is customer and one.is_shown_at(self._world.now, state)]
