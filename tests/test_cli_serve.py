"""The command line, `serve`: what it starts, tells and refuses."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from mockserver import __version__
from mockserver.contract.registry import Contract
from mockserver.serving import Settings, build, url_of
from tests.command_line import HEAVY, overlay, refused, run, served


def health(url: str) -> dict[str, object]:
    with urlopen(f"{url}/_mock/health") as answer:  # noqa: S310
        body: dict[str, object] = json.load(answer)
        return body


every_server = pytest.mark.parametrize("server_name", ["granian", "waitress"])


@every_server
def test_a_server_prints_its_url_answers_and_stops_cleanly(server_name: str, contract: Contract) -> None:
    with served("--port", "0", "--server", server_name) as (process, url):
        assert health(url)["operations"] == len(contract)
        process.terminate()
        output, words = process.communicate(timeout=20)
    assert (process.returncode, output) == (0, "")
    assert words.startswith(
        f"partner-mock {__version__} knows {len(contract)} operations; its default sandbox is of site cn. "
    )
    assert len(words.splitlines()) == 1


@every_server
def test_ctrl_c_stops_it_cleanly(server_name: str) -> None:
    with served("--port", "0", "--server", server_name) as (process, _):
        os.killpg(process.pid, signal.SIGINT)
        _, words = process.communicate(timeout=20)
    assert process.returncode == 0
    assert len(words.splitlines()) == 1


def test_nothing_is_left_when_it_is_killed() -> None:
    with served("--port", "0") as (process, url):
        assert health(url)
        process.kill()
        process.communicate(timeout=20)  # until the last process that could write has ended
        with pytest.raises(OSError, match="refused"):
            health(url)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_server_that_dies_is_a_problem() -> None:
    with served("--port", "0") as (process, url):
        health(url)
        (worker,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.kill(int(worker), signal.SIGKILL)
        _, words = process.communicate(timeout=20)
    assert process.returncode == 1
    assert words.splitlines()[-1] == "Error: the server's process ended unexpectedly"


def test_a_port_that_was_served_is_free_at_once() -> None:
    with served("--port", "0") as (process, url):
        health(url)
        process.terminate()
        process.communicate(timeout=20)
    with served("--port", url.rpartition(":")[2]) as (_, again):
        assert health(again)["status"] == "ok"
        assert again == url


def test_serving_loads_nothing_heavy() -> None:
    with served("--port", "0", PYTHONPROFILEIMPORTTIME="1") as (process, url):
        health(url)
        process.terminate()
        _, words = process.communicate(timeout=20)
    loaded = {
        line.rpartition("|")[2].strip().split(".")[0] for line in words.splitlines() if line.startswith("import time:")
    }
    assert {"flask", "granian"} <= loaded
    assert loaded & {*HEAVY, "jsonschema", "waitress"} == set()


def test_options_reach_the_server() -> None:
    arguments = ("--fixture", "empty", "--seed", "9", "--site", "intl", "--clock", "2026-03-02T02:00:00Z")
    with served("--port", "0", *arguments) as (_, url), urlopen(f"{url}/_mock/sandboxes") as answer:  # noqa: S310
        (sandbox,) = json.load(answer)["sandboxes"]
    assert sandbox == {
        "id": "default",
        "fixture": "empty",
        "seed": 9,
        "site": "intl",
        "clock": {"now": "2026-03-02T02:00:00Z", "mode": "frozen"},
    }


def test_switches_reach_the_server(tmp_path: Path) -> None:
    server, _ = build(Settings(removed=True, throttle=True, overlays=(tmp_path,), control_token="secret"))
    assert (server.gateway.options.removed, server.gateway.options.throttle) == (True, True)


def test_options_come_from_the_environment_too() -> None:
    with served(PARTNER_MOCK_SERVE_PORT="0", PARTNER_MOCK_SERVE_SERVER="waitress") as (_, url):
        assert health(url)["status"] == "ok"


@every_server
def test_a_port_in_use_is_one_sentence(server_name: str, port: int) -> None:
    said = refused("serve", "--port", str(port), "--server", server_name)
    assert said == f"port {port} of 127.0.0.1 is in use; --port 0 picks a free one"


def test_a_port_that_granian_serves_is_in_use_for_another() -> None:
    with served("--port", "0") as (_, url):
        port = url.rpartition(":")[2]
        assert refused("serve", "--port", port).startswith(f"port {port} of 127.0.0.1 is in use")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--fixture nope", "no fixture 'nope'; accepted: demo, empty, large, or the path of a .json file"),
        ("--fixture demo?customers=5", "fixture 'demo' takes no parameter 'customers'"),
        ("--clock noon", "clock: 'noon' is not an instant like 2026-01-31T08:00:00Z, nor is it real"),
        ("--clock 1999-01-01T00:00:00Z", "the clock goes from 2000 to 2999, not to 1999-01-01T00:00:00Z"),
        ("--host 192.0.2.1", "cannot listen on port 0 of 192.0.2.1: "),
        ("--host no.such.host.invalid", "'no.such.host.invalid' is not an address of this machine"),
        ("--port 65536", "Invalid value for '--port'"),
        ("--site eu", "Invalid value for '--site'"),
        ("--seed x", "Invalid value for '--seed'"),
        ("--throttle maybe", "Invalid value for '--throttle'"),
        ("--server apache", "Invalid value for '--server'"),
        ("--schemas /no/such/folder", "Invalid value for '--schemas'"),
    ],
)
def test_what_cannot_be_served_is_one_sentence(arguments: str, said: str) -> None:
    assert refused("serve", "--port", "0", *arguments.split()).startswith(said)


def test_a_broken_overlay_is_one_sentence(tmp_path: Path) -> None:
    said = refused("serve", "--port", "0", "--schemas", overlay(tmp_path, "{"))
    assert said.endswith("Odd.json: Input data was truncated")


@pytest.mark.parametrize(("token", "warned"), [((), True), (("--control-token", "secret"), False)])
def test_serving_other_machines_without_a_token_is_warned_of(token: tuple[str, ...], warned: bool) -> None:
    result = run("serve", "--host", "192.0.2.1", "--port", "0", *token)
    assert result.exit_code == 2
    said = "warning: 192.0.2.1 can be reached from other machines, and the control API will answer them 403; "
    assert result.stderr.startswith(said) is warned


@pytest.mark.parametrize(
    ("bound", "url"),
    [
        (("127.0.0.1", 1), "http://127.0.0.1:1"),
        (("0.0.0.0", 1), "http://127.0.0.1:1"),  # noqa: S104
        (("::", 1, 0, 0), "http://[::1]:1"),
    ],
)
def test_the_url_is_one_that_this_machine_reaches(
    monkeypatch: pytest.MonkeyPatch, bound: tuple[str, int], url: str
) -> None:
    class Bound(socket.socket):
        def getsockname(self) -> tuple[str, int]:
            return bound

    with Bound() as taken:
        assert url_of(taken) == url
