"""What a filter selects: `x-selects` of its document, as a test of rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property
from typing import Any

from contracts.properties.lists import Row, at
from mockserver.contract.documents import Document, Json

CHINA = timezone(timedelta(hours=8))
INSTANT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, eq=False)
class Selects:
    """One filter's meaning."""

    facts: Document

    @property
    def by(self) -> str:
        return str(self.facts["by"])

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The fields of a row that it looks at; none where the answer shows none."""
        told = self.facts.get("field", ())
        return (told,) if isinstance(told, str) else tuple(told)

    def means_nothing(self, value: Json) -> bool:
        """Whether a value is no filter at all."""
        return "otherwise" in self.facts and str(value) not in self.facts["means"]

    def is_shown(self, value: Json) -> bool:
        """Whether the answer shows what the value selects by."""
        if self.by == "pairs":
            return all(Selects(self.facts["each"][one["key"]]).is_shown(one["value"]) for one in value)
        return bool(self.paths) and ("means" not in self.facts or str(value) in self.facts["means"])

    def lets_through(self, value: Json, row: Row) -> bool:
        """Whether a row belongs to the answer. Only asked where `is_shown`, or where the value means nothing."""
        if self.means_nothing(value):
            return True
        if self.by == "pairs":
            return all(Selects(self.facts["each"][one["key"]]).lets_through(one["value"], row) for one in value)
        wanted = self.facts["means"][str(value)] if "means" in self.facts else value
        return any(self._fits(wanted, told) for path in self.paths for told in at(row, path))

    def _fits(self, wanted: Json, told: Any) -> bool:
        if self.by == "in":
            return any(self._form(told) == self._form(one) for one in self._values(wanted))
        if self.by == "member":
            return self._form(wanted) in [self._form(one) for one in self._values(told)]
        return _compared(self.by, self._form(self.seen(told)), self._form(wanted))

    def seen(self, told: Any) -> Any:
        """A value of the row as the filter sees it."""
        return china_day(told) if self.facts.get("china_day") else told

    def _values(self, several: Any) -> list[Any]:
        separator = self.facts.get("separator")
        if separator and isinstance(several, str):
            return several.split(separator)
        return several if isinstance(several, list) else [several]

    def _form(self, value: Any) -> str:
        return str(value).casefold() if self.facts.get("ignore_case") else str(value)


def _compared(by: str, told: str, wanted: str) -> bool:
    """Instants and days sort as their texts do."""
    return {
        "equal": told == wanted,
        "contains": wanted in told,
        "prefix": told.startswith(wanted),
        "from": told >= wanted,
        "until": told <= wanted,
        "after": told > wanted,
        "before": told < wanted,
    }[by]


def china_day(instant: str) -> str:
    """The day in China time of an instant in UTC."""
    return f"{parsed(instant).astimezone(CHINA):%Y-%m-%d}"


def parsed(text: str) -> datetime:
    """An instant in UTC, or the beginning of a day in China."""
    if "T" in text:
        return datetime.strptime(text, INSTANT).replace(tzinfo=UTC)
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=CHINA)


def moved(text: str, step: int) -> str:
    """An instant so many seconds later, or a day so many days."""
    if "T" in text:
        return f"{parsed(text) + timedelta(seconds=step):{INSTANT}}"
    return f"{parsed(text) + timedelta(days=step):%Y-%m-%d}"
