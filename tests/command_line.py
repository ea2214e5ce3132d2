"""Words of the tests of the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def served(*arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a process group of its own, and the URL that it printed."""
    command = [sys.executable, "-m", "mockserver", "serve", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(  # noqa: S603
        command,
        text=True,
        start_new_session=True,
        env={**os.environ, **environment},
        **pipes,  # type: ignore[call-overload]
    ) as process:
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()
