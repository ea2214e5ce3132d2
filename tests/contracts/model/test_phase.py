"""The phase `model` of a contract run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contracts.events import ExchangeSent, FindingFound, LeftOut, Part, RunEnded
from contracts.options import Options
from contracts.phases import model as phase
from contracts.phases.running import Run
from contracts.plan import make_plan
from contracts.run import run
from contracts.targets.emulator import Emulator
from mockserver.app import Server
from mockserver.domain import timeline

OPTIONS = Options(phases=("model",), seed=3, quick=True)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phase, "SEQUENCES_QUICK", 10)
    monkeypatch.setattr(phase, "SHARES", 1)


def begun(server: Server, options: Options = OPTIONS) -> Run:
    """The phase on its way, on a target of its own."""
    part = Part("", "", "model", "")
    return Run(Emulator(server, "cn"), server.contract, options, part, {}, clock=lambda: 0.0)


def lines(server: Server, options: Options = OPTIONS) -> list[str]:
    return [event.case for event in phase.model(begun(server, options)) if isinstance(event, ExchangeSent)]


def test_it_is_left_out_where_nothing_can_be_controlled(server: Server) -> None:
    plan = make_plan(server.contract, OPTIONS, Emulator(server, "cn"), False)
    assert plan.parts == ()
    assert plan.left_out == (LeftOut("", "model", "it needs a target that can be controlled"),)


def test_equal_seeds_send_equal_calls(server: Server) -> None:
    assert lines(server) == lines(server)


def test_another_seed_sends_others(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phase, "SEQUENCES_QUICK", 3)
    assert lines(server) != lines(server, replace(OPTIONS, seed=4))


def test_a_finding_has_the_whole_script(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(timeline._handlers, "order_completion", lambda sandbox, event: None)
    finding = next(one.finding for one in phase.model(begun(server)) if isinstance(one, FindingFound))
    assert finding.kind == "not what the model foretells"
    for part in (f"{finding.operation}: not what", "control.place settings(", "control.place orders(", ".PayOrders("):
        assert part in str(finding)


def test_it_ends_with_the_time_of_the_run(server: Server) -> None:
    target, clock = Emulator(server, "cn"), iter(range(10_000))
    options = replace(OPTIONS, max_time=100)
    plan = make_plan(server.contract, options, target, True)
    events = list(run(target, server.contract, options, plan, clock=lambda: float(next(clock))))
    assert isinstance(events[-1], RunEnded) and events[-1].why == "the time is over"
    assert 0 < sum(isinstance(one, ExchangeSent) for one in events) < 200
