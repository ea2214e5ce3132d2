"""Commands that show the contract: `operations`, `explain`, `openapi`."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockserver.cli.output import Unusable, as_json, print_json, print_table, schemas, site, tell

if TYPE_CHECKING:
    from mockserver.contract.registry import Contract


ELSEWHERE = {
    "service": "no operation documents it",
    "gateway": "any operation can answer it",
    "iam": "the identity endpoints answer it",
}


@click.command()
@click.option("--area", help="Only this area.")
@site
@click.option("--status", type=click.Choice(["current", "retiring", "removed"]), help="Only this status.")
@click.option("--stateful/--stateless", default=None, help="Only those that keep state, or only the others.")
@schemas
@as_json
def operations(
    area: str | None,
    site: str | None,
    status: str | None,
    stateful: bool | None,
    overlays: tuple[Path, ...],
    as_json: bool,
) -> None:
    """List the operations of the contract."""
    from mockserver.contract.registry import Contract
    from mockserver.control.info import areas, described, selected

    contract = Contract(list(overlays))
    if area is not None and area not in areas(contract):
        raise Unusable(f"no area {area!r}; accepted: {', '.join(areas(contract))}")
    rows = [described(operation) for operation in selected(contract, area, site, status, stateful)]
    if as_json:
        print_json(rows)
        return
    print_table(
        ("AREA", "OPERATION", "CALL", "SITE", "STATUS", "STATEFUL"),
        [
            (
                row["area"],
                row["id"],
                f"{row['method']} {row['path']}",
                ",".join(row["site"]),
                row["status"],
                "yes" if row["stateful"] else "no",
            )
            for row in rows
        ],
    )
    tell(f"{len(rows)} operations, {sum(row['stateful'] for row in rows)} of them stateful")


@click.command()
@site
@click.option("--url", default="http://127.0.0.1:8080", show_default=True, help="Address of the server it names.")
@schemas
def openapi(site: str | None, url: str, overlays: tuple[Path, ...]) -> None:
    """Print the contract as an OpenAPI 3.1 document."""
    from mockserver.contract.openapi import export
    from mockserver.contract.registry import Contract

    print_json(export(Contract(list(overlays)), site, url))


@click.command()
@click.argument("code")
@schemas
@as_json
def explain(code: str, overlays: tuple[Path, ...], as_json: bool) -> None:
    """Explain an error code.

    What it means, what to do about it, and which operations answer it. CODE is written as in the answer, e.g.
    CBC.99000035 or APIGW.0301 (APIG.0301 is the same); the number alone does where it is the only one.
    """
    from mockserver.contract.registry import Contract

    contract = Contract(list(overlays))
    known = _find(contract, code)
    explanation = _explanation(contract, known)
    if as_json:
        print_json(explanation)
    else:
        _print_explanation(explanation)


def _find(contract: Contract, asked: str) -> str:
    """The code that is meant. Raises `Unusable` with the nearest codes."""
    wanted = asked.strip().upper()
    names = {facts["also"]: code for code, facts in contract.codes.items() if "also" in facts}
    names |= {code: code for code in contract.codes}
    numbered = [code for code in contract.codes if code.partition(".")[2] == wanted]
    if wanted in names or len(numbered) == 1:
        return names.get(wanted) or numbered[0]
    near = numbered or get_close_matches(wanted, names, 5) or get_close_matches(f"CBC.{wanted}", names, 5)
    raise Unusable(f"no code {asked!r}" + (f"; near it: {', '.join(near)}" if near else ""))


def _explanation(contract: Contract, code: str) -> dict[str, Any]:
    facts = contract.codes[code]
    return {
        "code": code,
        "also": facts.get("also"),
        "layer": facts["layer"],
        "statuses": facts["statuses"],
        "messages": {"en": facts["en"], "zh": facts["zh"]},
        "cause": facts["meaning"],
        "remedy": facts["remedy"],
        "operations": [
            {"id": operation.id, "area": operation.area, "site": list(operation.sites), **row}
            for operation in sorted(contract, key=lambda one: one.id)
            for row in operation.document["x-errors"]
            if row["code"] == code
        ],
    }


def _print_explanation(explanation: dict[str, Any]) -> None:
    also = f" ({explanation['also']})" if explanation["also"] else ""
    statuses = ", ".join(map(str, explanation["statuses"]))
    click.echo(f"{explanation['code']}{also}  {explanation['messages']['en']}  {explanation['messages']['zh']}")
    click.echo(f"HTTP status  {statuses}, from the {explanation['layer']}")
    click.echo(f"Cause        {explanation['cause']}")
    click.echo(f"Remedy       {explanation['remedy']}")
    if explanation["operations"]:
        click.echo()
        print_table(
            ("STATUS", "OPERATION", "SITE", "WHEN"), [_operation_cells(row) for row in explanation["operations"]]
        )
    else:
        tell(ELSEWHERE[explanation["layer"]])


def _operation_cells(row: dict[str, Any]) -> tuple[str, ...]:
    place = f" (in {row['in']})" if "in" in row else ""
    return str(row["status"]), row["id"], ",".join(row["site"]), row["when"] + place
