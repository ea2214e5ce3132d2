"""The coverage phase sends every case; a quick run sends some of them."""

from __future__ import annotations

from collections import Counter

from contracts.events import ExchangeSent
from contracts.options import Options
from contracts.phases.coverage import QUICKLY
from contracts.plan import make_plan
from contracts.run import run
from contracts.targets.emulator import Emulator
from mockserver.app import Server


def cases(server: Server, quick: bool) -> Counter[str]:
    options = Options(operations=("ListCustomerOrders",), phases=("coverage",), quick=quick)
    target = Emulator(server, "cn")
    plan = make_plan(server.contract, options, target, controlled=True)
    events = run(target, server.contract, options, plan)
    return Counter(one.answer.request.url or "" for one in events if isinstance(one, ExchangeSent))


def test_a_quick_run_sends_some_of_the_cases_and_the_same_ones_each_time(server: Server) -> None:
    some, whole = cases(server, quick=True), cases(server, quick=False)
    assert some.total() == QUICKLY < whole.total()
    assert some <= whole and some == cases(server, quick=True)
