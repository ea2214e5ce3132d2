"""`env`: the variables that point the unmodified vendor SDK at the emulator."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import click

from mockserver.cli.output import Unusable, as_json, print_json, tell

PATIENCE = 2.0
"""Seconds to wait for a running server."""
CREDENTIAL = {
    "HUAWEICLOUD_SDK_AK": "ak",
    "HUAWEICLOUD_SDK_SK": "sk",
    "HUAWEICLOUD_SDK_DOMAIN_ID": "domain_id",
}
ADDRESS = (
    "HUAWEICLOUD_SDK_REGION_BSS_CN_NORTH_1",
    "HUAWEICLOUD_SDK_REGION_BSSINTL_AP_SOUTHEAST_1",
    "HUAWEICLOUD_SDK_REGION_BSSINTL_EU_WEST_101",
    "HUAWEICLOUD_SDK_IAM_ENDPOINT",
    "HUAWEICLOUD_SDK_STS_ENDPOINT",
)

Credentials = Mapping[str, Mapping[str, str]]


@click.command()
@click.option("--as", "principal", default="solution_provider", show_default=True, help="Name of the credential.")
@click.option("--sandbox", default="default", show_default=True, help="Id of the sandbox.")
@click.option("--url", default="http://127.0.0.1:8080", show_default=True, help="Where the emulator is.")
@click.option("--control-token", envvar="PARTNER_MOCK_CONTROL_TOKEN", help="Token of its control API.")
@click.option("--unset", is_flag=True, help="Print lines that undo the others.")
@as_json
def env(principal: str, sandbox: str, url: str, control_token: str | None, unset: bool, as_json: bool) -> None:
    """Print variables that point the SDK at the emulator.

    Use it as: eval "$(partner-mock env)"
    """
    if unset:
        values: Mapping[str, str | None] = dict.fromkeys((*CREDENTIAL, *ADDRESS))
    else:
        values = variables(_credential(principal, sandbox, _address(url), control_token), _address(url))
    if as_json:
        print_json(values)
        return
    for name, value in values.items():
        click.echo(f"unset {name}" if value is None else f"export {name}={shlex.quote(value)}")


def variables(credential: Mapping[str, str], url: str) -> dict[str, str]:
    """The SDK's variables for one credential, every endpoint at `url`."""
    return {name: credential[field] for name, field in CREDENTIAL.items()} | dict.fromkeys(ADDRESS, url)


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise Unusable(f"{url!r} is not an address like http://127.0.0.1:8080")
    return url.rstrip("/")


def _credential(principal: str, sandbox: str, url: str, token: str | None) -> Mapping[str, str]:
    known = _asked(sandbox, url, token) or _computed(sandbox, url)
    if principal not in known:
        raise Unusable(f"no credential {principal!r} in sandbox {sandbox}; accepted: {', '.join(known)}")
    return known[principal]


def _asked(sandbox: str, url: str, token: str | None) -> Credentials | None:
    """The sandbox's credentials from the running server; None if nothing answers there."""
    from urllib.error import HTTPError
    from urllib.parse import quote
    from urllib.request import ProxyHandler, Request, build_opener

    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = Request(f"{url}/_mock/sandboxes/{quote(sandbox, safe='')}", headers=headers)  # noqa: S310  (checked)
    try:
        # No proxy: the emulator is on this machine or beside it.
        with build_opener(ProxyHandler({})).open(request, timeout=PATIENCE) as answer:
            credentials: Credentials = _object(answer.read())["credentials"]
            return credentials
    except HTTPError as error:
        raise Unusable(_object(error.read()).get("error") or f"{url} answers {error.code}: no emulator") from None
    except KeyError:
        raise Unusable(f"{url} does not answer like the emulator") from None
    except OSError:
        return None


def _object(content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _computed(sandbox: str, url: str) -> Credentials:
    """The credentials that a server started without options will have: they depend on nothing but its fixture."""
    if sandbox != "default":
        raise Unusable(f"nothing answers at {url}; without it only the default sandbox's credentials are known")
    from datetime import UTC, datetime

    from mockserver.domain.universe import Universe

    tell(f"nothing answers at {url}: these are the credentials of `partner-mock serve` with fixture demo and seed 0")
    return Universe().create(wall=datetime.now(UTC)).credentials()
