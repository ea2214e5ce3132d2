"""From a service's plain data to the bytes on the wire."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from mockserver.contract.documents import ContractError, Document
from mockserver.contract.writing import json_bytes, writer
from tests.contract.made_up import operation


def written(schema: Document, value: Any) -> str:
    return json_bytes(writer(schema)(value)).decode()


def object_of(**fields: Document) -> Document:
    return {"type": "object", "properties": fields}


NUMBER, STRING, ANY = {"type": "number"}, {"type": "string"}, {"type": ["string", "null"]}


def test_fields_go_out_in_the_order_of_the_document() -> None:
    assert written(object_of(b=STRING, a=STRING), {"a": "1", "b": "2"}) == '{"b":"2","a":"1"}'


@pytest.mark.parametrize(
    ("decimals", "amount", "text"),
    [(2, "1", "1.00"), (2, "0", "0.00"), (0, "12", "12"), (8, "0", "0.00000000"), (8, "1E-8", "0.00000001")],
)
def test_an_amount_has_its_documented_decimals(decimals: int, amount: str, text: str) -> None:
    assert written({**NUMBER, "x-decimals": decimals}, Decimal(amount)) == text
    assert written({**STRING, "x-decimals": decimals}, Decimal(amount)) == f'"{text}"'


@pytest.mark.parametrize(("amount", "text"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("0.0049", "0.00")])
def test_an_amount_is_rounded_half_up(amount: str, text: str) -> None:
    assert written({**NUMBER, "x-decimals": 2}, Decimal(amount)) == text


@pytest.mark.parametrize(
    ("amount", "text"), [("1.10", "1.10"), ("0.00000000", "0.00000000"), ("1E+3", "1000"), ("1E-9", "0.000000001")]
)
def test_an_amount_without_documented_decimals_keeps_its_digits_and_has_no_exponent(amount: str, text: str) -> None:
    assert written(NUMBER, Decimal(amount)) == text
    assert written(STRING, Decimal(amount)) == f'"{text}"'


def test_an_amount_that_may_be_null_is_a_number_or_a_string_all_the_same() -> None:
    assert written({"type": ["number", "null"], "x-decimals": 2}, Decimal(5)) == "5.00"
    assert written({"type": ["string", "null"], "x-decimals": 2}, Decimal(5)) == '"5.00"'


@pytest.mark.parametrize("moment", ["2026-03-01T16:30:00+00:00", "2026-03-02T00:30:00+08:00"])
def test_an_instant_goes_out_in_utc(moment: str) -> None:
    assert written(STRING, datetime.fromisoformat(moment)) == '"2026-03-01T16:30:00Z"'


def test_an_instant_goes_out_in_whole_seconds() -> None:
    assert written(STRING, datetime(2026, 3, 1, microsecond=999_999, tzinfo=UTC)) == '"2026-03-01T00:00:00Z"'
    assert written(STRING, datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=-5)))) == '"2026-03-01T05:00:00Z"'


def test_a_day_goes_out_as_a_day() -> None:
    assert written(STRING, date(2026, 3, 1)) == '"2026-03-01"'


@pytest.mark.parametrize(("value", "text"), [("文", '"文"'), (7, "7"), (True, "true"), (0, "0"), ("", '""')])
def test_other_values_go_out_as_they_are(value: Any, text: str) -> None:
    assert written({"type": ["string", "integer", "boolean"]}, value) == text


def test_none_is_absent() -> None:
    assert written(object_of(a=STRING, b=STRING), {"a": None}) == "{}"


def test_none_is_null_where_the_schema_allows_null() -> None:
    assert written(object_of(a=ANY, b=ANY), {"a": None}) == '{"a":null}'


def test_what_is_false_or_empty_is_not_absent() -> None:
    schema = object_of(a={"type": "boolean"}, b={"type": "integer"}, c=STRING, d={"type": "array", "items": STRING})
    assert written(schema, {"a": False, "b": 0, "c": "", "d": []}) == '{"a":false,"b":0,"c":"","d":[]}'


def test_rows_are_written_one_by_one() -> None:
    rows = {"type": "array", "items": object_of(amount={**NUMBER, "x-decimals": 2}, at=STRING)}
    answer = [{"at": date(2026, 3, 1), "amount": Decimal(1)}, {}]
    assert written(rows, answer) == '[{"amount":1.00,"at":"2026-03-01"},{}]'


def test_an_object_without_documented_fields_goes_out_as_it_is() -> None:
    assert written(object_of(tree={"type": "object"}), {"tree": {"b": 1, "a": []}}) == '{"tree":{"b":1,"a":[]}}'


def test_an_undocumented_field_is_a_mistake_of_the_service() -> None:
    schema = object_of(rows={"type": "array", "items": object_of(id=STRING)})
    with pytest.raises(ContractError, match=r"^answer\.rows has no field memo, name$"):
        written(schema, {"rows": [{"id": "1", "name": "x", "memo": None}]})


def test_the_mistake_names_the_operation() -> None:
    view = operation(operationId="ShowThing", responses={"200": object_of(id=STRING)}).on("cn")
    assert view.write is not None
    with pytest.raises(ContractError, match=r"^ShowThing has no field name$"):
        view.write({"name": "x"})


def test_an_operation_without_an_answer_writes_none() -> None:
    view = operation(responses={"204": None}).on("cn")
    assert (view.success_status, view.write) == (204, None)


def test_a_field_of_one_site_is_undocumented_on_the_other() -> None:
    answers = operation(responses={"200": object_of(id=STRING, quota={**STRING, "x-site": ["cn"]})})
    here, there = answers.on("cn").write, answers.on("intl").write
    assert here is not None and there is not None
    assert here({"quota": "1"}) == {"quota": "1"}
    with pytest.raises(ContractError, match="quota"):
        there({"quota": "1"})


def test_the_keywords_of_a_site_replace_the_common_ones() -> None:
    amount = {**NUMBER, "x-decimals": 2, "x-intl": {"x-decimals": 8}}
    answers = operation(responses={"200": object_of(amount=amount)})
    here, there = answers.on("cn").write, answers.on("intl").write
    assert here is not None and there is not None
    assert json_bytes([here({"amount": Decimal(1)}), there({"amount": Decimal(1)})]) == (
        b'[{"amount":1.00},{"amount":1.00000000}]'
    )


def test_a_whole_number_is_a_text_where_the_document_has_one() -> None:
    assert writer({"type": "string"})(2) == "2"
    assert writer({"type": ["string", "integer"]})(2) == 2
