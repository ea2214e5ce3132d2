"""Whatever is wrong with what a call says, it is refused in the vendor's form, and nothing of ours shows through."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.app import Server
from mockserver.contract.writing import json_bytes
from tests.conftest import START
from tests.driver import Answer, Caller, World, in_process

LIST, CREATE = "/v2/partners/sub-customers/query", "/v2/partners/sub-customers"
ENABLE = "/v2/enterprises/enterprise-projects/authority"
NEW = {"xaccount_id": "new-1", "xaccount_type": "DEMO_IDP"}
ANOTHER_FORM = {
    "nothing": b"",
    "blanks": b" \r\n",
    "half an object": b'{"offset": 1',
    "no quotes": b"{offset: 1}",
    "a comma too many": b'{"offset": 1,}',
    "a form": b"offset=1&limit=2",
    "XML": b"<offset>1</offset>",
    "two values": b"{} {}",
    "not a number": b'{"offset": NaN}',
    "no UTF-8 in a value": b'{"customer": "\xff"}',
    "no UTF-8 in a name": b'{"\xff": 1}',
    "GBK": '{"customer": "张三"}'.encode("gbk"),
    "UTF-16": '{"offset": 1}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "half a surrogate pair": b'{"customer": "\\ud800"}',
    "a list": b"[]",
    "a text": b'"offset"',
    "a number": b"1",
    "null": b"null",
    "a truth": b"true",
    "lists without end": b'{"offset": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "an integer of 5000 digits": b'{"offset": ' + b"9" * 5000 + b"}",
    "an exponent beyond any number": b'{"offset": 1e99999999999999999999}',
}
WRONG_OFFSETS = {
    "deep lists": b"[" * 500 + b"]" * 500,
    "deep objects": b'{"a":' * 500 + b"1" + b"}" * 500,
    "a large integer": b"9" * 1000,
    "beyond 64 bits": b"18446744073709551616",
    "a large exponent": b"1e400",
    "a very large exponent": b"1e999999999",
    "a very small number": b"1e-999999999",
    "a fraction": b"1.5",
    "below zero": b"-1",
    "a word": b'"many"',
    "a long text of digits": b'"' + b"9" * 5000 + b'"',
    "a truth": b"true",
}


def refused_for(answer: Answer, field: str) -> bool:
    """Whether the answer is the service's 400 that names the field, and no more than that."""
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"
    assert answer.body == {"error_code": "CBC.0100", "error_msg": f"Invalid parameter: {field}."}
    return answer.status == 400


def post(caller: Caller, body: bytes, target: str = LIST) -> Answer:
    return caller.send("POST", target, None, body)


@pytest.mark.parametrize("name", ANOTHER_FORM)
def test_a_body_that_is_no_json_object_is_refused(world: World, name: str) -> None:
    assert refused_for(post(world.solution_provider, ANOTHER_FORM[name]), "body")


