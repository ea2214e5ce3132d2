"""Fields that the examples have and no answer has are found."""

from __future__ import annotations

import pytest

from contracts.targets.emulator import Emulator
from mockserver.app import Server
from tests.contracts.properties.planted import Fields, Planted, kinds_found, look

CUSTOMERS, SERVICES = "ListSubCustomers", "CheckUserIdentity"


def test_a_field_that_no_answer_has_is_found(server: Server) -> None:
    def told(asked: Fields, body: Fields) -> None:
        for row in body["customer_infos"]:
            del row["account_name"]

    found = kinds_found(Planted(server, CUSTOMERS, told=told), server.contract, CUSTOMERS, "completeness")
    assert "no answer has a field" in found


def test_a_field_that_some_row_has_is_answered(server: Server) -> None:
    def told(asked: Fields, body: Fields) -> None:
        for row in body["customer_infos"][1:]:
            del row["account_name"]

    found = kinds_found(Planted(server, CUSTOMERS, told=told), server.contract, CUSTOMERS, "completeness")
    assert "no answer has a field" not in found


def test_what_is_answered_in_some_cases_only_may_be_missing(server: Server) -> None:
    response = server.contract.operations[SERVICES].on("cn").response_schema or {}
    assert "x-only-when" in response["properties"]["mobile_remain_available_num"]
    assert not kinds_found(Planted(server, SERVICES), server.contract, SERVICES, "completeness")


@pytest.mark.parametrize("operation", [CUSTOMERS])
def test_without_controls_nobody_knows_what_there_is_to_show(server: Server, operation: str) -> None:
    target = Emulator(server, "cn")
    target.controls = None  # type: ignore[assignment]
    _, counts, _ = look(target, server.contract, operation, "completeness")
    assert [(one.saw_nothing, one.why) for one in counts] == [(True, "nobody knows what the target has to show")]
