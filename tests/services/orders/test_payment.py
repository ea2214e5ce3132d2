"""Where the money of a payment comes from, and how it is divided."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.driver import World
from tests.services.orders.checkout import balance, card, coupon, discount, paid_with, status
from tests.services.trading import disk, fund, order, pay, server

UNPAYABLE = (400, "CBC.99005003")


def combination(world: World, *members: dict[str, Any]) -> tuple[str, list[str]]:
    """A combined order, by default of a server for a month and a disk for a year: its id and those of its members."""
    usual: list[dict[str, Any]] = [{"items": [server(world)]}, {"items": [disk(world, 10)], "period": "year"}]
    orders = [{"customer": "demo-customer", **one} for one in members or usual]
    placed = world.place("combined_orders", orders=orders)
    return placed["id"], placed["members"]


def test_a_partner_paid_customer_pays_with_what_was_allocated(world: World) -> None:
    world.place("customers", name="demo-customer", allocated="40", cash="1000")
    pay(world.customer, order(world)).ok  # noqa: B018
    assert (balance(world), balance(world, "cash")) == (Decimal("7.80"), Decimal(1000))
    assert pay(world.customer, order(world)).refused == UNPAYABLE


def test_cash_comes_before_credit(world: World) -> None:
    order_id = order(world, number=3, customer="demo-referral")
    pay(world.referral_customer, order_id).ok  # noqa: B018
    assert paid_with(world, order_id) == {"cash": 80, "credit": Decimal("16.60")}
    assert balance(world, "credit", "demo-referral") == Decimal("83.40")


def test_cash_and_credit_together_must_suffice(world: World) -> None:
    order_id = order(world, number=6, customer="demo-referral")
    with world.unchanged():
        assert pay(world.referral_customer, order_id).refused == UNPAYABLE


def test_the_payment_is_in_the_statement_with_its_order(world: World) -> None:
    pay(world.customer, order(world)).ok  # noqa: B018
    [row] = world.customer("ListCustomerAccountChangeRecords", balance_type="BALANCE_TYPE_DEBIT", trade_type="DEDEUCT")[
        "records"
    ]
    assert (row["revenue_expense_type"], Decimal(str(row["change_amount"]))) == ("EXPENSE", Decimal("32.20"))


def test_abroad_the_reseller_model_pays_out_of_the_budget(abroad: World) -> None:
    fund(abroad)
    order_id = order(abroad)
    [line] = abroad.look("orders", id=order_id)[0]["lines"]
    pay(abroad.customer, order_id).ok  # noqa: B018
    [budget] = abroad.look("budgets", customer_id=abroad.customer.id)
    assert budget["used"] == line["list_price"]
    assert paid_with(abroad, order_id) == {"budget": Decimal(line["list_price"])}


def test_an_order_for_nothing_takes_no_money(world: World) -> None:
    order_id = order(world, price_adjustment="32.20")
    [one] = world.look("orders", id=order_id)[0]["offers"]
    pay(world.customer, order_id, discount=(one["id"], 609)).ok  # noqa: B018
    assert balance(world) == 150
    assert status(world, order_id) == 3


# Combined orders


def test_a_combination_is_paid_with_all_its_members(world: World) -> None:
    fund(world, "200")
    whole, members = combination(world)
    pay(world.customer, whole).ok  # noqa: B018
    assert [paid_with(world, one) for one in members] == [{"allocated": Decimal("32.20")}, {"allocated": 100}]
    assert [status(world, one) for one in (whole, *members)] == [3, 3, 3]
    world.advance("PT5S")
    assert [status(world, one) for one in (whole, *members)] == [5, 5, 5]
    assert len(world.look("resources")) == 2


def test_each_member_is_an_expense_of_its_own(world: World) -> None:
    fund(world, "200")
    whole, members = combination(world)
    pay(world.customer, whole).ok  # noqa: B018
    expenses = {row["order_id"]: row["amount"] for row in world.look("movements", trade="PURCHASE")}
    assert expenses == {members[0]: "32.20", members[1]: "100.00"}


def test_coupons_and_cards_are_divided_among_the_members(world: World) -> None:
    fund(world, "200")
    whole, members = combination(world)
    pay(world.customer, whole, coupon(world, "66.10"), card(world, "6.61")).ok  # noqa: B018
    paid = [paid_with(world, one) for one in members]
    assert [one["voucher"] for one in paid] == [Decimal("16.10"), Decimal("50.00")]
    assert sum(one["card"] for one in paid) == Decimal("6.61")
    assert [sum(one.values()) for one in paid] == [Decimal("32.20"), 100]


def test_a_discount_covers_lines_of_all_members(world: World) -> None:
    fund(world, "200")
    whole, members = combination(world)
    pay(world.customer, whole, discount=discount(world, ratio="0.5")).ok  # noqa: B018
    assert [paid_with(world, one) for one in members] == [{"allocated": Decimal("16.10")}, {"allocated": 50}]


def test_an_adjustment_of_one_member_takes_off_its_lines_only(world: World) -> None:
    fund(world, "200")
    whole, members = combination(
        world, {"items": [server(world)], "price_adjustment": "2.20"}, {"items": [disk(world, 10)]}
    )
    [one] = world.look("orders", id=members[0])[0]["offers"]
    assert pay(world.customer, whole).refused == (400, "CBC.99003108")
    pay(world.customer, whole, discount=(one["id"], 609)).ok  # noqa: B018
    assert [paid_with(world, one) for one in members] == [{"allocated": 30}, {"allocated": 10}]


def test_a_combination_is_paid_whole_or_not_at_all(world: World) -> None:
    fund(world, "40")
    whole, _ = combination(world)
    with world.unchanged():
        assert pay(world.customer, whole).refused == UNPAYABLE


def test_while_a_combination_is_being_paid_all_its_orders_read_unpaid(world: World) -> None:
    world.place("settings", payment_seconds=3)
    fund(world, "200")
    whole, members = combination(world)
    pay(world.customer, whole).ok  # noqa: B018
    assert [status(world, one) for one in (whole, *members)] == [6, 6, 6]
    world.advance("PT3S")
    assert [status(world, one) for one in (whole, *members)] == [3, 3, 3]


# Members of an enterprise


def test_a_master_account_pays_for_a_member_of_its_enterprise(world: World) -> None:
    order_id = order(world, payer="demo-referral")
    pay(world.customer, order_id).ok  # noqa: B018
    assert balance(world) == 150
    assert balance(world, "cash", "demo-referral") == Decimal("47.80")


def test_what_a_member_gives_up_is_paid_back_to_the_master_account(world: World) -> None:
    pay(world.customer, order(world, payer="demo-referral")).ok  # noqa: B018
    world.advance("PT5S")
    body = {"resource_ids": [world.look("resources")[0]["resource_id"]], "unsubscribe_type": 1}
    world.customer("CancelResourcesSubscription", body).ok  # noqa: B018
    world.advance("PT5S")
    assert (balance(world), balance(world, "cash", "demo-referral")) == (Decimal(150), Decimal(80))
