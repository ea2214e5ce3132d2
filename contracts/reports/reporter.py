"""All wanted reports of a run behind one listener."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from contracts.events import Event
from contracts.reports import html, json, junit
from contracts.reports.har import Har
from contracts.reports.tally import Tally
from contracts.reports.wanted import ReportError
from mockserver.contract.registry import Contract

COVERING = {"html", "json"}
"""The kinds that tell what the requests tried."""


class Reporter:
    """Opens the wanted reports, is told each event, and writes them at the end, also of a run that broke off.

    Use it as `with Reporter(...) as reporter: ... reporter(event)`. The files are opened at once, so that a run whose
    reports cannot be written does not begin.
    """

    def __init__(
        self,
        contract: Contract,
        site: str,
        target: str,
        files: Mapping[str, Path],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`target` is the target's name, `files` has the file of each kind. Raises `ReportError`."""
        self.tally = Tally(contract, site, covering=bool(COVERING & files.keys()))
        self._target = target
        self._began = now().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        with ExitStack() as opened:
            self._files = {kind: opened.enter_context(_opened(file)) for kind, file in files.items()}
            self._opened = opened.pop_all()
        har = self._files.get("har")
        self._har = Har(har, self.tally, now) if har else None

    def __enter__(self) -> Reporter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._opened:
            self._write()

    def __call__(self, event: Event) -> None:
        self.tally(event)
        if self._har is not None:
            self._har(event)

    def _write(self) -> None:
        if self._har is not None:
            self._har.end()
        if file := self._files.get("junit"):
            junit.write(self.tally, file)
        if file := self._files.get("json"):
            json.write(self.tally, self._target, self._began, file)
        if file := self._files.get("html"):
            html.write(self.tally, self._target, self._began, file)


def _opened(file: Path) -> BinaryIO:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return file.open("wb")
    except OSError as error:
        raise ReportError(f"{error.filename or file}: {error.strerror}, so the report cannot be written") from None
