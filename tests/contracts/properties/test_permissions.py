"""Who is let in and should not be, and the other way round, is found."""

from __future__ import annotations

import json

import pytest
from requests import PreparedRequest, Response

from contracts.targets.emulator import Emulator
from mockserver.app import Server
from tests.contracts.properties.planted import Fields, Planted, kinds_found

CUSTOMERS, COUPONS, BALANCES = "ListSubCustomers", "ListSubCustomerCoupons", "ShowCustomerAccountBalances"


def refused(response: Response) -> None:
    response.status_code = 403
    response._content = json.dumps({"error_code": "CBC.0151", "error_msg": "Access denied."}).encode()


def another_code(response: Response) -> None:
    if response.status_code == 403:
        response._content = json.dumps({"error_code": "CBC.0156", "error_msg": "Access denied."}).encode()


def test_a_documented_caller_that_is_refused_is_found(server: Server) -> None:
    planted = Planted(server, CUSTOMERS, answered=refused)
    assert "a documented caller is refused" in kinds_found(planted, server.contract, CUSTOMERS, "permissions")


def test_another_refusal_than_the_documented_one_is_found(server: Server) -> None:
    planted = Planted(server, CUSTOMERS, answered=another_code)
    found = kinds_found(planted, server.contract, CUSTOMERS, "permissions")
    assert "a caller that may not is not refused as documented" in found


class Careless(Emulator):
    """Lets every login of an account in as the account itself, or keeps all of them out."""

    def __init__(self, server: Server, *, lets_in: bool) -> None:
        super().__init__(server, "cn")
        self._lets_in = lets_in

    def send(self, request: PreparedRequest) -> Response:
        kind = self.kind_of(request)
        if kind or "/v2/" not in str(request.url):
            return super().send(request)
        if self._lets_in:
            caller = "customer" if "account-mgr" in str(request.url) or "customer-acc" in str(request.url) else ""
            return super().send(self.sign(caller or "solution_provider")(request))
        response = super().send(request)
        refused(response)
        return response


@pytest.mark.parametrize("operation", [CUSTOMERS, BALANCES])
def test_a_login_without_rights_that_is_let_in_is_found(server: Server, operation: str) -> None:
    found = kinds_found(Careless(server, lets_in=True), server.contract, operation, "permissions")
    assert found == {"a login without a right is not refused as documented"}


@pytest.mark.parametrize("operation", [CUSTOMERS, BALANCES, COUPONS])
def test_a_login_with_its_rights_that_is_refused_is_found(server: Server, operation: str) -> None:
    found = kinds_found(Careless(server, lets_in=False), server.contract, operation, "permissions")
    assert "a login that has its rights is refused" in found


def test_a_user_who_is_shown_what_he_may_not_see_is_found(server: Server) -> None:
    name, rows = "ListRateOnPeriodDetail", "optional_discount_rating_results"
    shown: list[object] = []

    def told(asked: Fields, body: Fields) -> None:
        if body[rows]:
            shown[:] = body[rows]
        body[rows] = [*shown]

    found = kinds_found(Planted(server, name, told=told), server.contract, name, "permissions")
    assert found == {"a user is shown what he may not see"}


class Secretive(Emulator):
    """Shows no login what the account itself is shown."""

    def send(self, request: PreparedRequest) -> Response:
        response = super().send(request)
        if not self.kind_of(request) and response.ok and b"optional_discount_rating_results" in response.content:
            response._content = json.dumps({**response.json(), "optional_discount_rating_results": []}).encode()
        return response


def test_a_user_who_is_not_shown_what_he_may_see_is_found(server: Server) -> None:
    found = kinds_found(Secretive(server, "cn"), server.contract, "ListRateOnPeriodDetail", "permissions")
    assert "a user is not shown what he may see" in found


def test_a_user_who_calls_what_is_for_the_main_account_is_found(server: Server) -> None:
    name = "ShowRealNameAuthQrCode"

    def let_in(response: Response) -> None:
        if response.status_code == 403 and b"99007297" in response.content:
            response.status_code, response._content = 200, b'{"qr_code_url": "https://x"}'

    found = kinds_found(Planted(server, name, answered=let_in), server.contract, name, "permissions")
    assert found == {"a login that is not the main one is not refused as documented"}
