"""The AK/SK signature `SDK-HMAC-SHA256`, computed as the vendor's SDK computes it (protocol: signatures).

A request is rebuilt from its parts in six lines; the server trusts the list of signed headers that the client names.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, quote

ALGORITHM = "SDK-HMAC-SHA256"
DATE_HEADER, CONTENT_HEADER = "x-sdk-date", "x-sdk-content-sha256"
_UNRESERVED = "-_.~"
_HEADER = re.compile(
    r"SDK-HMAC-SHA256 +Access=(?P<ak>[^,\s]+), *SignedHeaders=(?P<signed>[^,\s]+),"
    r" *Signature=(?P<signature>[0-9a-fA-F]{64})\Z"
)
_DATE = re.compile(r"\d{8}T\d{6}Z\Z", re.ASCII)
_CLAIM = re.compile(r"Access=([^,\s]+)")
_EMPTY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Authorization:
    """The three parts of an `Authorization` header."""

    ak: str
    signed_headers: tuple[str, ...]
    signature: str


def parse_authorization(header: str) -> Authorization | None:
    """The parts, or None for a header of another form."""
    match = _HEADER.match(header)
    if match is None:
        return None
    return Authorization(match["ak"], tuple(match["signed"].split(";")), match["signature"].lower())


def claimed_access_key(header: str) -> str | None:
    """The AK that a header names, whatever else is wrong with it."""
    match = _CLAIM.search(header)
    return match[1] if match else None


def parse_date(text: str) -> datetime | None:
    """`X-Sdk-Date`, e.g. 20260101T000000Z; None if it is not one."""
    try:
        return datetime.fromisoformat(text) if _DATE.match(text) else None
    except ValueError:
        return None


def canonical_request(
    method: str, path: str, query: str, headers: dict[str, str], signed_headers: tuple[str, ...], body: bytes
) -> str:
    """The text whose hash is signed. `path` is percent-decoded, `query` as sent."""
    uri = "/".join(_quoted(segment) for segment in path.split("/"))
    if not uri.endswith("/"):
        uri += "/"
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    return "\n".join(
        (
            method.upper(),
            uri,
            "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs),
            "".join(f"{name}:{headers.get(name, '').strip()}\n" for name in signed_headers),
            ";".join(signed_headers),
            _payload_hash(headers, body),
        )
    )


def sign(secret: str, date: str, canonical: str) -> str:
    """The signature of a canonical request: the secret key itself is the HMAC key."""
    text = f"{ALGORITHM}\n{date}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def matches(one: str, other: str) -> bool:
    """Compare secrets in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def _payload_hash(headers: dict[str, str], body: bytes) -> str:
    if not body:
        return _EMPTY
    return headers.get(CONTENT_HEADER) or hashlib.sha256(body).hexdigest()


def _quoted(text: str) -> str:
    return quote(text, safe=_UNRESERVED)
