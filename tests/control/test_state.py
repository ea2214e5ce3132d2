"""Looking at what a sandbox holds, and placing accounts, logins and settings."""

from __future__ import annotations

from typing import Any

import pytest

from tests.driver import Answer, World

SECRETS = {"partners": (), "users": ("password",), "access_keys": ("sk",), "tokens": ("text",)}


def state(world: World, path: str) -> Answer:
    return world.control("GET", f"sandboxes/{world.id}/state{path}")


def refusal(world: World, kind: str, fields: Any) -> str:
    """What is said of a thing that cannot be placed; it leaves nothing behind."""
    with world.unchanged():
        answer = world.control("POST", f"sandboxes/{world.id}/state/{kind}", fields)
    assert answer.status == 400
    return str(answer.body["error"])


# Looking


def test_the_kinds_are_listed(world: World) -> None:
    kinds = state(world, "").ok.body
    assert {"partners", "customers", "users", "settings", "movements", "events", "faults"} <= set(kinds["kinds"])
    assert {"partners", "customers", "users", "settings"} <= set(kinds["placed"])
    assert "counters" not in kinds["kinds"]


def test_every_kind_can_be_looked_at(world: World) -> None:
    for kind in world.kinds:
        shown = state(world, f"/{kind}").ok.body
        assert (shown["kind"], len(shown["rows"])) == (kind, min(shown["count"], 100))


def test_rows_are_plain_data(world: World) -> None:
    customer = world.look("customers", name="demo-customer")[0]
    assert (customer["id"], customer["created_on"]) == (world.customer.id, "2025-09-02T02:00:00Z")
    book = world.look("ledger_accounts", owner_id=customer["id"])[0]
    assert (book["book"], book["balance"]) == ("allocated", "150.00")


@pytest.mark.parametrize(("kind", "fields"), SECRETS.items())
def test_secrets_are_masked(world: World, kind: str, fields: tuple[str, ...]) -> None:
    world.token("solution_provider")
    rows = world.look(kind)
    assert rows
    assert all(row[field] == "***" for row in rows for field in fields)
    for credential in world.credentials.values():
        assert credential["sk"] not in str(rows)
        assert credential["password"] not in str(rows)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("kind=reseller", ["demo-reseller"]),
        ("kind=reseller&name=demo-partner", []),
        ("restricted=false&kind=distributor", ["demo-distributor"]),
        ("restricted=true", []),
        ("distributor_id=null&kind=distributor", ["demo-distributor"]),
        ("nothing=x", []),
    ],
)
def test_any_field_filters(world: World, query: str, names: list[str]) -> None:
    shown = state(world, f"/partners?{query}").ok.body
    assert [row["name"] for row in shown["rows"]] == names
    assert shown["count"] == len(names)


def test_rows_come_in_pages_oldest_first(world: World) -> None:
    names = [row["name"] for row in world.look("customers")]
    shown = state(world, "/customers?offset=1&limit=1").ok.body
    assert ([row["name"] for row in shown["rows"]], shown["count"]) == (names[1:2], len(names))


@pytest.mark.parametrize("query", ["limit=x", "limit=10001", "limit=-1", "offset=-1", "offset=", "limit=1.5"])
def test_a_page_that_cannot_be_is_refused(world: World, query: str) -> None:
    answer = state(world, f"/customers?{query}")
    assert answer.status == 400
    assert " is not a whole number from 0 to " in answer.body["error"]


@pytest.mark.parametrize("kind", ["moons", "counters"])
def test_an_unknown_kind_is_told_the_known_ones(world: World, kind: str) -> None:
    answer = state(world, f"/{kind}")
    assert answer.status == 404
    assert answer.body["error"].startswith(f"no kind '{kind}'; accepted: access_keys")


# Placing


def test_what_cannot_be_placed_is_told_what_can(world: World) -> None:
    answer = world.control("POST", f"sandboxes/{world.id}/state/movements", {})
    assert answer.status == 404
    assert answer.body["error"].startswith("'movements' cannot be placed; accepted: ")


def test_a_new_account_calls_with_the_credential_it_was_given(world: World) -> None:
    placed = world.place("customers", name="newcomer", partner="demo-partner", credential="newcomer")
    assert world.caller("newcomer").id == placed["id"]
    world.caller("newcomer")("ShowCustomerAccountBalances").ok  # noqa: B018


