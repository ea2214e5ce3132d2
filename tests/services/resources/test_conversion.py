"""From yearly/monthly to pay-per-use: at the expiry, and at once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.driver import Answer, World
from tests.services.coupons.issuing import coupon, grant
from tests.services.resources.leaving import (
    allocated,
    give_up,
    renew,
    resource,
    returned,
    row,
    unsubscribe,
)
from tests.services.trading import REGION, buy, disk, order, package, pay, server
from tests.sites import on_both_sites

AT_EXPIRY, AT_ONCE = "UpdatePeriodToOnDemand", "UpdatePeriodToOnDemandInstantly"
CONVERT, GRACE = 1, 0


def set_up(world: World, *resource_ids: str, operation: str = "SET_UP") -> Answer:
    return world.customer(AT_EXPIRY, {"operation": operation, "resource_ids": list(resource_ids)})


def convert(world: World, *resource_ids: str) -> list[dict[str, Any]]:
    """The result for each resource."""
    return list(world.customer(AT_ONCE, {"resource_ids": list(resource_ids)})["to_ondemand_service_results"])


def policy(world: World, resource_id: str) -> int:
    """What the customer sees that will happen at the expiry."""
    (found,) = world.customer(
        "ListPayPerUseCustomerResources", {"resource_ids": [resource_id], "only_main_resource": 1}
    )["data"]
    return int(found["expire_policy"])


def on_demand(world: World) -> list[dict[str, Any]]:
    return world.look("on_demand_resources")


def to_the_expiry(world: World) -> None:
    world.control("PUT", f"sandboxes/{world.id}/clock", {"now": "2026-04-02T15:59:59Z"}).ok  # noqa: B018


# At the expiry


@on_both_sites
def test_at_its_expiry_a_resource_goes_on_as_pay_per_use(world: World) -> None:
    (one,) = buy(world)
    assert set_up(world, one).ok.body == {"error_details": []}
    assert policy(world, one) == CONVERT
    to_the_expiry(world)
    (running,) = on_demand(world)
    assert (running["id"], running["effective_on"], running["status"]) == (one, "2026-04-02T15:59:59Z", 1)
    assert running["product"] == resource(world, one)["product"]
    assert (resource(world, one)["status"], running["name"]) == (3, resource(world, one)["name"])


def test_the_partner_finds_it_among_pay_per_use_resources(world: World) -> None:
    (one,) = buy(world, disk(world))
    set_up(world, one)
    to_the_expiry(world)
    answer = world.solution_provider("ListCustomerOnDemandResources", {"customer_id": world.customer.id})
    assert [(row["resource_id"], row["resource_info"]) for row in answer["resources"]] == [(one, '{"specSize":40.0}')]


def test_attached_resources_change_with_their_main(world: World) -> None:
    main, mounted = buy(world, server(world, attached=[disk(world)]))
    set_up(world, main)
    assert policy(world, mounted) == CONVERT
    to_the_expiry(world)
    assert [one["id"] for one in on_demand(world)] == [main, mounted]


@on_both_sites
def test_cancelling_brings_the_grace_period_back(world: World) -> None:
    (one,) = buy(world)
    set_up(world, one)
    assert set_up(world, one, operation="CANCEL").ok.body == {"error_details": []}
    assert policy(world, one) == GRACE
    to_the_expiry(world)
    assert (resource(world, one)["status"], on_demand(world)) == (5, [])


@pytest.mark.parametrize(("first", "second"), [("SET_UP", "SET_UP"), ("CANCEL", "CANCEL")])
def test_saying_it_twice_changes_nothing(world: World, first: str, second: str) -> None:
    (one,) = buy(world)
    set_up(world, one, operation=first)
    with world.unchanged():
        set_up(world, one, operation=second).ok  # noqa: B018


def test_a_resource_renews_itself_or_changes_but_not_both(world: World) -> None:
    (one,) = buy(world)
    world.customer("AutoRenewalResources", {"auto_renew_times": 0}, resource_id=one).ok  # noqa: B018
    set_up(world, one)
    assert resource(world, one)["auto_renewal"] is None
    to_the_expiry(world)
    assert len(on_demand(world)) == 1


def test_cancelling_the_change_leaves_automatic_renewal_alone(world: World) -> None:
    (one,) = buy(world)
    world.customer("AutoRenewalResources", {"auto_renew_times": 0}, resource_id=one).ok  # noqa: B018
    with world.unchanged():
        set_up(world, one, operation="CANCEL").ok  # noqa: B018


def test_a_renewed_resource_changes_at_its_new_expiry(world: World) -> None:
    (one,) = buy(world)
    set_up(world, one)
    renew(world, one)
    to_the_expiry(world)
    assert on_demand(world) == []
    world.advance("P30D")
    assert [running["id"] for running in on_demand(world)] == [one]


def test_an_unpaid_renewal_is_overtaken_by_the_change(world: World) -> None:
    (one,) = buy(world)
    world.place("settings", order_payment_days=60)
    set_up(world, one)
    renew(world, one, paid=False)
    to_the_expiry(world)
    assert [(found["status"], found["cancelled_because"]) for found in world.look("orders", kind="2")] == [
        (4, "resource")
    ]


def test_a_renewal_in_the_last_seconds_comes_first(world: World) -> None:
    (one,) = buy(world)
    set_up(world, one)
    world.control("PUT", f"sandboxes/{world.id}/clock", {"now": "2026-04-02T15:59:57Z"}).ok  # noqa: B018
    renew(world, one)
    world.advance("PT1M")
    assert (resource(world, one)["status"], on_demand(world)) == (2, [])


def test_an_unsubscription_in_the_last_seconds_comes_first(world: World) -> None:
    (one,) = buy(world)
    set_up(world, one)
    world.control("PUT", f"sandboxes/{world.id}/clock", {"now": "2026-04-02T15:59:57Z"}).ok  # noqa: B018
    give_up(world, one)
    world.advance("PT1M")
    assert (resource(world, one)["status"], on_demand(world)) == (3, [])


def test_what_is_frozen_stays_frozen(world: World) -> None:
    (one,) = buy(world)
    set_up(world, one)
    world.place("resources", resource=one, frozen="violation")
    to_the_expiry(world)
    assert (resource(world, one)["status"], on_demand(world)) == (4, [])


def test_named_twice_is_named_once(world: World) -> None:
    (one,) = buy(world)
    assert set_up(world, one, one).ok.body == {"error_details": []}


# At once


def test_at_once_a_resource_goes_on_as_pay_per_use(world: World) -> None:
    (one,) = buy(world)
    world.advance("P10D")
    (result,) = convert(world, one)
    assert (result["resource_id"], result["result"]) == (one, "SUCCESS")
    assert (row(world, result["order_id"])["kind"], row(world, result["order_id"])["status"]) == (10, 3)
    world.advance("PT5S")
    assert (row(world, result["order_id"])["status"], resource(world, one)["status"]) == (5, 3)
    assert [running["id"] for running in on_demand(world)] == [one]


def test_what_is_left_comes_back_without_the_five_day_rule(world: World) -> None:
    (one,) = buy(world)
    world.advance("P2D")
    (result,) = convert(world, one)
    assert returned(row(world, result["order_id"])) == Decimal("30.18")
    world.advance("PT5S")
    assert allocated(world) == Decimal("10000") - Decimal("32.20") + Decimal("30.18")


def test_a_fee_and_lost_vouchers_are_as_in_an_unsubscription(world: World) -> None:
    world.place("settings", unsubscription_fee_percent=10)
    voucher = coupon(world, grant(world), face_value=10)
    (one,) = buy(world, coupons=[(voucher, 301)])
    world.advance("P16D")
    (result,) = convert(world, one)
    assert returned(row(world, result["order_id"])) == Decimal("9.99")


def test_renewed_periods_come_back_too(world: World) -> None:
    (one,) = buy(world)
    renew(world, one)
    world.advance("P15D")
    (result,) = convert(world, one)
    assert returned(row(world, result["order_id"])) == Decimal("16.10") + Decimal("32.20")


def test_attached_resources_go_along_at_once(world: World) -> None:
    main, mounted = buy(world, server(world, attached=[disk(world)]))
    (result,) = convert(world, main)
    world.advance("PT5S")
    assert [line["resources"] for line in row(world, result["order_id"])["lines"]] == [[main], [mounted]]
    assert [running["id"] for running in on_demand(world)] == [main, mounted]


def test_its_usage_is_charged_from_then_on(world: World) -> None:
    (one,) = buy(world)
    convert(world, one)
    world.advance("PT5S")
    before = allocated(world)
    world.advance("P1D")
    assert 0 < before - allocated(world) < 2


def test_an_unpaid_renewal_comes_to_nothing(world: World) -> None:
    (one,) = buy(world)
    renew(world, one, paid=False)
    (unpaid,) = world.look("orders", kind="2")
    assert convert(world, one)[0]["result"] == "SUCCESS"
    assert (row(world, unpaid["id"])["status"], row(world, unpaid["id"])["cancelled_because"]) == (4, "resource")
    assert pay(world.customer, unpaid["id"]).refused == (400, "CBC.99003106")


def test_an_expiry_meanwhile_changes_nothing(world: World) -> None:
    (one,) = buy(world)
    world.control("PUT", f"sandboxes/{world.id}/clock", {"now": "2026-04-02T15:59:57Z"}).ok  # noqa: B018
    convert(world, one)
    world.advance("PT5S")
    assert (resource(world, one)["status"], len(on_demand(world))) == (3, 1)


def test_each_resource_has_its_own_result(world: World) -> None:
    good, bad = buy(world, server(world), server(world, traits=["solution"]))
    results = convert(world, bad, good, "nothing", good)
    assert [(one["resource_id"], one["result"], one.get("error_code")) for one in results] == [
        (bad, "FAIL", "CBC.99003622"),
        (good, "SUCCESS", None),
        ("nothing", "FAIL", "CBC.99003012"),
    ]


def test_attached_resources_do_not_change_alone_at_once(world: World) -> None:
    _, mounted = buy(world, server(world, attached=[disk(world)]))
    with world.unchanged():
        assert [one["error_code"] for one in convert(world, mounted)] == ["CBC.99003609"]


# Refusals


def _trait(name: str) -> Callable[[World], str]:
    return lambda world: buy(world, server(world, traits=[name]))[0]


def _frozen(reason: str) -> Callable[[World], str]:
    def make(world: World) -> str:
        (one,) = buy(world)
        world.place("resources", resource=one, frozen=reason)
        return one

    return make


def _package(world: World) -> str:
    return buy(world, package(world))[0]


def _being_given_up(world: World) -> str:
    (one,) = buy(world)
    unsubscribe(world.customer, one).ok  # noqa: B018
    return one


def _of_a_frozen_account(world: World) -> str:
    (one,) = buy(world)
    world.place("customers", name="demo-customer", freeze_type="ACCOUNT_AND_RESOURCE")
    return one


def _given_up(world: World) -> str:
    (one,) = buy(world)
    give_up(world, one)
    return one


def _foreign(world: World) -> str:
    pay(world.referral_customer, order(world, customer="demo-referral")).ok  # noqa: B018
    world.advance("PT5S")
    return str(world.look("resources")[0]["resource_id"])


def _only_yearly_monthly(world: World) -> str:
    item = {
        "service": "hws.service.type.supportplan",
        "resource": "hws.resource.type.supportplan",
        "spec": "supportplan.enterprise",
        "region": REGION[world.site],
    }
    world.place("customers", name="demo-customer", allocated="60000")
    pay(world.customer, order(world, item)).ok  # noqa: B018
    world.advance("PT5S")
    return str(world.look("resources")[0]["resource_id"])


OBSTACLES: dict[str, tuple[Callable[[World], str], str]] = {
    "given up": (_given_up, "CBC.99003012"),
    "foreign": (_foreign, "CBC.99003012"),
    "marketplace": (_trait("marketplace"), "CBC.99003608"),
    "no such form": (_trait("no_on_demand"), "CBC.99003609"),
    "package": (_package, "CBC.99003611"),
    "solution": (_trait("solution"), "CBC.99003622"),
    "being given up": (_being_given_up, "CBC.99003623"),
    "violation": (_frozen("violation"), "CBC.99003624"),
    "police": (_frozen("police"), "CBC.99003625"),
    "account frozen": (_of_a_frozen_account, "CBC.99003626"),
}
obstacles = pytest.mark.parametrize(("make", "code"), OBSTACLES.values(), ids=OBSTACLES.keys())


@on_both_sites
@obstacles
def test_what_cannot_change_refuses_the_whole_call(world: World, make: Callable[[World], str], code: str) -> None:
    one = make(world)
    with world.unchanged():
        assert set_up(world, one).refused == (400, code)


@obstacles
def test_what_cannot_change_at_once_fails_by_itself(world: World, make: Callable[[World], str], code: str) -> None:
    one = make(world)
    with world.unchanged():
        assert [(each["result"], each["error_code"]) for each in convert(world, one)] == [("FAIL", code)]


@on_both_sites
@pytest.mark.parametrize("wait", ["P33D", "P50D"], ids=["grace", "retention"])
def test_in_grace_and_retention_a_resource_fails_by_itself(world: World, wait: str) -> None:
    (late,) = buy(world)
    world.advance(wait)
    (good,) = buy(world)
    answer = set_up(world, late, good)
    assert [(one["error_code"], one["id"]) for one in answer["error_details"]] == [("CBC.99003610", late)]
    assert policy(world, good) == CONVERT


@pytest.mark.parametrize("wait", ["P33D", "P50D"], ids=["grace", "retention"])
def test_in_grace_and_retention_a_resource_does_not_change_at_once(world: World, wait: str) -> None:
    (late,) = buy(world)
    world.advance(wait)
    assert convert(world, late)[0]["error_code"] == "CBC.99003610"


def test_what_has_no_pay_per_use_price_does_not_change(world: World) -> None:
    assert convert(world, _only_yearly_monthly(world))[0]["error_code"] == "CBC.99003609"


def test_what_hinders_an_attached_resource_hinders_its_main(world: World) -> None:
    main, _ = buy(world, server(world, attached=[disk(world, traits=["no_on_demand"])]))
    assert set_up(world, main).refused == (400, "CBC.99003609")


@on_both_sites
def test_attached_resources_do_not_change_alone(world: World) -> None:
    _, mounted = buy(world, server(world, attached=[disk(world)]))
    assert set_up(world, mounted).refused == (400, "CBC.0100")


@on_both_sites
@pytest.mark.parametrize(
    "fields", [{"operation": "set_up"}, {"resource_ids": []}, {"resource_ids": ["x"] * 101}], ids=str
)
def test_broken_wishes_are_refused(world: World, fields: dict[str, Any]) -> None:
    assert world.customer(AT_EXPIRY, {"operation": "CANCEL", "resource_ids": ["x"], **fields}).refused == (
        400,
        "CBC.0100",
    )


@pytest.mark.parametrize("ids", [[], ["x"] * 11, [""], ["x" * 65]], ids=len)
def test_broken_wishes_at_once_are_refused(world: World, ids: list[str]) -> None:
    assert world.customer(AT_ONCE, {"resource_ids": ids}).refused == (400, "CBC.0100")


def test_one_refusal_leaves_the_others_as_they_were(world: World) -> None:
    good, bad = buy(world, server(world), server(world, traits=["marketplace"]))
    with world.unchanged():
        assert set_up(world, good, bad).refused == (400, "CBC.99003608")
