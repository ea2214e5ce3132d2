"""Lists of quotas, coupons and stored-value cards: what is in them, in which order, by which filters."""

from __future__ import annotations

from typing import Any

import pytest

from tests.driver import Answer, Caller, World
from tests.services.coupons.issuing import coupon, grant, reclaim

ECS = "hws.service.type.ec2"


def quotas(caller: Caller, **filters: Any) -> list[Any]:
    return list(caller("ListQuotaCoupons", filters)["quotas"])


def quota_values(caller: Caller, **filters: Any) -> list[Any]:
    return [row["quota_value"] for row in quotas(caller, **filters)]


def issued(caller: Caller, **filters: Any) -> list[Any]:
    """The face values of the coupons found."""
    return [row["face_value"] for row in caller("ListIssuedPartnerCoupons", **filters)["user_coupons"]]


def held(caller: Caller, **filters: Any) -> list[Any]:
    return [row["face_value"] for row in caller("ListSubCustomerCoupons", **filters)["user_coupons"]]


# Quotas


@pytest.fixture
def three(world: World) -> World:
    """Quotas of 1, 2 and 3 yuan, a day between them; the second starts later, the third ends earlier and is frozen."""
    grant(world, amount="1")
    world.advance("P1D")
    grant(world, amount="2", validity={"effective": "P10D"})
    world.advance("P1D")
    frozen = grant(world, amount="3", validity={"expires": "P20D"})
    world.place("quota_states", quota=frozen, state="frozen")
    return world


def test_a_quota_is_listed_with_its_restrictions(world: World) -> None:
    limits = [{"limit_key": "chargeScene", "limit_values": [["6", ""]]}]
    quota = grant(world, restrictions={"limits": limits, "services": [ECS]})
    assert quotas(world.solution_provider) == [
        {
            "quota_id": quota,
            "quota_type": 0,
            "create_time": "2026-03-02T02:00:00Z",
            "last_update_time": "2026-03-02T02:00:00Z",
            "quota_value": 1000,
            "quota_status": 0,
            "balance": 1000,
            "measure_id": 1,
            "currency": "CNY",
            "effective_time": "2026-03-02T02:00:00Z",
            "expire_time": "2027-03-02T02:00:00Z",
            "limit_infos": [
                {"limit_key": "cloudServiceType", "limit_values": [{"value1": ECS, "value2": ""}]},
                {"limit_key": "chargeScene", "limit_values": [{"value1": "6", "value2": ""}]},
            ],
        }
    ]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, [3, 2, 1]),
        ({"quota_status_list": [0, 3]}, [2, 1]),
        ({"quota_status_list": [5]}, [3]),
        ({"quota_status_list": []}, [3, 2, 1]),
        ({"quota_ids": []}, [3, 2, 1]),
        ({"quota_ids": ["nothing"]}, []),
        ({"quota_type": 1}, []),
        ({"quota_type": None}, [3, 2, 1]),
        ({"create_time_begin": "2026-03-03T01:59:59Z"}, [3, 2]),
        ({"create_time_begin": "2026-03-03T02:00:00Z"}, [3]),
        ({"create_time_end": "2026-03-03T02:00:00Z"}, [1]),
        ({"effective_time_begin": "2026-03-04T02:00:00Z"}, [2]),
        ({"effective_time_end": "2026-03-04T02:00:00Z"}, [1]),
        ({"expire_time_begin": "2027-03-02T02:00:00Z"}, [2]),
        ({"expire_time_end": "2027-03-02T02:00:00Z"}, [3]),
        ({"offset": 1, "limit": 1}, [2]),
    ],
)
def test_each_filter_of_quotas_filters(three: World, filters: dict[str, Any], found: list[int]) -> None:
    assert quota_values(three.solution_provider, **filters) == found


def test_the_total_counts_all_that_match(three: World) -> None:
    assert three.solution_provider("ListQuotaCoupons", {"limit": 1})["total_count"] == 3


