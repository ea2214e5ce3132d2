"""Nothing leaves for a real service that was not permitted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from requests import PreparedRequest, Request

from contracts.compensations import Compensations
from contracts.events import CaseWithheld
from contracts.guard import BudgetSpent, Guarded, Permission, Withheld
from contracts.options import Options
from contracts.phases.registry import PHASES
from contracts.plan import make_plan
from contracts.run import run
from mockserver.app import Server
from mockserver.contract.registry import Contract
from tests.contracts.doubles import Recording, Time, guarded

MANY = 10**9
PROVINCES = "/v2/systems/configs/provinces"


def call(target: Guarded, method: str, path: str, body: Any = None, kind: str = "solution_provider") -> int:
    request = Request(method, target.base_url + path, json=body, auth=target.sign(kind)).prepare()
    return target.send(request).status_code


def effects(contract: Contract, request: PreparedRequest) -> set[str]:
    """What a call may leave behind; `sign-in` for the one that asks for a token."""
    path = str(request.path_url).partition("?")[0]
    if path == "/v3/auth/tokens":
        return {"sign-in"}
    found = [contract.match(str(request.method), path, "cn", removed) for removed in (False, True)]
    return {match.operation.effect for match in found if match} or {f"unknown {request.method}"}


def kept(real: Recording) -> dict[str, object]:
    """What the service holds, without what signing in and looking leave: tokens and tickets."""
    passing = {"tokens", "qr_codes", "counters"}
    return {name: rows for name, rows in real.emulator.state().items() if name not in passing}


CONTROLLING = ("doors", "model")
"""Phases that begin with a change of the target by its control API: without one they send nothing."""

ONLY_READS = ("reads", "properties")
"""Phases that make no writes for a target that cannot be controlled."""


@pytest.mark.parametrize("phase", [name for name in PHASES if name not in CONTROLLING])
def test_in_read_mode_no_write_leaves(server: Server, contract: Contract, phase: str) -> None:
    """For every operation, as if the plan had left none out."""
    real = Recording(server)
    target = guarded(real, contract, budget=MANY)
    before = kept(real)
    options = Options(phases=(phase,), quick=True, auth="both")
    plan = make_plan(contract, options, target, controlled=True, permission=None)
    events = list(run(target, contract, options, plan))
    left = set().union(*(effects(contract, request) for request in real.left))
    assert left <= {"read", "sign-in", "unknown GET", "unknown HEAD", "unknown OPTIONS"}
    assert "read" in left
    assert kept(real) == before
    assert any(isinstance(event, CaseWithheld) for event in events) == (phase not in ONLY_READS)


def test_what_needs_a_controlled_target_is_left_out_of_a_real_run(server: Server, contract: Contract) -> None:
    target = guarded(Recording(server), contract)
    plan = make_plan(contract, Options(), target, controlled=False, permission=Permission())
    controlled = {name for name, phase in PHASES.items() if phase.controlled}
    assert set(CONTROLLING) <= controlled == {one.phase for one in plan.left_out if not one.operation}
    assert not controlled & {part.phase for part in plan.parts}


def test_every_write_is_withheld_in_read_mode(server: Server, contract: Contract) -> None:
    real = Recording(server)
    target = guarded(real, contract)
    writes = [one for one in contract if one.effect != "read" and "cn" in one.sites]
    for operation in writes:
        with pytest.raises(Withheld):
            call(target, operation.method, operation.path.replace("{", "").replace("}", ""), {})
    assert writes and not real.left


@pytest.mark.parametrize(
    "path",
    [
        "/v2/partners/sub-customers/",
        "//v2/partners/sub-customers",
        "/v2/partners//sub-customers",
        "/v2/partners/sub%2Dcustomers",
        "/v2/partners%2Fsub-customers",
        "/v2/not/an/operation",
    ],
)
def test_a_write_does_not_leave_in_disguise(server: Server, contract: Contract, path: str) -> None:
    real = Recording(server)
    with pytest.raises(Withheld):
        call(guarded(real, contract), "POST", path, {})
    assert not real.left


def test_nothing_leaves_for_another_host(server: Server, contract: Contract) -> None:
    real = Recording(server)
    target = guarded(real, contract)
    with pytest.raises(Withheld, match="not the service"):
        target.send(Request("GET", "http://elsewhere.example" + PROVINCES).prepare())
    assert not real.left


def test_no_more_calls_leave_than_the_budget_has(server: Server, contract: Contract) -> None:
    real = Recording(server)
    target = guarded(real, contract, budget=3)
    for _ in range(3):
        assert call(target, "GET", PROVINCES) == 200
    with pytest.raises(BudgetSpent, match="3 calls"):
        call(target, "GET", PROVINCES)
    assert len(real.left) == 3


def test_a_run_ends_when_the_budget_is_spent(server: Server, contract: Contract) -> None:
    real = Recording(server)
    target = guarded(real, contract, budget=5)
    options = Options(areas=("regions",))
    plan = make_plan(contract, options, target, controlled=False, permission=target.permission)
    ended = list(run(target, contract, options, plan))[-1]
    assert "the budget of 5 calls is spent" in str(ended)
    assert len(real.left) == 5


def test_calls_keep_to_the_documented_rate(server: Server, contract: Contract) -> None:
    time = Time()
    target = Guarded(Recording(server), contract, Permission(), clock=time, sleep=time.sleep)
    limit = contract.operations["ListProvinces"].rate_limit
    for _ in range(3 * limit["calls"]):
        call(target, "GET", PROVINCES)
    assert time.now == pytest.approx(2 * limit["seconds"])


def test_operations_are_limited_each_by_itself(server: Server, contract: Contract) -> None:
    time = Time()
    target = Guarded(Recording(server), contract, Permission(), clock=time, sleep=time.sleep)
    for path in (PROVINCES, "/v2/products/service-types"):
        for _ in range(10):
            call(target, "GET", path)
    assert not time.slept


REVERSIBLE = frozenset({"read", "reversible"})


def test_a_reversible_call_names_test_accounts_only(server: Server, contract: Contract, tmp_path: Path) -> None:
    real = Recording(server)
    journal = Compensations(tmp_path / "journal")
    customer = real.emulator.controls.credentials["customer"]["domain_id"]
    target = guarded(real, contract, journal, effects=REVERSIBLE, customers=frozenset({customer}))
    adjust = "/v2/accounts/partner-accounts/adjust-amount"
    for stranger in ({"customer_id": "somebody", "amount": 1}, {"amount": 1}):
        with pytest.raises(Withheld, match="account"):
            call(target, "POST", adjust, stranger)
    assert call(target, "POST", adjust, {"customer_id": customer, "amount": 1}) == 200


def test_a_reversible_call_that_nothing_undoes_stays_here(server: Server, contract: Contract) -> None:
    target = guarded(Recording(server), contract, effects=REVERSIBLE, customers=frozenset({"one"}))
    with pytest.raises(Withheld, match="what undoes it"):
        call(target, "POST", "/v2/orders/subscriptions/resources/renew/config", {}, "customer")


def test_an_irreversible_call_may_name_no_account_but_no_other_one(server: Server, contract: Contract) -> None:
    every = frozenset({"read", "reversible", "irreversible"})
    target = guarded(Recording(server), contract, effects=every, customers=frozenset({"one"}))
    assert call(target, "POST", "/v2/partners/sub-customers", {}) == 400
    with pytest.raises(Withheld, match="other accounts"):
        call(target, "POST", "/v2/customers/realname-auths/individual", {"customer_id": "another"})


def test_an_irreversible_call_needs_its_own_permission(server: Server, contract: Contract) -> None:
    target = guarded(Recording(server), contract, effects=REVERSIBLE)
    with pytest.raises(Withheld, match="irreversible"):
        call(target, "POST", "/v2/partners/sub-customers", {})