@pytest.mark.parametrize("name", WRONG_OFFSETS)
def test_a_value_beyond_its_rules_is_refused_by_its_name(world: World, name: str) -> None:
    body = b'{"offset": ' + WRONG_OFFSETS[name] + b"}"
    assert refused_for(post(world.solution_provider, body), "offset")


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/json-patch+json", "json", "*/*"])
def test_another_content_type_is_refused(world: World, kind: str) -> None:
    answer = world.solution_provider.send("POST", LIST, {"Content-Type": kind}, b"{}")
    assert refused_for(answer, "Content-Type")


def test_no_content_type_is_refused(world: World) -> None:
    headers = world.solution_provider.signed("POST", LIST, {}, b"{}")
    assert refused_for(world.transport("POST", LIST, headers, b"{}"), "Content-Type")


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON", "application/json ;x=y"])
def test_the_content_type_of_json_may_have_parameters_and_any_case(world: World, kind: str) -> None:
    assert world.solution_provider.send("POST", LIST, {"Content-Type": kind}, b"{}").status == 200


def test_an_empty_object_is_enough_where_every_field_is_optional(world: World) -> None:
    assert post(world.solution_provider, b"{}").status == 200


def test_a_call_without_documented_body_needs_none_and_no_content_type(world: World) -> None:
    headers = world.customer.signed("POST", ENABLE, {}, b"")
    assert world.transport("POST", ENABLE, headers, b"").status == 204


def test_more_than_12_megabytes_are_refused(world: World) -> None:
    body = b'{"customer": "' + b"a" * 12 * 1024 * 1024 + b'"}'
    assert refused_for(post(world.solution_provider, body), "body")


def test_just_below_12_megabytes_the_field_is_looked_at(world: World) -> None:
    body = b'{"customer": "' + b"a" * (12 * 1024 * 1024 - 16) + b'"}'
    assert refused_for(post(world.solution_provider, body), "customer")


def test_of_a_field_sent_twice_the_last_counts(world: World) -> None:
    assert post(world.solution_provider, b'{"offset": "many", "offset": 0}').status == 200
    assert refused_for(post(world.solution_provider, b'{"offset": 0, "offset": "many"}'), "offset")


def test_an_unknown_field_is_not_read_but_reported_as_unread(world: World) -> None:
    answer = post(world.solution_provider, b'{"ofset": 1}')
    explained = world.control("GET", f"requests/{answer.headers['x-request-id']}?sandbox={world.id}")
    assert answer.status == 200 and explained["unread"] == ["ofset"]


def test_of_several_wrong_fields_the_first_of_the_document_is_named(world: World) -> None:
    assert refused_for(post(world.solution_provider, b'{"limit": 0, "offset": -1, "account_name": 7}'), "account_name")


def test_a_wrong_field_inside_a_list_is_named_with_its_place(world: World) -> None:
    body = {"customer_infos": [{"customer_id": "a"}, {"customer_id": 7}]}
    assert refused_for(world.solution_provider("ListCustomersBalancesDetail", body), "customer_infos.1.customer_id")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("domain_name", "op_name", "CBC.99000031"),
        ("domain_name", "abc", "CBC.99000031"),
        ("domain_name", 12345, "CBC.99000031"),
        ("mobile_phone", "12", "CBC.5017"),
        ("password", "abcdefgh", "CBC.99000036"),
        ("password", "a1", "CBC.99000036"),
    ],
)
def test_a_field_with_a_code_of_its_own_is_refused_with_that(world: World, field: str, value: Any, code: str) -> None:
    with world.unchanged():
        answer = world.solution_provider("CreateSubCustomer", {**NEW, field: value})
    assert answer.refused == (400, code)


def test_a_field_with_a_code_of_its_own_does_not_hide_an_earlier_mistake(world: World) -> None:
    answer = world.solution_provider("CreateSubCustomer", {"password": "a1"})
    assert refused_for(answer, "xaccount_id")


ELSEWHERE = [
    "/", "/v2", "/v2/", "/v3/auth", f"{LIST}/", f"/{LIST}/x", f"{LIST}%2Fx", "/v2/partners/%2E%2E/query",
    "/v2/orders/customer-orders/details/CS%2F1", "/v2/%E5%BC%A0%E4%B8%89", "/v2/%FF", "/v2//nothing", "/favicon.ico",
    "/V2/partners/sub-customers/query", "/v2/partners/sub-customers/query;x", "/v2/partners/sub-customers/query%00",
    "/.git/config", "/v2/partners/sub-customers/{query}",
]  # fmt: skip


def is_unknown(answer: Answer) -> bool:
    assert answer.headers["content-type"] == "application/json"
    assert answer.body == {
        "error_msg": "API not exist or not published in the environment",
        "error_code": "APIGW.0101",
        "request_id": answer.headers["x-request-id"],
    }
    return answer.status == 404


@pytest.mark.parametrize("path", ELSEWHERE)
def test_a_path_of_nothing_is_not_found(world: World, path: str) -> None:
    assert is_unknown(world.solution_provider.send("POST", path, None, b"{}"))


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"])
def test_another_method_is_not_found(world: World, method: str) -> None:
    assert is_unknown(world.solution_provider.send(method, LIST, None, b"{}"))


def test_an_operation_of_the_other_site_is_not_found(world: World, abroad: World) -> None:
    assert is_unknown(world.solution_provider("ShowPartnerConsumptionQuota"))
    assert abroad.solution_provider("ShowPartnerConsumptionQuota").status == 200


def test_an_unknown_path_is_not_found_before_anyone_asks_who_calls(world: World) -> None:
    assert is_unknown(world.transport("POST", "/v2/nothing", {"Host": "127.0.0.1"}, b"{}"))


def test_repeated_slashes_are_one(world: World) -> None:
    assert post(world.solution_provider, b"{}", LIST.replace("/query", "//query")).status == 200


def test_an_encoded_path_is_the_same_path(world: World) -> None:
    assert post(world.solution_provider, b"{}", LIST.replace("query", "%71uery")).status == 200


def test_an_answer_without_body_has_none(world: World) -> None:
    answer = world.customer("CreateEnterpriseProjectAuth")
    assert (answer.status, answer.content) == (204, b"")


BODIES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("xaccount_id", "xaccount_type", "domain_name", "mobile_phone", "verification_code", "password", "limit")


@pytest.fixture(scope="module")
def partner(server: Server) -> Caller:
    return World(in_process(server), server.contract, clock=START, seed=1).solution_provider


@settings(derandomize=True, max_examples=200, deadline=None)
@given(body=st.dictionaries(st.sampled_from(FIELDS), BODIES, max_size=5) | BODIES)
def test_no_json_at_all_brings_the_emulator_down(partner: Caller, body: Any) -> None:
    for target in (CREATE, LIST):
        assert post(partner, json_bytes(body), target).status in (200, 400)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(body=st.binary(max_size=40))
def test_no_bytes_at_all_bring_the_emulator_down(partner: Caller, body: bytes) -> None:
    assert post(partner, body).status in (200, 400)
