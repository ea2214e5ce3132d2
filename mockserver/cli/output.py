"""What the commands have in common: how they print, and options that several take."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click


class Unusable(click.ClickException):
    """Something the user gave cannot be used."""

    exit_code = 2


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell."""
    lines = [headings, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def tell(words: str) -> None:
    """Words for a person, on stderr."""
    click.echo(words, err=True)


Option = Callable[[Callable[..., Any]], Callable[..., Any]]
as_json: Option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
schemas: Option = click.option(
    "--schemas",
    "overlays",
    multiple=True,
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Lay this folder of operation documents over the contract; repeatable.",
)
site: Option = click.option("--site", type=click.Choice(["cn", "intl"]), help="Only this site.")
