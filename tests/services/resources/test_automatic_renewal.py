"""Automatic renewal: turned on and off, and what happens at 03:00 in China."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.driver import World
from tests.services.orders.checkout import coupon, discount, left_of, paid_with
from tests.services.resources.leaving import renew, resource, unsubscribe
from tests.services.resources.renewals import (
    FAR,
    automatic,
    broke,
    configure,
    expiry,
    manual,
    orders,
    policy,
    renewal,
    status,
    until,
)
from tests.services.trading import REGION, buy, disk, fund, order, pay, server
from tests.sites import on_both_sites

RENEWED = "2026-05-02T15:59:59Z"
"""When what was bought on 2 March for a month expires after one renewal."""

GRACE, RENEW = 0, 3


def with_disk(world: World) -> tuple[str, str]:
    machine, volume = buy(world, server(world, attached=[disk(world)]))
    return machine, volume


# Turned on


@on_both_sites
@pytest.mark.parametrize("named", [0, 1], ids=["the main resource", "the attached one"])
def test_a_main_resource_and_what_is_attached_to_it_renew_together(world: World, named: int) -> None:
    ids = with_disk(world)
    answer = automatic(world, ids[named])
    assert (answer.status, answer.content) == (204, b"")
    assert [policy(world, one) for one in ids] == [RENEW, RENEW]
    attempts = [resource(world, one)["auto_renewal"]["next_on"] for one in ids]
    assert attempts == ["2026-03-25T19:00:00Z", None]


@on_both_sites
@pytest.mark.parametrize(("body", "left"), [({}, None), ({"auto_renew_times": 0}, None), ({"auto_renew_times": 3}, 3)])
def test_without_a_number_it_has_no_end(world: World, body: dict[str, Any], left: int | None) -> None:
    (one,) = buy(world)
    automatic(world, one, **body).ok  # noqa: B018
    assert resource(world, one)["auto_renewal"]["left"] == left


@pytest.mark.parametrize(
    ("bought", "body", "period"),
    [("month", {}, 2), ("year", {}, 3), ("month", {"period_type": "YEAR"}, 3), ("year", {"period_type": "MONTH"}, 2)],
)
def test_the_period_is_that_of_the_last_order_if_none_is_named(
    world: World, bought: str, body: dict[str, str], period: int
) -> None:
    (one,) = buy(world, period=bought)
    automatic(world, one, **body).ok  # noqa: B018
    assert resource(world, one)["auto_renewal"]["period_type"] == period


def test_on_a_resource_that_renews_already_only_a_number_changes_anything(world: World) -> None:
    (one,) = buy(world)
    automatic(world, one, auto_renew_times=2).ok  # noqa: B018
    with world.unchanged():
        automatic(world, one).ok  # noqa: B018
        automatic(world, one, period_type="YEAR").ok  # noqa: B018
    automatic(world, one, auto_renew_times=5, period_type="YEAR").ok  # noqa: B018
    found = resource(world, one)["auto_renewal"]
    assert (found["left"], found["period_type"]) == (5, 3)


@on_both_sites
def test_only_the_callers_own_resources_are_there(world: World) -> None:
    (one,) = buy(world)
    until(world, "2026-05-02T15:59:59Z")
    assert status(world, one) == 3
    for named in (one, "no-such-resource"):
        assert automatic(world, named).refused == (400, "CBC.99003012")
        assert manual(world, named).refused == (400, "CBC.99003012")


def test_another_customers_resource_is_not_there(world: World) -> None:
    order_id = order(world, customer="demo-referral")
    pay(world.referral_customer, order_id).ok  # noqa: B018
    world.advance("PT5S")
    [row] = world.look("resources")
    assert automatic(world, row["resource_id"]).refused == (400, "CBC.99003012")


@on_both_sites
def test_what_has_expired_or_is_frozen_cannot_be_turned_on(world: World) -> None:
    expired, frozen = buy(world, server(world, quantity=2))
    world.place("resources", resource=frozen, frozen="police")
    assert automatic(world, frozen).refused == (400, "CBC.99003602")
    until(world, "2026-04-02T15:59:59Z")
    with world.unchanged():
        assert automatic(world, expired).refused == (400, "CBC.99003602")
    until(world, "2026-04-17T15:59:59Z")
    assert automatic(world, expired).refused == (400, "CBC.99003602")


@on_both_sites
@pytest.mark.parametrize("trait", ["discontinued", "not_renewable", "solution"])
def test_what_is_not_sold_any_more_cannot_be_turned_on(world: World, trait: str) -> None:
    (one,) = buy(world, server(world, traits=[trait]))
    assert automatic(world, one).refused == (400, "CBC.30010001")


def test_what_is_paid_once_cannot_be_turned_on(world: World) -> None:
    expert = {"service": "hws.service.type.offline", "resource": "hws.resource.type.general"}
    (one,) = buy(world, {**expert, "spec": "general.expert.day", "region": REGION["cn"]}, period="once")
    assert automatic(world, one).refused == (400, "CBC.30010001")


@on_both_sites
@pytest.mark.parametrize(
    "body", [{"auto_renew_times": -1}, {"auto_renew_times": 100}, {"period_type": "DAY"}, {"period_type": "month"}]
)
def test_parameters_have_their_limits(world: World, body: dict[str, Any]) -> None:
    (one,) = buy(world)
    assert automatic(world, one, **body).refused == (400, "CBC.0100")


# Turned off


@on_both_sites
def test_turned_off_a_resource_expires(world: World) -> None:
    ids = with_disk(world)
    automatic(world, ids[0]).ok  # noqa: B018
    answer = manual(world, ids[0])
    assert (answer.status, answer.content) == (204, b"")
    assert [policy(world, one) for one in ids] == [GRACE, GRACE]
    until(world, "2026-04-02T15:59:59Z")
    assert ([status(world, one) for one in ids], orders(world)) == ([5, 5], [])


@on_both_sites
def test_it_is_turned_off_once(world: World) -> None:
    (one,) = buy(world)
    assert manual(world, one).refused == (400, "CBC.99003605")
    automatic(world, one).ok  # noqa: B018
    manual(world, one).ok  # noqa: B018
    with world.unchanged():
        assert manual(world, one).refused == (400, "CBC.99003605")


@on_both_sites
def test_a_resource_id_is_not_longer_than_64_letters(world: World) -> None:
    assert manual(world, "a" * 65).refused == automatic(world, "a" * 65).refused == (400, "CBC.0100")


def test_an_attached_resource_can_stay_behind(world: World) -> None:
    machine, volume = with_disk(world)
    automatic(world, machine).ok  # noqa: B018
    manual(world, volume).ok  # noqa: B018
    assert (policy(world, machine), policy(world, volume)) == (RENEW, GRACE)
    until(world, "2026-04-02T15:59:59Z")
    assert (expiry(world, machine), status(world, volume)) == (RENEWED, 5)


def test_turned_on_for_what_stayed_behind_the_others_keep_their_number(world: World) -> None:
    machine, volume = with_disk(world)
    automatic(world, machine, auto_renew_times=4).ok  # noqa: B018
    manual(world, volume).ok  # noqa: B018
    automatic(world, volume).ok  # noqa: B018
    assert resource(world, machine)["auto_renewal"]["left"] == 4
    assert policy(world, volume) == RENEW


def test_on_off_and_on_again_renews_once(world: World) -> None:
    (one,) = buy(world)
    for _ in range(3):
        automatic(world, one).ok  # noqa: B018
        manual(world, one).ok  # noqa: B018
    automatic(world, one).ok  # noqa: B018
    until(world, "2026-04-20T00:00:00Z")
    assert (len(orders(world)), expiry(world, one)) == (1, RENEWED)


# At 03:00


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


# Settings


@on_both_sites
def test_the_day_of_charging_can_be_set(world: World) -> None:
    (one,) = buy(world)
    automatic(world, one).ok  # noqa: B018
    assert configure(world, "DEDUCTION_DATE", "3").ok.body == {"error_code": "CBC.0000", "error_msg": "success"}
    until(world, "2026-03-29T18:59:59Z")
    assert orders(world) == []
    world.advance("PT6S")
    assert expiry(world, one) == RENEWED


def test_a_day_of_charging_that_has_passed_means_the_next_three(world: World) -> None:
    configure(world, "DEDUCTION_DATE", "2").ok  # noqa: B018
    (one,) = buy(world)
    automatic(world, one).ok  # noqa: B018
    until(world, "2026-03-27T19:00:00Z")
    configure(world, "DEDUCTION_DATE", "7").ok  # noqa: B018
    until(world, "2026-03-28T18:59:59Z")
    assert orders(world) == []
    world.advance("PT6S")
    assert expiry(world, one) == RENEWED


@on_both_sites
@pytest.mark.parametrize(
    ("day", "end"), [("15", "2026-05-15T15:59:59Z"), ("2", RENEWED), ("1", "2026-06-01T15:59:59Z")]
)
def test_what_is_renewed_expires_on_a_common_day(world: World, day: str, end: str) -> None:
    (one,) = buy(world)
    configure(world, "EXPIRE_DATE", day).ok  # noqa: B018
    automatic(world, one).ok  # noqa: B018
    until(world, "2026-04-01T00:00:00Z")
    assert expiry(world, one) == end


def test_the_last_day_of_the_month_is_another_each_month(world: World) -> None:
    (one,) = buy(world)
    configure(world, "EXPIRE_DATE", "-1").ok  # noqa: B018
    automatic(world, one, auto_renew_times=2).ok  # noqa: B018
    world.advance("P4M")
    assert [term["ends_on"][:10] for term in resource(world, one)["terms"]] == [
        "2026-04-02",
        "2026-05-31",
        "2026-06-30",
    ]


def test_the_days_up_to_the_common_day_cost_their_thirtieth(world: World) -> None:
    (one,) = buy(world)
    configure(world, "EXPIRE_DATE", "15").ok  # noqa: B018
    (order_id,) = renewal(world, one)["order_ids"]
    [found] = orders(world)
    # 13 days beyond a month, at 32.20 a month: 13.95.
    assert (found["id"], found["lines"][0]["list_price"]) == (order_id, "46.15")
    assert found["lines"][0]["expires_on"] == "2026-05-15T15:59:59Z"


def test_each_setting_leaves_the_other_alone(world: World) -> None:
    configure(world, "EXPIRE_DATE", "28").ok  # noqa: B018
    configure(world, "DEDUCTION_DATE", "5").ok  # noqa: B018
    configure(world, "EXPIRE_DATE", "-1").ok  # noqa: B018
    [found] = world.look("renewal_settings")
    assert (found["deduction_days"], found["expire_day"]) == (5, -1)


def test_settings_are_the_customers_own(world: World) -> None:
    (one,) = buy(world)
    body = {"config_name": "EXPIRE_DATE", "config_value": "15"}
    world.referral_customer("SetResourcesRenewConfig", body).ok  # noqa: B018
    renew(world, one)
    assert expiry(world, one) == RENEWED


@on_both_sites
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEDUCTION_DATE", "1"),
        ("DEDUCTION_DATE", "8"),
        ("DEDUCTION_DATE", "07"),
        ("EXPIRE_DATE", "0"),
        ("EXPIRE_DATE", "29"),
        ("EXPIRE_DATE", "-2"),
        ("EXPIRE_DATE", ""),
        ("RENEWAL", "3"),
    ],
)
def test_settings_have_their_values(world: World, name: str, value: str) -> None:
    assert configure(world, name, value).refused == (400, "CBC.0100")
