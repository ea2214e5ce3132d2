"""A difference becomes a change of the operation's document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.cassettes.diff import Difference
from contracts.cassettes.patch import apply, changes, write
from mockserver.contract.operation import SiteView
from mockserver.contract.registry import Contract

LIST, ROWS = "ListSubCustomers", "answer.customer_infos[]"


def patched(contract: Contract, tmp_path: Path, *found: Difference) -> SiteView:
    """The operation after the differences were written back, as an overlay has it."""
    files, left = write(found, contract, "cn", tmp_path)
    assert files and not left
    return Contract([tmp_path]).operations[found[0].operation].on("cn")


def at(schema: Any, place: str) -> Any:
    for name in place.replace("[]", ".[]").split(".")[1:]:
        schema = schema["items"] if name == "[]" else schema["properties"][name]
    return schema


def difference(kind: str, place: str, expected: Any = (), seen: Any = (), operation: str = LIST) -> Difference:
    return Difference(operation, place, kind, "notable", "differs", tuple(expected), tuple(seen))


def test_another_type_drops_what_goes_with_the_old_one(contract: Contract, tmp_path: Path) -> None:
    found = difference("type", "answer.count", ["number"], ["string"])
    schema = at(patched(contract, tmp_path, found).response_schema, "answer.count")
    assert schema["type"] == "string" and "minimum" not in schema
    assert at(contract.operations[LIST].on("cn").response_schema, "answer.count")["type"] == "integer"


def test_null_is_one_type_more(contract: Contract, tmp_path: Path) -> None:
    found = difference("null", f"{ROWS}.customer_id", ["string"], ["null"])
    schema = at(patched(contract, tmp_path, found).response_schema, f"{ROWS}.customer_id")
    assert schema["type"] == ["null", "string"] and schema["maxLength"] == 64


def test_a_missing_field_is_no_longer_required(contract: Contract, tmp_path: Path) -> None:
    view = patched(contract, tmp_path, difference("absent", f"{ROWS}.account_name", ["string"]))
    assert at(view.response_schema, ROWS)["required"] == ["customer_id"]


def test_a_new_field_is_documented_as_seen(contract: Contract, tmp_path: Path) -> None:
    found = difference("added", f"{ROWS}.price", (), ["number", "8 decimals"])
    schema = at(patched(contract, tmp_path, found).response_schema, f"{ROWS}.price")
    assert (schema["type"], schema["x-decimals"]) == ("number", 8)


def test_a_new_value_is_listed(contract: Contract, tmp_path: Path) -> None:
    found = difference("enum", f"{ROWS}.association_type", ["1"], ["9"])
    assert at(patched(contract, tmp_path, found).response_schema, f"{ROWS}.association_type")["enum"][-1] == "9"


def test_another_form_of_time_has_another_pattern(contract: Contract, tmp_path: Path) -> None:
    found = difference("form", f"{ROWS}.associated_on", ["utc_second"], ["day"])
    schema = at(patched(contract, tmp_path, found).response_schema, f"{ROWS}.associated_on")
    assert schema["pattern"].startswith("^[0-9]{4}-") and "format" not in schema


def test_an_unknown_refusal_is_a_row_of_the_table(contract: Contract, tmp_path: Path) -> None:
    found = difference("status", "200", [200, ""], [403, "CBC.99000099"])
    row = patched(contract, tmp_path, found).row("CBC.99000099")
    assert row is not None and (row.status, row.certainty) == (403, "assumed")
    assert Contract([tmp_path]).operations[LIST].on("intl").row("CBC.99000099") is None


def test_a_place_inside_a_component_is_copied_into_the_document(contract: Contract, tmp_path: Path) -> None:
    name, place = next(
        (one.id, f"answer.{field}.{inner}")
        for one in contract
        if "cn" in one.sites
        for field, part in (one.document["responses"].get("200") or {}).get("properties", {}).items()
        if "$ref" in part
        for inner in contract.components.resolve(part).get("properties", ())
    )
    found = difference("type", place, ["string"], ["boolean"], name)
    write([found], contract, "cn", tmp_path)
    assert at(Contract([tmp_path]).operations[name].on("cn").response_schema, place)["type"] == "boolean"


def test_several_differences_of_an_operation_make_one_document(contract: Contract, tmp_path: Path) -> None:
    view = patched(
        contract, tmp_path,
        difference("type", "answer.count", ["number"], ["string"]),
        difference("added", f"{ROWS}.price", (), ["number"]),
    )  # fmt: skip
    assert at(view.response_schema, "answer.count")["type"] == "string"
    assert at(view.response_schema, f"{ROWS}.price")["type"] == "number"


def test_the_patch_is_written_beside_and_gives_the_document(contract: Contract, tmp_path: Path) -> None:
    patched(contract, tmp_path, difference("type", "answer.count", ["number"], ["string"]))
    patch = json.loads((tmp_path / "patches" / f"{LIST}.json").read_text())
    document = json.loads((tmp_path / "operations" / "customers" / f"{LIST}.json").read_text())
    assert apply(contract.operations[LIST].document, patch) == document
    assert {change["op"] for change in patch} == {"replace"}


@pytest.mark.parametrize(
    "found",
    [
        difference("header", "header X-Request-Id", ["there"], [""]),
        difference("not sent", "call"),
        difference("status", "400 CBC.0100", [400, "CBC.0100"], [200, ""]),
        difference("status", "200", [200, ""], [400, "CBC.0100"]),
        difference("absent", f"{ROWS}.label", ["string"]),
        difference("added", "refusal.more", (), ["string"]),
        difference("added", f"{ROWS}.label", (), ["string"]),
        difference("type", "answer.nowhere.deep", ["string"], ["number"]),
        difference("type", "answer.count", ["number"], ["string"], "NoSuchOperation"),
    ],
)
def test_what_a_document_does_not_say_is_left(contract: Contract, tmp_path: Path, found: Difference) -> None:
    assert write([found], contract, "cn", tmp_path) == ([], [found])
    assert list(tmp_path.iterdir()) == []


def test_changes_are_applied_one_after_the_other() -> None:
    document = {"a": {"x/y": 1, "list": [1, 3]}, "gone": True}
    patch: list[dict[str, Any]] = [
        {"op": "replace", "path": "/a/x~1y", "value": 2},
        {"op": "add", "path": "/a/list/1", "value": 2},
        {"op": "add", "path": "/a/list/-", "value": 4},
        {"op": "remove", "path": "/a/list/0"},
        {"op": "remove", "path": "/gone"},
    ]
    assert apply(document, patch) == {"a": {"x/y": 2, "list": [2, 3, 4]}}
    assert document["gone"]


def test_nothing_is_changed_for_an_unknown_kind(contract: Contract) -> None:
    found = difference("rows", "answer.customer_infos[]")
    assert changes(found, contract.operations[LIST].document, "cn", contract.components) == []
