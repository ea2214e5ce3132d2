"""The journal of calls to take back: written before a reversible call leaves, so that a crash loses none.

One JSON line an event: a call `begun`, with the calls that undo it as far as they are known; then `refused`, or `done`;
then `undone`, or `failed` with the calls that were refused. A call that was begun and never settled may or may not have
happened. It is taken back where that leads to a state that was seen before the call; else it is told.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout
from requests import Response

from contracts.undoing import AnswerLacks, Step, WayBack, succeeded, succeeded_whole
from mockserver.contract.operation import Operation

BEGINNING = '{"number": '
"""Of each line."""
STATES = ("begun", "refused", "done", "undone", "failed")


class JournalError(Exception):
    """A journal that cannot be used; the text names it."""


@dataclass
class Entry:
    """A reversible call and what became of it."""

    number: int
    operation: str
    caller: str
    state: str = "begun"
    undo: list[Step] = field(default_factory=list)
    """What takes it back; what is done of that is gone from it."""
    service: str = ""
    """The address of the service that was called."""
    account: str = ""
    """Id of the account that called."""
    restores: bool = False
    """Whether undoing leads to a state that was seen, so that it does no harm if the call never happened."""


class Compensations:
    """The journal in a file. A file that exists is taken up where it ends. Who writes it holds it first."""

    def __init__(self, file: Path) -> None:
        """Raises `JournalError` for another file, and for one that cannot be written."""
        self.file = file
        if not os.access(file if file.exists() else file.parent, os.W_OK):
            raise JournalError(f"{file}: cannot be written")
        self._entries = {entry.number: entry for entry in _read(file)}
        self._lock = FileLock(file.with_name(f"{file.name}.lock"), mode=0o600)

    def hold(self, service: str, accounts: dict[str, str]) -> None:
        """Keep every other run from the file until `release`; what one has written meanwhile is read.

        Raises `JournalError` while another run holds it, and if something is left to undo at another service than this
        or as another account than these, by kind.
        """
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            raise JournalError(f"{self.file}: another run is writing it; give this one a journal of its own") from None
        except OSError as error:
            raise JournalError(f"{self._lock.lock_file}: {error.strerror}") from None
        try:
            self._entries = {entry.number: entry for entry in _read(self.file, mend=True)}
            self._demand(service, accounts)
        except JournalError:
            self.release()
            raise

    def release(self) -> None:
        self._lock.release()

    @property
    def open(self) -> list[Entry]:
        """The calls left to undo, newest first."""
        return [one for one in reversed(self._entries.values()) if _is_open(one)]

    @property
    def uncertain(self) -> list[Entry]:
        """The calls of which nobody knows whether they happened, and that are not undone blindly."""
        return [one for one in self._entries.values() if one.state == "begun" and not _is_open(one)]

    @property
    def failed(self) -> list[Entry]:
        """The calls whose undoing was refused."""
        return [one for one in self._entries.values() if one.state == "failed"]

    def begin(self, operation: Operation, caller: str, way: WayBack, service: str = "", account: str = "") -> Entry:
        number = max(self._entries, default=0) + 1
        entry = Entry(number, operation.id, caller, "begun", way.beforehand, service, account, way.restores)
        self._write(entry)
        return entry

    def settle(self, entry: Entry, way: WayBack, response: Response) -> None:
        """Note what became of a call. Raises `JournalError` where the answer lacks what its undoing needs."""
        if response.status_code >= 500:
            return  # it may have happened all the same
        if not succeeded(response):
            entry.state, entry.undo = "refused", []
        else:
            try:
                entry.undo = way.after(response)
            except AnswerLacks as error:
                raise JournalError(str(error)) from None
            entry.state = "done"
        self._write(entry)

    def undo_all(self, send: Callable[[Step], Response]) -> None:
        """Take everything back, the newest first. What is refused is noted as `failed`."""
        for entry in self.open:
            for step in reversed(list(entry.undo)):
                if succeeded_whole(send(step)):
                    entry.undo.remove(step)
                    self._write(entry)
            entry.state = "failed" if entry.undo else "undone"
            self._write(entry)

    def _demand(self, service: str, accounts: dict[str, str]) -> None:
        for entry in self.open:
            if entry.service != service:
                raise JournalError(
                    f"{self.file}: entry {entry.number} is to be taken back at {entry.service}, not here"
                )
            if entry.account != accounts.get(entry.caller):
                raise JournalError(
                    f"{self.file}: entry {entry.number} is to be taken back by {entry.caller} {entry.account}, whose "
                    "credential is not given"
                )

    def _write(self, entry: Entry) -> None:
        """On the disk before anything else happens. Raises `JournalError`."""
        self._entries[entry.number] = entry
        try:
            descriptor = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "a", encoding="utf-8") as stream:
                stream.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise JournalError(f"{self.file}: {error.strerror}") from None


def _is_open(entry: Entry) -> bool:
    return entry.state == "done" or (entry.state == "begun" and entry.restores)


def _read(file: Path, *, mend: bool = False) -> Iterator[Entry]:
    """The last line of each entry, in the order of the calls."""
    last: dict[int, Entry] = {}
    for number, line in enumerate(_lines(file, mend), 1):
        entry = _entry(line)
        if entry is None:
            raise JournalError(f"{file}: line {number} is not of a journal of compensations")
        last[entry.number] = entry
    yield from last.values()


def _lines(file: Path, mend: bool) -> list[str]:
    """The whole lines. A crash may have cut the last one short: what it says had not happened yet. Who mends the file
    removes it."""
    if not file.exists():
        return []
    try:
        text = file.read_text(encoding="utf-8")
        whole, _, rest = text.rpartition("\n")
        if rest and BEGINNING.startswith(rest[: len(BEGINNING)]):
            if mend:
                os.truncate(file, len(text.encode()) - len(rest.encode()))
            rest = ""
    except OSError as error:
        raise JournalError(f"{file}: {error.strerror}") from None
    except ValueError:
        raise JournalError(f"{file}: not a journal of compensations") from None
    return [*whole.splitlines(), *([rest] if rest else [])]


def _entry(line: str) -> Entry | None:
    """None for what is no entry."""
    try:
        facts = json.loads(line)
        entry = Entry(**{**facts, "undo": [Step(**one) for one in facts["undo"]]})
    except (ValueError, TypeError, KeyError):
        return None
    return entry if entry.state in STATES else None
