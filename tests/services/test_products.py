"""What is sold, by what usage it is charged, and in which units."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockserver.contract.registry import Contract
from tests.driver import Answer, Caller, World

CODES = {
    "ListServiceTypes": ("service_types", "service_type_code"),
    "ListResourceTypes": ("resource_types", "resource_type_code"),
    "ListUsageTypes": ("usage_types", "resource_type_code"),
}
EXAMPLES = [
    *CODES, "ListServiceResources", "ListMeasureUnits", "ListConversions", "ListResourceSpecs",
    "ListResourceSpecsPrice", "ListProvinces", "ListCities", "ListCounties",
]  # fmt: skip

QUERIES: dict[str, list[dict[str, str]]] = {
    **{operation: [] for operation in (*CODES, "ListServiceResources", "ListMeasureUnits", "ListConversions")},
    "ListResourceSpecs": [{}],
    "ListResourceSpecsPrice": [{}],
}
"""The operations on products, with the body that some need."""


def codes(answer: Answer, operation: str) -> list[str]:
    field, code = CODES[operation]
    return [row[code] for row in answer[field]]


def all_rows(caller: Caller, operation: str, size: int, **parameters: Any) -> list[Any]:
    """Every row, page by page."""
    field = CODES[operation][0]
    found: list[Any] = []
    while True:
        answer = caller(operation, offset=len(found), limit=size, **parameters)
        found += answer[field]
        if len(found) >= answer["total_count"]:
            return found


def places(world: World, abroad: World, operation: str) -> list[World]:
    """The sites that have the operation."""
    return [one for one in (world, abroad) if one.site in one.contract.operations[operation].sites]


def units(caller: Caller, **parameters: Any) -> dict[int, dict[str, Any]]:
    return {row["measure_id"]: row for row in caller("ListMeasureUnits", **parameters)["measure_units"]}


@pytest.mark.parametrize("operation", EXAMPLES)
def test_the_rows_of_the_documents_examples_are_answered(
    world: World, abroad: World, contract: Contract, operation: str
) -> None:
    for example in contract.operations[operation].document["x-examples"]:
        place = abroad if example.get("site") == "intl" else world
        parameters = {name.replace("-", "_"): value for name, value in example.get("parameters", {}).items()}
        answered = json.loads(place.solution_provider(operation, example.get("request"), **parameters).ok.content)
        for field, value in example["response"].items():
            if isinstance(value, list):
                assert [row for row in value if row not in answered[field]] == []


# The chain


def test_the_chain_leads_from_a_service_to_a_price(abroad: World) -> None:
    call = abroad.solution_provider
    service = call("ListServiceTypes", service_type_name="Elastic Cloud", X_Language="en_US")["service_types"][0]
    code = service["service_type_code"]
    resource = call("ListServiceResources", service_type_code=code)["infos"][0]["basic_info"]["resource_type_code"]
    usage = call("ListUsageTypes", resource_type_code=resource)["usage_types"][0]
    query = {"cloud_service_type": code, "resource_type": resource, "region_code": "ap-southeast-1"}
    spec = call("ListResourceSpecs", {**query, "charge_mode": "3"})["cloud_service_basics"][0]["resource_spec"]
    filters = [{"key": "RESOURCE_SPEC", "value": spec}]
    priced = call("ListResourceSpecsPrice", {**query, "filters": filters, "need_price": True})
    [price] = [one for one in priced["resource_spec_infos"][0]["price_lists"] if one["charging_mode"] == "ON_DEMAND"]
    assert (code, resource) == ("hws.service.type.ec2", "hws.resource.type.vm")
    assert price["billing_usage_factor"] == usage["code"] == "Duration"
    assert units(call)[4]["abbreviation"] == "h"


def test_every_listed_service_resource_and_usage_type_is_reachable(world: World) -> None:
    call = world.solution_provider
    resources = {row["resource_type_code"]: row for row in all_rows(call, "ListResourceTypes", 1000)}
    for service in all_rows(call, "ListServiceTypes", 1000):
        infos = call("ListServiceResources", service_type_code=service["service_type_code"], limit=100)["infos"]
        assert infos
        for info in infos:
            row = resources[info["basic_info"]["resource_type_code"]]
            assert row["service_type_code"] == service["service_type_code"]
    assert {row["resource_type_code"] for row in all_rows(call, "ListUsageTypes", 100)} <= resources.keys()


# Pages


@pytest.mark.parametrize("operation", CODES)
def test_ten_rows_come_unless_more_are_asked_for(world: World, operation: str) -> None:
    answer = world.solution_provider(operation)
    assert len(answer[CODES[operation][0]]) == 10 < answer["total_count"]


@pytest.mark.parametrize("operation", CODES)
def test_pages_join_without_gaps(world: World, operation: str) -> None:
    assert all_rows(world.solution_provider, operation, 7) == all_rows(world.solution_provider, operation, 100)


@pytest.mark.parametrize("operation", CODES)
def test_rows_come_by_code(world: World, operation: str) -> None:
    found = codes(world.solution_provider(operation, limit=100), operation)
    assert found == sorted(found)


@pytest.mark.parametrize("operation", CODES)
def test_an_offset_beyond_the_end_answers_no_rows_but_the_total(world: World, operation: str) -> None:
    answer = world.solution_provider(operation, offset=1000)
    assert answer[CODES[operation][0]] == [] and answer["total_count"] > 0


@pytest.mark.parametrize("operation", CODES)
@pytest.mark.parametrize("nothing", ["", "null"])
def test_an_empty_page_size_is_the_usual_one(world: World, operation: str, nothing: str) -> None:
    answer = world.solution_provider(operation, limit=nothing, offset=nothing)
    assert answer.body == world.solution_provider(operation).body


@pytest.mark.parametrize("nothing", ["", "null", '""'])
def test_an_empty_page_size_is_refused_for_the_resources_of_a_service(world: World, nothing: str) -> None:
    answer = world.solution_provider("ListServiceResources", service_type_code="hws.service.type.vpc", limit=nothing)
    assert answer.refused == (400, "CBC.0100")


def test_usage_types_come_a_hundred_at_most(world: World) -> None:
    assert world.solution_provider("ListUsageTypes", limit=101).refused == (400, "CBC.0100")


# Languages


@pytest.mark.parametrize(
    ("operation", "field", "chinese", "english"),
    [
        ("ListServiceTypes", "service_type_name", "弹性云服务器", "Elastic Cloud Server"),
        ("ListResourceTypes", "resource_type_name", "云主机", "VM"),
        ("ListResourceTypes", "resource_type_desc", "云主机", "Virtual machine"),
        ("ListUsageTypes", "name", "使用时长", "Duration"),
        ("ListUsageTypes", "resource_type_name", "云主机", "VM"),
        ("ListUsageTypes", "service_type_name", "弹性云服务器", "Elastic Cloud Server"),
    ],
)
def test_names_are_chinese_unless_english_is_asked_for(
    world: World, operation: str, field: str, chinese: str, english: str
) -> None:
    def names(**language: str) -> set[str]:
        return {row[field] for row in all_rows(world.solution_provider, operation, 100, **language)}

    assert chinese in names() and chinese in names(X_Language="zh_CN")
    assert english in names(X_Language="en_US") and chinese not in names(X_Language="en_US")


def test_a_description_that_is_not_given_equals_the_name(world: World) -> None:
    rows = all_rows(world.solution_provider, "ListResourceTypes", 100, X_Language="en_US")
    assert {row["resource_type_desc"] for row in rows if row["resource_type_name"] == "Bandwidth"} == {"Bandwidth"}


# Filters


@pytest.mark.parametrize(
    ("part", "found"), [("对象", ["obs"]), ("服务器", ["baremetal", "ec2"]), ("云硬盘", ["ebs"]), ("无", [])]
)
def test_services_are_found_by_any_part_of_their_name(world: World, part: str, found: list[str]) -> None:
    answer = world.solution_provider("ListServiceTypes", service_type_name=part)
    assert codes(answer, "ListServiceTypes") == [f"hws.service.type.{name}" for name in found]
    assert answer["total_count"] == len(found)


def test_names_are_looked_for_in_the_language_asked_for_in_any_case_of_letters(world: World) -> None:
    english = world.solution_provider("ListServiceTypes", service_type_name="object storage", X_Language="en_US")
    assert codes(english, "ListServiceTypes") == ["hws.service.type.obs"]
    assert world.solution_provider("ListServiceTypes", service_type_name="object storage")["total_count"] == 0


def test_an_empty_service_name_filters_nothing(world: World) -> None:
    assert world.solution_provider("ListServiceTypes", service_type_name="")["total_count"] > 10


def test_koogallery_is_no_listed_service_and_has_no_listed_resources(world: World) -> None:
    rows = all_rows(world.solution_provider, "ListServiceTypes", 1000)
    assert "hws.service.type.marketplace" not in {row["service_type_code"] for row in rows}
    answer = world.solution_provider("ListServiceResources", service_type_code="hws.service.type.marketplace")
    assert answer.ok.body == {"total_count": 0, "infos": []}


def test_an_unknown_service_has_no_resources(world: World) -> None:
    answer = world.solution_provider("ListServiceResources", service_type_code="hws.service.type.none")
    assert answer.ok.body == {"total_count": 0, "infos": []}


def test_resources_of_a_service_come_by_code_and_in_pages(world: World) -> None:
    answer = world.solution_provider(
        "ListServiceResources", service_type_code="hws.service.type.vpc", offset=1, limit=1
    )
    assert answer["total_count"] == 3
    assert [row["basic_info"]["resource_type_code"] for row in answer["infos"]] == ["hws.resource.type.ip"]


def test_usage_types_are_found_by_their_resource_type(world: World) -> None:
    answer = world.solution_provider("ListUsageTypes", resource_type_code="hws.resource.type.bandwidth")
    assert {"Duration", "upflow"} <= {row["code"] for row in answer["usage_types"]}
    assert codes(answer, "ListUsageTypes") == ["hws.resource.type.bandwidth"] * answer["total_count"]


@pytest.mark.parametrize("value", ['""', "null", "hws.resource.type.none"])
def test_a_resource_type_that_is_none_matches_no_usage_type(world: World, value: str) -> None:
    assert world.solution_provider("ListUsageTypes", resource_type_code=value)["total_count"] == 0


def test_an_unknown_parameter_changes_nothing(world: World) -> None:
    plain = world.solution_provider("ListUsageTypes").body
    assert world.solution_provider("ListUsageTypes", service_type_code="hws.service.type.obs").body == plain


# Units


def test_gigabytes_are_abbreviated_as_the_texts_of_each_site_say(world: World, abroad: World) -> None:
    assert [units(world.solution_provider)[unit]["abbreviation"] for unit in (4, 10, 17)] == ["h", "G", "G"]
    assert [units(abroad.solution_provider)[unit]["abbreviation"] for unit in (4, 10, 17)] == ["h", "GB", "GB"]


def test_the_main_currency_unit_is_that_of_the_site(world: World, abroad: World) -> None:
    assert units(world.solution_provider)[1]["measure_name"] == "元"
    assert units(abroad.solution_provider, X_Language="en_US")[1]["measure_name"] == "USD"


def test_each_site_has_units_of_the_types_that_its_pages_list(world: World, abroad: World) -> None:
    here = {row["measure_type"] for row in units(world.solution_provider).values()}
    there = {row["measure_type"] for row in units(abroad.solution_provider).values()}
    assert (82 in here, 82 in there, 25 in here, 25 in there) == (True, False, False, True)


def test_units_come_by_id(world: World) -> None:
    found = list(units(world.solution_provider))
    assert found == sorted(found)


def test_a_gigabyte_of_traffic_has_1024_megabytes(world: World) -> None:
    rows = world.solution_provider("ListConversions", measure_type=3)["conversions"]
    assert {"measure_id": 10, "ref_measure_id": 11, "conversion_ratio": 1024, "measure_type": 3} in rows
    assert {row["measure_type"] for row in rows} == {3}


def test_all_conversions_come_by_their_units(world: World) -> None:
    rows = world.solution_provider("ListConversions", measure_type="")["conversions"]
    pairs = [(row["measure_id"], row["ref_measure_id"]) for row in rows]
    assert pairs == sorted(pairs)
    assert len({row["measure_type"] for row in rows}) > 3


def test_a_type_without_conversions_and_one_that_nobody_lists_answer_nothing(world: World) -> None:
    for measure_type in (21, 999):
        assert world.solution_provider("ListConversions", measure_type=measure_type)["conversions"] == []


def test_money_converts_as_the_site_counts_it(world: World, abroad: World) -> None:
    def ways(place: World) -> list[tuple[int, int]]:
        rows = place.solution_provider("ListConversions", measure_type=1)["conversions"]
        return [(row["ref_measure_id"], row["conversion_ratio"]) for row in rows]

    assert ways(world) == [(2, 10), (3, 10)]
    assert ways(abroad) == [(3, 100)]


@pytest.mark.parametrize("measure_type", ["0", '""', "traffic"])
def test_a_measure_type_is_a_number_from_1(world: World, measure_type: str) -> None:
    assert world.solution_provider("ListConversions", measure_type=measure_type).refused == (400, "CBC.0100")


# Callers


@pytest.mark.parametrize("operation", ["ListServiceTypes", "ListResourceTypes", "ListUsageTypes", "ListMeasureUnits"])
@pytest.mark.parametrize("name", ["solution_provider", "distributor", "customer"])
def test_partners_and_customers_see_the_same(world: World, operation: str, name: str) -> None:
    assert world.caller(name)(operation).body == world.solution_provider(operation).ok.body


@pytest.mark.parametrize("operation", QUERIES)
def test_resellers_see_nothing(world: World, abroad: World, operation: str) -> None:
    for place in places(world, abroad, operation):
        assert place.reseller(operation, *QUERIES[operation]).refused == (403, "CBC.0151")


@pytest.mark.parametrize("operation", QUERIES)
def test_a_language_that_is_not_spoken_is_refused(world: World, abroad: World, operation: str) -> None:
    for place in places(world, abroad, operation):
        answer = place.solution_provider(operation, *QUERIES[operation], X_Language="fr_FR")
        assert answer.refused == (400, "CBC.0100")


@pytest.mark.parametrize("code", ["CBC.0150", "CBC.0156"])
def test_an_account_of_another_site_learns_so(world: World, code: str) -> None:
    world.place("settings", accounts_of_another_site={world.customer.name: code})
    assert world.customer("ListServiceTypes", limit=1).refused == (403, code)
    assert world.solution_provider("ListServiceTypes", limit=1).status == 200
