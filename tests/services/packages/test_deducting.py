"""Which packages usage draws on, in what order, and what it leaves."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.driver import World
from tests.services.metered import (
    BUNDLE,
    DOWNLOAD,
    MONTHLY,
    REQUESTS,
    bucket,
    charged,
    infos,
    left,
    package,
    product,
    records,
    topic,
    usages,
    use,
)


def test_usage_draws_on_a_package_before_it_costs_anything(world: World) -> None:
    package(world)
    charge = use(world, bucket(world), 40)
    assert (charge["usage"], charge["covered"], charge["amount"]) == ("40", "40", "0")
    assert left(world) == ["0"]


def test_what_packages_do_not_cover_is_charged(world: World) -> None:
    package(world)
    charge = use(world, bucket(world), 1040)
    assert (charge["covered"], charge["amount"]) == ("40", "0.138")


def test_the_package_that_expires_first_is_drawn_first(world: World) -> None:
    for expires in ("P3M", "P1M", "P2M"):
        package(world, DOWNLOAD, expires=expires)
    use(world, bucket(world), 150, "download.external")
    assert left(world) == ["100", "0", "50"]
    assert [row["used_amount"] for row in records(world.customer)] == ["50", "100"]


def test_usage_draws_on_its_own_item_of_a_bundle(world: World) -> None:
    package(world, BUNDLE)
    resource = bucket(world)
    use(world, resource, 30)
    use(world, resource, 20, "download.external")
    assert left(world) == ["70", "30"]


def test_a_package_of_another_region_covers_nothing(world: World) -> None:
    package(world, region="cn-east-3")
    assert use(world, bucket(world), 1)["covered"] == "0"


def test_a_package_of_another_service_covers_nothing(world: World) -> None:
    package(world, REQUESTS)
    assert use(world, bucket(world), 1)["covered"] == "0"


def test_a_package_of_another_customer_covers_nothing(world: World) -> None:
    package(world)
    resource = bucket(world, customer="demo-referral")
    assert use(world, resource, 1)["covered"] == "0"


@pytest.mark.parametrize(("project", "covered"), [("project-7", "1"), ("project-8", "0"), ("", "0")])
def test_a_package_of_a_project_covers_that_project_only(world: World, project: str, covered: str) -> None:
    package(world, enterprise_project="project-7")
    assert use(world, bucket(world, enterprise_project=project), 1)["covered"] == covered


def test_a_package_of_no_project_covers_every_project(world: World) -> None:
    package(world)
    assert use(world, bucket(world, enterprise_project="project-7"), 1)["covered"] == "1"


@pytest.mark.parametrize("times", [{"effective": "P1D"}, {"effective": "-P2D", "expires": "-P1D"}])
def test_a_package_that_is_not_in_effect_covers_nothing(world: World, times: dict[str, str]) -> None:
    package(world, **times)
    assert use(world, bucket(world), 1)["covered"] == "0"


def test_usage_in_another_unit_is_converted(world: World) -> None:
    package(world)
    world.place("usages", resource=bucket(world), usage_type="size", amount=512, measure=11)
    assert left(world) == ["39.5"]


def test_requests_are_counted(world: World) -> None:
    package(world, REQUESTS)
    charge = use(world, topic(world), 10250, "reqNumber")
    assert (charge["covered"], charge["amount"]) == ("10000", "2.5")


# Cycles


def test_a_calendar_package_is_whole_again_on_the_first(world: World) -> None:
    item = package(world, MONTHLY)["items"][0]["free_resource_id"]
    world.advance("P20D")
    network = world.place("on_demand_resources", **product(world, "cdn", "cdn", usage={}))["id"]
    use(world, network, 400, "flow")
    row = usages(world.customer, item)[0]
    assert (row["start_time"], row["end_time"], row["amount"]) == ("2026-03-02T02:00:00Z", "2026-03-31T15:59:59Z", 100)
    assert (row["quota_reuse_cycle"], row["quota_reuse_cycle_type"]) == (4, 1)
    world.advance("P9DT14H")
    row = usages(world.customer, item)[0]
    assert (row["start_time"], row["end_time"], row["amount"]) == ("2026-03-31T16:00:00Z", "2026-04-30T15:59:59Z", 500)


def test_a_subscription_package_is_whole_again_on_its_day(world: World) -> None:
    package(world)
    use(world, bucket(world), 25)
    world.advance("P30DT13H59M59S")
    assert left(world) == ["15"]
    world.advance("PT1S")
    assert left(world) == ["40"]


def test_a_package_without_reset_stays_used(world: World) -> None:
    package(world, DOWNLOAD)
    use(world, bucket(world), 25, "download.external")
    world.advance("P3M")
    assert left(world) == ["75"]


def test_usage_counts_in_the_cycle_in_which_it_began(world: World) -> None:
    package(world)
    world.advance("P30DT13H")
    bucket(world, {"size": 8})
    world.advance("PT1H")
    assert left(world) == ["40"]
    world.advance("PT1H")
    assert left(world) == ["32"]
    assert [row["available_amount"] for row in records(world.customer, end="2026-04-30")] == ["40", "40"]


def test_a_bucket_empties_its_package_hour_by_hour(world: World) -> None:
    package(world)
    bucket(world, {"size": 16})
    seen = []
    for _ in range(4):
        world.advance("PT1H")
        seen += left(world)
    assert seen == ["24", "8", "0", "0"]
    assert charged(world) == Decimal("24") * Decimal("0.000138")
    assert infos(world.customer)[0]["status"] == 2
