"""What renewing costs: the list price, each discount, and what cannot be priced."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.driver import Answer, World
from tests.services.orders.checkout import discount
from tests.services.resources.leaving import row, unsubscribe
from tests.services.resources.renewals import configure, failures, renewal, until
from tests.services.trading import ECS, REGION, buy, disk, server
from tests.sites import on_both_sites

PRICES = "ListRenewRateOnPeriod"
RATIOS = {"partner_granted": "0.9", "commercial": "0.8", "partner_set": "0.85"}
FAULTS = (
    "CBC.99006016",
    "CBC.99006017",
    "CBC.99006024",
    "CBC.99006050",
    "CBC.99006055",
    "CBC.99006066",
    "CBC.99006073",
)
"""What other systems cause, and what renewals have nothing of."""


def ask(world: World, *resource_ids: str, caller: str = "customer", **fields: Any) -> Answer:
    """The prices of a renewal, for a month if nothing else is said."""
    body = {"resource_ids": list(resource_ids), "period_type": 2, "period_num": 1, **fields}
    return world.caller(caller)(PRICES, body)


def priced(answer: Answer) -> dict[str, str]:
    """The price of each resource."""
    return {one["resource_id"]: one["amount"] for one in answer["renew_inquiry_results"]}


def listed(answer: Answer) -> str:
    return str(answer["official_website_rating_result"]["official_website_amount"])


def choices(answer: Answer) -> list[tuple[int, str, str, int]]:
    """Type, price, saving and best_offer of each discount."""
    return [
        (one["discount_type"], one["amount"], one["discount_amount"], one["best_offer"])
        for one in answer["optional_discount_rating_results"]
    ]


# Prices


@on_both_sites
def test_amounts_are_texts_in_the_currency_of_the_site(world: World) -> None:
    (one,) = buy(world)
    answer = ask(world, one)
    price = {"cn": "32.20", "intl": "8.27"}[world.site]
    assert answer["currency"] == {"cn": "CNY", "intl": "USD"}[world.site]
    assert (priced(answer), listed(answer)) == ({one: price}, price)
    assert (answer["optional_discount_rating_results"], answer["fail_resource_infos"]) == ([], [])
    assert set(answer["official_website_rating_result"]) == {"official_website_amount"}


@on_both_sites
@pytest.mark.parametrize(("period", "number"), [(2, 1), (2, 9), (3, 1), (3, 3)])
def test_the_price_is_what_the_order_will_cost(world: World, period: int, number: int) -> None:
    (one,) = buy(world, server(world, attached=[disk(world)]))[:1]
    answer = ask(world, one, period_type=period, period_num=number)
    (order_id,) = renewal(world, one, period=period, number=number)["order_ids"]
    assert Decimal(listed(answer)) == sum(Decimal(line["list_price"]) for line in row(world, order_id)["lines"])


def test_what_is_attached_is_in_the_price_of_its_main_resource(world: World) -> None:
    machine, *_ = buy(world, server(world, attached=[disk(world), disk(world, 100)]))
    answer = ask(world, machine)
    assert (priced(answer), listed(answer)) == ({machine: "172.20"}, "172.20")


def test_resources_come_in_their_order_and_add_up(world: World) -> None:
    machine, volume = buy(world, server(world), disk(world))
    answer = ask(world, volume, machine)
    assert list(priced(answer).items()) == [(volume, "40.00"), (machine, "32.20")]
    assert listed(answer) == "72.20"


def test_a_common_day_of_expiry_is_in_the_price(world: World) -> None:
    (one,) = buy(world)
    configure(world, "EXPIRE_DATE", "15").ok  # noqa: B018
    assert listed(ask(world, one)) == "46.15"


@pytest.mark.parametrize("moment", ["2026-04-10T00:00:00Z", "2026-04-25T00:00:00Z"])
def test_what_has_expired_or_is_frozen_is_priced_until_its_release(world: World, moment: str) -> None:
    (one,) = buy(world)
    until(world, moment)
    assert listed(ask(world, one)) == "32.20"


def test_asking_changes_nothing(world: World) -> None:
    (one,) = buy(world)
    with world.unchanged():
        ask(world, one, include_relative_resources=True).ok  # noqa: B018


# Discounts


def test_each_discount_is_priced_and_one_is_the_best(world: World) -> None:
    (one,) = buy(world)
    placed = [discount(world, kind, ratio)[0] for kind, ratio in RATIOS.items()]
    answer = ask(world, one)
    assert choices(answer) == [(606, "28.98", "3.22", 0), (605, "25.76", "6.44", 1), (607, "27.37", "4.83", 0)]
    assert [each["discount_id"] for each in answer["optional_discount_rating_results"]] == placed
    assert (priced(answer), listed(answer)) == ({one: "25.76"}, "32.20")


def test_on_a_tie_the_commercial_discount_is_the_best(world: World) -> None:
    (one,) = buy(world)
    discount(world, "partner_set", "0.9")
    discount(world, "commercial", "0.9")
    assert [(kind, best) for kind, _, _, best in choices(ask(world, one))] == [(607, 0), (605, 1)]


def test_abroad_discounts_are_priced_too(abroad: World) -> None:
    (one,) = buy(abroad)
    discount(abroad, "commercial", "0.5")
    answer = ask(abroad, one)
    assert choices(answer) == [(605, "4.13", "4.14", 1)]
    assert (priced(answer), listed(answer)) == ({one: "4.13"}, "8.27")


def test_a_discount_leaves_other_services_alone(world: World) -> None:
    machine, volume = buy(world, server(world), disk(world))
    discount(world, "commercial", "0.5", service_types=[ECS])
    answer = ask(world, machine, volume)
    assert choices(answer) == [(605, "56.10", "16.10", 1)]
    assert priced(answer) == {machine: "16.10", volume: "40.00"}
    assert choices(ask(world, volume)) == []


@pytest.mark.parametrize("action", ["billing:contract:viewDiscount", "bss:discount:view"])
def test_who_may_not_see_discounts_sees_list_prices(world: World, action: str) -> None:
    (one,) = buy(world)
    discount(world, "commercial", "0.5")
    blind = ask(world, one, caller="customer_user")
    assert (choices(blind), priced(blind)) == ([], {one: "32.20"})
    world.place("users", account="demo-customer", name="demo-customer-user", actions=[action])
    assert ask(world, one, caller="customer_user").body == ask(world, one).ok.body


# Associated resources


@on_both_sites
@pytest.mark.parametrize("wanted", [True, "", None, False])
def test_what_was_bought_together_is_priced_together_if_asked_for(world: World, wanted: Any) -> None:
    first, second = buy(world, server(world), disk(world))
    buy(world)
    answer = ask(world, first, include_relative_resources=wanted)
    assert list(priced(answer)) == ([first, second] if wanted else [first])


def test_each_resource_is_priced_once(world: World) -> None:
    first, second = buy(world, server(world), disk(world))
    answer = ask(world, second, first, include_relative_resources=True)
    assert list(priced(answer)) == [second, first]
    assert listed(answer) == "72.20"


def test_what_was_bought_together_and_is_gone_is_left_out(world: World) -> None:
    first, second = buy(world, server(world), disk(world))
    unsubscribe(world.customer, second).ok  # noqa: B018
    world.advance("PT5S")
    answer = ask(world, first, include_relative_resources=True)
    assert (list(priced(answer)), failures(answer)) == ([first], {})


def test_associated_resources_can_fail_too(world: World) -> None:
    first, second = buy(world, server(world), disk(world, traits=["not_renewable"]))
    answer = ask(world, first, include_relative_resources=True)
    assert (list(priced(answer)), failures(answer)) == ([first], {second: "CBC.30050013"})


# What fails by itself


@on_both_sites
def test_what_is_not_a_main_resource_is_not_priced(world: World) -> None:
    machine, volume = buy(world, server(world, attached=[disk(world)]))
    answer = ask(world, volume, machine)
    assert (failures(answer), list(priced(answer))) == ({volume: "CBC.30050007"}, [machine])


@on_both_sites
def test_where_nothing_can_be_priced_the_call_succeeds_still(world: World) -> None:
    answer = ask(world, "no-such-resource", include_relative_resources=True)
    assert (failures(answer), priced(answer), listed(answer)) == ({"no-such-resource": "CBC.30050009"}, {}, "0.00")


def test_a_failure_names_the_resource_and_the_reason(world: World) -> None:
    [found] = ask(world, "no-such-resource")["fail_resource_infos"]
    assert set(found) == {"resource_id", "error_code", "error_msg"} and found["error_msg"]


@on_both_sites
@pytest.mark.parametrize(("period", "number"), [(2, 10), (2, 11), (3, 4), (3, 11)])
def test_periods_that_are_not_on_sale_do_not_exist(world: World, period: int, number: int) -> None:
    (one,) = buy(world)
    assert failures(ask(world, one, period_type=period, period_num=number)) == {one: "CBC.30050008"}


@on_both_sites
def test_what_is_gone_or_another_customers_is_not_there(world: World) -> None:
    (one,) = buy(world)
    assert failures(ask(world, one, caller="referral_customer")) == {one: "CBC.30050009"}
    until(world, "2026-05-02T15:59:59Z")
    assert failures(ask(world, one)) == {one: "CBC.30050009"}


@on_both_sites
def test_an_unpaid_order_stands_against_a_price(world: World) -> None:
    free, held = buy(world, server(world, quantity=2))
    renewal(world, held).ok  # noqa: B018
    answer = ask(world, held, free)
    assert (failures(answer), list(priced(answer))) == ({held: "CBC.30050010"}, [free])


@on_both_sites
def test_what_is_being_unsubscribed_or_changed_is_not_priced(world: World) -> None:
    leaving, renewing = buy(world, server(world, quantity=2))
    unsubscribe(world.customer, leaving).ok  # noqa: B018
    renewal(world, renewing, paid=True).ok  # noqa: B018
    assert failures(ask(world, leaving, renewing)) == {leaving: "CBC.30050011", renewing: "CBC.30050011"}
    world.advance("PT5S")
    assert failures(ask(world, leaving, renewing)) == {leaving: "CBC.30050009"}


@on_both_sites
@pytest.mark.parametrize("trait", ["not_renewable", "discontinued"])
def test_a_product_that_is_not_renewed_is_not_priced(world: World, trait: str) -> None:
    (one,) = buy(world, server(world, traits=[trait]))
    assert failures(ask(world, one)) == {one: "CBC.30050013"}


def test_what_was_paid_once_is_not_priced(world: World) -> None:
    expert = {"service": "hws.service.type.offline", "resource": "hws.resource.type.general"}
    (one,) = buy(world, {**expert, "spec": "general.expert.day", "region": REGION["cn"]}, period="once")
    assert failures(ask(world, one)) == {one: "CBC.30050013"}


# What refuses the whole call


@on_both_sites
def test_a_resource_is_named_once(world: World) -> None:
    (one,) = buy(world)
    assert ask(world, one, one).refused == (400, "CBC.30050012")


@on_both_sites
def test_fees_that_cannot_be_determined_refuse_the_query(world: World) -> None:
    good, bad = buy(world, server(world), server(world, traits=["unpriced"]))
    assert ask(world, good, bad).refused == (400, "CBC.99006006")


@on_both_sites
@pytest.mark.parametrize("code", FAULTS)
def test_data_that_cannot_be_read_come_only_as_placed_faults(world: World, code: str) -> None:
    world.control("PUT", f"sandboxes/{world.id}/faults", [{"operation": PRICES, "code": code, "times": 1}])
    assert ask(world, "any").refused == (400, code)


@on_both_sites
@pytest.mark.parametrize(
    "fields",
    [
        {"resource_ids": []},
        {"resource_ids": [str(number) for number in range(11)]},
        {"period_type": 1},
        {"period_type": 4},
        {"period_num": 0},
        {"period_num": 12},
        {"include_relative_resources": "perhaps"},
    ],
)
def test_parameters_have_their_limits(world: World, fields: dict[str, Any]) -> None:
    assert ask(world, "any", **fields).refused == (400, "CBC.0100")


@pytest.mark.parametrize("caller", ["solution_provider", "distributor", "reseller", "operator"])
def test_partners_own_nothing_to_renew(world: World, caller: str) -> None:
    assert ask(world, "any", caller=caller).refused == (403, "CBC.0151")
