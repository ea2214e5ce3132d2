"""The five-day rule of the China site: full refunds of what was bought lately, ten instances a year."""

from __future__ import annotations

from decimal import Decimal

from tests.driver import World
from tests.services.coupons.issuing import coupon, grant
from tests.services.resources.leaving import allocated, give_up, refunds, resource, returned, unsubscribe
from tests.services.trading import buy, disk, order, pay, server

FULL = Decimal("32.20")


def use_up(world: World, number: int) -> None:
    """Take so many instances from the quota of the year."""
    for one in buy(world, server(world, quantity=number)):
        assert returned(give_up(world, one)) == FULL


def test_within_five_days_everything_comes_back(world: World) -> None:
    (one,) = buy(world)
    assert refunds(give_up(world, one)) == [("vm", "-32.20")]
    assert allocated(world) == 10000


def test_the_rule_holds_for_exactly_five_times_24_hours(world: World) -> None:
    first, second = buy(world, server(world, quantity=2))
    world.advance("P5D")
    assert returned(give_up(world, first)) == FULL
    assert returned(give_up(world, second)) == Decimal("26.16")


def test_vouchers_come_back_too(world: World) -> None:
    voucher = coupon(world, grant(world), face_value=10)
    (one,) = buy(world, coupons=[(voucher, 301)])
    assert refunds(give_up(world, one)) == [("vm", "-32.20")]
    (back,) = world.look("coupons", id=voucher)
    assert Decimal(back["balance"]) == 10
    assert back["status"] == 2


def test_discount_coupons_do_not_come_back(world: World) -> None:
    ratio = world.place("coupons", account="demo-customer", amount="0.9", type="discount")["id"]
    (one,) = buy(world, coupons=[(ratio, 300)])
    assert returned(give_up(world, one)) == Decimal("28.98")
    assert world.look("coupons", id=ratio)[0]["status"] == 3


def test_no_fee_is_taken(world: World) -> None:
    world.place("settings", unsubscription_fee_percent=50)
    assert returned(give_up(world, *buy(world))) == FULL


def test_a_promotion_can_except_a_resource(world: World) -> None:
    (one,) = buy(world, server(world, traits=["no_five_day_rule"]))
    world.advance("PT1S")
    assert returned(give_up(world, one)) == Decimal("31.19")


def test_an_exception_holds_for_what_it_is_made_for_only(world: World) -> None:
    main, _ = buy(world, server(world, traits=["no_five_day_rule"], attached=[disk(world, traits=["bound"])]))
    world.advance("P1D")
    assert refunds(give_up(world, main)) == [("vm", "-32.20"), ("vm", "1.01"), ("volume", "-40.00")]


def test_abroad_there_is_no_such_rule(abroad: World) -> None:
    (one,) = buy(abroad)
    price = Decimal(resource(abroad, one)["terms"][0]["payable"])
    abroad.advance("P1D")
    order_row = give_up(abroad, one)
    assert returned(order_row) < price
    assert order_row["free_instances"] == []


def test_ten_instances_a_year_are_free(world: World) -> None:
    use_up(world, 10)
    (one,) = buy(world)
    world.advance("P1D")
    assert returned(give_up(world, one)) == Decimal("31.19")


def test_one_call_cannot_exceed_the_quota(world: World) -> None:
    use_up(world, 9)
    first, second = buy(world, server(world, quantity=2))
    world.advance("P1D")
    orders = unsubscribe(world.customer, second, first)["order_ids"]
    assert [returned(world.look("orders", id=one)[0]) for one in orders] == [FULL, Decimal("31.19")]


def test_each_account_has_its_own_quota(world: World) -> None:
    use_up(world, 10)
    assert pay(world.referral_customer, order(world, customer="demo-referral")).status == 204
    world.advance("PT5S")
    (one,) = world.look("resources", customer_id=world.referral_customer.id)
    world.advance("P1D")
    (order_id,) = unsubscribe(world.referral_customer, one["resource_id"])["order_ids"]
    assert returned(world.look("orders", id=order_id)[0]) == FULL


def test_the_quota_is_whole_again_with_the_year_of_china_time(world: World) -> None:
    use_up(world, 10)
    world.control("PUT", f"sandboxes/{world.id}/clock", {"now": "2026-12-31T15:59:00Z"}).ok  # noqa: B018
    first, second = buy(world, server(world, quantity=2))
    world.advance("PT30S")
    assert returned(give_up(world, first)) < FULL
    world.advance("PT30S")
    assert returned(give_up(world, second)) == FULL


# What counts as one


def test_what_is_bound_counts_with_its_main_resource(world: World) -> None:
    (main, *_) = buy(world, server(world, attached=[disk(world, traits=["bound"])]))
    order_row = give_up(world, main)
    assert (returned(order_row), order_row["free_instances"]) == (Decimal("72.20"), [main])


def test_what_is_mounted_counts_by_itself(world: World) -> None:
    main, mounted = buy(world, server(world, attached=[disk(world)]))
    assert give_up(world, main)["free_instances"] == [main, mounted]


def test_where_the_quota_ends_the_main_resource_comes_first(world: World) -> None:
    use_up(world, 9)
    main, _ = buy(world, server(world, attached=[disk(world)]))
    world.advance("P16D")
    assert give_up(world, main)["free_instances"] == []
    main, _ = buy(world, server(world, attached=[disk(world)]))
    world.advance("P1D")
    order_row = give_up(world, main)
    assert order_row["free_instances"] == [main]
    assert refunds(order_row) == [("vm", "-32.20"), ("volume", "-40.00"), ("volume", "1.25")]


def test_what_is_not_separable_counts_once_for_its_order(world: World) -> None:
    use_up(world, 9)
    first, second = buy(world, server(world, quantity=2, traits=["indivisible"]))
    orders = unsubscribe(world.customer, first, second)["order_ids"]
    assert [returned(world.look("orders", id=one)[0]) for one in orders] == [FULL, FULL]


def test_a_solution_counts_once_for_its_order(world: World) -> None:
    one, *_ = buy(world, server(world, traits=["solution"], attached=[disk(world, traits=["solution"])]))
    (bought_by,) = {term["order_id"] for term in resource(world, one)["terms"]}
    assert give_up(world, one)["free_instances"] == [bought_by]


def test_renewed_periods_use_nothing_of_the_quota(world: World) -> None:
    (one,) = buy(world)
    world.advance("P10D")
    body = {"resource_ids": [one], "period_type": 2, "period_num": 1, "is_auto_pay": 1}
    world.customer("RenewalResources", body).ok  # noqa: B018
    world.advance("PT5S")
    assert give_up(world, one, kind=2)["free_instances"] == []
