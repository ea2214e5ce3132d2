"""The run in JUnit's form: a test case for each part, a suite for each area."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import BinaryIO
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from contracts.reports.tally import Example, PartTally, Tally

WHOLE = "run"
"""Suite and class of the phases that are of no single operation."""
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold."""


@dataclass(frozen=True)
class TestCase:
    """One line of the report; `failure` and `skipped` are empty where they do not apply."""

    area: str
    name: str
    operation: str
    seconds: float = 0.0
    failure: str = ""
    text: str = ""
    skipped: str = ""


def write(tally: Tally, file: BinaryIO) -> None:
    """Write the report of a tally."""
    cases = sorted([*_run(tally), *_left_out(tally)], key=lambda one: (one.area, one.operation, one.name))
    root = Element("testsuites", {"name": "partner-mock verify", **_counts(cases)})
    for area, same in groupby(cases, key=lambda one: one.area):
        _add_suite(root, area, list(same))
    indent(root)
    ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)
    file.write(b"\n")


def _run(tally: Tally) -> Iterable[TestCase]:
    for one in tally.parts.values():
        part = one.part
        yield TestCase(
            area=part.area or WHOLE,
            name=f"{part.phase} as {part.caller}" if part.caller else part.phase,
            operation=part.operation or WHOLE,
            seconds=one.elapsed or 0.0,
            failure=_failure(one),
            text="\n\n".join(map(_text, tally.examples_of(part))),
            skipped=_skipped(one, tally.why),
        )


def _left_out(tally: Tally) -> Iterable[TestCase]:
    for one in tally.left_out:
        operation = tally.contract.operations.get(one.operation)
        area = operation.area if operation else WHOLE
        yield TestCase(area, one.phase or "all phases", one.operation or WHOLE, skipped=one.reason)


def _failure(one: PartTally) -> str:
    return "; ".join(f"{kind} ({count})" for kind, count in one.findings.most_common())


def _text(example: Example) -> str:
    call = example.call
    return (
        f"{example.operation or WHOLE}: {example.complaint}\n"
        f"  case    {example.case}\n"
        f"  call    {call.method} {call.path}\n"
        f"  body    {call.body}\n"
        f"  answer  {call.status} {call.answer}"
    )


def _skipped(one: PartTally, why: str) -> str:
    return (why or "the run ended before it") if one.outcome in ("not run", "not ended") else ""


def _add_suite(root: Element, area: str, cases: list[TestCase]) -> None:
    suite = SubElement(root, "testsuite", {"name": area, **_counts(cases)})
    for one in cases:
        named = {"classname": f"{area}.{one.operation}", "name": one.name, "time": f"{one.seconds:.3f}"}
        element = SubElement(suite, "testcase", named)
        if one.failure:
            failure = SubElement(element, "failure", {"message": _clean(one.failure), "type": "finding"})
            failure.text = _clean(one.text)
        elif one.skipped:
            SubElement(element, "skipped", {"message": _clean(one.skipped)})


def _counts(cases: list[TestCase]) -> dict[str, str]:
    return {
        "tests": str(len(cases)),
        "failures": str(sum(bool(one.failure) for one in cases)),
        "errors": "0",
        "skipped": str(sum(bool(one.skipped and not one.failure) for one in cases)),
        "time": f"{sum(one.seconds for one in cases):.3f}",
    }


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
