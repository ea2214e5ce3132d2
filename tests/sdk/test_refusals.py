"""How refusals reach a partner's engineer: the SDK's exceptions with status, code, text and request id."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from huaweicloudsdkcore.exceptions.exceptions import (
    ClientRequestException,
    ServerResponseException,
    ServiceResponseException,
)

from mockserver.app import Server
from tests.driver import World
from tests.sdk.conftest import Connect
from tests.sdk.models import ask

NEW_CUSTOMER = {"xaccount_id": "user-1", "xaccount_type": "DEMO_IDP", "domain_name": "sdk-customer"}


def refused(error: ServiceResponseException) -> tuple[int, str]:
    """Status and code of a refusal that has a text and a request id."""
    assert re.fullmatch("[0-9a-f]{32}", error.request_id) and error.error_msg
    return error.status_code, error.error_code


def test_a_wrong_secret_is_refused_by_the_gateway(world: World, connect: Connect) -> None:
    with pytest.raises(ClientRequestException, match="verify aksk signature fail") as caught:
        ask(connect(world, "solution_provider", sk="wrong"), "ListSubCustomers", {})
    assert refused(caught.value) == (401, "APIGW.0301")


def test_an_unknown_key_is_refused_by_the_gateway(world: World, connect: Connect) -> None:
    with pytest.raises(ClientRequestException, match="ak not exist") as caught:
        ask(connect(world, "solution_provider", ak="NOBODYS"), "ListSubCustomers", {})
    assert refused(caught.value) == (401, "APIGW.0301")


@pytest.mark.parametrize("caller", ["customer", "reseller", "operator_limited"])
def test_who_may_not_create_customers_is_refused(caller: str, world: World, connect: Connect) -> None:
    with pytest.raises(ClientRequestException) as caught:
        ask(connect(world, caller), "CreateSubCustomer", NEW_CUSTOMER)
    assert refused(caught.value) == (403, "CBC.0151")


def test_a_missing_field_is_refused(world: World, connect: Connect) -> None:
    with pytest.raises(ClientRequestException) as caught:
        ask(connect(world, "solution_provider"), "CreateSubCustomer", {"xaccount_type": "DEMO_IDP"})
    assert refused(caught.value) == (400, "CBC.0100")


def test_more_than_there_is_cannot_be_allocated(world: World, connect: Connect) -> None:
    partner, body = connect(world, "solution_provider"), {"customer_id": world.customer.id, "amount": 1_000_000}
    with world.unchanged(), pytest.raises(ClientRequestException) as caught:
        ask(partner, "UpdateCustomerAccountAmount", body)
    assert refused(caught.value) == (400, "CBC.5003")


def test_a_customer_of_somebody_else_is_unknown(world: World, connect: Connect) -> None:
    partner, body = connect(world, "solution_provider"), {"customer_id": world.reseller_customer.id, "amount": 1}
    with world.unchanged(), pytest.raises(ClientRequestException) as caught:
        ask(partner, "UpdateCustomerAccountAmount", body)
    assert refused(caught.value) == (400, "CBC.99000035")


def test_an_association_that_takes_too_long_is_a_server_error(world: World, connect: Connect) -> None:
    world.place("settings", association_delay=60)
    with pytest.raises(ServerResponseException) as caught:
        ask(
            connect(world, "solution_provider"),
            "CreateSubCustomer",
            NEW_CUSTOMER | {"include_association_result": True},
        )
    assert refused(caught.value) == (500, "CBC.99000050")
    assert world.look("customers", name="sdk-customer")


def test_the_journal_explains_a_refusal_by_its_request_id(world: World, connect: Connect) -> None:
    with pytest.raises(ClientRequestException) as caught:
        ask(connect(world, "solution_provider"), "CreateSubCustomer", {**NEW_CUSTOMER, "xaccount_type": "NOBODYS"})
    explained = world.control("GET", f"requests/{caught.value.request_id}?sandbox={world.id}").body
    assert (explained["operation"], explained["error_code"]) == ("CreateSubCustomer", "CBC.0101")


def test_an_operation_of_the_other_site_does_not_exist(world: World, connect: Connect) -> None:
    with pytest.raises(ClientRequestException) as caught:
        ask(connect(world, "solution_provider", site="intl"), "ShowPartnerConsumptionQuota")
    assert refused(caught.value) == (404, "APIGW.0101")


@pytest.fixture
def throttling(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rate limits in force."""
    monkeypatch.setattr(server.gateway, "options", replace(server.gateway.options, throttle=True))


def call_too_often(client: Any, operation_id: str) -> None:
    for _ in range(1000):
        ask(client, operation_id, {})


def test_a_throttled_post_is_refused_by_the_gateway(throttling: None, world: World, connect: Connect) -> None:
    with pytest.raises(ClientRequestException) as caught:
        call_too_often(connect(world, "solution_provider"), "ListSubCustomers")
    assert refused(caught.value) == (429, "APIGW.0308")


def test_the_sdk_throws_away_what_a_throttled_get_was_told(throttling: None, world: World, connect: Connect) -> None:
    with pytest.raises(ClientRequestException, match="too many 429 error responses") as caught:
        call_too_often(connect(world, "solution_provider"), "ListPartnerBalances")
    assert (caught.value.status_code, caught.value.error_code, caught.value.request_id) == (429, "429", "")
