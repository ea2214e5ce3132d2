"""What must not be let in by a service is refused, whatever carries the calls to it."""

from __future__ import annotations

from contextlib import closing

import pytest

from contracts.targets.remote import Remote
from mockserver.app import Server
from tests.contracts.doubles import outcome
from tests.driver import serving


@pytest.mark.parametrize("operation", ["ListFreeResourceInfos", "ShowCustomerAccountBalances"])
def test_every_call_at_the_door_reaches_a_server_as_it_is_meant(server: Server, operation: str) -> None:
    with serving(server) as port, closing(Remote(f"http://127.0.0.1:{port}", "cn", 0)) as target:
        found = outcome(target, server.contract, phases=("doors",), operations=(operation,))
    assert found.cases > 5
    assert not found.findings
