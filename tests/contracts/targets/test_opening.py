"""A target is opened by its name."""

from __future__ import annotations

import pickle
from contextlib import closing

import pytest
from requests import Request

from contracts.options import Options
from contracts.plan import make_plan
from contracts.run import gathered, run
from contracts.targets.opening import Opening, open_target
from contracts.targets.remote import Remote
from contracts.targets.target import KINDS, TOKEN, Target, TargetError, Unreachable
from mockserver.app import Server
from mockserver.contract.registry import Contract


@pytest.fixture(params=["mock", "url"])
def name(request: pytest.FixtureRequest) -> str:
    if request.param == "mock":
        return "mock"
    return f"http://127.0.0.1:{request.getfixturevalue('port')}"


def provinces(target: Target, by: str = "signature") -> int:
    url = f"{target.base_url}/v2/systems/configs/provinces"
    return target.send(Request("GET", url, auth=target.sign("customer", by)).prepare()).status_code


def test_a_target_answers_signatures_and_tokens(name: str) -> None:
    with closing(open_target(name)) as target:
        assert (provinces(target), provinces(target, TOKEN)) == (200, 200)
        assert set(target.kinds) == set(KINDS)


def test_a_token_is_asked_for_again_after_a_reset(name: str) -> None:
    with closing(open_target(name)) as target:
        provinces(target, TOKEN)
        target.reset()
        assert provinces(target, TOKEN) == 200


def test_the_state_shows_changes_and_their_end(name: str) -> None:
    with closing(open_target(name)) as target:
        assert target.controls is not None
        before = target.state()
        target.controls.place("customers", name="demo-customer", mobile="13800001111")
        assert target.state() != before
        target.reset()
        assert target.state() == before


def test_controls_place_look_and_move_time(name: str) -> None:
    with closing(open_target(name)) as target:
        controls = target.controls
        assert controls is not None
        controls.place("users", account="demo-partner", name="new", credential="newcomer")
        assert "newcomer" in controls.credentials
        assert [one["name"] for one in controls.look("users", name="new")] == ["new"]
        controls.advance("P1D")
        assert controls.now == "2026-03-03T02:00:00Z"


def test_controls_tell_what_is_refused(name: str) -> None:
    with closing(open_target(name)) as target:
        assert target.controls is not None
        with pytest.raises(TargetError, match="cannot be placed"):
            target.controls.place("castles")


def test_closing_removes_the_sandbox(server: Server, port: int) -> None:
    before = len(list(server.universe))
    with closing(open_target(f"http://127.0.0.1:{port}")):
        assert len(list(server.universe)) == before + 1
    assert len(list(server.universe)) == before


def test_equal_seeds_give_equal_ids(port: int) -> None:
    with closing(open_target("mock", seed=5)) as one, closing(Remote(f"http://127.0.0.1:{port}", "cn", 5)) as other:
        assert one.known == other.known


def test_a_run_by_url_finds_what_a_run_in_process_finds(server: Server, contract: Contract, port: int) -> None:
    options = Options(areas=("regions",), quick=True)
    counts = []
    for name in ("mock", f"http://127.0.0.1:{port}"):
        with closing(open_target(name)) as target:
            plan = make_plan(contract, options, target, controlled=True)
            result = gathered(run(target, contract, options, plan))
            counts.append((result.cases, result.accepted, len(result.findings)))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("wrong", ["nowhere", "ftp://127.0.0.1", "http://", "http://127.0.0.1:0", "http://[", ""])
def test_an_unknown_target_is_refused_with_what_is_accepted(wrong: str) -> None:
    with pytest.raises(TargetError, match="accepted: mock, real, or an address"):
        open_target(wrong)


def test_a_dead_address_is_unreachable() -> None:
    with pytest.raises(Unreachable, match="127.0.0.1:9/".replace(".", "[.]")):
        open_target("http://127.0.0.1:9")


def test_reversible_calls_need_a_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    from contracts.guard import Permission

    with pytest.raises(TargetError, match="journal"):
        Opening("real", permission=Permission(frozenset({"read", "reversible"}))).open()


def test_an_opening_can_be_handed_to_another_process() -> None:
    opening = Opening("mock", "intl", seed=3)
    assert pickle.loads(pickle.dumps(opening)) == opening  # noqa: S301
