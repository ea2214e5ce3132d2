"""The books of partners and customers, and what was written into them (China site)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from contracts.model.reference.people import PARTNER_PAID, RESOLD, Customer, People
from contracts.model.reference.world import NOTHING, World

CASH, CREDIT, ALLOCATED, LOCKED = "cash", "credit", "allocated", "locked"
"""The last is what a change of the association shut in: it can only be withdrawn."""
TOP_UP, CREDIT_LINE = "SOURCE_OPERAIION_RECHARGE", "SOURCE_OPERAIION_ADJUST_CREDIT"
ALLOCATION, RECLAIM = "SOURCE_OPERATION_BEADJUST", "SOURCE_OPERATION_BERETRIEVE"
USAGE, WITHDRAWAL = "SOURCE_OPERAIION_USAGE", "SOURCE_OPERAIION_ADJUST"
UNBINDING, MODEL_CHANGE = "SOURCE_OPERATION_BEUNBIND", "SOURCE_OPERATION_TRADEMODE_TRANSFER"
WRITE_OFF = "SOURCE_OPERAIION_WRITEOFF"
PURCHASE, REFUND = "SOURCE_OPERAIION_DEDEUCT", "SOURCE_OPERAIION_UNSUBSCRIBE"


SORTS = {
    TOP_UP: ("RECHARGE", "2"),
    WITHDRAWAL: ("ADJUST", "6"),
    CREDIT_LINE: ("ADJUST", "11"),
    ALLOCATION: ("BEADJUST", "0"),
    RECLAIM: ("BERETRIEVE", "0"),
    UNBINDING: ("BEUNBIND", "10"),
    MODEL_CHANGE: ("TRADE_MODE_TRANSFER", "10"),
    PURCHASE: ("DEDEUCT", "0"),
    REFUND: ("REFUND", "0"),
    USAGE: ("DEDEUCT", "0"),
    WRITE_OFF: ("DEDEUCT", "0"),
}
"""Of the details of a line of a statement."""


class Named(Protocol):
    """What has an id, though it may become known only later."""

    id: str


@dataclass
class Movement:
    """Money moved by a call, or from outside."""

    id: str


@dataclass(frozen=True)
class Entry:
    """One line of a statement. `trade` is the movement, or the order that it is about."""

    owner: str
    book: str
    detail: str
    amount: Decimal
    after: Decimal
    time: datetime
    trade: Named
    other: str = ""
    """The customer or reseller that the money came from or went to."""
    channel: tuple[str, str] = ("", "")
    """How it came, where somebody said so: the number of the way, and the payment's own."""

    @property
    def facts(self) -> tuple[str, str]:
        """Its sort, and the number of the way that money usually takes with it."""
        return SORTS[self.detail]


class Money:
    """Every amount is in the book of exactly one owner."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._balances: defaultdict[tuple[str, str], Decimal] = defaultdict(lambda: NOTHING)
        self.designated: defaultdict[str, Decimal] = defaultdict(lambda: NOTHING)
        self.lines: dict[str, Decimal] = {}
        self.owed: defaultdict[str, Decimal] = defaultdict(lambda: NOTHING)
        self.entries: list[Entry] = []

    def balance(self, owner: str, book: str = CASH) -> Decimal:
        return self._balances[owner, book]

    def has(self, owner: str, book: str) -> bool:
        """Whether anything was ever written into a book."""
        return any((one.owner, one.book) == (owner, book) for one in self.entries)

    def allocatable(self, partner: str) -> Decimal:
        """What of a partner's cash is not set aside."""
        return self.balance(partner) - self.set_aside(partner)

    def set_aside(self, partner: str) -> Decimal:
        return min(self.designated[partner], self.balance(partner))

    def write(
        self,
        owner: str,
        book: str,
        detail: str,
        amount: Decimal,
        trade: Named,
        other: str = "",
        channel: tuple[str, str] = ("", ""),
    ) -> None:
        """Add to a book, or take from it where the amount is negative."""
        self._balances[owner, book] += amount
        after = self._balances[owner, book]
        self.entries.append(Entry(owner, book, detail, amount, after, self._world.now, trade, other, channel))

    def move(
        self, payer: tuple[str, str], payee: tuple[str, str], detail: str, amount: Decimal, trade: Named, other: str
    ) -> None:
        self.write(*payer, detail, -amount, trade, other)
        self.write(*payee, detail, amount, trade, other)

    def grant_credit(self, owner: str, line: Decimal) -> None:
        """Set a credit line, of which what is used stays used."""
        difference = line - self.lines.get(owner, NOTHING)
        self.lines[owner] = line
        if difference:
            self.write(owner, CREDIT, CREDIT_LINE, difference, Movement(""))

    def credit_used(self, owner: str) -> Decimal:
        return self.lines.get(owner, NOTHING) - self.balance(owner, CREDIT)

    def statement(self, owner: str, *books: str) -> list[Entry]:
        return [one for one in self.entries if one.owner == owner and one.book in books]


def books_of(customer: Customer) -> tuple[str, ...]:
    """What a customer pays with, in that order: what was allocated to it, or its own cash before its credit."""
    return {PARTNER_PAID: (ALLOCATED,), RESOLD: ()}.get(customer.association, (CASH, CREDIT))


def purse(money: Money, customer: Customer) -> Decimal:
    return sum((money.balance(customer.id, book) for book in books_of(customer)), NOTHING)


def charge(
    world: World, customer: Customer, amount: Decimal, order: Named, detail: str = PURCHASE
) -> list[tuple[str, Decimal]]:
    """Take what there must be of a customer's money, and tell how much came from where."""
    if customer.association == RESOLD:
        world.of(People).spend(customer, amount)
        return [("budget", amount)]
    money, taken = world.of(Money), []
    for book in books_of(customer):
        part = min(amount, money.balance(customer.id, book))
        if part > 0:
            money.write(customer.id, book, detail, -part, order)
            taken.append((book, part))
            amount -= part
    assert amount == 0, "the caller has looked into the purse"
    return taken


def pay_back(world: World, customer: Customer, parts: dict[str, Decimal], order: Named) -> None:
    """Give back what `charge` took, to where it was taken from or, where the association has changed since, to what the
    customer pays with now."""
    for book, amount in parts.items():
        if customer.association == RESOLD:
            world.of(People).spend(customer, -amount)
        else:
            own = books_of(customer)
            world.of(Money).write(customer.id, book if book in own else own[0], REFUND, amount, order)
