"""What `--report` says: which reports are wanted, and where they go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

FILES: Mapping[str, str] = {
    "junit": "contract-run.xml",
    "html": "contract-run.html",
    "json": "contract-run.json",
    "har": "contract-run.har",
}
"""The kinds of reports, with the names that their files have in a folder."""
FORM = "--report KIND or KIND=FILE, with KIND one of " + ", ".join(FILES)
_BETWEEN = re.compile(f",(?=(?:{'|'.join(FILES)})(?:=|,|\\Z))")
"""A comma that separates two wishes; others belong to a file's name."""


class ReportError(Exception):
    """A wish for a report that cannot be met; the text is one sentence for the user."""


def wanted(wishes: Iterable[str], folder: Path | None = None) -> dict[str, Path]:
    """The file of each kind from wishes like `html`, `junit,har=all.har`. A kind without a file gets one of the usual
    name in `folder`, or in the current one; a folder without wishes gets all kinds. Raises `ReportError`."""
    told = [part for wish in wishes for part in _BETWEEN.split(wish)]
    found: dict[str, Path] = {}
    for one in told or (FILES if folder else ()):
        kind, is_, name = one.partition("=")
        if kind not in FILES:
            raise ReportError(f"no report {kind!r}; accepted: {FORM}")
        if is_ and not name:
            raise ReportError(f"no file after {one!r}; accepted: {FORM}")
        if kind in found:
            raise ReportError(f"the report {kind!r} is asked for twice")
        found[kind] = Path(name) if is_ else (folder or Path()) / FILES[kind]
    _demand_different(found)
    return found


def _demand_different(found: Mapping[str, Path]) -> None:
    kinds: dict[Path, str] = {}
    for kind, file in found.items():
        place = file.resolve()
        if place in kinds:
            raise ReportError(f"the reports {kinds[place]!r} and {kind!r} cannot share the file {file}")
        kinds[place] = kind
