"""The life of a resource: provisioned, expired, frozen, released, and brought back by a renewal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.driver import World
from tests.services.resources.leaving import renew, resource, row
from tests.services.resources.renewals import automatic, broke, expiry, policy, renewal, status, until
from tests.services.trading import REGION, buy, disk, fund, order, pay, server
from tests.sites import on_both_sites

IN_USE, CLOSED, FROZEN, EXPIRED = 2, 3, 4, 5
EXPIRY, FREEZING, RELEASE = "2026-04-02T15:59:59Z", "2026-04-17T15:59:59Z", "2026-05-02T15:59:59Z"
"""Of what was bought on 2 March for a month."""

RENEWED = "2026-05-02T15:59:59Z"
PACKAGE = {"service": "hws.service.type.obs", "resource": "hws.resource.type.obs", "spec": "obs.package.standard.40gb"}
EXPERT = {
    "service": "hws.service.type.offline", "resource": "hws.resource.type.general", "spec": "general.expert.day",
}  # fmt: skip


def statuses(world: World, resource_id: str, *moments: str) -> list[int]:
    """The state of a resource a second before each moment, and at it."""
    found = []
    for moment in moments:
        until(world, f"{moment[:17]}{int(moment[17:19]) - 1:02d}Z")
        found.append(status(world, resource_id))
        world.advance("PT1S")
        found.append(status(world, resource_id))
    return found


# Provisioned


def test_a_line_becomes_as_many_resources_as_it_has_pieces(world: World) -> None:
    ids = buy(world, server(world, quantity=3, attached=[disk(world)]))
    found = [resource(world, one) for one in ids]
    assert [one["main_id"] for one in found] == ["", "", "", *ids[:3]]
    assert len({one["name"] for one in found}) == 6


def test_each_piece_knows_its_share_of_the_price(world: World) -> None:
    ids = buy(world, server(world, quantity=3))
    terms = [resource(world, one)["terms"][0] for one in ids]
    assert [one["payable"] for one in terms] == ["32.20"] * 3
    assert [part["amount"] for one in terms for part in one["parts"]] == ["32.20"] * 3


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        ("2026-01-31T02:00:00Z", {}, "2026-02-28T15:59:59Z"),
        ("2028-01-31T02:00:00Z", {}, "2028-02-29T15:59:59Z"),
        ("2026-12-31T02:00:00Z", {"number": 2}, "2027-02-28T15:59:59Z"),
        ("2028-02-29T02:00:00Z", {"period": "year"}, "2029-02-28T15:59:59Z"),
        ("2027-02-28T02:00:00Z", {"period": "year"}, "2028-02-28T15:59:59Z"),
        ("2026-03-02T15:59:30Z", {}, "2026-04-02T15:59:59Z"),
        ("2026-03-02T16:00:00Z", {}, "2026-04-03T15:59:59Z"),
    ],
)
def test_a_term_ends_at_the_end_of_the_same_day_in_china(
    new_world: Callable[..., World], start: str, period: dict[str, Any], end: str
) -> None:
    world = new_world(site="cn", clock=start)
    (one,) = buy(world, **period)
    assert expiry(world, one) == end


@pytest.mark.parametrize(
    ("start", "ends"),
    [
        ("2026-01-31T02:00:00Z", ["2026-02-28", "2026-03-28", "2026-04-28"]),
        ("2028-01-30T02:00:00Z", ["2028-02-29", "2028-03-29", "2028-04-29"]),
    ],
)
def test_a_renewal_counts_from_the_end_it_follows(new_world: Callable[..., World], start: str, ends: list[str]) -> None:
    world = new_world(site="cn", clock=start)
    (one,) = buy(world)
    renew(world, one)
    renew(world, one)
    assert [term["ends_on"][:10] for term in resource(world, one)["terms"]] == ends


def test_several_months_at_once_keep_the_last_day(new_world: Callable[..., World]) -> None:
    world = new_world(site="cn", clock="2026-01-31T02:00:00Z")
    (one,) = buy(world, number=2)
    assert expiry(world, one) == "2026-03-31T15:59:59Z"


def test_what_is_paid_once_does_not_expire(world: World) -> None:
    (one,) = buy(world, {**EXPERT, "region": REGION["cn"]}, period="once")
    world.advance("P5Y")
    assert status(world, one) == IN_USE


# Expired


@on_both_sites
def test_it_expires_is_frozen_and_is_released(world: World) -> None:
    (one,) = buy(world)
    expected = [IN_USE, EXPIRED, EXPIRED, FROZEN, FROZEN, CLOSED]
    assert statuses(world, one, EXPIRY, FREEZING, RELEASE) == expected


def test_the_lengths_of_both_periods_are_settings(world: World) -> None:
    world.place("settings", grace_days=1, retention_days=3)
    (one,) = buy(world)
    expected = [IN_USE, EXPIRED, EXPIRED, FROZEN, FROZEN, CLOSED]
    assert statuses(world, one, EXPIRY, "2026-04-03T15:59:59Z", "2026-04-06T15:59:59Z") == expected


def test_without_both_periods_it_is_released_at_once(world: World) -> None:
    world.place("settings", grace_days=0, retention_days=0)
    (one,) = buy(world)
    assert statuses(world, one, EXPIRY) == [IN_USE, CLOSED]


def test_what_is_attached_goes_the_same_way(world: World) -> None:
    _, volume = buy(world, server(world, attached=[disk(world)]))
    expected = [IN_USE, EXPIRED, EXPIRED, FROZEN, FROZEN, CLOSED]
    assert statuses(world, volume, EXPIRY, FREEZING, RELEASE) == expected


def test_a_package_ends_with_its_term(world: World) -> None:
    (one,) = buy(world, {**PACKAGE, "region": REGION["cn"]})
    assert policy(world, one) == 2
    assert statuses(world, one, EXPIRY) == [IN_USE, CLOSED]


def test_automatic_renewal_without_money_expires_like_any_other(world: World) -> None:
    (one,) = buy(world)
    automatic(world, one).ok  # noqa: B018
    broke(world)
    expected = [IN_USE, EXPIRED, EXPIRED, FROZEN, FROZEN, CLOSED]
    assert statuses(world, one, EXPIRY, FREEZING, RELEASE) == expected


def test_a_release_cancels_the_unpaid_renewal(world: World) -> None:
    world.place("settings", order_payment_days=30)
    (one,) = buy(world)
    until(world, "2026-04-20T00:00:00Z")
    (order_id,) = renewal(world, one)["order_ids"]
    until(world, RELEASE)
    assert (status(world, one), row(world, order_id)["status"]) == (CLOSED, 4)
    assert pay(world.customer, order_id).refused == (400, "CBC.99003106")


# Brought back


@on_both_sites
@pytest.mark.parametrize(
    ("moment", "before"),
    [("2026-03-20T00:00:00Z", IN_USE), ("2026-04-10T00:00:00Z", EXPIRED), ("2026-04-25T00:00:00Z", FROZEN)],
)
def test_a_renewal_brings_it_back_and_begins_at_the_old_expiry(world: World, moment: str, before: int) -> None:
    (one,) = buy(world)
    until(world, moment)
    assert status(world, one) == before
    renew(world, one)
    assert (status(world, one), expiry(world, one)) == (IN_USE, RENEWED)
    assert resource(world, one)["terms"][1]["starts_on"] == EXPIRY


@pytest.mark.parametrize("moment", ["2026-04-10T00:00:00Z", "2026-04-25T00:00:00Z"])
def test_what_was_brought_back_expires_anew(world: World, moment: str) -> None:
    (one,) = buy(world)
    until(world, moment)
    renew(world, one)
    expected = [IN_USE, EXPIRED, EXPIRED, FROZEN, FROZEN, CLOSED]
    assert statuses(world, one, RENEWED, "2026-05-17T15:59:59Z", "2026-06-01T15:59:59Z") == expected


def test_a_renewal_that_is_being_processed_comes_before_the_release(world: World) -> None:
    world.place("settings", order_processing_seconds=3600)
    fund(world)
    order_id = order(world)
    pay(world.customer, order_id).ok  # noqa: B018
    world.advance("PT1H")
    [found] = world.look("resources")
    until(world, "2026-05-02T15:30:00Z")
    renewal(world, found["resource_id"], number=2, paid=True).ok  # noqa: B018
    world.advance("PT1H")
    assert (status(world, found["resource_id"]), expiry(world, found["resource_id"])) == (
        IN_USE,
        "2026-06-02T15:59:59Z",
    )


def test_a_renewal_of_a_package_that_is_being_processed_comes_before_its_end(world: World) -> None:
    (one,) = buy(world, {**PACKAGE, "region": REGION["cn"]})
    world.place("settings", order_processing_seconds=3600)
    until(world, "2026-04-02T15:30:00Z")
    renewal(world, one, paid=True).ok  # noqa: B018
    until(world, EXPIRY)
    assert status(world, one) == IN_USE
    world.advance("PT1H")
    assert (status(world, one), expiry(world, one)) == (IN_USE, RENEWED)


def test_a_renewed_package_gets_another_quota_behind_the_first(world: World) -> None:
    (one,) = buy(world, {**PACKAGE, "region": REGION["cn"]})
    renew(world, one)
    found = [(each["effective_on"], each["expires_on"], each["order_id"]) for each in world.look("packages")]
    first, second = resource(world, one)["terms"]
    assert found == [
        (first["starts_on"], EXPIRY, first["order_id"]),
        (EXPIRY, RENEWED, second["order_id"]),
    ]


def test_a_renewal_that_was_paid_too_late_to_be_of_use_expires_at_once(world: World) -> None:
    world.place("settings", retention_days=60)
    (one,) = buy(world)
    until(world, "2026-04-30T00:00:00Z")
    (order_id,) = renewal(world, one)["order_ids"]
    until(world, "2026-05-03T00:00:00Z")
    pay(world.customer, order_id).ok  # noqa: B018
    world.advance("PT5S")
    assert (expiry(world, one), status(world, one)) == (RENEWED, EXPIRED)


def test_what_is_frozen_for_a_violation_stays_so_until_that_is_lifted(world: World) -> None:
    (one,) = buy(world)
    world.place("resources", resource=one, frozen="violation")
    until(world, "2026-04-10T00:00:00Z")
    assert status(world, one) == FROZEN
    renew(world, one)
    assert (status(world, one), expiry(world, one)) == (FROZEN, RENEWED)
    world.place("resources", resource=one, frozen="")
    assert status(world, one) == IN_USE


def test_a_renewal_does_not_lift_what_froze_it_in_the_grace_period(world: World) -> None:
    (one,) = buy(world)
    until(world, "2026-04-10T00:00:00Z")
    world.place("resources", resource=one, frozen="police")
    renew(world, one)
    assert status(world, one) == FROZEN
    assert statuses(world, one, "2026-05-17T15:59:59Z") == [FROZEN, CLOSED]
