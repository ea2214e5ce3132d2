"""`python -m contracts.mutants`: how many of the mutants the suite kills, and which it does not."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

import click

from contracts.mutants.building import KINDS
from contracts.mutants.mutant import Mutant
from contracts.mutants.registry import MUTANTS, chosen
from contracts.mutants.runner import SEEDS, FalseAlarm, Verdict, alarms_of_seeds, examined
from mockserver.contract.documents import SITES
from mockserver.contract.registry import Contract

ENOUGH = 0.95
"""The share of the mutants that must be killed."""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--kind", "kinds", multiple=True, type=click.Choice(list(KINDS)), help="Only mutants of this kind.")
@click.option("--area", "areas", multiple=True, help="Only mutants that show in operations of this area.")
@click.option("--only", "names", multiple=True, help="Only the mutant of this name.")
@click.option("--workers", default=2, type=click.IntRange(1), show_default=True, help="Processes at a time.")
@click.option("--seed", default=0, show_default=True, help="Decides what the suite draws against each mutant.")
@click.option(
    "--seeds", default=SEEDS, type=click.IntRange(0), show_default=True, help="Runs of the right emulator; 0 for none."
)
@click.option("--list", "listed", is_flag=True, help="Print the mutants and what is wrong with them; run nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(
    kinds: tuple[str, ...],
    areas: tuple[str, ...],
    names: tuple[str, ...],
    workers: int,
    seed: int,
    seeds: int,
    listed: bool,
    as_json: bool,
) -> None:
    """Hold the contract suite against wrong variants of the emulator, and against the right one.

    Ends with 1 if fewer than 95 % of the mutants are killed, or if the suite finds something of the right emulator.
    """
    contract = Contract()
    _check(contract, names, areas)
    mutants = chosen(contract, names, kinds, areas)
    if listed:
        _list(mutants, as_json)
        return
    started = time.monotonic()
    verdicts = _verdicts(mutants, workers, seed)
    alarms = _alarms(seeds, workers)
    elapsed = time.monotonic() - started
    killed = sum(one.killed for one in verdicts)
    if as_json:
        shown = {"killed": killed, "total": len(verdicts), "elapsed": round(elapsed, 1)}
        found = {"verdicts": [asdict(one) for one in verdicts], "false_alarms": [asdict(one) for one in alarms]}
        click.echo(json.dumps({**shown, **found}, indent=2))
    else:
        _show(verdicts, alarms, seeds, elapsed)
    sys.exit(killed < ENOUGH * len(verdicts) or bool(alarms))


def _check(contract: Contract, names: Sequence[str], areas: Sequence[str]) -> None:
    """Raises `click.BadParameter` for a name that there is not."""
    for one in names:
        if one not in MUTANTS:
            raise click.BadParameter(f"no mutant {one!r}; --list prints them", param_hint="--only")
    known = sorted({one.area for one in contract})
    for one in areas:
        if one not in known:
            raise click.BadParameter(f"no area {one!r}; accepted: {', '.join(known)}", param_hint="--area")


def _verdicts(mutants: Sequence[Mutant], workers: int, seed: int) -> list[Verdict]:
    """The verdicts in the order of the mutants; each is told when it comes."""
    found = {}
    for number, one in enumerate(examined([mutant.name for mutant in mutants], workers, seed), 1):
        found[one.mutant] = one
        told = f"killed by {one.by}: {one.complaint}" if one.killed else f"SURVIVES {one.broken}"
        click.echo(f"{number:4}/{len(mutants)}  {one.elapsed:6.1f} s  {one.mutant}: {told}"[:160], err=True)
    return [found[one.name] for one in mutants]


def _alarms(seeds: int, workers: int) -> list[FalseAlarm]:
    found: list[FalseAlarm] = []
    for one in alarms_of_seeds(range(seeds), SITES, workers) if seeds else ():
        found += one
    return found


def _list(mutants: Sequence[Mutant], as_json: bool) -> None:
    rows = [{"name": one.name, "kind": one.kind, "operations": one.operations, "wrong": str(one)} for one in mutants]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['kind']:<11} {row['name']:<34} {row['wrong']}")
    click.echo(f"{len(rows)} mutants", err=True)


def _show(verdicts: Sequence[Verdict], alarms: Sequence[FalseAlarm], seeds: int, elapsed: float) -> None:
    totals = Counter(MUTANTS[one.mutant].kind for one in verdicts)
    killed = Counter(MUTANTS[one.mutant].kind for one in verdicts if one.killed)
    for kind in (one for one in KINDS if totals[one]):
        click.echo(f"{kind:<11} {killed[kind]:4} of {totals[kind]:4}")
    for one in verdicts:
        if not one.killed:
            why = one.broken.partition("\n")[0] or f"{one.calls} calls"
            click.echo(f"survives: {one.mutant} ({why})\n    {MUTANTS[one.mutant]}")
    for alarm in alarms:
        click.echo(f"false alarm, {alarm.site}, seed {alarm.seed}: {alarm.finding}")
    percent = 100 * killed.total() / max(1, totals.total())
    click.echo(
        f"{killed.total()} of {totals.total()} killed, {percent:.1f} %; {seeds} seeds of the right emulator give"
    )
    click.echo(f"{len(alarms)} false alarms; {elapsed:.0f} s")


if __name__ == "__main__":
    main()
