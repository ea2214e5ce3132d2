"""The report in JUnit's form."""

from __future__ import annotations

from io import BytesIO
from xml.etree.ElementTree import Element, fromstring

from contracts.events import RunEnded
from contracts.reports import junit
from contracts.reports.tally import Tally
from mockserver.contract.registry import Contract
from tests.contracts.reports.made import COVERAGE, LARGE, finding, tally

ATTRIBUTES = {
    "testsuites": {"name", "tests", "failures", "errors", "skipped", "time"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time"},
    "testcase": {"classname", "name", "time"},
    "failure": {"message", "type"},
    "skipped": {"message"},
}
CHILDREN = {"testsuites": {"testsuite"}, "testsuite": {"testcase"}, "testcase": {"failure", "skipped"}}


def report(counts: Tally) -> Element:
    file = BytesIO()
    junit.write(counts, file)
    root = fromstring(file.getvalue())  # noqa: S314  (we have just written it)
    check(root)
    return root


def check(element: Element) -> None:
    """Whether an element and those in it are as the usual schema of JUnit has them."""
    assert element.attrib.keys() == ATTRIBUTES[element.tag]
    assert {one.tag for one in element} <= CHILDREN.get(element.tag, set())
    if element.tag in ("testsuites", "testsuite"):
        cases = list(element.iter("testcase"))
        assert int(element.attrib["tests"]) == len(cases) > 0
        for counted, tag in (("failures", "failure"), ("skipped", "skipped"), ("errors", "error")):
            assert int(element.attrib[counted]) == len(list(element.iter(tag)))
    if "time" in element.attrib:
        assert float(element.attrib["time"]) >= 0
    if element.tag == "testcase":
        assert len(element) <= 1
    for one in element:
        check(one)


def case(root: Element, classname: str, name: str) -> Element:
    return next(one for one in root.iter("testcase") if (one.get("classname"), one.get("name")) == (classname, name))


def test_each_part_is_a_test_case(contract: Contract) -> None:
    root = report(tally(contract))
    assert [one.get("name") for one in root] == ["accounts", "customers", "run"]
    assert len(case(root, "accounts.ListPartnerBalances", "coverage as solution_provider")) == 0


def test_findings_are_failures_with_their_calls(contract: Contract) -> None:
    failure = case(report(tally(contract)), "customers.ListSubCustomers", "coverage as solution_provider")[0]
    assert failure.get("message") == "an undocumented refusal (1); an undocumented field (1)"
    assert "call    POST /v2/partners/sub-customers/query" in str(failure.text)
    assert 'body    {"limit":101}' in str(failure.text)


def test_a_finding_seen_before_is_told_in_each_part(contract: Contract) -> None:
    failure = case(report(tally(contract)), "customers.ListSubCustomers", "fuzzing as solution_provider")[0]
    assert "an undocumented refusal" in str(failure.text)


def test_what_was_left_out_or_not_reached_is_skipped_with_the_reason(contract: Contract) -> None:
    root = report(tally(contract))
    skipped = {
        f"{one.get('classname')} {one.get('name')}": one[0].get("message")
        for one in root.iter("testcase")
        if len(one) and one[0].tag == "skipped"
    }
    assert skipped == {
        "customers.CreateSubCustomer all phases": "it changes something for good",
        "run.run clock": "no clock",
        "run.run model": "the time is over",
    }


def test_a_run_that_broke_off_is_still_a_report(contract: Contract) -> None:
    root = report(tally(contract, until=RunEnded))
    assert case(root, "run.run", "model")[0].get("message") == "the run ended before it"


def test_characters_that_xml_cannot_hold_are_replaced(contract: Contract) -> None:
    counts = tally(contract)
    counts(finding(COVERAGE, "odd\x00\x1b\ud800: \uffff", LARGE))
    failure = case(report(counts), "customers.ListSubCustomers", "coverage as solution_provider")[0]
    assert "odd\ufffd\ufffd\ufffd" in str(failure.get("message"))
