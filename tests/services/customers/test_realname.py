"""Real-name authentication that a partner applies for: the application, its review, the change to enterprise."""

from __future__ import annotations

from typing import Any

import pytest

from tests.driver import World
from tests.services.customers.applying import (
    CHANGE,
    FIRST,
    LICENCE,
    applicant,
    enterprise,
    individual,
    newcomer,
    result,
    row,
)
from tests.sites import on_both_sites

pytestmark = on_both_sites

# An application and its review


def test_a_document_is_reviewed_and_passes_a_moment_later(world: World) -> None:
    customer = newcomer(world)
    assert individual(world.solution_provider, customer)["is_review"] == 1
    assert row(world, customer)["verified_status"] == 0
    assert result(world, customer) == (0, None)
    world.advance("PT2S")
    assert result(world, customer) == (2, None)
    assert row(world, customer)["customer_type"] == 0
    assert row(world, customer)["realname"] == "Demo Person"


def test_a_customer_list_shows_who_passed(world: World) -> None:
    customer = newcomer(world)
    enterprise(world.solution_provider, customer, FIRST).ok  # noqa: B018
    world.advance("PT2S")
    listed = world.solution_provider("ListSubCustomers", {"customer_id": customer})["customer_infos"][0]
    assert (listed["verified_status"], listed["customer_type"], listed["customer"]) == ("2", 1, "Demo Trading Ltd")


def test_the_reviewer_takes_the_time_that_is_set(world: World) -> None:
    world.place("settings", realname_review_delay=3 * 24 * 3600)
    customer = newcomer(world)
    individual(world.solution_provider, customer).ok  # noqa: B018
    world.advance("PT71H59M59S")
    assert result(world, customer) == (0, None)
    world.advance("PT1S")
    assert result(world, customer) == (2, None)


def test_a_refused_customer_reads_the_opinion_and_applies_again(world: World) -> None:
    world.place("settings", realname_review="refuse", realname_opinion="Too dark.")
    customer = newcomer(world)
    individual(world.solution_provider, customer).ok  # noqa: B018
    world.advance("PT2S")
    assert result(world, customer) == (1, "Too dark.")
    assert row(world, customer)["verified_status"] == 1
    assert individual(world.solution_provider, customer)["is_review"] == 1
    assert result(world, customer) == (0, None)


def test_a_review_by_hand_waits_for_the_reviewer(world: World) -> None:
    world.place("settings", realname_review="review")
    customer = newcomer(world)
    individual(world.solution_provider, customer).ok  # noqa: B018
    world.advance("P30D")
    assert result(world, customer) == (0, None)
    world.place("reviews", customer="newcomer", result="refuse", opinion="Expired passport.")
    assert result(world, customer) == (1, "Expired passport.")


def test_a_decision_by_hand_comes_before_the_planned_one(world: World) -> None:
    customer = newcomer(world)
    individual(world.solution_provider, customer).ok  # noqa: B018
    world.place("reviews", customer="newcomer", result="refuse")
    world.advance("PT1M")
    assert result(world, customer) == (1, "The documents cannot be read.")


def test_a_reviewer_passes_without_an_opinion(world: World) -> None:
    customer = newcomer(world)
    individual(world.solution_provider, customer).ok  # noqa: B018
    world.place("reviews", customer="newcomer", result="pass", opinion="Fine.")
    assert result(world, customer) == (2, None)


@pytest.mark.parametrize(
    ("review", "complaint"),
    [
        ({"customer": "demo-customer", "result": "pass"}, "no application under review"),
        ({"customer": "nobody", "result": "pass"}, "no account 'nobody'"),
        ({"customer": "demo-customer", "result": "maybe"}, "result"),
        ({"customer": "demo-customer", "result": "refuse", "opinion": "x" * 257}, "256"),
    ],
)
def test_a_review_that_cannot_be_placed_is_explained(world: World, review: Any, complaint: str) -> None:
    answer = world.control("POST", f"sandboxes/{world.id}/state/reviews", review)
    assert answer.status == 400
    assert complaint in answer.body["error"]


def test_a_review_setting_that_does_not_exist_is_refused(world: World) -> None:
    answer = world.control("POST", f"sandboxes/{world.id}/state/settings", {"realname_review": "perhaps"})
    assert (answer.status, "'pass', 'refuse', 'review'" in answer.body["error"]) == (400, True)


