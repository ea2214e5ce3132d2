"""The run for programs: one JSON object of a versioned form, described in `docs/contract-runs.md`."""

from __future__ import annotations

from typing import BinaryIO, Literal

import msgspec

from contracts.reports.coverage import Field, Rule
from contracts.reports.shown import Shown
from contracts.reports.tally import Example, OperationTally, PartTally, Tally
from mockserver.contract.documents import Json

VERSION: Literal[1] = 1


class RuleForm(msgspec.Struct, frozen=True):
    """A keyword of a schema; `at_bound` of the valid values were exactly as the bound allows."""

    keyword: str
    bound: Json
    valid: int
    invalid: int
    at_bound: int | None


class FieldForm(msgspec.Struct, frozen=True):
    """An input; `nothing` counts the ways to say nothing, `values` the values of an enumeration."""

    name: str
    place: str
    sent: int
    nothing: dict[str, int]
    values: dict[str, int]
    rules: list[RuleForm]


class PhaseForm(msgspec.Struct, frozen=True):
    """A part of the run; seconds are null where it did not end."""

    phase: str
    caller: str
    outcome: str
    cases: int
    accepted: int
    withheld: int
    findings: int
    seconds: float | None


class CodeForm(msgspec.Struct, frozen=True):
    """A documented code, or another one that was answered."""

    status: int
    code: str
    inside: str
    documented: bool
    answered: int


class OperationForm(msgspec.Struct, frozen=True):
    """What was tried of an operation."""

    operation: str
    area: str
    phases: list[PhaseForm]
    codes: list[CodeForm]
    inputs: list[FieldForm]


class CallForm(msgspec.Struct, frozen=True):
    """A masked call and its answer."""

    method: str
    url: str
    headers: list[tuple[str, str]]
    body: str
    status: int
    answer: str


class ExampleForm(msgspec.Struct, frozen=True):
    """A finding; `first` is the call that showed it first, where `call` is a smaller one."""

    phase: str
    caller: str
    complaint: str
    case: str
    call: CallForm
    first: CallForm | None
    curl: str


class FindingsForm(msgspec.Struct, frozen=True):
    """The findings of one kind at one operation."""

    operation: str
    kind: str
    count: int
    examples: list[ExampleForm]


class LeftOutForm(msgspec.Struct, frozen=True):
    """What was asked for and not sent."""

    operation: str
    phase: str
    reason: str


class UnseenForm(msgspec.Struct, frozen=True):
    """A property that the target had nothing to show for."""

    operation: str
    property: str
    reason: str


class TotalsForm(msgspec.Struct, frozen=True):
    """Counts of the run."""

    parts: int
    cases: int
    accepted: int
    withheld: int
    findings: int
    seconds: float


class RunForm(msgspec.Struct, frozen=True):
    """The whole file. `ended` is false where the run was broken off, `why` the reason if not all was run."""

    version: Literal[1]
    target: str
    site: str
    seed: int
    began: str
    ended: bool
    why: str
    totals: TotalsForm
    operations: list[OperationForm]
    whole: list[PhaseForm]
    """The phases that are of no single operation."""
    findings: list[FindingsForm]
    left_out: list[LeftOutForm]
    unseen: list[UnseenForm]


def write(tally: Tally, target: str, began: str, file: BinaryIO) -> None:
    """Write the report of a tally; `target` is its name, `began` an instant."""
    encoded = msgspec.json.encode(form(tally, target, began), enc_hook=str, order="deterministic")
    file.write(msgspec.json.format(encoded, indent=2) + b"\n")


def form(tally: Tally, target: str, began: str) -> RunForm:
    """What the file says."""
    return RunForm(
        version=VERSION,
        target=target,
        site=tally.site,
        seed=tally.seed,
        began=began,
        ended=tally.totals is not None,
        why=tally.why,
        totals=_totals(tally),
        operations=[_operation(tally, one) for _, one in sorted(tally.operations.items())],
        whole=[_phase(one) for one in tally.parts_of("")],
        findings=[
            FindingsForm(one.operation, one.kind, one.count, [_example(each) for each in one.examples])
            for one in tally.groups
        ],
        left_out=[LeftOutForm(one.operation, one.phase, one.reason) for one in tally.left_out],
        unseen=[UnseenForm(one.part.operation, one.name, one.why) for one in tally.unseen],
    )


def _totals(tally: Tally) -> TotalsForm:
    parts = tally.parts.values()
    return TotalsForm(
        parts=sum(one.started for one in parts),
        cases=sum(one.cases for one in parts),
        accepted=sum(one.accepted for one in parts),
        withheld=sum(one.withheld for one in parts),
        findings=tally.found,
        seconds=_rounded(tally.elapsed),
    )


def _operation(tally: Tally, one: OperationTally) -> OperationForm:
    inputs = one.coverage.fields.values() if one.coverage else ()
    return OperationForm(
        operation=one.operation.id,
        area=one.operation.area,
        phases=[_phase(part) for part in tally.parts_of(one.operation.id)],
        codes=[CodeForm(*code, True, one.times(code)) for code in one.codes]
        + [CodeForm(status, code, "", False, times) for (status, code), times in one.undocumented.items()],
        inputs=[_field(each) for each in inputs],
    )


def _phase(one: PartTally) -> PhaseForm:
    return PhaseForm(
        phase=one.part.phase,
        caller=one.part.caller,
        outcome=one.outcome,
        cases=one.cases,
        accepted=one.accepted,
        withheld=one.withheld,
        findings=one.findings.total(),
        seconds=None if one.elapsed is None else _rounded(one.elapsed),
    )


def _field(one: Field) -> FieldForm:
    return FieldForm(
        one.name, one.place, one.sent, dict(one.nothing), dict(one.values), [_rule(rule) for rule in one.rules]
    )


def _rule(one: Rule) -> RuleForm:
    return RuleForm(one.keyword, one.bound, one.valid, one.invalid, one.at_bound if one.is_bound else None)


def _example(one: Example) -> ExampleForm:
    first = _call(one.first) if one.first else None
    part = one.part
    return ExampleForm(part.phase, part.caller, one.complaint, one.case, _call(one.call), first, one.curl)


def _call(one: Shown) -> CallForm:
    return CallForm(one.method, one.url, one.headers, one.body, one.status, one.answer)


def _rounded(seconds: float) -> float:
    return round(seconds, 3)
