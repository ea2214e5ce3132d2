"""What never leaves in journals, logs and recordings: secrets and the numbers of people."""

from __future__ import annotations

import re
from typing import Any

MASK = "***"
SECRET_HEADERS = frozenset({"x-auth-token", "x-subject-token", "x-security-token", "cookie"})
SECRET_FIELDS = frozenset({
    "password", "sk", "secret", "securitytoken", "verification_code", "verificationcode", "code", "text",
    "verified_number", "legel_id_number", "bank_account", "document_number", "verifiednumber", "bankaccount",
})  # fmt: skip
_SIGNATURE = re.compile(r"(Signature=)\S+")


def mask_headers(headers: dict[str, str]) -> dict[str, str]:
    """Headers without tokens and signatures."""
    shown = {}
    for name, value in headers.items():
        shown[name] = MASK if name in SECRET_HEADERS else _SIGNATURE.sub(rf"\1{MASK}", value)
    return shown


def mask(value: Any) -> Any:
    """JSON-like data with the values of secret fields replaced, at any depth."""
    if isinstance(value, dict):
        return {
            key: MASK if str(key).lower() in SECRET_FIELDS and item not in (None, "") else mask(item)
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [mask(item) for item in value]
    return value
