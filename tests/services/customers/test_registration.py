from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.writing import json_bytes
from tests.driver import Answer, Caller, World
from tests.services.customers.contacts import EMAIL, MOBILE, OTHERS, code_for, other_than
from tests.services.customers.registering import account, create, register
from tests.sites import on_both_sites


def listed(caller: Caller, answer: Answer, **fields: object) -> list[Any]:
    """The new customer as the partner's list shows it."""
    body = {"customer_id": answer.body["domain_id"], **fields}
    rows: list[Any] = caller("ListSubCustomers", body)["customer_infos"]
    return rows


def check(caller: Caller, search_type: str, value: str) -> Answer:
    return caller("CheckUserIdentity", {"search_type": search_type, "search_value": value})


# CreateSubCustomer: the account


def test_the_account_keeps_what_was_given(world: World) -> None:
    row = account(world, register(world, code_for(world), domain_name="new_customer", is_close_market_ms="true"))
    assert (row["name"], row["mobile"], row["xaccount_id"], row["xaccount_type"], row["marketing_closed"]) == (
        "new_customer",
        MOBILE,
        "user-1",
        "DEMO_IDP",
        True,
    )


@on_both_sites
def test_a_new_customer_has_no_type_and_no_real_name(world: World) -> None:
    row = account(world, create(world.solution_provider))
    assert (row["customer_type"], row["verified_status"], row["marketing_closed"]) == (-1, -1, False)


@on_both_sites
def test_an_account_without_name_gets_one_of_32_characters(world: World) -> None:
    first = create(world.solution_provider, domain_name="")
    second = create(world.solution_provider, xaccount_id="user-2")
    assert len(first["domain_name"]) == len(second["domain_name"]) == 32
    assert first["domain_name"] != second["domain_name"]


def test_an_account_abroad_keeps_country_and_address(abroad: World) -> None:
    row = account(abroad, register(abroad, code_for(abroad), domain_area="SG"))
    assert (row["area"], row["email"], row["mobile"]) == ("SG", EMAIL, "")


@on_both_sites
def test_the_customer_can_sign_in_with_its_password(world: World) -> None:
    create(world.solution_provider, domain_name="new_customer", password="Secret-pass-1").ok  # noqa: B018
    user = {"name": "new_customer", "password": "Secret-pass-1", "domain": {"name": "new_customer"}}
    identity = {"methods": ["password"], "password": {"user": user}}
    scope = {"domain": {"name": "new_customer"}}
    login = world.solution_provider.transport(
        "POST",
        "/v3/auth/tokens",
        {"Content-Type": "application/json"},
        json_bytes({"auth": {"identity": identity, "scope": scope}}),
    )
    assert login.status == 201


@on_both_sites
def test_an_account_manager_manages_the_customer_he_creates(world: World) -> None:
    items = ["BPC_ITEM_SUBCUSTSERV_010118", "BPC_ITEM_SUBCUSTSERV_010100"]
    world.place("users", account="demo-partner", name="demo-manager", items=items)
    made = create(world.account_manager)
    world.advance("PT2S")
    (shown,) = listed(world.account_manager, made)
    assert shown["account_managers"] == [{"account_name": "demo-manager"}]


# CreateSubCustomer: the association


def test_the_association_follows_a_while_after_the_account(world: World) -> None:
    made = create(world.solution_provider)
    assert listed(world.solution_provider, made) == []
    world.advance("PT1S")
    assert listed(world.solution_provider, made) == []
    world.advance("PT1S")
    (shown,) = listed(world.solution_provider, made)
    assert (shown["associated_on"], shown["association_type"]) == ("2026-03-02T02:00:02Z", "2")


@pytest.mark.parametrize(("wish", "kind"), [("1", "1"), ("2", "2"), ("", "2"), (None, "2")])
def test_a_customer_in_china_is_partner_paid_unless_referral_is_asked_for(
    world: World, wish: object, kind: str
) -> None:
    made = create(world.solution_provider, cooperation_type=wish, include_association_result=True)
    assert listed(world.solution_provider, made)[0]["association_type"] == kind


