"""Every operation document: its form, its references, its schemas, its examples, its codes."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from mockserver.contract.documents import SITES, Document, exists_on
from mockserver.contract.operation import SiteView
from mockserver.contract.validation import Checker, compile_schema
from mockserver.contract.writing import json_bytes
from mockserver.domain.entities import PARTNER_KINDS
from tests.contract.loaded import (
    CONTRACT,
    FILES,
    ROOT,
    SCHEMAS,
    VIEWS,
    decode,
    every_file,
    every_view,
    exact,
    load,
    name_of,
    schemas_of,
    subschemas,
)

FORM = load(SCHEMAS / "operation.schema.json")
OPERATION_FORM = jsonschema_rs.Draft202012Validator(FORM)
ANNOTATIONS = {"description", "examples", "default", "$ref"}
ASSERTIONS = {
    "type", "enum", "const", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum", "multipleOf", "properties", "required", "minProperties", "maxProperties", "dependentRequired",
    "additionalProperties", "items", "minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains",
    "allOf", "anyOf", "oneOf", "not", "if", "then", "else",
}  # fmt: skip
KEYWORDS = {*ANNOTATIONS, *ASSERTIONS, *FORM["$defs"]["schema"]["properties"]}
"""What a schema may say. Anything else is a misspelling, which JSON Schema would pass over in silence."""


def served() -> list[SiteView]:
    return [view for view in VIEWS if view.operation.status != "removed"]


def raw_schemas(document: Document) -> list[Any]:
    """The schemas of a document as they are written."""
    parameters = [one["schema"] for one in document.get("parameters", ())]
    return [*parameters, document.get("requestBody"), *document["responses"].values()]


def site_schemas() -> list[Any]:
    return [
        pytest.param(schema, id=f"{name_of(view)}-{part}")
        for view in VIEWS
        for part, schema in schemas_of(view).items()
    ]


every_schema = pytest.mark.parametrize("schema", site_schemas())


def examples(part: str) -> list[Any]:
    """Every example that has `part`, on each site that it is of."""
    return [
        pytest.param(view, example, id=f"{name_of(view)}-{example['name']}")
        for view in VIEWS
        for example in view.document.get("x-examples", ())
        if part in example and exists_on(example, view.site)
    ]


# The form of the files


@every_file
def test_a_document_has_the_form_of_operation_schema(file: Path) -> None:
    assert [str(error) for error in OPERATION_FORM.iter_errors(load(file))] == []


@every_file
def test_a_document_is_named_after_its_operation(file: Path) -> None:
    operation = CONTRACT.operations[file.stem]
    assert (operation.document["operationId"], operation.area) == (file.stem, file.parent.name)


def test_no_operation_is_documented_twice() -> None:
    assert len({file.stem for file in FILES}) == len(FILES) == len(CONTRACT)


@every_file
def test_a_schema_says_only_known_words(file: Path) -> None:
    for schema in raw_schemas(load(file)):
        for pointer, part in subschemas(schema):
            assert not part.keys() - KEYWORDS, pointer


def test_components_say_only_known_words() -> None:
    for name, file in CONTRACT.components:
        for definition, schema in file.items():
            for pointer, part in subschemas(schema):
                assert not part.keys() - KEYWORDS, f"{name}#/{definition}{pointer}"


def references(value: Any) -> set[str]:
    """Every reference below `value`, as file#/definition."""
    if isinstance(value, list):
        return set().union(*map(references, value))
    if not isinstance(value, dict):
        return set()
    own = {value["$ref"].rpartition("/components/")[2]} if isinstance(value.get("$ref"), str) else set()
    return own.union(*map(references, value.values()))


def test_every_reference_resolves_and_every_component_is_used() -> None:
    used = references([operation.document for operation in CONTRACT] + [file for _, file in CONTRACT.components])
    assert used == {f"{name}#/{definition}" for name, file in CONTRACT.components for definition in file}


