"""Which unsubscriptions are refused, whole or in part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.driver import World
from tests.services.resources.leaving import (
    give_up,
    renew,
    unsubscribe,
)
from tests.services.trading import buy, disk, server
from tests.sites import on_both_sites

CANCEL = "CancelResourcesSubscription"
RENEWALS_ONLY = 2


def failures(answer: Any) -> list[tuple[str, str]]:
    return [(one["error_code"], one["resource_id"]) for one in answer["fail_resource_infos"]]


def _give_trait(trait: str) -> Callable[[World, str], object]:
    return lambda world, one: world.place("resources", resource=one, traits=[trait])


def _renew_unpaid(world: World, one: str) -> None:
    renew(world, one, paid=False)


def _unsubscribe_already(world: World, one: str) -> None:
    unsubscribe(world.customer, one).ok  # noqa: B018


OBSTACLES: dict[str, tuple[Callable[[World, str], object], str, int]] = {
    "savings plan": (_give_trait("savings_plan"), "CBC.30000053", 1),
    "given up already": (lambda world, one: give_up(world, one), "CBC.30000067", 1),
    "unpaid order": (_renew_unpaid, "CBC.99003100", 1),
    "no renewed period": (lambda world, one: None, "CBC.99003128", RENEWALS_ONLY),
    "invoice": (_give_trait("invoiced"), "CBC.99003643", 1),
    "package": (_give_trait("no_refund_package"), "CBC.99003647", 1),
    "trial": (_give_trait("trial"), "CBC.99003649", 1),
    "marketplace": (_give_trait("marketplace"), "CBC.99003650", 1),
    "being given up": (_unsubscribe_already, "CBC.99003651", 1),
    "software development": (_give_trait("codearts"), "CBC.99003652", 1),
    "bandwidth add-on": (_give_trait("bandwidth_addon"), "CBC.99003654", RENEWALS_ONLY),
    "violation": (lambda world, one: world.place("resources", resource=one, frozen="violation"), "CBC.99003656", 1),
    "police": (lambda world, one: world.place("resources", resource=one, frozen="police"), "CBC.99003656", 1),
    "no price": (_give_trait("unpriced"), "CBC.99006066", 1),
}
obstacles = pytest.mark.parametrize(("hinder", "code", "kind"), OBSTACLES.values(), ids=OBSTACLES.keys())


@on_both_sites
@obstacles
def test_a_resource_that_cannot_go_is_refused(
    world: World, hinder: Callable[[World, str], object], code: str, kind: int
) -> None:
    (one,) = buy(world)
    hinder(world, one)
    with world.unchanged():
        assert unsubscribe(world.customer, one, kind=kind).refused == (400, code)


@on_both_sites
@obstacles
def test_one_that_cannot_go_does_not_keep_the_other(
    world: World, hinder: Callable[[World, str], object], code: str, kind: int
) -> None:
    bad, good = buy(world, server(world, quantity=2))
    hinder(world, bad)
    if kind == RENEWALS_ONLY:
        renew(world, good)
    answer = unsubscribe(world.customer, bad, good, kind=kind)
    assert (len(answer["order_ids"]), failures(answer)) == (1, [(code, bad)])


@on_both_sites
def test_an_unknown_or_foreign_resource_is_refused(world: World) -> None:
    (one,) = buy(world)
    assert unsubscribe(world.customer, "nothing").refused == (400, "CBC.99003012")
    assert unsubscribe(world.referral_customer, one).refused == (400, "CBC.99003012")
    answer = unsubscribe(world.customer, "nothing", one)
    assert (len(answer["order_ids"]), failures(answer)) == (1, [("CBC.99003012", "nothing")])


@on_both_sites
def test_a_part_of_a_whole_fails_beside_another(world: World) -> None:
    _, bound = buy(world, server(world, attached=[disk(world, traits=["bound"])]))
    (other,) = buy(world)
    assert failures(unsubscribe(world.customer, other, bound)) == [("CBC.99003185", bound)]


def test_what_hinders_an_attached_resource_hinders_its_main(world: World) -> None:
    main, mounted = buy(world, server(world, attached=[disk(world, traits=["invoiced"])]))
    (other,) = buy(world)
    answer = unsubscribe(world.customer, mounted, other, main)
    assert failures(answer) == [("CBC.99003643", main), ("CBC.99003643", mounted)]


def test_an_attached_resource_that_is_gone_is_named_in_vain(world: World) -> None:
    main, mounted = buy(world, server(world, attached=[disk(world)]))
    give_up(world, mounted)
    assert failures(unsubscribe(world.customer, main, mounted)) == [("CBC.30000067", mounted)]


def test_the_first_of_several_obstacles_is_the_answer(world: World) -> None:
    (one,) = buy(world, server(world, traits=["trial"]))
    assert unsubscribe(world.customer, one, "nothing").refused == (400, "CBC.99003649")


def test_a_payment_that_is_being_booked_is_a_transaction_in_progress(world: World) -> None:
    (one,) = buy(world)
    world.place("settings", payment_seconds=60)
    renew(world, one)
    assert unsubscribe(world.customer, one).refused == (400, "CBC.99003651")


@on_both_sites
def test_a_frozen_account_gives_nothing_up(world: World) -> None:
    (one,) = buy(world)
    world.place("customers", name="demo-customer", freeze_type="ACCOUNT")
    assert unsubscribe(world.customer, one).refused == (400, "CBC.99003656")


@on_both_sites
def test_in_the_retention_period_a_resource_is_frozen(world: World) -> None:
    (one,) = buy(world)
    world.advance("P50D")
    assert unsubscribe(world.customer, one).refused == (400, "CBC.99003656")


@on_both_sites
def test_a_bandwidth_add_on_does_not_keep_the_resource(world: World) -> None:
    (one,) = buy(world, server(world, traits=["bandwidth_addon"]))
    assert give_up(world, one)["status"] == 5


@on_both_sites
@pytest.mark.parametrize(
    "fields",
    [
        {"resource_ids": []},
        {"resource_ids": ["x"] * 11},
        {"unsubscribe_type": 3},
        {"unsubscribe_reason_type": 6},
        {"unsubscribe_reason": "x" * 513},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_broken_wishes_are_refused(world: World, fields: dict[str, Any]) -> None:
    assert world.customer(CANCEL, {"resource_ids": ["x"], "unsubscribe_type": 1, **fields}).refused == (400, "CBC.0100")


def test_a_reason_is_welcome(world: World) -> None:
    (one,) = buy(world)
    body = {
        "resource_ids": [one],
        "unsubscribe_type": 1,
        "unsubscribe_reason_type": 5,
        "unsubscribe_reason": "too slow",
    }
    assert len(world.customer(CANCEL, body)["order_ids"]) == 1


@on_both_sites
@pytest.mark.parametrize(("status", "code"), [(400, "CBC.99005042"), (400, "CBC.30000052"), (200, "CBC.3128")])
def test_codes_of_the_general_list_answer_as_faults(world: World, status: int, code: str) -> None:
    fault = {"operation": CANCEL, "code": code, "times": 1}
    world.control("PUT", f"sandboxes/{world.id}/faults", [fault]).ok  # noqa: B018
    assert unsubscribe(world.customer, "nothing").refused == (status, code)
