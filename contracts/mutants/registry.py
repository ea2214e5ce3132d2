"""All mutants, by name."""

from __future__ import annotations

from collections.abc import Collection

from contracts.mutants.mutant import Mutant
from contracts.mutants.wrong import (
    access,
    answers,
    coupons,
    customers,
    errors,
    filters,
    gateway,
    links,
    lists,
    money,
    people,
    prices,
    purses,
    requests,
    resources,
    states,
    trade,
    usage,
)
from mockserver.contract.registry import Contract

MODULES = (
    requests,
    answers,
    errors,
    access,
    gateway,
    links,
    lists,
    filters,
    money,
    prices,
    coupons,
    states,
    customers,
    usage,
    people,
    purses,
    trade,
    resources,
)
MUTANTS: dict[str, Mutant] = {one.name: one for module in MODULES for one in module.MUTANTS}


def areas_of(contract: Contract, mutant: Mutant) -> frozenset[str]:
    """The areas of the operations in which a mutant shows."""
    return frozenset(contract.operations[one].area for one in mutant.operations)


def chosen(
    contract: Contract, names: Collection[str] = (), kinds: Collection[str] = (), areas: Collection[str] = ()
) -> list[Mutant]:
    """The mutants of these names, kinds and areas; without any of a sort, of all."""
    return [
        one
        for one in MUTANTS.values()
        if (not names or one.name in names)
        and (not kinds or one.kind in kinds)
        and (not areas or areas_of(contract, one) & set(areas))
    ]
