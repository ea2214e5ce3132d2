"""Nothing secret, personal or of one world only goes into a cassette."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.cassettes.fields import fields, things
from contracts.cassettes.masking import Masking, form_of
from mockserver.contract.registry import Contract

CUSTOMER = "f74d0a2495caed7630d21121b44c97ef"


def test_an_id_is_a_reference_wherever_it_stands() -> None:
    masking = Masking()
    answer = {"customer_infos": [{"customer_id": CUSTOMER}], "error_msg": f"customer {CUSTOMER}."}
    assert masking.answered(answer) == {
        "customer_infos": [{"customer_id": {"$ref": "customer#1"}}],
        "error_msg": "customer <customer#1>.",
    }
    assert masking.sent({"domain_id": CUSTOMER, "note": CUSTOMER}) == {
        "domain_id": {"$ref": "customer#1"},
        "note": {"$ref": "customer#1"},
    }


def test_an_id_that_no_answer_named_yet_tells_its_form() -> None:
    assert Masking().sent({"order_id": "CS1908-aB"}) == {"order_id": {"$ref": "order#1", "like": "AA9999-aA"}}


@pytest.mark.parametrize("value", ["1", "0", 17, None, "", True])
def test_constants_and_numbers_of_the_client_are_no_ids(value: Any) -> None:
    assert Masking().sent({"id": value, "enterprise_project_id": value}) == {
        "id": value,
        "enterprise_project_id": value,
    }


@pytest.mark.parametrize(
    ("data", "schema"),
    [
        ({"password": "Secret#2024"}, {}),
        ({"anything": "Secret#2024"}, {"properties": {"anything": {"x-sensitive": True}}}),
        ({"account_name": "Secret#2024"}, {}),
        ({"rows": [{"inner": ["Secret#2024"]}]}, {"properties": {"rows": {"x-sensitive": True}}}),
        ({"password": {"deep": ["Secret#2024"]}}, {}),
    ],
)
def test_secret_and_personal_values_are_masked(data: Any, schema: Any) -> None:
    shown = str(Masking().answered(data, schema))
    assert "Secret" not in shown and "$masked" in shown


def test_equal_values_have_equal_labels() -> None:
    masking = Masking()
    first, again, other = (masking.sent({"password": text}) for text in ("Ceshi#1234", "Ceshi#1234", "Ceshi#9999"))
    assert first == again == {"password": {"$masked": "password#1"}}
    assert other == {"password": {"$masked": "password#2"}}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("13912345678", {"$masked": "mobile#1"}),
        ("0086-13912345678", {"$masked": "mobile_with_country#1"}),
        ("ann@example.org", {"$masked": "email#1"}),
        ("call 13912345678 or ann@example.org", "call <mobile#1> or <email#1>"),
        ("139123456789", "139123456789"),
    ],
)
def test_data_of_people_is_found_in_any_text(text: str, shown: Any) -> None:
    assert Masking().answered({"remark": text}) == {"remark": shown}


def test_a_masked_value_is_masked_in_other_fields_too() -> None:
    masking = Masking()
    masking.sent({"domain_name": "Ann Smith"})
    assert masking.answered({"error_msg": "Ann Smith is taken"}) == {"error_msg": "<domain_name#1> is taken"}
    assert masking.answered({"title": "Ann Smith"}) == {"title": {"$masked": "domain_name#1"}}


@pytest.mark.parametrize("text", ["客户张三不存在", "客户demo-one不存在", "account demo-one."])
def test_names_are_found_between_chinese_letters(text: str) -> None:
    masking = Masking()
    masking.sent({"customer": "张三", "account_name": "demo-one"})
    shown = masking.answered({"error_msg": text})["error_msg"]
    assert "张三" not in shown and "demo-one" not in shown


def test_a_value_that_got_its_label_later_is_found_again() -> None:
    masking = Masking()
    early = masking.answered({"title": "Ann Smith", "rows": ["by Ann Smith"]})
    masking.answered({"domain_name": "Ann Smith"})
    assert masking.again(early) == {"title": {"$masked": "domain_name#1"}, "rows": ["by <domain_name#1>"]}


def test_a_listed_value_is_no_secret_of_anybody() -> None:
    schema = {"properties": {"operator": {"enum": ["EQUAL", "LIKE"]}}}
    assert Masking().sent({"operator": "EQUAL"}, schema) == {"operator": "EQUAL"}


def test_a_masked_number_tells_its_type() -> None:
    assert Masking().answered({"mobile": 13912345678}) == {"mobile": {"$masked": "mobile#1", "type": "number"}}


def test_a_form_shows_classes_of_characters_only() -> None:
    assert form_of("Az09-_é") == "Aa99-_é"


def test_a_schema_may_name_the_thing_itself() -> None:
    schema = {"properties": {"id": {"x-thing": "customer"}}}
    assert Masking().answered({"id": CUSTOMER}, schema) == {"id": {"$ref": "customer#1"}}


def test_no_field_is_listed_in_two_places() -> None:
    own = [name for names in fields().references.values() for name in names]
    assert len(own) == len(set(own))
    assert things().keys() & set(own) == set()


def names_of(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(names_of, schema))
    if not isinstance(schema, dict):
        return set()
    own = set(schema.get("properties", ())) | ({schema["name"]} if {"in", "name"} <= schema.keys() else set())
    return own.union(*map(names_of, schema.values()))


def test_every_listed_field_exists_in_the_contract(contract: Contract) -> None:
    known = {"error_code", "error_msg", "request_id", "X-Request-Id"}
    for operation in contract:
        for site in operation.sites:
            known |= names_of(operation.on(site).document)
    assert fields().kinds.keys() - known == set()
    assert fields().personal - known == set()
    assert fields().volatile.values - known == set()


def test_every_field_that_the_contract_calls_sensitive_is_masked(contract: Contract) -> None:
    for operation in contract:
        for site in operation.sites:
            schema = operation.on(site).response_schema or {}
            for name, part in schema.get("properties", {}).items():
                if part.get("x-sensitive"):
                    assert "$masked" in str(Masking().answered({name: "a value"}, schema)), f"{operation.id}: {name}"
