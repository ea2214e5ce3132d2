"""Calls keep to the documented rate, and leave again where the service says that they came too early."""

from __future__ import annotations

import pytest
from requests import PreparedRequest, Request, Response

from contracts.guard import EFFECTS, BudgetSpent, Guarded
from contracts.pacing import LONGEST, REPEATS, Pace, pause
from mockserver.app import Server
from mockserver.contract.registry import Contract
from tests.contracts.doubles import Recording, Throttled, Time, guarded

LIMIT = {"calls": 2, "seconds": 3}
PROVINCES = "/v2/systems/configs/provinces"


def answered(status: int, **headers: str) -> Response:
    response = Response()
    response.status_code = status
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return response


def provinces(target: Guarded, kind: str = "solution_provider") -> Response:
    return target.send(Request("GET", target.base_url + PROVINCES, auth=target.sign(kind)).prepare())


def test_a_full_window_is_waited_for() -> None:
    time = Time()
    pace = Pace(time, time.sleep)
    assert [pace.take("one", LIMIT) for _ in range(5)] == [0, 0, 3, 0, 3]
    assert pace.take("another", LIMIT) == 0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, [3, 6, 12]),
        ({"Retry_After": "7"}, [7, 7, 7]),
        ({"Retry_After": "0"}, [0, 0, 0]),
        ({"Retry_After": "soon"}, [3, 6, 12]),
        ({"Retry_After": "-1"}, [3, 6, 12]),
        ({"Retry_After": "Mon, 02 Mar 2026 02:00:20 GMT", "Date": "Mon, 02 Mar 2026 02:00:00 GMT"}, [20, 20, 20]),
        ({"Retry_After": "Mon, 02 Mar 2026 01:00:00 GMT", "Date": "Mon, 02 Mar 2026 02:00:00 GMT"}, [0, 0, 0]),
        ({"Retry_After": "Mon, 02 Mar 2026 02:00:20 GMT"}, [3, 6, 12]),
    ],
)
def test_the_pause_is_what_the_answer_asks_for_or_the_documented_window(
    headers: dict[str, str], seconds: list[float]
) -> None:
    answer = answered(429, **headers)
    assert [pause(answer, LIMIT, repeats) for repeats in range(REPEATS)] == seconds


def test_what_is_no_429_is_not_repeated_nor_what_was_often_or_shall_wait_for_long() -> None:
    assert pause(answered(503, Retry_After="1"), LIMIT, 0) is None
    assert pause(answered(429), LIMIT, REPEATS) is None
    assert pause(answered(429, Retry_After=f"{LONGEST + 1:.0f}"), LIMIT, 0) is None


def test_a_call_that_came_too_early_is_sent_again(server: Server, contract: Contract) -> None:
    real, time = Throttled(server, 2, {"Retry-After": "4"}), Time()
    target = guarded(real, contract, time=time)
    assert provinces(target).status_code == 200
    assert (len(real.left), time.slept, target.left) == (3, [4, 4], target.permission.budget - 3)


def test_a_call_is_repeated_so_often_and_then_its_answer_is_passed_on(server: Server, contract: Contract) -> None:
    real, time = Throttled(server, 99), Time()
    answer = provinces(guarded(real, contract, time=time))
    assert (answer.status_code, answer.json()["error_code"]) == (429, "APIGW.0308")
    assert (len(real.left), time.slept) == (1 + REPEATS, [1, 2, 4])


def test_no_repetition_goes_beyond_the_budget(server: Server, contract: Contract) -> None:
    real = Throttled(server, 99)
    assert provinces(guarded(real, contract, budget=2)).status_code == 429
    assert len(real.left) == 2


def test_no_repetition_goes_beyond_the_time_of_the_run(server: Server, contract: Contract) -> None:
    real, time = Throttled(server, 99), Time()
    target = guarded(real, contract, time=time)
    target.until = 3.5
    assert provinces(target).status_code == 429
    assert time.slept == [1, 2]


def test_no_room_is_waited_for_beyond_the_time_of_the_run(server: Server, contract: Contract) -> None:
    time = Time()
    target = guarded(Recording(server), contract, time=time)
    for _ in range(contract.operations["ListProvinces"].rate_limit["calls"]):
        provinces(target)
    target.until = 0.5
    with pytest.raises(BudgetSpent, match="the time is over"):
        provinces(target)
    assert not time.slept


def test_what_nothing_takes_back_is_sent_once(server: Server, contract: Contract) -> None:
    real = Throttled(server, 99)
    target = guarded(real, contract, effects=frozenset(EFFECTS))
    auth = target.sign("solution_provider")
    url = target.base_url + "/v2/partners/sub-customers"
    assert target.send(Request("POST", url, json={}, auth=auth).prepare()).status_code == 429
    assert len(real.left) == 1


def dates(calls: list[PreparedRequest]) -> list[str]:
    return [str(one.headers["X-Sdk-Date"]) for one in calls]


class Calendar:
    """The wall clock of the signatures: a minute later at each look."""

    minute = 0

    @classmethod
    def now(cls, zone: object) -> Calendar:
        cls.minute += 1
        return cls()

    def strftime(self, form: str) -> str:
        return f"20260302T02{self.minute:02}00Z"


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Calendar, "minute", 0)
    monkeypatch.setattr("contracts.targets.signing.datetime", Calendar)


def test_a_repeated_call_has_a_signature_of_its_own_time(server: Server, contract: Contract, calendar: None) -> None:
    real = Throttled(server, 2)
    request = Request("GET", real.base_url + PROVINCES, auth=real.sign("customer")).prepare()
    signed = dict(request.headers)
    guarded(real, contract).send(request)
    assert dates(real.left) == ["20260302T020100Z", "20260302T020200Z", "20260302T020300Z"]
    assert len({str(one.headers["Authorization"]) for one in real.left}) == 3
    assert dict(request.headers) == signed


def test_a_call_that_had_to_wait_is_signed_for_when_it_leaves(
    server: Server, contract: Contract, calendar: None
) -> None:
    real = Throttled(server, 0)
    target = guarded(real, contract)
    limit = contract.operations["ListProvinces"].rate_limit["calls"]
    for _ in range(limit + 1):
        provinces(target)
    assert dates(real.left)[-1] == f"20260302T02{limit + 2:02}00Z"


def test_what_was_not_signed_here_is_repeated_as_it_is(server: Server, contract: Contract) -> None:
    real = Throttled(server, 1)
    request = Request("GET", real.base_url + PROVINCES, auth=real.sign("customer")).prepare()
    request.headers["Authorization"] = str(request.headers["Authorization"])[:-1] + "x"
    assert guarded(real, contract).send(request).status_code == 401
    assert real.left[0].headers == real.left[1].headers


def test_asking_for_a_token_is_repeated_as_well(server: Server, contract: Contract) -> None:
    real = Throttled(server, 1)
    target = guarded(real, contract)
    assert target.send(Request("GET", real.base_url + PROVINCES, auth=target.sign("customer", "token")).prepare()).ok
    assert [one.method for one in real.left] == ["POST", "POST", "GET"]
