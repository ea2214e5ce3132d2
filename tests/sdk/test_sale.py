"""A whole sale with the unmodified SDK, on each site: price, order, pay, use, renew, convert, unsubscribe."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException

from tests.driver import World
from tests.sdk.conftest import Connect
from tests.sdk.seller import Platform
from tests.services.trading import EBS, ECS, REGION, VM, VOLUME, disk, fund, order, server
from tests.sites import on_both_sites

MONTH = 2
GIGABYTE = 17


@pytest.fixture
def platform(world: World, connect: Connect) -> Platform:
    fund(world, "1000.00")
    return Platform(world, connect)


def wait_for_completion(platform: Platform, order_id: str) -> Any:
    """Ask for the order as a program does that has just paid, until it is completed."""
    for _ in range(10):
        shown = platform.customer("show_customer_order_details", order_id=order_id).order_info
        if shown.status == 5:
            return shown
        platform.world.advance("PT1S")
    pytest.fail(f"order {order_id} stays in status {shown.status}")


def resources(platform: Platform, **filters: Any) -> list[Any]:
    return list(platform.customer("list_pay_per_use_customer_resources", filters).data)


def pay(platform: Platform, order_id: str, **means: Any) -> None:
    body = {"order_id": order_id, "use_coupon": "NO", "use_discount": "NO", **means}
    platform.customer("pay_orders", body)


def price(platform: Platform) -> Decimal:
    """The list price of a server with a disk for a month."""
    line = {"period_type": MONTH, "period_num": 1, "subscription_num": 1, "region": REGION[platform.world.site]}
    product = platform.models.PeriodProductInfo
    server_line = product(id="1", cloud_service_type=ECS, resource_type=VM, resource_spec="s6.small.1.linux", **line)
    disk_line = product(
        id="2",
        cloud_service_type=EBS,
        resource_type=VOLUME,
        resource_spec="SSD",
        resource_size=40,
        size_measure_id=GIGABYTE,
        **line,
    )
    answer = platform.customer(
        "list_rate_on_period_detail", {"project_id": "0", "product_infos": [server_line, disk_line]}
    )
    return Decimal(str(answer.official_website_rating_result.official_website_amount))


@on_both_sites
def test_a_sale_from_its_price_to_the_refund(world: World, platform: Platform) -> None:
    asked = price(platform)
    order_id = order(world, server(world, attached=[disk(world)]))
    (listed,) = platform.partner("list_customer_orders", status=6).order_infos
    assert (listed.order_id, Decimal(str(listed.official_amount))) == (order_id, asked)

    pay(platform, order_id)
    assert wait_for_completion(platform, order_id).payment_time == world.now.replace("05Z", "00Z")
    main, attached = sorted(resources(platform, order_id=order_id), key=lambda one: -one.is_main_resource)
    assert (main.status, attached.parent_resource_id) == (2, main.resource_id)

    renewal = {"resource_ids": [main.resource_id], "period_type": MONTH, "period_num": 1}
    quoted = platform.customer("list_renew_rate_on_period", renewal)
    assert Decimal(quoted.renew_inquiry_results[0].amount) == asked
    (renewed,) = platform.customer("renewal_resources", {**renewal, "is_auto_pay": 1}).order_ids
    wait_for_completion(platform, renewed)
    (longer,) = resources(platform, resource_ids=[main.resource_id], only_main_resource=1)
    assert longer.expire_time > main.expire_time

    platform.customer("auto_renewal_resources", {"auto_renew_times": 1}, resource_id=main.resource_id)
    assert resources(platform, only_main_resource=1)[0].expire_policy == 3
    platform.customer("update_period_to_on_demand", {"operation": "SET_UP", "resource_ids": [main.resource_id]})
    assert resources(platform, only_main_resource=1)[0].expire_policy == 1

    body = {"resource_ids": [main.resource_id], "unsubscribe_type": 1}
    (refund,) = platform.customer("cancel_resources_subscription", body).order_ids
    shown = wait_for_completion(platform, refund)
    amounts = platform.customer("show_refund_order_details", order_id=refund).refund_infos
    assert {one.base_order_id for one in amounts} == {order_id, renewed}
    back = sum(Decimal(str(one.amount)) for one in amounts)
    assert back == Decimal(str(shown.amount_after_discount)) < 0
    assert not resources(platform, status_list=[2])


def test_a_coupon_and_a_discount_pay_a_part(world: World, platform: Platform) -> None:
    world.place("discounts", customer="demo-customer", kind="commercial", ratio="0.9")
    quota = world.place("quotas", partner="demo-partner", amount="100")["id"]
    issue = {"quota_id": quota, "customer_ids": [world.customer.id], "face_value": Decimal("5.50")}
    platform.partner("create_partner_coupons", issue)
    order_id = order(world, server(world))

    (coupon,) = platform.customer("list_order_coupons_by_order_id", order_id=order_id).user_coupons
    (discount,) = platform.customer("list_order_discounts", order_id=order_id).discounts
    means = {
        "use_coupon": "YES",
        "coupon_infos": [platform.models.CouponSimpleInfoOrderPayV3(id=coupon.coupon_id, type=coupon.coupon_type)],
        "use_discount": "YES",
        "discount_infos": [platform.models.DiscountSimpleInfoV3(id=discount.discount_id, type=discount.discount_type)],
    }
    pay(platform, order_id, **means)
    shown = wait_for_completion(platform, order_id)
    assert (shown.official_amount, shown.amount_after_discount) == (32.2, 28.98)
    assert shown.amount_info.coupon_amount == 5.5
    days = {"trade_time_begin": "2026-03-02", "trade_time_end": "2026-03-02"}
    query = {"balance_type": "BALANCE_TYPE_DEBIT", "trade_id": order_id, **days}
    (record,) = platform.customer("list_customer_account_change_records", **query).records
    assert (record.change_amount, record.trade_detail_type) == ("23.48", "SOURCE_OPERAIION_DEDEUCT")


@on_both_sites
def test_a_package_is_bought_used_and_given_up(world: World, platform: Platform) -> None:
    item = {"service": "hws.service.type.obs", "resource": "hws.resource.type.obs", "region": REGION[world.site]}
    order_id = order(world, {**item, "spec": "obs.package.download.100gb"}, number=6)
    pay(platform, order_id)
    wait_for_completion(platform, order_id)
    bucket = world.place("on_demand_resources", customer="demo-customer", spec="obs", usage={}, **item)["id"]
    world.place("usages", resource=bucket, usage_type="download.external", amount="30")

    (package,) = platform.customer("list_free_resource_infos", {"order_id": order_id}).free_resource_packages
    ids = [one.free_resource_id for one in package.free_resources]
    (left,) = platform.customer("list_free_resource_usages", {"free_resource_ids": ids}).free_resources
    assert (package.status, package.free_resources[0].amount, left.amount) == (1, "70", 70)
    days = {"deduct_time_begin": "2026-03-01", "deduct_time_end": "2026-03-31"}
    (record,) = platform.customer("list_free_resources_usage_records", **days).free_resource_records
    assert (record.resource_id, record.used_amount, record.remaining_amount) == (bucket, "30", "70")

    body = {"resource_ids": [package.order_instance_id], "unsubscribe_type": 1}
    (refund,) = platform.customer("cancel_resources_subscription", body).order_ids
    wait_for_completion(platform, refund)
    (package,) = platform.customer("list_free_resource_infos", {"order_id": order_id}).free_resource_packages
    assert package.status == 4


def test_a_server_turns_pay_per_use_at_once(world: World, platform: Platform) -> None:
    pay(platform, bought := order(world, server(world)))
    wait_for_completion(platform, bought)
    (running,) = resources(platform)
    body = {"resource_ids": [running.resource_id]}
    (result,) = platform.customer("update_period_to_on_demand_instantly", body).to_ondemand_service_results
    assert result.result == "SUCCESS"
    wait_for_completion(platform, result.order_id)
    query = {"customer_id": world.customer.id}
    (used,) = platform.partner("list_customer_on_demand_resources", query).resources
    assert (used.resource_id, used.status) == (running.resource_id, 1)


@on_both_sites
def test_an_order_that_was_cancelled_cannot_be_paid(world: World, platform: Platform) -> None:
    order_id = order(world)
    platform.customer("cancel_customer_order", {"order_id": order_id})
    with pytest.raises(ClientRequestException) as caught:
        pay(platform, order_id)
    assert (caught.value.status_code, caught.value.error_code) == (400, "CBC.99003106")


@on_both_sites
def test_a_partner_cannot_pay_for_its_customer_in_its_own_name(world: World, platform: Platform) -> None:
    with pytest.raises(ClientRequestException) as caught:
        platform.partner("pay_orders", {"order_id": order(world), "use_coupon": "NO", "use_discount": "NO"})
    assert (caught.value.status_code, caught.value.error_code) == (403, "CBC.0151")
