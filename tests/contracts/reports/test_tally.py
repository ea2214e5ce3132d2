"""What is counted of a run."""

from __future__ import annotations

from contracts.checks import Answer
from contracts.events import Finding, FindingFound, Part, PlanMade, RunEnded
from contracts.reports.tally import KEPT, KINDS_KEPT, Tally
from mockserver.contract.registry import Contract
from tests.contracts.reports.made import (
    BALANCES,
    COVERAGE,
    FUZZING,
    LARGE,
    MODEL,
    exchange,
    finding,
    refused,
    sent,
    tally,
)


def outcomes(counts: Tally) -> dict[Part, str]:
    return {part: one.outcome for part, one in counts.parts.items()}


def test_parts_are_counted_and_have_an_outcome(contract: Contract) -> None:
    counts = tally(contract)
    assert outcomes(counts) == {COVERAGE: "findings", FUZZING: "findings", BALANCES: "clean", MODEL: "not run"}
    one = counts.parts[FUZZING]
    assert (one.cases, one.accepted, one.withheld, one.withheld_why) == (1, 0, 1, "the budget is spent")


def test_a_run_that_broke_off_says_how_far_it_came(contract: Contract) -> None:
    counts = Tally(contract, "cn")
    counts(PlanMade((COVERAGE, BALANCES), (), 1))
    counts(sent(COVERAGE, exchange()))
    counts.parts[COVERAGE].started = True
    assert outcomes(counts) == {COVERAGE: "not ended", BALANCES: "not run"}
    assert tally(contract, until=RunEnded).totals is None


def test_documented_codes_are_exercised_by_answers(contract: Contract) -> None:
    one = tally(contract).operations["ListSubCustomers"]
    assert one.times((400, "CBC.0100", "")) == 1
    assert (one.exercised, one.undocumented) == (1, {(500, "CBC.9999"): 2})


def test_codes_of_failures_inside_are_not_expected(contract: Contract) -> None:
    one = tally(contract).operations["ListSubCustomers"]
    assert (500, "CBC.0999", "") in one.codes and (500, "CBC.0999", "") not in one.expected


def test_codes_inside_a_success_count(contract: Contract) -> None:
    view = next(view for view in (one.on("cn") for one in contract if "cn" in one.sites) if _inside(view.errors))
    row = next(row for row in view.errors if row.inside)
    operation = view.operation
    part = Part(operation.id, operation.area, "coverage", "customer")
    counts = Tally(contract, "cn")
    counts(PlanMade((part,), (), 1))
    answer = {row.inside: [{"error_code": row.code}, 5]}
    path = operation.path.replace("{", "").replace("}", "")
    counts(sent(part, exchange(operation.method, path, body={}, answer=answer)))
    assert counts.operations[operation.id].times((row.status, row.code, row.inside or "")) == 1


def test_a_call_counts_for_the_operation_that_it_means(contract: Contract) -> None:
    counts = Tally(contract, "cn")
    counts(PlanMade((COVERAGE, BALANCES), (), 1))
    counts(sent(COVERAGE, exchange("GET", "/v2/accounts/partner-accounts/balances", answer={})))
    assert not counts.operations["ListSubCustomers"].rows
    assert counts.operations["ListPartnerBalances"].rows == {(200, ""): 1}


def test_operations_that_were_not_asked_for_are_left_out(contract: Contract) -> None:
    counts = Tally(contract, "cn")
    counts(PlanMade((COVERAGE,), (), 1))
    counts(sent(COVERAGE, exchange("GET", "/v2/accounts/partner-accounts/balances", answer={})))
    assert list(counts.operations) == ["ListSubCustomers"]


def test_whole_phases_count_whatever_they_call(contract: Contract) -> None:
    counts = Tally(contract, "cn")
    counts(PlanMade((MODEL,), (), 1))
    counts(sent(MODEL, exchange()))
    assert counts.operations["ListSubCustomers"].rows.total() == 1


def test_an_example_is_the_shrunk_call(contract: Contract) -> None:
    example = tally(contract).groups_of("ListSubCustomers")[0].examples[0]
    assert example.call.body == '{"limit":101}'
    assert example.first is not None and '"limit":1000' in example.first.body
    assert '{"limit":101}' in example.curl and "'limit': 101" in example.sdk


def test_findings_of_one_kind_are_counted_and_few_are_kept(contract: Contract) -> None:
    counts = Tally(contract, "cn")
    for number in range(50):
        counts(finding(COVERAGE, f"an undocumented field: f{number}", LARGE))
    counts(finding(FUZZING, "an undocumented field: f99", LARGE))
    group = counts.groups_of("ListSubCustomers")[0]
    assert (group.count, len(group.examples)) == (51, KEPT + 1)
    assert group.examples[-1].part == FUZZING, "the first of each part is kept"


def test_endless_kinds_of_findings_do_not_fill_the_memory(contract: Contract) -> None:
    counts = Tally(contract, "cn")
    for number in range(2 * KINDS_KEPT):
        counts(finding(COVERAGE, f"kind {number}", LARGE))
    assert len(counts.groups) == KINDS_KEPT + 1 and counts.found == 2 * KINDS_KEPT


def test_answers_are_not_kept(contract: Contract) -> None:
    counts = tally(contract)
    kept = [example for group in counts.groups for example in group.examples]
    assert kept and not [value for one in kept for value in vars(one).values() if isinstance(value, (Answer, Finding))]


def test_a_finding_of_a_removed_operation_is_of_that_one(contract: Contract) -> None:
    old = next(
        one
        for one in contract
        if one.status == "removed" and "cn" in one.sites and contract.match(one.method, one.path, "cn")
    )
    part = Part(old.id, old.area, "coverage", "solution_provider")
    counts = Tally(contract, "cn")
    counts(FindingFound(part, Finding(old.id, "coverage", "odd", "", refused(method=old.method, path=old.path))))
    view = counts.meant(part, refused(method=old.method, path=old.path).request)
    assert view is not None and view.operation.id == old.id


def _inside(rows: object) -> bool:
    return isinstance(rows, list) and any(row.inside for row in rows)
