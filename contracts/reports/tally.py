"""What a run has done so far: counts, and the first findings of each kind. Reports are written from it.

Memory is bounded by the contract and the plan, not by the number of calls.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote, urlsplit

from requests import PreparedRequest

from contracts.checks import Answer, Row
from contracts.events import (
    CaseWithheld,
    Checked,
    Event,
    ExchangeSent,
    Finding,
    FindingFound,
    LeftOut,
    Part,
    PartEnded,
    PartStarted,
    PlanMade,
    RunEnded,
    Totals,
)
from contracts.reports.coverage import Coverage
from contracts.reports.curl import curl_line
from contracts.reports.sdk_snippet import snippet
from contracts.reports.shown import Hiding, Shown
from mockserver.contract.operation import ErrorRow, Operation, SiteView
from mockserver.contract.registry import Contract

KEPT = 3
"""Findings of one kind and operation that are kept in full, if they are not the first of a part."""
KINDS_KEPT = 100
"""Kinds of findings of one operation that are told apart."""
OTHERS = "findings of further kinds"


@dataclass(frozen=True)
class Example:
    """A finding, masked. Where it was shrunk, `call` is the smallest call and `first` the one that showed it first."""

    part: Part
    operation: str
    complaint: str
    case: str
    call: Shown
    curl: str
    sdk: str
    first: Shown | None = None

    @property
    def title(self) -> str:
        """The first line of the complaint."""
        return self.complaint.partition("\n")[0]


@dataclass
class Group:
    """The findings of one kind at one operation: the first of each part, and some that complain of something else."""

    operation: str
    kind: str
    count: int = 0
    examples: list[Example] = field(default_factory=list)
    complaints: set[str] = field(default_factory=set, repr=False)
    """What is complained of in the examples, not masked: to compare with."""

    def wants(self, part: Part, complaint: str) -> bool:
        """Whether a further finding is kept in full."""
        if all(one.part != part for one in self.examples):
            return True
        return len(self.examples) < KEPT and complaint not in self.complaints


@dataclass
class PartTally:
    """How far a part came; `elapsed` in seconds, None until it ended."""

    part: Part
    started: bool = False
    cases: int = 0
    accepted: int = 0
    withheld: int = 0
    withheld_why: str = ""
    findings: Counter[str] = field(default_factory=Counter)
    elapsed: float | None = None

    @property
    def outcome(self) -> str:
        if not self.started:
            return "not run"
        if self.findings:
            return "findings"
        return "clean" if self.elapsed is not None else "not ended"


Code = tuple[int, str, str]
"""Status, error code, and for the code of a part of a success the name of its list."""


class OperationTally:
    """What was tried of one operation."""

    def __init__(self, operation: Operation, site: str, *, covering: bool) -> None:
        self.operation = operation
        self.view = operation.on(site)
        self.rows: Counter[Row] = Counter()
        self.inside: Counter[tuple[str, str]] = Counter()
        """Codes in the lists of successes, with the names of the lists."""
        self.coverage = Coverage(self.view) if covering else None

    def meet(self, answer: Answer) -> None:
        self.rows[answer.row] += 1
        if answer.response.ok and isinstance(answer.body, dict):
            self.inside.update(_partial_failures(answer.body))
        if self.coverage is not None:
            self.coverage.meet(answer.request)

    @cached_property
    def codes(self) -> dict[Code, list[ErrorRow]]:
        """The documented codes on the site, each with the rows that have it."""
        found: dict[Code, list[ErrorRow]] = {}
        for row in self.view.errors:
            found.setdefault((row.status, row.code, row.inside or ""), []).append(row)
        return found

    def times(self, code: Code) -> int:
        """How often a documented code was answered."""
        status, name, inside = code
        return self.inside[inside, name] if inside else self.rows[status, name]

    @property
    def undocumented(self) -> dict[Row, int]:
        """The refusals that were answered and are not in the document: the gateway's own, and findings."""
        documented = {(status, code) for status, code, inside in self.codes if not inside}
        return {row: times for row, times in sorted(self.rows.items()) if row[1] and row not in documented}

    @cached_property
    def expected(self) -> list[Code]:
        """The documented codes that a run can meet without anything failing inside the target."""
        return [code for code, rows in self.codes.items() if any("internal" not in row.causes for row in rows)]

    @property
    def exercised(self) -> int:
        """How many of the expected codes were answered."""
        return sum(self.times(one) > 0 for one in self.expected)


