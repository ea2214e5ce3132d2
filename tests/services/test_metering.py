"""Usage on the clock: what it costs, who pays, what arrears do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.app import Server
from mockserver.contract.registry import Contract
from tests.conftest import START
from tests.driver import World, in_process
from tests.services.metered import bucket, charged, left, money, owed, package, product, server, topic, use

LIST = "ListCustomerAccountChangeRecords"


def statuses(world: World) -> list[int]:
    return [one["status"] for one in world.look("on_demand_resources")]


def settled(world: World) -> list[str]:
    """What each settlement took in money, or added to the arrears."""
    return [
        str(sum((Decimal(amount) for _, amount in one["payments"]), Decimal(one["owed"])))
        for one in world.look("usage_charges")
    ]


# Settlements


def test_usage_is_settled_at_every_full_hour(world: World) -> None:
    world.advance("PT20M")
    topic(world, usage={"reqNumber": 300})
    world.advance("PT39M59S")
    assert world.look("usage_charges") == []
    world.advance("PT1S")
    first = world.look("usage_charges")[0]
    assert (first["usage"], first["starts_on"], first["ends_on"]) == (
        "200",
        "2026-03-02T02:20:00Z",
        "2026-03-02T03:00:00Z",
    )
    world.advance("PT2H")
    assert [one["usage"] for one in world.look("usage_charges")] == ["200", "300", "300"]
    assert money(world) == Decimal("142.00")


def test_a_settlement_can_be_rarer(world: World) -> None:
    world.place("settings", usage_settlement_hours=12)
    topic(world, usage={"reqNumber": 100})
    world.advance("PT1H59M")
    assert world.look("usage_charges") == []
    world.advance("PT24H1M")
    assert [one["usage"] for one in world.look("usage_charges")] == ["200", "1200", "1200"]


def test_a_server_costs_its_hours(world: World) -> None:
    server(world)
    world.advance("P1D")
    price = Decimal(world.look("usage_charges")[0]["list_amount"])
    assert charged(world) == 24 * price > 0
    assert money(world) == 150 - (24 * price).quantize(Decimal("0.01"), "ROUND_DOWN")


def test_time_costs_by_size(world: World) -> None:
    world.place("on_demand_resources", **product(world, "volume", "SSD", size=500))
    world.advance("PT1H")
    big = charged(world)
    world.place("on_demand_resources", **product(world, "volume", "SSD", size=50))
    world.advance("PT1H")
    assert charged(world) - 2 * big == big / 10


def test_traffic_costs_the_same_at_any_size(world: World) -> None:
    resource = world.place("on_demand_resources", **product(world, "bandwidth", "12_bgp", size=100, usage={}))["id"]
    assert use(world, resource, 10, "upflow")["amount"] == "8"


def test_a_release_settles_what_was_used_until_then(world: World) -> None:
    resource = topic(world, usage={"reqNumber": 100})
    world.advance("PT30M")
    assert world.place("releases", resource=resource)["status"] == 6
    world.advance("P1D")
    assert settled(world) == ["0.50"]
    assert world.look("events") == []


def test_customers_with_resources_are_settled_each_for_itself(world: World) -> None:
    topic(world, usage={"reqNumber": 100})
    world.advance("PT90M")
    topic(world, customer="demo-referral", usage={"reqNumber": 200})
    world.advance("PT30M")
    assert (money(world), money(world, "referral_customer")) == (148, 79)


# Prices


def test_less_than_a_cent_waits_for_the_next_settlement(world: World) -> None:
    bucket(world, {"size": 30})
    world.advance("PT5H")
    assert [one["amount"] for one in world.look("usage_charges")] == ["0.00414"] * 5
    assert settled(world) == ["0.00", "0.00", "0.01", "0.00", "0.01"]
    assert world.look("on_demand_resources")[0]["fractions"] == {"size": "0.00070"}
    assert money(world) == Decimal("149.98")


def test_charges_are_cut_off_at_eight_decimals(world: World) -> None:
    assert use(world, bucket(world), "0.12345")["amount"] == "0.00001703"


def test_a_discount_lowers_the_price(world: World) -> None:
    world.place("discounts", customer="demo-customer", kind="partner_set", ratio="0.85")
    charge = use(world, topic(world), 100, "reqNumber")
    assert (charge["list_amount"], charge["amount"]) == ("1", "0.85")
    assert money(world) == Decimal("149.15")


def test_a_discount_on_other_charging_modes_changes_nothing(world: World) -> None:
    world.place("discounts", customer="demo-customer", kind="partner_set", ratio="0.85", charging_modes=["MONTHLY"])
    assert use(world, topic(world), 100, "reqNumber")["amount"] == "1"


# Payment


def test_a_statement_shows_the_usage(world: World) -> None:
    topic(world, usage={"reqNumber": 100})
    world.advance("PT1H")
    row = world.customer(LIST, balance_type="BALANCE_TYPE_DEBIT", trade_type="DEDEUCT")["records"][0]
    assert (row["trade_detail_type"], row["change_amount"]) == ("SOURCE_OPERAIION_USAGE", "1.00")
    assert row["trade_time"] == "2026-03-02T03:00:00Z"


def test_own_cash_is_spent_before_credit(world: World) -> None:
    charge = use(world, topic(world, customer="demo-referral"), 10000, "reqNumber")
    assert charge["payments"] == [["cash", "80.00"], ["credit", "20.00"]]
    assert owed(world, "referral_customer") == 0


def test_what_cannot_be_paid_is_owed(world: World) -> None:
    charge = use(world, topic(world), 16000, "reqNumber")
    assert (charge["payments"], charge["owed"]) == ([["allocated", "150.00"]], "10.00")
    assert (money(world), owed(world)) == (0, 10)


def test_abroad_usage_draws_on_the_budget_and_the_partner_is_billed(abroad: World) -> None:
    charge = use(abroad, topic(abroad), 10000, "reqNumber")
    assert (charge["payments"], charge["owed"]) == ([["budget", "20.00"]], "0.00")
    assert abroad.look("budgets")[0]["used"] == "20.00"
    assert abroad.look("partners", name="demo-partner")[0]["unbilled_amount"] == "20.00"


# Arrears


def broke(world: World) -> str:
    """A topic of a customer that cannot pay for it, an hour later; its id."""
    world.place("customers", name="demo-customer", allocated="0")
    resource = topic(world, usage={"reqNumber": 100})
    world.advance("PT1H")
    return resource


def test_arrears_freeze_and_close_a_resource_in_time(world: World) -> None:
    broke(world)
    seen = statuses(world)
    for step in ("P14DT23H", "PT1H", "P14DT23H", "PT1H"):
        world.advance(step)
        seen += statuses(world)
    assert seen == [2, 2, 3, 3, 6]
    assert world.look("on_demand_resources")[0]["expires_on"] == "2026-04-01T03:00:00Z"


def test_the_periods_are_settings(world: World) -> None:
    world.place("settings", grace_days=1, retention_days=0)
    broke(world)
    world.advance("P1D")
    assert statuses(world) == [6]


def test_usage_goes_on_in_the_grace_period_and_ends_when_frozen(world: World) -> None:
    broke(world)
    world.advance("P15D")
    assert owed(world) == 361
    world.advance("P5D")
    assert owed(world) == 361


@pytest.mark.parametrize("waited", ["PT0S", "P16D"])
def test_money_that_arrives_repays_arrears_at_the_next_settlement(world: World, waited: str) -> None:
    broke(world)
    world.advance(waited)
    debt = owed(world)
    world.place("customers", name="demo-customer", allocated="1000")
    world.advance("PT1H")
    used = 1 if waited == "PT0S" else 0
    assert (money(world), owed(world)) == (1000 - debt - used, 0)
    assert statuses(world) == [1]


def test_money_that_does_not_suffice_repays_a_part(world: World) -> None:
    broke(world)
    world.advance("P16D")
    world.place("customers", name="demo-customer", allocated="100")
    world.advance("PT1H")
    assert (money(world), owed(world), statuses(world)) == (0, 261, [3])


def test_settled_arrears_bring_a_resource_back_at_once(world: World) -> None:
    broke(world)
    world.advance("P16DT30M")
    world.place("arrears", customer="demo-customer", amount="0")
    assert statuses(world) == [1]
    world.advance("PT30M")
    assert world.look("usage_charges")[-1]["usage"] == "50"


def test_arrears_of_any_origin_are_felt(world: World) -> None:
    topic(world)
    world.place("arrears", customer="demo-customer", amount="5")
    assert statuses(world) == [2]


# The whole

SIZE_PRICE, SMALLEST = Decimal("0.000138"), Decimal("0.00000001")
AMOUNTS = st.decimals("0.0001", 60, places=4)


@settings(max_examples=25)
@given(st.lists(AMOUNTS, min_size=1, max_size=6), st.integers(0, 2))
def test_packages_and_charges_are_the_usage(
    server: Server, contract: Contract, amounts: list[Decimal], packages: int
) -> None:
    world = World(in_process(server), contract, clock=START, site="cn")
    for _ in range(packages):
        package(world)
    resource = bucket(world)
    rests = []
    for amount in amounts:
        charge = use(world, resource, amount)
        assert Decimal(charge["usage"]) == amount
        rests.append(amount - Decimal(charge["covered"]))
    covered = sum(amounts) - sum(rests)
    assert covered == min(sum(amounts), packages * 40)
    assert covered + sum(map(Decimal, left(world))) == packages * 40
    fraction = Decimal(world.look("on_demand_resources")[0]["fractions"]["size"])
    assert charged(world) == sum((rest * SIZE_PRICE).quantize(SMALLEST, "ROUND_DOWN") for rest in rests)
    assert charged(world) == 150 - money(world) + fraction
    world.control("DELETE", f"sandboxes/{world.id}").ok  # noqa: B018
