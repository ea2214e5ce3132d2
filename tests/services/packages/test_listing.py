"""What customers see of their packages."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from mockserver.app import Server
from mockserver.services.packages import renew_package, unsubscribe_package
from tests.driver import World
from tests.services.metered import (
    BUNDLE,
    DOWNLOAD,
    INFOS,
    MONTHLY,
    RECORDS,
    REQUESTS,
    STORAGE,
    USAGES,
    bucket,
    infos,
    instances,
    package,
    records,
    topic,
    usages,
    use,
)

# The list


@pytest.mark.parametrize("world", ["cn", "intl"], indirect=True)
def test_a_gift_shows_all_that_is_said_of_a_package(world: World) -> None:
    placed = package(world)
    row = infos(world.customer)[0]
    assert row.pop("free_resources") == [
        {
            "free_resource_id": placed["items"][0]["free_resource_id"],
            "usage_type_name": "存储容量",
            "amount": "40",
            "original_amount": "40",
            "measure_id": 10,
        }
    ]
    assert row == {
        "order_instance_id": placed["id"],
        "order_id": "",
        "product_id": placed["product_id"],
        "product_name": "对象存储标准存储包 40GB",
        "enterprise_project_id": "0",
        "enterprise_project_scope": 0,
        "effective_time": "2026-03-02T02:00:00Z",
        "expire_time": "2027-03-02T15:59:59Z",
        "status": 1,
        "service_type_code": "hws.service.type.obs",
        "service_type_name": "对象存储服务",
        "region_code": placed["region"],
        "source_type": 1,
        "bundle_type": "ATOMIC_PKG",
        "quota_reuse_mode": 1,
    }


def test_names_come_in_the_language_asked_for(world: World) -> None:
    package(world)
    row = world.customer(INFOS, {}, X_Language="en_US")["free_resource_packages"][0]
    assert row["product_name"] == "OBS standard storage package, 40 GB"
    assert (row["service_type_name"], row["free_resources"][0]["usage_type_name"]) == (
        "Object Storage Service",
        "Storage",
    )


def test_a_bundle_has_an_item_for_each_usage_type(world: World) -> None:
    package(world, BUNDLE)
    row = infos(world.customer)[0]
    assert row["bundle_type"] == "BUNDLE_PKG"
    assert [item["original_amount"] for item in row["free_resources"]] == ["100", "50"]


def test_a_bought_package_names_its_order(world: World) -> None:
    package(world, order="CS2603021000ABCDE")
    assert [(row["order_id"], row["source_type"]) for row in infos(world.customer)] == [("CS2603021000ABCDE", 0)]


@pytest.mark.parametrize(("spec", "mode"), [(STORAGE, 1), (MONTHLY, 1), (DOWNLOAD, 2), (REQUESTS, 2)])
def test_packages_are_resettable_or_not(world: World, spec: str, mode: int) -> None:
    package(world, spec)
    assert [row["quota_reuse_mode"] for row in infos(world.customer)] == [mode]


def test_the_newest_package_comes_first(world: World) -> None:
    placed = [package(world, effective=one)["id"] for one in ("-P2D", "-P1D", "-P3D", "-P1D")]
    assert instances(world.customer) == [placed[3], placed[1], placed[0], placed[2]]


def test_packages_are_only_their_customers(world: World) -> None:
    package(world)
    assert infos(world.referral_customer) == []


def test_the_list_is_paged_by_rows(world: World) -> None:
    placed = [package(world, effective=f"-P{day}D")["id"] for day in range(1, 5)]
    answer = world.customer(INFOS, {"offset": 1, "limit": 2})
    assert [row["order_instance_id"] for row in answer["free_resource_packages"]] == placed[1:3]
    assert answer["total_count"] == 4


def test_ten_rows_come_if_nothing_is_said(world: World) -> None:
    for _ in range(11):
        package(world)
    assert len(world.customer(INFOS, {})["free_resource_packages"]) == 10


FILTERS: list[tuple[str, Any]] = [
    ("region_code", "cn-east-3"),
    ("order_id", "CS2603021000ABCDE"),
    ("product_name", "对象存储标准存储包 40GB"),
    ("service_type_code_list", ["HWS.service.type.OBS", "hws.service.type.none"]),
    ("status", 0),
]


@pytest.mark.parametrize(("name", "value"), FILTERS)
def test_each_filter_selects(world: World, name: str, value: Any) -> None:
    package(world, MONTHLY)
    wanted = package(world, region="cn-east-3", order="CS2603021000ABCDE", effective="P1D")["id"]
    assert instances(world.customer, **{name: value}) == [wanted]


def test_a_product_id_selects(world: World) -> None:
    package(world, MONTHLY)
    wanted = package(world)
    assert instances(world.customer, product_id=wanted["product_id"]) == [wanted["id"]]


@pytest.mark.parametrize("value", ["", None])
@pytest.mark.parametrize("name", ["region_code", "order_id", "product_id", "product_name", "status"])
def test_an_empty_filter_is_none(world: World, name: str, value: Any) -> None:
    package(world)
    assert len(infos(world.customer, **{name: value})) == 1


@pytest.mark.parametrize("value", [[], None])
def test_no_services_are_no_filter(world: World, value: Any) -> None:
    package(world)
    assert len(infos(world.customer, service_type_code_list=value)) == 1


@pytest.mark.parametrize("name", ["region_code", "order_id", "product_id", "product_name"])
def test_filters_match_whole_values(world: World, name: str) -> None:
    package(world)
    assert infos(world.customer, **{name: "cn"}) == []


@pytest.mark.parametrize("absent", [{}, {"enterprise_project_id": ""}, {"enterprise_project_id": None}])
def test_packages_of_an_enterprise_project_come_when_it_is_named(world: World, absent: dict[str, Any]) -> None:
    common, own = package(world)["id"], package(world, enterprise_project="project-7")["id"]
    assert instances(world.customer, **absent) == [common]
    assert instances(world.customer, enterprise_project_id="project-7") == [own]
    assert instances(world.customer, enterprise_project_id="0") == [common]


def test_a_package_of_a_project_is_bound_to_it(world: World) -> None:
    package(world, enterprise_project="project-7")
    row = infos(world.customer, enterprise_project_id="project-7")[0]
    assert (row["enterprise_project_id"], row["enterprise_project_scope"]) == ("project-7", 1)


# States


def test_a_package_goes_through_its_states_on_the_clock(world: World) -> None:
    package(world, DOWNLOAD, effective="P1D", expires="P10D")
    states = [infos(world.customer)[0]["status"]]
    for step in ("P1D", "P8D", "P1D"):
        world.advance(step)
        states += [infos(world.customer)[0]["status"]]
    assert states == [0, 1, 1, 3]


def test_a_package_without_rest_is_used_up(world: World) -> None:
    package(world, DOWNLOAD)
    use(world, bucket(world), 100, "download.external")
    assert [row["status"] for row in infos(world.customer, status=2)] == [2]


def test_a_resettable_package_is_used_up_until_its_next_cycle(world: World) -> None:
    package(world)
    use(world, bucket(world), 40)
    assert infos(world.customer)[0]["status"] == 2
    world.advance("P1M")
    assert (infos(world.customer)[0]["status"], infos(world.customer)[0]["free_resources"][0]["amount"]) == (1, "40")


def test_a_bundle_is_used_up_when_all_its_items_are(world: World) -> None:
    package(world, BUNDLE)
    resource = bucket(world)
    use(world, resource, 100)
    assert infos(world.customer)[0]["status"] == 1
    use(world, resource, 50, "download.external")
    assert infos(world.customer)[0]["status"] == 2


def test_what_ended_more_than_18_months_ago_is_gone(world: World) -> None:
    item = package(world, expires="P1M")["items"][0]["free_resource_id"]
    world.advance("P19M")
    assert len(infos(world.customer)) == len(usages(world.customer, item)) == 1
    world.advance("PT1S")
    assert infos(world.customer) == usages(world.customer, item) == []


def test_an_unsubscribed_package_stays_in_the_list(world: World, server: Server) -> None:
    placed, sandbox = package(world), server.universe.get(world.id)
    assert sandbox is not None
    with sandbox.transaction():
        unsubscribe_package(sandbox, sandbox.packages[placed["id"]], sandbox.now)
    assert instances(world.customer, status=4) == [placed["id"]]
    assert use(world, bucket(world), 1)["covered"] == "0"


# Usage of single items


def test_an_item_is_answered_as_numbers_with_its_cycle(world: World) -> None:
    item = package(world)["items"][0]["free_resource_id"]
    use(world, bucket(world), "12.5")
    assert usages(world.customer, item) == [
        {
            "free_resource_id": item,
            "free_resource_type_name": "对象存储",
            "quota_reuse_cycle": 4,
            "quota_reuse_cycle_type": 2,
            "usage_type_name": "存储容量",
            "start_time": "2026-03-02T02:00:00Z",
            "end_time": "2026-04-01T15:59:59Z",
            "amount": Decimal("27.5"),
            "original_amount": 40,
            "measure_id": 10,
        }
    ]


def test_type_names_come_in_the_language_asked_for(world: World) -> None:
    item = package(world)["items"][0]["free_resource_id"]
    row = usages(world.customer, item, X_Language="en_US")[0]
    assert (row["free_resource_type_name"], row["usage_type_name"]) == ("Object storage", "Storage")


def test_items_come_in_the_order_asked_for_and_once(world: World) -> None:
    first, second = (package(world)["items"][0]["free_resource_id"] for _ in range(2))
    rows = usages(world.customer, second, first, second)
    assert [row["free_resource_id"] for row in rows] == [second, first]


def test_an_item_without_reset_lasts_as_long_as_its_package(world: World) -> None:
    item = package(world, DOWNLOAD)["items"][0]["free_resource_id"]
    row = usages(world.customer, item)[0]
    assert (row["start_time"], row["end_time"]) == ("2026-03-02T02:00:00Z", "2026-09-02T15:59:59Z")
    assert "quota_reuse_cycle" not in row and "quota_reuse_cycle_type" not in row


def test_unknown_and_foreign_items_are_left_out(world: World) -> None:
    item = package(world)["items"][0]["free_resource_id"]
    assert usages(world.customer, "unknown") == []
    assert usages(world.referral_customer, item) == []


# Deductions


def test_a_deduction_tells_what_was_before_and_after(world: World) -> None:
    placed, resource = package(world), bucket(world)
    use(world, resource, "12.5")
    use(world, resource, 7)
    row = records(world.customer)[0]
    assert row == {
        "deduct_time": "2026-03-02T02:00:00Z",
        "free_resource_id": placed["items"][0]["free_resource_id"],
        "resource_id": resource,
        "resource_type_code": "hws.resource.type.obs",
        "resource_type_name": "对象存储",
        "resource_tag": "",
        "product_id": placed["product_id"],
        "product_name": "对象存储标准存储包 40GB",
        "usage_type_code": "size",
        "available_amount": "27.5",
        "remaining_amount": "20.5",
        "used_amount": "7",
        "measure_id": 10,
        "effective_time": "2026-03-02T02:00:00Z",
        "expire_time": "2026-03-02T02:00:00Z",
    }


@pytest.mark.parametrize("name", ["free_resource_id", "product_id", "resource_type_code"])
def test_each_filter_selects_deductions(world: World, name: str) -> None:
    package(world, BUNDLE)
    package(world, REQUESTS)
    use(world, bucket(world), 5)
    use(world, topic(world), 6, "reqNumber")
    wanted = records(world.customer)[0]
    assert wanted["used_amount"] == "6"
    assert records(world.customer, **{name: wanted[name]}) == [wanted]
    assert len(records(world.customer, **{name: ""})) == 2


def test_deductions_are_found_by_their_china_day(world: World) -> None:
    package(world)
    resource = bucket(world)
    world.advance("PT13H59M59S")
    use(world, resource, 1)
    world.advance("PT1S")
    use(world, resource, 2)
    assert [row["used_amount"] for row in records(world.customer)] == ["2", "1"]
    assert [row["used_amount"] for row in records(world.customer, "2026-03-02", "2026-03-02")] == ["1"]
    assert [row["used_amount"] for row in records(world.customer, "2026-03-03", "2026-03-03")] == ["2"]


def test_deductions_are_paged_by_rows(world: World) -> None:
    package(world)
    resource = bucket(world)
    for amount in (1, 2, 3):
        use(world, resource, amount)
    days = {"deduct_time_begin": "2026-03-02", "deduct_time_end": "2026-03-02"}
    answer = world.customer(RECORDS, offset=1, limit=1, **days)
    assert [row["used_amount"] for row in answer["free_resource_records"]] == ["2"]
    assert answer["total_count"] == 3


def test_the_span_is_ninety_days_at_most(world: World) -> None:
    assert records(world.customer, "2026-01-01", "2026-04-01") == []
    days = {"deduct_time_begin": "2026-01-01", "deduct_time_end": "2026-04-02"}
    assert world.customer(RECORDS, **days).refused == (400, "CBC.0100")


def test_an_end_before_the_begin_matches_nothing(world: World) -> None:
    package(world)
    use(world, bucket(world), 1)
    assert records(world.customer, "2026-03-03", "2026-03-01") == []


# Refusals

SENT: list[tuple[str, Any, dict[str, str]]] = [
    (INFOS, {}, {}),
    (USAGES, {"free_resource_ids": ["x"]}, {}),
    (RECORDS, None, {"deduct_time_begin": "2026-03-01", "deduct_time_end": "2026-03-02"}),
]


@pytest.mark.parametrize(("operation", "body", "parameters"), SENT)
@pytest.mark.parametrize("caller", ["solution_provider", "operator", "distributor", "customer_user"])
def test_only_the_customer_itself_may_ask(
    world: World, operation: str, body: Any, parameters: dict[str, str], caller: str
) -> None:
    assert world.caller(caller)(operation, body, **parameters).refused == (403, "CBC.0151")


@pytest.mark.parametrize(
    ("operation", "body", "parameters"),
    [
        (INFOS, {"status": 5}, {}),
        (INFOS, {"limit": 1001}, {}),
        (INFOS, {"offset": 1000000}, {}),
        (USAGES, {}, {}),
        (USAGES, {"free_resource_ids": []}, {}),
        (USAGES, {"free_resource_ids": ["x"] * 101}, {}),
        (RECORDS, None, {}),
        (RECORDS, None, {"deduct_time_begin": "2026-02-30", "deduct_time_end": "2026-03-01"}),
    ],
)
def test_what_breaks_the_rules_is_refused(world: World, operation: str, body: Any, parameters: dict[str, str]) -> None:
    assert world.customer(operation, body, **parameters).refused == (400, "CBC.0100")


# Renewals


def test_for_a_renewal_that_is_to_come_the_item_in_effect_is_answered(world: World, server: Server) -> None:
    placed, sandbox = package(world), server.universe.get(world.id)
    assert sandbox is not None
    end = sandbox.packages[placed["id"]].expires_on
    with sandbox.transaction():
        renewed = renew_package(sandbox, placed["id"], end, end + timedelta(days=365))
    present, coming = placed["items"][0]["free_resource_id"], renewed.items[0].free_resource_id
    assert [row["status"] for row in infos(world.customer)] == [0, 1]
    assert [row["free_resource_id"] for row in usages(world.customer, coming)] == [present]
    world.advance("P1Y1D")
    assert [row["free_resource_id"] for row in usages(world.customer, present, coming)] == [present, coming]


def test_an_item_that_is_to_come_stands_for_itself_if_nothing_is_in_effect(world: World) -> None:
    item = package(world, effective="P1D")["items"][0]["free_resource_id"]
    row = usages(world.customer, item)[0]
    assert (row["free_resource_id"], row["start_time"]) == (item, "2026-03-03T02:00:00Z")
