"""The report for programs."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec

from contracts.events import RunEnded
from contracts.reports.json import RunForm, write
from contracts.reports.tally import Tally
from mockserver.contract.registry import Contract
from tests.contracts.reports.made import SECRET, tally
from tests.test_documentation import first_cells

DOCUMENT = Path(__file__).parents[3] / "docs" / "contract-runs.md"
BEGAN = "2026-03-02T02:00:00Z"


def report(counts: Tally) -> Any:
    file = BytesIO()
    write(counts, "mock", BEGAN, file)
    msgspec.json.decode(file.getvalue(), type=RunForm)
    return json.loads(file.getvalue())


def keys(value: Any) -> set[str]:
    """The names of the fields of a form; the keys of counts are none."""
    if isinstance(value, list):
        return set().union(*(keys(one) for one in value))
    if not isinstance(value, dict):
        return set()
    inner = (keys(one) for name, one in value.items() if name not in ("nothing", "values", "bound"))
    return set(value).union(*inner)


def test_it_tells_the_run(contract: Contract) -> None:
    run = report(tally(contract))
    assert {name: run[name] for name in ("version", "target", "site", "seed", "began", "ended", "why")} == {
        "version": 1,
        "target": "mock",
        "site": "cn",
        "seed": 7,
        "began": BEGAN,
        "ended": True,
        "why": "the time is over",
    }
    assert run["totals"] == {
        "parts": 3, "cases": 5, "accepted": 2, "withheld": 1, "findings": 3, "seconds": 2.75
    }  # fmt: skip
    assert [one["reason"] for one in run["left_out"]] == ["it changes something for good", "no clock"]
    assert [one["phase"] for one in run["whole"]] == ["model"]


def test_it_tells_of_each_operation_what_was_tried(contract: Contract) -> None:
    operations = {one["operation"]: one for one in report(tally(contract))["operations"]}
    assert operations.keys() == {"CreateSubCustomer", "ListPartnerBalances", "ListSubCustomers"}
    one = operations["ListSubCustomers"]
    assert [(each["phase"], each["outcome"]) for each in one["phases"]] == [
        ("coverage", "findings"),
        ("fuzzing", "findings"),
    ]
    answered = {(each["code"], each["documented"]): each["answered"] for each in one["codes"]}
    assert answered["CBC.0100", True] == 1 and answered["CBC.9999", False] == 2 and answered["CBC.0151", True] == 0
    limit = next(each for each in one["inputs"] if each["name"] == "limit")
    assert limit["sent"] == 4
    assert {"keyword": "maximum", "bound": 100, "valid": 2, "invalid": 2, "at_bound": 0} in limit["rules"]


def test_it_tells_findings_with_their_smallest_calls(contract: Contract) -> None:
    first = report(tally(contract))["findings"][0]
    assert (first["operation"], first["kind"], first["count"]) == ("ListSubCustomers", "an undocumented refusal", 2)
    assert first["examples"][0]["call"]["body"] == '{"limit":101}'
    assert '"limit":1000' in first["examples"][0]["first"]["body"]


def test_a_run_that_broke_off_is_marked(contract: Contract) -> None:
    assert report(tally(contract, until=RunEnded))["ended"] is False


def test_it_holds_no_credentials(contract: Contract) -> None:
    assert SECRET not in json.dumps(report(tally(contract)))


def test_the_documentation_names_every_field(contract: Contract) -> None:
    text = DOCUMENT.read_text(encoding="utf-8").partition("### json")[2].partition("\n### ")[0]
    assert keys(report(tally(contract))) == set(re.findall(r"`(\w+)`", " ".join(first_cells(text))))