def test_all_contract_and_fixture_files_are_in_canonical_form() -> None:
    command = [sys.executable, str(ROOT / "tools" / "format_schemas.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.returncode, done.stderr) == (0, "")


# The table of codes


def test_the_codes_have_the_form_of_errors_schema() -> None:
    form = jsonschema_rs.Draft202012Validator(load(SCHEMAS / "errors.schema.json"))
    assert [str(error) for error in form.iter_errors(load(SCHEMAS / "errors.json"))] == []


def test_both_languages_of_a_message_have_the_same_variable_parts() -> None:
    for code, entry in CONTRACT.codes.items():
        assert sorted(re.findall(r"{\w+}", entry["en"])) == sorted(re.findall(r"{\w+}", entry["zh"])), code


@every_file
def test_every_code_is_known_with_its_status(file: Path) -> None:
    for row in load(file)["x-errors"]:
        assert row["status"] in CONTRACT.codes[row["code"]]["statuses"], row


@every_view
def test_rows_of_errors_are_unique_and_each_cause_has_one(view: SiteView) -> None:
    rows = Counter((row.status, row.code, row.inside) for row in view.errors)
    causes = Counter(cause for row in view.errors for cause in row.causes)
    assert not {entry: times for entry, times in (rows | causes).items() if times > 1}


@every_view
def test_a_partial_failure_is_in_a_list_of_the_answer(view: SiteView) -> None:
    fields = (view.response_schema or {}).get("properties", {})
    assert {row.inside for row in view.errors if row.inside} <= {
        name for name, part in fields.items() if part.get("type") == "array"
    }


@every_view
def test_a_code_of_a_field_is_a_code_of_the_operation(view: SiteView) -> None:
    codes = {
        part["x-code"] for schema in schemas_of(view).values() for _, part in subschemas(schema) if "x-code" in part
    }
    assert codes <= {row.code for row in view.errors}


# The call


@pytest.mark.parametrize("site", SITES)
def test_no_two_operations_answer_the_same_call(site: str) -> None:
    calls = Counter(
        (view.operation.method, re.sub(r"{\w+}", "{}", view.operation.path)) for view in served() if view.site == site
    )
    assert not [call for call, times in calls.items() if times > 1]


@every_view
def test_the_path_has_its_parameters_and_names_are_unique(view: SiteView) -> None:
    in_path = {one["name"] for one in view.parameters if one["in"] == "path" and one.get("required")}
    assert in_path == set(re.findall(r"{(\w+)}", view.operation.path))
    assert len({one["name"] for one in view.parameters}) == len(view.parameters)


@every_file
def test_permission_items_are_for_partners_and_iam_actions_for_customers(file: Path) -> None:
    operation = CONTRACT.operations[file.stem]
    assert not operation.permission_items or operation.callers & set(PARTNER_KINDS)
    assert not operation.iam_actions or "customer" in operation.callers


@every_file
def test_successors_are_operations(file: Path) -> None:
    assert set(load(file).get("x-successor", ())) <= CONTRACT.operations.keys()


# The schemas


@every_schema
def test_a_schema_is_valid_2020_12(schema: Document) -> None:
    Draft202012Validator.check_schema(schema)
    compile_schema(schema)


@every_schema
def test_required_fields_are_fields(schema: Document) -> None:
    for pointer, part in subschemas(schema):
        if "properties" in part and not re.search("/(if|then|else|not|contains|allOf)", pointer):
            assert set(part.get("required", ())) <= part["properties"].keys(), pointer


@every_schema
def test_defaults_fit_and_only_optional_fields_have_one(schema: Document) -> None:
    for pointer, part in subschemas(schema):
        if "default" in part:
            assert Checker(part).violations(part["default"]) == [], pointer
        for name in part.get("required", ()):
            assert "default" not in part.get("properties", {}).get(name, {}), f"{pointer}/{name}"


@every_schema
def test_examples_of_a_schema_fit(schema: Document) -> None:
    for pointer, part in subschemas(schema):
        for example in part.get("examples", ()):
            assert Checker(part).violations(example) == [], pointer


@every_schema
def test_values_of_an_enum_have_meanings(schema: Document) -> None:
    for pointer, part in subschemas(schema):
        closed = {str(value) for value in part.get("enum", ()) if value is not None}
        if "x-meanings" in part:
            assert closed <= part["x-meanings"].keys(), pointer
        elif part.get("type") == "integer":
            assert not closed, f"{pointer}: numbers need words"


# The examples


def test_every_operation_that_says_anything_has_an_example() -> None:
    speaking = {view.operation for view in VIEWS if view.parameters or view.body_schema or view.response_schema}
    assert [operation for operation in speaking if not operation.document.get("x-examples")] == []


def texts(value: Any) -> list[str]:
    """A parameter's value as the wire has it."""
    values = value if isinstance(value, list) else [value]
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in values]


@pytest.mark.parametrize(("view", "example"), [*examples("parameters"), *examples("request")])
def test_a_request_of_an_example_is_read_without_a_word(view: SiteView, example: Document) -> None:
    sent: dict[str, dict[str, list[str]]] = {"path": {}, "query": {}, "header": {}}
    places = {one["name"]: one["in"] for one in view.parameters}
    for name, value in example.get("parameters", {}).items():
        place = places[name]
        sent[place][name.lower() if place == "header" else name] = texts(value)
    reading = view.read(sent, exact(example.get("request", {})))
    assert (reading.violations, reading.unknown) == ((), ())


@pytest.mark.parametrize(("view", "example"), examples("response"))
def test_an_answer_of_an_example_is_written_as_it_is(view: SiteView, example: Document) -> None:
    answer = example["response"]
    if answer is None:
        assert view.write is None
        return
    assert view.write is not None and view.answer_checker is not None
    written = decode(json_bytes(view.write(exact(answer))))
    assert written == exact(answer)
    assert view.answer_checker.violations(written) == []
