"""The form of a cassette: calls and their answers in readable JSON, without secrets, personal data and ids.

An id is `{"$ref": "customer#1"}` wherever it stands; `like` shows the form of one that a client sent before any answer
named it. Secret and personal values are `{"$masked": "mobile_phone#1"}`, with a `type` where they are no text. A body
that is no JSON is `{"$unreadable": <bytes>}`.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import msgspec

VERSION: Literal[1] = 1

Query = dict[str, Any]
"""Name to value, or to the list of values of a name that is repeated."""


class CassetteError(Exception):
    """A cassette that cannot be used; the text names the file and what is wrong in it."""


class Asked(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A request. The path is that of the operation, its variables beside it."""

    method: str
    path: str
    variables: dict[str, Any] = {}
    query: Query = {}
    headers: dict[str, str] = {}
    body: Any = None


class Answered(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """An answer."""

    status: int
    headers: dict[str, Any] = {}
    body: Any = None

    @property
    def code(self) -> str:
        """The error code; empty where there is none."""
        return str(self.body.get("error_code") or "") if isinstance(self.body, dict) else ""


class Call(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One call of an operation."""

    operation: str
    principal: str
    """Kind of the caller: solution_provider, distributor, reseller or customer."""
    time: str
    """When it was answered, in UTC."""
    request: Asked
    answer: Answered


class Cassette(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Calls in the order in which they were answered."""

    version: Literal[1]
    recorded: str
    """When the recording began, in UTC."""
    site: Literal["cn", "intl"]
    target: str
    seed: int | None
    given: dict[str, Any]
    """Ids that the target told beforehand, by field name."""
    calls: list[Call]


_encode = msgspec.json.Encoder(decimal_format="number").encode
_decode = msgspec.json.Decoder(Cassette, float_hook=Decimal).decode


def write(cassette: Cassette, file: Path) -> None:
    """Write a cassette, numbers with the digits that they had on the wire. Raises `OSError`."""
    file.write_bytes(text_of(cassette))


def text_of(cassette: Cassette) -> bytes:
    """The JSON text of a cassette, indented."""
    return msgspec.json.format(_encode(cassette), indent=2) + b"\n"


def read(file: Path) -> Cassette:
    """Read a cassette. Raises `CassetteError`."""
    try:
        return _decode(file.read_bytes())
    except OSError as error:
        raise CassetteError(f"{file}: {error.strerror}") from None
    except (msgspec.DecodeError, ValueError) as error:
        raise CassetteError(f"{file}: not a cassette: {error}") from None
