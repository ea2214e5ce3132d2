"""A whole sale with the unmodified SDK, on each site: price, order, pay, use, renew, convert, unsubscribe."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.driver import World
from tests.sdk.conftest import Connect
from tests.sdk.platform import Platform
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
