"""The user documentation names everything that there is, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from mockserver.cli import main
from mockserver.control import api, state

DOCS = Path(__file__).parent.parent / "docs"
CONTROL_API = (DOCS / "control-api.md").read_text(encoding="utf-8")
COMMAND_LINE = (DOCS / "command-line.md").read_text(encoding="utf-8")
METHODS = {"GET", "POST", "PUT", "DELETE"}


def first_cells(text: str) -> list[str]:
    """The first cell of each row of the tables."""
    return [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| `")]


def documented_calls() -> set[tuple[str, str]]:
    """Method and path of each control call; a row may name several methods."""
    found = set()
    for cell in first_cells(CONTROL_API):
        words = cell.replace("`", "").split()
        found |= {(method, words[-1]) for method in words[:-1] if method in METHODS}
    return found


def served_calls() -> set[tuple[str, str]]:
    paths = [(method, re.sub(r"\(\?P<(\w+)>\[\^/\]\+\)", r"<\1>", one.pattern)) for method, one, _ in api._ROUTES]
    return {(method, path.removesuffix(r"\Z")) for method, path in paths if not path.startswith("/docs")}


def section(command: str) -> str:
    return COMMAND_LINE.partition(f"\n## {command}\n")[2].partition("\n## ")[0]


def test_every_control_call_is_documented() -> None:
    assert documented_calls() == served_calls()


def test_every_kind_that_can_be_placed_is_documented() -> None:
    kinds = {word for cell in first_cells(CONTROL_API) for word in re.findall("`([a-z_]+)`", cell)}
    assert kinds == set(state._PLACERS)


def test_every_command_is_documented() -> None:
    assert re.findall(r"^## (\w+)$", COMMAND_LINE, re.MULTILINE) == list(main.commands)


@pytest.mark.parametrize(
    ("command", "option"),
    [
        (name, parameter.opts[0])
        for name, command in main.commands.items()
        for parameter in command.params
        if isinstance(parameter, click.Option)
    ],
)
def test_every_option_is_documented(command: str, option: str) -> None:
    assert f"`{option}`" in section(command)


@pytest.mark.parametrize("name", list(main.commands))
def test_no_option_is_documented_that_is_not_there(name: str) -> None:
    known = {
        option for parameter in main.commands[name].params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    assert set(re.findall(r"`(--[a-z-]+)`", section(name))) <= known
