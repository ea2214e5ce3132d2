"""A difference written back into the contract: as a JSON Patch (RFC 6902) of the operation's document, and as the
patched document in a folder that `--schemas` takes.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.cassettes.diff import Difference
from contracts.cassettes.shapes import TIMES
from mockserver.contract.documents import Components, Document
from mockserver.contract.registry import Contract

Change = dict[str, Any]
"""One operation of a JSON Patch."""
Keys = list[str]
"""The way to a place of a document."""

KEYWORDS_OF = {
    "string": {"minLength", "maxLength", "pattern", "format", "examples"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "array": {"items", "minItems", "maxItems", "uniqueItems", "x-order"},
    "object": {"properties", "required"},
}
"""Keywords that mean something for one type only."""
_VALUES = {"enum", "x-meanings", "const", "default"}
_DECIMALS = re.compile(r"([0-9]+) decimals")
_CODE = re.compile(r"(CBC|IAM)\.[0-9]{4,9}")


@dataclass(frozen=True)
class Place:
    """Where a difference is to be written: the document, the way to the schema in it, the site that showed it."""

    document: Document
    keys: Keys
    site: str
    components: Components

    @property
    def schema(self) -> Document:
        """Raises `LookupError` if the document has no such place."""
        schema: Document = self.components.resolve(_at(self.document, self.keys))
        return schema

    @property
    def own_site(self) -> list[str]:
        """The site, where the operation has others too."""
        return [self.site] if self.document["x-site"] != [self.site] else []

    def changed(self, dropped: set[str], new: Document) -> list[Change]:
        """The schema without some keywords and with others; the site's own keywords stay its own."""
        own_name = f"x-{self.site}"
        schema = {word: value for word, value in self.schema.items() if word not in {*dropped, own_name}}
        own = {word: value for word, value in self.schema.get(own_name, {}).items() if word not in dropped}
        for word, value in new.items():
            (own if word in own else schema)[word] = value
        return [_replace(self.keys, {**schema, **({own_name: own} if own else {})})]


def changes(difference: Difference, document: Document, site: str, components: Components) -> list[Change]:
    """The patch that makes an operation's document say what was seen on a site; empty where a document has no word for
    it, or says it already."""
    if difference.kind in ("status", "code"):
        return _row(difference, Place(document, [], site, components))
    keys = _keys(difference.place, document)
    writer = _WRITERS.get(difference.kind)
    if keys is None or writer is None:
        return []
    patch, flat = _without_references(document, keys, components)
    try:
        return [*patch, *written] if (written := writer(difference, Place(flat, keys, site, components))) else []
    except LookupError:
        return []


def apply(document: Document, patch: Iterable[Change]) -> Document:
    """The document after the `add`, `replace` and `remove` of a patch."""
    patched = copy.deepcopy(document)
    for change in patch:
        *parents, last = [_unescaped(part) for part in change["path"].split("/")[1:]]
        parent = _at(patched, parents)
        if change["op"] == "remove":
            del parent[int(last) if isinstance(parent, list) else last]
        elif isinstance(parent, list):
            parent.insert(len(parent) if last == "-" else int(last), change["value"])
        else:
            parent[last] = change["value"]
    return patched


def write(
    differences: Iterable[Difference], contract: Contract, site: str, folder: Path
) -> tuple[list[Path], list[Difference]]:
    """Write the patches below `folder/patches`, and the patched documents as an overlay into `folder`. Answers the
    documents' files, and the differences that a document cannot say. Raises `OSError`."""
    patches: dict[str, list[Change]] = {}
    documents: dict[str, Document] = {}
    left: list[Difference] = []
    for one in differences:
        operation = contract.operations.get(one.operation)
        document = documents.get(one.operation, operation.document) if operation else {}
        patch = changes(one, document, site, contract.components) if operation else []
        if patch:
            documents[one.operation] = apply(document, patch)
            patches.setdefault(one.operation, []).extend(patch)
        else:
            left.append(one)
    for name, patch in patches.items():
        _write(folder / "patches" / f"{name}.json", patch)
    files = [folder / "operations" / contract.operations[name].area / f"{name}.json" for name in documents]
    for file, document in zip(files, documents.values(), strict=True):
        _write(file, document)
    return files, left


