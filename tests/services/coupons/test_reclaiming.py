"""Taking coupons back: by hand, and by what happens to an association, an order or the time."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.driver import World
from tests.services.coupons.issuing import balance, coupon, coupon_row, grant, issue_records, reclaim


def use(world: World, coupon_id: str, amount: str, order: str = "CS1") -> Any:
    return world.place("coupon_uses", coupon=coupon_id, amount=amount, order=order)


def records(world: World) -> list[tuple[str, Any]]:
    """Type and amount of what the partner sees, newest first."""
    return [(one["operation_type"], one["operation_amount"]) for one in issue_records(world)]


def test_what_is_left_of_a_coupon_returns_to_the_quota(world: World) -> None:
    quota = grant(world)
    coupon_id = coupon(world, quota)
    use(world, coupon_id, "32.20")
    assert reclaim(world.solution_provider, coupon_id).ok.status == 204
    assert balance(world, quota) == Decimal("967.80")
    assert records(world) == [("2", Decimal("67.80")), ("1", Decimal(100))]


def test_a_reclaimed_coupon_stays_in_sight_without_a_balance(world: World) -> None:
    coupon_id = coupon(world, grant(world))
    reclaim(world.solution_provider, coupon_id).ok  # noqa: B018
    row = coupon_row(world, coupon_id)
    assert (row["status"], row["balance"], row["face_value"]) == (5, 0, 100)


def test_a_reclaim_returning_200_is_a_refusal(world: World) -> None:
    coupon_id = coupon(world, grant(world))
    reclaim(world.solution_provider, coupon_id).ok  # noqa: B018
    with world.unchanged():
        assert reclaim(world.solution_provider, coupon_id).refused == (200, "CBC.99000048")


def test_an_expired_coupon_cannot_be_reclaimed(world: World) -> None:
    coupon_id = coupon(world, grant(world), expire_time="2026-03-02T03:00:00Z")
    world.advance("PT1H")
    with world.unchanged():
        assert reclaim(world.solution_provider, coupon_id).refused == (200, "CBC.99000048")


def test_a_used_coupon_cannot_be_reclaimed(world: World) -> None:
    coupon_id = coupon(world, grant(world))
    use(world, coupon_id, "100")
    assert reclaim(world.solution_provider, coupon_id).refused == (200, "CBC.99000048")


@pytest.mark.parametrize("hold", [{"frozen": True}, {"order": "CS1"}])
def test_a_frozen_or_held_coupon_is_reclaimed_when_it_is_free_again(world: World, hold: dict[str, Any]) -> None:
    coupon_id = coupon(world, grant(world))
    world.place("coupon_holds", coupon=coupon_id, **hold)
    with world.unchanged():
        assert reclaim(world.solution_provider, coupon_id).refused == (200, "CBC.99000048")
    world.place("coupon_holds", coupon=coupon_id, frozen=False, order="")
    reclaim(world.solution_provider, coupon_id).ok  # noqa: B018


def test_coupons_of_referral_customers_cannot_be_reclaimed(world: World) -> None:
    given = world.place("coupons", account="demo-referral", quota=grant(world), amount="10")
    with world.unchanged():
        assert reclaim(world.solution_provider, given["id"]).refused == (400, "CBC.99000045")


def test_a_coupon_must_be_the_partners(world: World) -> None:
    coupon_id = coupon(world, grant(world))
    with world.unchanged():
        assert reclaim(world.distributor, coupon_id).refused == (400, "CBC.0100")
        assert reclaim(world.solution_provider, "nothing").refused == (400, "CBC.0100")


def test_an_account_manager_reclaims_from_his_customers_only(world: World) -> None:
    world.place("users", account="demo-partner", name="demo-manager", items=["BPC_ITEM_SUBCUSTSERV_030201"])
    coupon_id = coupon(world, grant(world))
    world.place("customers", name="demo-customer", manager="")
    assert reclaim(world.account_manager, coupon_id).refused == (400, "CBC.0100")
    world.place("customers", name="demo-customer", manager="demo-partner/demo-manager")
    reclaim(world.account_manager, coupon_id).ok  # noqa: B018


def test_the_reseller_must_be_the_callers(world: World) -> None:
    with world.unchanged():
        answer = reclaim(world.distributor, "CP1", indirect_partner_id="nobody")
        assert answer.refused == (400, "CBC.99000037")


# Without a call


def test_at_its_expiry_the_rest_of_a_coupon_returns_to_the_quota(world: World) -> None:
    quota = grant(world)
    coupon_id = coupon(world, quota, expire_time="2026-03-02T03:00:00Z")
    use(world, coupon_id, "40")
    world.advance("PT59M59S")
    assert coupon_row(world, coupon_id)["status"] == 2
    world.advance("PT1S")
    assert (coupon_row(world, coupon_id)["status"], balance(world, quota)) == (4, 960)
    assert records(world)[0] == ("4", 60)


def test_a_used_coupon_stays_used_at_its_expiry(world: World) -> None:
    coupon_id = coupon(world, grant(world), expire_time="2026-03-02T03:00:00Z")
    use(world, coupon_id, "100")
    world.advance("PT1H")
    assert coupon_row(world, coupon_id)["status"] == 3
    assert len(records(world)) == 1


def test_coupons_come_back_when_a_customer_leaves(world: World) -> None:
    quota = grant(world)
    coupon(world, quota)
    world.place("dissociations", customer="demo-customer")
    assert (records(world)[0], balance(world, quota)) == (("3", 100), 1000)


def test_coupons_come_back_when_an_association_changes(world: World) -> None:
    quota = grant(world)
    coupon_id = coupon(world, quota)
    world.place("switches", customer="demo-customer", association="referral")
    assert (records(world)[0], balance(world, quota)) == (("8", 100), 1000)
    assert coupon_row(world, coupon_id)["status"] == 5


def test_coupons_of_another_partner_come_back_when_an_association_is_made(world: World) -> None:
    registered = world.solution_provider(
        "CreateSubCustomer", {"xaccount_id": "new", "xaccount_type": "DEMO_IDP", "domain_name": "new-customer"}
    )
    quota = grant(world, "demo-distributor", type="flexi")
    given = world.place("coupons", account=registered["domain_id"], quota=quota, amount="30")
    own = world.place("coupons", account=registered["domain_id"], amount="7")
    world.advance("PT2S")
    (record,) = world.distributor("ListPartnerCouponsRecord", operation_types=["7"])["records"]
    assert (record["coupon_id"], record["operation_amount"]) == (given["id"], 30)
    assert balance(world, quota) == 1000
    assert world.look("coupons", id=own["id"])[0]["status"] == 2


def test_the_vendors_own_coupons_stay_when_a_customer_leaves(world: World) -> None:
    world.place("coupons", account="demo-customer", amount="7")
    world.place("dissociations", customer="demo-customer")
    (row,) = world.customer("ListSubCustomerCoupons")["user_coupons"]
    assert (row["status"], row["balance"]) == (2, 7)


# Orders


def test_a_coupon_is_used_until_nothing_is_left(world: World) -> None:
    coupon_id = coupon(world, grant(world))
    use(world, coupon_id, "60", "CS1")
    row = coupon_row(world, coupon_id)
    assert (row["status"], row["balance"], row["order_id"]) == (2, 40, "CS1")
    use(world, coupon_id, "40", "CS2")
    row = coupon_row(world, coupon_id)
    assert (row["status"], row["balance"], row["order_id"]) == (3, 0, "CS1;CS2")
    assert row["last_used_time"] == "2026-03-02T02:00:00Z"


def test_an_unsubscribed_order_gives_the_coupon_back(world: World) -> None:
    coupon_id = coupon(world, grant(world))
    use(world, coupon_id, "100")
    world.place("coupon_returns", coupon=coupon_id, amount="70", order="CS1")
    row = coupon_row(world, coupon_id)
    assert (row["status"], row["balance"]) == (2, 70)


def test_what_comes_back_too_late_goes_to_the_quota(world: World) -> None:
    quota = grant(world)
    coupon_id = coupon(world, quota, expire_time="2026-03-02T03:00:00Z")
    use(world, coupon_id, "100")
    world.advance("PT1H")
    world.place("coupon_returns", coupon=coupon_id, amount="70", order="CS1")
    assert (records(world)[0], balance(world, quota)) == (("5", 70), 970)


@pytest.mark.parametrize(
    ("kind", "amount", "order", "words"),
    [
        ("coupon_uses", "100.01", "CS1", "has only 100"),
        ("coupon_uses", "0", "CS1", "above zero"),
        ("coupon_uses", "0.001", "CS1", "above zero"),
        ("coupon_returns", "1", "CS1", "paid only 0"),
    ],
)
def test_a_coupon_pays_what_it_has_and_gives_back_what_it_paid(
    world: World, kind: str, amount: str, order: str, words: str
) -> None:
    coupon_id = coupon(world, grant(world))
    with world.unchanged():
        fields = {"coupon": coupon_id, "amount": amount, "order": order}
        answer = world.control("POST", f"sandboxes/{world.id}/state/{kind}", fields)
    assert answer.status == 400
    assert words in answer.body["error"]


def test_a_coupon_pays_neither_early_nor_frozen_nor_for_another_order(world: World) -> None:
    quota = grant(world)
    early = coupon(world, quota, valid_time="2026-04-01T00:00:00Z")
    frozen, held = coupon(world, quota), coupon(world, quota)
    world.place("coupon_holds", coupon=frozen, frozen=True)
    world.place("coupon_holds", coupon=held, order="CS2")
    for coupon_id in (early, frozen, held):
        fields = {"coupon": coupon_id, "amount": "1", "order": "CS1"}
        assert world.control("POST", f"sandboxes/{world.id}/state/coupon_uses", fields).status == 400
    assert use(world, held, "1", "CS2")["lock_order_id"] == ""
