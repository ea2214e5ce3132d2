"""What requests tried of an operation's inputs."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.reports.coverage import Coverage, Field, Rule
from mockserver.contract.registry import Contract
from tests.contracts.reports.made import exchange

CHANGES = "/v2/accounts/partner-accounts/account-change-records"


def covered(contract: Contract, operation_id: str, *calls: dict[str, Any]) -> Coverage:
    coverage = Coverage(contract.operations[operation_id].on("cn"))
    for call in calls:
        coverage.meet(exchange(**call).request)
    return coverage


def rule(field: Field, keyword: str) -> Rule:
    found = field.rule(keyword)
    assert found is not None
    return found


def test_a_value_within_and_one_beyond_a_bound_cover_it(contract: Contract) -> None:
    limit = covered(
        contract, "ListSubCustomers", {"body": {"limit": 100}}, {"body": {"limit": 101}}, {"body": {"limit": 1}}
    ).fields["body", "limit"]
    upper = rule(limit, "maximum")
    assert (upper.valid, upper.invalid, upper.at_bound, upper.is_covered) == (2, 1, 1, True)
    assert not rule(limit, "minimum").is_covered
    assert limit.sent == 3


def test_lengths_patterns_and_types_are_told_apart(contract: Contract) -> None:
    name = covered(
        contract, "ListSubCustomers", {"body": {"account_name": "a b"}}, {"body": {"account_name": 5}}
    ).fields["body", "account_name"]
    counts = {keyword: (rule(name, keyword).valid, rule(name, keyword).invalid) for keyword in ("pattern", "maxLength")}
    assert counts == {"pattern": (0, 1), "maxLength": (1, 0)}
    assert rule(name, "type").is_covered


def test_each_value_of_an_enumeration_counts(contract: Contract) -> None:
    kind = covered(
        contract, "ListSubCustomers", {"body": {"association_type": "1"}}, {"body": {"association_type": "9"}}
    ).fields["body", "association_type"]
    assert kind.values == {"1": 1, "2": 0}
    assert rule(kind, "enum").is_covered


def test_a_missing_field_breaks_required(contract: Contract) -> None:
    coverage = covered(contract, "UpdateCustomerAccountAmount", {"body": {"amount": 1}}, {"body": {}})
    required = rule(coverage.fields["body", "amount"], "required")
    assert (required.valid, required.invalid) == (1, 1)


def test_values_that_say_nothing_are_counted_apart(contract: Contract) -> None:
    name = covered(
        contract, "ListSubCustomers", {"body": {"account_name": ""}}, {"body": {"account_name": None}}
    ).fields["body", "account_name"]
    assert name.nothing == {"empty text": 1, "null": 1}
    assert rule(name, "maxLength").valid == 0


def test_numbers_in_a_query_are_texts(contract: Contract) -> None:
    coverage = covered(
        contract,
        "ListPartnerAccountChangeRecords",
        *({"method": "GET", "path": f"{CHANGES}?limit={limit}"} for limit in ("1", "0", "many")),
    )
    limit = coverage.fields["query", "limit"]
    assert (rule(limit, "minimum").valid, rule(limit, "minimum").invalid) == (1, 1)
    assert rule(limit, "type").invalid == 1


def test_fields_inside_lists_are_covered(contract: Contract) -> None:
    products = [{"id": "1"}, {"id": ""}, 5]
    coverage = covered(contract, "ListOnDemandResourceRatings", {"body": {"product_infos": products}})
    inner = coverage.fields["body", "product_infos[].id"]
    assert inner.sent == 2
    assert coverage.fields["body", "product_infos[]"].sent == 3


def test_headers_have_no_case(contract: Contract) -> None:
    one = next(view for view in (one.on("cn") for one in contract if "cn" in one.sites) if view.knows_language)
    coverage = Coverage(one)
    coverage.meet(exchange(one.operation.method, one.operation.path, headers={"x-language": "en_US"}).request)
    assert coverage.fields["header", "X-Language"].sent == 1


@pytest.mark.parametrize("content", [b"{", b"[]", b'"text"', b""])
def test_a_body_that_is_no_object_covers_no_field(contract: Contract, content: bytes) -> None:
    answer = exchange()
    answer.request.body = content
    coverage = Coverage(contract.operations["ListSubCustomers"].on("cn"))
    coverage.meet(answer.request)
    assert not any(one.sent for one in coverage.fields.values())


def test_a_rule_that_nothing_can_break_is_left_out(contract: Contract) -> None:
    rules = [one for each in contract for one in Coverage(each.on(each.sites[0])).rules]
    assert rules
    assert not [one for one in rules if one.keyword in ("minLength", "minItems") and one.bound == 0]
