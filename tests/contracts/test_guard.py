"""Nothing leaves for a real service that was not permitted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from requests import PreparedRequest, Request

import contracts.guard
from contracts.compensations import Compensations
from contracts.events import CaseWithheld, Part
from contracts.guard import EFFECTS, BudgetSpent, Guarded, Permission, Withheld
from contracts.options import Options
from contracts.phases.registry import PHASES, Phase
from contracts.plan import make_plan
from contracts.run import Bench, run
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
    path = str(request.path_url).partition("?")[0].rstrip("/")
    if path == "/v3/auth/tokens":
        return {"sign-in"}
    found = [contract.match(str(request.method), path, "cn", removed) for removed in (False, True)]
    return {match.operation.effect for match in found if match} or {f"unknown {request.method}"}


def kept(real: Recording) -> dict[str, object]:
    """What the service holds, without what signing in and looking leave: tokens and tickets."""
    passing = {"tokens", "qr_codes", "counters"}
    return {name: rows for name, rows in real.emulator.state().items() if name not in passing}


def unlocked(real: Recording) -> Recording:
    """A service whose control API a phase gets hold of, as it never does."""
    real.controls = real.emulator.controls
    return real


@pytest.mark.parametrize("phase", PHASES.values(), ids=list(PHASES))
def test_in_read_mode_no_write_leaves(server: Server, contract: Contract, phase: Phase) -> None:
    """For every phase there is and every operation, as if the plan had left none out."""
    real = unlocked(Recording(server)) if phase.controlled else Recording(server)
    target = guarded(real, contract, budget=MANY)
    before = kept(real)
    options = Options(phases=(phase.name,), quick=True, auth="both")
    plan = make_plan(contract, options, target, controlled=True, permission=None)
    assert plan.parts
    tried = 0
    for part in plan.parts:
        if phase.controlled:
            real.emulator.reset()
        tried += tries_to_write(Bench(target, contract, options), part)
    left = set().union(*(effects(contract, request) for request in real.left))
    assert left <= {"read", "sign-in", "unknown GET", "unknown HEAD", "unknown OPTIONS"}
    assert tried or "read" in left
    assert phase.controlled or kept(real) == before


def tries_to_write(bench: Bench, part: Part) -> bool:
    """Run a part. A phase that must be controlled may take it that every call leaves."""
    try:
        events = list(bench.part(part, None))
    except Withheld:
        return True
    return any(isinstance(event, CaseWithheld) for event in events)


def test_phases_that_make_writes_are_among_them(server: Server, contract: Contract) -> None:
    """So that the test above does not speak of reads alone."""
    parts = make_plan(contract, Options(), Recording(server), controlled=True).parts
    writes = {one.id for one in contract if one.effect != "read"}
    assert {"examples", "coverage", "fuzzing", "links"} <= {one.phase for one in parts if one.operation in writes}


def test_only_targets_and_the_proxy_open_connections() -> None:
    """What leaves for a real service goes through the guard, as nobody else can send."""
    senders = {"requests.Session", "requests.get", "requests.post", "requests.request", "urllib.request", "socket"}
    senders |= {"http.client", "httpx", "aiohttp"}
    folder = Path(contracts.guard.__file__).parent
    found = {
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*.py")
        if senders & {name for line in file.read_text().splitlines() for name in senders if _uses(line, name)}
    }
    assert found == {"targets/remote.py", "upstream.py"}


def _uses(line: str, name: str) -> bool:
    return name in line and ("import" in line or f"{name}(" in line)


def test_what_needs_a_controlled_target_is_left_out_of_a_real_run(server: Server, contract: Contract) -> None:
    target = guarded(Recording(server), contract)
    plan = make_plan(contract, Options(), target, controlled=False, permission=Permission())
    controlled = {name for name, phase in PHASES.items() if phase.controlled}
    assert controlled and controlled == {one.phase for one in plan.left_out if not one.operation}
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


def test_a_run_does_not_wait_beyond_its_time(server: Server, contract: Contract) -> None:
    time, options = Time(), Options(areas=("regions",), max_time=0.5)
    target = guarded(Recording(server), contract, time=time)
    plan = make_plan(contract, options, target, controlled=False, permission=target.permission)
    ended = list(run(target, contract, options, plan, clock=time))[-1]
    assert "the time is over" in str(ended)
    assert not time.slept and target.left < target.permission.budget


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


def test_a_reversible_call_that_nothing_undoes_stays_here(
    server: Server, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation = contract.operations["UpdateCustomerAccountAmount"]
    document = {name: part for name, part in operation.document.items() if name != "x-undo"}
    monkeypatch.setattr(operation, "document", document)
    target = guarded(Recording(server), contract, effects=REVERSIBLE, customers=frozenset({"one"}))
    with pytest.raises(Withheld, match="what undoes it"):
        call(target, "POST", operation.path, {"customer_id": "one", "amount": 1})


def test_an_irreversible_call_may_name_no_account_but_no_other_one(server: Server, contract: Contract) -> None:
    every = frozenset({"read", "reversible", "irreversible"})
    target = guarded(Recording(server), contract, effects=every, customers=frozenset({"one"}))
    assert call(target, "POST", "/v2/partners/sub-customers", {}) == 400
    with pytest.raises(Withheld, match="other accounts"):
        call(target, "POST", "/v2/customers/realname-auths/individual", {"customer_id": "another"})


@pytest.mark.parametrize(
    ("kind", "path", "body"),
    [
        ("solution_provider", "/v2/promotions/benefits/partner-coupons/reclaim", {"coupon_id": "CP1"}),
        (
            "solution_provider",
            "/v2/promotions/benefits/partner-coupons/reclaim",
            {"coupon_id": "CP1", "indirect_partner_id": "one"},
        ),
        ("distributor", "/v2/partners/coupon-quotas/indirect-partner-reclaim", {"quota_ids": ["Q1"]}),
    ],
)
def test_an_irreversible_call_of_a_partner_names_nothing_that_may_be_somebody_elses(
    server: Server, contract: Contract, kind: str, path: str, body: Any
) -> None:
    real = Recording(server)
    target = guarded(real, contract, effects=frozenset(EFFECTS), customers=frozenset({"one"}))
    with pytest.raises(Withheld, match="nobody knows whose they are"):
        call(target, "POST", path, body, kind)
    assert not real.left


def test_an_irreversible_call_needs_its_own_permission(server: Server, contract: Contract) -> None:
    target = guarded(Recording(server), contract, effects=REVERSIBLE)
    with pytest.raises(Withheld, match="irreversible"):
        call(target, "POST", "/v2/partners/sub-customers", {})
