"""The line that repeats a call."""

from __future__ import annotations

import shlex
from typing import Any

from contracts.reports.curl import curl_line
from contracts.reports.shown import Hiding
from mockserver.contract.registry import Contract
from tests.contracts.reports.made import BASE, LIST, SECRET, exchange


def words(contract: Contract, **wanted: Any) -> list[str]:
    """The line as a shell reads it."""
    view = contract.operations["ListSubCustomers"].on("cn")
    return shlex.split(curl_line(view, Hiding(view, exchange(**wanted)).shown))


def test_it_has_method_address_and_body(contract: Contract) -> None:
    line = words(contract, body={"bill_cycle": "it's $HOME `id`"})
    assert line[:5] == ["curl", "-i", "-X", "POST", BASE + LIST]
    assert line[line.index("--data-raw") + 1] == '{"bill_cycle":"it\'s $HOME `id`"}'


def test_it_authenticates_by_a_variable(contract: Contract) -> None:
    line = words(contract)
    assert "X-Auth-Token: $TOKEN" in line
    assert not [word for word in line if SECRET in word or "AKAKAKAK" in word]


def test_it_sends_the_headers_that_count(contract: Contract) -> None:
    line = words(contract, body={}, headers={"X-Odd": "1"})
    assert "Content-Type: application/json" in line
    assert not [word for word in line if word.startswith(("X-Odd", "Content-Length"))]


def test_an_empty_header_is_sent(contract: Contract) -> None:
    assert "Content-Type;" in words(contract, headers={"Content-Type": ""})
