"""IAM: tokens by password, their scopes and validation, and domains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from huaweicloudsdkcore.auth.credentials import GlobalCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.app import Server
from mockserver.contract.writing import json_bytes
from tests.conftest import START
from tests.driver import HOST, Transport, World, in_process
from tests.identity.asking import (
    DOMAINS,
    TOKENS,
    Body,
    assume,
    iam,
    is_bad_token,
    is_invalid,
    is_wrong_login,
    login,
    refused_with,
    scoped,
)

# A token by password


def test_a_partner_gets_a_token_of_its_account(world: World) -> None:
    answer = iam(world, "POST", TOKENS, login(world))
    token = answer.body["token"]
    assert answer.status == 201 and answer.headers["x-subject-token"].startswith("MII")
    assert token["methods"] == ["password"]
    assert token["domain"] == {"id": world.solution_provider.id, "name": "demo-partner"}
    assert token["user"]["name"] == "demo-partner" and token["user"]["domain"] == token["domain"]
    assert token["user"]["password_expires_at"] == ""
    assert "project" not in token and "assumed_by" not in token


def test_the_token_lives_24_hours_of_the_sandbox_with_microseconds(world: World) -> None:
    token = iam(world, "POST", TOKENS, login(world)).body["token"]
    assert token["issued_at"] == "2026-03-02T02:00:00.000000Z"
    assert token["expires_at"] == "2026-03-03T02:00:00.000000Z"


def test_the_catalog_names_iam_and_bss_with_global_endpoints(world: World) -> None:
    catalog = iam(world, "POST", TOKENS, login(world)).body["token"]["catalog"]
    assert [one["type"] for one in catalog] == ["iam", "bssv1"]
    for one in catalog:
        assert one.keys() == {"endpoints", "id", "name", "type"}
        assert {(end["interface"], end["region"], end["region_id"]) for end in one["endpoints"]} == {
            ("public", "*", "*")
        }


@pytest.mark.parametrize(("query", "size"), [("?nocatalog=true", 0), ("?nocatalog=x", 0), ("?nocatalog=", 2), ("", 2)])
def test_nocatalog_with_any_value_leaves_the_catalog_empty(world: World, query: str, size: int) -> None:
    answer = iam(world, "POST", TOKENS + query, login(world))
    assert len(answer.body["token"]["catalog"]) == size


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("solution_provider", ["te_admin", "secu_admin", "te_agency"]),
        ("operator", ["te_agency"]),
        ("operator_limited", []),
        ("customer", ["te_admin", "secu_admin"]),
        ("customer_user", []),
    ],
)
def test_the_roles_of_each_kind_of_user(world: World, name: str, roles: list[str]) -> None:
    token = iam(world, "POST", TOKENS, login(world, name)).body["token"]
    assert token["roles"] == [{"id": "0", "name": role} for role in roles]


def test_an_operator_signs_in_with_its_own_name_and_the_partners_account(world: World) -> None:
    token = iam(world, "POST", TOKENS, login(world, "operator")).body["token"]
    assert (token["user"]["name"], token["user"]["domain"]["name"]) == ("demo-operator", "demo-partner")


def test_no_credentials_are_needed_to_sign_in(world: World) -> None:
    assert world.transport("POST", TOKENS, {}, json_bytes(login(world))).status == 201


def test_a_new_token_leaves_the_old_one_good(world: World) -> None:
    old = world.with_token("solution_provider")
    assert world.token("solution_provider") != old.token
    assert old("ListSubCustomers", {}).status == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "wrong"},
        {"password": ""},
        {"name": "nobody"},
        {"name": "demo-operator"},
        {"domain": {"name": "nowhere"}},
        {"domain": {"name": "demo-customer"}},
        {"name": "", "domain": {"name": ""}},
    ],
)
def test_a_wrong_login_is_refused_without_telling_what_is_wrong(world: World, changes: Body) -> None:
    assert is_wrong_login(iam(world, "POST", TOKENS, login(world, **changes)))


def test_a_disabled_user_cannot_sign_in(world: World) -> None:
    world.place("users", account="demo-partner", name="demo-operator", enabled=False)
    assert is_wrong_login(iam(world, "POST", TOKENS, login(world, "operator")))


def test_after_a_change_of_password_only_the_new_one_is_right(world: World) -> None:
    world.place("users", account="demo-partner", name="demo-operator", password="Other-1234")
    assert is_wrong_login(iam(world, "POST", TOKENS, login(world, "operator")))
    assert iam(world, "POST", TOKENS, login(world, "operator", password="Other-1234")).status == 201


# Scopes


def test_a_project_scope_makes_a_token_of_the_project(world: World) -> None:
    body = scoped(login(world), {"project": {"name": "cn-north-1"}})
    token = iam(world, "POST", TOKENS, body).body["token"]
    assert token["project"]["name"] == "cn-north-1"
    assert token["project"]["domain"] == {"id": world.solution_provider.id, "name": "demo-partner"}
    assert len(token["project"]["id"]) == 32 and "domain" not in token


def test_a_project_wins_over_a_domain(world: World) -> None:
    scope = {"project": {"name": "cn-north-1"}, "domain": {"name": "demo-partner"}}
    assert "project" in iam(world, "POST", TOKENS, scoped(login(world), scope)).body["token"]


@pytest.mark.parametrize("by", ["id", "name"])
def test_the_account_of_a_domain_scope_is_named_by_id_or_name(world: World, by: str) -> None:
    scope = {"domain": {by: {"id": world.solution_provider.id, "name": "demo-partner"}[by]}}
    assert iam(world, "POST", TOKENS, scoped(login(world), scope)).body["token"]["domain"]["name"] == "demo-partner"


def test_the_scope_of_another_account_is_refused(world: World) -> None:
    assert is_wrong_login(iam(world, "POST", TOKENS, scoped(login(world), {"domain": {"name": "demo-customer"}})))


@pytest.mark.parametrize(
    "scope",
    [
        None,
        {},
        "domain",
        [],
        {"domain": None},
        {"domain": {}},
        {"domain": {"name": 7}},
        {"project": {}},
        {"project": "x"},
    ],
)
def test_a_scope_is_needed_and_has_a_form(world: World, scope: Any) -> None:
    assert is_invalid(iam(world, "POST", TOKENS, scoped(login(world), scope)))


def test_a_token_by_password_without_scope_is_refused(world: World) -> None:
    body = login(world)
    del body["auth"]["scope"]
    assert is_invalid(iam(world, "POST", TOKENS, body))


def test_a_token_of_a_project_serves_the_partner_calls_too(world: World) -> None:
    answer = iam(world, "POST", TOKENS, scoped(login(world), {"project": {"name": "cn-north-1"}}))
    caller = world.with_token("solution_provider", answer.headers["x-subject-token"])
    assert caller("ListSubCustomers", {}).status == 200


# Bodies that are none


@pytest.mark.parametrize(
    "body",
    [
        {}, [], None, "auth", {"auth": None}, {"auth": {}}, {"auth": {"identity": []}}, {"auth": {"identity": {}}},
        {"auth": {"identity": {"methods": "password"}}}, {"auth": {"identity": {"methods": []}}},
        {"auth": {"identity": {"methods": ["totp"]}}}, {"auth": {"identity": {"methods": ["password"]}}},
        {"auth": {"identity": {"methods": ["password"], "password": {}}}},
        {"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "a", "password": "b"}}}}},
    ],
)  # fmt: skip
def test_a_body_of_another_form_is_refused(world: World, body: Any) -> None:
    assert is_invalid(iam(world, "POST", TOKENS, body))


@pytest.mark.parametrize(
    "changes", [{"name": 7}, {"password": None}, {"domain": "demo-partner"}, {"domain": {"id": 1}}]
)
def test_a_login_of_another_form_is_refused(world: World, changes: Body) -> None:
    assert is_invalid(iam(world, "POST", TOKENS, login(world, **changes)))


@pytest.mark.parametrize("body", [b"", b"{", b'"\xff"', b"[" * 100_000, b"1e99999999999999999999", b"\x00"])
def test_a_body_that_is_no_json_is_refused(transport: Transport, body: bytes) -> None:
    assert is_invalid(transport("POST", TOKENS, {"Content-Type": "application/json"}, body))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=6), inner, max_size=2),
    max_leaves=4,
)
NAMES = ("domain", "project", "name", "id", "agency_name", "domain_name", "domain_id")
PARTS = JSON | st.dictionaries(st.sampled_from(NAMES), JSON | st.fixed_dictionaries({"name": JSON}), max_size=3)


@pytest.fixture(scope="module")
def still(server: Server) -> World:
    return World(in_process(server), server.contract, clock=START, seed=1)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(methods=st.sampled_from(["password", "assume_role"]), user=PARTS, role=PARTS, scope=PARTS)
def test_nothing_sent_brings_the_identity_service_down(
    still: World, methods: str, user: Any, role: Any, scope: Any
) -> None:
    identity = {"methods": [methods], "password": {"user": user}, "assume_role": role}
    answer = assume(still, {"auth": {"identity": identity, "scope": scope}})
    assert answer.status in (400, 401, 403, 404)


# Sandboxes with the same names


def test_the_password_tells_two_sandboxes_with_the_same_names_apart(new_world: Callable[..., World]) -> None:
    one, other = new_world(), new_world()
    other.place("customers", name="only-here", partner="demo-partner")
    counts = [each.with_token("solution_provider")("ListSubCustomers", {})["count"] for each in (one, other)]
    assert counts[1] == counts[0] + 1
    assert one.credentials["solution_provider"]["password"] != other.credentials["solution_provider"]["password"]


def test_a_login_that_fits_two_sandboxes_is_refused(new_world: Callable[..., World]) -> None:
    one, other = new_world(), new_world()
    for each in (one, other):
        each.place("users", account="demo-partner", name="demo-operator", password="Shared-1234")
    assert is_wrong_login(iam(one, "POST", TOKENS, login(one, "operator", password="Shared-1234")))


# Validation


def test_a_good_token_is_shown_as_it_was_issued(world: World) -> None:
    issued = iam(world, "POST", TOKENS, login(world, "customer"))
    subject = issued.headers["x-subject-token"]
    answer = iam(world, "GET", TOKENS, X_Auth_Token=world.token("solution_provider"), X_Subject_Token=subject)
    assert (answer.status, answer.headers["x-subject-token"], answer.body) == (200, subject, issued.body)


def test_validation_leaves_the_catalog_out_too(world: World) -> None:
    own = world.token("customer")
    answer = iam(world, "GET", f"{TOKENS}?nocatalog=1", X_Auth_Token=own, X_Subject_Token=own)
    assert answer.body["token"]["catalog"] == []


@pytest.mark.parametrize("subject", ["", "garbage"])
def test_a_subject_that_is_no_token_is_not_found(world: World, subject: str) -> None:
    answer = iam(world, "GET", TOKENS, X_Auth_Token=world.token("customer"), X_Subject_Token=subject)
    assert refused_with(answer, 404, "X-Subject-Token is invalid in the request", "Not Found")


def test_an_expired_subject_is_not_found(world: World) -> None:
    subject = world.token("customer")
    world.advance("PT24H")
    answer = iam(world, "GET", TOKENS, X_Auth_Token=world.token("customer"), X_Subject_Token=subject)
    assert answer.status == 404


def test_a_token_of_another_sandbox_is_not_found(new_world: Callable[..., World]) -> None:
    one, other = new_world(), new_world()
    answer = iam(one, "GET", TOKENS, X_Auth_Token=one.token("customer"), X_Subject_Token=other.token("customer"))
    assert answer.status == 404


def test_validation_needs_a_good_token_of_ones_own(world: World) -> None:
    assert is_bad_token(iam(world, "GET", TOKENS, X_Subject_Token=world.token("customer")))


# Domains


def test_the_domain_of_an_access_key(world: World) -> None:
    body = world.operator.send("GET", DOMAINS).ok.body
    domain = body["domains"][0]
    assert (domain["id"], domain["name"]) == (world.solution_provider.id, "demo-partner")
    assert domain["enabled"] is True and domain["description"] == "" and "self" in domain["links"]
    assert len(body["domains"]) == 1 and "self" in body["links"]


def test_the_sdk_asks_without_content_type_and_is_answered(world: World) -> None:
    one = world.credentials["customer"]
    request = SdkRequest("GET", "http", HOST, DOMAINS, query_params=[], header_params={"User-Agent": "sdk"})
    Signer(GlobalCredentials(one["ak"], one["sk"])).sign(request)
    answer = world.transport("GET", DOMAINS, request.header_params, b"")
    assert answer["domains"][0]["id"] == world.customer.id


def test_a_token_is_good_for_domains_too(world: World) -> None:
    assert world.with_token("customer").send("GET", DOMAINS)["domains"][0]["name"] == "demo-customer"


def test_without_credentials_domains_are_refused_in_the_gateways_form(world: World) -> None:
    answer = iam(world, "GET", DOMAINS)
    assert answer.refused == (401, "APIGW.0301")
    assert answer.body["request_id"] == answer.headers["x-request-id"]


def test_a_revoked_token_gets_no_domains(world: World) -> None:
    caller = world.with_token("operator")
    world.place("users", account="demo-partner", name="demo-operator", password="Other-1234")
    assert caller.send("GET", DOMAINS).refused == (401, "APIGW.0301")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "FOO"])
def test_other_methods_are_not_there(world: World, method: str) -> None:
    for path in (TOKENS, DOMAINS):
        assert world.solution_provider.send(method, path).refused == (404, "APIGW.0101")