def test_an_account_made_through_the_api_can_be_given_a_credential(world: World) -> None:
    body = {
        "xaccount_id": "x1",
        "xaccount_type": "DEMO_IDP",
        "domain_name": "made-by-api",
        "is_close_market_ms": "true",
    }
    made = world.solution_provider("CreateSubCustomer", body).ok["domain_id"]
    world.place("customers", name="made-by-api", credential="made")
    assert world.caller("made").id == made
    world.caller("made")("ShowCustomerAccountBalances").ok  # noqa: B018


def test_a_login_can_be_given_another_credential(world: World) -> None:
    world.place("users", account="demo-partner", name="demo-operator", credential="second")
    world.caller("second")("ListPartnerBalances").ok  # noqa: B018
    world.operator("ListPartnerBalances").ok  # noqa: B018


def test_a_reseller_belongs_to_its_distributor(world: World) -> None:
    world.place("partners", name="r2", kind="reseller", distributor="demo-distributor")
    names = [row["account_name"] for row in world.distributor("ListIndirectPartners", {})["indirect_partners"]]
    assert "r2" in names


def test_placing_by_name_changes_only_what_is_given(world: World) -> None:
    before = world.look("customers", name="demo-customer")[0]
    placed = world.place("customers", name="demo-customer", label="north")
    assert placed == {**before, "label": "north"}


def test_money_is_topped_up_or_withdrawn_to_the_amount(world: World) -> None:
    for amount in ("7.5", "3.25", "0"):
        world.place("partners", name="demo-reseller", cash=amount)
        book = world.look("ledger_accounts", owner_id=world.reseller.id, book="cash")[0]
        assert float(book["balance"]) == float(amount)


def test_a_changed_login_voids_its_tokens(world: World) -> None:
    token = world.with_token("operator")
    token("ListPartnerBalances").ok  # noqa: B018
    world.place("users", account="demo-partner", name="demo-operator", items=[])
    assert token("ListPartnerBalances").status in (401, 403)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Object missing required field `name`"),
        ({"name": ""}, "Expected `str` of length >= 1 - at `name`"),
        ({"name": "a/b", "kind": "distributor"}, "Expected `str` matching regex '^[^/]*$' - at `name`"),
        ({"name": 5}, "Expected `str`, got `int` - at `name`"),
        ({"name": "p2"}, "partner 'p2' needs a kind: solution_provider, distributor or reseller"),
        ({"name": "p2", "kind": "baker"}, "partner 'p2' needs a kind: solution_provider, distributor or reseller"),
        ({"name": "p2", "kind": "reseller"}, "partner 'p2': a reseller, and only a reseller, names its distributor"),
        (
            {"name": "p2", "kind": "distributor", "distributor": "demo-distributor"},
            "partner 'p2': a reseller, and only a reseller, names its distributor",
        ),
        ({"name": "p2", "kind": "reseller", "distributor": "nobody"}, "no account 'nobody' in sandbox "),
        (
            {"name": "p2", "kind": "reseller", "distributor": "demo-partner"},
            "partner 'p2': 'demo-partner' is a solution_provider, not a distributor",
        ),
        ({"name": "p2", "kind": "distributor", "associated": "once"}, "'once' is not an instant"),
        ({"name": "p2", "kind": "distributor", "credential": "customer"}, "the credential name 'customer' is taken"),
        ({"name": "demo-customer"}, "'demo-customer' is a customer, not a partner"),
        ({"name": "demo-partner", "kind": "distributor"}, "'demo-partner' exists: its kind cannot be changed"),
        ({"name": "demo-partner", "cash": "-1"}, "cash takes an amount from 0 with two decimals at most, not -1"),
        ({"name": "demo-partner", "cash": "NaN"}, "cash takes an amount from 0"),
        ({"name": "demo-partner", "cash": "Infinity"}, "cash takes an amount from 0"),
        ({"name": "demo-partner", "cash": 1.234}, "cash takes an amount from 0"),
        ({"name": "demo-partner", "cash": "1e30"}, "cash takes an amount from 0"),
        ({"name": "demo-partner", "cash": "much"}, "Invalid decimal string - at `cash`"),
        ({"name": "demo-partner", "credit": -5}, "credit takes an amount from 0"),
        ({"name": "demo-partner", "designated": "0.001"}, "designated takes an amount from 0"),
        ({"name": "demo-partner", "colour": "red"}, "Object contains unknown field `colour`"),
        ([], "the body must be a JSON object"),
    ],
)
def test_a_partner_that_cannot_be_placed(world: World, fields: Any, said: str) -> None:
    assert refusal(world, "partners", fields).startswith(said)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "c2", "partner": "nobody"}, "no account 'nobody' in sandbox "),
        ({"name": "c2", "partner": "demo-customer"}, "'demo-customer' is a customer, not a partner"),
        (
            {"name": "c2", "partner": "demo-partner", "association": "friend"},
            "'friend' is not an association; accepted: ",
        ),
        ({"name": "c2", "associated": "-P9999Y"}, "'-P9999Y' is not an ISO 8601 duration"),
        ({"name": "demo-partner"}, "'demo-partner' is a partner, not a customer"),
        (
            {"name": "demo-customer", "partner": "demo-reseller"},
            "'demo-customer' exists: its partner cannot be changed",
        ),
        ({"name": "demo-customer", "credential": "customer"}, "the credential name 'customer' is taken"),
        ({"name": "demo-customer", "manager": "nobody/x"}, "no account 'nobody' in sandbox "),
        (
            {"name": "demo-customer", "manager": "demo-partner/x"},
            "no user 'demo-partner/x'; an account manager is written",
        ),
        ({"name": "demo-customer", "customer_type": 7}, "customer_type takes -1, 0, 1, not 7"),
        ({"name": "demo-customer", "verified_status": 7}, "verified_status takes -1, 0, 1, 2, not 7"),
        (
            {"name": "demo-customer", "freeze_type": "ICE"},
            "freeze_type takes '', 'ACCOUNT', 'ACCOUNT_AND_RESOURCE', not 'ICE'",
        ),
        ({"name": "demo-customer", "allocated": "-0.01"}, "allocated takes an amount from 0"),
        ({"name": "demo-customer", "granting_amount": "NaN"}, "granting_amount takes an amount from 0"),
        ({"name": "demo-customer", "blocked_checks": "x"}, "Expected `array | null`, got `str` - at `blocked_checks`"),
    ],
)
def test_a_customer_that_cannot_be_placed(world: World, fields: Any, said: str) -> None:
    assert refusal(world, "customers", fields).startswith(said)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "u2"}, "Object missing required field `account`"),
        ({"account": "demo-partner", "name": ""}, "Expected `str` of length >= 1 - at `name`"),
        ({"account": "nobody", "name": "u2"}, "no account 'nobody' in sandbox "),
        (
            {"account": "demo-partner", "name": "u2", "role": "king"},
            "role takes 'operator', 'account_manager', 'customer_user', not 'king'",
        ),
        ({"account": "demo-partner", "name": "u2", "items": "all"}, "Expected `array | null`, got `str` - at `items`"),
        (
            {"account": "demo-partner", "name": "u2", "credential": "operator"},
            "the credential name 'operator' is taken",
        ),
    ],
)
def test_a_login_that_cannot_be_placed(world: World, fields: Any, said: str) -> None:
    assert refusal(world, "users", fields).startswith(said)


