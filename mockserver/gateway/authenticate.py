"""Who calls: an AK/SK signature or a token.

Where a call carries both, the token says who calls and the signature is not looked at. No source settles it; a client
that takes on a customer's identity through the SDK sends the customer's token beside its own signature, and the
documentation promises that the call then is the customer's.
"""

from __future__ import annotations

from datetime import timedelta

from mockserver.domain.call import Refusal
from mockserver.domain.clock import instant_text
from mockserver.domain.entities import AccessKey, User
from mockserver.gateway import signature
from mockserver.gateway.message import Exchange, GatewayRefusal

SKEW = timedelta(minutes=15)
FAILURES_ALLOWED = 5
LOCK = timedelta(minutes=5)
"""More than five consecutive failures lock an access key for five minutes (bpconsole_faq)."""


def authenticate(exchange: Exchange) -> None:
    """Find the principal, or refuse with 401 APIGW.0301 in the gateway's form."""
    request = exchange.request
    if request.header("x-auth-token"):
        _by_token(exchange, request.header("x-auth-token"))
    elif request.header("authorization"):
        _by_signature(exchange, request.header("authorization"))
    else:
        raise refusal(exchange, "x-auth-token not found", "neither Authorization nor X-Auth-Token was sent")


def refusal(exchange: Exchange, detail: str, reason: str) -> GatewayRefusal:
    """401 with the vendor's text; the reason is for the journal."""
    return GatewayRefusal(401, "APIGW.0301", exchange.contract.message("APIGW.0301", detail=detail), reason)


def _by_token(exchange: Exchange, text: str) -> None:
    sandbox = exchange.world
    token = sandbox.tokens.get(text)
    if token is None:
        raise refusal(exchange, "decrypt token fail", "no such token")
    if token.expires_at <= sandbox.now:
        expired = f"token expires, expires_at: {instant_text(token.expires_at)}"
        raise refusal(exchange, expired, f"the sandbox's clock stands at {instant_text(sandbox.now)}")
    user = sandbox.users.get(token.user_id)
    if user is None or not user.enabled or user.revision != token.revision:
        _refuse_revoked(exchange)
    assert user is not None
    _admit(exchange, user, f"token of {user.name}", token.assumed_by)


def _refuse_revoked(exchange: Exchange) -> None:
    """The user, its password or its permissions changed. The gateway still decrypts the token, so it is the service
    that refuses, where its table has a code for it."""
    row = exchange.view.row_for("token") if exchange.operation else None
    reason = "the user was disabled or changed after the token was issued"
    if row is None:
        raise refusal(exchange, "decrypt token fail", reason)
    raise Refusal(row.status, row.code, exchange.message(row.code), reason)


def _by_signature(exchange: Exchange, header: str) -> None:
    given = signature.parse_authorization(header)
    if given is None:
        raise refusal(exchange, "verify aksk signature fail", "the Authorization header is not SDK-HMAC-SHA256's")
    key = exchange.world.access_keys.get(given.ak)
    if key is None:
        raise refusal(exchange, f"Get secretKey failed,ak:{given.ak},err:ak not exist", "no such access key")
    failures, locked_until = exchange.world.failed_signatures.get(key.ak, (0, None))
    if locked_until is not None and exchange.world.now < locked_until:
        raise refusal(exchange, "AK access failed to reach the limit,forbidden.", "locked after repeated failures")
    fault = _fault(exchange, given, key)
    if fault:
        _count_failure(exchange, key.ak, failures + 1)
        raise refusal(exchange, "verify aksk signature fail", fault)
    exchange.world.failed_signatures.pop(key.ak, None)
    user = exchange.world.users.get(key.user_id)
    if user is None or not user.enabled:
        raise refusal(exchange, "Unauthorized", "the user is disabled")
    _admit(exchange, user, "signature ok")


def _fault(exchange: Exchange, given: signature.Authorization, key: AccessKey) -> str:
    """What is wrong with a signature; empty if nothing is."""
    request = exchange.request
    date = request.header(signature.DATE_HEADER)
    sent_at = signature.parse_date(date)
    if sent_at is None:
        return f"X-Sdk-Date {date!r} is not of the form 20260101T000000Z"
    if abs(request.received_at - sent_at) > SKEW:
        return f"X-Sdk-Date {date} is more than 15 minutes from {request.received_at:%Y%m%dT%H%M%SZ}"
    for name in ("host", signature.DATE_HEADER):
        if name not in given.signed_headers:
            return f"{name} is not among the signed headers"
    canonical = signature.canonical_request(
        request.method, request.path, request.query, request.headers, given.signed_headers, request.body
    )
    if signature.matches(signature.sign(key.sk, date, canonical), given.signature):
        return ""
    exchange.canonical_request = canonical
    return "the signature is not that of the canonical request"


def _count_failure(exchange: Exchange, ak: str, failures: int) -> None:
    lock = exchange.world.now + LOCK if failures > FAILURES_ALLOWED else None
    exchange.world.failed_signatures[ak] = (0 if lock else failures, lock)


def _admit(exchange: Exchange, user: User, how: str, assumed_by: str | None = None) -> None:
    principal = exchange.world.principal(user, assumed_by)
    exchange.principal = principal
    exchange.note("authenticate", f'{principal.role} "{principal.account_name}" ({user.name}), {how}')
