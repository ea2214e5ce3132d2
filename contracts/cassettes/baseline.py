"""Differences that are known and accepted, each with the reason why."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

import msgspec

from contracts.cassettes.diff import Difference


class BaselineError(Exception):
    """A baseline that cannot be used; the text names the file and what is wrong in it."""


class Accepted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One accepted difference. The id decides; the other fields are for readers."""

    id: str
    operation: str
    place: str
    kind: str
    sentence: str
    reason: str


class Baseline(msgspec.Struct, forbid_unknown_fields=True):
    """All accepted differences."""

    accepted: list[Accepted] = []

    def new(self, differences: Iterable[Difference]) -> list[Difference]:
        """Those that are not accepted."""
        known = {one.id for one in self.accepted}
        return [one for one in differences if one.id not in known]

    def stale(self, differences: Iterable[Difference], compared: Collection[str]) -> list[Accepted]:
        """What is accepted and no longer there, of the operations that were compared."""
        found = {one.id for one in differences}
        return [one for one in self.accepted if one.operation in compared and one.id not in found]

    def updated(self, differences: Collection[Difference], compared: Collection[str], reason: str) -> Baseline:
        """With these differences accepted, those of before with the reason that they had, and without stale ones."""
        stale = {one.id for one in self.stale(differences, compared)}
        kept = [one for one in self.accepted if one.id not in stale]
        added = [_accepted(one, reason) for one in self.new(differences)]
        return Baseline(sorted([*kept, *added], key=lambda one: (one.operation, one.place, one.kind)))


def read(file: Path) -> Baseline:
    """Read a baseline; one that is not there yet accepts nothing. Raises `BaselineError`."""
    if not file.exists():
        return Baseline()
    try:
        baseline = msgspec.json.decode(file.read_bytes(), type=Baseline)
    except OSError as error:
        raise BaselineError(f"{file}: {error.strerror}") from None
    except (msgspec.DecodeError, ValueError) as error:
        raise BaselineError(f"{file}: not a baseline: {error}") from None
    for one in baseline.accepted:
        if not one.reason.strip():
            raise BaselineError(f"{file}: {one.id} ({one.operation}, {one.place}) is accepted without a reason")
    return baseline


def write(baseline: Baseline, file: Path) -> None:
    """Raises `OSError`."""
    file.write_bytes(msgspec.json.format(msgspec.json.encode(baseline), indent=2) + b"\n")


def _accepted(one: Difference, reason: str) -> Accepted:
    return Accepted(one.id, one.operation, one.place, one.kind, one.sentence, reason)
