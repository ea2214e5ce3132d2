"""The commercial contract of a customer, and the policies on discounts and incentives."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.driver import World

CONTRACT, POLICIES = "ListBusinessDiscountInfo", "ListIncentiveDiscountPolicies"
EC2, OBS = "hws.service.type.ec2", "hws.service.type.obs"
NOTHING = {
    "total_count": 0, "product_quoting_items": [], "category_quoting_items": [], "category_quoting_item_steps": [],
    "sites": [],
}  # fmt: skip


def grant(world: World, ratio: float = 0.85, **fields: Any) -> dict[str, Any]:
    """A commercial discount of the customer."""
    body = {"customer": "demo-customer", "kind": "commercial", "ratio": ratio, **fields}
    placed: dict[str, Any] = world.place("discounts", **body)
    return placed


def contract(world: World, kind: str = "CATEGORY_ITEM", /, caller: str = "customer", **fields: Any) -> dict[str, Any]:
    language = {"X_Language": fields.pop("language")} if "language" in fields else {}
    answer = world.caller(caller)(CONTRACT, {"quoting_item_type": kind, **fields}, **language)
    found: dict[str, Any] = answer.ok.body
    return found


def quoted(world: World, **fields: Any) -> list[tuple[str, str]]:
    """Service and way of charging of each quotation for categories."""
    rows = contract(world, limit=1000, **fields)["category_quoting_items"]
    return [(row["cloud_service_type"], row["charging_mode"]) for row in rows]


def policies(world: World, **parameters: Any) -> dict[str, tuple[str, str]]:
    rows = world.solution_provider(POLICIES, **{"time": "2026-03", "limit": 100, **parameters})["policies"]
    return {row["service_type_code"]: (row["incentive_policy"], row["allow_discount"]) for row in rows}


def refusal(world: World, placed: str, /, **fields: Any) -> str:
    """What is said of a placement that cannot be."""
    answer = world.control("POST", f"sandboxes/{world.id}/state/{placed}", fields)
    assert answer.status == 400
    return str(answer.body)


# The contract


@pytest.mark.parametrize("kind", ["CATEGORY_ITEM", "PRODUCT_ITEM"])
def test_without_a_contract_there_are_no_quotations(world: World, kind: str) -> None:
    world.place("discounts", customer="demo-customer", kind="partner_set", ratio=0.9)
    assert contract(world, kind) == NOTHING


def test_a_discount_of_a_service_is_a_quotation_for_a_category(world: World) -> None:
    placed = grant(world, service_types=[EC2], charging_modes=["MONTHLY"], expires="P6M")
    found = contract(world)
    assert (found["commerce_id"], found["commerce_code"]) == (placed["id"], "BC202603020001")
    assert (found["effective_time"], found["expire_time"]) == ("2026-03-02T02:00:00Z", "2026-09-02T02:00:00Z")
    [row] = found["category_quoting_items"]
    assert (row["cloud_service_type"], row["cloud_service_type_name"]) == (EC2, "弹性云服务器")
    assert (row["discount_ratio"], row["charging_mode"], row["site_code"]) == (Decimal("0.85"), "MONTHLY", "HWC")
    assert (row["effective_time"], row["expire_time"]) == (found["effective_time"], found["expire_time"])
    assert found["product_quoting_items"] == [] and found["total_count"] == 1


def test_a_discount_of_a_specification_is_quoted_for_each_of_its_products(world: World) -> None:
    grant(world, specs=["s6.small.1.linux"], charging_modes=["MONTHLY", "ONDEMAND"])
    found = contract(world, "PRODUCT_ITEM", limit=1000)
    rows = [row for row in found["product_quoting_items"] if row["related_regions"][0]["region_code"] == "cn-north-1"]
    assert found["category_quoting_items"] == []
    assert [row["charging_mode"] for row in rows] == ["MONTHLY", "ONDEMAND"]
    assert {(row["preferential_category"], row["preferential_type"], row["cloud_service_type"]) for row in rows} == {
        (0, 0, EC2)
    }
    assert len({row["product_id"] for row in rows}) == 2


def test_a_quoted_product_is_the_one_that_the_price_query_prices(world: World) -> None:
    grant(world, specs=["s6.small.1.linux"], charging_modes=["1_YEARLY"])
    quotations = contract(world, "PRODUCT_ITEM", limit=1000)["product_quoting_items"]
    line = {
        "id": "1", "cloud_service_type": EC2, "resource_type": "hws.resource.type.vm", "region": "cn-north-4",
        "resource_spec": "s6.small.1.linux", "period_type": 3, "period_num": 1, "subscription_num": 1,
    }  # fmt: skip
    priced = world.customer("ListRateOnPeriodDetail", {"project_id": "a" * 32, "product_infos": [line]}).ok.body
    [offer] = priced["optional_discount_rating_results"]
    assert offer["product_rating_results"][0]["product_id"] in {row["product_id"] for row in quotations}


def test_products_are_quoted_only_as_they_are_sold(world: World) -> None:
    grant(world, specs=["obs"])
    rows = contract(world, "PRODUCT_ITEM", limit=1000)["product_quoting_items"]
    assert {row["charging_mode"] for row in rows} == {"ONDEMAND"}


def test_discounts_in_force_together_make_one_contract(world: World) -> None:
    grant(world, service_types=[EC2], expires="P1M")
    grant(world, service_types=[OBS], expires="P2M")
    grant(world, service_types=[OBS], effective="P1M")
    assert contract(world)["expire_time"] == "2026-05-02T02:00:00Z"
    assert {service for service, _ in quoted(world)} == {EC2, OBS}
    world.advance("P3M")
    assert contract(world)["effective_time"] == "2026-04-02T02:00:00Z"


def test_a_discount_for_everything_quotes_every_service(world: World) -> None:
    grant(world, charging_modes=["MONTHLY"])
    assert {service for service, _ in quoted(world)} == set(policies(world))


def test_quotations_are_filtered_by_service_and_way_of_charging_in_any_case_of_letters(world: World) -> None:
    grant(world, service_types=[EC2, OBS], charging_modes=["MONTHLY", "ONDEMAND"])
    assert len(quoted(world, cloud_service_types=[], charging_modes=[])) == 4
    assert quoted(world, cloud_service_types=[EC2.upper()]) == [(EC2, "MONTHLY"), (EC2, "ONDEMAND")]
    assert quoted(world, charging_modes=["monthly"]) == [(EC2, "MONTHLY"), (OBS, "MONTHLY")]
    assert quoted(world, cloud_service_types=["none"]) == quoted(world, charging_modes=["WEEKLY"]) == []


@pytest.mark.parametrize(("site_code", "count"), [("HWC", 1), ("hwc", 1), ("HWC_EU", 0)])
def test_quotations_are_filtered_by_operating_site(world: World, site_code: str, count: int) -> None:
    grant(world, service_types=[EC2], charging_modes=["MONTHLY"])
    assert contract(world, site_code=site_code)["total_count"] == count


def test_quotations_come_by_id_in_pages_of_twenty_with_all_sites(world: World) -> None:
    grant(world)
    first, rest = contract(world), contract(world, offset=20, limit=1000)
    rows = first["category_quoting_items"] + rest["category_quoting_items"]
    ids = [row["item_id"] for row in rows]
    assert len(first["category_quoting_items"]) == 20
    assert ids == sorted(set(ids)) and len(ids) == first["total_count"]
    assert first["sites"] == rest["sites"]


def test_names_are_chinese_unless_english_is_asked_for(world: World) -> None:
    grant(world, service_types=[EC2], charging_modes=["MONTHLY"])
    for language, service, site in (
        ("ZH_cn", "弹性云服务器", "华为云"),
        ("en_us", "Elastic Cloud Server", "Huawei Cloud"),
    ):
        found = contract(world, language=language)
        assert found["category_quoting_items"][0]["cloud_service_type_name"] == service
        assert found["sites"][0]["site_name"] == site


def test_a_contract_is_its_customers_own(world: World) -> None:
    grant(world)
    assert contract(world, caller="referral_customer") == NOTHING


@pytest.mark.parametrize(
    "fields",
    [{"quoting_item_type": "ITEM"}, {"limit": 1001}, {"cloud_service_types": ["a"] * 101}, {"site_code": ""}],
)
def test_what_cannot_be_asked_is_refused(world: World, fields: dict[str, Any]) -> None:
    body = {"quoting_item_type": "PRODUCT_ITEM", **fields}
    assert world.customer(CONTRACT, body).refused == (400, "CBC.0100")


def test_the_contract_is_for_the_customer_and_users_with_the_action(world: World) -> None:
    body = {"quoting_item_type": "CATEGORY_ITEM"}
    assert world.solution_provider(CONTRACT, body).refused == (403, "CBC.0151")
    assert world.customer_user(CONTRACT, body).refused == (403, "CBC.0151")
    world.place("users", account="demo-customer", name="demo-customer-user", actions=["billing:contract:view"])
    assert world.customer_user(CONTRACT, body).status == 200


# Policies


def test_services_are_ordinary_products_with_discounts_until_something_else_is_set(world: World) -> None:
    assert set(policies(world).values()) == {("0", "YES")}


def test_a_policy_holds_from_its_month_on_until_the_next(world: World) -> None:
    world.place("incentive_policies", service_type=OBS, month="2026-02", incentive_policy="13")
    world.place("incentive_policies", service_type=OBS, month="2026-04", incentive_policy="2", allow_discount=False)
    found = [policies(world, time=month)[OBS] for month in ("2026-01", "2026-02", "2026-03", "2026-04", "2030-01")]
    assert found == [("0", "YES"), ("13", "YES"), ("13", "YES"), ("2", "NO"), ("2", "NO")]


def test_a_policy_counts_from_the_present_month_in_china(world: World) -> None:
    world.advance("P29DT15H")
    world.place("incentive_policies", service_type=OBS, incentive_policy="1")
    assert (world.now[:7], policies(world)[OBS], policies(world, time="2026-04")[OBS]) == (
        "2026-03", ("0", "YES"), ("1", "YES"),
    )  # fmt: skip


def test_a_policy_is_replaced_by_one_of_the_same_month(world: World) -> None:
    for policy in ("1", "2"):
        world.place("incentive_policies", service_type=OBS, incentive_policy=policy)
    assert policies(world)[OBS] == ("2", "YES")


def test_policies_are_found_by_the_exact_code(world: World) -> None:
    answer = world.solution_provider(POLICIES, time="2026-03", service_type_code=OBS).ok.body
    assert (answer["total_count"], answer["policies"][0]["service_type_name"]) == (1, "对象存储服务")
    assert policies(world, service_type_code=OBS.upper()) == policies(world, service_type_code='""') == {}


@pytest.mark.parametrize("nothing", ["", "null"])
def test_an_empty_filter_and_page_filter_nothing(world: World, nothing: str) -> None:
    plain = world.solution_provider(POLICIES, time="2026-03").ok.body
    fields = {"service_type_code": nothing, "offset": nothing, "limit": nothing}
    assert world.solution_provider(POLICIES, time="2026-03", **fields).body == plain
    assert len(plain["policies"]) == 10 < plain["total_count"]


def test_policies_come_by_code_and_their_pages_join(world: World) -> None:
    everything = list(policies(world))
    assert everything == sorted(everything)
    assert [*policies(world, limit=7), *policies(world, offset=7)] == everything


@pytest.mark.parametrize(
    "wrong", [{"time": "2026-13"}, {"time": "202603"}, {"time": ""}, {"limit": '""'}, {"offset": '""'}, {"limit": 101}]
)
def test_a_month_and_a_page_must_be_well_formed(world: World, wrong: dict[str, Any]) -> None:
    assert world.solution_provider(POLICIES, **{"time": "2026-03", **wrong}).refused == (400, "CBC.0100")


@pytest.mark.parametrize("caller", ["reseller", "customer", "operator_limited"])
def test_policies_are_for_partners_and_operators_with_the_item(world: World, caller: str) -> None:
    assert world.caller(caller)(POLICIES, time="2026-03").refused == (403, "CBC.0151")
    item = ["BPC_ITEM_SALES_040100"]
    world.place("users", account="demo-partner", name="demo-operator-limited", items=item)
    assert world.operator_limited(POLICIES, time="2026-03").status == 200


# Placements


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"ratio": 0}, "ratio"),
        ({"ratio": 1}, "ratio"),
        ({"ratio": "0.12345"}, "ratio"),
        ({"kind": "promotion"}, "kind"),
        ({"service_types": ["none"]}, "service_types"),
        ({"specs": ["none"]}, "specs"),
        ({"charging_modes": ["none"]}, "MONTHLY"),
        ({"expires": "P0D"}, "expires"),
        ({"effective": "tomorrow"}, "tomorrow"),
        ({"customer": "demo-partner"}, "partner"),
        ({"customer": "nobody"}, "nobody"),
    ],
)
def test_a_discount_that_cannot_be_is_refused_in_words(world: World, fields: dict[str, Any], word: str) -> None:
    body = {"customer": "demo-customer", "kind": "commercial", "ratio": 0.9, **fields}
    assert word in refusal(world, "discounts", **body)


def test_only_an_associated_customer_has_discounts_of_a_partner(world: World) -> None:
    world.place("customers", name="alone")
    assert "partner" in refusal(world, "discounts", customer="alone", kind="partner_granted", ratio=0.9)
    world.place("discounts", customer="alone", kind="commercial", ratio=0.9)


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"service_type": "none"}, "service_type"),
        ({"incentive_policy": "3"}, "incentive_policy"),
        ({"month": "2026-13"}, "month"),
    ],
)
def test_a_policy_that_cannot_be_is_refused_in_words(world: World, fields: dict[str, Any], word: str) -> None:
    assert word in refusal(world, "incentive_policies", **{"service_type": OBS, **fields})


def test_discounts_are_named_in_the_language_of_the_site(world: World, abroad: World) -> None:
    body = {"customer": "demo-customer", "kind": "partner_set", "ratio": 0.9}
    names = [place.place("discounts", **body)["name"] for place in (world, abroad)]
    assert names == ["伙伴折扣", "Partner discount"]


def test_a_reset_takes_discounts_and_policies_back(world: World) -> None:
    grant(world)
    world.place("incentive_policies", service_type=OBS)
    world.control("POST", f"sandboxes/{world.id}/reset").ok  # noqa: B018
    assert world.look("discounts") == world.look("incentive_policies") == []
