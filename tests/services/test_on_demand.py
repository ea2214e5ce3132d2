"""The partner's list of a customer's pay-per-use resources."""

from __future__ import annotations

from typing import Any

import pytest

from tests.driver import Answer, Caller, World
from tests.services.metered import bucket, product, server
from tests.sites import on_both_sites

LIST = "ListCustomerOnDemandResources"


def listed(world: World, caller: Caller | None = None, customer: str = "customer", **filters: Any) -> Answer:
    body = {"customer_id": world.caller(customer).id, **filters}
    return (caller or world.solution_provider)(LIST, body)


def ids(world: World, **filters: Any) -> list[str]:
    return [row["resource_id"] for row in listed(world, **filters)["resources"]]


def disk(world: World, size: Any = 40, **fields: Any) -> str:
    placed = world.place("on_demand_resources", **product(world, "volume", "SSD", size=size, **fields))
    return str(placed["id"])


def test_a_disk_shows_all_that_is_said_of_a_resource(world: World) -> None:
    resource = disk(world, name="data", availability_zone="cn-north-4b")
    row = listed(world)["resources"][0]
    assert row == {
        "customer_id": world.customer.id,
        "region_code": "cn-north-4",
        "availability_zone_code": "cn-north-4b",
        "service_type_code": "hws.service.type.ebs",
        "resource_type_code": "hws.resource.type.volume",
        "service_type_name": "云硬盘",
        "resource_type_name": "磁盘",
        "resource_id": resource,
        "resource_name": "data",
        "effective_time": "2026-03-02T02:00:00Z",
        "status": 1,
        "resource_spec_code": "SSD",
        "resource_info": '{"specSize":40.0}',
        "product_spec_desc": row["product_spec_desc"],
    }


def test_names_come_in_the_language_asked_for(world: World) -> None:
    server(world)
    row = world.solution_provider(LIST, {"customer_id": world.customer.id}, X_Language="en_US")["resources"][0]
    assert (row["service_type_name"], row["resource_type_name"]) == ("Elastic Cloud Server", "VM")


def test_a_server_has_a_name_and_a_zone_by_itself_and_no_size(world: World) -> None:
    resource = server(world)
    row = listed(world)["resources"][0]
    assert (row["resource_name"], row["availability_zone_code"]) == (f"ecs-{resource[:4]}", "cn-north-4a")
    assert "resource_info" not in row and "expire_time" not in row


def test_the_newest_resource_comes_first(world: World) -> None:
    placed = [server(world, effective=one) for one in ("-P2D", "-P1D", "-P3D", "-P1D")]
    assert ids(world) == [placed[3], placed[1], placed[0], placed[2]]


def test_the_list_is_paged_by_rows(world: World) -> None:
    placed = [server(world, effective=f"-P{day}D") for day in range(1, 5)]
    answer = listed(world, offset=1, limit=2)
    assert [row["resource_id"] for row in answer["resources"]] == placed[1:3]
    assert answer["total_count"] == 4


@pytest.mark.parametrize("filters", [{"region_code": "cn-east-3"}, {"service_type_code": "hws.service.type.ebs"}])
def test_each_filter_selects(world: World, filters: dict[str, str]) -> None:
    server(world)
    wanted = disk(world, region="cn-east-3")
    assert ids(world, **filters) == [wanted]


@pytest.mark.parametrize("value", ["", None])
@pytest.mark.parametrize("name", ["region_code", "service_type_code", "effective_time_begin", "effective_time_end"])
def test_an_empty_filter_is_none(world: World, name: str, value: Any) -> None:
    server(world)
    assert len(ids(world, **{name: value})) == 1


def test_resources_are_named(world: World) -> None:
    first, second = server(world), server(world)
    assert ids(world, resource_ids=[first, "unknown"]) == [first]
    assert ids(world, resource_ids=[]) == ids(world, resource_ids=None) == [second, first]


def test_a_state_selects(world: World) -> None:
    kept, released = server(world), server(world)
    world.place("releases", resource=released)
    assert (ids(world, status=1), ids(world, status=6), ids(world, status=3)) == ([kept], [released], [])


def test_both_ends_of_the_time_are_exclusive(world: World) -> None:
    server(world)
    at, before, after = "2026-03-02T02:00:00Z", "2026-03-02T01:59:59Z", "2026-03-02T02:00:01Z"
    assert len(ids(world, effective_time_begin=before, effective_time_end=after)) == 1
    assert ids(world, effective_time_begin=at) == ids(world, effective_time_end=at) == []


def test_a_released_resource_has_an_end(world: World) -> None:
    resource = bucket(world)
    world.advance("PT5M")
    world.place("releases", resource=resource)
    row = listed(world)["resources"][0]
    assert (row["status"], row["expire_time"]) == (6, "2026-03-02T02:05:00Z")


# Whose customers


def test_abroad_the_reseller_model_is_meant(abroad: World) -> None:
    resource = server(abroad)
    assert ids(abroad) == [resource]


@on_both_sites
def test_a_referral_customers_resources_are_not_the_partners_to_see(world: World) -> None:
    world.place("customers", name="referred", credential="referred", partner="demo-partner", association="referral")
    assert listed(world, customer="referred").refused == (400, "CBC.99000000")


def test_a_distributor_names_the_reseller_of_the_customer(world: World) -> None:
    resource = server(world, customer="demo-reseller-customer")
    named = {"indirect_partner_id": world.reseller.id}
    answer = listed(world, world.distributor, "reseller_customer", **named)
    assert [row["resource_id"] for row in answer["resources"]] == [resource]
    assert listed(world, world.distributor, "reseller_customer").refused == (400, "CBC.99000035")


def test_a_solution_provider_names_no_reseller(world: World) -> None:
    server(world)
    assert len(ids(world, indirect_partner_id=world.reseller.id)) == 1


@pytest.mark.parametrize(
    ("caller", "customer", "more", "refusal"),
    [
        ("solution_provider", "reseller_customer", {}, (400, "CBC.99000035")),
        ("distributor", "customer", {}, (400, "CBC.99000035")),
        ("distributor", "reseller_customer", {"indirect_partner_id": "stranger"}, (400, "CBC.99000037")),
        ("operator_limited", "customer", {}, (403, "CBC.0151")),
        ("reseller", "reseller_customer", {}, (403, "CBC.0151")),
        ("customer", "customer", {}, (403, "CBC.0151")),
        ("solution_provider", "customer", {"limit": 101}, (400, "CBC.0100")),
        ("solution_provider", "customer", {"status": 7}, (400, "CBC.0100")),
        ("solution_provider", "customer", {"resource_ids": ["x"] * 51}, (400, "CBC.0100")),
        ("solution_provider", "customer", {"effective_time_begin": "2026-03-02"}, (400, "CBC.0100")),
    ],
)
@on_both_sites
def test_who_and_what_is_refused(
    world: World, caller: str, customer: str, more: dict[str, Any], refusal: tuple[int, str]
) -> None:
    assert listed(world, world.caller(caller), customer, **more).refused == refusal


def test_an_unknown_customer_is_nobodys(world: World) -> None:
    assert world.solution_provider(LIST, {"customer_id": "unknown"}).refused == (400, "CBC.99000035")


def test_an_account_manager_sees_his_own_customers_resources(world: World) -> None:
    world.place("customers", name="second", credential="second", partner="demo-partner")
    assert listed(world, world.account_manager).status == 200
    assert listed(world, world.account_manager, "second").refused == (400, "CBC.99000035")
