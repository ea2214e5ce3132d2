"""`doctor`: whether the emulator can work here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import click

from mockserver.cli.output import as_json, print_json, schemas

OLDEST_PYTHON = (3, 11)
PACKAGES = (
    "click",
    "faker",
    "flask",
    "granian",
    "isodate",
    "jsonschema",
    "jsonschema_rs",
    "msgspec",
    "rich",
    "waitress",
)
Check = Callable[[], str]


class Problem(Exception):
    """A check that failed; the text says what is wrong."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="The port to try.")
@schemas
@as_json
@click.pass_context
def doctor(context: click.Context, host: str, port: int, overlays: tuple[Path, ...], as_json: bool) -> None:
    """Check that the emulator can work here. Exit code 1 if something is wrong."""
    checks: dict[str, Check] = {
        "python": _python,
        "packages": _packages,
        "contract": lambda: _contract(overlays),
        "documents": lambda: _documents(overlays),
        "fixtures": _fixtures,
        "port": lambda: _port(host, port),
    }
    results = [{"check": name, **_result(check)} for name, check in checks.items()]
    if as_json:
        print_json(results)
    else:
        for one in results:
            click.echo(f"{'ok     ' if one['ok'] else 'problem'}  {one['check']:<9}  {one['text']}")
    context.exit(0 if all(one["ok"] for one in results) else 1)


def _result(check: Check) -> dict[str, object]:
    from mockserver.contract.documents import ContractError
    from mockserver.domain.forms import FormError

    try:
        return {"ok": True, "text": check()}
    except (Problem, ContractError, FormError, OSError) as error:
        return {"ok": False, "text": str(error)}


def _python() -> str:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        raise Problem(f"Python {version} is too old: 3.11 is needed")
    return version


def _packages() -> str:
    missing = [name for name in PACKAGES if not _imports(name)]
    if missing:
        raise Problem(f"cannot be imported: {', '.join(missing)}")
    return f"{len(PACKAGES)} can be imported"


def _imports(name: str) -> bool:
    try:
        import_module(name)
    except ImportError:
        return False
    return True


def _contract(overlays: tuple[Path, ...]) -> str:
    from mockserver.contract.registry import Contract

    contract = Contract(list(overlays))
    return f"{len(contract)} operations, {len(contract.codes)} codes"


def _documents(overlays: tuple[Path, ...]) -> str:
    """Every file against the form that describes it."""
    from mockserver.resources import folder

    found = [
        problem
        for place in (folder("schemas"), *overlays)
        for pattern, form in (("operations/*/*.json", "operation"), ("errors.json", "errors"))
        for problem in _against(folder("schemas") / f"{form}.schema.json", sorted(place.glob(pattern)))
    ]
    if found:
        raise Problem("; ".join(found))
    return "all have the documented form"


def _against(form: Path, files: list[Path]) -> Iterator[str]:
    from mockserver.contract.documents import read_json
    from mockserver.contract.validation import compile_schema

    validator = compile_schema(read_json(form))
    for file in files:
        for error in validator.iter_errors(read_json(file)):
            yield f"{file}: {'/'.join(map(str, error.instance_path)) or 'the document'}: {error.message}"


def _fixtures() -> str:
    from datetime import UTC, datetime

    from mockserver.domain.fixture import fixture_names
    from mockserver.domain.universe import Universe

    universe = Universe()
    for name in fixture_names():
        universe.create(wall=datetime.now(UTC), fixture=name)
    return ", ".join(fixture_names())


def _port(host: str, port: int) -> str:
    from mockserver.serving import take_port

    with take_port(host, port) as taken:
        return f"{taken.getsockname()[1]} of {host} is free"
