"""Two sides of a comparison."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from requests import PreparedRequest, Response

from contracts.cassettes.cassette import Cassette, CassetteError, write
from contracts.cassettes.comparing import Studio, is_cassette
from contracts.targets.emulator import Emulator
from contracts.targets.target import Target, Unreachable
from mockserver.app import Server
from tests.contracts.cassettes.taping import NOW, taped


class Studios:
    """Makes studios whose targets count how often they are opened and closed."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.opened: list[Emulator] = []
        self.closed = 0

    def __call__(self, *names: str) -> Studio:
        return Studio(self.server.contract, "cn", 1, lambda: NOW, self._open, (), names)

    def _open(self, name: str, site: str) -> Target:
        target = Counted(self.server, site)
        target.studios = self
        self.opened.append(target)
        return target


class Counted(Emulator):
    studios: Studios

    def close(self) -> None:
        self.studios.closed += 1
        super().close()


@pytest.fixture
def studios(server: Server) -> Studios:
    return Studios(server)


@pytest.fixture(scope="module")
def cassette(server: Server) -> Cassette:
    return taped(Emulator(server, "cn"), server.contract)


def kept(cassette: Cassette, folder: Path, name: str = "one.json") -> str:
    write(cassette, folder / name)
    return str(folder / name)


def test_two_targets_are_recorded_and_played_to(studios: Studios) -> None:
    site, pairs = studios("ListSubCustomers").pairs("mock", "mock")
    assert site == "cn"
    assert [pair.recorded.operation for pair in pairs] == ["ListSubCustomers"] * 2
    assert len(studios.opened) == studios.closed == 2


def test_a_target_is_closed_whatever_happens(studios: Studios, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Counted, "send", None)
    with suppress(TypeError):
        studios("ListSubCustomers").record("mock")
    assert studios.closed == 1


def test_what_was_recorded_until_a_target_fell_silent_is_kept(
    studios: Studios, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([True, False])
    real = Emulator.send

    def send(target: Emulator, request: PreparedRequest) -> Response:
        if next(answers):
            return real(target, request)
        raise Unreachable("nobody there")

    monkeypatch.setattr(Emulator, "send", send)
    made = studios("ListSubCustomers").record("mock")
    assert (len(made.cassette.calls), made.broken_off) == (1, "nobody there")
    with pytest.raises(Unreachable, match="nobody there"):
        made.whole  # noqa: B018


def test_two_cassettes_need_no_target(studios: Studios, cassette: Cassette, tmp_path: Path) -> None:
    file = kept(cassette, tmp_path)
    _, pairs = studios().pairs(file, file)
    assert [pair.recorded for pair in pairs] == [pair.actual for pair in pairs] == cassette.calls
    assert studios.opened == []


def test_the_chosen_calls_find_their_ids_in_calls_before(studios: Studios, cassette: Cassette, tmp_path: Path) -> None:
    _, pairs = studios("UpdateCustomerAccountAmount").pairs(kept(cassette, tmp_path), "mock")
    assert {pair.recorded.operation for pair in pairs} == {"UpdateCustomerAccountAmount"}
    assert [pair.not_sent for pair in pairs] == [""] * len(pairs)


def test_a_cassette_comes_first(studios: Studios, cassette: Cassette, tmp_path: Path) -> None:
    file = kept(cassette, tmp_path)
    with pytest.raises(CassetteError, match=f"name the cassette first: {file} mock"):
        studios().pairs("mock", file)


def test_sites_are_not_compared(studios: Studios, cassette: Cassette, tmp_path: Path) -> None:
    abroad = kept(msgspec.structs.replace(cassette, site="intl"), tmp_path, "abroad.json")
    with pytest.raises(CassetteError, match=r"one\.json is of site cn, .*abroad\.json of site intl"):
        studios().pairs(kept(cassette, tmp_path), abroad)


@pytest.mark.parametrize(
    ("name", "is_one"), [("mock", False), ("real", False), ("http://127.0.0.1:1", False), ("today.json", True)]
)
def test_a_cassette_is_told_from_a_target(name: str, is_one: bool) -> None:
    assert is_cassette(name) is is_one
