"""Identifiers in the vendor's forms, the same for the same seed and the same order of calls."""

from __future__ import annotations

import hashlib
from datetime import datetime

from mockserver.domain.clock import CHINA
from mockserver.domain.table import State

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_CODE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_ORDERS = len(_CODE) ** 5
_STRIDE = 7_368_787
"""A prime that is no factor of `_ORDERS`: the counter visits every code once before any comes again."""


def digest(*parts: object, size: int = 32) -> str:
    """Hex digits that depend on nothing but the parts."""
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=size).hexdigest()


def letters(count: int, *parts: object) -> str:
    """Letters and digits that depend on nothing but the parts."""
    number = int(digest(*parts, size=64), 16)
    text = ""
    while len(text) < count:
        number, index = divmod(number, len(_LETTERS))
        text += _LETTERS[index]
        if not number:
            number = int(digest(text, *parts, size=64), 16)
    return text


class Ids:
    """The ids of one sandbox. Counters are state, so a refused call uses none up."""

    def __init__(self, state: State, seed: int) -> None:
        self._counters = state.table("counters")
        self._seed = seed

    def count(self, kind: str) -> int:
        """The next number of its kind, from 1."""
        number: int = (self._counters.get(kind) or 0) + 1
        self._counters.put(kind, number)
        return number

    def hex32(self, kind: str) -> str:
        """32 hex digits: accounts, users, requests."""
        return digest(self._seed, kind, self.count(kind), size=16)

    def ledger_account(self, owner_id: str, book: str) -> str:
        """`AT` and 16 upper-case hex digits, as the live service numbers its ledgers."""
        return "AT" + digest(self._seed, "ledger", owner_id, book, size=8).upper()

    def transaction(self, prefix: str, now: datetime) -> str:
        """`AD`/`RE`, yyMMddHHmm, `01` and six hex digits: the form of both known examples."""
        return f"{prefix}{now.astimezone(CHINA):%y%m%d%H%M}01{self.count('transaction'):06x}"

    def serial(self, kind: str, now: datetime) -> str:
        """A serial number that sorts by time."""
        return f"{now.astimezone(CHINA):%Y%m%d%H%M%S}{self.count(kind):08d}"

    def digits(self, count: int, kind: str) -> str:
        """Digits of a verification code."""
        return str(int(digest(self._seed, kind, self.count(kind)), 16))[-count:]

    def order(self, now: datetime) -> str:
        """`CS`, yyMMddHHmm of China time and five letters or digits, as in CS1905251035OA1AF."""
        number = (self.count("order") * _STRIDE + int(digest(self._seed, "order", size=8), 16)) % _ORDERS
        text = ""
        for _ in range(5):
            number, index = divmod(number, len(_CODE))
            text += _CODE[index]
        return f"CS{now.astimezone(CHINA):%y%m%d%H%M}{text}"

    def uuid(self, kind: str) -> str:
        """32 hex digits in the groups of a UUID: ids that cloud services give."""
        text = self.hex32(kind)
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

    def letters(self, count: int, kind: str) -> str:
        return letters(count, self._seed, kind, self.count(kind))
