"""The right to enterprise projects."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.driver import World

ENABLE = "CreateEnterpriseProjectAuth"
SELF_SERVICE = "SELF_OPEN_ONLY_FOR_ENT_AND_INTR_CUST"


def failed_checks(world: World) -> list[str]:
    with world.unchanged():
        answer = world.customer(ENABLE)
    assert answer.refused == (400, "CBC.99007004")
    checks: list[str] = answer.body["fail_check_items"]
    return checks


def enabled(world: World) -> bool:
    return bool(world.look("customers", name="demo-customer")[0]["enterprise_projects"])


def test_a_verified_enterprise_enables_its_projects(world: World) -> None:
    answer = world.customer(ENABLE)
    assert (answer.status, answer.content) == (204, b"")
    assert enabled(world)


def test_abroad_the_same_holds(abroad: World) -> None:
    assert abroad.customer(ENABLE).status == 204
    assert enabled(abroad)
    assert abroad.referral_customer(ENABLE).refused == (400, "CBC.99007004")


def test_a_second_call_changes_nothing(world: World) -> None:
    assert world.customer(ENABLE).status == 204
    with world.unchanged():
        assert world.customer(ENABLE).status == 204


@pytest.mark.parametrize("check", ["NOT_OPEN_PROJECT_GROUP", "NOT_OPEN_MULTI_PROJECT"])
def test_what_excludes_enterprise_projects_is_named(world: World, check: str) -> None:
    world.place("customers", name="demo-customer", blocked_checks=[check])
    assert failed_checks(world) == [check]


@pytest.mark.parametrize("fields", [{"customer_type": 0}, {"customer_type": -1}, {"verified_status": 0}])
def test_only_verified_enterprises_help_themselves(world: World, fields: dict[str, int]) -> None:
    world.place("customers", name="demo-customer", **fields)
    assert failed_checks(world) == [SELF_SERVICE]


def test_every_failed_check_is_named_at_once(world: World) -> None:
    blocked = ["NOT_OPEN_MULTI_PROJECT", "NOT_OPEN_PROJECT_GROUP", "CHECK_OF_ANOTHER_OPERATION"]
    world.place("customers", name="demo-customer", verified_status=-1, blocked_checks=blocked)
    assert failed_checks(world) == ["NOT_OPEN_PROJECT_GROUP", "NOT_OPEN_MULTI_PROJECT", SELF_SERVICE]


def test_a_customers_user_needs_the_action(world: World) -> None:
    assert world.customer_user(ENABLE).refused == (403, "CBC.0151")
    world.place("users", account="demo-customer", name="demo-customer-user", actions=["Billing::activeEPFinance"])
    assert world.customer_user(ENABLE).status == 204


@pytest.mark.parametrize("caller", ["solution_provider", "distributor", "reseller", "operator"])
def test_partners_may_not_call(world: World, caller: str) -> None:
    assert world.caller(caller)(ENABLE).refused == (403, "CBC.0151")


@pytest.mark.parametrize("site", ["cn", "intl"])
def test_a_call_without_parameters_answers_cbc_0100_only_as_a_placed_fault(
    new_world: Callable[..., World], site: str
) -> None:
    world = new_world(site=site)
    world.control("PUT", f"sandboxes/{world.id}/faults", [{"operation": ENABLE, "code": "CBC.0100", "times": 1}])
    assert world.customer(ENABLE).refused == (400, "CBC.0100")
    assert world.customer(ENABLE).status == 204
