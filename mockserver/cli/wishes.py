"""What `record`, `replay` and `diff` are told alike, and what becomes of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockserver.cli.output import Option, Unusable, schemas, tell

if TYPE_CHECKING:
    from contracts.cassettes.comparing import Studio
    from contracts.targets.target import Target
    from mockserver.contract.registry import Contract


class NotReached(click.ClickException):
    """Nothing answers where something should be."""

    exit_code = 3


class NewFile(click.Path):
    """A file to be written: that its folder is there is asked before any call is made."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        file = Path(str(super().convert(value, param, ctx)))
        if not file.parent.is_dir():
            self.fail(f"no folder {file.parent} to write {file.name} into", param, ctx)
        return file


FILE = click.Path(dir_okay=False, path_type=Path)
NEW_FILE = NewFile(dir_okay=False, path_type=Path)
target: Option = click.option(
    "--target", default="mock", show_default=True, metavar="TARGET", help="mock, a URL, or real."
)
site: Option = click.option("--site", type=click.Choice(["cn", "intl"]), default="cn", show_default=True)
fill: Option = click.option("--fill", type=FILE, help="JSON file with values of masked fields, by field name.")
WISHES: tuple[Option, ...] = (
    click.option("--seed", type=int, default=1, show_default=True, help="Decides the ids in an emulator's sandbox."),
    click.option("--area", "areas", multiple=True, metavar="AREA", help="Only this area; repeatable."),
    click.option("--operation", "names", multiple=True, metavar="NAME", help="Only this operation; repeatable."),
    click.option("--profile", default="default", show_default=True, metavar="NAME", help="real: the profile to use."),
    click.option(
        "--profiles", type=FILE, help="real: the file of profiles.  [default: ~/.huaweicloud/partner-mock.ini]"
    ),
    click.option("--requests", type=click.IntRange(1), default=2000, show_default=True, help="real: calls at most."),
    click.option("--reversible", is_flag=True, help="real: send calls that others take back, and take them back."),
    click.option("--customer", "customers", multiple=True, metavar="ID", help="real: a test account; repeatable."),
    click.option(
        "--journal",
        type=NEW_FILE,
        default=Path("compensations.jsonl"),
        show_default=True,
        help="real: where calls to take back are noted.",
    ),
    schemas,
)


@dataclass(frozen=True)
class Wish:
    """The values of these options."""

    seed: int
    areas: tuple[str, ...]
    names: tuple[str, ...]
    profile: str
    profiles: Path | None
    requests: int
    reversible: bool
    customers: tuple[str, ...]
    journal: Path
    overlays: tuple[Path, ...]


def wishing(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command these options, and a `Wish` in their place."""

    @wraps(command)
    def told(**given: Any) -> None:
        wish = Wish(**{name: given.pop(name) for name in Wish.__dataclass_fields__})
        command(wish=wish, **given)

    made: Callable[..., None] = told
    for option in reversed(WISHES):
        made = option(made)
    return made


def demand_writing(targets: Iterable[str], reversible: bool, customers: tuple[str, ...]) -> None:
    """Raises `Unusable` for a wish to write where nothing may be written, or nobody is named to whom."""
    if reversible and "real" not in targets:
        raise Unusable("--reversible is for the real service; an emulator takes every call")
    if reversible and not customers:
        raise Unusable("--reversible needs at least one --customer: the test accounts that calls may name")


def studio_of(wish: Wish, site: str, targets: Iterable[str], fill: Path | None = None) -> Studio:
    """What a command works with that uses these targets. Raises `Unusable`."""
    from contracts.cassettes.comparing import Studio
    from mockserver.contract.registry import Contract
    from mockserver.control.info import areas as areas_of

    demand_writing(targets, wish.reversible, wish.customers)
    contract = Contract(list(wish.overlays))
    _demand(wish.areas, areas_of(contract), "area")
    _demand(wish.names, list(contract.operations), "operation")
    return Studio(contract, site, wish.seed, now, _opening(wish, contract), wish.areas, wish.names, _filling(fill))


def _opening(wish: Wish, contract: Contract) -> Callable[[str, str], Target]:
    """How targets are opened: the real one for reading, unless more is wished."""
    from contracts.guard import READS, Permission
    from contracts.targets.opening import Opening

    effects = READS | ({"reversible"} if wish.reversible else set())
    permission = Permission(effects, frozenset(wish.customers), wish.requests)

    def opened(name: str, site: str) -> Target:
        if name == "real":
            kinds = "reading and reversible" if wish.reversible else "reading"
            tell(f"the real service gets {kinds} calls only, {wish.requests} at most")
        wanted = Opening(
            name,
            site,
            wish.seed,
            overlays=wish.overlays,
            profile=wish.profile,
            profiles=wish.profiles,
            permission=permission,
            journal=wish.journal if wish.reversible else None,
        )
        return wanted.open(contract)

    return opened


def _demand(wanted: tuple[str, ...], known: list[str], what: str) -> None:
    from difflib import get_close_matches

    for one in wanted:
        if one not in known:
            near = ", ".join(get_close_matches(one, known, 3)) or ", ".join(sorted(known)[:15])
            raise Unusable(f"no {what} {one!r}; near it: {near}")


def _filling(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise Unusable(f"{file}: not a JSON object of values by field name")
    return values


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def in_words(wish: Wish | None = None) -> Iterator[None]:
    """Failures of a recording as one sentence each. At the end, what a wish to write has left is told."""
    if not all(map(find_spec, ("filelock", "requests"))):
        raise Unusable("this needs filelock and requests: pip install 'huawei-partner-mock[contracts]'")
    from contracts.cassettes.baseline import BaselineError
    from contracts.cassettes.cassette import CassetteError
    from contracts.compensations import JournalError
    from contracts.targets.target import TargetError, Unreachable

    try:
        yield
    except (CassetteError, BaselineError, JournalError, TargetError) as error:
        raise Unusable(str(error)) from None
    except Unreachable as error:
        raise NotReached(str(error)) from None
    finally:
        if wish is not None and wish.reversible:
            tell_left(wish.journal)


def tell_left(journal: Path) -> None:
    """Say what could not be taken back, and how it still can."""
    from contracts.compensations import Compensations, JournalError

    try:
        state = Compensations(journal)
    except JournalError:
        return
    if state.open or state.failed or state.uncertain:
        tell(f"not everything was taken back: partner-mock verify --target real --resume {journal}")


def end(found: bool) -> None:
    if found:
        click.get_current_context().exit(1)
