"""How calls are authenticated: with an AK and its SK, as the vendor's SDK does it, or with a token of IAM."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from requests import PreparedRequest, Request, Response
from requests.auth import AuthBase

from contracts.targets.target import SIGNATURE, Credential, TargetError, body_of
from mockserver.gateway import signature

TOKENS = "/v3/auth/tokens"
TOKEN_HEADER = "X-Subject-Token"  # noqa: S105  (the name of a header)
SIGN_IN = ("domain_name", "user_name", "password")


Carry = Callable[[PreparedRequest], Response]


class Signed(AuthBase):
    """Signs a finished request."""

    def __init__(self, ak: str, sk: str) -> None:
        self._ak = ak
        self._sk = sk

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers.update(self._headers(request, datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")))
        return request

    def made(self, request: PreparedRequest) -> bool:
        """Whether a request is as it was signed here."""
        signed = self._headers(request, str(request.headers.get(signature.DATE_HEADER, "")))
        return all(signature.matches(value, str(request.headers.get(name, ""))) for name, value in signed.items())

    def _headers(self, request: PreparedRequest, date: str) -> dict[str, str]:
        url = urlsplit(str(request.url))
        signed = {"host": url.netloc, signature.DATE_HEADER: date}
        canonical = signature.canonical_request(
            str(request.method), unquote(url.path), url.query, signed, tuple(signed), body_of(request)
        )
        value = signature.sign(self._sk, date, canonical)
        parts = f"Access={self._ak}, SignedHeaders={';'.join(signed)}, Signature={value}"
        return {**signed, "Authorization": f"{signature.ALGORITHM} {parts}"}


class WithToken(AuthBase):
    """Sends a token with a request."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["X-Auth-Token"] = self._token
        return request


class Principals:
    """The principals of a target: what a target inherits that can tell their credentials."""

    iam_url: str

    def __init__(self, credentials: Mapping[str, Credential]) -> None:
        self._credentials = credentials
        self._tokens: dict[str, str] = {}
        self._sender: Carry | None = None

    def send(self, request: PreparedRequest) -> Response:
        raise NotImplementedError

    def carry_with(self, carry: Carry) -> None:
        """Send the calls that sign in through somebody else's hands."""
        self._sender = carry

    def kind_of(self, request: PreparedRequest) -> str:
        """The kind of the principal that a call was signed for; empty if it was for none."""
        token, ak = request.headers.get("X-Auth-Token"), signature.claimed_access_key(_authorization(request))
        by_token = (kind for kind, known in self._tokens.items() if token and signature.matches(known, str(token)))
        by_key = (kind for kind, one in self._credentials.items() if one["ak"] == ak)
        return next(by_token if token else by_key, "")

    def caller_of(self, request: PreparedRequest) -> Credential | None:
        """The credential of whoever a call was signed for."""
        return self._credentials.get(self.kind_of(request))

    @property
    def accounts(self) -> dict[str, str]:
        """The ids of the accounts that have a credential, by kind."""
        return {kind: one["domain_id"] for kind, one in self._credentials.items()}

    def signed_anew(self, request: PreparedRequest) -> PreparedRequest:
        """The same call with the date of now, where it carries a signature of this target's; else as it is."""
        credential = self.caller_of(request)
        signer = Signed(credential["ak"], credential["sk"]) if credential else None
        return signer(request.copy()) if signer and signer.made(request) else request

    def sign(self, kind: str, by: str = SIGNATURE) -> AuthBase:
        """Raises `TargetError` for a kind without a credential, or without what a sign-in needs."""
        credential = self._credentials.get(kind)
        if credential is None:
            raise TargetError(f"no credential of kind {kind!r}; there are {', '.join(self._credentials)}")
        if by == SIGNATURE:
            return Signed(credential["ak"], credential["sk"])
        if kind not in self._tokens:
            self._tokens[kind] = self._issued(kind, credential)
        return WithToken(self._tokens[kind])

    def forget_tokens(self) -> None:
        """Sign in again at the next use: a reset target knows no tokens."""
        self._tokens.clear()

    def _issued(self, kind: str, credential: Credential) -> str:
        missing = [name for name in SIGN_IN if not credential.get(name)]
        if missing:
            raise TargetError(f"a token for {kind} needs its {', '.join(missing)}")
        response = (self._sender or self.send)(
            Request("POST", self.iam_url + TOKENS, json=sign_in(credential)).prepare()
        )
        if TOKEN_HEADER not in response.headers:
            raise TargetError(f"no token for {kind}: IAM answers {response.status_code}")
        return str(response.headers[TOKEN_HEADER])


def _authorization(request: PreparedRequest) -> str:
    return str(request.headers.get("Authorization", ""))


def sign_in(credential: Credential) -> dict[str, Any]:
    """The body that asks IAM for a token of an account."""
    domain = {"name": credential["domain_name"]}
    user = {"name": credential["user_name"], "password": credential["password"], "domain": domain}
    identity = {"methods": ["password"], "password": {"user": user}}
    return {"auth": {"identity": identity, "scope": {"domain": domain}}}
