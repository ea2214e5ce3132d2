"""The documented examples as calls: existing ids, near times, reading before writing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.cassettes.examples import Ids, examples, moved, play, selected
from contracts.guard import Withheld
from contracts.targets.emulator import Emulator
from mockserver.app import Server
from mockserver.contract.registry import Contract
from tests.contracts.cassettes.taping import NOW

KNOWN = {"customer_id": "f74d0a2495caed7630d21121b44c97ef"}


@pytest.mark.parametrize(
    ("example", "shifted"),
    [
        ({"cycle": "2024-06"}, {"cycle": "2026-03"}),
        ({"begin": "2024-05-01", "end": "2024-05-31"}, {"begin": "2026-02-01", "end": "2026-02-28"}),
        ({"begin": "2024-05-01T00:00:00Z", "end": "2024-07-01T00:00:00Z"},
         {"begin": "2026-01-01T00:00:00Z", "end": "2026-03-01T00:00:00Z"}),
        ({"rows": [{"at": "2026-12-02"}], "to": "2026-03"}, {"rows": [{"at": "2026-03-02"}], "to": "2025-06"}),
        ({"id": "2024", "limit": 10, "name": "2024-06 bills"}, {"id": "2024", "limit": 10, "name": "2024-06 bills"}),
    ],
)  # fmt: skip
def test_times_are_moved_by_whole_months_to_the_present(example: Any, shifted: Any) -> None:
    assert moved(example, datetime(2026, 3, 2, 2, tzinfo=UTC)) == shifted


def test_ids_are_those_of_the_target_by_their_kind() -> None:
    ids = Ids(KNOWN)
    ids.learn({"orders": [{"order_id": "CS1111111111AAAAA"}, {"order_id": "CS2222222222AAAAA"}]})
    example = {"customerId": "0" * 32, "order_ids": ["CS0000000000ZZZZZ"], "coupon_id": "CP00000000"}
    assert ids.put(example) == {
        "customerId": KNOWN["customer_id"], "order_ids": ["CS1111111111AAAAA"], "coupon_id": "CP00000000",
    }  # fmt: skip


def test_a_reading_operation_is_also_asked_for_everything(contract: Contract) -> None:
    documented, everything = examples(contract.operations["ListSubCustomers"], "cn")
    assert documented["request"] and everything == {"parameters": {}, "request": {}}
    required = examples(contract.operations["ShowCustomerOrderDetails"], "cn")[-1]
    assert list(required["parameters"]) == ["order_id"]


def test_a_writing_operation_is_called_as_documented_only(contract: Contract) -> None:
    operation = contract.operations["CreateSubCustomer"]
    count = sum(one.get("site", "cn") == "cn" for one in operation.document["x-examples"])
    assert len(examples(operation, "cn")) == count


def test_what_is_read_comes_before_what_is_written(server: Server) -> None:
    target, contract = Emulator(server, "cn"), server.contract
    order = [
        match.operation.effect
        for answer in play(target, selected(contract, target, ["customers"], []), NOW)
        if (match := contract.match(str(answer.request.method), answer.request.path_url.partition("?")[0], "cn"))
    ]
    assert order == sorted(order, key=("read", "reversible", "irreversible").index)
    assert set(order) >= {"read", "irreversible"}


@pytest.mark.parametrize(
    ("areas", "names", "expected"),
    [
        (["accounts"], ["ListPartnerBalances", "ListSubCustomers"], {"ListPartnerBalances"}),
        ([], ["ListSubCustomerDiscounts"], set()),
    ],
)
def test_operations_are_chosen_by_area_and_name(
    server: Server, areas: list[str], names: list[str], expected: set[str]
) -> None:
    chosen = selected(server.contract, Emulator(server, "cn"), areas, names)
    assert {one.id for one in chosen} == expected


def test_only_what_somebody_there_may_call_is_chosen(server: Server) -> None:
    target = Emulator(server, "cn")
    target.kinds = ("customer",)
    assert all("customer" in one.callers for one in selected(server.contract, target, [], []))


def test_why_a_guard_keeps_a_call_back_is_heard(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def keep_back(request: object) -> None:
        raise Withheld("it is irreversible")

    target, heard = Emulator(server, "cn"), list[str]()
    monkeypatch.setattr(target, "send", keep_back)
    chosen = selected(server.contract, target, [], ["CreateSubCustomer"])
    assert list(play(target, chosen, NOW, heard.append)) == []
    assert set(heard) == {"it is irreversible"}
