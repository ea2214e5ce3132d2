"""Which error wins where a call is wrong in several ways: that of the earlier step."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from mockserver.gateway.pipeline import Gateway
from tests.driver import HOST, Answer, in_process
from tests.gateway.conftest import Own
from tests.gateway.moments import NOON, calling_at

FLAWS = {
    "unknown path": (404, "APIGW.0101"),
    "no credentials": (401, "APIGW.0301"),
    "throttled": (429, "APIGW.0308"),
    "fault": (429, "CBC.0250"),
    "wrong caller": (403, "CBC.0155"),
    "missing item": (403, "CBC.0151"),
    "bad parameter": (400, "CBC.0100"),
    "business": (400, "CBC.99000035"),
}
"""What may be wrong with a call, first what is found out first, and the answer to it."""
IN_ORDER = list(FLAWS)
ITEM = "BPC_ITEM_SALES_990001"
LIMIT = 3


def answer_to(own: Own, flaws: list[str]) -> Answer:
    """What a call with these flaws is answered, at a frozen moment."""
    body = {"name": "unknown" if "business" in flaws else "Ada", "size": 0 if "bad parameter" in flaws else 1}
    account = "demo-distributor" if "wrong caller" in flaws else "demo-partner"
    items = [] if "missing item" in flaws else [ITEM]
    own.world.place("users", account=account, name="clerk", credential="clerk", items=items)
    if "fault" in flaws:
        faults = [{"operation": "Probe", "code": "CBC.0250"}]
        assert own.world.control("PUT", f"sandboxes/{own.world.id}/faults", faults).status == 200
    clerk = calling_at(own.server, own.world.clerk, NOON)
    for _ in range(LIMIT if "throttled" in flaws else 0):
        assert clerk("Probe", body).error_code != "APIGW.0308"
    path = "/v2/nothing" if "unknown path" in flaws else "/v2/probes"
    if "no credentials" in flaws:
        return in_process(own.server, NOON)("POST", path, {"Host": HOST}, b"{}")
    if "unknown path" in flaws:
        return clerk.send("POST", path, None, b"{}")
    return clerk("Probe", body)


@pytest.mark.parametrize("flaw", FLAWS)
def test_each_flaw_alone_has_its_own_answer(own: Callable[..., Own], flaw: str) -> None:
    assert answer_to(own(throttle=True), [flaw]).refused == FLAWS[flaw]


@pytest.mark.parametrize(("earlier", "later"), [*pairwise(IN_ORDER)])
def test_of_two_neighbouring_flaws_the_earlier_wins(own: Callable[..., Own], earlier: str, later: str) -> None:
    assert answer_to(own(throttle=True), [earlier, later]).refused == FLAWS[earlier]


@pytest.mark.parametrize("first", range(len(FLAWS)))
def test_of_all_flaws_from_one_on_the_first_wins(own: Callable[..., Own], first: int) -> None:
    assert answer_to(own(throttle=True), IN_ORDER[first:]).refused == FLAWS[IN_ORDER[first]]


def test_a_call_without_flaw_passes(own: Callable[..., Own]) -> None:
    assert answer_to(own(throttle=True), []).ok["id"]


def test_the_order_is_that_of_the_gateways_steps(own: Callable[..., Own]) -> None:
    gateway: Gateway = own().server.gateway
    names = [getattr(step, "__name__", type(step).__name__) for step in gateway.steps]
    assert names == [
        "route",
        "authenticate",
        "Throttle",
        "inject_fault",
        "authorize",
        "validate",
        "perform",
        "serialize",
    ]


def test_a_refused_call_takes_back_what_its_service_did(own: Callable[..., Own]) -> None:
    mine = own()
    with mine.world.unchanged():
        assert mine.world.solution_provider("Probe", {"name": "unknown"}).refused == (400, "CBC.99000035")
    assert mine.world.solution_provider("Probe", {"name": "Ada"}).status == 200
    assert mine.world.look("probes") == [{"name": "Ada", "size": 0}]


def test_a_mistake_of_the_emulator_is_the_documented_500_and_takes_everything_back(
    own: Callable[..., Own], caplog: pytest.LogCaptureFixture
) -> None:
    mine = own()
    with mine.world.unchanged():
        answer = mine.world.solution_provider("Probe", {"name": "crash"})
    assert answer.refused == (500, "CBC.0999")
    assert "Traceback" not in answer.content.decode()
    assert "this is a test" in caplog.text
