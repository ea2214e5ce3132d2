"""Money: one double-entry ledger. Balances, records, bills are views of its movements.

Amounts are Decimals in the currency of the sandbox's site, two decimals unless a caller brings more. Every movement's
postings sum to zero; what comes from outside (a top-up) comes out of an account of the outside world.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum

from mockserver.domain.ids import Ids
from mockserver.domain.table import State

ZERO = Decimal("0.00")
CASH, CREDIT, ALLOCATED, DEBT, WITHDRAWABLE, OUTSIDE = "cash", "credit", "allocated", "debt", "withdrawable", "outside"
"""Books: own cash; credit line; what a partner allocated; arrears; cash locked by a change of model; the world."""


class Trade(Enum):
    """Kinds of movement: `trade_type` and `trade_detail_type` on the wire, typos included, and the payment channel."""

    RECHARGE = ("RECHARGE", "SOURCE_OPERAIION_RECHARGE", "2")
    WITHDRAWAL = ("ADJUST", "SOURCE_OPERAIION_ADJUST", "6")
    CREDIT_LINE = ("ADJUST", "SOURCE_OPERAIION_ADJUST_CREDIT", "11")
    ALLOCATION = ("BEADJUST", "SOURCE_OPERATION_BEADJUST", "0")
    RECLAIM = ("BERETRIEVE", "SOURCE_OPERATION_BERETRIEVE", "0")
    UNBINDING = ("BEUNBIND", "SOURCE_OPERATION_BEUNBIND", "10")
    MODEL_CHANGE = ("TRADE_MODE_TRANSFER", "SOURCE_OPERATION_TRADEMODE_TRANSFER", "10")
    PURCHASE = ("DEDEUCT", "SOURCE_OPERAIION_DEDEUCT", "0")
    UNSUBSCRIPTION = ("REFUND", "SOURCE_OPERAIION_UNSUBSCRIBE", "0")
    USAGE = ("DEDEUCT", "SOURCE_OPERAIION_USAGE", "0")
    WRITE_OFF = ("DEDEUCT", "SOURCE_OPERAIION_WRITEOFF", "0")

    def __init__(self, trade_type: str, detail_type: str, channel: str) -> None:
        self.trade_type = trade_type
        self.detail_type = detail_type
        self.channel = channel


@dataclass(frozen=True, slots=True)
class LedgerAccount:
    """One book of one owner. `balance` is the sum of its postings; `designated` the earmarked part of it."""

    id: str
    owner_id: str
    book: str
    balance: Decimal = ZERO
    postings: int = 0
    designated: Decimal = ZERO
    line: Decimal = ZERO
    """The whole credit line, on a credit book."""

    @property
    def earmarked(self) -> Decimal:
        """What is set aside of the money that is there."""
        return min(self.designated, self.balance)

    @property
    def available(self) -> Decimal:
        """What is not set aside."""
        return self.balance - self.earmarked

    @property
    def used(self) -> Decimal:
        """How much of a credit line is spent."""
        return self.line - self.balance


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of a movement."""

    id: str
    movement_id: str
    account_id: str
    amount: Decimal
    balance_after: Decimal


@dataclass(frozen=True, slots=True)
class Movement:
    """Money moved once, between `payer_id` and `payee_id`. `serial` tells the order within a second."""

    id: str
    serial: int
    trade: Trade
    time: datetime
    amount: Decimal
    payer_id: str
    payee_id: str
    memo: str = ""
    channel: str = ""
    """Payment channel, where it is not the usual one of the trade."""
    channel_number: str = ""
    order_id: str = ""
    """The order that it pays for, or gives back of."""


class Overdrawn(Exception):
    """A book that may not go below zero would have."""


