"""The list of yearly/monthly resources, as customers and their partners see it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.driver import Answer, Caller, World
from tests.services.resources.leaving import give_up, renew, resource
from tests.services.trading import ECS, VM, buy, disk, order, pay, server
from tests.sites import on_both_sites

LIST = "ListPayPerUseCustomerResources"


def listed(caller: Caller, **fields: Any) -> list[str]:
    """Ids of the resources that are answered."""
    return [one["resource_id"] for one in caller(LIST, fields)["data"]]


def of_partner(world: World, **fields: Any) -> list[str]:
    return listed(world.solution_provider, customer_id=world.customer.id, **fields)


def buy_for(world: World, name: str, credential: str) -> str:
    """A running server of another customer."""
    pay(world.caller(credential), order(world, customer=name)).ok  # noqa: B018
    world.advance("PT5S")
    return str(world.look("resources", customer_id=world.caller(credential).id)[0]["resource_id"])


# A row


def test_a_server_as_it_is_listed(world: World) -> None:
    project = {"id": "0aa1b2c3-d4e5", "name": "online-shop"}
    (one,) = buy(world, server(world, names=["web-01"]), enterprise_project=project)
    (row,) = world.customer(LIST, {})["data"]
    kept = resource(world, one)
    assert row == {
        "id": kept["id"],
        "resource_id": one,
        "resource_name": "web-01",
        "region_code": "cn-north-4",
        "service_type_code": ECS,
        "resource_type_code": VM,
        "resource_type_name": "云主机",
        "service_type_name": "弹性云服务器",
        "resource_spec_code": "s6.small.1.linux",
        "project_id": kept["project_id"],
        "product_id": kept["product_id"],
        "is_main_resource": 1,
        "status": 2,
        "effective_time": "2026-03-02T02:00:05Z",
        "expire_time": "2026-04-02T15:59:59Z",
        "expire_policy": 0,
        "product_spec_desc": row["product_spec_desc"],
        "update_time": "2026-03-02T02:00:05Z",
        "enterprise_project": project,
    }
    assert row["product_spec_desc"]


def test_an_attached_disk_names_its_main_resource_and_its_size(world: World) -> None:
    main, mounted = buy(world, server(world, attached=[disk(world, 60)]))
    (row,) = world.customer(LIST, {"resource_ids": [mounted]})["data"]
    assert (row["parent_resource_id"], row["is_main_resource"]) == (main, 0)
    assert (row["spec_size"], row["spec_size_measure_id"]) == (60, 17)


def test_names_are_in_the_language_of_the_site(abroad: World) -> None:
    buy(abroad)
    (row,) = abroad.customer(LIST, {})["data"]
    assert (row["service_type_name"], row["region_code"]) == ("Elastic Cloud Server", "ap-southeast-1")


def test_unpaid_orders_have_no_resources(world: World) -> None:
    order(world)
    assert world.customer(LIST, {}).ok.body == {"data": [], "total_count": 0}


def test_what_was_given_up_reads_as_running_until_it_is_done(world: World) -> None:
    (one,) = buy(world)
    world.customer("CancelResourcesSubscription", {"resource_ids": [one], "unsubscribe_type": 1}).ok  # noqa: B018
    assert listed(world.customer, status_list=[2]) == [one]
    world.advance("PT5S")
    assert listed(world.customer, status_list=[2]) == []
    assert listed(world.customer, status_list=[3]) == [one]


# Who sees what


@on_both_sites
def test_a_partner_names_its_customer(world: World) -> None:
    bought = buy(world)
    assert of_partner(world) == bought


@on_both_sites
@pytest.mark.parametrize("sent", [{}, {"customer_id": ""}])
def test_a_partner_must_name_the_customer(world: World, sent: dict[str, Any]) -> None:
    assert world.solution_provider(LIST, sent).refused == (400, "CBC.0100")


@pytest.mark.parametrize("caller", ["solution_provider", "distributor", "operator"])
def test_strangers_customers_have_nothing_to_show(world: World, caller: str) -> None:
    foreign = buy_for(world, "demo-reseller-customer", "reseller_customer")
    customer_id = (world.customer if caller == "distributor" else world.reseller_customer).id
    assert foreign
    assert buy(world)
    assert world.caller(caller)(LIST, {"customer_id": customer_id}).ok.body == {"data": [], "total_count": 0}


def test_an_unknown_customer_has_nothing_to_show(world: World) -> None:
    assert listed(world.solution_provider, customer_id="nobody") == []


def test_a_distributor_sees_its_resellers_customers(world: World) -> None:
    one = buy_for(world, "demo-reseller-customer", "reseller_customer")
    assert listed(world.distributor, customer_id=world.reseller_customer.id) == [one]


def test_an_account_manager_sees_his_own_customers_only(world: World) -> None:
    bought = buy(world)
    buy_for(world, "demo-referral", "referral_customer")
    assert listed(world.account_manager, customer_id=world.customer.id) == bought
    assert listed(world.account_manager, customer_id=world.referral_customer.id) == []


def test_a_customer_sees_its_own_whatever_it_names(world: World) -> None:
    bought = buy(world)
    other = buy_for(world, "demo-referral", "referral_customer")
    assert listed(world.customer, customer_id=world.referral_customer.id) == bought
    assert listed(world.referral_customer) == [other]


def test_who_left_is_the_former_partners_business_no_more(world: World) -> None:
    bought = buy(world)
    world.place("dissociations", customer="demo-customer")
    assert of_partner(world) == []
    assert listed(world.customer, status_list=[2]) == bought


# Filters


def test_named_main_resources_bring_what_is_attached(world: World) -> None:
    main, mounted, other = buy(world, server(world, attached=[disk(world)]), server(world))
    assert listed(world.customer, resource_ids=[main]) == [main, mounted]
    assert listed(world.customer, resource_ids=[main], only_main_resource=1) == [main]
    assert listed(world.customer, resource_ids=[other, main], only_main_resource=1) == [other, main]


@pytest.mark.parametrize("only_main", [0, 1])
def test_a_named_attached_resource_comes_by_itself(world: World, only_main: int) -> None:
    _, mounted, _ = buy(world, server(world, attached=[disk(world), disk(world)]))
    assert listed(world.customer, resource_ids=[mounted], only_main_resource=only_main) == [mounted]


def test_only_main_resources_if_so_asked(world: World) -> None:
    main, mounted = buy(world, server(world, attached=[disk(world)]))
    assert listed(world.customer, only_main_resource=1) == [main]
    assert listed(world.customer, only_main_resource=0) == [main, mounted]


def test_by_the_order_that_created_them(world: World) -> None:
    first = buy(world)
    second = buy(world)
    created_by = resource(world, first[0])["terms"][0]["order_id"]
    renew(world, *second)
    renewed_by = resource(world, second[0])["terms"][1]["order_id"]
    assert listed(world.customer, order_id=created_by) == first
    assert listed(world.customer, order_id=renewed_by) == []


def test_by_the_combination_that_created_them(world: World) -> None:
    world.place("customers", name="demo-customer", allocated="5000")
    members = [{"customer": "demo-customer", "items": [server(world)]} for _ in range(2)]
    whole = world.place("combined_orders", orders=members)["id"]
    pay(world.customer, whole).ok  # noqa: B018
    world.advance("PT5S")
    assert len(listed(world.customer, order_id=whole)) == 2


def test_by_state(world: World) -> None:
    first, second, third = buy(world, server(world, quantity=3))
    give_up(world, first)
    world.place("resources", resource=second, frozen="police")
    assert listed(world.customer, status_list=[3, 4]) == [second, first]
    assert listed(world.customer, status_list=[2]) == [third]
    world.advance("P33D")
    assert listed(world.customer, status_list=[5]) == [third]


def test_by_service(world: World) -> None:
    main, mounted = buy(world, server(world, attached=[disk(world)]))
    assert listed(world.customer, service_type_code=ECS) == [main]
    assert listed(world.customer, service_type_code="hws.service.type.ebs") == [mounted]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"expire_time_begin": "2026-04-02T15:59:58Z"}, 1),
        ({"expire_time_begin": "2026-04-02T15:59:59Z"}, 0),
        ({"expire_time_end": "2026-04-02T15:59:59Z"}, 0),
        ({"expire_time_end": "2026-04-02T16:00:00Z"}, 1),
    ],
)
def test_by_time_of_expiry_both_ends_exclusive(world: World, fields: dict[str, str], found: int) -> None:
    buy(world)
    assert len(listed(world.customer, **fields)) == found


@on_both_sites
@pytest.mark.parametrize(
    "fields",
    [
        {"resource_ids": []},
        {"resource_ids": None},
        {"order_id": ""},
        {"order_id": None},
        {"only_main_resource": None},
        {"status_list": []},
        {"status_list": None},
        {"expire_time_begin": "", "expire_time_end": ""},
        {"expire_time_begin": None, "expire_time_end": None},
        {"service_type_code": None},
    ],
    ids=str,
)
def test_nothing_sent_is_no_filter(world: World, fields: dict[str, Any]) -> None:
    bought = buy(world, server(world, attached=[disk(world)]))
    assert listed(world.customer, **fields) == bought


@pytest.mark.parametrize(
    "fields",
    [
        {"service_type_code": ""},
        {"status_list": [1]},
        {"status_list": [2] * 11},
        {"only_main_resource": 2},
        {"limit": 0},
        {"limit": 501},
        {"offset": -1},
        {"resource_ids": ["x"] * 51},
        {"expire_time_begin": "2026-04-02"},
    ],
    ids=str,
)
def test_broken_filters_are_refused(world: World, fields: dict[str, Any]) -> None:
    assert world.customer(LIST, fields).refused == (400, "CBC.0100")


# Order and pages


def test_the_newest_comes_first_and_attached_behind_its_main(world: World) -> None:
    old = buy(world, server(world, attached=[disk(world)]))
    new = buy(world, server(world, attached=[disk(world)]))
    assert listed(world.customer) == [*new, *old]


def page(caller: Caller, offset: int, limit: int) -> Answer:
    return caller(LIST, {"offset": offset, "limit": limit})


def test_pages_skip_rows_and_count_all(world: World) -> None:
    bought = buy(world, server(world, quantity=3))
    newest_first = bought[::-1]
    answer = page(world.customer, 1, 1)
    assert ([one["resource_id"] for one in answer["data"]], answer["total_count"]) == ([newest_first[1]], 3)
    assert page(world.customer, 5, 10).ok.body == {"data": [], "total_count": 3}


def test_ten_come_if_nothing_is_said(world: World) -> None:
    buy(world, server(world, quantity=12))
    assert len(listed(world.customer)) == 10
