"""What `verify` shows while it runs and leaves behind: progress, a summary, reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockserver.cli.output import Unusable, tell

if TYPE_CHECKING:
    from contracts.events import Listener
    from contracts.reports.reporter import Reporter
    from contracts.targets.target import Target
    from mockserver.contract.registry import Contract


def _files(context: click.Context, option: click.Parameter, wishes: tuple[str, ...]) -> dict[str, Path]:
    """The files of the wanted reports. Raises `Unusable`."""
    from contracts.reports.wanted import ReportError, wanted

    try:
        return wanted(wishes, context.params.get("report_dir"))
    except ReportError as error:
        raise Unusable(str(error)) from None


_OPTIONS = (
    click.option(
        "--report",
        "reports",
        multiple=True,
        metavar="KIND[=FILE]",
        callback=_files,
        help="Write a report: html, junit, json or har; repeatable, several with commas.",
    ),
    click.option(
        "--report-dir",
        type=click.Path(file_okay=False, path_type=Path),
        is_eager=True,
        metavar="DIR",
        help="Where reports without FILE go; alone, all kinds.  [default: the current folder]",
    ),
    click.option("--quiet", is_flag=True, help="Show no progress."),
)


def reported(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options `--report`, `--report-dir` and `--quiet`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@contextmanager
def reporting(wishes: dict[str, Any], contract: Contract, target: Target) -> Iterator[list[Listener]]:
    """The listeners of a run; at the end, also of a run that breaks off, the reports are written and the summary is
    printed. Raises `Unusable` before anything is sent."""
    from rich.console import Console

    from contracts.reports.progress import Live
    from contracts.reports.reporter import Reporter
    from contracts.reports.wanted import ReportError

    try:
        reporter = Reporter(contract, target.site, target.name, wishes["reports"])
    except ReportError as error:
        raise Unusable(str(error)) from None
    try:
        with reporter, Live(Console(stderr=True), quiet=wishes["quiet"]) as live:
            yield [reporter, live]
    finally:
        _tell(reporter, list(wishes["reports"].values()))


def _tell(reporter: Reporter, files: list[Path]) -> None:
    from rich.console import Console

    from contracts.reports.summary import print_summary

    if reporter.tally.parts:
        print_summary(reporter.tally, Console(color_system=None))
    for file in files:
        tell(f"written: {file}")
