"""What a run changed at a real service is taken back, after a crash too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from requests import PreparedRequest, Request, Response

from contracts.compensations import Compensations, JournalError, can_undo
from contracts.guard import Guarded
from contracts.targets.target import Unreachable
from mockserver.app import Server
from mockserver.contract.registry import Contract
from tests.contracts.doubles import Recording, guarded

ADJUST = "/v2/accounts/partner-accounts/adjust-amount"


@pytest.fixture
def real(server: Server) -> Recording:
    return Recording(server)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def customer(real: Recording) -> str:
    return real.emulator.controls.credentials["customer"]["domain_id"]


def writing(real: Recording, contract: Contract, file: Path) -> Guarded:
    effects = frozenset({"read", "reversible"})
    accounts = frozenset({customer(real)})
    return guarded(real, contract, Compensations(file), effects=effects, customers=accounts)


def adjust(target: Guarded, real: Recording, amount: float = 12.5) -> Response:
    body: dict[str, Any] = {"customer_id": customer(real), "amount": amount}
    request = Request("POST", target.base_url + ADJUST, json=body, auth=target.sign("solution_provider")).prepare()
    return target.send(request)


def balances(real: Recording) -> object:
    target = real.emulator
    url = f"{target.base_url}/v2/accounts/partner-accounts/balances"
    return target.send(Request("GET", url, auth=target.sign("solution_provider")).prepare()).json()


def test_closing_takes_back_what_was_changed(real: Recording, contract: Contract, file: Path) -> None:
    before = balances(real)
    target = writing(real, contract, file)
    assert adjust(target, real).ok
    assert balances(real) != before
    target.close()
    assert balances(real) == before
    assert not Compensations(file).open


def test_a_crash_loses_no_compensation(real: Recording, contract: Contract, file: Path) -> None:
    before = balances(real)
    adjust(writing(real, contract, file), real)
    writing(real, contract, file).close()
    assert balances(real) == before


def test_the_newest_change_is_taken_back_first(real: Recording, contract: Contract, file: Path) -> None:
    target = writing(real, contract, file)
    for amount in (1.5, 2.5):
        adjust(target, real, amount)
    target.close()
    undone = [json.loads(str(one.body, "utf-8"))["amount"] for one in real.left[-2:] if isinstance(one.body, bytes)]
    assert undone == [2.5, 1.5]


def test_a_refused_call_leaves_nothing_to_take_back(real: Recording, contract: Contract, file: Path) -> None:
    target = writing(real, contract, file)
    assert not adjust(target, real, 10**9).ok
    journal = Compensations(file)
    assert not journal.open and not journal.uncertain


def test_the_call_is_noted_before_it_leaves(
    real: Recording, contract: Contract, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(request: PreparedRequest) -> Response:
        assert '"begun"' in file.read_text()
        raise Unreachable("the line is cut")

    target = writing(real, contract, file)
    monkeypatch.setattr(real, "send", lost)
    with pytest.raises(Unreachable):
        adjust(target, real)
    assert [one.operation for one in Compensations(file).uncertain] == ["UpdateCustomerAccountAmount"]


def test_an_uncertain_call_is_not_undone_blindly(real: Recording, contract: Contract, file: Path) -> None:
    Compensations(file).begin(contract.operations["UpdateCustomerAccountAmount"], "solution_provider")
    writing(real, contract, file).close()
    assert not real.left


def test_a_failed_undoing_is_told(real: Recording, contract: Contract, file: Path) -> None:
    target = writing(real, contract, file)
    adjust(target, real)
    taken = f"{target.base_url}/v2/accounts/partner-accounts/reclaim"
    body: dict[str, Any] = {"customer_id": customer(real), "amount": 12.5}
    other = real.emulator
    assert other.send(Request("POST", taken, json=body, auth=other.sign("solution_provider")).prepare()).ok
    real.emulator.controls.place("customers", name="demo-customer", allocated=0)
    target.close()
    assert [one.state for one in Compensations(file).failed] == ["failed"]


def test_a_journal_that_breaks_off_is_taken_up(real: Recording, contract: Contract, file: Path) -> None:
    adjust(writing(real, contract, file), real)
    with file.open("a") as stream:
        stream.write('{"number": 2, "oper')
    assert len(Compensations(file).open) == 1


def test_another_file_is_refused(file: Path) -> None:
    file.write_text("one\ntwo\n")
    with pytest.raises(JournalError, match="line 1"):
        Compensations(file)


def test_the_journal_is_for_its_owner_and_holds_no_secret(real: Recording, contract: Contract, file: Path) -> None:
    adjust(writing(real, contract, file), real)
    assert file.stat().st_mode & 0o077 == 0
    assert all(one["sk"] not in file.read_text() for one in real.emulator.controls.credentials.values())


def test_what_undoes_a_call_is_an_operation_of_the_same_callers(contract: Contract) -> None:
    undone = [one for one in contract if can_undo(one)]
    assert undone
    for one in undone:
        other = contract.operations[one.document["x-undo"]["operation"]]
        assert one.effect == other.effect == "reversible"
        assert other.callers & one.callers and set(one.sites) <= set(other.sites)
