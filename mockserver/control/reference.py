"""The contract for people: the OpenAPI document, with what it keeps in x- fields said in Markdown descriptions."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from mockserver.contract.documents import Document, Json, exists_on
from mockserver.contract.openapi import JSON, export, page_url
from mockserver.contract.operation import Operation
from mockserver.contract.registry import Contract
from mockserver.contract.writing import json_bytes
from mockserver.control.info import is_stateful

SITE_NAMES = {"cn": "China", "intl": "International"}
STATUS_MEANINGS = {
    "current": "current",
    "retiring": "retiring: documented as going offline, served like any other",
    "removed": "removed: served only by `partner-mock serve --removed`",
}
EFFECT_MEANINGS = {
    "read": "reads only",
    "reversible": "changes what another call can take back",
    "irreversible": "changes what no call takes back",
}
NULLISH_RULES = {"absent": "Counts as left out", "keep": "Taken as it is", "refuse": "Refused"}
NULLISH_FORMS = {
    "body": {"null": "`null`", "empty": "`[]` or `{}`", "empty_string": '`""`'},
    "query": {"null": "`name=null`", "empty": "`name=`", "empty_string": '`name=""`'},
}
SMALLEST = "smallest-call"
"""Key of the example that has the mandatory fields only."""


@lru_cache(maxsize=4)
def reference(contract: Contract, site: str) -> bytes:
    """The OpenAPI document of a site that the reference page shows, as JSON. Its server is the one it came from."""
    document = export(contract, site, "/")
    shared = document["components"].pop("schemas")
    others = document["components"]
    document["components"] = {"securitySchemes": _told(others.pop("securitySchemes"))}
    paths = _inlined(document["paths"], {**others, "schemas": shared})
    document["info"]["description"] = _about(site)
    document["paths"] = {}
    for path, methods in paths.items():
        for method, first in methods.items():
            for number, one in enumerate((first, *first.pop("x-same-call", ()))):
                operation = contract.operations[one["operationId"]]
                place = f"{path}#{operation.id}" if number else path
                document["paths"].setdefault(place, {})[method] = _shown(one, operation, site)
    return json_bytes(document)


def described(operation: Operation, site: str) -> str:
    """Everything known of an operation that no schema says, in Markdown."""
    document = operation.document
    parts = [
        _prose(document.get("description", "")),
        _section("Who may call", _callers(operation)),
        _section("Limits and status", _limits(operation)),
        _errors([row for row in document["x-errors"] if exists_on(row, site)]),
        _section("Notes", document.get("x-notes", ())),
        _folded("Assumptions", document.get("x-assumptions", ())),
        _folded("Evidence", document.get("x-evidence", ())),
    ]
    return "\n\n".join(part for part in parts if part)


def _about(site: str) -> str:
    return f"Operations of the {SITE_NAMES[site]} site. **Try it out** calls the sandbox above, as the principal above."


def _shown(exported: Document, operation: Operation, site: str) -> Document:
    """An exported operation as the page shows it."""
    shown: Document = _told(
        {key: value for key, value in exported.items() if key not in ("parameters", "externalDocs")}
    )
    shown["description"] = described(operation, site)
    if "parameters" in exported:
        shown["parameters"] = [_parameter(one) for one in exported["parameters"]]
    if "requestBody" in shown:
        media = shown["requestBody"]["content"][JSON]
        media["examples"] = {SMALLEST: _smallest(media), **media.get("examples", {})}
    return shown


def _parameter(parameter: Document) -> Document:
    """A parameter with its schema's facts in its own description. An optional one starts empty: its examples are named,
    not filled in."""
    schema = parameter["schema"]
    told: Document = {**_told(parameter), "schema": _told(schema, "query")}
    words = [_prose(parameter.get("description") or schema.get("description", "")), *_facts(schema, "query")]
    examples = [one["value"] for one in parameter.get("examples", {}).values()]
    if examples and not parameter.get("required"):
        del told["examples"]
        words.append("For example " + _codes(dict.fromkeys(map(str, examples))) + ".")
    return {**told, "description": "\n\n".join(word for word in words if word)}


def _smallest(media: Document) -> Document:
    """An example with the mandatory fields, their values from the first example or made up by the page."""
    first: Document = next(iter(media.get("examples", {}).values()), {})
    known = first.get("value")
    mandatory = media["schema"].get("required", ())
    known = known if isinstance(known, dict) else {}
    return {"summary": "mandatory fields only", "value": {name: known.get(name, "") for name in mandatory}}


# What is known of an operation


def _callers(operation: Operation) -> list[str]:
    document = operation.document
    lines = [f"**Callers:** {_codes(document['x-callers'])}"]
    if "x-callers-note" in document:
        lines.append(document["x-callers-note"])
    lines.append("**Permission items** of a partner's operator: " + _needed(document["x-permission-items"], "any one"))
    lines.append("**IAM actions** of a customer's user: " + _needed(document["x-iam-actions"], "all"))
    if "x-iam-note" in document:
        lines.append(document["x-iam-note"])
    return lines


def _needed(names: list[str] | None, how_many: str) -> str:
    if names is None:
        return "not documented, treated as none"
    if not names:
        return "none"
    return _codes(names) + (f" ({how_many})" if len(names) > 1 else "")


def _limits(operation: Operation) -> list[str]:
    document, rate = operation.document, operation.rate_limit
    window = f"{rate['seconds']} seconds" if rate["seconds"] > 1 else "second"
    usual = "" if "x-rate-limit" in document else " (the standing default)"
    lines = [
        f"**Rate limit:** {rate['calls']} calls per {window}{usual}",
        "**Sites:** " + ", ".join(SITE_NAMES[site] for site in operation.sites),
        f"**Status:** {STATUS_MEANINGS[operation.status]}",
        f"**Effect:** {EFFECT_MEANINGS[operation.effect]}",
        "**In the emulator:** " + ("keeps state" if is_stateful(operation) else "answers made up from the schema"),
        f"**Vendor's page:** {_page(document['x-page'], document['x-title-zh'])}",
    ]
    if "x-successor" in document:
        lines.insert(3, f"**Successor:** {_codes(document['x-successor'])}")
    if "x-other-pages" in document:
        lines.append("**Further pages:** " + ", ".join(_page(page) for page in document["x-other-pages"]))
    return lines


def _page(page: str, title: str = "") -> str:
    return f"[{title or page}]({page_url(page)})"


def _errors(rows: list[Document]) -> str:
    lines = ["#### Errors", "", "| Status | Code | Condition |", "|---|---|---|"]
    for row in rows:
        place = f" in `{row['in']}`" if "in" in row else ""
        certainty = row.get("certainty", "documented")
        unsure = "" if certainty == "documented" else f" *({certainty})*"
        lines.append(
            f"| {row['status']}{place} | `{row['code']}` | {_prose(row['when']).replace('|', '&#124;')}{unsure} |"
        )
    return "\n".join(lines) if rows else ""


def _section(title: str, lines: Any) -> str:
    return f"#### {title}\n\n{_list(lines)}" if lines else ""


def _folded(title: str, lines: Any) -> str:
    """A section that opens with a click."""
    return f"<details>\n<summary>{title} ({len(lines)})</summary>\n\n{_list(lines)}\n\n</details>" if lines else ""


def _list(lines: Any) -> str:
    return "\n".join(f"- {_prose(line)}" for line in lines)


# What is known of a field


def _told(part: Json, place: str = "body") -> Json:
    """A copy whose x- facts are said in the descriptions beside them."""
    if isinstance(part, list):
        return [_told(item, place) for item in part]
    if not isinstance(part, dict):
        return part
    told = {key: _told(value, place) for key, value in part.items() if not key.startswith("x-")}
    text = part.get("description", "")
    if isinstance(text, str):
        words = [word for word in (_prose(text), *_facts(part, place)) if word]
        told |= {"description": "\n\n".join(words)} if words else {}
    return told


def _facts(schema: Document, place: str) -> list[str]:
    facts = [_meanings(schema), *(say(schema[key]) for key, say in _FACTS.items() if key in schema)]
    rules = schema.get("x-nullish", {})
    for rule, words in NULLISH_RULES.items():
        forms = [NULLISH_FORMS[place][form] for form in rules if rules[form] == rule]
        facts += [f"{words}: {', '.join(forms)}."] if forms else []
    return [fact for fact in facts if fact]


def _meanings(schema: Document) -> str:
    """What each value means, where a closed list has it on this site."""
    values = {str(value) for value in (schema["enum"] if "enum" in schema else schema.get("x-meanings", ()))}
    told = {value: text for value, text in schema.get("x-meanings", {}).items() if value in values}
    return "\n".join(f"- `{value}` {_prose(text)}" for value, text in told.items())


_FACTS: dict[str, Callable[[Any], str]] = {
    "x-unit": lambda unit: f"Unit: {unit}.",
    "x-decimals": lambda number: f"{number} decimals on the wire.",
    "x-order": lambda order: f"Order: {order}.",
    "x-absent": lambda meaning: f"Left out: {meaning}.",
    "x-code": lambda code: f"A wrong value answers `{code}`.",
    "x-legacy": lambda why: f"Carries nothing any more: {why}.",
    "x-sensitive": lambda _: "Masked in the journal.",
}


def _inlined(part: Json, components: Document) -> Json:
    """A copy with the components in the place of references to them."""
    if isinstance(part, list):
        return [_inlined(item, components) for item in part]
    if not isinstance(part, dict):
        return part
    plain = {key: _inlined(value, components) for key, value in part.items() if key != "$ref"}
    if not isinstance(part.get("$ref"), str):
        return plain
    kind, name = part["$ref"].removeprefix("#/components/").split("/", 1)
    return {**_inlined(components[kind][name], components), **plain}


def _codes(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _prose(text: str) -> str:
    """Text in which a `<` outside of code is no markup."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else part.replace("<", "&lt;") for part in parts)
