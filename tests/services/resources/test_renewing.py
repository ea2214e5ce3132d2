"""Renewing by hand: what is ordered, what is paid automatically, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.driver import World
from tests.services.orders.checkout import balance, card, coupon, discount, left_of, limit, paid_with
from tests.services.resources.leaving import resource, row, unsubscribe
from tests.services.resources.renewals import broke, expiry, failures, renewal, status, until
from tests.services.trading import buy, disk, fund, order, pay, server
from tests.sites import on_both_sites

NOT_MAIN, NO_PERIOD, NOT_PAID = "CBC.30010036", "CBC.30010069", "CBC.30050006"


def paid(world: World, resource_id: str, **fields: Any) -> str:
    """A renewal that is to be paid automatically: its order."""
    answer = renewal(world, resource_id, paid=True, **fields)
    assert failures(answer) == {}
    return str(answer["order_ids"][0])


# What is ordered


@on_both_sites
def test_a_renewal_awaits_its_payment_and_then_lengthens_the_term(world: World) -> None:
    (one,) = buy(world)
    answer = renewal(world, one)
    assert set(answer.ok.body) == {"order_ids"}
    (order_id,) = answer["order_ids"]
    assert (row(world, order_id)["kind"], row(world, order_id)["status"]) == (2, 6)
    assert expiry(world, one) == "2026-04-02T15:59:59Z"
    pay(world.customer, order_id).ok  # noqa: B018
    world.advance("PT5S")
    assert (row(world, order_id)["status"], expiry(world, one)) == (5, "2026-05-02T15:59:59Z")


def test_the_order_names_its_term_its_price_and_who_ordered(world: World) -> None:
    (one,) = buy(world)
    (order_id,) = renewal(world, one, number=3)["order_ids"]
    found = row(world, order_id)
    [line] = found["lines"]
    assert (line["list_price"], line["period_type"], line["period_num"]) == ("96.60", 2, 3)
    assert (line["effective_on"], line["expires_on"]) == ("2026-04-02T15:59:59Z", "2026-07-02T15:59:59Z")
    assert (found["user_name"], found["source"]) == ("demo-customer", 1)
    assert (line["resources"], line["product_id"]) == ([one], resource(world, one)["product_id"])


def test_a_year_is_another_product_at_another_price(world: World) -> None:
    (one,) = buy(world)
    (order_id,) = renewal(world, one, period=3)["order_ids"]
    [line] = row(world, order_id)["lines"]
    assert (line["list_price"], line["expires_on"]) == ("322.00", "2027-04-02T15:59:59Z")
    assert line["product_id"] != resource(world, one)["product_id"]


def test_what_is_attached_is_renewed_with_its_main_resource(world: World) -> None:
    machine, volume = buy(world, server(world, attached=[disk(world)]))
    (order_id,) = renewal(world, machine)["order_ids"]
    main, attached = row(world, order_id)["lines"]
    assert (main["resources"], attached["resources"], attached["main"]) == ([machine], [volume], main["id"])
    pay(world.customer, order_id).ok  # noqa: B018
    world.advance("PT5S")
    assert expiry(world, machine) == expiry(world, volume) == "2026-05-02T15:59:59Z"


def test_each_main_resource_has_an_order_of_its_own(world: World) -> None:
    first, second = buy(world, server(world, quantity=2))
    ids = renewal(world, first, second)["order_ids"]
    assert [row(world, one)["lines"][0]["resources"] for one in ids] == [[first], [second]]


def test_renewals_can_be_renewed(world: World) -> None:
    (one,) = buy(world)
    for _ in range(2):
        paid(world, one)
        world.advance("PT5S")
    assert expiry(world, one) == "2026-06-02T15:59:59Z"
    assert len(resource(world, one)["terms"]) == 3


def test_the_enterprise_project_is_that_of_the_resource(world: World) -> None:
    (one,) = buy(world, enterprise_project={"id": "p-1", "name": "shop"})
    (order_id,) = renewal(world, one)["order_ids"]
    assert row(world, order_id)["project"] == ["p-1", "shop"]


# Paid automatically


@on_both_sites
def test_an_automatic_payment_renews_at_once(world: World) -> None:
    (one,) = buy(world)
    order_id = paid(world, one)
    assert row(world, order_id)["status"] == 3
    world.advance("PT5S")
    assert (row(world, order_id)["status"], expiry(world, one)) == (5, "2026-05-02T15:59:59Z")


def test_it_takes_the_commercial_discount_before_a_better_one(world: World) -> None:
    (one,) = buy(world)
    discount(world, "partner_set", "0.5")
    discount(world, "commercial", "0.9")
    order_id = paid(world, one)
    [line] = row(world, order_id)["lines"]
    assert [part["kind"] for part in line["reductions"]] == ["605"]
    assert paid_with(world, order_id) == {"allocated": Decimal("28.98")}


def test_it_uses_one_voucher_the_one_that_expires_first(world: World) -> None:
    (one,) = buy(world)
    late, _ = coupon(world, "10", validity={"expires": "P20D"})
    soon, _ = coupon(world, "10", validity={"expires": "P10D"})
    assert paid_with(world, paid(world, one)) == {"voucher": Decimal("10.00"), "allocated": Decimal("22.20")}
    assert (left_of(world, soon), left_of(world, late)) == (Decimal(0), Decimal(10))


def test_behind_the_voucher_come_flexi_coupons_and_cards_three_in_all(world: World) -> None:
    (one,) = buy(world)
    card(world, "3")
    flexi, _ = coupon(world, "2", type="flexi")
    voucher, _ = coupon(world, "10")
    first = paid_with(world, paid(world, one))
    assert first == {"voucher": 10, "flexi": 2, "card": 3, "allocated": Decimal("17.20")}
    assert left_of(world, flexi) == left_of(world, voucher) == 0


def test_what_is_beyond_three_stays(world: World) -> None:
    (one,) = buy(world)
    coupon(world, "10")
    flexis = [coupon(world, "1", type="flexi", validity={"expires": days})[0] for days in ("P9D", "P8D", "P7D")]
    card(world, "3")
    assert paid_with(world, paid(world, one)) == {"voucher": 10, "flexi": 2, "allocated": Decimal("20.20")}
    assert [left_of(world, each) for each in flexis] == [1, 0, 0]


def test_of_a_voucher_and_a_discount_coupon_the_first_to_expire_is_used(world: World) -> None:
    (one,) = buy(world)
    coupon(world, "10", validity={"expires": "P9D"})
    rate, _ = coupon(world, "0.9", type="discount", validity={"expires": "P8D"})
    assert paid_with(world, paid(world, one)) == {"allocated": Decimal("28.98")}
    assert left_of(world, rate) == 0


def test_of_several_cards_the_first_to_expire_is_used_first(world: World) -> None:
    (one,) = buy(world)
    late, soon = (card(world, "20", validity={"expires": days})[0] for days in ("P9D", "P8D"))
    assert paid_with(world, paid(world, one)) == {"card": Decimal("32.20")}
    balances = {each["id"]: Decimal(each["balance"]) for each in world.look("stored_value_cards")}
    assert (balances[late], balances[soon]) == (Decimal("7.80"), Decimal(0))


def test_coupons_that_do_not_fit_stay(world: World) -> None:
    (one,) = buy(world)
    later_on, _ = coupon(world, validity={"effective": "P1D", "expires": "P9D"})
    held, _ = coupon(world)
    world.place("coupon_holds", coupon=held, order="CS2603021010XXXXX")
    others = world.place("coupons", account="demo-referral", amount="10")["id"]
    quota = world.place(
        "quotas", partner="demo-partner", amount="10", restrictions={"services": ["hws.service.type.ebs"]}
    )
    elsewhere, _ = coupon(world, quota=quota["id"])
    assert paid_with(world, paid(world, one)) == {"allocated": Decimal("32.20")}
    assert {left_of(world, one) for one in (later_on, held, others, elsewhere)} == {10}


@pytest.mark.parametrize(
    ("restriction", "ratio", "used"),
    [
        (limit("simultaneousUseWithContractDiscount", "0"), "0.8", False),
        (limit("simultaneousUseWithEmpowerDiscount", "0"), "0.8", True),
        (limit("minConsumeDiscount", "0.9"), "0.8", False),
        (limit("minConsumeDiscount", "0.7"), "0.8", True),
    ],
)
def test_the_discount_comes_before_coupons_that_exclude_it(
    world: World, restriction: dict[str, Any], ratio: str, used: bool
) -> None:
    (one,) = buy(world)
    quota = world.place("quotas", partner="demo-partner", amount="10", restrictions={"limits": [restriction]})
    coupon(world, "10", quota=quota["id"])
    discount(world, "commercial", ratio)
    assert ("voucher" in paid_with(world, paid(world, one))) == used


def test_coupons_are_left_alone_where_the_sandbox_is_set_so(world: World) -> None:
    (one,) = buy(world)
    coupon(world)
    card(world)
    world.place("settings", automatic_coupons=False)
    assert paid_with(world, paid(world, one)) == {"allocated": Decimal("32.20")}


@on_both_sites
def test_what_cannot_be_paid_automatically_awaits_its_payment(world: World) -> None:
    (one,) = buy(world)
    world.place("customers", name="demo-customer", freeze_type="ACCOUNT")
    answer = renewal(world, one, paid=True)
    assert failures(answer) == {one: NOT_PAID}
    (order_id,) = answer["order_ids"]
    assert row(world, order_id)["status"] == 6
    fund(world)
    world.place("customers", name="demo-customer", freeze_type="")
    pay(world.customer, order_id).ok  # noqa: B018


def test_a_failed_automatic_payment_takes_nothing(world: World) -> None:
    first, second = buy(world, server(world, quantity=2))
    broke(world, "30")
    kept, _ = coupon(world, "1")
    discount(world, "commercial", "0.95")
    answer = renewal(world, first, second, paid=True)
    # One costs 30.59 and is paid with the coupon; for the other not enough is left.
    assert failures(answer) == {second: NOT_PAID}
    statuses = [row(world, one)["status"] for one in answer["order_ids"]]
    assert (statuses, left_of(world, kept), balance(world)) == ([3, 6], Decimal(0), Decimal("0.41"))
    assert row(world, answer["order_ids"][1])["lines"][0]["reductions"] == []


# What fails by itself


@on_both_sites
def test_what_is_not_a_main_resource_fails_by_itself(world: World) -> None:
    machine, volume = buy(world, server(world, attached=[disk(world)]))
    with world.unchanged():
        assert renewal(world, volume).refused == (400, NOT_MAIN)
    answer = renewal(world, volume, machine)
    assert failures(answer) == {volume: NOT_MAIN}
    assert len(answer["order_ids"]) == 1


def test_what_is_attached_in_a_bundle_comes_with_its_main_resource(world: World) -> None:
    machine, volume = buy(world, server(world, traits=["bundle"], attached=[disk(world, traits=["bundle"])]))
    assert renewal(world, volume).refused == (400, NOT_MAIN)
    assert renewal(world, machine).status == 200


@on_both_sites
@pytest.mark.parametrize("trait", ["not_renewable", "discontinued"])
def test_a_product_that_is_not_renewed_has_no_period(world: World, trait: str) -> None:
    good, bad = buy(world, server(world), server(world, traits=[trait]))
    with world.unchanged():
        assert renewal(world, bad).refused == (400, NO_PERIOD)
    answer = renewal(world, good, bad)
    assert (failures(answer), len(answer["order_ids"])) == ({bad: NO_PERIOD}, 1)


def test_periods_that_are_not_on_sale_do_not_exist(world: World) -> None:
    (one,) = buy(world)
    assert renewal(world, one, number=9).status == 200
    (other,) = buy(world)
    assert renewal(world, other, number=10).refused == (400, NO_PERIOD)


def test_what_was_paid_once_is_not_renewed(world: World) -> None:
    expert = {"service": "hws.service.type.offline", "resource": "hws.resource.type.general"}
    (one,) = buy(world, {**expert, "spec": "general.expert.day", "region": "cn-north-4"}, period="once")
    assert renewal(world, one).refused == (400, NO_PERIOD)


def test_the_first_failure_is_answered_where_all_fail(world: World) -> None:
    _, volume, fixed = buy(world, server(world, attached=[disk(world)]), server(world, traits=["not_renewable"]))
    assert renewal(world, volume, fixed).refused == (400, NOT_MAIN)
    assert renewal(world, fixed, volume).refused == (400, NO_PERIOD)


# What refuses the whole call


@on_both_sites
def test_resources_must_exist_and_be_the_callers(world: World) -> None:
    (one,) = buy(world)
    foreign = order(world, customer="demo-referral")
    world.place("customers", name="demo-referral", **({"cash": "100"} if world.site == "cn" else {"freeze_type": ""}))
    pay(world.referral_customer, foreign)
    world.advance("PT5S")
    others = [each["resource_id"] for each in world.look("resources") if each["resource_id"] != one]
    for named in ("no-such-resource", *others):
        with world.unchanged():
            assert renewal(world, one, named).refused == (400, "CBC.99003016")


@on_both_sites
def test_a_released_resource_is_not_there(world: World) -> None:
    (one,) = buy(world)
    until(world, "2026-05-02T15:59:58Z")
    assert renewal(world, one, number=2).status == 200
    until(world, "2026-05-02T15:59:59Z")
    assert (status(world, one), renewal(world, one, number=2).refused) == (3, (400, "CBC.99003016"))


@on_both_sites
def test_an_unpaid_order_stands_against_a_renewal_until_it_is_cancelled(world: World) -> None:
    first, second = buy(world, server(world, quantity=2))
    (order_id,) = renewal(world, first)["order_ids"]
    with world.unchanged():
        assert renewal(world, second, first).refused == (400, "CBC.99003100")
    world.customer("CancelCustomerOrder", {"order_id": order_id}).ok  # noqa: B018
    assert renewal(world, second, first).status == 200


@on_both_sites
def test_an_order_in_progress_stands_against_a_renewal(world: World) -> None:
    first, second, leaving = buy(world, server(world, quantity=3))
    paid(world, first)
    unsubscribe(world.customer, leaving).ok  # noqa: B018
    for busy in (first, leaving):
        with world.unchanged():
            assert renewal(world, second, busy).refused == (400, "CBC.99003144")
    world.advance("PT5S")
    assert renewal(world, second, first).status == 200


@on_both_sites
def test_a_payment_that_is_still_booked_is_an_order_in_progress(world: World) -> None:
    (one,) = buy(world)
    world.place("settings", payment_seconds=60)
    paid(world, one)
    assert renewal(world, one).refused == (400, "CBC.99003144")


@on_both_sites
def test_a_renewal_that_would_be_over_already_is_refused(world: World) -> None:
    world.place("settings", retention_days=60)
    (one,) = buy(world)
    until(world, "2026-05-02T15:59:58Z")
    assert status(world, one) == 4
    until(world, "2026-05-02T15:59:59Z")
    with world.unchanged():
        assert renewal(world, one).refused == (400, "CBC.99000092")
    assert renewal(world, one, number=2).status == 200


@on_both_sites
def test_there_is_a_longest_term(world: World) -> None:
    (one,) = buy(world)
    world.place("settings", longest_term_years=1)
    with world.unchanged():
        assert renewal(world, one, period=3).refused == (400, "CBC.99003154")
    assert renewal(world, one, number=9).status == 200


def test_nothing_is_ordered_where_one_of_several_is_too_long(world: World) -> None:
    short, long = buy(world, server(world, quantity=2))
    paid(world, long, number=9)
    world.advance("PT5S")
    world.place("settings", longest_term_years=1)
    with world.unchanged():
        assert renewal(world, short, long, number=9).refused == (400, "CBC.99003154")


@on_both_sites
def test_a_bundle_is_renewed_as_a_whole_and_by_itself(world: World) -> None:
    first, second, alone = buy(world, server(world, quantity=2, traits=["bundle"]), server(world))
    (other_bundle,) = buy(world, server(world, traits=["bundle"]))
    for part in ((first,), (first, second, alone), (first, second, other_bundle), (first, alone)):
        with world.unchanged():
            assert renewal(world, *part).refused == (400, "CBC.99003634")
    assert len(renewal(world, second, first)["order_ids"]) == 2
    assert renewal(world, other_bundle).status == renewal(world, alone).status == 200


@on_both_sites
@pytest.mark.parametrize(
    "fields",
    [
        {"resource_ids": []},
        {"resource_ids": ["one"] * 2},
        {"resource_ids": [str(number) for number in range(11)]},
        {"period_type": 1},
        {"period_type": 4},
        {"period_num": 0},
        {"period_num": 12},
        {"period_type": 3, "period_num": 4},
        {"is_auto_pay": 2},
    ],
)
def test_parameters_have_their_limits(world: World, fields: dict[str, Any]) -> None:
    (one,) = buy(world)
    body = {"resource_ids": [one], "period_type": 2, "period_num": 1, **fields}
    assert world.customer("RenewalResources", body).refused == (400, "CBC.0100")


@on_both_sites
@pytest.mark.parametrize(
    ("code", "http"),
    [("CBC.3144", 200), ("CBC.99003631", 200), ("CBC.3016", 200), ("CBC.3124", 200), (NOT_PAID, 400)],
)
def test_codes_of_older_tables_come_only_as_placed_faults(world: World, code: str, http: int) -> None:
    (one,) = buy(world)
    faults = [{"operation": "RenewalResources", "code": code, "times": 1}]
    world.control("PUT", f"sandboxes/{world.id}/faults", faults).ok  # noqa: B018
    assert renewal(world, one).refused == (http, code)