def test_a_login_can_be_given_a_further_key(world: World) -> None:
    placed = world.place("access_keys", account="demo-partner", user="demo-operator", credential="third")
    assert world.credentials["third"] == placed
    world.caller("third")("ListPartnerBalances").ok  # noqa: B018


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"account": "nobody"}, "no account 'nobody' in sandbox "),
        ({"account": "demo-partner", "user": "x"}, "account 'demo-partner' has no user 'x'"),
        ({"account": "demo-partner", "credential": "customer"}, "the credential name 'customer' is taken"),
    ],
)
def test_a_key_that_cannot_be_given(world: World, fields: Any, said: str) -> None:
    assert refusal(world, "access_keys", fields).startswith(said)


def test_settings_are_placed_and_looked_at(world: World) -> None:
    assert world.place("settings", association_delay=30, association_fails=True) == {
        "association_delay": 30,
        "association_fails": True,
    }
    shown = world.look("settings")[0]
    assert (shown["association_delay"], shown["customers_per_mobile"]) == (30, 5)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"colour": "red"}, "no setting 'colour'; accepted: association_delay, "),
        ({"association_delay": "5"}, "setting 'association_delay' takes int, not str"),
        ({"association_delay": True}, "setting 'association_delay' takes int, not bool"),
        ({"association_delay": -1}, "setting 'association_delay' takes a number from 0 to 1000000, not -1"),
        ({"association_delay": 2**40}, "setting 'association_delay' takes a number from 0 to 1000000, not "),
        ({"association_fails": 1}, "setting 'association_fails' takes bool, not int"),
        ({"realname_review": "maybe"}, "setting 'realname_review' takes 'pass', 'refuse', 'review', not 'maybe'"),
        ({"association_delay": 5, "colour": "red"}, "no setting 'colour'"),
    ],
)
def test_a_setting_that_cannot_be_placed(world: World, fields: Any, said: str) -> None:
    assert refusal(world, "settings", fields).startswith(said)
