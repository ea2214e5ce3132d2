"""The emulator held to its contract: every phase of every operation, on each site."""

from __future__ import annotations

import pytest

from contracts.events import Finding
from contracts.targets.emulator import Emulator
from mockserver.app import Server
from mockserver.contract.registry import Contract
from mockserver.gateway.message import Options
from tests.contracts.doubles import outcome

SHOWN = 10
"""Findings that a failure lists."""

PARTS = sorted({(one.area, site, one.status == "removed") for one in Contract() for site in one.sites})


@pytest.fixture(scope="module")
def servers() -> dict[bool, Server]:
    """A server like everybody's, and one that has removed operations too."""
    return {removed: Server(options=Options(strict=True, removed=removed)) for removed in (False, True)}


@pytest.mark.parametrize(
    ("area", "site", "removed"),
    [pytest.param(*part, id=f"{part[0]}-{part[1]}{'-removed' * part[2]}") for part in PARTS],
)
def test_every_answer_keeps_to_the_contract(servers: dict[bool, Server], area: str, site: str, removed: bool) -> None:
    server = servers[removed]
    result = outcome(Emulator(server, site), server.contract, areas=(area,), quick=True)
    assert result.cases and result.accepted
    if result.findings:
        pytest.fail(report(result.findings), pytrace=False)


def report(findings: list[Finding]) -> str:
    """The findings, the first of each kind and operation."""
    first = {(one.operation, one.complaint): one for one in reversed(findings)}
    shown = [str(one) for one in reversed(first.values())][:SHOWN]
    return "\n\n".join([f"{len(findings)} findings, {len(first)} different ones", *shown])
