"""What a server says of itself: health, operations, the contract."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mockserver import __version__
from mockserver.app import Server
from mockserver.contract.openapi import export
from mockserver.contract.registry import Contract
from mockserver.services import SERVICES
from tests.driver import Transport, World, in_process

HOST = {"Host": "127.0.0.1:8080"}


def listed(world: World, query: str = "") -> dict[str, dict[str, Any]]:
    """The operations that match, by id."""
    answer = world.control("GET", f"operations{query}").ok.body
    assert answer["count"] == len(answer["operations"])
    return {one["id"]: one for one in answer["operations"]}


# Health


def test_health_says_what_runs(world: World, contract: Contract) -> None:
    health = world.control("GET", "health").ok.body
    assert (health["status"], health["version"]) == ("ok", __version__)
    assert health["operations"] == len(contract)
    assert health["stateful"] == len(SERVICES.keys() & contract.operations.keys())


def test_uptime_is_counted_in_seconds() -> None:
    server = Server()
    later = datetime.now(UTC) + timedelta(minutes=2)
    assert 120 <= in_process(server, at=later)("GET", "/_mock/health", HOST, b"")["uptime"] < 150


def test_sandboxes_are_counted(world: World) -> None:
    before = world.control("GET", "health")["sandboxes"]
    made = world.control("POST", "sandboxes", {})["id"]
    assert world.control("GET", "health")["sandboxes"] == before + 1
    world.control("DELETE", f"sandboxes/{made}")
    assert world.control("GET", "health")["sandboxes"] == before


# Operations


def test_every_operation_is_listed_by_area_and_id(world: World, contract: Contract) -> None:
    rows = listed(world)
    assert list(rows) == sorted(contract.operations, key=lambda name: (contract.operations[name].area, name))


def test_an_operation_has_its_facts(world: World) -> None:
    one = listed(world)["ListPartnerBalances"]
    assert one.pop("exercised") >= 0
    assert {"status": 400, "code": "CBC.0100"} in one.pop("errors")
    assert one == {
        "id": "ListPartnerBalances",
        "area": "accounts",
        "summary": one["summary"],
        "method": "GET",
        "path": "/v2/accounts/partner-accounts/balances",
        "site": ["cn"],
        "status": "current",
        "stateful": True,
    }


def test_documented_codes_say_where_they_stand(world: World, contract: Contract) -> None:
    for one in listed(world).values():
        rows = contract.operations[one["id"]].document["x-errors"]
        assert [(it["status"], it["code"], it.get("in")) for it in one["errors"]] == [
            (row["status"], row["code"], row.get("in")) for row in rows
        ]


@pytest.mark.parametrize(
    ("query", "field", "value"),
    [
        ("area=accounts", "area", "accounts"),
        ("status=removed", "status", "removed"),
        ("stateful=true", "stateful", True),
        ("stateful=false", "stateful", False),
    ],
)
def test_each_filter_filters(world: World, query: str, field: str, value: Any) -> None:
    wanted = [name for name, one in listed(world).items() if one[field] == value]
    assert list(listed(world, f"?{query}")) == wanted


def test_an_operation_of_both_sites_is_listed_on_each(world: World) -> None:
    cn, intl = listed(world, "?site=cn"), listed(world, "?site=intl")
    assert cn.keys() | intl.keys() == listed(world).keys()
    assert "ListSubCustomers" in cn.keys() & intl.keys()
    assert "ListPartnerBalances" not in intl


def test_filters_add_up(world: World) -> None:
    assert listed(world, "?area=accounts&site=intl&status=current&stateful=true").keys() == {
        "ShowCustomerAccountBalances",
        "ShowCustomerExpenditureQuota",
    }


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("site=eu", "site='eu' is not accepted; accepted: cn, intl"),
        ("status=old", "status='old' is not accepted; accepted: current, retiring, removed"),
        ("stateful=1", "stateful='1' is not accepted; accepted: true, false"),
        ("name=x", "unknown filter 'name'; accepted: area, site, status, stateful"),
    ],
)
def test_a_filter_that_cannot_be_used_is_one_sentence(world: World, query: str, said: str) -> None:
    answer = world.control("GET", f"operations?{query}")
    assert (answer.status, answer.body) == (400, {"error": said})


def test_an_unknown_area_is_told_the_known_ones(world: World) -> None:
    answer = world.control("GET", "operations?area=moon")
    assert answer.status == 400
    assert answer.body["error"].startswith("area='moon' is not accepted; accepted: accounts, bills")


def test_calls_are_counted_whatever_their_answer(world: World) -> None:
    before = listed(world)["ListPartnerBalances"]["exercised"]
    world.solution_provider("ListPartnerBalances").ok  # noqa: B018
    assert world.customer("ListPartnerBalances").error_code == "CBC.5001"
    assert listed(world)["ListPartnerBalances"]["exercised"] == before + 2


def test_neither_a_reset_nor_an_empty_journal_takes_the_count_back(world: World) -> None:
    world.solution_provider("ListPartnerBalances")
    before = listed(world)["ListPartnerBalances"]["exercised"]
    world.control("POST", f"sandboxes/{world.id}/reset")
    world.control("DELETE", f"requests?sandbox={world.id}")
    assert listed(world)["ListPartnerBalances"]["exercised"] == before


# The contract


@pytest.mark.parametrize("site", [None, "cn", "intl"])
def test_the_contract_is_served_as_openapi(transport: Transport, contract: Contract, site: str | None) -> None:
    answer = transport("GET", "/openapi.json" + (f"?site={site}" if site else ""), {"Host": "mock:1234"}, b"").ok
    exported = export(contract, site, "http://mock:1234")
    assert answer.body["paths"].keys() == exported["paths"].keys()
    assert answer["servers"] == [{"url": "http://mock:1234"}]


@pytest.mark.parametrize("query", ["site=eu", "page=1"])
def test_openapi_takes_a_site_and_nothing_else(transport: Transport, query: str) -> None:
    assert transport("GET", f"/openapi.json?{query}", HOST, b"").status == 400
