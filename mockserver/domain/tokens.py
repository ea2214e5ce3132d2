"""IAM tokens: opaque texts with a life of 24 hours by the sandbox's clock (protocol: tokens)."""

from __future__ import annotations

import base64
from datetime import timedelta

from mockserver.domain.entities import Token, User
from mockserver.domain.ids import digest
from mockserver.domain.sandbox import Sandbox

LIFE = timedelta(hours=24)
_HEAD, _TAG = "MII", 8


def tag_of(text: str) -> str:
    """The number of the sandbox that a token names; empty for a text that is no token of ours."""
    if not text.startswith(_HEAD):
        return ""
    try:
        return base64.b64decode(text[len(_HEAD) : len(_HEAD) + _TAG], validate=True).decode("ascii")
    except (ValueError, UnicodeDecodeError):
        return ""


def issue(
    sandbox: Sandbox, user: User, *, method: str = "password", assumed_by: str | None = None, project: str | None = None
) -> Token:
    """A token for `user`. Older ones stay good."""
    tag = base64.b64encode(f"{sandbox.number:06d}".encode()).decode()
    secret = bytes.fromhex(digest("token", sandbox.number, sandbox.ids.count("token"), size=60))
    text = _HEAD + tag + base64.b64encode(secret * 6).decode()
    token = Token(
        text, user.id, user.account_id, user.revision, sandbox.now, sandbox.now + LIFE, method, assumed_by, project
    )
    return sandbox.tokens.put(text, token)