def test_quotas_are_found_by_their_ids(three: World) -> None:
    ids = [row["id"] for row in three.look("quotas")]
    assert quota_values(three.solution_provider, quota_ids=ids[:2]) == [2, 1]


def test_flexi_quotas_come_only_when_asked_for(world: World) -> None:
    grant(world, type="flexi", amount="9")
    assert quota_values(world.solution_provider) == []
    assert quota_values(world.solution_provider, quota_type=1) == [9]


def test_a_quota_is_invalid_from_its_expiry_on(three: World) -> None:
    three.advance("P20D")
    assert [row["quota_status"] for row in quotas(three.solution_provider)] == [3, 0, 0]
    assert quotas(three.solution_provider)[0]["last_update_time"] == "2026-03-24T02:00:00Z"


def test_an_issue_is_an_update_of_the_quota(world: World) -> None:
    quota = grant(world)
    world.advance("PT1H")
    coupon(world, quota)
    (row,) = quotas(world.solution_provider)
    assert (row["balance"], row["quota_value"], row["last_update_time"]) == (900, 1000, "2026-03-02T03:00:00Z")


def test_a_partner_sees_its_own_quotas_only(world: World) -> None:
    grant(world, "demo-distributor")
    assert quotas(world.solution_provider) == []


# Issued coupons


@pytest.fixture
def four(world: World) -> World:
    """Coupons of 1 to 4 yuan, an hour between them: the first used by CS1, the second reclaimed, the third flexi, the
    last frozen, for the second customer and valid in April only."""
    quota, flexi = grant(world), grant(world, type="flexi")
    first = coupon(world, quota, 1)
    world.place("coupon_uses", coupon=first, amount="1", order="CS1")
    world.advance("PT1H")
    reclaim(world.solution_provider, coupon(world, quota, 2)).ok  # noqa: B018
    world.advance("PT1H")
    coupon(world, flexi, 3)
    world.advance("PT1H")
    world.place("customers", name="second", partner="demo-partner", credential="second")
    month = {"valid_time": "2026-04-01T00:00:00Z", "expire_time": "2026-05-01T00:00:00Z"}
    body = {"quota_id": quota, "customer_ids": [world.caller("second").id], "face_value": 4, **month}
    last = world.solution_provider("CreatePartnerCoupons", body)["coupon_infos"][0]["coupon_id"]
    world.place("coupon_holds", coupon=last, frozen=True, order="CS9")
    return world


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, [4, 3, 2, 1]),
        ({"coupon_id": "nothing"}, []),
        ({"order_id": "CS1"}, [1]),
        ({"order_id": "CS9"}, []),
        ({"coupon_type": 1}, [4, 2, 1]),
        ({"coupon_type": 4}, [3]),
        ({"status": 2}, [3]),
        ({"status": 3}, [1]),
        ({"status": 5}, [2]),
        ({"create_time_begin": "2026-03-02T03:00:00Z"}, [4, 3]),
        ({"create_time_end": "2026-03-02T03:00:00Z"}, [1]),
        ({"effective_time_begin": "2026-03-31T23:59:59Z"}, [4]),
        ({"effective_time_begin": "2026-04-01T00:00:00Z"}, []),
        ({"effective_time_end": "2026-04-01T00:00:00Z"}, [3, 2, 1]),
        ({"expire_time_begin": "2026-05-01T00:00:00Z"}, [3, 2, 1]),
        ({"expire_time_end": "2026-05-01T00:00:01Z"}, [4]),
        ({"offset": 2, "limit": 1}, [2]),
    ],
)
def test_each_filter_of_issued_coupons_filters(four: World, filters: dict[str, Any], found: list[int]) -> None:
    assert issued(four.solution_provider, **filters) == found


def test_issued_coupons_are_found_by_customer_and_by_id(four: World) -> None:
    assert issued(four.solution_provider, customer_id=four.caller("second").id) == [4]
    coupon_id = four.look("coupons")[0]["id"]
    assert issued(four.solution_provider, coupon_id=coupon_id) == [1]


