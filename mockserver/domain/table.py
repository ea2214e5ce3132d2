"""State that can be taken back: tables of immutable rows, one change log, transactions, snapshots.

A snapshot and a reset cost the changes made since, not the size of the world: rows loaded by the fixture are shared
and never altered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")
_GONE: Any = object()


@dataclass(frozen=True)
class Change:
    """One row written or removed; None stands for no row. `first`: the key had never been written before."""

    table: str
    key: str
    before: Any
    after: Any
    first: bool = False


Log = list[Change]
Snapshot = dict[str, tuple[Mapping[str, Any], dict[str, Any]]]


class Table(Generic[Row]):
    """Rows by key, in the order of their first writing."""

    def __init__(self, name: str, log: Log) -> None:
        self.name = name
        self._log = log
        self._base: Mapping[str, Row] = {}
        self._own: dict[str, Row] = {}

    def get(self, key: str | None) -> Row | None:
        if key is None:
            return None
        row = self._own.get(key)
        if row is None:
            return self._base.get(key)
        return None if row is _GONE else row

    def __getitem__(self, key: str) -> Row:
        row = self.get(key)
        if row is None:
            raise KeyError(key)
        return row

    def __contains__(self, key: str) -> bool:
        return self.get(key) is not None

    def __iter__(self) -> Iterator[Row]:
        """The rows, oldest key first."""
        for key, row in self._base.items():
            own = self._own.get(key)
            if own is None:
                yield row
            elif own is not _GONE:
                yield own
        for key, row in self._own.items():
            if row is not _GONE and key not in self._base:
                yield row

    def __len__(self) -> int:
        gone = sum(1 for key, row in self._own.items() if row is _GONE and key in self._base)
        new = sum(1 for key, row in self._own.items() if row is not _GONE and key not in self._base)
        return len(self._base) - gone + new

    def keys(self) -> Iterator[str]:
        yield from (key for key in self._base if self._own.get(key) is not _GONE)
        yield from (key for key, row in self._own.items() if row is not _GONE and key not in self._base)

    def put(self, key: str, row: Row) -> Row:
        first = key not in self._own and key not in self._base
        self._log.append(Change(self.name, key, self.get(key), row, first))
        self._own[key] = row
        return row

    def remove(self, key: str) -> None:
        self._log.append(Change(self.name, key, self[key], None))
        self._own[key] = _GONE

    def take_back(self, change: Change) -> None:
        """Undo one change; the caller goes through the log backwards."""
        if change.before is not None:
            self._own[change.key] = change.before
        elif change.first:
            del self._own[change.key]
        else:
            # A removed row keeps its place, in case its removal is taken back too.
            self._own[change.key] = _GONE

    def settle(self) -> None:
        """Make all rows the shared base: cheap to come back to from here on."""
        self._base = dict(zip(self.keys(), self, strict=True))
        self._own = {}

    def saved(self) -> tuple[Mapping[str, Row], dict[str, Row]]:
        return self._base, dict(self._own)

    def load(self, saved: tuple[Mapping[str, Row], dict[str, Row]]) -> None:
        self._base, self._own = saved[0], dict(saved[1])


class State:
    """All tables of a sandbox and the log of the running transaction."""

    def __init__(self) -> None:
        self._log: Log = []
        self._tables: dict[str, Table[Any]] = {}
        self._depth = 0
        self.version = 0
        """Grows whenever rows may have changed other than by `put` and `remove`; caches watch it."""

    def table(self, name: str) -> Table[Any]:
        """The table `name`, made at its first use."""
        if name not in self._tables:
            self._tables[name] = Table(name, self._log)
        return self._tables[name]

    @property
    def names(self) -> list[str]:
        return sorted(self._tables)

    @contextmanager
    def transaction(self) -> Iterator[Log]:
        """Changes made inside are kept if the block ends, and all taken back if it raises. Yields the log of the
        block's changes, complete when the block has ended."""
        start = len(self._log)
        kept: Log = []
        self._depth += 1
        try:
            yield kept
            kept.extend(self._log[start:])
        except BaseException:
            self._take_back(start)
            raise
        finally:
            self._depth -= 1
            if not self._depth:
                self._log.clear()

    def snapshot(self) -> Snapshot:
        return {name: table.saved() for name, table in self._tables.items()}

    def restore(self, snapshot: Snapshot) -> None:
        for name, table in self._tables.items():
            table.load(snapshot.get(name, ({}, {})))
        self._log.clear()
        self.version += 1

    def settle(self) -> None:
        for table in self._tables.values():
            table.settle()
        self._log.clear()

    def dump(self) -> dict[str, dict[str, Any]]:
        """Every row of every table, for comparisons."""
        return {name: dict(zip(table.keys(), table, strict=True)) for name, table in self._tables.items() if len(table)}

    def _take_back(self, start: int) -> None:
        while len(self._log) > start:
            change = self._log.pop()
            self._tables[change.table].take_back(change)
        self.version += 1
