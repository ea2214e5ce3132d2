"""Made-up runs: events as a run tells them, without a target."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from requests import Request, Response

from contracts.checks import Answer
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
from contracts.reports.tally import Tally
from mockserver.contract.registry import Contract

BASE = "https://bss.myhuaweicloud.com"
LIST = "/v2/partners/sub-customers/query"
SECRET = "0123456789abcdef" * 4
MOBILE = "13912345678"
SIGNED = {"Authorization": f"SDK-HMAC-SHA256 Access=AKAKAKAK, SignedHeaders=host, Signature={SECRET}"}
TOKEN = {"X-Auth-Token": f"MII{SECRET}"}

COVERAGE = Part("ListSubCustomers", "customers", "coverage", "solution_provider")
FUZZING = Part("ListSubCustomers", "customers", "fuzzing", "solution_provider")
BALANCES = Part("ListPartnerBalances", "accounts", "coverage", "solution_provider")
MODEL = Part("", "", "model", "")


def exchange(
    method: str = "POST",
    path: str = LIST,
    body: Any = None,
    status: int = 200,
    answer: Any = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """A signed call and its answer."""
    request = Request(method, BASE + path, json=body, headers={**SIGNED, **(headers or {})}).prepare()
    response = Response()
    response.status_code = status
    response._content = b"" if answer is None else json.dumps(answer).encode()
    response.headers.update({"Content-Type": "application/json", "X-Request-Id": "0a1b"})
    return Answer(request, response)


def refused(code: str = "CBC.0100", status: int = 400, **wanted: Any) -> Answer:
    return exchange(status=status, answer={"error_code": code, "error_msg": "Invalid parameter."}, **wanted)


def finding(part: Part, complaint: str, answer: Answer, shrunk: Answer | None = None) -> FindingFound:
    return FindingFound(part, Finding(part.operation, part.phase, complaint, "negative: limit", answer, shrunk))


def sent(part: Part, answer: Answer, case: str = "negative: limit") -> ExchangeSent:
    return ExchangeSent(part, case, answer, 0.25)


LARGE = refused("CBC.9999", 500, body={"limit": 1000, "account_name": "x" * 9})
SMALL = refused("CBC.9999", 500, body={"limit": 101})


def run() -> Iterator[Event]:
    """A run with a bit of everything; its last part is not begun."""
    yield PlanMade(
        (COVERAGE, FUZZING, BALANCES, MODEL),
        (LeftOut("CreateSubCustomer", "", "it changes something for good"), LeftOut("", "clock", "no clock")),
        seed=7,
    )
    yield PartStarted(COVERAGE)
    yield sent(COVERAGE, exchange(body={"limit": 10}, answer={"count": 0, "customer_infos": []}))
    yield sent(COVERAGE, refused(body={"limit": 0}))
    yield sent(COVERAGE, LARGE)
    yield finding(COVERAGE, "an undocumented refusal", LARGE, SMALL)
    yield finding(COVERAGE, "an undocumented field: <b>", LARGE)
    yield PartEnded(COVERAGE, 3, 1, 1.5)
    yield PartStarted(FUZZING)
    yield sent(FUZZING, LARGE)
    yield finding(FUZZING, "an undocumented refusal", LARGE)
    yield CaseWithheld(FUZZING, "limit", "the budget is spent")
    yield Checked(COVERAGE, "paging", seen=0, vacuous=2, why="the list is empty")
    yield Checked(COVERAGE, "filters", seen=1, vacuous=2, why="no row has it")
    yield PartEnded(FUZZING, 1, 0, 0.5)
    yield PartStarted(BALANCES)
    yield sent(BALANCES, exchange("GET", "/v2/accounts/partner-accounts/balances", answer={}))
    yield PartEnded(BALANCES, 1, 1, 0.5)
    yield RunEnded(Totals(3, 5, 2, 1, 3, 2.75), (MODEL,), "the time is over")


def tally(contract: Contract, *, until: type[Event] | None = None) -> Tally:
    """The tally of the made-up run, or of its beginning before the first event of a kind."""
    counts = Tally(contract, "cn")
    for event in run():
        if until is not None and isinstance(event, until):
            break
        counts(event)
    return counts