@pytest.mark.parametrize("name", ["coupon_id", "customer_id", "order_id"])
def test_an_id_without_a_value_is_no_filter_but_an_empty_string_is_refused(four: World, name: str) -> None:
    assert issued(four.solution_provider, **{name: ""}) == [4, 3, 2, 1]
    answer = four.solution_provider("ListIssuedPartnerCoupons", **{name: '""'})
    assert answer.refused == (400, "CBC.0100")


def test_frozen_and_held_coupons_are_shown_as_such(four: World) -> None:
    row = four.solution_provider("ListIssuedPartnerCoupons")["user_coupons"][0]
    assert (row["status"], row["is_frozen"], row["lock_order_id"]) == (2, "1", "CS9")


def test_coupons_of_referral_customers_are_not_in_the_api(world: World) -> None:
    world.place("coupons", account="demo-referral", quota=grant(world), amount="10")
    assert issued(world.solution_provider) == []
    assert held(world.referral_customer) == [10]


def test_issued_coupons_disappear_two_years_after_their_expiry(world: World) -> None:
    coupon(world, grant(world), expire_time="2026-03-02T03:00:00Z")
    world.control("PUT", f"sandboxes/{world.id}/clock", {"now": "2028-03-01T15:59:59Z"}).ok  # noqa: B018
    assert issued(world.solution_provider, status=4) == [100]
    world.advance("PT1S")
    assert issued(world.solution_provider) == []


def test_an_account_manager_sees_the_coupons_of_his_customers(four: World) -> None:
    items = ["BPC_ITEM_SUBCUSTSERV_030200", "BPC_ITEM_SUBCUSTSERV_030102"]
    four.place("users", account="demo-partner", name="demo-manager", items=items)
    assert issued(four.account_manager) == [3, 2, 1]
    records = four.account_manager("ListPartnerCouponsRecord")["records"]
    assert {row["customer_id"] for row in records} == {four.customer.id}


# Held coupons


def test_a_customer_sees_what_it_holds(world: World) -> None:
    quota = grant(world)
    coupon_id = coupon(world, quota)
    (row,) = world.customer("ListSubCustomerCoupons")["user_coupons"]
    assert row == {
        "coupon_id": coupon_id,
        "coupon_code": f"V{coupon_id[2:]}",
        "status": 2,
        "customer_id": world.customer.id,
        "coupon_type": 1,
        "measure_id": 1,
        "face_value": 100,
        "valid_time": "2026-03-02T02:00:00Z",
        "expire_time": "2027-03-02T02:00:00Z",
        "promotion_plan_id": f"PP{quota}",
        "plan_name": "Partner coupon",
        "plan_desc": "Partner coupon",
        "media_type": 1,
        "fetch_method": 3,
        "use_limits": [],
        "active_time": "2026-03-02T02:00:00Z",
        "promotion_id": f"PM{quota}",
        "create_time": "2026-03-02T02:00:00Z",
        "coupon_version": 2,
        "balance": 100,
        "lock_order_id": "",
        "coupon_usage": "",
        "is_frozen": "0",
        "currency": "CNY",
        "extend_param1": "",
        "source_id": world.solution_provider.id,
    }


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, [0.5, 3, 2, 1]),
        ({"coupon_id": "nothing"}, []),
        ({"order_id": "CS1"}, [1]),
        ({"promotion_plan_id": "nothing"}, []),
        ({"coupon_type": 2}, [0.5]),
        ({"coupon_type": 4}, [3]),
        ({"status": 2}, [0.5, 3]),
        ({"status": 5}, [2]),
        ({"active_start_time": "2026-03-02T03:00:00Z"}, [0.5, 3]),
        ({"active_end_time": "2026-03-02T03:00:00Z"}, [1]),
        ({"source_id": "nobody"}, []),
        ({"offset": 1, "limit": 2}, [3, 2]),
    ],
)
def test_each_filter_of_held_coupons_filters(four: World, filters: dict[str, Any], found: list[int]) -> None:
    four.place("coupons", account="demo-customer", amount="0.5", type="discount")
    assert held(four.customer, **filters) == found