def test_a_customer_abroad_is_in_the_reseller_model_and_starts_frozen(abroad: World) -> None:
    made = create(abroad.solution_provider, include_association_result=True)
    (shown,) = listed(abroad.solution_provider, made)
    assert (shown["association_type"], shown["is_frozen"]) == ("3", 1)
    assert account(abroad, made)["freeze_type"] == "ACCOUNT"


@on_both_sites
def test_waiting_for_the_association_answers_when_it_is_complete(world: World) -> None:
    world.place("settings", association_delay=10)
    made = create(world.solution_provider, include_association_result=True)
    assert listed(world.solution_provider, made)[0]["associated_on"] == world.now


@on_both_sites
def test_a_wait_that_times_out_answers_the_account_which_is_associated_later(world: World) -> None:
    world.place("settings", association_delay=11)
    late = create(world.solution_provider, domain_name="late_customer", include_association_result=True)
    assert late.refused == (500, "CBC.99000050")
    assert late.body["domain_name"] == "late_customer"
    assert listed(world.solution_provider, late) == []
    world.advance("PT11S")
    assert listed(world.solution_provider, late)[0]["account_name"] == "late_customer"


@on_both_sites
def test_a_failed_authorisation_leaves_no_account_and_does_not_use_up_the_code(world: World) -> None:
    world.place("settings", association_fails=True)
    code = code_for(world)
    with world.unchanged():
        assert register(world, code).refused == (400, "CBC.99000004")


def test_a_customer_abroad_belongs_to_the_reseller_that_its_distributor_names(abroad: World) -> None:
    made = create(abroad.distributor, indirect_partner_id=abroad.reseller.id, include_association_result=True)
    assert listed(abroad.distributor, made, indirect_partner_id=abroad.reseller.id)[0]["is_frozen"] == 1
    assert account(abroad, made)["partner_id"] == abroad.reseller.id


@on_both_sites
@pytest.mark.parametrize("platform", ["DIST_IDP", "RESELLER_IDP"])
def test_the_platform_is_the_distributors_or_the_resellers(world: World, platform: str) -> None:
    create(world.distributor, indirect_partner_id=world.reseller.id, xaccount_type=platform).ok  # noqa: B018


@on_both_sites
def test_a_solution_provider_names_no_reseller(world: World) -> None:
    made = create(world.solution_provider, indirect_partner_id="nobody", include_association_result=True)
    assert account(world, made)["partner_id"] == world.solution_provider.id


# CreateSubCustomer: the verification code


@on_both_sites
def test_a_wrong_code_leaves_nothing_behind_but_the_count_of_its_tries(world: World) -> None:
    code, before = code_for(world), world.state()
    assert register(world, other_than(code)).refused == (400, "CBC.99004010")
    before["verification_codes"][0]["failures"] = 1
    assert world.state() == before


@on_both_sites
def test_the_right_code_is_good_after_three_wrong_tries(world: World) -> None:
    code = code_for(world)
    for _ in range(3):
        assert register(world, other_than(code)).refused == (400, "CBC.99004010")
    register(world, code).ok  # noqa: B018


@on_both_sites
def test_more_than_three_wrong_tries_void_a_code(world: World) -> None:
    code = code_for(world)
    for _ in range(3):
        register(world, other_than(code))
    assert register(world, other_than(code)).refused == (400, "CBC.99004009")
    with world.unchanged():
        assert register(world, code).refused == (400, "CBC.99004009")
    register(world, code_for(world)).ok  # noqa: B018


@on_both_sites
def test_a_code_is_good_until_it_expires(world: World) -> None:
    code = code_for(world, timeout=1)
    world.advance("PT59S")
    register(world, code).ok  # noqa: B018


