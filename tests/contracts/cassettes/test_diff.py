"""Differences that a client would notice, and none that lie in the state."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from contracts.cassettes.cassette import Answered, Asked, Call
from contracts.cassettes.diff import Difference, compare, pairs_of
from contracts.cassettes.replay import Played
from mockserver.contract.registry import Contract

OPERATION = "ListSubCustomers"
ROW = {"account_name": {"$masked": "account_name#1"}, "customer_id": {"$ref": "customer#1"}}
BODY: dict[str, Any] = {"count": 1, "customer_infos": [{**ROW, "associated_on": "2026-03-02T02:00:00Z"}]}
REFUSAL = {"error_code": "CBC.0100", "error_msg": "Invalid parameter."}


def call(body: Any, status: int = 200, headers: dict[str, Any] | None = None, operation: str = OPERATION) -> Call:
    kept = {"Content-Type": "application/json", "X-Request-Id": {"$ref": "request#1"}}
    answer = Answered(status=status, headers=kept if headers is None else headers, body=body)
    asked = Asked(method="POST", path="/v2/partners/sub-customers/query", body={})
    return Call(operation, "solution_provider", "2026-03-02T02:00:00Z", asked, answer)


def differences(contract: Contract, first: Call, second: Call, **options: bool) -> list[Difference]:
    return compare(pairs_of([first], [second]), contract, "cn", **options)


def kinds(contract: Contract, first: Any, second: Any) -> list[tuple[str, str, str]]:
    found = differences(contract, call(first), call(second))
    return [(one.kind, one.severity, one.place) for one in found]


def row(**fields: Any) -> dict[str, Any]:
    return {"count": 1, "customer_infos": [{**ROW, **fields}]}


def test_equal_answers_do_not_differ(contract: Contract) -> None:
    assert kinds(contract, BODY, BODY) == []


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (BODY, {**BODY, "count": "1"}, ("type", "breaking", "answer.count")),
        (BODY, {**BODY, "count": None}, ("null", "notable", "answer.count")),
        (BODY, {"count": 1}, ("absent", "breaking", "answer.customer_infos")),
        (row(label="a"), row(), ("absent", "notable", "answer.customer_infos[].label")),
        (row(), row(customer="Ann"), ("added", "cosmetic", "answer.customer_infos[].customer")),
        (BODY, {**BODY, "surprise": 1}, ("added", "notable", "answer.surprise")),
        (row(association_type="1"), row(association_type="9"),
         ("enum", "notable", "answer.customer_infos[].association_type")),
        (row(associated_on="2026-03-02T02:00:00Z"), row(associated_on="2026-03-02"),
         ("form", "breaking", "answer.customer_infos[].associated_on")),
        (row(price=Decimal("1.10")), row(price=Decimal("1.1000")),
         ("form", "notable", "answer.customer_infos[].price")),
    ],
)  # fmt: skip
def test_a_difference_has_its_kind_severity_and_place(
    contract: Contract, first: Any, second: Any, expected: tuple[str, str, str]
) -> None:
    assert kinds(contract, first, second) == [expected]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (BODY, {**BODY, "count": 17}),
        (BODY, {"count": 0, "customer_infos": []}),
        (row(customer_id={"$ref": "customer#1"}), row(customer_id={"$ref": "customer#9"})),
        (row(associated_on="2026-03-02T02:00:00Z"), row(associated_on="2027-01-01T00:00:00Z")),
        (row(label="a"), row(label="b")),
    ],
)
def test_state_is_no_difference(contract: Contract, first: Any, second: Any) -> None:
    assert kinds(contract, first, second) == []


@pytest.mark.parametrize(
    ("first", "second", "kind", "sentence"),
    [
        (call(BODY), call(REFUSAL, 400), "status", "answered 400 CBC.0100, was 200"),
        (call(REFUSAL, 400), call({**REFUSAL, "error_code": "CBC.0101"}, 400), "code",
         "answered 400 CBC.0101, was 400 CBC.0100"),
        (call(REFUSAL, 400), call(REFUSAL, 403), "status", "answered 403 CBC.0100, was 400 CBC.0100"),
        (call(BODY), call(BODY, headers={"Content-Type": "application/json"}), "header",
         "header X-Request-Id is absent, was there"),
        (call(BODY), call(BODY, headers={"Content-Type": "text/plain", "X-Request-Id": "1"}), "header",
         "header Content-Type is text/plain, was application/json"),
    ],
)  # fmt: skip
def test_status_code_and_headers_are_compared(
    contract: Contract, first: Call, second: Call, kind: str, sentence: str
) -> None:
    (found,) = differences(contract, first, second)
    assert (found.kind, found.sentence) == (kind, sentence)


def test_other_values_are_differences_only_where_asked_for(contract: Contract) -> None:
    first, second = call(row(label="a")), call(row(label="b", customer_id={"$ref": "customer#2"}))
    assert [one.sentence for one in differences(contract, first, second, values=True)] == [
        "answer.customer_infos[].label is b, was a"
    ]


def test_texts_of_errors_are_volatile(contract: Contract) -> None:
    first, second = call(REFUSAL, 400), call({**REFUSAL, "error_msg": "other words"}, 400)
    assert differences(contract, first, second, values=True) == []


def test_a_call_that_was_not_sent_is_told(contract: Contract) -> None:
    (found,) = compare(pairs_of([call(BODY)], []), contract, "cn")
    assert (found.kind, found.severity) == ("not sent", "notable")


def test_a_call_that_was_withheld_says_nothing(contract: Contract) -> None:
    assert compare([Played(call(BODY), None, "it is irreversible", withheld=True)], contract, "cn") == []


def test_an_id_depends_on_operation_place_and_kind_only(contract: Contract) -> None:
    (one,) = differences(contract, call(BODY), call({**BODY, "count": "1"}))
    (same,) = differences(contract, call({**BODY, "count": 7}), call({**BODY, "count": True}))
    (other,) = differences(contract, call(BODY), call({**BODY, "customer_infos": "none"}))
    assert one.id == same.id != other.id
    assert len(one.id) == 12


def test_equal_differences_are_counted_once(contract: Contract) -> None:
    found = compare(pairs_of([call(BODY)] * 3, [call(REFUSAL, 400)] * 3), contract, "cn")
    assert [one.calls for one in found] == [3]


def test_the_worst_comes_first(contract: Contract) -> None:
    found = differences(contract, call(BODY), call({**BODY, "count": "1", "surprise": 1}))
    assert [one.severity for one in found] == ["breaking", "notable"]


def test_calls_are_paired_by_operation(contract: Contract) -> None:
    first = [call({}, operation="A"), call(BODY)]
    second = [call(BODY), call({}, operation="A")]
    assert [pair.actual for pair in pairs_of(first, second)] == [second[1], second[0]]
