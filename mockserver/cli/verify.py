"""`verify`: hold whoever answers the partner APIs to the contract."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockserver.cli.output import Unusable, schemas, tell
from mockserver.cli.reports import reported, reporting
from mockserver.cli.wishes import NEW_FILE, demand_writing, tell_left

if TYPE_CHECKING:
    from contracts.events import Listener, PlanMade
    from contracts.guard import Permission
    from contracts.options import Options
    from contracts.targets.opening import Opening
    from contracts.targets.target import Target
    from mockserver.contract.registry import Contract

CLEAN, DRIFT, UNREACHABLE = 0, 1, 3
MOST_WORKERS = 4


@click.command()
@click.option("--target", default="mock", show_default=True, metavar="TARGET", help="mock, a URL, or real.")
@click.option("--site", type=click.Choice(["cn", "intl"]), default="cn", show_default=True)
@click.option("--removed", is_flag=True, help="Verify the removed operations, where the target serves them.")
@click.option("--operation", "operations", multiple=True, metavar="NAME", help="Only this operation; repeatable.")
@click.option("--area", "areas", multiple=True, metavar="AREA", help="Only this area; repeatable.")
@click.option("--phase", "phases", multiple=True, metavar="PHASE", help="Only this phase; repeatable.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True, help="Decides what is drawn.")
@click.option("--quick", is_flag=True, help="Draw fewer cases: a run of seconds.")
@click.option("--max-time", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="End after so long.")
@click.option("--workers", type=click.IntRange(1, 32), help="Processes that share the work.  [default: one a core]")
@click.option("--auth", type=click.Choice(["signature", "token", "both"]), default="signature", show_default=True)
@click.option("--plan", "plan_only", is_flag=True, help="Print what would be done, and end.")
@click.option("--profile", default="default", show_default=True, metavar="NAME", help="real: the profile to use.")
@click.option(
    "--profiles",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="real: the file of profiles.  [default: ~/.huaweicloud/partner-mock.ini]",
)
@click.option("--requests", type=click.IntRange(1), default=2000, show_default=True, help="real: calls at most.")
@click.option("--reversible", is_flag=True, help="real: send calls that others take back, and take them back.")
@click.option("--irreversible", is_flag=True, help="real: send calls that nothing takes back, too; asks to confirm.")
@click.option("--customer", "customers", multiple=True, metavar="ID", help="real: a test account; repeatable.")
@click.option(
    "--journal",
    type=NEW_FILE,
    default=Path("compensations.jsonl"),
    show_default=True,
    help="real: where calls to take back are noted.",
)
@click.option(
    "--resume",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="real: take back what a broken run left in this journal, and end.",
)
@reported
@schemas
@click.pass_context
def verify(context: click.Context, /, **wishes: Any) -> None:
    """Verify a target against the contract.

    TARGET is the emulator in this process (mock), an emulator's URL, or the real service (real). The real service is
    only read, within its documented quotas, unless you say otherwise. Its credentials come from the environment or
    from a file of profiles. Exit codes: 0 clean, 1 the target drifts from the contract, 2 wrong use, 3 nothing
    answers there.
    """
    try:
        import contracts.run  # noqa: F401
    except ModuleNotFoundError as missing:
        raise Unusable(f"verify needs {missing.name}: pip install 'huawei-partner-mock[contracts]'") from None
    context.exit(_verified(wishes))


def _verified(wishes: dict[str, Any]) -> int:
    from contracts.compensations import JournalError
    from contracts.plan import PlanError
    from contracts.targets.target import TargetError, Unreachable

    try:
        return _resumed(wishes) if wishes["resume"] else _run(wishes)
    except Unreachable as error:
        tell(f"Error: {error}")
        return UNREACHABLE
    except (JournalError, PlanError, TargetError) as error:
        raise Unusable(str(error)) from None


def _run(wishes: dict[str, Any]) -> int:
    from contracts.plan import make_plan, shown
    from mockserver.contract.registry import Contract

    contract, permission, options = Contract(list(wishes["overlays"])), _permission(wishes), _options(wishes)
    opening = _opening(wishes, permission)
    with _opened(opening, contract) as target:
        plan = make_plan(contract, options, target, target.controls is not None, permission)
        if wishes["plan_only"] or permission is not None:
            for line in shown(plan, contract, permission):
                (click.echo if wishes["plan_only"] else tell)(line)
        if wishes["plan_only"]:
            return CLEAN
        if not plan.parts:
            raise Unusable("nothing to verify: no operation is left; --plan says why")
        if permission is not None:
            _confirm(permission, plan, contract)
        with reporting(wishes, contract, target) as listeners:
            return _listened(opening, target, contract, options, plan, listeners)


def _listened(
    opening: Opening, target: Target, contract: Contract, options: Options, plan: PlanMade, listeners: list[Listener]
) -> int:
    """Run the plan, every listener told of each event."""
    from contracts.events import FindingFound
    from contracts.run import run, run_by_workers

    found = 0
    events = run(target, contract, options, plan) if options.workers == 1 else run_by_workers(opening, options, plan)
    for event in events:
        for listener in listeners:
            listener(event)
        found += isinstance(event, FindingFound)
    return DRIFT if found else CLEAN


def _options(wishes: dict[str, Any]) -> Options:
    from contracts.options import Options

    return Options(
        operations=wishes["operations"],
        areas=wishes["areas"],
        phases=wishes["phases"],
        seed=wishes["seed"],
        max_time=wishes["max_time"],
        workers=_workers(wishes),
        quick=wishes["quick"],
        auth=wishes["auth"],
    )


def _workers(wishes: dict[str, Any]) -> int:
    """One process a core; one for the real service, whose quotas are counted in one place."""
    if wishes["target"] == "real":
        if (wishes["workers"] or 1) > 1:
            raise Unusable("--workers: the real service takes one worker, so that its quotas are kept")
        return 1
    return wishes["workers"] or min(os.cpu_count() or 1, MOST_WORKERS)


def _permission(wishes: dict[str, Any]) -> Permission | None:
    """What may be done to the real service; None for an emulator."""
    from contracts.guard import EFFECTS, Permission

    if wishes["target"] != "real" and wishes["irreversible"]:
        raise Unusable("--irreversible is for the real service; an emulator takes every call")
    demand_writing([wishes["target"]], wishes["reversible"], wishes["customers"])
    if wishes["target"] != "real":
        return None
    if wishes["irreversible"] and not wishes["reversible"]:
        raise Unusable("--irreversible needs --reversible as well")
    effects = EFFECTS[: 1 + wishes["reversible"] + wishes["irreversible"]]
    return Permission(frozenset(effects), frozenset(wishes["customers"]), wishes["requests"])


def _opening(wishes: dict[str, Any], permission: Permission | None) -> Opening:
    from contracts.targets.opening import Opening

    writes = permission is not None and "reversible" in permission.effects
    return Opening(
        wishes["target"],
        wishes["site"],
        wishes["seed"],
        wishes["removed"],
        wishes["overlays"],
        wishes["profile"],
        wishes["profiles"],
        permission,
        wishes["journal"] if writes else None,
    )


@contextmanager
def _opened(opening: Opening, contract: Contract) -> Iterator[Target]:
    target = opening.open(contract)
    try:
        yield target
    finally:
        try:
            target.close()
        finally:
            if opening.journal is not None:
                tell_left(opening.journal)


def _confirm(permission: Permission, plan: PlanMade, contract: Contract) -> None:
    """Have what cannot be taken back typed out. Raises `Unusable`."""
    if "irreversible" not in permission.effects:
        return
    operations = {part.operation for part in plan.parts if part.operation}
    count = sum(contract.operations[name].effect == "irreversible" for name in operations)
    sentence = f"send {count} irreversible operations"
    if not _at_terminal():
        raise Unusable("--irreversible is confirmed at a terminal")
    typed = click.prompt(f"This cannot be taken back. Type '{sentence}' to go on", err=True, default="")
    if typed.strip() != sentence:
        raise Unusable("not confirmed; nothing was sent")


def _at_terminal() -> bool:
    return sys.stdin.isatty()


def _resumed(wishes: dict[str, Any]) -> int:
    """Take back what is left in a journal. 1 if something could not be."""
    from contracts.compensations import Compensations
    from contracts.guard import Guarded, Permission
    from mockserver.contract.registry import Contract

    if wishes["target"] != "real":
        raise Unusable("--resume is for --target real")
    before = Compensations(wishes["resume"]).open
    opening = _opening({**wishes, "journal": wishes["resume"]}, Permission(frozenset({"read", "reversible"})))
    target = opening.open(Contract(list(wishes["overlays"])))
    assert isinstance(target, Guarded), "the real service is always guarded"
    target.close()
    after = Compensations(wishes["resume"])
    left = {entry.number for entry in (*after.open, *after.failed)}
    click.echo(f"{sum(entry.number not in left for entry in before)} of {len(before)} calls taken back")
    for entry in (*after.failed, *after.uncertain):
        why = "its undoing was refused" if entry.state == "failed" else "nobody knows whether it happened; look there"
        click.echo(f"{entry.operation} as {entry.caller}, entry {entry.number}: {why}")
    return DRIFT if after.failed or after.uncertain else CLEAN
