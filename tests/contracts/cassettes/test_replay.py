"""A cassette played in another world: other ids, the same answers."""

from __future__ import annotations

import msgspec
import pytest
from requests import PreparedRequest, Response

from contracts.cassettes.cassette import Call, Cassette
from contracts.cassettes.diff import compare
from contracts.cassettes.replay import Played, replay
from contracts.guard import BudgetSpent, Withheld
from contracts.targets.emulator import Emulator
from contracts.targets.target import body_of
from mockserver.app import Server
from mockserver.contract.registry import Contract
from tests.contracts.cassettes.taping import another_world, recorder, taped
from tests.driver import World
from tests.sites import on_both_sites

LISTED = ("ListSubCustomers", "ListPartnerBalances", "UpdateCustomerAccountAmount", "ListCustomersBalancesDetail")


def played(cassette: Cassette, target: Emulator, contract: Contract, **fill: str) -> list[Played]:
    return list(replay(cassette, target, contract, recorder(target, contract), fill))


def outcome(call: Call | None) -> tuple[int, str]:
    assert call is not None, "it was sent"
    return call.answer.status, call.answer.code


@on_both_sites
def test_every_call_is_answered_alike_in_another_world(server: Server, world: World) -> None:
    cassette = taped(Emulator(server, world.site), server.contract)
    pairs = played(cassette, another_world(world.site), server.contract)
    assert len(pairs) > 80
    assert [pair.not_sent for pair in pairs if pair.not_sent] == []
    stateful = [pair for pair in pairs if pair.recorded.operation in LISTED]
    assert stateful and all(outcome(pair.recorded) == outcome(pair.actual) for pair in stateful)


class Listening(Emulator):
    """An emulator that notes the bodies of requests."""

    def send(self, request: PreparedRequest) -> Response:
        self.bodies = [*getattr(self, "bodies", []), body_of(request).decode()]
        return super().send(request)


def test_the_ids_are_those_of_the_target(server: Server) -> None:
    cassette, target = (
        taped(Emulator(server, "cn"), server.contract, "ListCustomersBalancesDetail"),
        Listening(Server(), "cn", seed=99),
    )
    played(cassette, target, server.contract)
    assert str(target.known["customer_id"]) in target.bodies[0]


def test_a_replay_against_the_same_world_differs_in_nothing(server: Server) -> None:
    cassette = taped(Emulator(server, "cn"), server.contract, *LISTED)
    pairs = played(cassette, Emulator(server, "cn"), server.contract)
    assert pairs and compare(pairs, server.contract, "cn", values=True) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"customer_id": {"$ref": "customer#7"}}, "no value for customer#7: no answer of this target has shown one"),
        ({"label": {"$masked": "nobody#1"}}, "no value for nobody#1: no answer of this target has shown one"),
        ({"$unreadable": 3}, "its body is no JSON and was not kept"),
    ],
)
def test_a_call_that_cannot_be_made_is_not_sent(server: Server, body: object, reason: str) -> None:
    cassette = changed(taped(Emulator(server, "cn"), server.contract, "ListSubCustomers"), body)
    (pair, *_) = played(cassette, Emulator(server, "cn"), server.contract)
    assert (pair.actual, pair.not_sent) == (None, reason)


@pytest.mark.parametrize("reason", [Withheld("it is irreversible"), BudgetSpent("the budget is spent")])
def test_a_call_that_a_guard_keeps_back_is_withheld(
    server: Server, reason: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep_back(request: object) -> None:
        raise reason

    target = Emulator(server, "cn")
    cassette = taped(target, server.contract, "ListPartnerBalances")
    monkeypatch.setattr(target, "send", keep_back)
    assert {(pair.not_sent, pair.withheld) for pair in played(cassette, target, server.contract)} == {
        (str(reason), True)
    }


def test_masked_values_are_filled_in_where_one_knows_them(server: Server) -> None:
    cassette = changed(
        taped(Emulator(server, "cn"), server.contract, "ListSubCustomers"),
        {"account_name": {"$masked": "account_name#1"}},
    )
    (pair, *_) = played(cassette, Emulator(server, "cn"), server.contract, account_name="demo-referral")
    assert pair.actual is not None
    assert pair.actual.answer.body["count"] == 1


def changed(cassette: Cassette, body: object) -> Cassette:
    """The cassette with other bodies in its requests."""
    replaced = msgspec.structs.replace
    calls = [replaced(call, request=replaced(call.request, body=body)) for call in cassette.calls]
    return replaced(cassette, calls=calls)
