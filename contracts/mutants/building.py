"""The words in which mutants are written down."""

from __future__ import annotations

from contracts.mutants.answers import Spoil, Spoiled
from contracts.mutants.documents import Change
from contracts.mutants.edits import Edit
from contracts.mutants.mutant import Mistake, Mutant
from mockserver.contract.documents import Json

KINDS = {
    "request": "what a request may say: bounds, required fields, defaults, what saying nothing means",
    "form": "the form of answers: fields, types, decimals, texts",
    "error": "which refusal, with which status and in which form",
    "permission": "who may call",
    "visibility": "whose data a caller sees and acts on",
    "gateway": "what every call passes: signatures, tokens, headers",
    "language": "the language of names and messages",
    "paging": "pages and counts",
    "filter": "what a filter lets through",
    "order": "the order of a list",
    "money": "balances, charges, refunds",
    "price": "prices, discounts, rounding",
    "coupon": "coupons, cards, and the quotas they come from",
    "state": "what may follow what",
    "time": "what the clock does",
    "rollback": "what a refused call leaves behind",
    "record": "what is recorded of what happened",
    "usage": "packages and the metering of usage",
}
"""The sorts of mistakes, with what each is about."""


def code(name: str, kind: str, operations: str, place: str, old: str, new: str, site: str = "cn") -> Mutant:
    """A mutant by an edit of the code; `operations` are separated by spaces."""
    return Mutant(name, kind, tuple(operations.split()), (Edit(place, old, new),), site)


def document(name: str, kind: str, operation: str, place: str, value: Json, site: str = "cn") -> Mutant:
    """A mutant by a change of one document."""
    return Mutant(name, kind, (operation,), (Change(operation, place, value),), site)


def answer(
    name: str, operation: str, place: str, how: str, spoil: Spoil, site: str = "cn", kind: str = "form"
) -> Mutant:
    """A mutant by spoiled answers of one operation."""
    return Mutant(name, kind, (operation,), (Spoiled(operation, place, how, spoil),), site)


def several(name: str, kind: str, operations: str, *mistakes: Mistake, site: str = "cn") -> Mutant:
    """A mutant of which several places are wrong together."""
    return Mutant(name, kind, tuple(operations.split()), mistakes, site)
