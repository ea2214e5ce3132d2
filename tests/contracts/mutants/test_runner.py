"""A handful of mutants is killed, by the part of the suite that is for them; the right emulator is not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from contracts.mutants import __main__ as command
from contracts.mutants.mutant import Mutant
from contracts.mutants.registry import MUTANTS, chosen
from contracts.mutants.runner import FalseAlarm, Verdict, examine, plan_for
from contracts.options import Options
from contracts.targets.opening import open_target
from mockserver.contract.registry import Contract


@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("no-request-id", "examples"),
        ("limit-one-more", "properties"),
        ("page-one-more", "properties"),
        ("bounds-inclusive", "properties"),
        ("reseller-admitted", "properties"),
        ("money-leaks", "model"),
        ("signature-unchecked", "doors"),
        ("tokens-never-void", "doors"),
        ("body-not-demanded", "bodies"),
        ("package-by-default", "properties UpdateSubCustomerBudget"),
        ("orders-of-others", "properties ShowCustomerOrderDetails"),
    ],
)
def test_a_mutant_is_killed(name: str, by: str, contract: Contract) -> None:
    assert examine(MUTANTS[name], contract).by.startswith(by)


def test_without_a_mistake_the_suite_finds_nothing(contract: Contract) -> None:
    right = Mutant("right", "form", ("ListProvinces", "CancelCustomerOrder"), ())
    verdict = examine(right, contract, phases=("examples", "reads", "properties"))
    assert not verdict.killed and not verdict.broken and verdict.calls > 50


def test_what_concerns_a_mutant_most_has_the_first_turn(contract: Contract) -> None:
    mutant = MUTANTS["refund-twice"]
    target = open_target("mock")
    parts = plan_for(mutant, contract, Options(), target).parts
    target.close()
    turns = list(dict.fromkeys((part.operation == mutant.operations[0], part.operation == "") for part in parts))
    assert turns[0] == (True, False)
    assert {part.area for part in parts} == {"", "resources"}


def test_mutants_are_chosen_by_name_kind_and_area(contract: Contract) -> None:
    assert [one.name for one in chosen(contract, names=["refund-twice"])] == ["refund-twice"]
    assert {one.kind for one in chosen(contract, kinds=["coupon"])} == {"coupon"}
    assert all("regions" in str(one) or one.operations for one in chosen(contract, areas=["regions"]))
    assert len(chosen(contract)) == len(MUTANTS)


def run(*words: str) -> Any:
    return CliRunner().invoke(command.main, list(words))


def test_the_list_tells_what_is_wrong() -> None:
    listed = json.loads(run("--list", "--json", "--only", "refund-twice").stdout)
    assert [(one["name"], one["kind"]) for one in listed] == [("refund-twice", "money")]
    assert "give_back" in listed[0]["wrong"]


@pytest.mark.parametrize(("words", "said"), [(("--only", "none"), "no mutant"), (("--area", "none"), "no area")])
def test_a_name_that_there_is_not_is_refused(words: tuple[str, ...], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(("killed", "code"), [(20, 0), (19, 0), (18, 1)])
def test_fewer_than_95_percent_are_not_enough(killed: int, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    names = list(MUTANTS)[:20]
    verdicts = [Verdict(one, "examples" if number < killed else "") for number, one in enumerate(names)]
    monkeypatch.setattr(command, "examined", lambda *given: iter(verdicts))
    result = run("--seeds", "0", *(word for one in names for word in ("--only", one)))
    assert result.exit_code == code
    assert f"{killed} of 20 killed" in result.stdout
    assert result.stdout.count("survives: ") == 20 - killed


def test_a_false_alarm_is_not_enough_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "examined", lambda *given: iter([Verdict("refund-twice", "model")]))
    monkeypatch.setattr(command, "alarms_of_seeds", lambda *given: iter([[FalseAlarm("cn", 3, "a finding")]]))
    result = run("--only", "refund-twice")
    assert result.exit_code == 1
    assert "false alarm, cn, seed 3: a finding" in result.stdout
