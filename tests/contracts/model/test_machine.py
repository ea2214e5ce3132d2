"""A machine is made of whatever modules of rules there are."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.model import rules
from contracts.model.machine import Rules, found_areas
from contracts.targets.emulator import Emulator
from mockserver.app import Server
from tests.contracts.model.searches import search

MODULE = """
from contracts.model.comparing import Given
from contracts.model.machine import Listing, Rules, step


class Cities(Rules):
    @step()
    def list_provinces(self):
        self.call("partner", "ListProvinces", Given({"count": 0}))
"""


@pytest.fixture
def module_of_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A module of rules more, for the time of a test."""
    (tmp_path / "cities.py").write_text(MODULE)
    before = list(Rules.areas)
    monkeypatch.setattr(rules, "__path__", [*rules.__path__, str(tmp_path)])
    yield
    Rules.areas[:] = before
    sys.modules.pop("contracts.model.rules.cities", None)


def test_every_module_of_rules_takes_part() -> None:
    names = {one.__module__.rpartition(".")[2] for site in ("cn", "intl") for one in found_areas(site)}
    assert names == {one.stem for one in Path(rules.__path__[0]).glob("[a-z]*.py")}


def test_an_area_that_a_site_does_not_have_is_left_out() -> None:
    assert not {"coupons", "money", "reseller_quotas"} & {
        one.__module__.rpartition(".")[2] for one in found_areas("intl")
    }


@pytest.mark.usefixtures("module_of_rules")
def test_a_new_module_of_rules_is_found_without_a_word(server: Server) -> None:
    (area,) = [one for one in found_areas("cn") if one.__name__ == "Cities"]
    (found,) = search(Emulator(server, "cn"), server, focus=[area])
    assert found.script == ("partner.ListProvinces() -> 200; count: expected 0, came 31",)
