"""Write requirements.lock (to run) and requirements-dev.lock (to develop): all packages of a fresh environment, pinned.

Plain pins without an index address, so that any mirror serves them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
HEAD = "# Written by `make lock` from pyproject.toml. Do not edit.\n"
OWN = ("huawei-partner-mock", "pip", "setuptools")


def freeze(*install: str) -> str:
    """The pins of an environment into which `install` was just installed."""
    with tempfile.TemporaryDirectory() as place:
        python = f"{place}/bin/python"
        run(sys.executable, "-m", "venv", place)
        run(python, "-m", "pip", "install", "--quiet", "--upgrade", "pip")
        run(python, "-m", "pip", "install", "--quiet", *install)
        return run(python, "-m", "pip", "list", "--format=freeze")


def run(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def write(name: str, pins: str) -> None:
    lines = [line for line in pins.splitlines() if line.split("==")[0].lower() not in OWN]
    (ROOT / name).write_text(HEAD + "\n".join(sorted(lines, key=str.lower)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write("requirements.lock", freeze("-e", "."))
    write("requirements-dev.lock", freeze("-e", ".", "--group", "dev"))