def test_held_coupons_are_found_by_plan_and_issuer(four: World) -> None:
    four.place("coupons", account="demo-customer", amount="5")
    plan = f"PP{four.look('quotas')[1]['id']}"
    assert held(four.customer, promotion_plan_id=plan) == [3]
    assert held(four.customer, source_id=four.solution_provider.id) == [3, 2, 1]


def test_a_partner_sees_its_own_coupons_not_its_customers(four: World) -> None:
    four.place("coupons", account="demo-partner", amount="8")
    four.place("coupons", account="demo-reseller", amount="9")
    assert held(four.solution_provider) == [8]
    assert held(four.distributor) == []
    assert held(four.distributor, indirect_partner_id=four.reseller.id) == [9]


def test_held_coupons_disappear_a_year_after_their_expiry(world: World) -> None:
    coupon(world, grant(world), expire_time="2026-03-02T03:00:00Z")
    world.advance("P1YT1H")
    assert held(world.customer, status=4) == [100]
    world.advance("PT1S")
    assert held(world.customer) == []


def test_abroad_vouchers_are_in_dollars(abroad: World) -> None:
    abroad.place("coupons", account="demo-customer", amount="50")
    (row,) = abroad.customer("ListSubCustomerCoupons")["user_coupons"]
    assert (row["currency"], row["face_value"], row["plan_name"]) == ("USD", 50, "Huawei Cloud coupon")


@pytest.mark.parametrize(
    "operation", ["ListIssuedPartnerCoupons", "ListPartnerCouponsRecord", "ListSubCustomerCoupons", "ListQuotaCoupons"]
)
def test_the_reseller_must_be_the_callers(world: World, operation: str) -> None:
    asked: dict[str, str] = {"indirect_partner_id": "nobody"}
    in_body = operation == "ListQuotaCoupons"
    answer: Answer = world.distributor(operation, asked) if in_body else world.distributor(operation, **asked)
    assert answer.refused == (400, "CBC.99000037")


# Stored-value cards


@pytest.fixture
def cards(world: World) -> World:
    world.place("stored_value_cards", customer="demo-customer", face_value="1000", balance="640.25", name="big")
    validity = {"effective": "-P1Y", "expires": "P1D"}
    world.place("stored_value_cards", customer="demo-customer", face_value="10", name="old", validity=validity)
    world.place("stored_value_cards", customer="demo-customer", face_value="20", balance="0", name="empty")
    world.place("stored_value_cards", customer="demo-referral", face_value="30", name="other")
    return world


def names(caller: Caller, **filters: Any) -> list[str]:
    return [row["card_name"] for row in caller("ListStoredValueCards", **filters)["stored_value_cards"]]


def test_cards_are_listed_by_state(cards: World) -> None:
    assert names(cards.customer, status=1) == ["big", "old"]
    assert names(cards.customer, status=2) == ["empty"]
    assert names(cards.referral_customer, status=1) == ["other"]


def test_a_card_is_found_by_its_id(cards: World) -> None:
    card = cards.look("stored_value_cards")[0]
    (row,) = cards.customer("ListStoredValueCards", status=1, card_id=card["id"])["stored_value_cards"]
    assert (row["card_id"], row["face_value"], row["balance"], row["status"]) == (card["id"], "1000.00", "640.25", 1)
    assert names(cards.customer, status=1, card_id="nothing") == []


def test_an_expired_card_is_left_out(cards: World) -> None:
    cards.advance("P1D")
    assert names(cards.customer, status=1) == ["big"]


def test_cards_come_in_pages(cards: World) -> None:
    answer = cards.customer("ListStoredValueCards", status=1, offset=1, limit=1)
    assert (answer["total_count"], [row["card_name"] for row in answer["stored_value_cards"]]) == (2, ["old"])
