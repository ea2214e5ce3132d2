"""The command line: data on stdout, words on stderr, one sentence and exit code 2 for what cannot be used."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mockserver import __version__
from mockserver.app import Server
from mockserver.contract.openapi import export
from mockserver.contract.registry import Contract
from mockserver.serving import take_port, url_of
from tests.command_line import HEAVY, overlay, refused, run
from tests.driver import World, serving

# The whole


def test_the_version() -> None:
    assert run("--version").stdout == f"{__version__}\n"


@pytest.mark.parametrize(
    "command", ["serve", "env", "operations", "explain", "openapi", "doctor", "record", "replay", "diff", "proxy"]
)
def test_every_command_explains_itself(command: str) -> None:
    assert f"  {command} " in run("--help").stdout
    assert run(command, "--help").stdout.startswith(f"Usage: main {command}")


def test_an_unknown_command_is_a_wrong_use() -> None:
    assert refused("fly") == "No such command 'fly'."


@pytest.mark.parametrize("command", ["operations", "explain CBC.0100", "openapi", "env --unset", "doctor --port 0"])
def test_nothing_is_coloured(command: str) -> None:
    assert "\x1b" not in run(*command.split(), NO_COLOR="1").output


def test_asking_for_help_loads_nothing() -> None:
    look = "import sys, mockserver.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout.split()  # noqa: S603
    assert {"flask", "msgspec", "jsonschema_rs", "granian", "mockserver.app", *HEAVY} & set(loaded) == set()


def test_python_m_is_the_same_program() -> None:
    command = [sys.executable, "-m", "mockserver", "--version"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == f"{__version__}\n"  # noqa: S603


# operations


def test_operations_are_a_table(contract: Contract) -> None:
    result = run("operations")
    heading, *rows = result.stdout.splitlines()
    assert heading.split() == ["AREA", "OPERATION", "CALL", "SITE", "STATUS", "STATEFUL"]
    assert len(rows) == len(contract)
    assert rows[0].split()[:2] == ["accounts", "ListCustomerAccountChangeRecords"]
    assert result.stderr.startswith(f"{len(contract)} operations, ")


def test_operations_are_filtered() -> None:
    result = run("operations", "--area", "accounts", "--site", "intl", "--status", "current", "--stateful")
    names = [row.split()[1] for row in result.stdout.splitlines()[1:]]
    assert names == ["ShowCustomerAccountBalances", "ShowCustomerExpenditureQuota"]
    assert run("operations", "--area", "accounts", "--stateless").stdout.count("\n") == 1


def test_operations_are_json_where_asked_for(contract: Contract) -> None:
    rows = json.loads(run("operations", "--json").stdout)
    assert {row["id"] for row in rows} == contract.operations.keys()
    assert rows[0].keys() == {"id", "area", "summary", "method", "path", "site", "status", "stateful", "errors"}


def test_an_unknown_area_is_told_the_known_ones() -> None:
    assert refused("operations", "--area", "moon").startswith("no area 'moon'; accepted: accounts, bills")


# openapi


@pytest.mark.parametrize("site", [None, "cn", "intl"])
def test_the_contract_is_printed_as_openapi(contract: Contract, site: str | None) -> None:
    printed = run("openapi", "--url", "http://mock:1", *(["--site", site] if site else []))
    assert json.loads(printed.stdout) == export(contract, site, "http://mock:1")
    assert printed.stderr == ""


# explain


def test_a_code_is_explained_with_its_operations() -> None:
    result = run("explain", "CBC.5003")
    assert result.exit_code == 0
    assert result.stdout.startswith(
        "CBC.5003  Insufficient balance.  余额不足。\nHTTP status  400, 200, from the service\nCause  "
    )
    assert "\nRemedy  " in result.stdout
    rows = [line.split(maxsplit=3) for line in result.stdout.splitlines()]
    assert ["400", "UpdateCustomerAccountAmount", "cn"] in [row[:3] for row in rows]


@pytest.mark.parametrize("asked", ["CBC.99000035", "cbc.99000035", " CBC.99000035 ", "99000035"])
def test_a_code_may_be_written_carelessly(asked: str) -> None:
    assert run("explain", asked).stdout.startswith("CBC.99000035  ")


@pytest.mark.parametrize("asked", ["APIGW.0301", "APIG.0301"])
def test_a_code_of_the_gateway_has_two_spellings(asked: str) -> None:
    result = run("explain", asked)
    assert result.stdout.startswith("APIGW.0301 (APIG.0301)  ")
    assert result.stderr == "any operation can answer it\n"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("APIGW.0101", "any operation can answer it\n"),
        ("IAM.0001", "the identity endpoints answer it\n"),
        ("CBC.0100", ""),
    ],
)
def test_it_is_said_where_a_code_comes_from(asked: str, said: str) -> None:
    assert run("explain", asked).stderr == said


def test_an_explanation_is_json_where_asked_for(contract: Contract) -> None:
    told = json.loads(run("explain", "CBC.99000050", "--json").stdout)
    facts = contract.codes["CBC.99000050"]
    assert (told["cause"], told["remedy"]) == (facts["meaning"], facts["remedy"])
    assert told["messages"] == {"en": facts["en"], "zh": facts["zh"]}
    assert "CreateSubCustomer" in [row["id"] for row in told["operations"]]
    assert {"area", "site", "status", "when"} <= told["operations"][0].keys()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("CBC.99000999", "no code 'CBC.99000999'; near it: "),
        ("CBC.100", "no code 'CBC.100'; near it: CBC.0100, "),
        ("100", "no code '100'; near it: CBC.0100, "),
        ("xyz", "no code 'xyz'"),
        ("", "no code ''"),
    ],
)
def test_an_unknown_code_is_told_those_near_it(asked: str, said: str) -> None:
    assert refused("explain", asked).startswith(said)


# env


def exported(text: str) -> dict[str, str]:
    words = [shlex.split(line) for line in text.splitlines()]
    assert all(word == "export" for word, _ in words)
    return dict(assignment.split("=", 1) for _, assignment in words)


@pytest.fixture(scope="module")
def url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def nowhere() -> Iterator[str]:
    """An address at which nobody listens."""
    with closing(take_port("127.0.0.1", 0)) as taken:
        yield url_of(taken)


def test_env_points_the_sdk_at_the_server(url: str, server: Server) -> None:
    result = run("env", "--url", f"{url}/")
    credential = server.universe.default.credentials()["solution_provider"]
    assert result.stderr == ""
    assert exported(result.stdout) == {
        "HUAWEICLOUD_SDK_AK": credential["ak"],
        "HUAWEICLOUD_SDK_SK": credential["sk"],
        "HUAWEICLOUD_SDK_DOMAIN_ID": credential["domain_id"],
        "HUAWEICLOUD_SDK_REGION_BSS_CN_NORTH_1": url,
        "HUAWEICLOUD_SDK_REGION_BSSINTL_AP_SOUTHEAST_1": url,
        "HUAWEICLOUD_SDK_REGION_BSSINTL_EU_WEST_101": url,
        "HUAWEICLOUD_SDK_IAM_ENDPOINT": url,
        "HUAWEICLOUD_SDK_STS_ENDPOINT": url,
    }


def test_env_takes_any_principal_of_any_sandbox(url: str, world: World) -> None:
    printed = run("env", "--url", url, "--sandbox", world.id, "--as", "customer", "--json")
    assert json.loads(printed.stdout)["HUAWEICLOUD_SDK_AK"] == world.credentials["customer"]["ak"]


def test_env_knows_the_usual_credentials_without_a_server(nowhere: str, server: Server) -> None:
    result = run("env", "--url", nowhere)
    values = exported(result.stdout)
    credential = server.universe.default.credentials()["solution_provider"]
    assert [values[f"HUAWEICLOUD_SDK_{name}"] for name in ("AK", "SK", "DOMAIN_ID")] == [
        credential[field] for field in ("ak", "sk", "domain_id")
    ]
    assert result.stderr.startswith(f"nothing answers at {nowhere}: these are the credentials of `partner-mock serve`")


def test_env_is_undone_by_unset(url: str) -> None:
    result = run("env", "--unset")
    assert result.stdout.splitlines() == [f"unset {name}" for name in exported(run("env", "--url", url).stdout)]
    assert set(json.loads(run("env", "--unset", "--json").stdout).values()) == {None}


def test_env_passes_the_control_token_on() -> None:
    with serving(Server(control_token="secret")) as port:
        arguments = ("env", "--url", f"http://127.0.0.1:{port}")
        assert run(*arguments, "--control-token", "secret").exit_code == 0
        assert run(*arguments, PARTNER_MOCK_CONTROL_TOKEN="secret").exit_code == 0
        assert refused(*arguments) == "the control API needs Authorization: Bearer <control token>"


def test_env_names_what_it_cannot_find(url: str, nowhere: str) -> None:
    assert refused("env", "--url", url, "--sandbox", "sb999999") == "no sandbox 'sb999999'"
    said = refused("env", "--url", url, "--as", "king")
    assert said.startswith("no credential 'king' in sandbox default; accepted: solution_provider, distributor")
    said = refused("env", "--url", nowhere, "--sandbox", "sb000001")
    assert said == f"nothing answers at {nowhere}; without it only the default sandbox's credentials are known"


@pytest.mark.parametrize(
    "address", ["", "localhost:8080", "ftp://localhost", "http://", "http://h:99999", "http://[::1"]
)
def test_env_takes_an_address(address: str) -> None:
    assert refused("env", "--url", address) == f"{address!r} is not an address like http://127.0.0.1:8080"


# doctor


def test_a_healthy_installation() -> None:
    result = run("doctor", "--port", "0")
    assert result.exit_code == 0
    assert [line.split()[:2] for line in result.stdout.splitlines()] == [
        ["ok", check] for check in ("python", "packages", "contract", "documents", "fixtures", "port")
    ]


def test_a_port_in_use_is_a_problem(port: int) -> None:
    result = run("doctor", "--port", str(port), "--json")
    assert result.exit_code == 1
    problems = [one for one in json.loads(result.stdout) if not one["ok"]]
    assert problems == [
        {"check": "port", "ok": False, "text": f"port {port} of 127.0.0.1 is in use; --port 0 picks a free one"}
    ]


def test_a_missing_package_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "faker", None)
    result = run("doctor", "--port", "0")
    assert result.exit_code == 1
    assert "problem  packages   cannot be imported: faker" in result.stdout


@pytest.mark.parametrize(
    ("text", "contract", "documents"),
    [
        ("{", "Input data was truncated", "Input data was truncated"),
        ('{"operationId": 5}', "not an operation document", "5 is not of type"),
    ],
)
def test_a_document_of_another_form_is_a_problem(tmp_path: Path, text: str, contract: str, documents: str) -> None:
    result = run("doctor", "--port", "0", "--schemas", overlay(tmp_path, text))
    assert result.exit_code == 1
    lines = {line.split()[1]: line for line in result.stdout.splitlines()}
    for check, said in (("contract", contract), ("documents", documents)):
        assert lines[check].startswith("problem")
        assert "Odd.json" in lines[check]
        assert said in lines[check]
