"""Finding operations and codes, and folders laid over the contract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mockserver.contract.documents import ContractError
from mockserver.contract.registry import Contract
from tests.contract.loaded import CONTRACT, VIEWS, every_view, name_of
from tests.contract.made_up import document


class Overlay:
    """A folder of schemas that a test fills."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, content: Any) -> Path:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return file

    def add(self, operation_id: str, **more: Any) -> Path:
        return self.write(f"operations/things/{operation_id}.json", document(operation_id, **more))

    def contract(self) -> Contract:
        return Contract([self.folder])


@pytest.fixture
def overlay(tmp_path: Path) -> Overlay:
    return Overlay(tmp_path)


def matched(contract: Contract, method: str, path: str, site: str = "cn", removed: bool = False) -> str | None:
    match = contract.match(method, path, site, removed)
    return match.operation.id if match else None


# Finding


@every_view
def test_every_operation_is_found_by_its_own_call(view: Any) -> None:
    operation = view.operation
    path = operation.path.replace("{", "some-").replace("}", "")
    match = CONTRACT.match(operation.method, path, view.site, removed=operation.status == "removed")
    assert match is not None and match.operation is operation
    assert match.variables == {one["name"]: f"some-{one['name']}" for one in view.parameters if one["in"] == "path"}


def test_an_unknown_call_is_none() -> None:
    assert CONTRACT.match("GET", "/v2/nothing", "cn") is None
    assert CONTRACT.match("GET", "/", "cn") is None


def test_method_and_number_of_segments_count(overlay: Overlay) -> None:
    overlay.add("ShowThing", x_path="/v9/things/{id}")
    contract = overlay.contract()
    assert matched(contract, "GET", "/v9/things/1") == "ShowThing"
    assert matched(contract, "POST", "/v9/things/1") is None
    assert matched(contract, "GET", "/v9/things") is None
    assert matched(contract, "GET", "/v9/things/1/2") is None


def test_variables_are_found_by_name(overlay: Overlay) -> None:
    overlay.add("ShowThing", x_path="/v9/{owner}/things/{thing_id}")
    match = overlay.contract().match("GET", "/v9/me/things/a b", "cn")
    assert match is not None
    assert match.variables == {"owner": "me", "thing_id": "a b"}


def test_a_literal_path_wins_over_one_with_variables(overlay: Overlay) -> None:
    overlay.add("AShowThing", x_path="/v9/things/{id}")
    overlay.add("ListNames", x_path="/v9/things/names")
    assert matched(overlay.contract(), "GET", "/v9/things/names") == "ListNames"
    assert matched(overlay.contract(), "GET", "/v9/things/name") == "AShowThing"


def test_an_operation_is_found_on_its_sites_only(overlay: Overlay) -> None:
    overlay.add("ShowHere", x_path="/v9/things", x_site=["cn"])
    overlay.add("ShowThere", x_path="/v9/things", x_site=["intl"])
    contract = overlay.contract()
    assert [matched(contract, "GET", "/v9/things", site) for site in ("cn", "intl")] == ["ShowHere", "ShowThere"]


@pytest.mark.parametrize(("status", "served"), [("current", True), ("retiring", True), ("removed", False)])
def test_removed_operations_are_found_only_if_asked_for(overlay: Overlay, status: str, served: bool) -> None:
    overlay.add("ShowThing", x_path="/v9/things", x_status=status)
    contract = overlay.contract()
    assert (matched(contract, "GET", "/v9/things") is not None) == served
    assert matched(contract, "GET", "/v9/things", removed=True) == "ShowThing"


@pytest.mark.parametrize("order", ["AB", "BA"])
def test_whoever_asks_for_removed_operations_gets_the_removed_one_of_a_call(overlay: Overlay, order: str) -> None:
    for name, status in zip(order, ("current", "removed"), strict=True):
        overlay.add(f"{name}Show", x_path="/v9/things", x_status=status)
    contract = overlay.contract()
    assert matched(contract, "GET", "/v9/things") == f"{order[0]}Show"
    assert matched(contract, "GET", "/v9/things", removed=True) == f"{order[1]}Show"


def test_the_contract_holds_every_document_once() -> None:
    assert len(CONTRACT) == len({operation.id for operation in CONTRACT}) == len({view.operation for view in VIEWS})
    assert len(set(map(name_of, VIEWS))) == len(VIEWS)


# Codes


def test_a_code_has_a_message_in_both_languages() -> None:
    assert CONTRACT.message("CBC.0100") == "Invalid parameter."
    assert CONTRACT.message("CBC.0100", "zh") == "参数错误。"


def test_an_unknown_code_is_its_own_message() -> None:
    assert CONTRACT.message("CBC.4711") == "CBC.4711"


def test_the_named_parts_of_a_message_are_filled(overlay: Overlay) -> None:
    overlay.write("errors.json", {"CBC.4711": {"en": "No {name} today.", "zh": "{name}"}})
    assert overlay.contract().message("CBC.4711", name="tea") == "No tea today."


# Overlays


