"""Writing to the real service and taking it back, as somebody at a shell does it: an emulator is in its place."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from werkzeug.serving import make_server

from contracts.compensations import Compensations
from mockserver.app import Server, create_app
from mockserver.cli import main
from tests.command_line import refused, run
from tests.contracts.authority import Silent
from tests.driver import World

ADJUST = ("--operation", "UpdateCustomerAccountAmount")


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


@pytest.fixture
def real(world: World, port: int, tmp_path: Path) -> dict[str, str]:
    """Variables that make a sandbox the real service, in a folder without profiles."""
    return variables(world, f"http://127.0.0.1:{port}", tmp_path)


def variables(world: World, url: str, home: Path) -> dict[str, str]:
    told = {"PARTNER_MOCK_REAL_ENDPOINT": url, "PARTNER_MOCK_REAL_IAM_ENDPOINT": url, "HOME": str(home)}
    for kind in ("solution_provider", "customer"):
        for name in ("ak", "sk", "domain_id", "domain_name", "user_name", "password"):
            told[f"PARTNER_MOCK_REAL_{kind}_{name}".upper()] = world.credentials[kind][name]
    return told


def writing(world: World, journal: Path) -> tuple[str, ...]:
    return ("--reversible", "--customer", world.customer.id, "--journal", str(journal))


def money(world: World) -> list[Decimal]:
    """What partner and customer hold."""
    accounts = world.solution_provider("ListPartnerBalances").ok.body["account_balances"]
    own = world.customer("ShowCustomerAccountBalances").ok.body["account_balances"]
    return [one["amount"] for one in (*accounts, *own)]


def became(journal: Path) -> list[str]:
    """What became of each call that was noted."""
    last = {entry["number"]: entry["state"] for entry in map(json.loads, journal.read_text().splitlines())}
    return list(last.values())


def secrets(world: World) -> set[str]:
    return {one[name] for one in world.credentials.values() for name in ("ak", "sk", "password") if one.get(name)}


@pytest.fixture
def cassette(tmp_path: Path) -> Path:
    """A recording of the emulator's: a reversible call."""
    file = tmp_path / "mock.json"
    assert run("record", str(file), *ADJUST).exit_code == 0
    return file


@pytest.mark.parametrize("command", ["verify", "record", "replay", "diff"])
def test_what_is_written_is_noted_and_taken_back(
    command: str, world: World, real: dict[str, str], journal: Path, cassette: Path, tmp_path: Path
) -> None:
    before, file = money(world), tmp_path / "real.json"
    arguments = {
        "verify": ("verify", "--target", "real", "--phase", "examples", "--report", f"har={tmp_path / 'run.har'}"),
        "record": ("record", str(file), "--target", "real"),
        "replay": ("replay", str(cassette), "--target", "real", "--output", str(file)),
        "diff": ("diff", str(cassette), "real"),
    }[command]
    result = run(*arguments, *ADJUST, *writing(world, journal), **real)
    assert result.exit_code == 0, result.output
    assert "undone" in became(journal) and set(became(journal)) <= {"undone", "refused"}
    assert money(world) == before
    assert "taken back" not in result.stderr
    written = [one.read_text() for one in tmp_path.iterdir() if one.is_file()]
    assert not [one for one in secrets(world) for text in (result.output, *written) if one in text]


def test_what_is_written_to_the_international_site_is_taken_back(
    abroad: World, port: int, journal: Path, tmp_path: Path
) -> None:
    told = variables(abroad, f"http://127.0.0.1:{port}", tmp_path)
    arguments = ("--target", "real", "--site", "intl", "--operation", "FreezeSubCustomers")
    result = run("record", str(tmp_path / "intl.json"), *arguments, *writing(abroad, journal), **told)
    assert result.exit_code == 0, result.output
    assert became(journal) == ["undone"]
    rows = abroad.solution_provider("ListSubCustomers", {"customer_id": abroad.customer.id}).ok.body["customer_infos"]
    assert [one["is_frozen"] for one in rows] == [0]


def test_a_call_to_another_account_does_not_leave(
    world: World, real: dict[str, str], journal: Path, tmp_path: Path
) -> None:
    other = ("--reversible", "--customer", "somebody", "--journal", str(journal))
    result = run("record", str(tmp_path / "real.json"), "--target", "real", *ADJUST, *other, **real)
    assert result.exit_code == 0, result.output
    assert not [one for one in became(journal) if one != "refused"]


@pytest.mark.parametrize("command", ["verify", "record"])
def test_what_could_not_be_taken_back_is_told_with_the_way_to_do_it_later(
    command: str, world: World, real: dict[str, str], journal: Path, tmp_path: Path
) -> None:
    before = money(world)
    # The undoing is refused while the fault is there.
    fault = [{"operation": "ReclaimToPartnerAccount", "code": "CBC.0999"}]
    world.control("PUT", f"sandboxes/{world.id}/faults", fault).ok  # noqa: B018
    arguments = (command, *(["--phase", "examples"] if command == "verify" else [str(tmp_path / "real.json")]))
    result = run(*arguments, "--target", "real", *ADJUST, *writing(world, journal), **real)
    assert f"not everything was taken back: partner-mock verify --target real --resume {journal}" in result.stderr
    assert "failed" in became(journal) and money(world) != before
    told = run("verify", "--target", "real", "--resume", str(journal), **real)
    assert (told.exit_code, told.stdout.splitlines()[0]) == (1, "0 of 0 calls taken back")
    assert "UpdateCustomerAccountAmount as solution_provider, entry 1: its undoing was refused" in told.stdout


