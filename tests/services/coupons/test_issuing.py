"""Issuing coupons: out of which quota, to whom, on which terms, and what stands in the way."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from mockserver.domain.catalogue import MONTH, ON_DEMAND, PERIOD, catalogue, offering_id
from tests.driver import World
from tests.services.coupons.issuing import balance, coupon, coupon_row, failures, grant, issue, issue_records

ECS, OBS = "hws.service.type.ec2", "hws.service.type.obs"
SPEC = catalogue().specs["s6.small.1.linux", "hws.resource.type.vm"]
BY_MONTH = offering_id(SPEC, "cn-north-4", "cn", PERIOD, MONTH)
BY_USAGE = offering_id(SPEC, "cn-north-4", "cn", ON_DEMAND)


def test_the_face_value_leaves_the_quota(world: World) -> None:
    quota = grant(world)
    answer = issue(world.solution_provider, quota, world.customer.id, face_value=12.34)
    assert answer["error_details"] == []
    assert [one["id"] for one in answer["coupon_infos"]] == [world.customer.id]
    assert balance(world, quota) == Decimal("987.66")


def test_a_coupon_has_the_validity_of_its_quota(world: World) -> None:
    row = coupon_row(world, coupon(world, grant(world)))
    assert (row["effective_time"], row["expire_time"]) == ("2026-03-02T02:00:00Z", "2027-03-02T02:00:00Z")
    assert (row["status"], row["coupon_type"], row["balance"]) == (2, 1, 100)


def test_a_coupon_may_be_valid_for_a_shorter_time(world: World) -> None:
    window = {"valid_time": "2026-04-01T00:00:00Z", "expire_time": "2026-05-01T00:00:00Z"}
    row = coupon_row(world, coupon(world, grant(world), **window))
    assert (row["effective_time"], row["expire_time"]) == tuple(window.values())


def test_a_flexi_quota_gives_flexi_coupons(world: World) -> None:
    assert coupon_row(world, coupon(world, grant(world, type="flexi")))["coupon_type"] == 4


@pytest.mark.parametrize("nothing", [{}, {"cloud_service_types": [], "product_ids": []}, {"product_ids": None}])
def test_what_a_coupon_leaves_unsaid_it_inherits(world: World, nothing: dict[str, Any]) -> None:
    quota = grant(world, restrictions={"services": [ECS, OBS], "products": [BY_USAGE]})
    limits = coupon_row(world, coupon(world, quota, **nothing))["use_limits"]
    shown = [(one["limit_key"], one["value1"]) for one in limits]
    assert shown == [("cloudServiceType", ECS), ("cloudServiceType", OBS), ("productId", BY_USAGE)]


def test_a_coupon_may_narrow_the_restrictions(world: World) -> None:
    quota = grant(world, restrictions={"services": [ECS, OBS]})
    limits = coupon_row(world, coupon(world, quota, cloud_service_types=[OBS], product_ids=[BY_USAGE]))["use_limits"]
    assert [one["value1"] for one in limits] == [OBS, BY_USAGE]


def test_restrictions_of_use_pass_from_the_quota_to_the_coupon(world: World) -> None:
    limits = [
        {"limit_key": "chargeScene", "limit_values": [["5", ""]]},
        {"limit_key": "accumulativeConsumption", "limit_values": [["100", ""]]},
    ]
    row = coupon_row(world, coupon(world, grant(world, restrictions={"limits": limits})))
    assert [(one["limit_key"], one["value1"]) for one in row["use_limits"]] == [("chargeScene", "5")]


def test_a_customer_named_twice_gets_one_coupon(world: World) -> None:
    quota, customer = grant(world), world.customer.id
    assert len(issue(world.solution_provider, quota, customer, customer)["coupon_infos"]) == 1
    assert balance(world, quota) == 900


def test_an_issue_is_recorded_with_its_remark(world: World) -> None:
    coupon_id = coupon(world, grant(world), memo="spring")
    record = issue_records(world)[0]
    assert (record["operation_type"], record["coupon_id"], record["remark"]) == ("1", coupon_id, "spring")


def test_a_distributor_issues_for_its_reseller(world: World) -> None:
    quota = grant(world, "demo-distributor")
    child = world.distributor(
        "UpdateCouponQuotas",
        {"quota_id": quota, "indirect_partner_ids": [world.reseller.id], "quota_amount": 200},
    )["simple_quota_infos"][0]["quota_id"]
    customer, reseller = world.reseller_customer.id, world.reseller.id
    answer = issue(world.distributor, child, customer, indirect_partner_id=reseller)
    assert len(answer["coupon_infos"]) == 1
    assert balance(world, child) == 100


# Refusals of the whole call


@pytest.mark.parametrize(
    ("restrictions", "fields", "code"),
    [
        ({"least_face_value": 101}, {}, "CBC.99000018"),
        ({"greatest_face_value": "99.99"}, {}, "CBC.99000019"),
        ({"services": [ECS]}, {"cloud_service_types": [ECS, OBS]}, "CBC.99000023"),
        ({"products": [BY_USAGE]}, {"product_ids": [BY_MONTH]}, "CBC.99000023"),
        (
            {"limits": [{"limit_key": "chargeScene", "limit_values": [["5", ""]]}]},
            {"product_ids": [BY_MONTH]},
            "CBC.99000024",
        ),
        ({"customers": ["demo-referral"]}, {}, "CBC.50000020"),
        ({}, {"product_ids": ["nothing"]}, "CBC.50000054"),
        ({}, {"cloud_service_types": ["nothing"]}, "CBC.50000055"),
        ({}, {"expire_time": "2027-03-02T02:00:01Z"}, "CBC.0100"),
        ({}, {"valid_time": "2026-03-02T01:59:59Z"}, "CBC.0100"),
        ({}, {"valid_time": "2026-05-01T00:00:00Z", "expire_time": "2026-05-01T00:00:00Z"}, "CBC.0100"),
        ({}, {"face_value": "0.001"}, "CBC.0100"),
        ({}, {"face_value": 0}, "CBC.0100"),
    ],
)
def test_what_is_wrong_with_the_coupon_refuses_the_call(
    world: World, restrictions: dict[str, Any], fields: dict[str, Any], code: str
) -> None:
    quota = grant(world, restrictions=restrictions)
    with world.unchanged():
        assert issue(world.solution_provider, quota, world.customer.id, **fields).refused == (400, code)


@pytest.mark.parametrize(
    "restrictions",
    [
        {"least_face_value": 100, "greatest_face_value": 100, "most_coupons": 1, "most_value": 100},
        {"limits": [{"limit_key": "chargeScene", "limit_values": [["6", ""]]}]},
        {"limits": [{"limit_key": "chargeScene", "limit_values": [["2", ""]]}], "products": [BY_MONTH, BY_USAGE]},
        {"customers": ["demo-customer"], "first_association_only": True},
    ],
)
def test_what_the_restrictions_just_allow_is_issued(world: World, restrictions: dict[str, Any]) -> None:
    assert coupon(world, grant(world, restrictions=restrictions), product_ids=[BY_MONTH])


def test_a_quota_must_be_the_partners(world: World) -> None:
    others = grant(world, "demo-distributor")
    with world.unchanged():
        for quota in ("nothing", others):
            answer = issue(world.solution_provider, quota, world.customer.id)
            assert answer.refused == (400, "CBC.99000012")


@pytest.mark.parametrize("state", ["invalid", "adjusting", "frozen"])
def test_only_a_normal_quota_gives_coupons(world: World, state: str) -> None:
    quota = grant(world)
    world.place("quota_states", quota=quota, state=state)
    with world.unchanged():
        assert issue(world.solution_provider, quota, world.customer.id).refused == (400, "CBC.99000012")
    world.place("quota_states", quota=quota, state="normal")
    assert coupon(world, quota)


def test_a_quota_gives_coupons_within_its_validity_only(world: World) -> None:
    quota = grant(world, validity={"effective": "PT1H", "expires": "PT2H"})
    assert issue(world.solution_provider, quota, world.customer.id).refused == (400, "CBC.99000017")
    world.advance("PT1H")
    assert coupon(world, quota)
    world.advance("PT1H")
    with world.unchanged():
        assert issue(world.solution_provider, quota, world.customer.id).refused == (400, "CBC.99000017")


def test_a_validity_that_is_over_is_refused(world: World) -> None:
    quota = grant(world)
    world.advance("P2D")
    answer = issue(world.solution_provider, quota, world.customer.id, expire_time="2026-03-03T02:00:00Z")
    assert answer.refused == (400, "CBC.0100")


def test_a_partner_issues_nothing_to_itself(world: World) -> None:
    quota = grant(world)
    with world.unchanged():
        answer = issue(world.solution_provider, quota, world.customer.id, world.solution_provider.id)
        assert answer.refused == (400, "CBC.99000025")


def test_a_quota_may_be_for_customers_in_their_first_association(world: World) -> None:
    quota = grant(world, restrictions={"first_association_only": True})
    world.place("settings", reassociated_customers=[world.customer.id])
    with world.unchanged():
        assert issue(world.solution_provider, quota, world.customer.id).refused == (400, "CBC.99000022")


def test_a_partner_that_uses_coupons_itself_issues_no_vouchers_but_flexi(world: World) -> None:
    vouchers, flexi = grant(world), grant(world, type="flexi")
    world.place("settings", partners_using_coupons=[world.solution_provider.id])
    with world.unchanged():
        assert issue(world.solution_provider, vouchers, world.customer.id).refused == (400, "CBC.50000010")
    assert coupon(world, flexi)


def test_the_reseller_must_be_the_callers(world: World) -> None:
    quota = grant(world, "demo-distributor")
    with world.unchanged():
        answer = issue(world.distributor, quota, world.reseller_customer.id, indirect_partner_id="nobody")
        assert answer.refused == (400, "CBC.99000037")


# One customer among others


def test_who_gets_nothing_is_reported_and_stops_nobody(world: World) -> None:
    quota, stranger = grant(world), world.reseller_customer.id
    answer = issue(world.solution_provider, quota, stranger, world.customer.id, "nobody")
    assert failures(answer) == [("CBC.99000035", stranger), ("CBC.99000035", "nobody")]
    assert [one["id"] for one in answer["coupon_infos"]] == [world.customer.id]
    assert balance(world, quota) == 900


def test_a_failed_issue_is_recorded_and_leaves_quota_and_coupons_alone(world: World) -> None:
    quota = grant(world)
    before = (world.look("quotas"), world.look("coupons"))
    issue(world.solution_provider, quota, "nobody", memo="spring")
    assert (world.look("quotas"), world.look("coupons")) == before
    (record,) = issue_records(world, result="-1")
    assert (record["customer_id"], record["operation_amount"], record["coupon_id"]) == ("nobody", 100, "")
    assert (record["operation_type"], record["result"], record["remark"]) == ("1", "-1", "spring")


def test_referral_customers_get_no_coupons(world: World) -> None:
    referral = world.referral_customer.id
    answer = issue(world.solution_provider, grant(world), referral)
    assert failures(answer) == [("CBC.99000014", referral)]


def test_members_whose_finances_the_master_manages_get_no_coupons(world: World) -> None:
    world.place("settings", hosted_members=[world.customer.id])
    assert failures(issue(world.solution_provider, grant(world), world.customer.id)) == [
        ("CBC.50000034", world.customer.id)
    ]


def test_an_account_manager_issues_to_his_customers_only(world: World) -> None:
    items = ["BPC_ITEM_SUBCUSTSERV_030102", "BPC_ITEM_SUBCUSTSERV_030103"]
    world.place("users", account="demo-partner", name="demo-manager", items=items)
    world.place("customers", name="second", partner="demo-partner", credential="second")
    second = world.caller("second").id
    answer = issue(world.account_manager, grant(world), second, world.customer.id)
    assert failures(answer) == [("CBC.99000000", second)]
    assert len(answer["coupon_infos"]) == 1


def test_the_balance_goes_down_with_each_coupon(world: World) -> None:
    world.place("customers", name="second", partner="demo-partner", credential="second")
    second = world.caller("second").id
    answer = issue(world.solution_provider, grant(world, amount="150"), world.customer.id, second)
    assert failures(answer) == [("CBC.99000013", second)]
    assert [one["id"] for one in answer["coupon_infos"]] == [world.customer.id]


@pytest.mark.parametrize(
    ("restrictions", "code"),
    [({"most_coupons": 1}, "CBC.99000020"), ({"most_value": "199.99"}, "CBC.99000021")],
)
def test_a_quota_may_bound_number_and_sum_of_its_coupons(world: World, restrictions: dict[str, Any], code: str) -> None:
    quota = grant(world, restrictions=restrictions)
    coupon_id = coupon(world, quota)
    assert failures(issue(world.solution_provider, quota, world.customer.id)) == [(code, world.customer.id)]
    world.solution_provider("ReclaimPartnerCoupons", {"coupon_id": coupon_id}).ok  # noqa: B018
    assert coupon(world, quota)
