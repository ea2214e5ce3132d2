"""The map in ARCHITECTURE.md, enforced: who may import whom, and what the core must not touch."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mockserver"
MODULES = sorted(PACKAGE.rglob("*.py"))

LAYERS = ("contract", "domain", "services", "gateway", "identity", "control")
"""From the ground up: each may import those before it. Modules beside these packages are the edge and import all."""

FREE = {"", "resources"}
"""What everybody may import: the package itself with its version, and the place of the data files."""

CORE = {"contract", "domain", "services"}
FORBIDDEN_IN_CORE = {"flask", "werkzeug", "waitress", "granian", "socket", "socketserver", "http", "ssl", "random"}
WALL_CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns", "time.sleep",
    "time.localtime", "time.gmtime", "time.monotonic", "time.perf_counter",
}  # fmt: skip
HEAVY = {"hypothesis", "schemathesis", "faker", "jsonschema"}
"""Imported where they are used, so that a server and every pytest start go without them."""

LONGEST_MODULE = 400


def layer(module: Path) -> str:
    """`gateway` for `mockserver/gateway/route.py`, `app` for `mockserver/app.py`, empty for the package itself."""
    parts = module.relative_to(PACKAGE).with_suffix("").parts
    return "" if parts == ("__init__",) else parts[0]


@cache
def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def imported(module: Path) -> Iterator[str]:
    """The dotted names that a module imports, wherever in it; `from a import b` may mean a module `a.b`."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_layers(module: Path) -> set[str]:
    """The layers of this project that a module imports."""
    names = [name.split(".") for name in imported(module) if name.split(".")[0] == "mockserver"]
    return {name[1] if (PACKAGE / name[1]).is_dir() or (PACKAGE / f"{name[1]}.py").is_file() else "" for name in names}


def outside_imports(module: Path) -> set[str]:
    return {name.split(".")[0] for name in imported(module)} - {"mockserver"}


def calls(module: Path) -> set[str]:
    """`datetime.now` for `datetime.now(UTC)` and for `datetime.datetime.now(UTC)`."""
    found = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
            found.add(f"{name}.{node.func.attr}")
    return found


def short_name(module: Path) -> str:
    return module.relative_to(PACKAGE).as_posix()


every_module = pytest.mark.parametrize("module", MODULES, ids=short_name)
core_module = pytest.mark.parametrize("module", [one for one in MODULES if layer(one) in CORE], ids=short_name)


@every_module
def test_imports_run_downward(module: Path) -> None:
    here = layer(module)
    if here in LAYERS:
        assert own_layers(module) <= {*LAYERS[: LAYERS.index(here) + 1], *FREE}
    elif here in FREE:
        assert not own_layers(module)


@core_module
def test_the_core_knows_no_web_framework_socket_or_chance(module: Path) -> None:
    assert not outside_imports(module) & FORBIDDEN_IN_CORE


@pytest.mark.parametrize("module", [one for one in MODULES if layer(one) in {*CORE, "gateway"}], ids=short_name)
def test_only_the_edge_reads_the_wall_clock(module: Path) -> None:
    allowed = {"time.perf_counter"} if layer(module) == "gateway" else set()
    assert calls(module) & WALL_CLOCKS <= allowed
    assert not {name for name in imported(module) if name in WALL_CLOCKS}, "call it by its module, where it can be seen"


def test_only_the_crowd_knows_faker() -> None:
    assert [short_name(one) for one in MODULES if "faker" in outside_imports(one)] == ["domain/crowd.py"]


@pytest.mark.parametrize("name", sorted({layer(one) for one in MODULES} - {*LAYERS, *FREE, "__main__"}))
def test_starting_loads_nothing_heavy(name: str) -> None:
    look = f"import sys, mockserver.{name}; print(*({HEAVY} & sys.modules.keys()))"
    shown = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)  # noqa: S603
    assert shown.stdout.split() == []


@every_module
def test_every_module_says_what_it_is_for(module: Path) -> None:
    assert ast.get_docstring(tree(module))


@every_module
def test_no_module_is_long(module: Path) -> None:
    lines = len(module.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_MODULE, f"{lines} lines"