def _row(difference: Difference, place: Place) -> list[Change]:
    """A row in the table of errors."""
    status, code = difference.seen
    known = any((row["status"], row["code"]) == (status, code) for row in place.document["x-errors"])
    if known or not _CODE.fullmatch(str(code)):
        return []
    row = {"status": status, "code": code, "when": "seen, on a condition that is not known", "certainty": "assumed"}
    row |= {"site": place.own_site} if place.own_site else {}
    return [{"op": "add", "path": "/x-errors/-", "value": row}]


def _type(difference: Difference, place: Place) -> list[Change]:
    """Another type. Keywords that go with the old one go with it."""
    kinds = sorted({*difference.expected, *difference.seen} if difference.kind == "null" else set(difference.seen))
    dropped = {word for kind, words in KEYWORDS_OF.items() if kind not in kinds for word in words}
    if difference.kind == "type":
        dropped |= _VALUES
    return place.changed(dropped, {"type": kinds[0] if len(kinds) == 1 else kinds})


def _absent(difference: Difference, place: Place) -> list[Change]:
    """A field that is not required."""
    *parent, _, name = place.keys
    required = _at(place.document, parent).get("required", [])
    left = [one for one in required if one != name]
    return [_replace([*parent, "required"], left)] if left != required else []


def _added(difference: Difference, place: Place) -> list[Change]:
    """A field that no page names."""
    *parent, name = place.keys
    if name in _at(place.document, parent):
        return []
    kinds = [kind for kind in difference.seen if kind in (*KEYWORDS_OF, "boolean", "null")]
    schema: Document = {"description": "Seen in answers; no page names it."}
    schema |= {"type": kinds[0] if len(kinds) == 1 else kinds}
    schema |= _decimals(difference) if "number" in kinds else {}
    schema |= {"x-site": place.own_site} if place.own_site else {}
    return [{"op": "add", "path": _pointer(place.keys), "value": schema}]


def _form(difference: Difference, place: Place) -> list[Change]:
    """Another number of decimals, or another way to write a time."""
    times = [name for name in difference.seen if name in TIMES]
    if times:
        return place.changed(KEYWORDS_OF["string"], {"pattern": f"^{TIMES[times[0]]}$"})
    decimals = _decimals(difference)
    if decimals and place.schema.get("type") == "string":
        decimals["pattern"] = rf"^-?[0-9]+\.[0-9]{{{decimals['x-decimals']}}}$"
    return place.changed(set(), decimals) if decimals else []


def _enum(difference: Difference, place: Place) -> list[Change]:
    """More listed values."""
    known = {**place.schema, **place.schema.get(f"x-{place.site}", {})}["enum"]
    return place.changed(set(), {"enum": [*known, *difference.seen]})


_WRITERS: dict[str, Callable[[Difference, Place], list[Change]]] = {
    "type": _type,
    "null": _type,
    "absent": _absent,
    "added": _added,
    "form": _form,
    "enum": _enum,
}


def _decimals(difference: Difference) -> Document:
    found = [int(match[1]) for form in difference.seen if (match := _DECIMALS.fullmatch(str(form)))]
    return {"x-decimals": max(found)} if found else {}


def _keys(place: str, document: Document) -> Keys | None:
    """The way to the schema of a place such as `answer.records[].amount`; None for a place without one."""
    root, *names = place.replace("[]", ".[]").split(".")
    if root != "answer":
        return None
    keys = ["responses", next(iter(document["responses"]))]
    for name in names:
        keys += ["items"] if name == "[]" else ["properties", name]
    return keys


def _without_references(document: Document, keys: Keys, components: Components) -> tuple[list[Change], Document]:
    """The document with a copy of each component that the way leads through, and the patch that puts it there."""
    patch: list[Change] = []
    for length in range(2, len(keys)):
        part = _at(document, keys[:length]) if _has(document, keys[:length]) else {}
        if isinstance(part, dict) and "$ref" in part:
            patch.append(_replace(keys[:length], components.resolve(part)))
            document = apply(document, patch[-1:])
    return patch, document


def _replace(keys: Keys, value: Any) -> Change:
    return {"op": "replace", "path": _pointer(keys), "value": value}


def _has(part: Any, keys: Keys) -> bool:
    try:
        _at(part, keys)
    except LookupError:
        return False
    return True


def _at(part: Any, keys: Keys) -> Any:
    """Raises `LookupError`."""
    for key in keys:
        part = part[int(key)] if isinstance(part, list) else part[key]
    return part


def _pointer(keys: Keys) -> str:
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)


def _unescaped(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")


def _write(file: Path, value: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
