"""A proxy before a service by HTTPS: it trusts whom it should, and passes what was signed for the service's name."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts.cassettes.cassette import read
from contracts.inspection import Inspector
from contracts.proxy import Proxy
from contracts.targets.target import Unreachable
from contracts.upstream import Upstream
from mockserver.app import Server
from mockserver.contract.registry import Contract
from tests.command_line import run
from tests.contracts.authority import Authority, serving_by_https
from tests.driver import HOST, Answer, World, over_http


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """The authority, trusted by this process and its children."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    return authority


@pytest.fixture
def resolving(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real service's name leads to this machine."""
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *rest, **more: resolve("127.0.0.1" if host == HOST else host, *rest, **more)
    )


@contextmanager
def proxied(contract: Contract, url: str) -> Iterator[tuple[Proxy, Inspector]]:
    upstream = Upstream(url)
    inspector = Inspector(contract, "cn", "" if upstream.is_local else upstream.netloc)
    proxy = Proxy(upstream, inspector)
    proxy.start()
    yield proxy, inspector
    proxy.stop()


def called(world: World, url: str, signed_for: str) -> Answer:
    """A call that goes to a proxy and is signed for another host."""
    with over_http(int(url.rpartition(":")[2])) as transport:
        caller = replace(world.solution_provider, transport=transport, headers={"Host": signed_for})
        return caller("ListSubCustomers", {"limit": 1})


def test_a_call_that_is_signed_for_the_services_name_passes(
    server: Server, contract: Contract, world: World, trusted: Authority, resolving: None
) -> None:
    with (
        serving_by_https(server, trusted.context(HOST)) as port,
        proxied(contract, f"https://{HOST}:{port}") as (proxy, inspector),
    ):
        assert called(world, proxy.url, f"{HOST}:{port}").ok.body["count"] > 0
    assert inspector.calls == {"ListSubCustomers": 1}
    assert not inspector.violations


def test_a_call_that_is_signed_for_the_proxy_is_told(
    server: Server, contract: Contract, world: World, trusted: Authority, resolving: None
) -> None:
    with (
        serving_by_https(server, trusted.context(HOST)) as port,
        proxied(contract, f"https://{HOST}:{port}") as (proxy, inspector),
    ):
        called(world, proxy.url, "127.0.0.1:8081")
    assert any(
        f"signed for the host 127.0.0.1:8081, not for {HOST}:{port}" in one.sentence for one in inspector.violations
    )


def test_an_unknown_authority_is_not_trusted(
    server: Server, contract: Contract, world: World, authority: Authority
) -> None:
    with (
        serving_by_https(server, authority.context("localhost")) as port,
        proxied(contract, f"https://localhost:{port}") as (proxy, _),
    ):
        answer = called(world, proxy.url, f"localhost:{port}")
    assert answer.status == 502
    sentence = answer.body["error"]
    assert sentence.startswith(f"the certificate of https://localhost:{port} is not trusted: ")
    assert sentence.endswith("; SSL_CERT_FILE can name a file with the authority's")
    assert (proxy.calls, proxy.unanswered) == (0, 1)


def test_a_certificate_of_another_name_is_not_trusted(server: Server, trusted: Authority, resolving: None) -> None:
    with (
        serving_by_https(server, trusted.context("elsewhere.example")) as port,
        pytest.raises(Unreachable, match="is not trusted: Hostname mismatch"),
    ):
        Upstream(f"https://{HOST}:{port}").connect()


def test_a_proxy_does_not_begin_before_what_it_does_not_trust(server: Server, authority: Authority) -> None:
    with serving_by_https(server, authority.context("localhost")) as port:
        result = run("proxy", f"https://localhost:{port}", "--port", "0")
    assert (result.exit_code, result.stdout) == (3, "")
    assert f"Error: the certificate of https://localhost:{port} is not trusted: " in result.stderr


def test_what_passes_to_https_is_recorded(server: Server, world: World, trusted: Authority, tmp_path: Path) -> None:
    file = tmp_path / "passed.json"
    with serving_by_https(server, trusted.context("localhost")) as port:
        command = [sys.executable, "-m", "mockserver", "proxy", f"https://localhost:{port}", "--port", "0"]
        command += ["--calls", "1", "--record", str(file), "--json"]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, text=True, stdout=pipe, stderr=pipe, env={**os.environ}) as process:  # noqa: S603
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert called(world, url, f"localhost:{port}").status == 200
            report, words = process.communicate(timeout=20)
    assert process.returncode == 0, words
    told: dict[str, Any] = json.loads(report)
    assert told == {"calls": {"ListSubCustomers": 1}, "unanswered": 0, "violations": []}
    made = read(file)
    assert made.target == f"https://localhost:{port}"
    assert [(one.operation, one.principal) for one in made.calls] == [("ListSubCustomers", "solution_provider")]
    assert not [one for one in secrets(world) if one in file.read_text() + report + words]


def secrets(world: World) -> set[str]:
    return {one[name] for one in world.credentials.values() for name in ("ak", "sk", "password") if name in one}


def test_the_real_target_trusts_the_same_authorities(
    server: Server, world: World, trusted: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = {
        f"PARTNER_MOCK_REAL_SOLUTION_PROVIDER_{name}".upper(): world.credentials["solution_provider"][name]
        for name in ("ak", "sk", "domain_id")
    }
    with serving_by_https(server, trusted.context("localhost")) as port:
        variables |= {"PARTNER_MOCK_REAL_ENDPOINT": f"https://localhost:{port}", "HOME": str(tmp_path)}
        arguments = ("--target", "real", "--operation", "ListProvinces")
        assert run("record", str(tmp_path / "one.json"), *arguments, **variables).exit_code == 0
        monkeypatch.delenv("SSL_CERT_FILE")
        result = run("record", str(tmp_path / "two.json"), *arguments, **variables)
    assert result.exit_code == 3
    assert f"the certificate of https://localhost:{port}/v2/" in result.stderr and "is not trusted" in result.stderr
