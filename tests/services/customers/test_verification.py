from __future__ import annotations

import pytest

from mockserver.domain.clock import parse_instant
from tests.driver import Answer, World
from tests.services.customers.contacts import EMAIL, MOBILE, OTHERS, send_code
from tests.sites import on_both_sites


def send(world: World, **fields: object) -> Answer:
    return send_code(world.solution_provider, **fields)


def send_often(world: World, times: int, every: str) -> None:
    for _ in range(times):
        assert send(world).status == 204
        world.advance(every)


def minutes_of_life(world: World) -> float:
    (code,) = world.look("verification_codes")
    life = parse_instant(code["expires_at"]) - parse_instant(code["sent_at"])
    return life.total_seconds() / 60


def test_a_code_is_sent_by_sms_in_china_and_not_answered(world: World) -> None:
    answer = send(world)
    assert (answer.status, answer.content) == (204, b"")
    (code,) = world.look("verification_codes")
    assert (code["receiver"], code["scene"], len(code["code"])) == (MOBILE, 29, 6)


def test_a_code_is_sent_by_e_mail_abroad(abroad: World) -> None:
    assert send(abroad).status == 204
    (code,) = abroad.look("verification_codes")
    assert (code["receiver"], code["scene"]) == (EMAIL, 29)


@on_both_sites
@pytest.mark.parametrize(("timeout", "minutes"), [(None, 10), (1, 1), ("30", 30), (60, 60), (61, 5), (3000, 5)])
def test_a_code_lives_its_timeout_but_five_minutes_above_sixty(world: World, timeout: object, minutes: int) -> None:
    send(world, timeout=timeout)
    assert minutes_of_life(world) == minutes


@pytest.mark.parametrize(("lang", "written"), [(None, "zh-cn"), ("", "zh-cn"), ("en-us", "en-us")])
def test_the_message_is_chinese_in_china_unless_asked_otherwise(world: World, lang: object, written: str) -> None:
    send(world, lang=lang)
    assert world.look("verification_codes")[0]["language"] == written


def test_the_message_is_english_abroad_by_default(abroad: World) -> None:
    send(abroad)
    assert abroad.look("verification_codes")[0]["language"] == "en-us"


@pytest.mark.parametrize(
    "wrong",
    [
        {"receiver_type": 2},
        {"receiver_type": None},
        {"mobile_phone": "0086-13900000001"},
        {"mobile_phone": "1390000000"},
        {"mobile_phone": None},
        {"timeout": 0},
        {"timeout": 3001},
        {"lang": "fr-fr"},
        {"scene": 19},
        {"scene": ""},
        {"scene": 18},
        {"scene": 18, "customer_id": ""},
    ],
)
def test_what_breaks_the_rules_is_refused(world: World, wrong: dict[str, object]) -> None:
    with world.unchanged():
        assert send(world, **wrong).refused == (400, "CBC.0100")


@pytest.mark.parametrize("wrong", [{"receiver_type": 1}, {"email": "no-address"}, {"email": None}])
def test_what_breaks_the_rules_abroad_is_refused(abroad: World, wrong: dict[str, object]) -> None:
    assert send(abroad, **wrong).refused == (400, "CBC.0100")


def test_a_code_for_a_bank_card_names_the_customer(world: World) -> None:
    send(world, scene=18, customer_id=world.customer.id).ok  # noqa: B018
    (code,) = world.look("verification_codes")
    assert (code["scene"], code["customer_id"]) == (18, world.customer.id)


def test_a_distributor_sends_codes_to_customers_of_its_resellers(world: World) -> None:
    assert send_code(world.distributor, scene=18, customer_id=world.reseller_customer.id).status == 204


def test_a_code_for_the_card_of_a_foreign_customer_is_refused(world: World) -> None:
    with world.unchanged():
        assert send(world, scene=18, customer_id=world.reseller_customer.id).refused == (400, "CBC.99000035")
        assert send(world, scene=18, customer_id="nobody").refused == (400, "CBC.99000035")


def test_an_account_manager_sends_codes_for_the_cards_of_his_customers_only(world: World) -> None:
    world.place("users", account="demo-partner", name="demo-manager", items=["BPC_ITEM_SUBCUSTSERV_010118"])
    manager = world.account_manager
    assert send_code(manager, scene=18, customer_id=world.customer.id).status == 204
    other = send_code(manager, scene=18, customer_id=world.referral_customer.id)
    assert other.refused == (400, "CBC.99000035")


def test_the_customer_of_a_registration_is_ignored(world: World) -> None:
    assert send(world, customer_id="nobody").status == 204
    assert world.look("verification_codes")[0]["customer_id"] == ""


@on_both_sites
def test_a_receiver_gets_fifteen_codes_an_hour(world: World) -> None:
    send_often(world, 15, "PT1M")
    with world.unchanged():
        assert send(world).refused == (400, "CBC.99004015")
    assert send_code(world.solution_provider, OTHERS[world.site]).status == 204


@on_both_sites
def test_the_hour_of_a_code_passes(world: World) -> None:
    send_often(world, 15, "PT4M")
    assert send(world).status == 204
    assert send(world).refused == (400, "CBC.99004015")


@on_both_sites
def test_a_receiver_gets_sixty_codes_a_day(world: World) -> None:
    send_often(world, 60, "PT20M")
    assert send(world).refused == (400, "CBC.99004015")
    world.advance("PT4H")
    assert send(world).status == 204


def test_codes_of_all_partners_and_scenes_count_against_the_limit(world: World) -> None:
    send_often(world, 14, "PT1M")
    send(world, scene=18, customer_id=world.customer.id).ok  # noqa: B018
    assert send_code(world.distributor).refused == (400, "CBC.99004015")
