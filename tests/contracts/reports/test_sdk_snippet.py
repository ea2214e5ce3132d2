"""The program that repeats a call with the vendor's SDK."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from contracts.reports.sdk_snippet import OF_CREDENTIALS, PACKAGES, python_name, snippet
from contracts.reports.shown import Hiding
from mockserver.contract.operation import SiteView
from mockserver.contract.registry import Contract
from tests.contracts.reports.made import BASE, exchange
from tests.driver import World

NEWEST = "3.1.219"
NOWHERE = Hiding(None, exchange()).shown
VIEWS = [operation.on(site) for operation in Contract() for site in operation.sites]


def program(contract: Contract, operation_id: str, **wanted: Any) -> str:
    view = contract.operations[operation_id].on("cn")
    return snippet(view, Hiding(view, exchange(**wanted)).shown)


@pytest.mark.parametrize("site", PACKAGES)
def test_every_name_is_one_of_the_sdk(site: str) -> None:
    package, client = PACKAGES[site]
    sdk = import_module(f"{package}.v2")
    views = [view for view in VIEWS if view.site == site and NEWEST in snippet(view, NOWHERE).partition("\n")[0]]
    assert len(views) > 30
    for view in views:
        assert hasattr(getattr(sdk, client), python_name(view.operation.id))
        known = getattr(sdk, f"{view.operation.id}Request").attribute_map
        names = {python_name(one["name"]): one["name"] for one in view.parameters if one["name"] != OF_CREDENTIALS}
        assert names.items() <= known.items(), view.operation.id


def test_there_is_a_program_wherever_the_sdk_has_the_operation() -> None:
    for site, (package, client) in PACKAGES.items():
        methods = dir(getattr(import_module(f"{package}.v2"), client))
        without = [view.operation for view in VIEWS if view.site == site and not snippet(view, NOWHERE)]
        assert not [one.id for one in without if python_name(one.id) in methods]


def test_the_program_makes_the_call(
    contract: Contract, world: World, port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    credential = world.credentials["solution_provider"]
    monkeypatch.setenv("HUAWEICLOUD_SDK_AK", credential["ak"])
    monkeypatch.setenv("HUAWEICLOUD_SDK_SK", credential["sk"])
    text = program(contract, "ListSubCustomers", body={"limit": 1, "offset": 0})
    exec(text.replace(BASE, f"http://127.0.0.1:{port}"), {})  # noqa: S102
    assert '"customer_infos": [{' in capsys.readouterr().out


def test_parameters_become_arguments_of_their_type(contract: Contract) -> None:
    path = "/v2/accounts/partner-accounts/account-change-records?limit=10&offset=%2B1&odd=1"
    text = program(contract, "ListPartnerAccountChangeRecords", method="GET", path=path)
    assert "limit=10" in text and "offset='+1'" in text
    assert "# The SDK cannot send odd.\n" in text


def test_a_body_that_cannot_be_read_is_told(contract: Contract) -> None:
    answer = exchange()
    answer.request.body = b"{"
    view: SiteView = contract.operations["ListSubCustomers"].on("cn")
    assert "# The SDK cannot send this body." in snippet(view, Hiding(view, answer).shown)


def test_the_domain_of_a_path_comes_with_the_credentials(contract: Contract) -> None:
    view = contract.operations["ListInvoices"].on("intl")
    path = view.operation.path.replace("{domain_id}", "d1")
    text = snippet(view, Hiding(view, exchange(view.operation.method, path)).shown)
    assert "os.environ[\"HUAWEICLOUD_SDK_SK\"], 'd1')" in text and "ListInvoicesRequest()" in text
