"""Which customers cannot be registered."""

import pytest

from tests.driver import World
from tests.services.customers.contacts import CONTACTS, MOBILE, code_for, contact
from tests.services.customers.registering import account, create, register
from tests.sites import on_both_sites


@on_both_sites
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"xaccount_id": None}, "CBC.0100"),
        ({"xaccount_id": ""}, "CBC.0100"),
        ({"xaccount_type": None}, "CBC.0100"),
        ({"verification_code": ""}, "CBC.0100"),
        ({"is_close_market_ms": "yes"}, "CBC.0100"),
        ({"include_association_result": "perhaps"}, "CBC.0100"),
        ({"xaccount_type": "SOMEBODY_IDP"}, "CBC.0101"),
        ({"domain_name": "four"}, "CBC.99000031"),
        ({"domain_name": "n" * 33}, "CBC.99000031"),
        ({"domain_name": "1customer"}, "CBC.99000031"),
        ({"domain_name": "12345"}, "CBC.99000031"),
        ({"domain_name": "op_customer"}, "CBC.99000031"),
        ({"domain_name": "shadow_customer"}, "CBC.99000031"),
        ({"domain_name": "demo-customer"}, "CBC.99000038"),
        ({"domain_name": "demo-distributor"}, "CBC.99000038"),
        ({"password": "Short-1"}, "CBC.99000036"),
        ({"password": "a1" * 17}, "CBC.99000036"),
        ({"password": "onlyletters"}, "CBC.99000036"),
        ({"password": "12345678"}, "CBC.99000036"),
        ({"password": "#$%&#$%&"}, "CBC.99000036"),
        ({"password": ""}, "CBC.99000036"),
        ({"domain_name": "customer-7", "password": "customer-7"}, "CBC.99000036"),
        ({"domain_name": "customer-7", "password": "7-remotsuc"}, "CBC.99000036"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_the_code_of_the_rule(
    world: World, fields: dict[str, object], code: str
) -> None:
    with world.unchanged():
        assert create(world.solution_provider, **fields).refused == (400, code)


@pytest.mark.parametrize(
    ("world", "fields", "code"),
    [
        ("cn", {"mobile_phone": "0086-13900000001", "verification_code": "123456"}, "CBC.5017"),
        ("intl", {"domain_area": None}, "CBC.0100"),
        ("intl", {"domain_area": "mx"}, "CBC.0100"),
        ("intl", {"domain_area": "MEX"}, "CBC.0100"),
        ("intl", {"email": "no-address", "verification_code": "123456"}, "CBC.0100"),
        ("intl", {"email": "customer@example.com", "verification_code": "123456"}, "CBC.99000029"),
    ],
    indirect=["world"],
)
def test_what_breaks_a_rule_of_its_site_is_refused(world: World, fields: dict[str, object], code: str) -> None:
    with world.unchanged():
        assert create(world.solution_provider, **fields).refused == (400, code)


@on_both_sites
def test_a_contact_needs_its_code(world: World) -> None:
    with world.unchanged():
        assert create(world.solution_provider, **contact(world.site)).refused == (400, "CBC.0100")


@on_both_sites
def test_a_password_must_not_contain_the_contact(world: World) -> None:
    code = code_for(world)
    with world.unchanged():
        refused = register(world, code, password=f"My{CONTACTS[world.site]}")
        assert refused.refused == (400, "CBC.99000036")


def test_an_empty_number_is_none_and_needs_no_code(world: World) -> None:
    assert account(world, create(world.solution_provider, mobile_phone=""))["mobile"] == ""


@on_both_sites
def test_the_id_of_a_platforms_user_serves_once(world: World) -> None:
    create(world.solution_provider).ok  # noqa: B018
    with world.unchanged():
        assert create(world.solution_provider).refused == (400, "CBC.99000039")


@on_both_sites
def test_the_same_id_on_another_platform_is_another_user(world: World) -> None:
    create(world.solution_provider).ok  # noqa: B018
    create(world.distributor, indirect_partner_id=world.reseller.id).ok  # noqa: B018


@on_both_sites
def test_a_distributor_has_no_customers_of_its_own(world: World) -> None:
    with world.unchanged():
        assert create(world.distributor).refused == (400, "CBC.50010059")


@on_both_sites
def test_a_distributor_creates_customers_for_its_own_resellers_only(world: World) -> None:
    foreign = create(world.distributor, indirect_partner_id=world.solution_provider.id)
    assert foreign.refused == (400, "CBC.99000037")


@on_both_sites
def test_a_test_account_creates_no_customers(world: World) -> None:
    world.place("partners", name="demo-partner", test_account=True)
    assert create(world.solution_provider).refused == (400, "CBC.99005035")


@on_both_sites
def test_a_restricted_company_gets_no_customers(world: World) -> None:
    world.place("partners", name="demo-partner", restricted=True)
    assert create(world.solution_provider).refused == (400, "CBC.50010085")


@on_both_sites
@pytest.mark.parametrize(
    ("trouble", "code"), [({"restricted": True}, "CBC.50010086"), ({"left_programme": True}, "CBC.50010065")]
)
def test_a_reseller_gets_no_customers_while_its_distributor_is_in_trouble(
    world: World, trouble: dict[str, bool], code: str
) -> None:
    world.place("partners", name="demo-distributor", **trouble)
    refused = create(world.distributor, indirect_partner_id=world.reseller.id)
    assert refused.refused == (400, code)


def test_a_number_in_use_elsewhere_is_refused(world: World) -> None:
    world.place("settings", taken_mobiles=[MOBILE])
    assert register(world, "123456").refused == (400, "CBC.99000029")


@on_both_sites
def test_a_lead_of_the_vendor_cannot_be_registered(world: World) -> None:
    world.place("settings", reported_leads=[CONTACTS[world.site]])
    assert register(world, code_for(world)).refused == (400, "CBC.99000051")


def test_a_number_serves_several_customers_up_to_the_limit(world: World) -> None:
    world.place("settings", customers_per_mobile=2)
    for user in ("user-1", "user-2"):
        register(world, code_for(world), xaccount_id=user).ok  # noqa: B018
    assert register(world, code_for(world), xaccount_id="user-3").refused == (400, "CBC.99000030")
