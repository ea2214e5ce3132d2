"""A call as a line for a shell, authenticated by the token in its variable TOKEN."""

from __future__ import annotations

from shlex import quote

from contracts.reports.shown import Shown
from mockserver.contract.operation import SiteView

CONTENT_TYPE = "content-type"


def curl_line(view: SiteView | None, shown: Shown) -> str:
    """The command that repeats a masked call, with the headers that mean something to the operation."""
    declared = [one["name"].lower() for one in view.parameters if one["in"] == "header"] if view else []
    kept = {CONTENT_TYPE, *declared}
    parts = [f"curl -i -X {shown.method} {quote(shown.url)}", '-H "X-Auth-Token: $TOKEN"']
    parts += [f"-H {quote(_header(name, value))}" for name, value in shown.headers if name.lower() in kept]
    if shown.body:
        parts.append(f"--data-raw {quote(shown.body)}")
    return " \\\n  ".join(parts)


def _header(name: str, value: str) -> str:
    """An empty header needs a semicolon: with a colon curl leaves it out."""
    return f"{name}: {value}" if value else f"{name};"