def test_an_overlay_adds_an_operation_and_keeps_the_others(overlay: Overlay) -> None:
    overlay.add("ShowThing", x_path="/v9/things")
    contract = overlay.contract()
    assert contract.operations.keys() == CONTRACT.operations.keys() | {"ShowThing"}
    assert contract.operations["ShowThing"].area == "things"


def test_an_overlay_replaces_the_operation_of_the_same_id(overlay: Overlay) -> None:
    overlay.add("ListSubCustomers", x_path="/v9/customers")
    contract = overlay.contract()
    assert len(contract) == len(CONTRACT)
    assert matched(contract, "GET", "/v9/customers") == "ListSubCustomers"
    known = CONTRACT.operations["ListSubCustomers"]
    assert matched(contract, known.method, known.path) is None


def test_of_several_overlays_the_last_wins(tmp_path: Path) -> None:
    for name in ("first", "second"):
        Overlay(tmp_path / name).add("ShowThing", x_path=f"/v9/{name}")
    assert Contract([tmp_path / "first", tmp_path / "second"]).operations["ShowThing"].path == "/v9/second"


def test_an_overlay_adds_codes_and_replaces_messages(overlay: Overlay) -> None:
    overlay.write("errors.json", {"CBC.0100": {"en": "Wrong.", "zh": "错"}})
    contract = overlay.contract()
    assert contract.message("CBC.0100") == "Wrong."
    assert contract.message("CBC.0999") == CONTRACT.message("CBC.0999")


def test_an_overlay_adds_and_replaces_components(overlay: Overlay) -> None:
    overlay.write("components/paging.json", {"limit": {"type": "integer", "maximum": 5}, "page": {"type": "integer"}})
    names = ("limit", "page", "offset")
    fields = {name: {"$ref": f"../../components/paging.json#/{name}"} for name in names}
    overlay.add("ShowThing", requestBody={"type": "object", "properties": fields})
    body = overlay.contract().operations["ShowThing"].on("cn").body_schema
    assert body is not None
    assert body["properties"]["limit"] == {"type": "integer", "maximum": 5}
    assert body["properties"]["page"] == {"type": "integer"}
    assert body["properties"]["offset"]["minimum"] == 0


def test_what_stands_beside_a_reference_wins(overlay: Overlay) -> None:
    limit = {"$ref": "../../components/paging.json#/limit", "maximum": 5}
    overlay.add("ShowThing", requestBody={"type": "object", "properties": {"limit": limit}})
    body = overlay.contract().operations["ShowThing"].on("cn").body_schema
    assert body is not None
    assert (body["properties"]["limit"]["minimum"], body["properties"]["limit"]["maximum"]) == (1, 5)


def test_a_new_optional_field_is_a_change_of_one_document(overlay: Overlay) -> None:
    changed = json.loads(json.dumps(CONTRACT.operations["UpdateCustomerAccountAmount"].document))
    changed["requestBody"]["properties"]["memo"] = {"type": "string", "maxLength": 8}
    overlay.write("operations/accounts/UpdateCustomerAccountAmount.json", changed)
    view = overlay.contract().operations["UpdateCustomerAccountAmount"].on("cn")
    reading = view.read({}, {"customer_id": "a" * 32, "amount": 1, "memo": "far too long"})
    assert ([str(one) for one in reading.violations], reading.unknown) == (["memo: maxLength"], ())


# Mistakes in files


def complaint(overlay: Overlay) -> str:
    with pytest.raises(ContractError) as caught:
        overlay.contract()
    return str(caught.value)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="no such folder of schemas"):
        Contract([tmp_path / "nowhere"])


def test_a_file_that_is_no_json_is_named(overlay: Overlay) -> None:
    file = overlay.write("operations/things/ShowThing.json", "{")
    assert complaint(overlay).startswith(f"{file}: ")


@pytest.mark.parametrize("missing", ["operationId", "x-path", "x-callers"])
def test_a_missing_piece_is_named_with_its_file(overlay: Overlay, missing: str) -> None:
    content = document()
    del content[missing]
    file = overlay.write("operations/things/ShowThing.json", content)
    assert complaint(overlay) == f'{file}: not an operation document, at /: "{missing}" is a required property'


@pytest.mark.parametrize("content", [[], "text", document(x_site=None)])
def test_something_else_than_a_document_is_named(overlay: Overlay, content: Any) -> None:
    file = overlay.write("operations/things/ShowThing.json", json.dumps(content))
    assert complaint(overlay).startswith(f"{file}: not an operation document, at /")


@pytest.mark.parametrize("sites", [[], ["eu"], ["cn", "eu"]])
def test_a_wrong_site_is_named(overlay: Overlay, sites: list[str]) -> None:
    file = overlay.add("ShowThing", x_site=sites)
    assert complaint(overlay).startswith(f"{file}: not an operation document, at /x-site")


@pytest.mark.parametrize("reference", ["../../components/no.json#/limit", "../../components/paging.json#/no", "#/x"])
def test_a_reference_to_nothing_is_named_with_its_operation(overlay: Overlay, reference: str) -> None:
    overlay.add("ShowThing", requestBody={"$ref": reference})
    with pytest.raises(ContractError) as caught:
        overlay.contract().operations["ShowThing"].on("cn")
    assert str(caught.value) == f"ShowThing: no component '{reference}'"
