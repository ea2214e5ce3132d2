"""The mutants are many, of every kind and area, and each of them does something that the right emulator does not."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from functools import cache
from typing import Any

import pytest

from contracts.mutants.building import KINDS
from contracts.mutants.mutant import Mutant
from contracts.mutants.registry import MODULES, MUTANTS, areas_of
from contracts.targets.emulator import Emulator
from mockserver.app import Server
from mockserver.contract.registry import Contract
from mockserver.services import SERVICES
from tests.contracts.mutants.diary import Walk, written
from tests.contracts.mutants.walks import WALKS

LEAST = 240
OF_EACH_KIND = 1
"""Mutants that are shown to differ, if not all are: `--every-mutant` shows them all."""


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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "mutant" not in metafunc.fixturenames:
        return
    every = metafunc.config.getoption("--every-mutant", default=False)
    seen: Counter[str] = Counter()
    shown = []
    for one in MUTANTS.values():
        seen[one.kind] += 1
        if every or seen[one.kind] <= OF_EACH_KIND:
            shown.append(one)
    metafunc.parametrize("mutant", shown, ids=lambda one: one.name)


def test_a_mutant_answers_or_keeps_something_else(mutant: Mutant, contract: Contract) -> None:
    walks: tuple[Walk | None, ...] = (None, *WALKS[mutant.site])
    assert any(differs(mutant, contract, walk) for walk in walks), str(mutant)


def differs(mutant: Mutant, contract: Contract, walk: Walk | None) -> bool:
    operations = mutant.operations if walk is None else ()
    expected = right(mutant.site, contract, walk, operations)
    with mutant.emulator() as emulator:
        return written(emulator, contract, walk, operations) != expected


@cache
def right(site: str, contract: Contract, walk: Walk | None, operations: tuple[str, ...]) -> list[Any]:
    """The diary of the right emulator, to be written before the wrong one is made."""
    with closing(Emulator(Server(), site, seed=0)) as emulator:
        return written(emulator, contract, walk, operations)
