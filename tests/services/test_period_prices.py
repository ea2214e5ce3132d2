"""What periods of products cost."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mockserver.contract.registry import Contract
from tests.driver import World
from tests.services.asking_prices import (
    DISK,
    EC2,
    IN_HONG_KONG,
    MACHINE,
    PERIOD,
    ask,
    choices,
    grant,
    period_price,
)


def test_a_month_costs_what_the_documents_example_says(world: World, contract: Contract) -> None:
    example = contract.operations[PERIOD].document["x-examples"][0]
    listed = world.customer(PERIOD, example["request"])["official_website_rating_result"]
    assert listed["official_website_amount"] == listed["product_rating_results"][0]["official_website_amount"]
    assert listed["official_website_amount"] == Decimal("32.2")


def test_the_documents_discount_takes_off_what_the_example_says(world: World, contract: Contract) -> None:
    grant(world, "commercial", 0.85)
    example = contract.operations[PERIOD].document["x-examples"][1]
    found = world.customer(PERIOD, example["request"]).ok.body
    [one], [wanted] = found["optional_discount_rating_results"], example["response"]["optional_discount_rating_results"]
    for name in ("amount", "discount_amount", "discount_type", "discount_name", "best_offer", "installment_amount"):
        value = wanted[name]
        assert one[name] == (Decimal(str(value)) if isinstance(value, float) else value)


@pytest.mark.parametrize(
    ("period_type", "number", "price"), [(2, 3, "96.6"), (3, 1, "322"), (0, 30, "32.2"), (0, 1, "1.07"), (4, 1, "0.04")]
)
def test_periods_are_priced_by_their_length(world: World, period_type: int, number: int, price: str) -> None:
    assert period_price(world, period_type=period_type, period_num=number) == Decimal(price)


def test_sizes_and_numbers_multiply_the_price(world: World) -> None:
    assert period_price(world, **DISK) * 6 == period_price(
        world, **{**DISK, "resource_size": 30, "subscription_num": 2}
    )


def test_without_discount_there_is_nothing_to_choose(world: World) -> None:
    assert choices(world) == []


def test_each_discount_is_priced_by_itself_and_one_is_the_best(world: World) -> None:
    grant(world, "commercial", 0.9)
    grant(world, "partner_set", 0.8)
    grant(world, "partner_granted", 0.85)
    found = choices(world)
    assert found == [(605, Decimal("28.98"), 0), (607, Decimal("25.76"), 1), (606, Decimal("27.37"), 0)]


def test_on_a_tie_the_commercial_discount_is_the_best(world: World) -> None:
    grant(world, "partner_set", 0.9)
    grant(world, "commercial", 0.9)
    assert [(kind, best) for kind, _, best in choices(world)] == [(607, 0), (605, 1)]


def test_a_discount_leaves_lines_of_other_services_alone(world: World) -> None:
    grant(world, "commercial", 0.5, service_types=[EC2])
    [one] = ask(world, PERIOD, MACHINE, DISK)["optional_discount_rating_results"]
    assert [line["discount_amount"] for line in one["product_rating_results"]] == [Decimal("16.1"), 0]
    assert one["amount"] == sum(line["amount"] for line in one["product_rating_results"])
    assert choices(world, DISK) == []


def test_what_can_be_paid_by_instalments_abroad_is_ecs(abroad: World) -> None:
    abroad.place("discounts", customer="demo-customer", kind="commercial", ratio=0.5)
    line = {**MACHINE, **IN_HONG_KONG, "period_type": 3, "fee_installment_mode": "HALF_PAY"}
    answer = ask(abroad, PERIOD, line, {**line, "id": "2", "fee_installment_mode": "NA"}).ok.body
    listed, [one] = answer["official_website_rating_result"], answer["optional_discount_rating_results"]
    # A year costs 630.70; half of it is paid in twelve parts.
    assert (listed["installment_official_website_amount"], listed["installment_period_type"]) == ("26.27", 2)
    assert listed["product_rating_results"][1]["installment_official_website_amount"] is None
    assert (one["installment_amount"], one["installment_official_discount_amount"]) == ("13.13", "13.14")


@pytest.mark.parametrize("mode", ["ZERO_PAY", "HALF_PAY", "NA", "", None])
def test_in_china_no_product_of_the_catalogue_is_paid_by_instalments(world: World, mode: str | None) -> None:
    listed = ask(world, PERIOD, {**MACHINE, "fee_installment_mode": mode})["official_website_rating_result"]
    assert listed["installment_official_website_amount"] is None and listed["installment_period_type"] is None
