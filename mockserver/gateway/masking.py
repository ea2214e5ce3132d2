"""What never leaves in journals, logs and recordings: secrets and the numbers of people."""

from __future__ import annotations

import re
from typing import Any

from mockserver.contract.documents import Document

MASK = "***"
SECRET_HEADERS = frozenset({"x-auth-token", "x-subject-token", "x-security-token", "cookie"})
SECRET_FIELDS = frozenset({
    "password", "sk", "secret", "securitytoken", "verification_code", "verificationcode",
    "verified_number", "legel_id_number", "bank_account", "document_number", "verifiednumber", "legelidnumber",
    "bankaccount",
})  # fmt: skip
"""Names that are secret wherever they stand; a schema marks others with `x-sensitive`."""
SECRET_COLUMNS = SECRET_FIELDS | {"code", "text"}
"""Of the sandbox's tables: a verification code's and a token's own text besides."""
_DEEPEST = 32
_SIGNATURE = re.compile(r"(Signature=)\S+")


def mask_headers(headers: dict[str, str]) -> dict[str, str]:
    """Headers without tokens and signatures."""
    shown = {}
    for name, value in headers.items():
        shown[name] = MASK if name in SECRET_HEADERS else _SIGNATURE.sub(rf"\1{MASK}", value)
    return shown


def mask_query(query: str) -> str:
    """A query as sent, without the values of secret fields."""
    named = [pair.partition("=") for pair in query.split("&")]
    return "&".join(name + is_ + (MASK if name.lower() in SECRET_FIELDS else value) for name, is_, value in named)


def mask_canonical(text: str | None) -> str | None:
    """A canonical request without the secrets of its query, its third line, and of its headers."""
    if text is None:
        return None
    lines = [line.partition(":") for line in text.split("\n")]
    shown = [f"{name}:{MASK}" if name in SECRET_HEADERS else name + is_ + value for name, is_, value in lines]
    return "\n".join((*shown[:2], mask_query(shown[2]), *shown[3:]))


def mask(value: Any, schema: Document | None = None, depth: int = 0) -> Any:
    """JSON-like data with the values of secret fields replaced, and without what lies too deep to be shown."""
    if value in (None, ""):
        return value
    known = schema or {}
    if known.get("x-sensitive"):
        return MASK
    if isinstance(value, (dict, list, tuple)) and depth > _DEEPEST:
        return "..."
    if isinstance(value, dict):
        fields = known.get("properties", {})
        return {key: _masked(key, item, fields.get(key), depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [mask(item, known.get("items"), depth + 1) for item in value]
    return value


def _masked(key: Any, value: Any, schema: Document | None, depth: int) -> Any:
    secret = str(key).lower() in SECRET_FIELDS and value not in (None, "")
    return MASK if secret else mask(value, schema, depth)
