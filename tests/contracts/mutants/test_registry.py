"""The mutants are many, of every kind and area, and fit the code. That each is wrong the suite shows by finding it."""

from __future__ import annotations

from collections import Counter
from types import ModuleType

import pytest

from contracts.mutants.building import KINDS
from contracts.mutants.registry import MODULES, MUTANTS, areas_of
from mockserver.contract.registry import Contract
from mockserver.services import SERVICES

LEAST = 240


def test_there_are_many_and_no_name_means_two() -> None:
    assert LEAST <= len(MUTANTS) == sum(len(module.MUTANTS) for module in MODULES)


def test_they_are_of_every_kind() -> None:
    assert {one.kind for one in MUTANTS.values()} == set(KINDS)


def test_they_show_in_every_area_that_has_services(contract: Contract) -> None:
    served = {contract.operations[one].area for one in SERVICES}
    assert {area for one in MUTANTS.values() for area in areas_of(contract, one)} == served


def test_they_show_in_operations_of_their_site(contract: Contract) -> None:
    for one in MUTANTS.values():
        assert one.operations, one.name
        assert all(one.site in contract.operations[operation].sites for operation in one.operations), one.name


def test_no_mistake_is_made_twice() -> None:
    mistakes = Counter(str(one) for one in MUTANTS.values())
    assert not [mistake for mistake, count in mistakes.items() if count > 1]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_each_can_be_made(module: ModuleType) -> None:
    for mutant in module.MUTANTS:
        with mutant.emulator() as emulator:
            assert emulator.site == mutant.site, mutant.name
