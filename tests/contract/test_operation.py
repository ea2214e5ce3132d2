"""An operation as its document describes it, and the view of it that each site has."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.operation import ErrorRow, SiteView
from tests.contract.made_up import operation

ROWS = [
    {"status": 400, "code": "CBC.1", "when": "one"},
    {"status": 200, "code": "CBC.1", "when": "one of several", "in": "error_details"},
    {"status": 403, "code": "CBC.2", "when": "here only", "site": ["cn"], "cause": "caller"},
    {"status": 400, "code": "CBC.3", "when": "both", "cause": ["parameter", "internal"], "certainty": "assumed"},
]


@pytest.fixture
def here() -> SiteView:
    return operation(x_errors=ROWS).on("cn")


def test_a_row_is_found_by_its_code(here: SiteView) -> None:
    assert here.row("CBC.1") == ErrorRow(400, "CBC.1", "one")
    assert here.row("CBC.9") is None
    assert here.row("CBC.1", status=500) is None


def test_a_row_of_a_partial_failure_is_found_in_its_list_only(here: SiteView) -> None:
    row = here.row("CBC.1", inside="error_details")
    assert row is not None and row.when == "one of several"
    assert here.row("CBC.3", inside="error_details") is None


def test_a_row_of_one_site_is_no_row_of_the_other(here: SiteView) -> None:
    assert here.row("CBC.2") is not None
    assert here.operation.on("intl").row("CBC.2") is None


@pytest.mark.parametrize(
    ("site", "cause", "answer"),
    [
        ("cn", "caller", (403, "CBC.2")),
        ("cn", "parameter", (400, "CBC.3")),
        ("cn", "internal", (400, "CBC.3")),
        ("cn", "permission", (403, "CBC.0151")),
        ("intl", "caller", (403, "CBC.0151")),
    ],
)
def test_a_cause_answers_its_own_row_or_the_section_wide_code(
    here: SiteView, site: str, cause: str, answer: tuple[int, str]
) -> None:
    row = here.operation.on(site).row_for(cause)
    assert row is not None and (row.status, row.code) == answer


def test_a_cause_for_which_the_gateway_has_a_form_of_its_own_has_no_row(here: SiteView) -> None:
    assert here.row_for("token") is None


def test_a_section_wide_code_that_the_table_lists_is_the_row_of_the_table() -> None:
    row: dict[str, Any] = {"status": 403, "code": "CBC.0151", "when": "restricted"}
    assert operation(x_errors=[row]).on("cn").row_for("permission") == ErrorRow(403, "CBC.0151", row["when"])


def test_the_codes_of_an_operation_are_those_of_both_sites_without_partial_failures(here: SiteView) -> None:
    assert here.operation.codes == {(400, "CBC.1"), (403, "CBC.2"), (400, "CBC.3")}


def test_what_is_not_documented_is_the_standing_default() -> None:
    quiet = operation(x_permission_items=None, x_iam_actions=None)
    assert (quiet.permission_items, quiet.iam_actions) == (frozenset(), frozenset())
    assert quiet.rate_limit == {"calls": 10, "seconds": 1}


def test_a_view_is_made_once() -> None:
    one = operation()
    assert one.on("cn") is one.on("cn") is not one.on("intl")


# What a site has


def fields(schema: dict[str, Any], site: str) -> dict[str, Any]:
    body = operation(requestBody=schema).on(site).body_schema
    assert body is not None
    return body


def test_a_field_of_the_other_site_is_gone_from_what_is_required_too() -> None:
    schema = {"type": "object", "required": ["a", "b"], "properties": {"a": {}, "b": {"x-site": ["intl"]}}}
    assert fields(schema, "cn") == {"type": "object", "required": ["a"], "properties": {"a": {}}}
    assert fields(schema, "intl")["required"] == ["a", "b"]


def test_the_keywords_of_a_site_stand_in_for_the_common_ones_at_any_depth() -> None:
    limit = {"maximum": 10, "x-cn": {"maximum": 100}, "x-intl": {"minimum": 1}}
    schema = {"properties": {"rows": {"items": {"properties": {"limit": limit}}}}}
    here = fields(schema, "cn")["properties"]["rows"]["items"]["properties"]["limit"]
    there = fields(schema, "intl")["properties"]["rows"]["items"]["properties"]["limit"]
    assert (here, there) == ({"maximum": 100}, {"maximum": 10, "minimum": 1})


def test_a_parameter_of_the_other_site_is_an_unknown_name() -> None:
    one = {"name": "it", "in": "query", "required": True, "x-site": ["intl"], "schema": {"type": "string"}}
    views = operation(parameters=[one])
    assert views.on("cn").read({"query": {"it": ["x"]}}, None).unknown == ("it",)
    assert [str(found) for found in views.on("intl").read({}, None).violations] == ["it: required"]
