"""IAM: a partner takes on the identity of its customer."""

from __future__ import annotations

import pytest

from tests.driver import World
from tests.identity.asking import (
    TOKENS,
    Body,
    assume,
    has_no_right,
    iam,
    is_bad_token,
    is_invalid,
    refused_with,
    role_of,
    scoped,
)


def test_a_partner_takes_on_the_identity_of_its_customer(world: World) -> None:
    answer = assume(world, role_of(world))
    token = answer.body["token"]
    domain = {"id": world.customer.id, "name": "demo-customer"}
    assert answer.status == 201 and token["methods"] == ["assume_role"]
    assert token["domain"] == domain and token["user"]["domain"] == domain
    assert token["user"]["name"] == "demo-customer/DEMO_IDP"
    assert len(token["user"]["id"]) == 32 and token["user"]["id"] != world.customer.id


def test_the_token_tells_whose_user_assumed_it(world: World) -> None:
    token = assume(world, role_of(world), "operator").body["token"]
    assumed_by = token["assumed_by"]["user"]
    assert assumed_by["domain"] == {"id": world.solution_provider.id, "name": "demo-partner"}
    assert assumed_by["name"] == "demo-operator" and assumed_by["password_expires_at"] == ""


def test_calls_with_such_a_token_are_the_customers(world: World) -> None:
    caller = world.with_token("customer", assume(world, role_of(world)).headers["x-subject-token"])
    assert caller("ListSubCustomers", {}).refused == (403, "CBC.0151")
    assert caller("CreateEnterpriseProjectAuth").status == 204


def test_such_a_token_lives_24_hours(world: World) -> None:
    caller = world.with_token("customer", assume(world, role_of(world)).headers["x-subject-token"])
    world.advance("PT24H")
    assert caller("CreateEnterpriseProjectAuth").refused == (401, "APIGW.0301")


def test_the_customer_is_named_by_id_too(world: World) -> None:
    body = {
        "auth": {
            "identity": {
                "methods": ["assume_role"],
                "assume_role": {"domain_id": world.customer.id, "agency_name": "DEMO_IDP"},
            }
        }
    }
    assert assume(world, body).body["token"]["domain"]["name"] == "demo-customer"


def test_the_scope_may_be_a_project_a_domain_or_nothing(world: World) -> None:
    project = scoped(role_of(world), {"project": {"name": "cn-north-1"}})
    domain = scoped(role_of(world), {"domain": {"name": "demo-customer"}})
    assert assume(world, project).body["token"]["project"]["name"] == "cn-north-1"
    assert assume(world, domain).body["token"]["domain"]["name"] == "demo-customer"


def test_a_distributor_takes_on_the_identity_of_its_resellers_customer(world: World) -> None:
    assert assume(world, role_of(world, "reseller_customer"), "distributor").status == 201


@pytest.mark.parametrize("partner", ["operator_limited", "customer", "customer_user"])
def test_without_agent_operator_there_is_no_right(world: World, partner: str) -> None:
    assert has_no_right(assume(world, role_of(world), partner))


@pytest.mark.parametrize(
    ("partner", "changes"),
    [
        ("distributor", {}),
        ("reseller", {}),
        ("solution_provider", {"agency_name": "DIST_IDP"}),
        ("solution_provider", {"domain_name": "nobody"}),
        ("solution_provider", {"domain_name": "demo-reseller-customer"}),
        ("solution_provider", {"domain_name": "demo-partner"}),
    ],
)
def test_an_agency_that_is_not_there_is_not_found(world: World, partner: str, changes: Body) -> None:
    body = role_of(world, **changes)
    agency = body["auth"]["identity"]["assume_role"]["agency_name"]
    assert refused_with(assume(world, body, partner), 404, f"Could not find agency: {agency}.", "Not Found")


@pytest.mark.parametrize(
    "changes", [{"agency_name": None}, {"agency_name": 7}, {"domain_name": None}, {"domain_name": 7}]
)
def test_a_role_of_another_form_is_refused(world: World, changes: Body) -> None:
    assert is_invalid(assume(world, role_of(world, **changes)))


@pytest.mark.parametrize("token", ["", "garbage", "MIIMDAwMDAw"])
def test_a_partners_token_is_needed(world: World, token: str) -> None:
    assert is_bad_token(iam(world, "POST", TOKENS, role_of(world), X_Auth_Token=token))


def test_an_expired_or_revoked_partners_token_does_not_do(world: World) -> None:
    expired, revoked = world.token("solution_provider"), world.token("operator")
    world.place("users", account="demo-partner", name="demo-operator", password="Other-1234")
    assert is_bad_token(iam(world, "POST", TOKENS, role_of(world), X_Auth_Token=revoked))
    world.advance("PT24H")
    assert is_bad_token(iam(world, "POST", TOKENS, role_of(world), X_Auth_Token=expired))
