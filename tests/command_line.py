"""Words of the tests of the command line."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from mockserver.cli import main

HEAVY = ("hypothesis", "schemathesis", "faker")


def run(*arguments: str, **environment: str) -> Result:
    result = CliRunner().invoke(main, arguments, env=environment)
    assert "Traceback" not in result.output
    return result


def refused(*arguments: str) -> str:
    """What is said, in one line, about something that cannot be used."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith("Error: ")
    return last.removeprefix("Error: ")


def overlay(folder: Path, text: str) -> str:
    file = folder / "operations" / "odd" / "Odd.json"
    file.parent.mkdir(parents=True)
    file.write_text(text)
    return str(folder)
