"""Unsubscribing: which resources go, what comes back and when, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.driver import World
from tests.services.coupons.issuing import balance, coupon, grant
from tests.services.resources.leaving import (
    allocated,
    give_up,
    refunds,
    renew,
    resource,
    returned,
    row,
    unsubscribe,
)
from tests.services.trading import buy, disk, order, package, server
from tests.sites import on_both_sites

RENEWALS_ONLY = 2
SERVER_REST = Decimal("22.13")
"""Of 32.20 for 32 days, after 10 of them."""


def left(world: World, coupon_id: str) -> Decimal:
    """What is left of a coupon."""
    return Decimal(world.look("coupons", id=coupon_id)[0]["balance"])


# What becomes of the order, the resource, the money


@on_both_sites
def test_an_unsubscription_is_processed_then_done(world: World) -> None:
    (one,) = buy(world)
    (order_id,) = unsubscribe(world.customer, one)["order_ids"]
    assert (row(world, order_id)["status"], resource(world, one)["status"]) == (3, 2)
    world.advance("PT5S")
    assert (row(world, order_id)["status"], resource(world, one)["status"]) == (5, 3)


@on_both_sites
def test_the_order_is_an_unsubscription_without_a_deadline(world: World) -> None:
    order_row = give_up(world, *buy(world))
    assert (order_row["kind"], order_row["deadline"], order_row["user_name"]) == (4, None, "demo-customer")
    assert [line["period_num"] for line in order_row["lines"]] == [None]


def test_only_what_succeeds_is_in_the_answer(world: World) -> None:
    assert set(unsubscribe(world.customer, *buy(world)).ok.body) == {"order_ids"}


def test_money_comes_back_at_the_end_of_the_processing(world: World) -> None:
    (one,) = buy(world)
    world.advance("P10D")
    before = allocated(world)
    unsubscribe(world.customer, one)
    assert allocated(world) == before
    world.advance("PT5S")
    assert allocated(world) == before + SERVER_REST


def test_the_customer_finds_the_refund_in_its_records(world: World) -> None:
    (one,) = buy(world)
    order_id = give_up(world, one)["id"]
    records = world.customer(
        "ListCustomerAccountChangeRecords", balance_type="BALANCE_TYPE_DEBIT", trade_type="REFUND"
    )["records"]
    assert [(one["change_amount"], one["revenue_expense_type"], one["trade_id"]) for one in records] == [
        ("32.20", "REVENUE", order_id)
    ]


def test_the_refund_is_split_into_paid_and_kept(world: World) -> None:
    (one,) = buy(world)
    world.advance("P10D")
    order_row = give_up(world, one)
    assert refunds(order_row) == [("vm", "-32.20"), ("vm", "10.07")]
    assert [one["base_order_id"] for one in order_row["refunds"]] == [resource(world, one)["terms"][0]["order_id"]] * 2
    assert [line["list_price"] for line in order_row["lines"]] == ["-22.13"]


@on_both_sites
def test_the_split_adds_up_to_the_order(world: World) -> None:
    world.place("settings", unsubscription_fee_percent=7)
    main, *_ = buy(world, server(world, attached=[disk(world), disk(world, 60)]))
    world.advance("P13D")
    order_row = give_up(world, main)
    split = sum(Decimal(one["amount"]) for one in order_row["refunds"])
    assert split == -returned(order_row) == sum(Decimal(line["list_price"]) for line in order_row["lines"])


@pytest.mark.parametrize("caller", ["customer", "solution_provider"])
def test_customer_and_partner_see_the_refund(world: World, caller: str) -> None:
    (one,) = buy(world)
    world.advance("P10D")
    order_id = give_up(world, one)["id"]
    rows = world.caller(caller)("ShowRefundOrderDetails", order_id=order_id, customer_id=world.customer.id)
    assert sorted(row["amount"] for row in rows["refund_infos"]) == [Decimal("-32.20"), Decimal("10.07")]
    details = world.caller(caller)("ShowCustomerOrderDetails", order_id=order_id)["order_info"]
    assert details["amount_after_discount"] == details["official_amount"] == Decimal("-22.13")
    assert details["amount_info"]["consumed_amount"] == Decimal("10.07")


def test_the_split_goes_by_type_of_resource(world: World) -> None:
    main, *_ = buy(world, server(world, attached=[disk(world), disk(world, 60)]))
    world.advance("P16D")
    assert refunds(give_up(world, main)) == [
        ("vm", "-32.20"),
        ("vm", "16.10"),
        ("volume", "-100.00"),
        ("volume", "50.00"),
    ]


def test_a_fee_is_kept_where_there_is_one(world: World) -> None:
    world.place("settings", unsubscription_fee_percent=10)
    (one,) = buy(world)
    world.advance("P10D")
    order_row = give_up(world, one)
    assert refunds(order_row) == [("vm", "-32.20"), ("vm", "10.07"), ("vm", "2.21")]
    assert (returned(order_row), order_row["lines"][0]["fee"]) == (Decimal("19.92"), "2.21")


def test_what_was_paid_by_credit_refills_the_credit_line(world: World) -> None:
    order_id = order(world, disk(world, 150), customer="demo-referral")
    body = {"order_id": order_id, "use_coupon": "NO", "use_discount": "NO"}
    assert world.referral_customer("PayOrders", body).status == 204
    world.advance("PT5S")
    (bought,) = world.look("resources")
    unsubscribe(world.referral_customer, bought["resource_id"]).ok  # noqa: B018
    world.advance("PT5S")
    books = {one["book"]: one["balance"] for one in world.look("ledger_accounts", owner_id=world.referral_customer.id)}
    assert (books["cash"], books["credit"]) == ("80.00", "100.00")


def test_who_left_its_partner_meanwhile_gets_its_own_cash(world: World) -> None:
    (one,) = buy(world)
    unsubscribe(world.customer, one)
    world.place("dissociations", customer="demo-customer")
    world.advance("PT5S")
    (book,) = world.look("ledger_accounts", owner_id=world.customer.id, book="cash")
    assert book["balance"] == "32.20"


# Coupons and cards


def test_vouchers_are_lost_with_consumption(world: World) -> None:
    voucher = coupon(world, grant(world), face_value=10)
    (one,) = buy(world, coupons=[(voucher, 301)])
    world.advance("P16D")
    order_row = give_up(world, one)
    assert (returned(order_row), refunds(order_row)) == (Decimal("11.10"), [("vm", "-22.20"), ("vm", "11.10")])
    assert left(world, voucher) == 0


def test_flexi_coupons_and_cards_come_back_in_part(world: World) -> None:
    flexi = coupon(world, grant(world, type="flexi"), face_value=10)
    card = world.place("stored_value_cards", customer="demo-customer", face_value="6")["id"]
    (one,) = buy(world, coupons=[(flexi, 302), (card, 303)])
    world.advance("P16D")
    give_up(world, one)
    assert left(world, flexi) == 5
    assert world.look("coupons", id=flexi)[0]["status"] == 2
    assert world.look("stored_value_cards", id=card)[0]["balance"] == "3.00"


def test_a_coupon_that_has_expired_goes_back_to_its_quota(world: World) -> None:
    quota = grant(world, type="flexi", validity={"effective": "P0D", "expires": "P12D"})
    flexi = coupon(world, quota, face_value=10)
    (one,) = buy(world, coupons=[(flexi, 302)])
    world.advance("P16D")
    give_up(world, one)
    assert left(world, flexi) == 0
    assert balance(world, quota) == 995


def test_what_was_given_back_by_hand_does_not_come_twice(world: World) -> None:
    flexi = coupon(world, grant(world, type="flexi"), face_value=10)
    (one,) = buy(world, coupons=[(flexi, 302)])
    paid_by = resource(world, one)["terms"][0]["order_id"]
    world.place("coupon_returns", coupon=flexi, amount="10", order=paid_by)
    give_up(world, one)
    assert left(world, flexi) == 10


def test_members_of_a_combination_give_coupons_back(world: World) -> None:
    voucher = coupon(world, grant(world), face_value=10)
    world.place("customers", name="demo-customer", allocated="5000")
    members = [{"customer": "demo-customer", "items": [server(world)]} for _ in range(2)]
    whole = world.place("combined_orders", orders=members)["id"]
    body = {
        "order_id": whole,
        "use_coupon": "YES",
        "coupon_infos": [{"id": voucher, "type": 301}],
        "use_discount": "NO",
    }
    assert world.customer("PayOrders", body).status == 204
    world.advance("PT5S")
    assert returned(give_up(world, world.look("resources")[0]["resource_id"])) == Decimal("32.20")
    assert left(world, voucher) == 5


# The reseller model


def test_abroad_the_budget_and_the_partners_debt_shrink(abroad: World) -> None:
    (one,) = buy(abroad)
    price = Decimal(resource(abroad, one)["terms"][0]["payable"])
    owed = Decimal(abroad.look("partners", name="demo-partner")[0]["unbilled_amount"])
    abroad.advance("P16D")
    back = returned(give_up(abroad, one))
    assert 0 < price / 2 - back < Decimal("0.01")
    assert Decimal(abroad.look("partners", name="demo-partner")[0]["unbilled_amount"]) == owed - back
    answer = abroad.solution_provider("ShowSubCustomerBudget", customer_id=abroad.customer.id)
    assert answer["used_amount"] == price - back


def test_a_refund_does_not_freeze_who_is_over_its_budget(abroad: World) -> None:
    body = {"customer_id": abroad.customer.id, "budget_amount": 1, "frozen_operate_type": 1}
    first, *_ = buy(abroad, server(abroad), disk(abroad))
    assert abroad.solution_provider("UpdateSubCustomerBudget", body).status == 204
    give_up(abroad, first)
    assert abroad.look("customers", name="demo-customer")[0]["freeze_type"] is None


# What goes together


@on_both_sites
def test_attached_resources_go_with_their_main(world: World) -> None:
    main, *disks = buy(world, server(world, attached=[disk(world), disk(world)]))
    order_row = give_up(world, main)
    assert [line["resources"] for line in order_row["lines"]] == [[main], [disks[0]], [disks[1]]]
    assert {one["status"] for one in world.look("resources")} == {3}


def test_a_mounted_disk_goes_alone(world: World) -> None:
    main, mounted = buy(world, server(world, attached=[disk(world)]))
    assert returned(give_up(world, mounted)) == 40
    assert (resource(world, main)["status"], resource(world, mounted)["status"]) == (2, 3)


def test_a_main_resource_and_what_is_attached_to_it_make_one_order(world: World) -> None:
    main, mounted = buy(world, server(world, attached=[disk(world)]))
    answer = unsubscribe(world.customer, mounted, main, mounted)
    assert len(answer["order_ids"]) == 1


def test_each_main_resource_makes_an_order(world: World) -> None:
    first, second = buy(world, server(world, quantity=2))
    answer = unsubscribe(world.customer, second, first)
    assert [row(world, one)["lines"][0]["resources"] for one in answer["order_ids"]] == [[second], [first]]


@on_both_sites
def test_a_bound_disk_goes_only_with_its_server(world: World) -> None:
    main, bound = buy(world, server(world, attached=[disk(world, traits=["bound"])]))
    with world.unchanged():
        assert unsubscribe(world.customer, bound).refused == (400, "CBC.99003185")
    assert len(give_up(world, main)["lines"]) == 2


@on_both_sites
def test_what_is_only_handled_as_a_whole_goes_with_its_order(world: World) -> None:
    first, second = buy(world, server(world, quantity=2, traits=["indivisible"]))
    assert unsubscribe(world.customer, first).refused == (400, "CBC.99003185")
    assert len(unsubscribe(world.customer, first, second)["order_ids"]) == 2


def test_what_was_given_up_before_is_no_matter_any_more(world: World) -> None:
    main, mounted = buy(world, server(world, attached=[disk(world)]))
    give_up(world, mounted)
    assert [line["resources"] for line in give_up(world, main)["lines"]] == [[main]]


# Renewed periods


@on_both_sites
def test_renewed_periods_alone_come_back_in_full(world: World) -> None:
    (one,) = buy(world)
    price = Decimal(resource(world, one)["terms"][0]["payable"])
    renew(world, one)
    world.advance("P10D")
    order_row = give_up(world, one, kind=RENEWALS_ONLY)
    left = resource(world, one)
    assert (returned(order_row), left["status"], len(left["terms"])) == (price, 2, 1)
    assert left["terms"][0]["ends_on"] == "2026-04-02T15:59:59Z"


def test_a_shortened_resource_expires_at_its_old_end(world: World) -> None:
    (one,) = buy(world)
    renew(world, one)
    give_up(world, one, kind=RENEWALS_ONLY)
    world.advance("P32D")
    assert resource(world, one)["status"] == 5


def test_only_those_attached_that_were_renewed_are_shortened(world: World) -> None:
    main, mounted = buy(world, server(world, attached=[disk(world)]))
    renew(world, main)
    give_up(world, mounted, kind=RENEWALS_ONLY)
    assert [line["resources"] for line in give_up(world, main, kind=RENEWALS_ONLY)["lines"]] == [[main]]


def test_the_resource_goes_with_its_renewed_periods(world: World) -> None:
    (one,) = buy(world)
    renew(world, one)
    world.advance("P15D")
    order_row = give_up(world, one)
    orders = [term["order_id"] for term in resource(world, one)["terms"]]
    found = sorted((one["base_order_id"], one["amount"]) for one in order_row["refunds"])
    assert found == sorted([(orders[0], "-32.20"), (orders[0], "16.10"), (orders[1], "-32.20")])


def test_a_renewed_period_that_has_begun_goes_only_with_the_resource(world: World) -> None:
    (one,) = buy(world)
    renew(world, one)
    world.advance("P32D")
    assert unsubscribe(world.customer, one, kind=RENEWALS_ONLY).refused == (400, "CBC.99003128")
    assert [one["amount"] for one in give_up(world, one)["refunds"]] == ["-32.20", "1.08"]


# Packages


def packages(world: World) -> list[bool]:
    """For each package, whether it is unsubscribed."""
    return [one["unsubscribed_on"] is not None for one in world.look("packages")]


def test_a_package_is_given_up_like_any_resource(world: World) -> None:
    (one,) = buy(world, package(world))
    assert returned(give_up(world, one)) == 86
    assert packages(world) == [True]


def test_a_package_goes_with_its_renewals(world: World) -> None:
    (one,) = buy(world, package(world))
    renew(world, one)
    assert returned(give_up(world, one)) == 172
    assert packages(world) == [True, True]


def test_a_renewed_package_keeps_its_first_period(world: World) -> None:
    (one,) = buy(world, package(world))
    renew(world, one)
    give_up(world, one, kind=RENEWALS_ONLY)
    assert packages(world) == [False, True]


# Time


@on_both_sites
def test_in_the_grace_period_nothing_comes_back(world: World) -> None:
    (one,) = buy(world)
    world.advance("P33D")
    order_row = give_up(world, one)
    assert (order_row["refunds"], order_row["returns"], resource(world, one)["status"]) == ([], [], 3)


def test_an_expiry_while_it_is_processed_changes_nothing(world: World) -> None:
    (one,) = buy(world)
    world.control("PUT", f"sandboxes/{world.id}/clock", {"now": "2026-04-02T15:59:57Z"}).ok  # noqa: B018
    give_up(world, one)
    assert resource(world, one)["status"] == 3


def test_what_is_given_up_renews_itself_no_more(world: World) -> None:
    (one,) = buy(world)
    assert world.customer("AutoRenewalResources", {"auto_renew_times": 0}, resource_id=one).status < 300
    give_up(world, one)
    world.advance("P2M")
    assert (resource(world, one)["auto_renewal"], len(world.look("orders"))) == (None, 2)
