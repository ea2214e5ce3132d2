"""The tables at the end of a run."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from contracts.events import PlanMade, RunEnded
from contracts.reports.summary import area_lines, print_summary
from contracts.reports.tally import Tally
from mockserver.contract.registry import Contract
from tests.contracts.reports.made import COVERAGE, LARGE, SMALL, finding, tally


def summary(counts: Tally) -> str:
    text = StringIO()
    print_summary(counts, Console(file=text, color_system=None))
    return text.getvalue()


def test_each_area_has_a_line(contract: Contract) -> None:
    lines = {one.area: one for one in area_lines(tally(contract))}
    assert list(lines) == ["accounts", "customers", ""]
    customers = lines["customers"]
    assert (customers.operations, customers.cases, customers.accepted, customers.findings) == (1, 4, 1, 3)
    assert customers.exercised == 1 < customers.documented


def test_the_first_of_each_kind_is_told_with_its_call(contract: Contract) -> None:
    text = summary(tally(contract))
    assert "an undocumented refusal: 2 found\n  ListSubCustomers: an undocumented refusal\n" in text
    assert 'body    {"limit":101}' in text and "answer  500 " in text


def test_it_ends_with_counts_and_what_did_not_run(contract: Contract) -> None:
    last = summary(tally(contract)).splitlines()[-2:]
    assert last == [
        "seed 7, 2.8 s: 3 parts; 5 calls, 2 of them accepted; 1 withheld; 2 left out of the plan; "
        "1 properties with nothing to see; 3 findings of 2 kinds",
        "the time is over: 1 of 4 parts did not run to their end",
    ]


def test_a_run_that_broke_off_says_so(contract: Contract) -> None:
    assert summary(tally(contract, until=RunEnded)).endswith("broken off: 1 of 4 parts did not run to their end\n")


def test_a_long_line_is_cut_but_not_wrapped(contract: Contract) -> None:
    counts = Tally(contract, "cn")
    counts(PlanMade((COVERAGE,), (), 1))
    counts(finding(COVERAGE, "odd: " + "x" * 1000, LARGE, SMALL))
    line = next(one for one in summary(counts).splitlines() if one.endswith("..."))
    assert 200 < len(line) < 500
