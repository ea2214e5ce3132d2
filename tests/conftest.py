"""Fixtures of all tests: one server, a new sandbox for each test."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator

import pytest

from mockserver.app import Server
from mockserver.contract.registry import Contract
from mockserver.gateway.journal import Journal
from mockserver.gateway.message import Options
from mockserver.gateway.pipeline import Gateway
from tests.coverage_rows import Answered, noting
from tests.driver import Transport, World, in_process, over_http, serving
from tests.refusals import watching

with tempfile.TemporaryDirectory() as home, pytest.MonkeyPatch.context() as patched:
    # The vendor's SDK writes $HOME/.huaweicloud/application_id when it is first imported.
    patched.setenv("HOME", home)
    import huaweicloudsdkcore.http.user_agent  # noqa: F401

START = "2026-03-02T02:00:00Z"
"""Ten in the morning, China time, in the sandboxes of the tests."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--transport", choices=("http", "process"), default="http", help="call the emulator over HTTP or in process"
    )
    parser.addoption(
        "--rows", action="store_true", help="demand that every documented error row was answered (whole suite only)"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What looks back on the whole run comes last."""
    items.sort(key=lambda item: item.path.name == "test_zz_rows.py")


@pytest.fixture(scope="session", autouse=True)
def answered() -> Iterator[Answered]:
    """The error rows that any server answers in this run."""
    rows: Answered = set()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Journal, "add", noting(rows, Journal.add))
        yield rows


@pytest.fixture(scope="session", autouse=True)
def spoiled() -> Iterator[list[str]]:
    """The refused calls of this run that changed something."""
    found: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Gateway, "_pass", watching(found, Gateway._pass))
        yield found


@pytest.fixture(scope="session")
def server() -> Server:
    """One emulator for all tests; it checks each of its answers against the schema."""
    return Server(options=Options(strict=True))


@pytest.fixture(scope="session")
def contract(server: Server) -> Contract:
    return server.contract


@pytest.fixture(scope="session")
def port(server: Server) -> Iterator[int]:
    """The port of the emulator, served over HTTP by a thread of this process."""
    with serving(server) as number:
        yield number


@pytest.fixture(scope="session")
def transport(server: Server, request: pytest.FixtureRequest) -> Iterator[Transport]:
    if request.config.getoption("--transport") == "process":
        yield in_process(server)
        return
    with over_http(request.getfixturevalue("port")) as send:
        yield send


@pytest.fixture
def new_world(transport: Transport, contract: Contract) -> Iterator[Callable[..., World]]:
    """Makes sandboxes with a frozen clock, and removes them afterwards."""
    made: list[World] = []

    def make(**wanted: object) -> World:
        made.append(World(transport, contract, **{"clock": START, "seed": 1, **wanted}))
        return made[-1]

    yield make
    for world in made:
        world.control("DELETE", f"sandboxes/{world.id}").ok  # noqa: B018


@pytest.fixture
def world(new_world: Callable[..., World], request: pytest.FixtureRequest) -> World:
    """A sandbox from fixture `demo`: of the China site, or of each for a test marked `on_both_sites`."""
    return new_world(site=getattr(request, "param", "cn"))


@pytest.fixture
def abroad(new_world: Callable[..., World]) -> World:
    """A sandbox of the international site from fixture `demo`."""
    return new_world(site="intl")
