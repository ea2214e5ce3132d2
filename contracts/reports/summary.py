"""The end of a run in tables: what was covered of each area, and what was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from contracts.reports.tally import Example, Group, OperationTally, Tally

LONGEST = 400
"""Characters of a line about a finding; the reports have all of it."""


@dataclass(frozen=True)
class AreaLine:
    """What was done of one area."""

    area: str
    operations: int
    cases: int
    accepted: int
    exercised: int
    """Documented codes that were answered; those of failures inside the target do not count."""
    documented: int
    findings: int


def area_lines(tally: Tally) -> list[AreaLine]:
    """A line for each area, and one for the phases that are of no operation if there are any."""
    lines = [_line(tally, area, _of_area(tally, area)) for area in tally.areas]
    return [*lines, _line(tally, "", [])] if tally.parts_of("") else lines


def print_summary(tally: Tally, console: Console) -> None:
    """Print the tables; without a terminal nothing is coloured or cut."""
    console.print(_areas(tally), soft_wrap=True)
    for group in _first_of_each_kind(tally):
        console.print(_told(tally, group), soft_wrap=True)
    console.print(_last_lines(tally), soft_wrap=True)


def _of_area(tally: Tally, area: str) -> list[OperationTally]:
    return [one for one in tally.operations.values() if one.operation.area == area]


def _line(tally: Tally, area: str, operations: list[OperationTally]) -> AreaLine:
    parts = [one for one in tally.parts.values() if one.part.area == area]
    names = {one.operation.id for one in operations} or {""}
    return AreaLine(
        area=area,
        operations=len({one.part.operation for one in parts if one.started and one.part.operation}),
        cases=sum(one.cases for one in parts),
        accepted=sum(one.accepted for one in parts),
        exercised=sum(one.exercised for one in operations),
        documented=sum(len(one.expected) for one in operations),
        findings=sum(one.count for one in tally.groups if one.operation in names),
    )


def _areas(tally: Tally) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("AREA", "OPERATIONS", "CASES", "ACCEPTED", "CODES", "FINDINGS"):
        table.add_column(heading, justify="left" if heading == "AREA" else "right", no_wrap=True)
    for one in area_lines(tally):
        codes = f"{one.exercised} of {one.documented}" if one.documented else ""
        style = "bold red" if one.findings else ""
        cells = (one.area or "(whole run)", str(one.operations), str(one.cases), str(one.accepted), codes)
        table.add_row(*cells, Text(str(one.findings), style))
    return table


def _first_of_each_kind(tally: Tally) -> Iterable[Group]:
    """The group of each kind that was found most often."""
    first: dict[str, Group] = {}
    for group in tally.groups:
        first.setdefault(group.kind, group)
    return first.values()


def _told(tally: Tally, group: Group) -> Text:
    same = [one for one in tally.groups if one.kind == group.kind]
    count, operations = sum(one.count for one in same), sorted({one.operation for one in same if one.operation})
    where = f" in {len(operations)} operations" if len(operations) > 1 else ""
    told = Text(f"\n{group.kind}: {count} found{where}\n", "bold")
    return told.append(_example(group.examples[0]), "not bold")


def _example(one: Example) -> str:
    call = one.call
    lines = [
        f"{one.operation or 'whole run'}: {one.title}",
        f"case    {one.part.phase}: {one.case}",
        f"call    {call.method} {call.path}",
        f"body    {call.body}" if call.body else "",
        f"answer  {call.status} {call.answer}",
    ]
    return "\n".join(f"  {_cut(line)}" for line in lines if line)


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}..."


def _last_lines(tally: Tally) -> str:
    parts = tally.parts.values()
    counts = [
        f"{sum(one.started for one in parts)} parts",
        f"{tally.sent} calls, {sum(one.accepted for one in parts)} of them accepted",
        _some(sum(one.withheld for one in parts), "withheld"),
        _some(len(tally.left_out), "left out of the plan"),
        _some(len(tally.unseen), "properties with nothing to see"),
        f"{tally.found} findings of {len({one.kind for one in tally.groups})} kinds" if tally.found else "no findings",
    ]
    lines = [f"\nseed {tally.seed}, {tally.elapsed:.1f} s: {'; '.join(filter(None, counts))}"]
    not_run = sum(one.outcome in ("not run", "not ended") for one in parts)
    if not_run:
        lines.append(f"{tally.why or 'broken off'}: {not_run} of {len(parts)} parts did not run to their end")
    return "\n".join(lines)


def _some(count: int, what: str) -> str:
    return f"{count} {what}" if count else ""
