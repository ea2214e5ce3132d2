"""Placing pay-per-use resources, usage and packages: what is taken, and what is explained."""

from __future__ import annotations

from typing import Any

import pytest

from tests.driver import World
from tests.services.metered import STORAGE, bucket, package, product

SERVER = ("vm", "s6.small.1.linux")


def refusal(world: World, kind: str, **fields: Any) -> str:
    with world.unchanged():
        answer = world.control("POST", f"sandboxes/{world.id}/state/{kind}", fields)
    assert answer.status == 400
    return str(answer.body["error"])


def test_usage_types_are_taken_in_any_case_of_letters(world: World) -> None:
    placed = world.place("on_demand_resources", **product(world, *SERVER, usage={"DURATION": "0.5"}))
    assert placed["usage"] == {"Duration": "0.5"}


def test_what_is_charged_by_time_runs_if_nothing_is_said(world: World) -> None:
    assert world.place("on_demand_resources", **product(world, *SERVER))["usage"] == {"Duration": "1"}
    assert world.place("on_demand_resources", **product(world, "smn", "smn"))["usage"] == {}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"resource": "cdn", "spec": "cdn.package.flow.500gb"}, "'cdn.package.flow.500gb' is not sold as pay-per-use"),
        ({"spec": "s6.nothing"}, "hws.resource.type.vm, s6.nothing in cn-north-4 is not on sale on site cn"),
        ({"customer": "demo-partner"}, "'demo-partner' is a partner, not a customer"),
        ({"resource": "volume", "spec": "SSD"}, "'SSD' needs a size from 10 to 32768 in steps of 1"),
        ({"resource": "volume", "spec": "SSD", "size": 5}, "'SSD' needs a size from 10 to 32768"),
        ({"usage": {"flow": 1}}, "'s6.small.1.linux' is not charged by 'flow'; accepted: Duration"),
        ({"usage": {"Duration": 0}}, "usage of Duration must be above 0"),
        ({"usage": {"Duration": "0.00000000001"}}, "with 10 decimals at most"),
        ({"effective": "PT1S"}, "effective must not be later than now"),
        ({"effective": "-P900Y"}, "'-P900Y' is not a time from 1970 to 3000"),
        ({"effective": "yesterday"}, "'yesterday' is not an instant like"),
        ({"size": "large"}, "Invalid decimal string"),
        ({"flavour": "x"}, "unknown field `flavour`"),
    ],
)
def test_a_wrong_resource_is_explained(world: World, fields: dict[str, Any], sentence: str) -> None:
    named = {"resource": "vm", "spec": "s6.small.1.linux", **fields}
    assert sentence in refusal(world, "on_demand_resources", **product(world, **named))


def test_a_resource_belongs_to_somebody(world: World) -> None:
    fields = product(world, *SERVER)
    del fields["customer"]
    assert "missing required field `customer`" in refusal(world, "on_demand_resources", **fields)


@pytest.mark.parametrize("kind", ["releases", "usages"])
def test_what_is_not_there_or_closed_is_not_used(world: World, kind: str) -> None:
    more = {"usage_type": "size", "amount": 1} if kind == "usages" else {}
    assert refusal(world, kind, resource="unknown", **more) == "no pay-per-use resource 'unknown'"
    closed = bucket(world)
    world.place("releases", resource=closed)
    assert refusal(world, kind, resource=closed, **more) == f"no pay-per-use resource {closed!r}"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"usage_type": "flow"}, "'obs' is not charged by 'flow'; accepted: size, get, put, download.external"),
        ({"amount": -1}, "amount must be above 0"),
        ({"amount": "NaN"}, "amount must be above 0"),
        ({"amount": "1000000000001"}, "at most 1000000000000"),
        ({"measure": 17}, "size is not measured in unit 17, but in 10"),
    ],
)
def test_wrong_usage_is_explained(world: World, fields: dict[str, Any], sentence: str) -> None:
    whole = {"resource": bucket(world), "usage_type": "size", "amount": 1, **fields}
    assert sentence in refusal(world, "usages", **whole)


def test_a_package_lasts_as_long_as_usual_or_as_is_said(world: World) -> None:
    assert package(world)["expires_on"] == "2027-03-02T15:59:59Z"
    assert package(world, expires="P1D")["expires_on"] == "2026-03-03T02:00:00Z"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"spec": "obs"}, "'obs' is no resource package; accepted: cdn.package.flow.500gb, obs.package.bundle.100gb"),
        ({"expires": "P0D"}, "expires must be later than effective"),
        ({"region": "mars-1"}, "is not on sale on site cn"),
        ({"effective": "P2000Y"}, "'P2000Y' is not a time from 1970 to 3000"),
        ({"customer": "nobody"}, "no account 'nobody'"),
    ],
)
def test_a_wrong_package_is_explained(world: World, fields: dict[str, Any], sentence: str) -> None:
    assert sentence in refusal(world, "packages", **{**product(world, "obs", STORAGE), **fields})


def test_settlements_take_hours_that_divide_a_day(world: World) -> None:
    sentence = "setting 'usage_settlement_hours' takes 1, 2, 3, 4, 6, 8, 12, 24, not 5"
    assert refusal(world, "settings", usage_settlement_hours=5) == sentence