@contextmanager
def stuck(server: Server, path: str) -> Iterator[tuple[str, threading.Event]]:
    """The address of a server that never answers a path, and what tells that it was asked for it."""
    app, asked, over = create_app(server), threading.Event(), threading.Event()

    def stubborn(environment: dict[str, Any], start: Callable[..., Any]) -> Any:
        if environment["PATH_INFO"] == path:
            asked.set()
            over.wait(30)
        return app(environment, start)

    made = make_server("127.0.0.1", 0, stubborn, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.port}", asked
    over.set()
    made.shutdown()
    thread.join()
    made.server_close()


def test_a_killed_run_is_taken_back_later(server: Server, world: World, journal: Path, tmp_path: Path) -> None:
    before = money(world)
    with stuck(server, "/v2/systems/configs/provinces") as (url, asked):
        told = variables(world, url, tmp_path)
        command = [sys.executable, "-m", "mockserver", "verify", "--target", "real", "--phase", "examples", *ADJUST]
        command += ["--operation", "ListProvinces", *writing(world, journal)]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdout=pipe, stderr=pipe, env={**os.environ, **told}) as process:  # noqa: S603
            assert asked.wait(60)
            process.kill()
        assert money(world) != before
        left = len(Compensations(journal).open)
        assert left > 0
        result = run("verify", "--target", "real", "--resume", str(journal), **told)
    assert (result.exit_code, result.stdout) == (0, f"{left} of {left} calls taken back\n")
    assert money(world) == before


def test_a_journal_of_another_service_is_not_resumed(world: World, real: dict[str, str], journal: Path) -> None:
    entry = {"number": 1, "operation": "UpdateCustomerAccountAmount", "caller": "customer", "state": "done"}
    journal.write_text(json.dumps({**entry, "undo": [], "service": "https://bss.myhuaweicloud.com"}) + "\n")
    result = run("verify", "--target", "real", "--resume", str(journal), **real)
    assert result.exit_code == 2
    assert "entry 1 is to be taken back at https://bss.myhuaweicloud.com, not here" in result.stderr


# What nothing takes back


def confirming(typed: str, world: World, real: dict[str, str], journal: Path) -> Result:
    arguments = ["verify", "--target", "real", "--irreversible", "--operation", "SetResourcesRenewConfig"]
    arguments += ["--phase", "examples", *writing(world, journal)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["mockserver.cli.verify"], "_at_terminal", lambda: True)
        return CliRunner().invoke(main, arguments, input=f"{typed}\n", env=real)


@pytest.mark.parametrize("typed", ["", "yes", "send 2 irreversible operations"])
def test_nothing_is_sent_if_something_else_is_typed(
    typed: str, world: World, real: dict[str, str], journal: Path
) -> None:
    with world.unchanged():
        result = confirming(typed, world, real, journal)
    assert result.exit_code == 2
    assert result.stderr.endswith("Error: not confirmed; nothing was sent\n")
    assert not journal.exists()


def test_what_is_confirmed_is_sent(world: World, real: dict[str, str], journal: Path) -> None:
    result = confirming("send 1 irreversible operations", world, real, journal)
    assert result.exit_code == 0, result.output
    assert world.control("GET", f"requests?sandbox={world.id}").ok.body["requests"]


# Wrong use


@pytest.mark.parametrize(
    "arguments",
    [["record", "x.json"], ["replay", "x.json"], ["diff", "x.json", "mock"], ["verify"]],
    ids=["record", "replay", "diff", "verify"],
)
def test_an_emulator_needs_no_permission(arguments: list[str]) -> None:
    sentence = refused(*arguments, "--reversible", "--customer", "one")
    assert sentence == "--reversible is for the real service; an emulator takes every call"


@pytest.mark.parametrize(
    "arguments",
    [["record", "x.json", "--target", "real"], ["replay", "x.json", "--target", "real"], ["diff", "x.json", "real"]],
    ids=["record", "replay", "diff"],
)
def test_the_accounts_must_be_named(arguments: list[str]) -> None:
    assert refused(*arguments, "--reversible").startswith("--reversible needs at least one --customer")


@pytest.mark.parametrize(
    "command", [["record", "x.json"], ["replay", "x.json"], ["diff", "x.json", "y.json"], ["verify"]]
)
@pytest.mark.parametrize("option", ["--ak", "--sk", "--password", "--token"])
def test_no_credential_is_an_option(command: list[str], option: str) -> None:
    assert f"No such option '{option}'" in refused(*command, option, "SECRET")


@pytest.mark.parametrize(
    "arguments",
    [
        ["record", "x.json", "--target", "http://user:SECRET@127.0.0.1:9"],
        ["verify", "--target", "https://SECRET@127.0.0.1:9"],
        ["proxy", "https://user:SECRET@127.0.0.1:9"],
    ],
    ids=["record", "verify", "proxy"],
)
def test_no_credential_is_part_of_an_address(arguments: list[str]) -> None:
    sentence = refused(*arguments)
    assert sentence.startswith("credentials do not belong into an address") and "SECRET" not in sentence
