"""Wrong answers: what an operation answers is spoiled on its way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from mockserver.contract.registry import Contract
from mockserver.contract.writing import json_bytes

Spoil = Callable[[Any], Any]
"""Makes another value of one; `...` takes the field away."""
_decode = msgspec.json.Decoder(float_hook=Decimal).decode


@dataclass(frozen=True)
class Spoiled:
    """In the answers of `operation` the value at `place`, like `records/*/amount`, is made another by `spoil`; a name
    with a plus is that of a new field."""

    operation: str
    place: str
    how: str
    spoil: Spoil

    def __str__(self) -> str:
        return f"answer of {self.operation}: {self.place} {self.how}"

    def apply(self, contract: Contract, site: str) -> None:
        """Spoil what the operation of a server's contract writes."""
        view = contract.operations[self.operation].on(site)
        write = view.write
        assert write is not None, "only an answer with a body can be spoiled"
        # Over the cached property, and only of this contract.
        view.__dict__["write"] = lambda answer: self.spoiled(_decode(json_bytes(write(answer))))

    def spoiled(self, body: Any) -> Any:
        """The body with the value spoiled, wherever it occurs."""
        names = self.place.split("/") if self.place else []
        return _at(body, names, self.spoil)


def _at(value: Any, names: list[str], spoil: Spoil) -> Any:
    if not names:
        return spoil(value)
    name, *rest = names
    if name == "*":
        return [one for one in (_at(row, rest, spoil) for row in value or ()) if one is not ...]
    if not isinstance(value, dict):
        return value
    if name.startswith("+"):
        return {**value, name[1:]: spoil(None)}
    if name not in value:
        return value
    spoiled: Any = _at(value[name], rest, spoil)
    return {key: spoiled if key == name else one for key, one in value.items() if key != name or spoiled is not ...}
