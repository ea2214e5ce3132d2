"""What the service sees of what was sent: nullish rules, conversions, defaults, unknown names."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from mockserver.contract.documents import Document
from mockserver.contract.operation import Reading
from tests.contract.made_up import operation, taking, with_field, with_parameter

NULLISH_IN_BODY: dict[str, tuple[Any, Any, Any]] = {
    "null": (None, ["string", "null"], "x"),
    "empty_string": ("", "string", "x"),
    "empty": ([], "array", ["x"]),
    "empty-object": ({}, "object", {"x": 1}),
}
"""Values of a body that say nothing, each with a type that takes it and a default of that type."""

NULLISH_IN_TEXT = {"null": "null", "empty": "", "empty_string": '""'}

in_body = pytest.mark.parametrize("kind", NULLISH_IN_BODY)
in_text = pytest.mark.parametrize("kind", NULLISH_IN_TEXT)
every_place = pytest.mark.parametrize("place", ["path", "query", "header"])


def read_field(schema: Document, sent: Any, required: bool = False) -> Reading:
    return with_field(schema, required).read({}, {"it": sent})


def read_text(schema: Document, *texts: str, place: str = "query", required: bool = False) -> Reading:
    return with_parameter(schema, place, required).read({place: {"it": list(texts)}}, None)


def outcome(reading: Reading) -> tuple[dict[str, Any], list[str]]:
    return {**reading.parameters, **reading.body}, [str(violation) for violation in reading.violations]


def nullish_field(kind: str, rule: str | None) -> tuple[Document, Any]:
    """A field with a rule for `kind`, or with nothing said, and the value of that kind."""
    value, type_, _ = NULLISH_IN_BODY[kind]
    return {"type": type_, **({"x-nullish": {kind.partition("-")[0]: rule}} if rule else {})}, value


def with_default(kind: str, rule: str) -> tuple[Document, Any]:
    schema, value = nullish_field(kind, rule)
    return {**schema, "default": NULLISH_IN_BODY[kind][2]}, value


# A rule that is said


@in_body
def test_absent_in_a_body_leaves_the_field_out(kind: str) -> None:
    assert outcome(read_field(*nullish_field(kind, "absent"))) == ({}, [])


@in_body
def test_absent_in_a_body_gives_way_to_the_default(kind: str) -> None:
    assert outcome(read_field(*with_default(kind, "absent"))) == ({"it": NULLISH_IN_BODY[kind][2]}, [])


@in_body
def test_absent_in_a_body_counts_as_missing_where_the_field_is_required(kind: str) -> None:
    assert outcome(read_field(*nullish_field(kind, "absent"), required=True)) == ({}, ["it: required"])


@in_body
def test_keep_in_a_body_takes_the_value_as_it_is(kind: str) -> None:
    schema, value = with_default(kind, "keep")
    assert outcome(read_field(schema, value)) == ({"it": value}, [])


@in_body
@pytest.mark.parametrize("required", [True, False])
def test_refuse_in_a_body_is_one_violation(kind: str, required: bool) -> None:
    assert outcome(read_field(*nullish_field(kind, "refuse"), required)) == ({}, ["it: x-nullish"])


@in_body
def test_refuse_in_a_body_does_not_fall_back_on_the_default(kind: str) -> None:
    assert outcome(read_field(*with_default(kind, "refuse"))) == ({}, ["it: x-nullish"])


@in_text
@every_place
def test_absent_in_a_text_leaves_the_parameter_out(kind: str, place: str) -> None:
    schema = {"type": "string", "x-nullish": {kind: "absent"}}
    assert outcome(read_text(schema, NULLISH_IN_TEXT[kind], place=place)) == ({}, [])


@in_text
@every_place
def test_absent_in_a_text_gives_way_to_the_default(kind: str, place: str) -> None:
    schema = {"type": "string", "default": "x", "x-nullish": {kind: "absent"}}
    assert outcome(read_text(schema, NULLISH_IN_TEXT[kind], place=place)) == ({"it": "x"}, [])


@in_text
@every_place
def test_keep_in_a_text_takes_it_as_it_is(kind: str, place: str) -> None:
    schema = {"type": "string", "default": "x", "x-nullish": {kind: "keep"}}
    assert outcome(read_text(schema, NULLISH_IN_TEXT[kind], place=place)) == ({"it": NULLISH_IN_TEXT[kind]}, [])


@in_text
@every_place
@pytest.mark.parametrize("required", [True, False])
def test_refuse_in_a_text_is_one_violation(kind: str, place: str, required: bool) -> None:
    schema = {"type": "string", "default": "x", "x-nullish": {kind: "refuse"}}
    reading = read_text(schema, NULLISH_IN_TEXT[kind], place=place, required=required)
    assert outcome(reading) == ({}, ["it: x-nullish"])


# Nothing said


def test_unsaid_null_in_a_body_is_absent_for_an_optional_field() -> None:
    assert outcome(read_field({"type": "string", "default": "x"}, None)) == ({"it": "x"}, [])


def test_unsaid_null_in_a_body_is_refused_for_a_required_field() -> None:
    assert outcome(read_field({"type": "string"}, None, required=True)) == ({}, ["it: x-nullish"])


@pytest.mark.parametrize("kind", ["empty_string", "empty", "empty-object"])
@pytest.mark.parametrize("required", [True, False])
def test_unsaid_empty_in_a_body_is_kept(kind: str, required: bool) -> None:
    schema, value = nullish_field(kind, None)
    assert outcome(read_field(schema, value, required)) == ({"it": value}, [])


def test_unsaid_empty_in_a_text_is_absent_for_an_optional_parameter() -> None:
    assert outcome(read_text({"type": "integer", "default": 10}, "")) == ({"it": 10}, [])


def test_unsaid_empty_in_a_text_is_refused_for_a_required_parameter() -> None:
    assert outcome(read_text({"type": "string"}, "", required=True)) == ({}, ["it: x-nullish"])


@pytest.mark.parametrize("text", ['""', "null"])
@pytest.mark.parametrize("required", [True, False])
def test_the_unsaid_rest_in_a_text_is_kept(text: str, required: bool) -> None:
    assert outcome(read_text({"type": "string"}, text, required=required)) == ({"it": text}, [])


def test_what_is_kept_is_validated() -> None:
    assert outcome(read_field({"type": "string", "minLength": 1}, ""))[1] == ["it: minLength"]
    assert outcome(read_text({"type": "integer"}, "null"))[1] == ["it: type"]


def test_a_field_that_is_not_sent_takes_its_default() -> None:
    assert with_field({"type": "integer", "default": 0}).read({}, {}).body == {"it": 0}
    assert with_parameter({"type": "integer", "default": 0}).read({}, None).parameters == {"it": 0}


# Conversions


@pytest.mark.parametrize(("text", "value"), [("12", 12), ("-3", -3), ("+5", 5), ("007", 7)])
def test_a_numeric_string_is_an_integer(text: str, value: int) -> None:
    assert outcome(read_field({"type": "integer"}, text)) == ({"it": value}, [])
    assert outcome(read_text({"type": "integer"}, text)) == ({"it": value}, [])


@pytest.mark.parametrize("text", ["1.0", " 1", "1 ", "1\n", "1e2", "0x1", "٣", "9" * 19, "one"])
def test_another_string_is_no_integer(text: str) -> None:
    assert outcome(read_field({"type": "integer"}, text))[1] == ["it: type"]


def test_a_whole_fraction_is_an_integer() -> None:
    seen = read_field({"type": "integer"}, Decimal("3.0")).body["it"]
    assert (seen, type(seen)) == (3, int)
    assert outcome(read_field({"type": "integer"}, Decimal("3.5")))[1] == ["it: type"]


@pytest.mark.parametrize("sent", ["12.50", Decimal("12.50")])
def test_an_amount_keeps_its_digits(sent: Any) -> None:
    assert str(read_field({"type": "number"}, sent).body["it"]) == "12.50"


@pytest.mark.parametrize("sent", [7, "7"])
def test_an_amount_is_a_decimal_however_it_is_sent(sent: Any) -> None:
    assert isinstance(read_field({"type": "number"}, sent).body["it"], Decimal)


@pytest.mark.parametrize("text", ["1e5", "NaN", "Infinity", ".5", "5.", "1,000", "1_000", "1.5\n"])
def test_another_string_is_no_amount(text: str) -> None:
    assert outcome(read_field({"type": "number"}, text))[1] == ["it: type"]


@pytest.mark.parametrize(("text", "value"), [("true", True), ("FALSE", False), ("True", True)])
def test_a_boolean_may_come_as_text_in_any_case(text: str, value: bool) -> None:
    assert outcome(read_text({"type": "boolean"}, text)) == ({"it": value}, [])


def test_a_boolean_is_no_number_and_a_number_no_boolean() -> None:
    assert outcome(read_field({"type": "integer"}, True))[1] == ["it: type"]
    assert outcome(read_field({"type": "number"}, True))[1] == ["it: type"]
    assert outcome(read_text({"type": "boolean"}, "1"))[1] == ["it: type"]


def test_a_string_stays_as_it_is() -> None:
    assert outcome(read_field({"type": "string"}, " 12 ")) == ({"it": " 12 "}, [])
    assert outcome(read_field({"type": "string"}, 12))[1] == ["it: type"]


def test_fields_of_nested_and_of_nullable_objects_are_read_too() -> None:
    row = {"type": "object", "properties": {"n": {"type": "integer", "default": 1}, "a": {"type": "number"}}}
    listed = {"type": "array", "items": row}
    assert read_field(listed, [{"n": "2"}, {"a": 3}]).body["it"] == [{"n": 2}, {"n": 1, "a": Decimal(3)}]
    assert read_field({**row, "type": ["object", "null"]}, {"n": "2"}).body["it"] == {"n": 2}


def test_a_repeated_parameter_is_a_list() -> None:
    schema = {"type": "array", "items": {"type": "integer"}}
    assert outcome(read_text(schema, "1", "2")) == ({"it": [1, 2]}, [])
    assert outcome(read_text(schema, "1")) == ({"it": [1]}, [])
    assert read_text(schema, "", "1").parameters == {"it": ["", 1]}


def test_an_empty_text_that_is_kept_is_a_list_without_entries() -> None:
    schema = {"type": "array", "items": {"type": "string"}, "x-nullish": {"empty": "keep"}}
    assert outcome(read_text(schema, "")) == ({"it": []}, [])


def test_of_a_single_parameter_sent_twice_the_first_counts() -> None:
    assert outcome(read_text({"type": "integer"}, "1", "2")) == ({"it": 1}, [])


def test_a_header_has_no_case() -> None:
    view = operation(parameters=[{"name": "X-Language", "in": "header", "schema": {"type": "string"}}]).on("cn")
    assert view.read({"header": {"x-language": ["zh_cn"], "host": ["h"]}}, None).parameters == {"X-Language": "zh_cn"}


# What is not in the contract, and what is wrong


def test_unknown_names_are_reported_with_their_path_and_refuse_nothing() -> None:
    row = {"type": "object", "properties": {"n": {"type": "integer"}}}
    view = taking({"type": "object", "properties": {"rows": {"type": "array", "items": row}}})
    reading = view.read({"query": {"page": ["1"]}}, {"rows": [{"n": 1}, {"m": 1}], "memo": ""})
    assert (reading.unknown, reading.violations) == (("page", "rows.1.m", "memo"), ())


def test_headers_of_any_call_are_not_unknown_names() -> None:
    assert with_parameter({"type": "string"}, "header").read({"header": {"host": ["h"]}}, None).unknown == ()


def test_a_refused_value_is_one_violation_wherever_it_is_asked_for() -> None:
    asked = {"type": "string", "x-nullish": {"empty_string": "refuse"}}
    row = {
        "type": "object",
        "required": ["a"],
        "properties": {"a": asked, "b": asked, "c": asked},
        "dependentRequired": {"c": ["b"]},
        "allOf": [{"if": {"required": ["c"]}, "then": {"required": ["b"]}}],
    }
    view = taking({"type": "object", "properties": {"rows": {"type": "array", "items": row}}})
    reading = view.read({}, {"rows": [{"a": "", "b": "", "c": "c"}]})
    assert [str(one) for one in reading.violations] == ["rows.0.a: x-nullish", "rows.0.b: x-nullish"]


def test_violations_come_in_the_order_of_the_document() -> None:
    fields = {name: {"type": "integer", "maximum": 9} for name in ("d", "b", "c", "a")}
    view = taking({"required": ["a", "d"], "type": "object", "properties": fields})
    assert [one.field for one in view.read({}, {"c": "x", "b": 10}).violations] == ["d", "b", "c", "a"]


def test_what_a_nullish_rule_refuses_comes_before_everything_else() -> None:
    view = taking({"type": "object", "required": ["b"], "properties": {"a": {"type": "integer"}, "b": {}}})
    assert [one.field for one in view.read({}, {"a": "x", "b": None}).violations] == ["b", "a"]


def test_parameters_are_judged_before_the_body() -> None:
    view = operation(
        parameters=[{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
        requestBody={"type": "object", "required": ["it"]},
    ).on("cn")
    reading = view.read({"query": {"limit": ["x"]}}, {})
    assert [str(one) for one in reading.violations] == ["limit: type", "it: required"]


@pytest.mark.parametrize("sent", [None, "text", 7, [], [{"it": 1}]])
def test_a_body_that_is_no_object_is_one_violation_and_says_nothing(sent: Any) -> None:
    reading = with_field({"type": "integer"}).read({}, sent)
    assert outcome(reading) == ({}, ["body: type"])


def test_a_violation_knows_the_code_of_its_field_or_of_what_holds_it() -> None:
    row = {"type": "object", "required": ["m"], "properties": {"n": {"type": "integer", "x-code": "CBC.2"}}}
    view = taking({"type": "object", "properties": {"row": {**row, "x-code": "CBC.1"}, "it": {"type": "integer"}}})
    reading = view.read({}, {"row": {"n": "x"}, "it": "x"})
    assert {one.field: one.code for one in reading.violations} == {"row.n": "CBC.2", "row.m": "CBC.1", "it": None}


def test_a_value_refused_by_its_nullish_rule_has_the_code_of_its_field() -> None:
    schema = {"type": "string", "x-code": "CBC.3", "x-nullish": {"empty_string": "refuse"}}
    assert read_field(schema, "").violations[0].code == "CBC.3"
