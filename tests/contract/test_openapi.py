"""The OpenAPI document: accepted by a validator, complete, and the same contract that the emulator goes by."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from mockserver import __version__
from mockserver.contract.documents import ContractError, Document
from mockserver.contract.openapi import ANNOTATIONS, GATEWAY_CODES, export
from mockserver.contract.operation import SiteView
from mockserver.contract.registry import Contract
from tests.contract.loaded import CONTRACT, every_view

SHARED_CALL = "/v1.0/{domain_id}/customer/account-mgr/bill/monthly-sum"
every_export = pytest.mark.parametrize("site", [None, "cn", "intl"])


@cache
def exported(site: str | None) -> Document:
    return export(CONTRACT, site)


def operations(document: Document) -> Iterator[Document]:
    """Every operation of a document, also those that share a call with another."""
    for methods in document["paths"].values():
        for operation in methods.values():
            yield operation
            yield from operation.get("x-same-call", ())


def operation(document: Document, operation_id: str) -> Document:
    return next(one for one in operations(document) if one["operationId"] == operation_id)


def followed(document: Document, reference: str) -> Any:
    found = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def resolved(document: Document, schema: Any) -> Any:
    """A schema without references. By JSON Schema both sides of a reference count; here they never disagree."""
    if isinstance(schema, list):
        return [resolved(document, item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: resolved(document, value) for key, value in schema.items() if key != "$ref"}
    if not isinstance(schema.get("$ref"), str):
        return plain
    target = resolved(document, followed(document, schema["$ref"]))
    different = [key for key in plain if key in target and target[key] != plain[key]]
    assert [key for key in different if key not in ANNOTATIONS and not key.startswith("x-")] == []
    return {**target, **plain}


def json_schema(holder: Document) -> Document:
    schema: Document = holder["content"]["application/json"]["schema"]
    return schema


def references(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        yield from (item for key, item in value.items() if key == "$ref" and isinstance(item, str))
        for item in value.values():
            yield from references(item)


# The document


@every_export
def test_a_validator_accepts_it(site: str | None) -> None:
    assert [str(error) for error in OpenAPIV31SpecValidator(exported(site)).iter_errors()] == []


def test_the_validator_is_one_that_refuses() -> None:
    broken = copy.deepcopy(exported("intl"))
    operation(broken, "ListSubCustomerBudget")["responses"]["200"].pop("description")
    assert list(OpenAPIV31SpecValidator(broken).iter_errors())


@every_export
def test_every_operation_of_the_site_is_there_once(site: str | None) -> None:
    wanted = [one.id for one in CONTRACT if site in (None, *one.sites)]
    assert sorted(one["operationId"] for one in operations(exported(site))) == sorted(wanted)


@every_export
def test_every_reference_leads_somewhere_inside(site: str | None) -> None:
    document = exported(site)
    for reference in set(references(document)):
        assert reference.startswith("#/components/")
        assert followed(document, reference)


@every_export
def test_every_shared_schema_is_used(site: str | None) -> None:
    document = exported(site)
    used = set(references(document))
    assert [name for name in document["components"]["schemas"] if f"#/components/schemas/{name}" not in used] == []


def test_it_says_what_it_is_and_where_it_is_served() -> None:
    document = export(CONTRACT, "cn", "http://127.0.0.1:9999")
    assert document["openapi"] == "3.1.0"
    assert document["info"]["version"] == __version__
    assert document["servers"] == [{"url": "http://127.0.0.1:9999"}]


def test_it_is_json_and_always_the_same() -> None:
    assert json.dumps(export(Contract(), None)) == json.dumps(exported(None))


def test_changing_it_changes_no_contract() -> None:
    for one in operations(export(CONTRACT, "cn")):
        one.clear()
    assert json.dumps(export(CONTRACT, "cn")) == json.dumps(exported("cn"))


def test_a_site_is_one_of_the_two() -> None:
    with pytest.raises(ContractError, match=r"^'eu' is not a site; accepted: cn, intl$"):
        export(CONTRACT, "eu")


# The same contract


@every_view
def test_its_schemas_are_those_of_the_site(view: SiteView) -> None:
    document = exported(view.site)
    one = operation(document, view.operation.id)
    parameters = [{key: value for key, value in it.items() if key != "examples"} for it in one.get("parameters", ())]
    assert resolved(document, parameters) == view.parameters
    if view.body_schema is not None:
        assert resolved(document, json_schema(one["requestBody"])) == view.body_schema
    assert ("requestBody" in one) == (view.body_schema is not None)


@every_view
def test_its_answers_are_those_of_the_site(view: SiteView) -> None:
    document = exported(view.site)
    success = operation(document, view.operation.id)["responses"][str(view.success_status)]
    if view.response_schema is None:
        assert "content" not in success
    else:
        schema = json_schema(success)
        assert resolved(document, schema.get("anyOf", [schema])[0]) == view.response_schema


@every_view
def test_every_code_is_under_its_status_with_its_condition(view: SiteView) -> None:
    answers = operation(exported(view.site), view.operation.id)["responses"]
    for row in view.errors:
        answer = answers[str(row.status)]
        told = answer["x-partial-failures" if row.inside else "x-errors"]
        assert (row.code, row.when) in [(one["code"], one["when"]) for one in told]
        if row.inside is None:
            assert f"`{row.code}`: {row.when}" in answer["description"]
            forms = json_schema(answer).get("anyOf", [json_schema(answer)])
            assert row.code in forms[-1]["properties"]["error_code"]["enum"]


@every_export
def test_the_gateways_refusals_are_shared(site: str | None) -> None:
    for one in operations(exported(site)):
        for status, code in GATEWAY_CODES.items():
            answer = one["responses"][status]
            own = "x-errors" in answer
            assert (answer == {"$ref": f"#/components/responses/{status}"}) is not own
            assert code in (answer if own else exported(site)["components"]["responses"][status])["description"]


def test_what_sites_do_differently_stays_where_both_are_shown() -> None:
    both, china, abroad = (exported(site)["components"]["schemas"]["money.currency"] for site in (None, "cn", "intl"))
    assert both["x-cn"] == {"enum": ["CNY"]}
    assert (china["enum"], abroad["enum"]) == (["CNY"], ["USD"])
    assert "x-cn" not in china


# An operation


def test_an_operation_has_its_area_its_page_and_its_annotations() -> None:
    one = operation(exported(None), "UpdateCustomerAccountAmount")
    assert one["tags"] == ["accounts"]
    assert one["externalDocs"] == {"url": "https://support.huaweicloud.com/api-bpconsole/mt_060005.html"}
    assert one["x-permission-items"] == ["BPC_ITEM_SUBCUSTSERV_010103"]
    assert one["x-site"] == ["cn"]
    assert "deprecated" not in one


def test_retiring_and_removed_operations_are_deprecated() -> None:
    deprecated = {one["operationId"] for one in operations(exported(None)) if one.get("deprecated")}
    assert deprecated == {one.id for one in CONTRACT if one.status != "current"}


def test_of_two_operations_of_one_call_the_removed_one_stands_inside_the_other() -> None:
    first = exported("intl")["paths"][SHARED_CALL]["get"]
    assert first["operationId"] == "OldShowCustomerMonthlySum"
    assert [one["operationId"] for one in first["x-same-call"]] == ["ListMonthlyExpenditures"]
    assert "x-same-call" not in exported("cn")["paths"][SHARED_CALL]["get"]


def test_examples_are_shown_where_they_belong() -> None:
    one = operation(exported("cn"), "UpdateCustomerAccountAmount")
    key = "a-solution-provider-funds-a-customer"
    shown = one["requestBody"]["content"]["application/json"]["examples"][key]
    assert shown["summary"] == "A solution provider funds a customer"
    assert shown["value"]["amount"] == 500.25
    assert "transfer_id" in one["responses"]["200"]["content"]["application/json"]["examples"][key]["value"]


@every_export
def test_no_example_is_lost(site: str | None) -> None:
    for one in operations(exported(site)):
        documented = CONTRACT.operations[one["operationId"]].document.get("x-examples", ())
        wanted = [it for it in documented if "request" in it and site in (None, it.get("site", site))]
        shown = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("examples", {})
        assert [it["value"] for it in shown.values()] == [it["request"] for it in wanted]


def test_a_body_with_a_default_may_be_left_out() -> None:
    required = {
        one["operationId"]: one["requestBody"]["required"] for one in operations(exported(None)) if "requestBody" in one
    }
    bodies = {one.id: one.document.get("requestBody") for one in CONTRACT}
    assert required == {name: "default" not in body for name, body in bodies.items() if body is not None}


def test_extra_fields_of_an_error_are_described() -> None:
    schema = json_schema(operation(exported("cn"), "CreateSubCustomer")["responses"]["400"])
    assert schema["$ref"] == "#/components/schemas/error"
    assert set(schema["properties"]) == {"error_code", "error_msg", "domain_id", "domain_name"}


# References

OVERLAY = {
    "$schema": "../../operation.schema.json", "x-title-zh": "奇事",
    "operationId": "ListOddities", "summary": "List oddities", "x-method": "POST", "x-path": "/v2/oddities",
    "x-site": ["cn", "intl"], "x-status": "current", "x-callers": ["customer"], "x-permission-items": None,
    "x-iam-actions": None, "x-effect": "read", "x-page": "api-bpconsole", "x-errors": [], "responses": {"204": None},
}  # fmt: skip


def body_of_overlay(folder: Path, schema: Document, site: str | None, **components: Document) -> Any:
    """The exported body of an operation in an overlay, whose components are in `odd.json`."""
    (folder / "components").mkdir()
    (folder / "components" / "odd.json").write_text(json.dumps(components))
    (folder / "operations" / "odd").mkdir(parents=True)
    (folder / "operations" / "odd" / "ListOddities.json").write_text(json.dumps({**OVERLAY, "requestBody": schema}))
    document = export(Contract([folder]), site)
    return json_schema(operation(document, "ListOddities")["requestBody"])


@pytest.mark.parametrize(
    ("target", "siblings"),
    [
        ({"type": "string"}, {}),
        ({"type": "string"}, {"description": "An oddity.", "x-absent": "none"}),
        ({"type": "string"}, {"maxLength": 3}),
        ({"type": "string", "default": "a"}, {"default": "b"}),
        ({"type": "string", "maxLength": 3}, {"maxLength": 3}),
    ],
)
def test_a_reference_stays_where_its_siblings_narrow_or_annotate(
    tmp_path: Path, target: Document, siblings: Document
) -> None:
    schema = {"$ref": "../../components/odd.json#/oddity", **siblings}
    assert body_of_overlay(tmp_path, schema, None, oddity=target) == {
        "$ref": "#/components/schemas/odd.oddity",
        **siblings,
    }


@pytest.mark.parametrize(
    ("target", "siblings", "cn"),
    [
        ({"type": "string", "maxLength": 3}, {"maxLength": 9}, {"type": "string", "maxLength": 9}),
        ({"type": "string"}, {"type": ["string", "null"]}, {"type": ["string", "null"]}),
        ({"type": "string", "enum": ["a"]}, {"x-cn": {"enum": ["b"]}}, {"type": "string", "enum": ["b"]}),
        ({"type": "string", "x-cn": {"enum": ["b"]}}, {"enum": ["a"]}, {"type": "string", "enum": ["b"]}),
        ({"type": "string", "x-cn": {"minLength": 1}}, {"x-cn": {"maxLength": 9}}, {"type": "string", "maxLength": 9}),
    ],
)
def test_a_reference_is_written_out_where_its_siblings_win(
    tmp_path: Path, target: Document, siblings: Document, cn: Document
) -> None:
    schema = {"$ref": "../../components/odd.json#/oddity", **siblings}
    assert body_of_overlay(tmp_path, schema, "cn", oddity=target) == cn


def test_a_reference_behind_a_reference_is_looked_at_by_itself(tmp_path: Path) -> None:
    schema = {"$ref": "../../components/odd.json#/outer", "maxLength": 9}
    shown = body_of_overlay(
        tmp_path, schema, None, outer={"$ref": "odd.json#/inner", "maxLength": 3}, inner={"type": "string"}
    )
    assert shown == {"$ref": "#/components/schemas/odd.inner", "maxLength": 9}


@pytest.mark.parametrize(("site", "fields"), [("cn", ["both"]), ("intl", ["abroad", "both"])])
def test_a_field_of_the_other_site_is_gone_even_behind_a_reference(
    tmp_path: Path, site: str, fields: list[str]
) -> None:
    schema = {
        "type": "object",
        "required": ["abroad", "both"],
        "properties": {"abroad": {"$ref": "../../components/odd.json#/oddity"}, "both": {"type": "string"}},
    }
    shown = body_of_overlay(tmp_path, schema, site, oddity={"type": "string", "x-site": ["intl"]})
    assert sorted(shown["properties"]) == shown["required"] == fields