def test_whoever_never_applied_has_no_review_result(world: World) -> None:
    assert result(world, newcomer(world)) == (None, None)


def test_a_customer_that_passed_elsewhere_shows_as_passed(world: World) -> None:
    assert result(world, world.customer.id) == (2, None)


def test_an_application_keeps_what_was_sent(world: World) -> None:
    customer = newcomer(world)
    enterprise(world.solution_provider, customer, FIRST, reg_country="CN", reg_address="").ok  # noqa: B018
    kept = world.look("realnames")[0]
    assert (kept["kind"], kept["name"], kept["document_number"]) == (
        "enterprise",
        "Demo Trading Ltd",
        LICENCE,
    )
    assert kept["details"] == {
        "identify_type": 1,
        "certificate_type": 0,
        "verified_file_url": ["test/licence.jpg"],
        "reg_country": "CN",
        "reg_address": "",
    }


# Becoming an enterprise


def test_an_enterprise_application_makes_an_enterprise(world: World) -> None:
    customer = newcomer(world)
    assert enterprise(world.solution_provider, customer, FIRST)["is_review"] == 1
    world.advance("PT2S")
    assert result(world, customer) == (2, None)
    assert row(world, customer)["customer_type"] == 1


def test_an_individual_stays_one_until_its_change_has_passed(world: World) -> None:
    customer = applicant(world, CHANGE)
    assert enterprise(world.solution_provider, customer, CHANGE)["is_review"] == 1
    assert (row(world, customer)["verified_status"], row(world, customer)["customer_type"]) == (2, 0)
    assert result(world, customer) == (0, None)
    world.advance("PT2S")
    assert result(world, customer) == (2, None)
    assert (row(world, customer)["customer_type"], row(world, customer)["realname"]) == (1, "Demo Trading Ltd")


def test_a_refused_change_leaves_the_individual_as_it_was(world: World) -> None:
    world.place("settings", realname_review="refuse")
    customer = applicant(world, CHANGE)
    before = row(world, customer)
    enterprise(world.solution_provider, customer, CHANGE).ok  # noqa: B018
    world.advance("PT2S")
    assert result(world, customer)[0] == 1
    assert row(world, customer) == before
    assert enterprise(world.solution_provider, customer, CHANGE)["is_review"] == 1


@pytest.mark.parametrize("status", [-1, 1])
def test_a_customer_that_is_not_authenticated_has_nothing_to_change(world: World, status: int) -> None:
    answer = enterprise(world.solution_provider, newcomer(world, verified_status=status), CHANGE)
    assert answer.refused == (400, "CBC.99007004")
    assert answer.body["fail_check_items"] == []


@pytest.mark.parametrize("fields", [{"verified_status": 0}, {"verified_status": 2, "customer_type": 1}])
def test_a_change_needs_an_individual_without_review(world: World, fields: Any) -> None:
    answer = enterprise(world.solution_provider, newcomer(world, **fields), CHANGE)
    assert answer.refused == (400, "CBC.99007188")


def test_a_change_under_review_allows_no_second_one(world: World) -> None:
    customer = applicant(world, CHANGE)
    enterprise(world.solution_provider, customer, CHANGE).ok  # noqa: B018
    with world.unchanged():
        assert enterprise(world.solution_provider, customer, CHANGE).refused == (400, "CBC.99007188")


@pytest.mark.parametrize(
    ("operation", "checks"),
    [(FIRST, ["MILITARY_ENTERPRISE", "ENTERPRISE_LOGOUT_REVOKE"]), (CHANGE, ["IS_DEBT", "IS_ORG_ACCOUNT"])],
)
def test_failed_checks_are_named(world: World, operation: str, checks: list[str]) -> None:
    customer = applicant(world, operation)
    world.place("customers", name="newcomer", blocked_checks=[*checks, "ANOTHER_OPERATIONS_CHECK"])
    with world.unchanged():
        answer = enterprise(world.solution_provider, customer, operation)
    assert answer.refused == (400, "CBC.99007004")
    assert answer.body["fail_check_items"] == checks


def test_a_customer_that_owes_money_cannot_become_an_enterprise(world: World) -> None:
    world.place("expenses", customer="demo-referral", amount="100.00")
    world.place("arrears", customer="demo-referral", amount="1.00")
    answer = enterprise(world.solution_provider, world.referral_customer.id, CHANGE)
    assert answer.body["fail_check_items"] == ["IS_DEBT", "IS_CREDIT_ACCOUNT"]