class Ledger:
    """All books of one sandbox."""

    def __init__(self, state: State, ids: Ids) -> None:
        self._ids = ids
        self._accounts = state.table("ledger_accounts")
        self._postings = state.table("postings")
        self._movements = state.table("movements")

    def find(self, owner_id: str, book: str) -> LedgerAccount | None:
        """The owner's book, if it was ever opened."""
        account: LedgerAccount | None = self._accounts.get(f"{owner_id}:{book}")
        return account

    def book(self, owner_id: str, book: str) -> LedgerAccount:
        """The owner's book as it stands; an empty one if it was never opened."""
        return self.find(owner_id, book) or LedgerAccount(self._ids.ledger_account(owner_id, book), owner_id, book)

    def open(self, owner_id: str, book: str) -> LedgerAccount:
        """The owner's book, opened if need be."""
        return self.find(owner_id, book) or self._keep(self.book(owner_id, book))

    def balance(self, owner_id: str, book: str) -> Decimal:
        return self.book(owner_id, book).balance

    def arrears(self, owner_id: str) -> Decimal:
        """What the owner owes."""
        return -self.balance(owner_id, DEBT)

    def designate(self, owner_id: str, amount: Decimal) -> None:
        """Earmark a part of the owner's cash."""
        self._keep(replace(self.open(owner_id, CASH), designated=amount))

    def grant_credit(self, owner_id: str, line: Decimal, now: datetime) -> None:
        """Set the owner's credit line; what is used of it stays used. Raises `Overdrawn` where more is used."""
        difference = line - self.open(owner_id, CREDIT).line
        if difference > 0:
            self.transfer(("", OUTSIDE), (owner_id, CREDIT), difference, Trade.CREDIT_LINE, now)
        elif difference < 0:
            self.transfer((owner_id, CREDIT), ("", OUTSIDE), -difference, Trade.CREDIT_LINE, now)
        self._keep(replace(self.open(owner_id, CREDIT), line=line))

    def transfer(
        self,
        payer: tuple[str, str],
        payee: tuple[str, str],
        amount: Decimal,
        trade: Trade,
        now: datetime,
        prefix: str = "AD",
        **details: str,
    ) -> Movement:
        """Move `amount`, which is above zero, from one book to another, both given as (owner, book).

        `details` are the `memo`, `channel`, `channel_number` and `order_id` of the movement. Raises `Overdrawn`.
        """
        assert amount > 0
        serial = self._ids.count("movement")
        movement_id = self._ids.transaction(prefix, now)
        movement = Movement(movement_id, serial, trade, now, amount, payer[0], payee[0], **details)
        self._movements.put(movement.id, movement)
        self._post(movement, payer, -amount)
        self._post(movement, payee, amount)
        return movement

    def movement(self, movement_id: str) -> Movement:
        movement: Movement = self._movements[movement_id]
        return movement

    def movements(self) -> Iterator[Movement]:
        return iter(self._movements)

    def accounts(self) -> Iterator[LedgerAccount]:
        return iter(self._accounts)

    def accounts_of(self, owner_id: str, books: Sequence[str]) -> list[LedgerAccount]:
        """The owner's open books among `books`, in that order."""
        return [account for book in books if (account := self.find(owner_id, book))]

    def history(self, *accounts: LedgerAccount) -> Iterator[tuple[Posting, Movement]]:
        """The accounts' postings with their movements, newest first."""
        histories = [self._history(account) for account in accounts]
        return heapq.merge(*histories, key=lambda entry: entry[1].serial, reverse=True)

    def _history(self, account: LedgerAccount) -> Iterator[tuple[Posting, Movement]]:
        for number in range(account.postings, 0, -1):
            posting = self._postings[f"{account.id}:{number:08d}"]
            yield posting, self._movements[posting.movement_id]

    def _post(self, movement: Movement, place: tuple[str, str], amount: Decimal) -> None:
        account = self.open(*place)
        after = account.balance + amount
        if after < 0 and account.book not in (OUTSIDE, DEBT):
            raise Overdrawn(f"{account.book} of {account.owner_id} would stand at {after}")
        account = self._keep(replace(account, balance=after, postings=account.postings + 1))
        posting_id = f"{account.id}:{account.postings:08d}"
        self._postings.put(posting_id, Posting(posting_id, movement.id, account.id, amount, after))

    def _keep(self, account: LedgerAccount) -> LedgerAccount:
        kept: LedgerAccount = self._accounts.put(f"{account.owner_id}:{account.book}", account)
        return kept
