"""`record`, `replay`, `diff` and `proxy` as somebody at a shell uses them, against servers over HTTP."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from contracts.cassettes.cassette import read
from mockserver.app import Server
from mockserver.contract.registry import Contract
from tests.command_line import refused, run, served
from tests.driver import World, over_http, serving

BALANCES = "ListPartnerBalances"
AMOUNT = "answer.account_balances[].amount is string, was number"
CREDIT = "answer.account_balances[].credit_amount is written as 4 decimals, was 2 decimals"


@pytest.fixture(scope="module")
def cassette(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of the emulator."""
    file = tmp_path_factory.mktemp("tapes") / "one.json"
    assert run("record", str(file)).exit_code == 0
    return file


def overlay(folder: Path) -> Path:
    """A contract in which two amounts are written otherwise."""
    document = json.loads(json.dumps(Contract().operations[BALANCES].document))
    fields = document["responses"]["200"]["properties"]["account_balances"]["items"]["properties"]
    fields["amount"] = {"type": "string", "x-decimals": 2}
    fields["credit_amount"] = {"type": "number", "x-decimals": 4}
    file = folder / "operations" / "accounts" / f"{BALANCES}.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(document))
    return folder


@pytest.fixture
def changed(tmp_path: Path) -> Iterator[str]:
    """The address of a server that serves another contract."""
    with serving(Server(overlays=[overlay(tmp_path / "theirs")], seed=5)) as port:
        yield f"http://127.0.0.1:{port}"


# record and replay


def test_a_recording_of_one_server_is_answered_alike_by_another_with_other_ids(tmp_path: Path) -> None:
    file, again = tmp_path / "one.json", tmp_path / "two.json"
    with (
        served("--port", "0", "--server", "waitress") as (_, first),
        served("--port", "0", "--seed", "9") as (_, second),
    ):
        recorded = run("record", str(file), "--target", first, "--area", "accounts", "--area", "customers")
        replayed = run("replay", str(file), "--target", second, "--seed", "7", "--output", str(again))
        compared = run("diff", str(file), str(again))
    assert (recorded.exit_code, recorded.stdout) == (0, "")
    assert f" calls in {file}, " in recorded.stderr
    assert (replayed.exit_code, replayed.stdout) == (0, "")
    assert ", 0 of them answered otherwise" in replayed.stderr
    assert (compared.exit_code, compared.stdout) == (0, "")
    assert len(read(file).calls) == len(read(again).calls) > 30
    assert read(file).target == first


