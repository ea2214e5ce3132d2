"""What products cost: by usage and by period, with and without discounts."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from mockserver.contract.registry import Contract
from tests.driver import World
from tests.services.asking_prices import (
    DISK,
    EC2,
    IN_HONG_KONG,
    MACHINE,
    PERIOD,
    USAGE,
    VM,
    ask,
    choices,
    grant,
    period_price,
    price,
)

QUERIES = (USAGE, PERIOD)

BANDWIDTH = {
    **MACHINE, "id": "3", "cloud_service_type": "hws.service.type.vpc", "resource_type": "hws.resource.type.bandwidth",
    "resource_spec": "12_bgp", "resource_size": 5, "size_measure_id": 15, "usage_factor": "upflow",
    "usage_measure_id": 10,
}  # fmt: skip
STORE = {
    **MACHINE, "id": "4", "cloud_service_type": "hws.service.type.obs", "resource_type": "hws.resource.type.obs",
    "resource_spec": "obs", "usage_factor": "size", "usage_measure_id": 10,
}  # fmt: skip


# Usage


def test_the_documents_example_costs_its_list_price(world: World, contract: Contract) -> None:
    example = contract.operations[USAGE].document["x-examples"][0]
    answer = world.customer(USAGE, example["request"])
    wanted = example["response"]
    assert answer["official_website_amount"] == Decimal(str(wanted["official_website_amount"]))
    found = [line["official_website_amount"] for line in answer["product_rating_results"]]
    assert found == [Decimal(str(line["official_website_amount"])) for line in wanted["product_rating_results"]]


def test_without_discount_the_price_is_the_list_price(world: World) -> None:
    answer = ask(world, USAGE, MACHINE).ok.body
    [line] = answer["product_rating_results"]
    assert answer["amount"] == answer["official_website_amount"] == line["amount"] > 0
    assert (line["discount_amount"], line["discount_rating_results"]) == (0, [])
    assert (line["id"], line["measure_id"], answer["measure_id"]) == ("1", 1, 1)


def test_the_currency_is_that_of_the_site(world: World, abroad: World) -> None:
    assert ask(world, USAGE, MACHINE)["currency"] == ask(world, PERIOD, MACHINE)["currency"] == "CNY"
    line = {**MACHINE, **IN_HONG_KONG}
    assert ask(abroad, USAGE, line)["currency"] == ask(abroad, PERIOD, line)["currency"] == "USD"


def test_a_price_grows_with_usage_size_and_number(world: World) -> None:
    once = price(world, DISK)
    assert price(world, {**DISK, "usage_value": 3}) == 3 * once
    assert price(world, {**DISK, "resource_size": 30}) == 3 * once
    assert price(world, {**DISK, "subscription_num": 3}) == 3 * once


def test_traffic_knows_no_size(world: World) -> None:
    assert price(world, BANDWIDTH) == price(world, {**BANDWIDTH, "resource_size": 50})


def test_a_product_without_size_ignores_what_is_sent(world: World) -> None:
    assert price(world, {"resource_size": 10, "size_measure_id": 17}) == price(world, {})


def test_usage_is_converted_into_the_unit_of_its_factor(world: World) -> None:
    assert price(world, {"usage_value": 1, "usage_measure_id": 0}) == price(world, {"usage_value": 24})
    assert price(world, {"usage_value": 7200, "usage_measure_id": 6}) == price(world, {"usage_value": 2})


@pytest.mark.parametrize(("precision", "shown"), [(0, "0.000031"), (1, "0.0000317124"), (None, "0.000031")])
def test_a_price_is_cut_off_and_not_rounded(world: World, precision: int | None, shown: str) -> None:
    fields = {} if precision is None else {"inquiry_precision": precision}
    assert price(world, {**STORE, "usage_value": "0.2298"}, **fields) == Decimal(shown)


def test_precision_adds_no_digits(world: World) -> None:
    assert price(world, MACHINE, inquiry_precision=1) == price(world, MACHINE)


def test_factors_know_no_case_of_letters(world: World) -> None:
    assert price(world, {"usage_factor": "dURATION"}) == price(world, {})


def test_no_usage_costs_nothing(world: World) -> None:
    assert price(world, {"usage_value": 0}) == 0


def test_lines_come_in_their_order_and_add_up(world: World) -> None:
    grant(world, "commercial", 0.777)
    answer = ask(world, USAGE, STORE, DISK, MACHINE, BANDWIDTH).ok.body
    lines = answer["product_rating_results"]
    assert [line["id"] for line in lines] == ["4", "2", "1", "3"]
    for name in ("amount", "discount_amount", "official_website_amount"):
        assert sum(line[name] for line in lines) == answer[name]
    for one in (answer, *lines):
        assert one["amount"] + one["discount_amount"] == one["official_website_amount"]


def test_price_queries_name_the_product_that_the_list_of_specifications_names(abroad: World) -> None:
    query = {"cloud_service_type": EC2, "resource_type": VM, "region_code": "ap-southeast-1", "need_price": True}
    filters = [{"key": "RESOURCE_SPEC", "value": "s6.xlarge.4.linux"}]
    [spec] = abroad.customer("ListResourceSpecsPrice", {**query, "filters": filters})["resource_spec_infos"]
    offers = {(one["charging_mode"], one["period_type"]): one["offering_id"] for one in spec["price_lists"]}
    line = {**MACHINE, **IN_HONG_KONG}
    assert ask(abroad, USAGE, line)["product_rating_results"][0]["product_id"] == offers["ON_DEMAND", 4]
    for period in (2, 3):
        rated = ask(abroad, PERIOD, {**line, "period_type": period})["official_website_rating_result"]
        assert rated["product_rating_results"][0]["product_id"] == offers["PERIOD", period]


# Discounts


def test_usage_takes_the_commercial_discount_first(world: World) -> None:
    grant(world, "partner_set", 0.5)
    placed = grant(world, "commercial", 0.9, name="Frame contract")
    answer = ask(world, USAGE, MACHINE).ok.body
    [one] = answer["product_rating_results"][0]["discount_rating_results"]
    assert (one["discount_id"], one["discount_type"], one["discount_name"]) == (placed["id"], 605, "Frame contract")
    assert one["amount"] == answer["discount_amount"] == answer["official_website_amount"] / 10


def test_discounts_hold_for_their_time(world: World) -> None:
    grant(world, "commercial", 0.9, effective="P1D", expires="P2D")
    assert choices(world) == []
    world.advance("P1D")
    assert len(choices(world)) == 1
    world.advance("P1D")
    assert choices(world) == []


def test_discounts_hold_for_their_way_of_charging(world: World) -> None:
    grant(world, "commercial", 0.9, charging_modes=["1_YEARLY"])
    assert choices(world) == [] and ask(world, USAGE, MACHINE)["discount_amount"] == 0
    assert len(choices(world, {**MACHINE, "period_type": 3})) == 1


def test_discounts_hold_for_their_specifications(world: World) -> None:
    grant(world, "commercial", 0.9, specs=["s6.small.1.linux"])
    assert len(choices(world)) == 1 and choices(world, DISK) == []


def test_discounts_are_their_customers_own(world: World) -> None:
    grant(world, "commercial", 0.9)
    assert ask(world, PERIOD, MACHINE, caller="referral_customer")["optional_discount_rating_results"] == []


def test_a_partners_discount_ends_with_the_association(world: World) -> None:
    grant(world, "partner_set", 0.9)
    grant(world, "commercial", 0.9)
    world.place("dissociations", customer="demo-customer")
    assert [kind for kind, _, _ in choices(world)] == [605]


def test_partners_discounts_do_not_apply_where_the_policy_says_so(world: World) -> None:
    for kind in ("partner_set", "partner_granted", "commercial"):
        grant(world, kind, 0.9)
    world.place("incentive_policies", service_type=EC2, allow_discount=False)
    assert [kind for kind, _, _ in choices(world)] == [605]
    assert len(choices(world, DISK)) == 3


@pytest.mark.parametrize("operation", QUERIES)
@pytest.mark.parametrize("action", ["billing:contract:viewDiscount", "bss:discount:view"])
def test_who_may_not_see_discounts_sees_list_prices(world: World, operation: str, action: str) -> None:
    without = ask(world, operation, MACHINE, caller="customer_user").ok.body
    grant(world, "commercial", 0.9)
    assert ask(world, operation, MACHINE, caller="customer_user").ok.body == without
    world.place("users", account="demo-customer", name="demo-customer-user", actions=[action])
    assert ask(world, operation, MACHINE, caller="customer_user").body == ask(world, operation, MACHINE).ok.body


# Refusals


@pytest.mark.parametrize("operation", QUERIES)
@pytest.mark.parametrize(
    "other",
    [
        {"cloud_service_type": "hws.service.type.ebs"},
        {"resource_type": "hws.resource.type.volume"},
        {"resource_spec": "s6.small.1"},
        {"region": "mars-1"},
    ],
)
def test_a_product_is_found_by_all_four_keys(
    world: World, abroad: World, operation: str, other: dict[str, str]
) -> None:
    for place in (world, abroad):
        good = MACHINE if place is world else {**MACHINE, **IN_HONG_KONG}
        assert ask(place, operation, good).status == 200
        answer = ask(place, operation, {**good, "id": "0"}, {**good, **other})
        assert answer.refused == (400, "CBC.99006006")


def test_what_is_not_sold_that_way_is_not_found(world: World) -> None:
    package = {**STORE, "resource_spec": "obs.package.standard.40gb"}
    assert ask(world, USAGE, package).refused == (400, "CBC.99006006")
    assert ask(world, PERIOD, STORE).refused == (400, "CBC.99006006")


REFUSED_USAGE = [
    ({"resource_spec": "none"}, "CBC.99006006", "CBC.6006"),
    ({"usage_measure_id": 10}, "CBC.99006050", "CBC.6050"),
    ({"usage_measure_id": 9999}, "CBC.99006050", "CBC.6050"),
    ({"usage_factor": "upflow"}, "CBC.99006074", "CBC.6074"),
    ({"usage_factor": "none"}, "CBC.99006074", "CBC.6074"),
    ({"usage_value": 10**15}, "CBC.99006055", "CBC.99006055"),
]


@pytest.mark.parametrize(("fields", "code", "short"), REFUSED_USAGE)
@pytest.mark.parametrize("site", ["cn", "intl"])
def test_each_mistake_in_a_line_has_its_code_and_some_a_short_one(
    new_world: Callable[..., World], site: str, fields: dict[str, Any], code: str, short: str
) -> None:
    world = new_world(site=site)
    line = {**MACHINE, **(IN_HONG_KONG if site == "intl" else {}), **fields}
    assert ask(world, USAGE, line).refused == (400, code)
    world.place("settings", short_price_codes=True)
    assert ask(world, USAGE, line).refused == (400, short)


def test_a_factor_of_the_resource_type_that_a_specification_is_not_charged_by_is_refused(world: World) -> None:
    assert ask(world, USAGE, {**BANDWIDTH, "usage_factor": "Duration"}).refused == (400, "CBC.99006074")


def test_periods_know_only_the_documented_code(world: World) -> None:
    world.place("settings", short_price_codes=True)
    assert ask(world, PERIOD, {**MACHINE, "resource_spec": "none"}).refused == (400, "CBC.99006006")


def test_a_sum_can_be_too_large_though_no_line_is(world: World, abroad: World) -> None:
    for place, line in ((world, MACHINE), (abroad, {**MACHINE, **IN_HONG_KONG})):
        months = int(6 * 10**5 / period_price(place, **line))
        lines = [{**line, "id": one, "period_num": months, "subscription_num": 10000} for one in "12"]
        assert ask(place, PERIOD, lines[0]).status == 200
        assert ask(place, PERIOD, *lines).refused == (400, "CBC.99006055")


@pytest.mark.parametrize("operation", QUERIES)
@pytest.mark.parametrize("missing", ["resource_size", "size_measure_id"])
def test_a_linear_product_needs_its_size(world: World, operation: str, missing: str) -> None:
    assert ask(world, operation, {**DISK, missing: None}).refused == (400, "CBC.0100")


@pytest.mark.parametrize("operation", QUERIES)
@pytest.mark.parametrize(
    "lines",
    [(), (MACHINE, MACHINE), ({**DISK, "size_measure_id": 15},), ({**MACHINE, "subscription_num": 0},)],
    ids=["none", "the same id twice", "a size in another unit", "no instance"],
)
def test_lines_that_cannot_be_priced_are_refused(world: World, operation: str, lines: tuple[dict[str, Any]]) -> None:
    assert ask(world, operation, *lines).refused == (400, "CBC.0100")


def test_usage_is_not_negative(world: World) -> None:
    assert ask(world, USAGE, {**MACHINE, "usage_value": -1}).refused == (400, "CBC.0100")


@pytest.mark.parametrize("operation", QUERIES)
def test_up_to_a_hundred_lines_are_priced(world: World, operation: str) -> None:
    lines = [{**MACHINE, "id": str(number)} for number in range(101)]
    assert ask(world, operation, *lines[:100]).status == 200
    assert ask(world, operation, *lines).refused == (400, "CBC.0100")


@pytest.mark.parametrize("operation", QUERIES)
@pytest.mark.parametrize("caller", ["solution_provider", "distributor", "reseller", "operator"])
def test_a_partner_asks_in_its_customers_name(world: World, operation: str, caller: str) -> None:
    assert ask(world, operation, MACHINE, caller=caller).refused == (403, "CBC.0151")


@pytest.mark.parametrize("site", ["cn", "intl"])
def test_the_services_own_flow_control_comes_only_as_a_placed_fault(new_world: Callable[..., World], site: str) -> None:
    world = new_world(site=site)
    world.control("PUT", f"sandboxes/{world.id}/faults", [{"operation": PERIOD, "code": "CBC.0250", "times": 1}])
    assert ask(world, PERIOD, MACHINE).refused == (429, "CBC.0250")


@pytest.mark.parametrize("operation", QUERIES)
def test_asking_changes_nothing(world: World, operation: str) -> None:
    grant(world, "commercial", 0.9)
    with world.unchanged():
        assert ask(world, operation, MACHINE).status == 200
