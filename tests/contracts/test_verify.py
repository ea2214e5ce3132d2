"""`partner-mock verify`: what it prints, and its exit codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from requests import Request

from contracts.compensations import Compensations
from contracts.phases.registry import PHASES
from contracts.targets.profiles import read_profile
from contracts.targets.real import Real
from mockserver.app import Server
from mockserver.cli import main
from mockserver.contract.registry import Contract
from tests.contracts.doubles import die, guarded

ONE = ("--workers", "1")


def verify(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(main, ["verify", *arguments], env=environment)


@pytest.fixture(autouse=True)
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


def credentials(server: Server) -> dict[str, str]:
    """The environment in which a server of ours is the real service."""
    world = server.universe.default.credentials()
    return {
        f"PARTNER_MOCK_REAL_{kind}_{name}".upper(): world[kind][name]
        for kind in ("solution_provider", "customer")
        for name in ("ak", "sk", "domain_id")
    }


def test_a_clean_target_is_told_and_exits_0() -> None:
    result = verify("--area", "regions", "--quick", *ONE)
    assert result.exit_code == 0
    assert "no findings" in result.stdout


def test_drift_is_told_and_exits_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contracts.phases.running.complaints", lambda view, answer: iter(["a made-up complaint"]))
    result = verify("--operation", "ListProvinces", "--phase", "examples", *ONE)
    assert result.exit_code == 1
    assert "ListProvinces: a made-up complaint" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--target", "nowhere"], "no target 'nowhere'; accepted: mock, real, or an address"),
        (["--area", "nope"], "no area 'nope'; accepted: accounts,"),
        (["--phase", "nope"], "no phase 'nope'; accepted: "),
        (["--operation", "ListProvince"], "no operation 'ListProvince'; near it: ListProvinces"),
        (["--operation", "ListInvoices"], "nothing to verify"),
        (["--reversible"], "--reversible is for the real service"),
        (["--irreversible"], "--irreversible is for the real service"),
        (["--target", "real"], "no credentials of the real service"),
        (["--target", "real", "--irreversible"], "--irreversible needs --reversible"),
        (["--target", "real", "--reversible"], "--reversible needs at least one --customer"),
        (["--target", "real", "--workers", "2"], "--workers"),
        (["--seed", "x"], "--seed"),
        (["--max-time", "0"], "--max-time"),
    ],
)
def test_wrong_use_is_one_sentence_and_exits_2(arguments: list[str], sentence: str) -> None:
    result = verify(*arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_a_target_that_does_not_answer_exits_3() -> None:
    result = verify("--target", "http://127.0.0.1:9")
    assert result.exit_code == 3
    assert "http://127.0.0.1:9" in result.stderr


def test_something_else_at_the_address_exits_2_or_3(port: int) -> None:
    assert verify("--target", f"http://127.0.0.1:{port}", "--area", "regions", "--plan").exit_code == 0
    assert verify("--target", f"http://127.0.0.1:{port}/elsewhere", "--plan").exit_code in (2, 3)


def test_the_plan_of_everything_counts_the_parts_of_each_phase() -> None:
    result = verify("--plan")
    assert result.exit_code == 0
    assert "operations" in result.stdout and all(f" {name}" in result.stdout for name in PHASES)


def test_the_plan_for_the_real_service_lists_effects_and_sends_nothing(server: Server) -> None:
    result = verify("--target", "real", "--plan", **credentials(server))
    assert result.exit_code == 0
    assert "effects: read; at most 2000 calls" in result.stdout
    assert "left out, it is irreversible: " in result.stdout


def test_the_real_service_is_verified_reading_only(server: Server, port: int) -> None:
    told = {**credentials(server), "PARTNER_MOCK_REAL_ENDPOINT": f"http://127.0.0.1:{port}"}
    arguments = ("--area", "regions", "--phase", "examples", "--requests", "20")
    result = verify("--target", "real", *arguments, **told)
    assert result.exit_code == 0, result.output
    assert "effects: read; at most 20 calls" in result.stderr


def test_a_real_service_that_does_not_answer_exits_3(server: Server) -> None:
    told = {**credentials(server), "PARTNER_MOCK_REAL_ENDPOINT": "http://127.0.0.1:9"}
    assert verify("--target", "real", "--area", "regions", **told).exit_code == 3


def test_what_cannot_be_taken_back_is_confirmed_at_a_terminal(server: Server, tmp_path: Path) -> None:
    arguments = ("--reversible", "--irreversible", "--customer", "one", "--journal", str(tmp_path / "journal"))
    result = verify("--target", "real", *arguments, **credentials(server))
    assert result.exit_code == 2
    assert "confirmed at a terminal" in result.stderr


def test_a_run_that_ran_out_of_time_says_what_is_left() -> None:
    result = verify("--area", "bills", "--max-time", "0.2", *ONE)
    assert result.exit_code == 0
    assert "the time is over" in result.stdout


def test_a_broken_run_is_resumed(server: Server, contract: Contract, port: int, tmp_path: Path) -> None:
    url, file = f"http://127.0.0.1:{port}", tmp_path / "journal"
    told = {**credentials(server), "PARTNER_MOCK_REAL_ENDPOINT": url}
    own = server.universe.default.credentials()["customer"]["domain_id"]
    profile = read_profile(told, None, "default")
    broken = guarded(
        Real(profile), contract, Compensations(file), effects=frozenset({"read", "reversible"}), customers={own}
    )
    body: dict[str, Any] = {"customer_id": own, "amount": 3}
    sign = broken.sign("solution_provider")
    call = Request("POST", f"{url}/v2/accounts/partner-accounts/adjust-amount", json=body, auth=sign)
    assert broken.send(call.prepare()).ok
    early = verify("--target", "real", "--resume", str(file), **told)
    assert early.exit_code == 2 and f"{file}: another run is writing it" in early.stderr
    die(broken)
    result = verify("--target", "real", "--resume", str(file), **told)
    assert (result.exit_code, result.stdout) == (0, "1 of 1 calls taken back\n")
    assert not Compensations(file).open