def test_a_recording_may_be_of_chosen_operations(tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    run("record", str(file), "--site", "intl", "--operation", "ListServiceTypes", "--operation", "ListSubCustomers")
    made = read(file)
    assert {call.operation for call in made.calls} == {"ListServiceTypes", "ListSubCustomers"}
    assert (made.site, made.target, made.seed) == ("intl", "mock", 1)


def test_a_replay_tells_what_is_answered_otherwise(tmp_path: Path, cassette: Path) -> None:
    text = cassette.read_text().replace('"status": 200', '"status": 201')
    (tmp_path / "other.json").write_text(text)
    result = run("replay", str(tmp_path / "other.json"), "--operation", BALANCES)
    assert result.exit_code == 1
    heading, *rows = [line.split() for line in result.stdout.splitlines()]
    assert heading == ["OPERATION", "RECORDED", "ANSWERED"]
    assert rows and all(row == [BALANCES, "201", "200"] for row in rows)


def test_masked_values_come_from_a_file(tmp_path: Path) -> None:
    file, fill = tmp_path / "one.json", tmp_path / "values.json"
    run("record", str(file), "--operation", "CreateSubCustomer")
    fill.write_text('{"password": "weak"}')
    result = run("replay", str(file), "--fill", str(fill), "--json")
    assert "400 CBC.99000036" in {row["answered"] for row in json.loads(result.stdout)}


# diff


def test_two_servers_of_which_one_has_another_contract_differ(
    server: Server, port: int, changed: str, tmp_path: Path
) -> None:
    first, known = f"http://127.0.0.1:{port}", tmp_path / "known.json"
    found = run("diff", first, changed, "--area", "accounts")
    assert found.exit_code == 1
    assert [line.split(maxsplit=3)[1:] for line in found.stdout.splitlines()[1:]] == [
        ["breaking", BALANCES, AMOUNT],
        ["notable", BALANCES, CREDIT],
    ]
    compare = ("diff", first, changed, "--area", "accounts", "--baseline", str(known))
    assert run(*compare, "--baseline-update", "--reason", "the other contract").exit_code == 0
    accepted = run(*compare)
    assert (accepted.exit_code, accepted.stdout) == (0, "")
    assert f"{known} accepts 2 of them" in accepted.stderr
    assert {one["reason"] for one in json.loads(known.read_text())["accepted"]} == {"the other contract"}


def test_differences_that_are_gone_are_forgotten(cassette: Path, changed: str, tmp_path: Path) -> None:
    known = str(tmp_path / "known.json")
    run("diff", str(cassette), changed, "--baseline", known, "--baseline-update", "--reason", "seen")
    gone = run("diff", str(cassette), "mock", "--baseline", known)
    assert gone.exit_code == 0 and f"{known}: 2 are gone" in gone.stderr
    run("diff", str(cassette), "mock", "--baseline", known, "--baseline-update")
    assert json.loads(Path(known).read_text()) == {"accepted": []}


def test_a_difference_written_back_is_the_contract_of_the_other(cassette: Path, changed: str, tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    result = run("diff", str(cassette), changed, "--patch", str(ours))
    assert "1 documents written" in result.stderr and "0 differences that no document can say" in result.stderr
    with serving(Server(overlays=[ours])) as port:
        assert run("diff", f"http://127.0.0.1:{port}", changed).exit_code == 0
    assert run("doctor", "--schemas", str(ours), "--port", "0").exit_code == 0


def test_differences_are_json_where_asked_for(cassette: Path, changed: str) -> None:
    rows = json.loads(run("diff", str(cassette), changed, "--json").stdout)
    assert [(row["kind"], row["expected"], row["seen"]) for row in rows] == [
        ("type", ["number"], ["string"]),
        ("form", ["2 decimals"], ["4 decimals"]),
    ]


def test_values_are_compared_where_asked_for(cassette: Path) -> None:
    alike = run("diff", str(cassette), "mock", "--values", "--area", "accounts")
    assert alike.exit_code == 0, alike.stdout


# proxy


@contextmanager
def proxying(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A proxy in a process of its own, and the URL that it printed."""
    command = [sys.executable, "-m", "mockserver", "proxy", "--port", "0", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, text=True, stdout=pipe, stderr=pipe, env={**os.environ}) as process:  # noqa: S603
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def call(world: World, url: str, body: Any) -> int:
    with over_http(urlsplit(url).port or 0) as transport:
        return replace(world.solution_provider, transport=transport)("ListSubCustomers", body).status


def test_a_proxy_ends_after_its_calls_and_says_that_nothing_was_broken(world: World, port: int, tmp_path: Path) -> None:
    file = tmp_path / "passed.json"
    with proxying(f"http://127.0.0.1:{port}", "--calls", "1", "--record", str(file)) as (process, url):
        assert call(world, url, {"limit": 1}) == 200
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "")
    assert "1 calls of 1 operations passed, 0 violations" in err
    assert [(one.operation, one.principal) for one in read(file).calls] == [("ListSubCustomers", "solution_provider")]
    assert run("replay", str(file)).exit_code == 0


def test_a_proxy_tells_violations_at_once_and_at_the_end(world: World, port: int) -> None:
    with proxying(f"http://127.0.0.1:{port}") as (process, url):
        assert call(world, url, {"limits": 1}) == 200
        assert process.stderr is not None
        told = [process.stderr.readline(), process.stderr.readline()]
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=20)
    assert told[1] == "request  ListSubCustomers: limits: unknown to the contract\n"
    assert process.returncode == 1
    assert out.splitlines()[1].split(maxsplit=3) == [
        "1", "request", "ListSubCustomers", "limits: unknown to the contract",
    ]  # fmt: skip


# What cannot be used


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["record", "x.json", "--target", "moon"], "no target 'moon'; accepted: mock, real, or an address"),
        (["record", "x.json", "--area", "moon"], "no area 'moon'"),
        (["record", "x.json", "--operation", "ListSubCustomer"], "no operation 'ListSubCustomer'; near it: ListSub"),
        (["replay", "none.json"], "none.json: No such file or directory"),
        (["diff", "mock", "none.json"], "name the cassette first: none.json mock"),
        (["diff", "none.json", "mock"], "none.json: No such file or directory"),
        (["diff", "mock", "mock", "--baseline-update"], "--baseline-update needs the file that --baseline names"),
        (
            ["record", "x.json", "--operation", "FreezeSubCustomers"],
            "nothing to record: no call of such an operation may",
        ),
        (["proxy", "http://127.0.0.1:99999"], "'http://127.0.0.1:99999' is not an address like"),
        (["proxy", "http://[::1"], "'http://[::1' is not an address like"),
        (["proxy", "bss"], "'bss' is not an address like https://bss.myhuaweicloud.com"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(arguments: list[str], sentence: str) -> None:
    assert refused(*arguments).startswith(sentence)


@pytest.mark.parametrize("text", ["\xff", "[]", '{"version": 2}', '{"accepted": []}', '{"number": 1}'])
def test_another_file_is_no_cassette(tmp_path: Path, text: str) -> None:
    file = tmp_path / "odd.json"
    file.write_text(text, encoding="latin-1")
    for arguments in (["replay", str(file)], ["diff", str(file), "mock"], ["diff", str(file), str(file)]):
        assert refused(*arguments).startswith(f"{file}: not a cassette: ")


@pytest.mark.parametrize("text", ["\xff", "[]", '{"version": 1}', '{"accepted": [{"id": "1"}]}'])
def test_another_file_is_no_baseline(tmp_path: Path, cassette: Path, text: str) -> None:
    file = tmp_path / "odd.json"
    file.write_text(text, encoding="latin-1")
    assert refused("diff", str(cassette), str(cassette), "--baseline", str(file)).startswith(f"{file}: not a baseline")


def test_a_comparison_of_nothing_is_no_success(cassette: Path) -> None:
    for arguments in (["replay", str(cassette)], ["diff", str(cassette), "mock"]):
        sentence = refused(*arguments, "--operation", "FreezeSubCustomers")
        assert sentence == "nothing to compare: no such call, or none that may be sent to mock"


@pytest.mark.parametrize("arguments", [["record"], ["replay", "x.json", "--output"], ["proxy", "http://a", "--record"]])
def test_a_file_that_cannot_be_written_is_told_before_any_call(arguments: list[str]) -> None:
    assert refused(*arguments, "nowhere/x.json").endswith("no folder nowhere to write x.json into")


def test_a_port_that_is_taken_is_told(port: int) -> None:
    sentence = refused("proxy", f"http://127.0.0.1:{port}", "--port", str(port))
    assert sentence == f"cannot listen on port {port} of 127.0.0.1: Address already in use"


@pytest.mark.parametrize("text", ["[]", "nothing"])
def test_values_must_be_an_object(cassette: Path, tmp_path: Path, text: str) -> None:
    fill = tmp_path / "values.json"
    fill.write_text(text)
    assert refused("replay", str(cassette), "--fill", str(fill)) == f"{fill}: not a JSON object of values by field name"


def test_recordings_of_two_sites_are_not_compared(cassette: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(cassette.read_text().replace('"site": "cn"', '"site": "intl"'))
    assert refused("diff", str(cassette), str(other)) == f"{cassette} is of site cn, {other} of site intl"


def test_new_differences_need_a_reason(cassette: Path, changed: str, tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    sentence = refused("diff", str(cassette), changed, "--baseline", str(known), "--baseline-update")
    assert sentence == "say with --reason why 2 new differences are accepted"
    assert not known.exists()


@pytest.mark.parametrize(
    "arguments", [["record", "x.json", "--target"], ["diff", "mock"], ["proxy"]], ids=["record", "diff", "proxy"]
)
def test_what_cannot_be_reached_has_a_code_of_its_own(arguments: list[str], tmp_path: Path) -> None:
    result = run(*arguments, "http://127.0.0.1:1")
    assert result.exit_code == 3
    assert "http://127.0.0.1:1" in result.stderr


def test_without_the_extra_they_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.cli.wishes.find_spec", lambda name: None)
    sentence = "this needs filelock and requests: pip install 'huawei-partner-mock[contracts]'"
    assert refused("record", "x.json") == refused("proxy", "http://a") == sentence


# The real service


@pytest.fixture
def real(world: World, port: int, tmp_path: Path) -> dict[str, str]:
    """Variables that make the emulator the real service, in a folder without profiles."""
    variables = {"PARTNER_MOCK_REAL_ENDPOINT": f"http://127.0.0.1:{port}", "HOME": str(tmp_path)}
    for kind in ("solution_provider", "customer"):
        for name in ("ak", "sk", "domain_id"):
            variables[f"PARTNER_MOCK_REAL_{kind}_{name}".upper()] = world.credentials[kind][name]
    return variables


def received(world: World, contract: Contract) -> set[str]:
    """The effects of the operations that were called."""
    rows = world.control("GET", f"requests?sandbox={world.id}&limit=1000").ok.body["requests"]
    return {contract.operations[row["operation"]].effect for row in rows}


def test_the_real_service_is_only_read(
    world: World, contract: Contract, real: dict[str, str], tmp_path: Path, cassette: Path
) -> None:
    file = tmp_path / "real.json"
    recorded = run("record", str(file), "--target", "real", "--area", "customers", "--area", "accounts", **real)
    assert recorded.exit_code == 0
    assert " calls were not sent, e.g. " in recorded.stderr
    assert read(file).target == "real" and len(read(file).calls) > 10
    compared = run("diff", str(cassette), "real", "--area", "customers", "--json", **real)
    assert " calls were not sent, e.g. " in compared.stderr
    effects = {contract.operations[row["operation"]].effect for row in json.loads(compared.stdout)}
    assert effects <= {"read"}
    assert received(world, contract) == {"read"}


def test_no_more_requests_leave_than_allowed(world: World, real: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "real.json"
    recorded = run("record", str(file), "--target", "real", "--requests", "3", **real)
    assert "the budget of 3 calls is spent" in recorded.stderr
    assert len(read(file).calls) == 3


def test_without_credentials_the_real_service_is_not_called(tmp_path: Path) -> None:
    sentence = refused("record", str(tmp_path / "x.json"), "--target", "real", "--profiles", str(tmp_path / "none"))
    assert "none" in sentence


@pytest.mark.parametrize("command", ["record", "replay", "diff"])
def test_a_real_service_that_does_not_answer_has_a_code_of_its_own(
    command: str, real: dict[str, str], tmp_path: Path, cassette: Path
) -> None:
    file = tmp_path / "real.json"
    arguments = {
        "record": ("record", str(file), "--target", "real"),
        "replay": ("replay", str(cassette), "--target", "real", "--output", str(file)),
        "diff": ("diff", str(cassette), "real"),
    }[command]
    result = run(*arguments, **{**real, "PARTNER_MOCK_REAL_ENDPOINT": "http://127.0.0.1:9"})
    assert result.exit_code == 3
    assert result.stderr.splitlines()[-1].startswith("Error: no answer from http://127.0.0.1:9/v2/")
    assert not file.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["record", "x.json", "--target", "real"],
        ["replay", "CASSETTE", "--target", "real"],
        ["diff", "CASSETTE", "real"],
        ["verify", "--target", "real"],
    ],
    ids=["record", "replay", "diff", "verify"],
)
def test_a_profile_that_there_is_not_is_told(
    arguments: list[str], real: dict[str, str], cassette: Path, tmp_path: Path
) -> None:
    file = tmp_path / "profiles.ini"
    file.write_text("[default]\nsite = cn\n[default.customer]\nak = HIDDEN\nsk = HIDDEN\ndomain_id = 1\n")
    file.chmod(0o600)
    named = [str(cassette) if one == "CASSETTE" else one for one in arguments]
    result = run(*named, "--profiles", str(file), "--profile", "mine", **real)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == f"Error: {file}: no profile [mine]"
    assert "HIDDEN" not in result.output