@on_both_sites
def test_an_expired_code_is_refused(world: World) -> None:
    code = code_for(world, timeout=1)
    world.advance("PT60S")
    with world.unchanged():
        assert register(world, code).refused == (400, "CBC.99004008")


def test_a_code_serves_once(world: World) -> None:
    code = code_for(world)
    register(world, code).ok  # noqa: B018
    assert register(world, code, xaccount_id="user-2").refused == (400, "CBC.99004010")


@on_both_sites
def test_a_code_of_another_receiver_is_wrong(world: World) -> None:
    code = code_for(world, OTHERS[world.site])
    with world.unchanged():
        assert register(world, code).refused == (400, "CBC.99004010")


def test_a_code_of_another_scene_is_wrong(world: World) -> None:
    code = code_for(world, scene=18, customer_id=world.customer.id)
    with world.unchanged():
        assert register(world, code).refused == (400, "CBC.99004010")


@on_both_sites
def test_a_newer_code_replaces_the_older(world: World) -> None:
    older, newer = code_for(world), code_for(world)
    assert register(world, older).refused == (400, "CBC.99004010")
    register(world, newer).ok  # noqa: B018


# CheckUserIdentity


@on_both_sites
def test_a_name_is_used_as_soon_as_an_account_has_it(world: World) -> None:
    assert check(world.solution_provider, "name", "new-customer").body == {"check_result": "available"}
    create(world.solution_provider, domain_name="new-customer").ok  # noqa: B018
    assert check(world.solution_provider, "name", "new-customer").body == {"check_result": "used_by_user"}


@on_both_sites
@pytest.mark.parametrize("address", ["customer@example.com", "partner@example.com"])
def test_an_address_is_used_as_soon_as_an_account_has_it(world: World, address: str) -> None:
    assert check(world.solution_provider, "email", "free@example.com").body == {"check_result": "available"}
    assert check(world.distributor, "email", address).body == {"check_result": "used_by_user"}


@on_both_sites
def test_a_number_has_some_registrations_left(world: World) -> None:
    answer = check(world.solution_provider, "mobile", "0086-13800000011")
    assert answer.body == {"check_result": "available", "mobile_remain_available_num": 4}


@on_both_sites
def test_a_number_at_its_limit_is_used(world: World) -> None:
    world.place("settings", customers_per_mobile=1)
    answer = check(world.solution_provider, "mobile", "0086-13800000011")
    assert answer.body == {"check_result": "used_by_user", "mobile_remain_available_num": 0}


@on_both_sites
def test_a_number_in_use_elsewhere_is_used(world: World) -> None:
    world.place("settings", taken_mobiles=[MOBILE])
    answer = check(world.solution_provider, "mobile", f"0086-{MOBILE}")
    assert answer.body == {"check_result": "used_by_user", "mobile_remain_available_num": 0}


def test_a_number_of_another_country_is_free(abroad: World) -> None:
    answer = check(abroad.solution_provider, "mobile", "0052-13800000011")
    assert answer.body == {"check_result": "available", "mobile_remain_available_num": 5}


def test_a_number_of_another_country_is_refused_in_china(world: World) -> None:
    assert check(world.solution_provider, "mobile", "0052-13800000011").refused == (400, "CBC.0100")


@on_both_sites
def test_a_check_reserves_nothing(world: World) -> None:
    with world.unchanged():
        check(world.solution_provider, "name", "new-customer").ok  # noqa: B018


@on_both_sites
@pytest.mark.parametrize(
    ("search_type", "value"),
    [
        ("phone", "0086-13800000011"),
        ("mobile", "13800000011"),
        ("mobile", "86-13800000011"),
        ("email", "no-address"),
        ("name", "four"),
        ("name", "_customer"),
        ("name", "op_customer"),
        ("name", "shadow_customer"),
        ("name", "1customer"),
        ("name", ""),
    ],
)
def test_a_value_of_the_wrong_form_is_refused(world: World, search_type: str, value: str) -> None:
    assert check(world.solution_provider, search_type, value).refused == (400, "CBC.0100")