class Tally:
    """Counts a run. `whole` finds what is told of the run and of no single operation under the empty name."""

    def __init__(self, contract: Contract, site: str, *, covering: bool = True) -> None:
        """`covering` also counts what the requests tried, which costs time."""
        self.contract = contract
        self.site = site
        self.seed = 0
        self.parts: dict[Part, PartTally] = {}
        self.operations: dict[str, OperationTally] = {}
        self.left_out: tuple[LeftOut, ...] = ()
        self.unseen: list[Checked] = []
        """Properties of operations for which the target had nothing to show."""
        self.totals: Totals | None = None
        self.why = ""
        self.sent = 0
        self.found = 0
        self._groups: dict[str, dict[str, Group]] = {}
        self._covering = covering
        self._chosen = False

    def __call__(self, event: Event) -> None:
        match event:
            case PlanMade():
                self._plan(event)
            case PartStarted():
                self._part(event.part).started = True
            case ExchangeSent():
                self._meet(event.part, event.answer)
            case CaseWithheld():
                self._withhold(event)
            case FindingFound():
                self._find(event.part, event.finding)
            case Checked():
                self.unseen.extend([event] * event.saw_nothing)
            case PartEnded():
                self._end(event)
            case RunEnded():
                self.totals, self.why = event.totals, event.why

    @property
    def areas(self) -> list[str]:
        return sorted({one.operation.area for one in self.operations.values()})

    @property
    def elapsed(self) -> float:
        """Seconds: of the run, or of the ended parts if it did not end."""
        if self.totals is not None:
            return self.totals.elapsed
        return sum(one.elapsed or 0.0 for one in self.parts.values())

    def parts_of(self, operation: str) -> list[PartTally]:
        """Empty for the whole phases, that are of no operation."""
        return [one for one in self.parts.values() if one.part.operation == operation]

    def groups_of(self, operation: str) -> list[Group]:
        return list(self._groups.get(operation, {}).values())

    @property
    def groups(self) -> list[Group]:
        """The kinds of findings, the most frequent first."""
        found = [group for groups in self._groups.values() for group in groups.values()]
        return sorted(found, key=lambda one: -one.count)

    def examples_of(self, part: Part) -> list[Example]:
        return [one for group in self.groups for one in group.examples if one.part == part]

    def meant(self, part: Part, request: PreparedRequest) -> SiteView | None:
        """The operation that a request means: a removed one only where its own part sends it, or no other has it."""
        method, path = str(request.method), unquote(urlsplit(str(request.url)).path)
        matches = [self.contract.match(method, path, self.site, removed) for removed in (False, True)]
        found = [one.operation for one in matches if one is not None]
        own = [one for one in found if one.id == part.operation]
        return (own or found)[0].on(self.site) if found else None

    def _plan(self, plan: PlanMade) -> None:
        self.seed, self.left_out = plan.seed, plan.left_out
        self.parts = {part: PartTally(part) for part in plan.parts}
        named = {one.operation for one in plan.parts} | {one.operation for one in plan.left_out}
        for name in filter(None, sorted(named)):
            self._operation(name)
        self._chosen = bool(self.operations)

    def _operation(self, name: str) -> OperationTally | None:
        operation = self.contract.operations.get(name)
        if operation is None or self.site not in operation.sites:
            return None
        if name not in self.operations:
            self.operations[name] = OperationTally(operation, self.site, covering=self._covering)
        return self.operations[name]

    def _part(self, part: Part) -> PartTally:
        return self.parts.setdefault(part, PartTally(part))

    def _meet(self, part: Part, answer: Answer) -> None:
        tally = self._part(part)
        tally.cases += 1
        tally.accepted += answer.response.ok
        self.sent += 1
        view = self.meant(part, answer.request)
        operation = self._reached(view) if view is not None else None
        if operation is not None:
            operation.meet(answer)

    def _reached(self, view: SiteView) -> OperationTally | None:
        """The count of an operation that was called. Where the plan names operations, no others are counted."""
        name = view.operation.id
        return self.operations.get(name) if self._chosen else self._operation(name)

    def _withhold(self, event: CaseWithheld) -> None:
        tally = self._part(event.part)
        tally.withheld += 1
        tally.withheld_why = event.reason

    def _end(self, event: PartEnded) -> None:
        tally = self._part(event.part)
        tally.started, tally.elapsed = True, event.elapsed
        tally.cases, tally.accepted = event.cases, event.accepted

    def _find(self, part: Part, finding: Finding) -> None:
        self.found += 1
        self._operation(finding.operation)
        group = self._group(finding)
        group.count += 1
        self._part(part).findings[group.kind] += 1
        if group.wants(part, finding.complaint):
            group.complaints.add(finding.complaint)
            group.examples.append(self._example(part, finding))

    def _group(self, finding: Finding) -> Group:
        groups = self._groups.setdefault(finding.operation, {})
        kind = finding.kind if finding.kind in groups or len(groups) < KINDS_KEPT else OTHERS
        if kind not in groups:
            groups[kind] = Group(finding.operation, Hiding(None, finding.answer).text(kind))
        return groups[kind]

    def _example(self, part: Part, finding: Finding) -> Example:
        view = self.meant(part, (finding.shrunk or finding.answer).request)
        smallest = Hiding(view, finding.shrunk or finding.answer)
        first = Hiding(self.meant(part, finding.answer.request), finding.answer) if finding.shrunk else smallest
        return Example(
            part=part,
            operation=finding.operation,
            complaint=smallest.text(first.text(finding.complaint)),
            case=smallest.text(first.text(finding.case)),
            call=smallest.shown,
            curl=curl_line(view, smallest.shown),
            sdk=snippet(view, smallest.shown) if view else "",
            first=first.shown if finding.shrunk else None,
        )


def _partial_failures(body: dict[str, object]) -> set[tuple[str, str]]:
    entries = [(name, entry) for name, value in body.items() if isinstance(value, list) for entry in value]
    return {(name, str(one["error_code"])) for name, one in entries if isinstance(one, dict) and one.get("error_code")}
