"""Rate limits, on servers that enforce them; the moments are those at which calls arrive, not the sandbox's clock."""

from __future__ import annotations

import pytest

from mockserver.app import Server
from mockserver.contract.registry import Contract
from mockserver.gateway.message import Options
from tests.conftest import START
from tests.driver import Answer, World, in_process
from tests.gateway.moments import after, calling_at

LIMITED = "ListSubCustomers"
TEN = 10
OPERATIONS = [operation.id for operation in Contract() if operation.status != "removed"]


class Limited:
    """Calls to a server that enforces limits."""

    def __init__(self) -> None:
        self.server = Server(options=Options(throttle=True))
        self.world = self.new_world()

    def new_world(self, site: str = "cn") -> World:
        return World(in_process(self.server), self.server.contract, clock=START, seed=1, site=site)

    def call(
        self,
        seconds: float = 0,
        *,
        who: str = "solution_provider",
        source: str = "192.0.2.1",
        operation: str = LIMITED,
        world: World | None = None,
    ) -> Answer:
        caller = (world or self.world).caller(who)
        variables = {
            one["name"]: "x"
            for one in self.server.contract.operations[operation].document.get("parameters", ())
            if one["in"] == "path"
        }
        return calling_at(self.server, caller, after(seconds), source=source)(operation, {}, **variables)

    def use_up(self, seconds: float = 0, calls: int = TEN) -> None:
        for _ in range(calls):
            assert self.call(seconds).status == 200


@pytest.fixture
def limited() -> Limited:
    return Limited()


def test_the_eleventh_call_of_a_second_is_refused(limited: Limited) -> None:
    limited.use_up()
    assert limited.call(0.9).refused == (429, "APIGW.0308")


def test_the_refusal_has_the_documented_form(limited: Limited) -> None:
    limited.use_up()
    answer = limited.call()
    assert answer.body == {
        "error_msg": "The throttling threshold has been reached: policy user over ratelimit,limit:10,time:1 second",
        "error_code": "APIGW.0308",
        "request_id": answer.headers["x-request-id"],
    }
    assert answer.headers["content-type"] == "application/json"


def test_a_second_after_a_call_its_place_is_free_again(limited: Limited) -> None:
    limited.use_up()
    assert limited.call(0.999).status == 429
    assert limited.call(1).status == 200


def test_the_window_slides(limited: Limited) -> None:
    limited.use_up(0, calls=5)
    limited.use_up(0.5, calls=5)
    limited.use_up(1.2, calls=5)
    assert limited.call(1.2).status == 429
    assert limited.call(1.5).status == 200


def test_refused_calls_do_not_count(limited: Limited) -> None:
    limited.use_up()
    for _ in range(5):
        assert limited.call(0.5).status == 429
    limited.use_up(1)


def test_calls_that_fail_later_count(limited: Limited) -> None:
    for _ in range(TEN):
        assert limited.call(who="customer").refused == (403, "CBC.0151")
    assert limited.call(who="customer").status == 429


def test_the_limit_is_for_one_account_whatever_its_address(limited: Limited) -> None:
    limited.use_up()
    assert limited.call(source="192.0.2.2").status == 429
    assert limited.call(who="distributor", source="192.0.2.2").status == 200


def test_all_users_of_an_account_share_its_limit(limited: Limited) -> None:
    limited.use_up()
    assert limited.call(who="operator", source="192.0.2.2").status == 429


def test_the_limit_is_for_one_address_whoever_calls(limited: Limited) -> None:
    limited.use_up()
    assert limited.call(who="distributor").status == 429
    assert limited.call(who="distributor", source="192.0.2.2").status == 200


def test_each_operation_has_a_limit_of_its_own(limited: Limited) -> None:
    limited.use_up()
    assert limited.call(operation="CheckUserIdentity").status == 400


def test_each_sandbox_has_limits_of_its_own(limited: Limited) -> None:
    limited.use_up()
    assert limited.call(world=limited.new_world()).status == 200


def test_moving_the_sandboxs_clock_frees_nothing(limited: Limited) -> None:
    limited.use_up()
    limited.world.advance("PT1H")
    assert limited.call(0.5).status == 429


def test_the_identity_check_allows_five_calls(limited: Limited) -> None:
    statuses = [limited.call(operation="CheckUserIdentity").status for _ in range(6)]
    assert statuses == [400] * 5 + [429]


@pytest.fixture(scope="module")
def shared() -> Limited:
    return Limited()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_has_its_documented_limit(shared: Limited, operation: str) -> None:
    document = shared.server.contract.operations[operation].document
    calls = document.get("x-rate-limit", {"calls": 10})["calls"]
    world = shared.new_world(document["x-site"][0])
    for _ in range(calls):
        assert shared.call(operation=operation, world=world).status != 429
    refused = shared.call(operation=operation, world=world)
    assert f"limit:{calls},time:1 second" in refused.body["error_msg"]


def test_without_the_option_nothing_is_limited(world: World, server: Server) -> None:
    caller = calling_at(server, world.solution_provider, after(0))
    assert {caller(LIMITED, {}).status for _ in range(TEN + 5)} == {200}
