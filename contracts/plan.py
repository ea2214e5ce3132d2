"""What a run means to do, before it does anything: its parts, and what is left out with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Protocol

import contracts.phases  # noqa: F401  (registers the phases)
from contracts.events import LeftOut, Part, PlanMade
from contracts.guard import Permission
from contracts.options import Options
from contracts.phases.registry import PHASES, Phase
from contracts.targets.target import KINDS
from mockserver.contract.operation import Operation
from mockserver.contract.registry import Contract


class PlanError(Exception):
    """A wish that names what there is not; the text says what there is."""


class Facts(Protocol):
    """What a plan must know of a target."""

    site: str
    removed: bool
    kinds: tuple[str, ...]


def make_plan(
    contract: Contract, options: Options, target: Facts, controlled: bool, permission: Permission | None = None
) -> PlanMade:
    """The parts of a run in their order. `permission` is None for an emulator, which nothing can harm. Raises
    `PlanError` for names that mean nothing."""
    _check_names(contract, options)
    parts: list[Part] = []
    left_out: list[LeftOut] = []
    for phase in PHASES.values():
        if options.phases and phase.name not in options.phases:
            continue
        for one in _of_phase(contract, options, target, controlled, permission, phase):
            (parts if isinstance(one, Part) else left_out).append(one)  # type: ignore[arg-type]
    return PlanMade(tuple(parts), tuple(dict.fromkeys(left_out)), options.seed)


def chosen(contract: Contract, options: Options, target: Facts) -> list[Operation]:
    """The operations that are asked for and that the target serves, by area and id."""
    return sorted(
        (
            one
            for one in contract
            if target.site in one.sites
            and (one.status == "removed") == target.removed
            and (not options.operations or one.id in options.operations)
            and (not options.areas or one.area in options.areas)
        ),
        key=lambda one: (one.area, one.id),
    )


def _of_phase(
    contract: Contract, options: Options, target: Facts, controlled: bool, permission: Permission | None, phase: Phase
) -> Iterator[Part | LeftOut]:
    if phase.controlled and not controlled:
        yield LeftOut("", phase.name, "it needs a target that can be controlled")
        return
    if phase.of_site is not None:
        if not options.operations and not options.areas and not target.removed:
            yield from (Part("", "", phase.name, "", share) for share in range(phase.shares))
        return
    for operation in chosen(contract, options, target):
        if not phase.applies(operation.on(target.site)):
            continue
        reason, caller = _reason(operation, permission), _caller(operation, target)
        if not reason and not caller:
            reason = f"no credential of a kind that may call it: {', '.join(sorted(operation.callers))}"
        yield LeftOut(operation.id, "", reason) if reason else Part(operation.id, operation.area, phase.name, caller)


def _reason(operation: Operation, permission: Permission | None) -> str:
    return permission.refusal(operation) if permission is not None else ""


def _caller(operation: Operation, target: Facts) -> str:
    """The kind of principal that calls: the first that may, and that the target has; empty if it has none."""
    return next((kind for kind in KINDS if kind in operation.callers and kind in target.kinds), "")


def _check_names(contract: Contract, options: Options) -> None:
    known = {
        "operation": (options.operations, sorted(contract.operations)),
        "area": (options.areas, sorted({one.area for one in contract})),
        "phase": (options.phases, list(PHASES)),
    }
    for sort, (names, accepted) in known.items():
        for name in names:
            if name not in accepted:
                shown = f"accepted: {', '.join(accepted)}" if len(accepted) < 30 else _near(name, accepted)
                raise PlanError(f"no {sort} {name!r}; {shown}")


def _near(name: str, accepted: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, accepted, 5)
    return f"near it: {', '.join(near)}" if near else "`partner-mock operations` lists them"


def shown(plan: PlanMade, contract: Contract, permission: Permission | None) -> Iterator[str]:
    """The plan as lines for a person."""
    operations = {part.operation for part in plan.parts if part.operation}
    phases = Counter(part.phase for part in plan.parts)
    yield f"{len(operations)} operations, {len(plan.parts)} parts: " + ", ".join(f"{n} {k}" for k, n in phases.items())
    if permission is not None:
        yield (
            f"effects: {', '.join(sorted(permission.effects))}; at most {permission.budget} calls"
            + (f"; accounts: {', '.join(sorted(permission.customers))}" if permission.customers else "")
        )
        for name in sorted(operations):
            one = contract.operations[name]
            yield f"  {one.effect:<12}  {one.rate_limit['calls']}/{one.rate_limit['seconds']} s  {name}"
    for reason, names in _grouped(plan.left_out).items():
        yield f"left out, {reason}: {', '.join(names)}"


def _grouped(left_out: tuple[LeftOut, ...]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for one in left_out:
        grouped.setdefault(one.reason, []).append(one.operation or one.phase)
    return grouped
