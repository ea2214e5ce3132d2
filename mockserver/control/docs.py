"""`/docs`: the reference page of the contract, its files, and the tokens with which it tries operations out."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from mockserver.contract.documents import SITES
from mockserver.control.api import ControlCall, ControlError, control
from mockserver.control.reference import reference
from mockserver.domain import tokens
from mockserver.domain.clock import instant_text
from mockserver.gateway.message import JSON, Response

ASSETS = Path(__file__).parent.parent / "docs_assets"
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Nothing of another origin is loaded, asked or told."""


@control("GET", "/docs")
def show_page(call: ControlCall) -> Any:
    """The reference page of a `site`; without one it leads to the page of the default sandbox's site."""
    site = call.filters("site").get("site")
    if site is None:
        return Response(302, b"", (("Location", f"/docs?site={call.gateway.universe.default.site}"),))
    _check_site(site)
    return _file(call, "index.html")


@control("GET", "/docs/openapi.json")
def show_reference(call: ControlCall) -> Any:
    """The OpenAPI document that the page of a `site` shows."""
    site = call.filters("site").get("site", call.gateway.universe.default.site)
    _check_site(site)
    return _content(call, reference(call.gateway.contract, site), JSON)


@control("GET", "/docs/<name>")
def show_file(call: ControlCall) -> Any:
    """A file of the page."""
    return _file(call, call.path["name"])


@control("POST", "/_mock/sandboxes/<sandbox>/tokens")
def issue_token(call: ControlCall) -> Any:
    """An IAM token for the login behind the named `{credential}`: a browser cannot sign with AK and SK."""
    sandbox, name = call.sandbox, call.object("credential").get("credential")
    with sandbox.lock:
        sandbox.tick(call.request.received_at)
        credential = sandbox.credentials().get(name) if isinstance(name, str) else None
        if credential is None:
            raise ControlError(400, f"no credential {name!r}; accepted: {', '.join(sandbox.credential_names)}")
        user = sandbox.user_named(credential["domain_id"], credential["user_name"])
        if user is None or not user.enabled:
            raise ControlError(400, f"the login of credential {name!r} is disabled")
        with sandbox.transaction():
            token = tokens.issue(sandbox, user)
    return Response.json(201, {"token": token.text, "expires_at": instant_text(token.expires_at)})


def _check_site(site: str) -> None:
    if site not in SITES:
        raise ControlError(400, f"site={site!r} is not accepted; accepted: {', '.join(SITES)}")


def _file(call: ControlCall, name: str) -> Response:
    files = _files()
    if name not in files:
        raise ControlError(404, f"no control call /docs/{name}")
    return _content(call, files[name], KINDS[Path(name).suffix])


@cache
def _files() -> dict[str, bytes]:
    """The page's files by name, the kept library's among them."""
    return {file.name: file.read_bytes() for file in ASSETS.rglob("*") if file.suffix in KINDS}


def _content(call: ControlCall, body: bytes, kind: str) -> Response:
    """A body that the browser may keep, and asks about each time."""
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = (
        ("Content-Type", kind),
        ("ETag", tag),
        ("Cache-Control", "no-cache"),
        ("Content-Security-Policy", POLICY),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
    )
    if tag in call.request.header("if-none-match"):
        return Response(304, b"", headers)
    return Response(200, body, headers)
