"""The specifications on sale, their attributes and their list prices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.driver import Answer, Caller, World

SPECS, PRICES = "ListResourceSpecs", "ListResourceSpecsPrice"
MACHINES = {
    "cloud_service_type": "hws.service.type.ec2",
    "resource_type": "hws.resource.type.vm",
    "region_code": "cn-north-1",
    "charge_mode": "1",
}
DISKS = {**MACHINES, "cloud_service_type": "hws.service.type.ebs", "resource_type": "hws.resource.type.volume"}
BANDWIDTHS = {**MACHINES, "cloud_service_type": "hws.service.type.vpc", "resource_type": "hws.resource.type.bandwidth"}
HONG_KONG = {"region_code": "ap-southeast-1"}


def looking_for(text: str, key: str = "RESOURCE_SPEC") -> dict[str, Any]:
    return {"filters": [{"key": key, "value": text}]}


def specs(answer: Answer) -> list[str]:
    field = "cloud_service_basics" if "cloud_service_basics" in answer.ok.body else "resource_spec_infos"
    return [row["resource_spec"] for row in answer[field]]


def all_specs(caller: Caller, operation: str, query: dict[str, Any], size: int) -> list[str]:
    """Every specification, page by page."""
    answer = caller(operation, query)
    found = specs(answer)
    while marker := answer["page_info"]["next_marker"]:
        answer = caller(operation, {**query, "marker": marker, "limit": size})
        found += specs(answer)
    return found


def priced(caller: Caller, spec: str, **query: Any) -> dict[str, Any]:
    """The only row of a specification, with attributes and prices."""
    wanted = {**HONG_KONG, **looking_for(spec), "need_attributes": True, "need_price": True, **query}
    [row] = caller(PRICES, wanted, X_Language="en_US")["resource_spec_infos"]
    return dict(row)


# Specifications


def test_disks_of_a_region_come_by_code(world: World) -> None:
    assert specs(world.solution_provider(SPECS, DISKS)) == ["ESSD", "GPSSD", "SAS", "SATA", "SSD"]


def test_a_row_says_what_it_is_and_repeats_the_question(world: World) -> None:
    row = world.solution_provider(SPECS, {**DISKS, **looking_for("SATA")})["cloud_service_basics"][0]
    assert row == {
        "cloud_service_type": "hws.service.type.ebs",
        "cloud_service_type_name": "云硬盘",
        "resource_type": "hws.resource.type.volume",
        "resource_type_name": "磁盘",
        "resource_spec": "SATA",
        "resource_spec_name": "云硬盘|普通IO|SATA",
        "charge_mode": "1",
        "region_code": "cn-north-1",
    }


def test_names_come_in_the_language_asked_for_in_any_case_of_letters(world: World) -> None:
    row = world.solution_provider(SPECS, DISKS, X_Language="EN_us")["cloud_service_basics"][3]
    assert row["cloud_service_type_name"] == "Elastic Volume Service"
    assert (row["resource_type_name"], row["resource_spec_name"]) == ("Volume", "EVS disk|Common I/O|SATA")


def test_traffic_is_sold_by_use_only_and_fixed_bandwidth_both_ways(world: World) -> None:
    by_month = specs(world.solution_provider(SPECS, BANDWIDTHS))
    by_use = specs(world.solution_provider(SPECS, {**BANDWIDTHS, "charge_mode": "3"}))
    assert by_month == ["19_bgp", "19_sbgp", "19_share"]
    assert by_use == ["12_bgp", "12_sbgp", "12_share", *by_month]


def test_static_bgp_is_not_sold_abroad(abroad: World) -> None:
    query = {**BANDWIDTHS, **HONG_KONG}
    assert specs(abroad.solution_provider(SPECS, query)) == ["19_bgp", "19_share"]


@pytest.mark.parametrize(
    "change",
    [
        {"cloud_service_type": "hws.service.type.ebs"},
        {"resource_type": "hws.resource.type.volume"},
        {"region_code": "mars-1"},
        {"region_code": "eu-west-101"},
    ],
)
def test_what_does_not_fit_together_is_not_on_sale(world: World, change: dict[str, str]) -> None:
    answer = world.solution_provider(SPECS, {**MACHINES, **change})
    assert answer.ok.body == {"page_info": {"next_marker": None}, "cloud_service_basics": []}


def test_an_old_family_is_sold_in_some_regions_only(world: World) -> None:
    def found(region: str) -> list[str]:
        return specs(world.solution_provider(SPECS, {**MACHINES, "region_code": region, **looking_for("c3.3xlarge")}))

    assert found("cn-north-1") == ["c3.3xlarge.2.linux", "c3.3xlarge.2.win"]
    assert found("cn-north-4") == []


@pytest.mark.parametrize("text", ["s6.small", "S6.SMALL"])
def test_a_filter_looks_for_a_part_of_the_code_in_any_case_of_letters(world: World, text: str) -> None:
    answer = world.solution_provider(SPECS, {**MACHINES, **looking_for(text)})
    assert specs(answer) == ["s6.small.1.linux", "s6.small.1.win"]


def test_a_filter_looks_for_a_part_of_the_name_too(world: World) -> None:
    found = specs(world.solution_provider(SPECS, {**MACHINES, **looking_for("8vCPUs|64GB")}))
    assert found == ["m6.2xlarge.8.linux", "m6.2xlarge.8.win", "m7.2xlarge.8.linux", "m7.2xlarge.8.win"]


@pytest.mark.parametrize("nothing", [[], None])
def test_an_empty_filter_filters_nothing(world: World, nothing: Any) -> None:
    assert len(specs(world.solution_provider(SPECS, {**DISKS, "filters": nothing}))) == 5


@pytest.mark.parametrize(
    "wrong",
    [{"charge_mode": "2"}, looking_for("x", "REGION"), {"filters": [{"key": "RESOURCE_SPEC", "value": "x"}] * 2}],
)
def test_what_the_page_does_not_know_is_refused(world: World, wrong: dict[str, Any]) -> None:
    assert world.solution_provider(SPECS, {**MACHINES, **wrong}).refused == (400, "CBC.0100")


# Pages


def test_the_first_page_has_a_hundred_rows_and_the_marker_of_the_next(world: World) -> None:
    answer = world.solution_provider(SPECS, MACHINES)
    assert len(specs(answer)) == 100 and answer["page_info"]["next_marker"]


def test_the_first_page_of_prices_has_fifty_rows(abroad: World) -> None:
    answer = abroad.solution_provider(PRICES, HONG_KONG)
    assert len(specs(answer)) == 50 and answer["page_info"]["next_marker"]


def test_pages_join_without_gaps(world: World, abroad: World) -> None:
    for caller, operation, query in (
        (world.solution_provider, SPECS, MACHINES),
        (abroad.solution_provider, PRICES, HONG_KONG),
    ):
        found = all_specs(caller, operation, query, 9)
        assert found == all_specs(caller, operation, query, 50)
        assert found == sorted(found) and len(found) > 100


def test_a_limit_alone_is_ignored(world: World) -> None:
    assert len(specs(world.solution_provider(SPECS, {**MACHINES, "limit": 1}))) == 100


def test_the_last_page_has_no_marker(world: World) -> None:
    marker = world.solution_provider(SPECS, MACHINES)["page_info"]["next_marker"]
    answer = world.solution_provider(SPECS, {**MACHINES, "marker": marker, "limit": 100})
    assert specs(answer) and answer["page_info"] == {"next_marker": None}


@pytest.mark.parametrize("nothing", ["", None])
def test_an_empty_marker_asks_for_the_first_page(world: World, nothing: str | None) -> None:
    answer = world.solution_provider(SPECS, {**MACHINES, "marker": nothing})
    assert answer.body == world.solution_provider(SPECS, MACHINES).body


@pytest.mark.parametrize("marker", ["100", "100-0123456789abcdef", "next", "-1-a", "9" * 128])
def test_a_marker_that_was_never_handed_out_is_refused(world: World, marker: str) -> None:
    assert world.solution_provider(SPECS, {**MACHINES, "marker": marker}).refused == (400, "CBC.0100")


def test_a_marker_of_prices_that_was_never_handed_out_is_refused(abroad: World) -> None:
    assert abroad.solution_provider(PRICES, {**HONG_KONG, "marker": "9" * 5000}).refused == (400, "CBC.0100")


def test_a_marker_of_another_query_is_refused(world: World) -> None:
    marker = world.solution_provider(SPECS, MACHINES)["page_info"]["next_marker"]
    other = {**MACHINES, "marker": marker, "limit": 10, "charge_mode": "3"}
    assert world.solution_provider(SPECS, other).refused == (400, "CBC.0100")
    same = {**MACHINES, "marker": marker, "limit": 10}
    assert world.solution_provider(SPECS, same, X_Language="en_US").refused == (400, "CBC.0100")


# Prices


def test_attributes_and_prices_come_on_request_only(abroad: World) -> None:
    plain = abroad.solution_provider(PRICES, {**HONG_KONG, **looking_for("SSD")})["resource_spec_infos"][0]
    assert "attributes" not in plain and "price_lists" not in plain
    assert {"attributes", "price_lists"} <= priced(abroad.solution_provider, "SSD").keys()


def test_a_machine_has_its_processors_and_its_memory(abroad: World) -> None:
    assert priced(abroad.solution_provider, "s6.xlarge.4.linux")["attributes"] == [
        {"code": "cpu", "name": "vCPUs", "value": "4", "unit": "core"},
        {"code": "memory", "name": "Memory", "value": "16", "unit": "GB"},
    ]


def test_a_disk_has_the_sizes_it_can_have(abroad: World) -> None:
    assert priced(abroad.solution_provider, "SSD")["attributes"] == [
        {"code": "size", "name": "Size", "unit": "GB", "linear_range": {"min": 10, "max": 32768, "step": 1}}
    ]


def test_a_year_costs_ten_months(abroad: World) -> None:
    month, year, _ = priced(abroad.solution_provider, "s6.xlarge.4.linux")["price_lists"]
    assert (month["period_type"], year["period_type"]) == (2, 3)
    assert Decimal(year["official_price"]) == 10 * Decimal(month["official_price"]) == Decimal("630.70")
    assert month["period_nums"] == [1, 2, 3, 4, 5, 6, 7, 8, 9] and year["period_nums"] == [1, 2, 3]


def test_prices_are_in_dollars_with_the_digits_they_need(abroad: World) -> None:
    prices = priced(abroad.solution_provider, "SSD")["price_lists"]
    assert {one["currency"] for one in prices} == {"USD"}
    assert [one["official_price"] for one in prices] == ["0.13", "1.30", "0.00025"]


def test_usage_that_is_no_time_has_a_price_for_each_kind_and_no_period(abroad: World) -> None:
    prices = priced(abroad.solution_provider, "obs")["price_lists"]
    assert {one["billing_usage_factor"] for one in prices} == {"size", "get", "put", "download.external"}
    assert all("period_type" not in one for one in prices)


def test_offerings_have_ids_of_their_own(abroad: World) -> None:
    prices = priced(abroad.solution_provider, "s6.xlarge.4.linux")["price_lists"]
    assert len({one["offering_id"] for one in prices}) == 3
    assert priced(abroad.solution_provider, "s6.xlarge.4.linux")["price_lists"] == prices


def test_a_specification_is_compared_exactly(abroad: World) -> None:
    assert specs(abroad.solution_provider(PRICES, {**HONG_KONG, **looking_for("s6.small")})) == []
    assert specs(abroad.solution_provider(PRICES, {**HONG_KONG, **looking_for("ssd")})) == []


@pytest.mark.parametrize(
    ("mode", "known", "unknown"),
    [
        ("PERIOD", "supportplan.business", "obs"),
        ("ON_DEMAND", "obs", "supportplan.business"),
        ("ONE_TIME", "domain.com", "obs"),
        ("ON_DEMAND_PKG", "obs.package.standard.40gb", "obs"),
    ],
)
def test_a_way_of_charging_keeps_what_is_sold_that_way(abroad: World, mode: str, known: str, unknown: str) -> None:
    found = all_specs(abroad.solution_provider, PRICES, {**HONG_KONG, **looking_for(mode, "CHARGING_MODE")}, 50)
    assert known in found and unknown not in found


def test_a_way_of_charging_keeps_its_own_prices_only(abroad: World) -> None:
    query = {**HONG_KONG, "resource_type": "hws.resource.type.volume", "need_price": True}
    answer = abroad.solution_provider(PRICES, {**query, **looking_for("ON_DEMAND", "CHARGING_MODE")})
    modes = {one["charging_mode"] for row in answer["resource_spec_infos"] for one in row["price_lists"]}
    assert modes == {"ON_DEMAND"} and len(specs(answer)) == 5


def test_a_way_of_charging_that_nobody_knows_matches_nothing(abroad: World) -> None:
    assert specs(abroad.solution_provider(PRICES, {**HONG_KONG, **looking_for("BARTER", "CHARGING_MODE")})) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"cloud_service_type": "hws.service.type.ebs"}, {"hws.resource.type.volume"}),
        ({"resource_type": "hws.resource.type.ip"}, {"hws.resource.type.ip"}),
        ({"cloud_service_type": "hws.service.type.ebs", "resource_type": "hws.resource.type.ip"}, set()),
        ({"cloud_service_type": None, "resource_type": "hws.resource.type.ip"}, {"hws.resource.type.ip"}),
    ],
)
def test_service_and_resource_type_narrow_the_list(abroad: World, query: dict[str, Any], found: set[str]) -> None:
    answer = abroad.solution_provider(PRICES, {**HONG_KONG, **query})
    assert {row["resource_type"] for row in answer["resource_spec_infos"]} == found


def test_the_region_asked_for_comes_back_even_with_nothing_on_sale(abroad: World) -> None:
    answer = abroad.solution_provider(PRICES, {"region_code": "mars-1"})
    assert (answer["region_code"], specs(answer)) == ("mars-1", [])
