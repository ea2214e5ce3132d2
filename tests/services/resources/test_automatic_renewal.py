"""Automatic renewal: turned on and off, and what happens at 03:00 in China."""

from __future__ import annotations

from typing import Any

import pytest

from tests.driver import World
from tests.services.resources.leaving import renew, resource
from tests.services.resources.renewals import (
    automatic,
    configure,
    expiry,
    manual,
    orders,
    policy,
    renewal,
    status,
    until,
    with_disk,
)
from tests.services.trading import REGION, buy, order, pay, server
from tests.sites import on_both_sites

RENEWED = "2026-05-02T15:59:59Z"
"""When what was bought on 2 March for a month expires after one renewal."""

GRACE, RENEW = 0, 3


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
