"""The run as one page for people: it asks nobody for anything, so it can be kept and sent around."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from contracts.reports.coverage import Field, Rule
from contracts.reports.summary import area_lines
from contracts.reports.tally import Group, OperationTally, PartTally, Tally
from mockserver import __version__
from mockserver.contract.openapi import page_url

PAGE = Path(__file__).with_name("page")
LONGEST_BOUND = 60
"""Characters of a bound that are shown beside its keyword."""


@dataclass(frozen=True)
class Count:
    """So many of so many."""

    some: int
    all: int

    def __str__(self) -> str:
        return f"{self.some} of {self.all}"


@dataclass(frozen=True)
class OperationPage:
    """What the page shows of an operation."""

    tally: OperationTally
    parts: list[PartTally]
    groups: list[Group]

    @property
    def id(self) -> str:
        return self.tally.operation.id

    @property
    def source(self) -> str:
        return page_url(self.tally.view.document["x-page"])

    @property
    def outcome(self) -> str:
        """`findings`, `not run`, `not ended` or `clean`."""
        outcomes = {one.outcome for one in self.parts}
        if self.groups:
            return "findings"
        if outcomes <= {"not run"}:
            return "not run"
        return "clean" if outcomes == {"clean"} else "not ended"

    @property
    def cases(self) -> int:
        return sum(one.cases for one in self.parts)

    @property
    def findings(self) -> int:
        return sum(one.count for one in self.groups)

    @cached_property
    def codes(self) -> Count:
        return Count(self.tally.exercised, len(self.tally.expected))

    @cached_property
    def fields(self) -> list[Field]:
        return list(self.tally.coverage.fields.values()) if self.tally.coverage else []

    @cached_property
    def inputs(self) -> Count:
        return Count(sum(one.sent > 0 for one in self.fields), len(self.fields))

    @cached_property
    def rules(self) -> Count:
        rules = [rule for one in self.fields for rule in one.rules]
        return Count(sum(rule.is_covered for rule in rules), len(rules))

    @property
    def gaps(self) -> str:
        """What was not tried, as words that the page filters by."""
        counts = {"codes": self.codes, "inputs": self.inputs, "rules": self.rules}
        return " ".join(name for name, count in counts.items() if count.some < count.all)

    @property
    def words(self) -> str:
        """What a search finds it by."""
        operation, kinds = self.tally.operation, [one.kind for one in self.groups]
        codes = [code for _, code, _ in self.tally.codes]
        title = operation.document.get("x-title-zh", "")
        words = [self.id, operation.method, operation.path, operation.document["summary"], title, *codes, *kinds]
        return " ".join(words).lower()


@dataclass(frozen=True)
class Kind:
    """A kind of findings, over all operations."""

    name: str
    groups: list[Group]

    @property
    def count(self) -> int:
        return sum(one.count for one in self.groups)


class Page:
    """What the page shows."""

    version = __version__

    def __init__(self, tally: Tally, target: str, began: str) -> None:
        self.tally = tally
        self.target = target
        self.began = began
        self.operations = [
            OperationPage(one, tally.parts_of(name), tally.groups_of(name))
            for name, one in sorted(tally.operations.items(), key=lambda item: (item[1].operation.area, item[0]))
        ]
        self.whole = tally.parts_of("")
        self.whole_groups = tally.groups_of("")
        self.areas = area_lines(tally)

    @property
    def outcome(self) -> str:
        if self.tally.found:
            return "findings"
        unfinished = self.tally.totals is None or any(one.outcome != "clean" for one in self.tally.parts.values())
        return "not ended" if unfinished else "clean"

    @property
    def ran(self) -> Count:
        ran = {one.part.operation for one in self.tally.parts.values() if one.started and one.part.operation}
        return Count(len(ran), len(self.operations))

    @property
    def accepted(self) -> int:
        return sum(one.accepted for one in self.tally.parts.values())

    @property
    def codes(self) -> Count:
        return _sum(one.codes for one in self.operations)

    @property
    def inputs(self) -> Count:
        return _sum(one.inputs for one in self.operations)

    @property
    def rules(self) -> Count:
        return _sum(one.rules for one in self.operations)

    @property
    def kinds(self) -> list[Kind]:
        names = dict.fromkeys(one.kind for one in self.tally.groups)
        kinds = [Kind(name, [one for one in self.tally.groups if one.kind == name]) for name in names]
        return sorted(kinds, key=lambda one: -one.count)

    @property
    def left_out(self) -> list[tuple[str, list[str]]]:
        """Each reason with what it left out."""
        return _by_reason((one.reason, f"{one.operation} {one.phase}".strip()) for one in self.tally.left_out)

    @property
    def unseen(self) -> list[tuple[str, list[str]]]:
        """Each reason with the properties that it left nothing to see for."""
        return _by_reason((one.why, f"{one.part.operation} {one.name}") for one in self.tally.unseen)

    @property
    def not_run(self) -> int:
        return sum(one.outcome in ("not run", "not ended") for one in self.tally.parts.values())


def _by_reason(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    ordered = sorted(pairs, key=lambda pair: pair[0])
    return [(reason, [name for _, name in same]) for reason, same in groupby(ordered, key=lambda pair: pair[0])]


def write(tally: Tally, target: str, began: str, file: BinaryIO) -> None:
    """Write the page of a tally; `target` is its name, `began` an instant."""
    file.write(render(Page(tally, target, began)).encode(errors="replace"))


def render(page: Page) -> str:
    style, script = ((PAGE / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    environment = Environment(
        loader=FileSystemLoader(PAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(state=_state, bound=_bound)
    return environment.get_template("page.html.j2").render(
        page=page,
        style=Markup(style),  # noqa: S704  (our own file)
        script=Markup(script),  # noqa: S704  (our own file)
        policy=_policy(style, script),
    )


def _policy(style: str, script: str) -> str:
    """Nothing runs or is loaded but what this page came with, whatever an answer holds."""
    return f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:; base-uri 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _sum(counts: Iterable[Count]) -> Count:
    listed = list(counts)
    return Count(sum(one.some for one in listed), sum(one.all for one in listed))


def _state(rule: Rule) -> str:
    if rule.is_covered:
        return "both"
    return "valid" if rule.valid else "invalid" if rule.invalid else "none"


def _bound(rule: Rule) -> str:
    """What stands beside a keyword; an enumeration is told by its values."""
    if rule.keyword in ("required", "enum"):
        return ""
    text = " or ".join(map(str, rule.bound)) if isinstance(rule.bound, list) else str(rule.bound)
    return text if len(text) <= LONGEST_BOUND else f"{text[:LONGEST_BOUND]}..."
