"""What happens at 03:00: resources that renew by themselves."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.driver import World
from tests.services.orders.checkout import coupon, discount, left_of, paid_with
from tests.services.resources.leaving import renew, resource, unsubscribe
from tests.services.resources.renewals import (
    FAR,
    automatic,
    broke,
    expiry,
    orders,
    policy,
    renewal,
    status,
    until,
    with_disk,
)
from tests.services.trading import REGION, buy, fund
from tests.sites import on_both_sites

RENEWED = "2026-05-02T15:59:59Z"
"""When what was bought on 2 March for a month expires after one renewal."""

GRACE, RENEW = 0, 3


@on_both_sites
def test_it_renews_at_three_seven_days_before_the_expiry(world: World) -> None:
    ids = with_disk(world)
    automatic(world, ids[1]).ok  # noqa: B018
    until(world, FAR)
    assert orders(world) == []
    world.advance("PT1S")
    [found] = orders(world)
    assert (found["source"], found["user_name"], found["status"]) == (8, "运营系统", 3)
    assert [line["resources"] for line in found["lines"]] == [[one] for one in ids]
    world.advance("PT5S")
    assert [expiry(world, one) for one in ids] == [RENEWED, RENEWED]
    assert [status(world, one) for one in ids] == [2, 2]


@on_both_sites
def test_without_end_it_renews_again_and_again(world: World) -> None:
    (one,) = buy(world)
    automatic(world, one).ok  # noqa: B018
    world.advance("P1Y")
    assert (expiry(world, one), len(orders(world)), status(world, one)) == ("2027-04-02T15:59:59Z", 12, 2)


@on_both_sites
def test_a_number_is_used_up_and_then_the_resource_expires(world: World) -> None:
    ids = with_disk(world)
    automatic(world, ids[0], auto_renew_times=2).ok  # noqa: B018
    until(world, "2026-04-01T00:00:00Z")
    assert [resource(world, one)["auto_renewal"]["left"] for one in ids] == [1, 1]
    until(world, "2026-06-02T15:59:58Z")
    assert [policy(world, one) for one in ids] == [GRACE, GRACE]
    world.advance("PT1S")
    assert ([status(world, one) for one in ids], len(orders(world))) == ([5, 5], 2)


def test_it_renews_by_years_if_asked_to(world: World) -> None:
    (one,) = buy(world)
    automatic(world, one, period_type="YEAR").ok  # noqa: B018
    until(world, "2026-04-01T00:00:00Z")
    [found] = orders(world)
    assert (found["lines"][0]["list_price"], expiry(world, one)) == ("322.00", "2027-04-02T15:59:59Z")


def test_it_uses_the_discount_and_the_coupons(world: World) -> None:
    (one,) = buy(world)
    used, _ = coupon(world, "10")
    discount(world, "commercial", "0.9")
    automatic(world, one).ok  # noqa: B018
    until(world, "2026-03-26T00:00:00Z")
    [found] = orders(world)
    assert paid_with(world, found["id"]) == {"voucher": 10, "allocated": Decimal("18.98")}
    assert left_of(world, used) == 0


def test_what_cannot_be_paid_leaves_no_trace_and_is_tried_each_day(world: World) -> None:
    (one,) = buy(world)
    kept, _ = coupon(world, "10")
    automatic(world, one).ok  # noqa: B018
    broke(world, "22.19")
    until(world, "2026-03-27T18:59:59Z")
    assert (orders(world), left_of(world, kept), policy(world, one)) == ([], Decimal(10), RENEW)
    broke(world, "22.20")
    world.advance("PT1S")
    assert (len(orders(world)), left_of(world, kept)) == (1, Decimal(0))


@on_both_sites
def test_a_frozen_account_renews_nothing(world: World) -> None:
    (one,) = buy(world)
    automatic(world, one).ok  # noqa: B018
    world.place("customers", name="demo-customer", freeze_type="ACCOUNT")
    until(world, "2026-03-26T18:59:59Z")
    assert orders(world) == []
    world.place("customers", name="demo-customer", freeze_type="")
    world.advance("PT6S")
    assert expiry(world, one) == RENEWED


@pytest.mark.parametrize(("moment", "before"), [("2026-04-10T18:59:59Z", 5), ("2026-04-25T18:59:59Z", 4)])
def test_it_is_tried_in_the_grace_and_retention_periods_too(world: World, moment: str, before: int) -> None:
    (one,) = buy(world)
    automatic(world, one).ok  # noqa: B018
    broke(world)
    until(world, moment)
    assert status(world, one) == before
    fund(world)
    world.advance("PT6S")
    assert (status(world, one), expiry(world, one)) == (2, RENEWED)


def test_it_ends_with_the_release(world: World) -> None:
    (one,) = buy(world)
    automatic(world, one).ok  # noqa: B018
    broke(world)
    until(world, RENEWED)
    fund(world)
    world.advance("P1M")
    assert (status(world, one), orders(world)) == (3, [])


def test_a_renewal_that_would_be_over_already_is_not_paid(world: World) -> None:
    world.place("settings", retention_days=60)
    (one,) = buy(world)
    automatic(world, one).ok  # noqa: B018
    broke(world)
    until(world, RENEWED)
    fund(world)
    world.advance("P3D")
    assert (status(world, one), orders(world)) == (4, [])


@on_both_sites
def test_a_manual_renewal_before_moves_it_on_and_is_not_counted(world: World) -> None:
    (one,) = buy(world)
    automatic(world, one, auto_renew_times=1).ok  # noqa: B018
    renew(world, one)
    assert resource(world, one)["auto_renewal"]["left"] == 1
    until(world, "2026-04-24T18:59:59Z")
    assert (len(orders(world)), expiry(world, one)) == (1, RENEWED)
    world.advance("PT6S")
    assert (len(orders(world)), expiry(world, one)) == (2, "2026-06-02T15:59:59Z")


def test_a_monthly_policy_stays_monthly_after_a_year_by_hand(world: World) -> None:
    (one,) = buy(world)
    automatic(world, one).ok  # noqa: B018
    renewal(world, one, period=3, paid=True).ok  # noqa: B018
    until(world, "2027-04-01T00:00:00Z")
    assert expiry(world, one) == "2027-05-02T15:59:59Z"


def test_an_unpaid_order_puts_it_off(world: World) -> None:
    (one,) = buy(world)
    automatic(world, one).ok  # noqa: B018
    until(world, "2026-03-25T00:00:00Z")
    (order_id,) = renewal(world, one)["order_ids"]
    until(world, "2026-03-27T00:00:00Z")
    assert len(orders(world)) == 1
    world.customer("CancelCustomerOrder", {"order_id": order_id}).ok  # noqa: B018
    until(world, "2026-03-27T19:00:05Z")
    assert expiry(world, one) == RENEWED


def test_renewals_that_are_given_back_are_made_up_for(world: World) -> None:
    (one,) = buy(world)
    renew(world, one)
    automatic(world, one, auto_renew_times=1).ok  # noqa: B018
    until(world, "2026-03-28T00:00:00Z")
    unsubscribe(world.customer, one, kind=2).ok  # noqa: B018
    world.advance("PT5S")
    assert expiry(world, one) == "2026-04-02T15:59:59Z"
    until(world, "2026-03-28T19:00:05Z")
    assert expiry(world, one) == RENEWED


def test_what_goes_on_as_pay_per_use_does_not_renew(world: World) -> None:
    (one,) = buy(world)
    automatic(world, one).ok  # noqa: B018
    body = {"resource_ids": [one], "operation": "SET_UP"}
    world.customer("UpdatePeriodToOnDemand", body).ok  # noqa: B018
    until(world, "2026-04-01T00:00:00Z")
    assert orders(world) == []


@pytest.mark.parametrize(("trait", "renewed"), [("discontinued", 1), ("not_renewable", 0)])
def test_what_is_taken_off_sale_afterwards_goes_on(world: World, trait: str, renewed: int) -> None:
    (one,) = buy(world)
    automatic(world, one).ok  # noqa: B018
    world.place("resources", resource=one, traits=[trait])
    until(world, "2026-04-01T00:00:00Z")
    assert len(orders(world)) == renewed


def test_turned_on_late_it_is_tried_at_the_next_three(world: World) -> None:
    (one,) = buy(world)
    until(world, "2026-04-01T19:00:00Z")
    automatic(world, one).ok  # noqa: B018
    until(world, "2026-04-02T15:59:59Z")
    assert status(world, one) == 5
    until(world, "2026-04-02T19:00:05Z")
    assert (status(world, one), expiry(world, one)) == (2, RENEWED)


def test_a_package_is_released_after_automatic_renewal_is_turned_off(world: World) -> None:
    package = {"service": "hws.service.type.obs", "resource": "hws.resource.type.obs"}
    (one,) = buy(world, {**package, "spec": "obs.package.standard.40gb", "region": REGION["cn"]})
    automatic(world, one, auto_renew_times=1).ok  # noqa: B018
    until(world, "2026-04-03T00:00:00Z")
    assert (status(world, one), expiry(world, one), policy(world, one)) == (2, RENEWED, 2)
    until(world, RENEWED)
    assert status(world, one) == 3
