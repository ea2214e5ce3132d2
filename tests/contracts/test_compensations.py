"""What a run changed at a real service is taken back, after a crash too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from requests import PreparedRequest, Request, Response

from contracts.compensations import Compensations, JournalError
from contracts.guard import BudgetSpent, Guarded
from contracts.targets.target import Unreachable
from mockserver.app import Server
from mockserver.contract.registry import Contract
from tests.contracts.doubles import Recording, Throttled, die, guarded

ADJUST = "/v2/accounts/partner-accounts/adjust-amount"


@pytest.fixture
def real(server: Server) -> Recording:
    return Recording(server)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def writing(real: Recording, contract: Contract, file: Path) -> Guarded:
    effects = frozenset({"read", "reversible"})
    accounts = frozenset({real.account()})
    return guarded(real, contract, Compensations(file), effects=effects, customers=accounts)


def adjust(target: Guarded, real: Recording, amount: float = 12.5) -> Response:
    body: dict[str, Any] = {"customer_id": real.account(), "amount": amount}
    request = Request("POST", target.base_url + ADJUST, json=body, auth=target.sign("solution_provider")).prepare()
    return target.send(request)


def killed(target: Guarded, real: Recording) -> None:
    """Change something, and end before it is taken back."""
    adjust(target, real)
    die(target)


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
    killed(writing(real, contract, file), real)
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


def crashed(real: Recording, contract: Contract, file: Path, patch: pytest.MonkeyPatch) -> None:
    """The service carries a call out, and its answer is lost."""

    def lost(request: PreparedRequest) -> Response:
        Recording.send(real, request)
        raise Unreachable("the line is cut")

    target = writing(real, contract, file)
    with patch.context() as broken:
        broken.setattr(real, "send", lost)
        with pytest.raises(Unreachable):
            adjust(target, real)
    die(target)


def test_an_uncertain_call_is_not_undone_blindly(
    real: Recording, contract: Contract, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashed(real, contract, file, monkeypatch)
    before = len(real.left)
    writing(real, contract, file).close()
    assert len(real.left) == before


def test_the_journal_says_what_would_take_an_uncertain_call_back(
    real: Recording, contract: Contract, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashed(real, contract, file, monkeypatch)
    step = Compensations(file).uncertain[0].undo[0]
    assert (step.operation, step.body) == ("ReclaimToPartnerAccount", {"customer_id": real.account(), "amount": 12.5})


def test_what_is_taken_back_is_not_taken_back_again(real: Recording, contract: Contract, file: Path) -> None:
    killed(writing(real, contract, file), real)
    writing(real, contract, file).close()
    before = len(real.left)
    writing(real, contract, file).close()
    assert len(real.left) == before


def test_a_failed_undoing_is_told(real: Recording, contract: Contract, file: Path) -> None:
    target = writing(real, contract, file)
    adjust(target, real)
    taken = f"{target.base_url}/v2/accounts/partner-accounts/reclaim"
    body: dict[str, Any] = {"customer_id": real.account(), "amount": 12.5}
    other = real.emulator
    assert other.send(Request("POST", taken, json=body, auth=other.sign("solution_provider")).prepare()).ok
    real.emulator.controls.place("customers", name="demo-customer", allocated=0)
    target.close()
    assert [one.state for one in Compensations(file).failed] == ["failed"]


def test_a_refusal_with_the_status_of_a_success_took_nothing_back(
    real: Recording, contract: Contract, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = writing(real, contract, file)
    adjust(target, real)
    answer = Response()
    answer.status_code, answer._content = 200, b'{"error_code": "CBC.99000048", "error_msg": "reclaimed before"}'
    monkeypatch.setattr(real, "send", lambda request: answer)
    target.close()
    assert [one.operation for one in Compensations(file).failed] == ["UpdateCustomerAccountAmount"]


@pytest.mark.parametrize("cut", [1, 5, 30])
def test_a_journal_that_breaks_off_is_taken_up(real: Recording, contract: Contract, file: Path, cut: int) -> None:
    killed(writing(real, contract, file), real)
    whole = file.read_text()
    file.write_text(whole + whole.splitlines()[0][:cut])
    assert len(Compensations(file).open) == 1
    writing(real, contract, file)
    assert file.read_text() == whole


@pytest.mark.parametrize("text", ["one\ntwo\n", "one", "{}\n", "[]", '{"number": 1}\n', '{"accepted": []}', "\xff"])
def test_another_file_is_refused_and_left_as_it_is(file: Path, text: str) -> None:
    file.write_text(text, encoding="latin-1")
    with pytest.raises(JournalError, match=r"journal of compensations"):
        Compensations(file)
    assert file.read_text(encoding="latin-1") == text


def test_two_runs_do_not_write_one_journal(real: Recording, contract: Contract, file: Path) -> None:
    first = writing(real, contract, file)
    with pytest.raises(JournalError, match=r"journal\.jsonl: another run is writing it"):
        writing(real, contract, file)
    adjust(first, real)
    assert len(Compensations(file).open) == 1, "looking is allowed"
    first.close()
    writing(real, contract, file).close()


def test_a_journal_is_read_again_when_it_is_held(real: Recording, contract: Contract, file: Path) -> None:
    early = Compensations(file)
    killed(writing(real, contract, file), real)
    early.hold(real.base_url, real.accounts)
    assert [one.number for one in early.open] == [1]


def test_a_refused_journal_is_free_for_others(real: Recording, contract: Contract, file: Path) -> None:
    killed(writing(real, contract, file), real)
    with pytest.raises(JournalError, match="not here"):
        Compensations(file).hold("https://elsewhere.example", real.accounts)
    writing(real, contract, file).close()


def test_a_journal_without_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="cannot be written"):
        Compensations(tmp_path / "nowhere" / "journal")


def test_what_is_to_be_taken_back_elsewhere_is_refused(real: Recording, contract: Contract, file: Path) -> None:
    killed(writing(real, contract, file), real)
    real.base_url = "https://bss-intl.myhuaweicloud.com"
    with pytest.raises(JournalError, match=r"entry 1 is to be taken back at http://bss\.myhuaweicloud\.com, not here"):
        writing(real, contract, file)


def test_what_another_account_is_to_take_back_is_refused(
    real: Recording, contract: Contract, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed(writing(real, contract, file), real)
    monkeypatch.setattr(Recording, "accounts", {"customer": real.account(), "solution_provider": "another"})
    with pytest.raises(JournalError, match=r"by solution_provider .*, whose credential is not given"):
        writing(real, contract, file)


def test_a_call_that_came_too_early_is_noted_once(server: Server, contract: Contract, file: Path) -> None:
    real = Throttled(server, refusals=2)
    before = balances(real)
    target = writing(real, contract, file)
    assert adjust(target, real).ok
    assert [one.state for one in Compensations(file).open] == ["done"]
    real.refusals = 2
    target.close()
    assert balances(real) == before


def test_a_call_that_never_got_in_leaves_nothing_to_take_back(server: Server, contract: Contract, file: Path) -> None:
    target = writing(Throttled(server, refusals=9), contract, file)
    assert adjust(target, target._target).status_code == 429  # type: ignore[arg-type]
    journal = Compensations(file)
    assert not journal.open and not journal.uncertain


def test_a_spent_budget_leaves_nothing_uncertain(real: Recording, contract: Contract, file: Path) -> None:
    effects, accounts = frozenset({"read", "reversible"}), frozenset({real.account()})
    target = guarded(real, contract, Compensations(file), effects=effects, customers=accounts, budget=1)
    assert adjust(target, real).ok
    with pytest.raises(BudgetSpent):
        adjust(target, real)
    assert not Compensations(file).uncertain
    target.close()
    assert not Compensations(file).open


def test_the_journal_is_for_its_owner_and_holds_no_secret(real: Recording, contract: Contract, file: Path) -> None:
    adjust(writing(real, contract, file), real)
    assert file.stat().st_mode & 0o077 == 0
    assert all(one["sk"] not in file.read_text() for one in real.emulator.controls.credentials.values())
