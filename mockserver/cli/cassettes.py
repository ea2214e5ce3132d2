"""Recorded traffic: `record`, `replay`, `diff`. What they do is in `contracts`; here is what they say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockserver.cli.output import Unusable, as_json, print_json, print_table, tell
from mockserver.cli.wishes import FILE, NEW_FILE, Wish, end, fill, in_words, site, studio_of, target, wishing

if TYPE_CHECKING:
    from contracts.cassettes.baseline import Accepted, Baseline
    from contracts.cassettes.comparing import Studio
    from contracts.cassettes.diff import Difference
    from contracts.cassettes.replay import Played


@click.command()
@click.argument("cassette", type=NEW_FILE)
@target
@site
@wishing
def record(cassette: Path, target: str, site: str, wish: Wish) -> None:
    """Record the examples of operations into CASSETTE.

    Secrets, personal data and ids are masked before anything is written.
    """
    with in_words(wish):
        from contracts.cassettes import cassette as tape

        made = studio_of(wish, site, [target]).record(target)
        calls = made.cassette.calls
        if made.withheld:
            tell(f"{len(made.withheld)} calls were not sent, e.g. {made.withheld[0]}")
        if not calls:
            raise Unusable(f"nothing to record: no call of such an operation may be sent to {target}")
        tape.write(made.cassette, cassette)
        tell(f"{len(calls)} calls in {cassette}, {sum(call.answer.status >= 300 for call in calls)} of them refused")
        made.whole  # noqa: B018  (raises for one that was broken off)


@click.command()
@click.argument("cassette", type=FILE)
@target
@fill
@click.option("--output", type=NEW_FILE, help="Write the answers as a cassette too.")
@as_json
@wishing
def replay(cassette: Path, target: str, fill: Path | None, output: Path | None, as_json: bool, wish: Wish) -> None:
    """Play the calls of CASSETTE to a target, and tell which are answered with another status or code.

    Exit codes: 0 none, 1 some, 2 it cannot be used like that, 3 the target cannot be reached.
    """
    with in_words(wish):
        from contracts.cassettes import cassette as tape

        studio = studio_of(wish, "cn", [target], fill)
        recorded = tape.read(cassette)
        pairs = list(studio.played(recorded, target))
        sent = _sent([one for one, _ in pairs], target)
        if output:
            tape.write(pairs[-1][1].cassette(), output)
        rows = [row for row in (_changed(studio, recorded.site, one) for one in sent) if row]
        _show(rows, ("OPERATION", "RECORDED", "ANSWERED"), as_json)
        tell(f"{len(sent)} calls played to {target}, {len(rows)} of them answered otherwise")
        end(bool(rows))


@click.command()
@click.argument("first")
@click.argument("second")
@site
@fill
@click.option("--values", is_flag=True, help="Compare values too, except those that differ from run to run.")
@click.option("--baseline", type=NEW_FILE, help="File of accepted differences.")
@click.option("--baseline-update", is_flag=True, help="Accept what differs now, and forget what no longer does.")
@click.option("--reason", default="", help="Why the new ones are accepted; needed if there are any.")
@click.option(
    "--patch",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the differences back as patches and documents into this folder, for --schemas.",
)
@as_json
@wishing
def diff(first: str, second: str, site: str, fill: Path | None, wish: Wish, **asked: Any) -> None:
    """Compare FIRST and SECOND: two cassettes, a cassette and a target, or two targets.

    Exit codes: 0 no difference that is not accepted, 1 some, 2 it cannot be used like that, 3 a target cannot be
    reached.
    """
    if asked["baseline_update"] and asked["baseline"] is None:
        raise Unusable("--baseline-update needs the file that --baseline names")
    with in_words(wish):
        from contracts.cassettes.diff import compare

        studio = studio_of(wish, site, [first, second], fill)
        of_site, both = studio.pairs(first, second)
        pairs = _sent(both, second)
        found = compare(pairs, studio.contract, of_site, values=asked["values"])
        compared = {pair.recorded.operation for pair in pairs}
        if asked["baseline"] is not None:
            found = _not_accepted(found, compared, asked["baseline"], asked["baseline_update"], asked["reason"])
        if asked["patch"] is not None:
            _write_back(found, studio, of_site, asked["patch"])
        _show([_row(one) for one in found], ("ID", "SEVERITY", "OPERATION", "DIFFERENCE"), asked["as_json"])
        tell(f"{len(found)} differences in {len(pairs)} calls of {len(compared)} operations")
        end(bool(found))


def _write_back(found: list[Difference], studio: Studio, site: str, folder: Path) -> None:
    from contracts.cassettes.patch import write

    files, left = write(found, studio.contract, site, folder)
    tell(f"{len(files)} documents written to {folder}, {len(left)} differences that no document can say")


def _not_accepted(
    found: list[Difference], compared: set[str], file: Path, update: bool, reason: str
) -> list[Difference]:
    """The differences that the baseline does not accept, after its update."""
    from contracts.cassettes import baseline as accepting

    known = accepting.read(file)
    new, stale = known.new(found), known.stale(found, compared)
    if not update:
        _tell_of(known, stale, file, len(found) - len(new))
        return new
    if new and not reason.strip():
        raise Unusable(f"say with --reason why {len(new)} new differences are accepted")
    accepting.write(known.updated(found, compared, reason), file)
    tell(f"{file}: {len(new)} added, {len(stale)} that are gone removed")
    return []


def _tell_of(known: Baseline, stale: list[Accepted], file: Path, accepted: int) -> None:
    tell(f"{file} accepts {accepted} of them")
    if stale:
        tell(f"{file}: {len(stale)} are gone, e.g. {stale[0].id}; --baseline-update forgets them")


def _row(one: Difference) -> dict[str, Any]:
    return {
        "id": one.id,
        "severity": one.severity,
        "operation": one.operation,
        "place": one.place,
        "kind": one.kind,
        "difference": one.sentence,
        "expected": [_shown(value) for value in one.expected],
        "seen": [_shown(value) for value in one.seen],
        "calls": one.calls,
    }


def _shown(value: Any) -> Any:
    return value if isinstance(value, (str, int, bool)) or value is None else str(value)


def _sent(pairs: list[Played], target: str) -> list[Played]:
    """Those that no guard kept back; how many others there are is told. Raises `Unusable` if there are none."""
    withheld = [one.not_sent for one in pairs if one.withheld]
    if withheld:
        tell(f"{len(withheld)} calls were not sent, e.g. {withheld[0]}")
    if len(withheld) == len(pairs):
        raise Unusable(f"nothing to compare: no such call, or none that may be sent to {target}")
    return [one for one in pairs if not one.withheld]


def _changed(studio: Studio, site: str, pair: Played) -> dict[str, Any] | None:
    """A call that is not answered as it was."""
    from contracts.cassettes.diff import outcome

    operation = studio.contract.operations.get(pair.recorded.operation)
    view = operation.on(site) if operation else None
    before = outcome(view, pair.recorded.answer)
    after = outcome(view, pair.actual.answer) if pair.actual else None
    if before == after:
        return None
    answered = f"{after[0]} {after[1]}".strip() if after else f"not sent: {pair.not_sent}"
    return {
        "operation": pair.recorded.operation,
        "recorded": f"{before[0]} {before[1]}".strip(),
        "answered": answered,
    }


def _show(rows: list[dict[str, Any]], headings: tuple[str, ...], as_json: bool) -> None:
    if as_json:
        print_json(rows)
    elif rows:
        print_table(headings, [[str(row[heading.lower()]) for heading in headings] for row in rows])
