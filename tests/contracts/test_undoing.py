"""Every reversible operation says how its calls are taken back, and taking them back leads to what was before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from requests import PreparedRequest, Request, Response

from contracts.compensations import Compensations
from contracts.guard import Guarded, Permission, Withheld
from contracts.properties.goods import REGION, SERVER, disk
from contracts.targets.target import KINDS, Unreachable
from contracts.undoing import can_undo, succeeded, succeeded_whole
from mockserver.app import Server
from mockserver.contract.documents import Document
from mockserver.contract.operation import Operation
from mockserver.contract.registry import Contract
from tests.contracts.doubles import Recording, die, guarded

REVERSIBLE = frozenset({"read", "reversible"})


# What the documents say


def ways(operation: Operation) -> list[Document]:
    told = operation.document["x-undo"]
    return told if isinstance(told, list) else [told]


def test_the_reversible_operations_are_those_that_say_what_undoes_them(contract: Contract) -> None:
    assert [one.id for one in contract if can_undo(one) != (one.effect == "reversible")] == []


def test_what_undoes_a_call_changes_something_for_the_same_callers(contract: Contract) -> None:
    for one in contract:
        for way in ways(one) if can_undo(one) else []:
            other = contract.operations[way["operation"]]
            assert other.effect != "read"
            assert other.callers >= one.callers and set(one.sites) <= set(other.sites), one.id


def test_what_looks_beforehand_only_reads_for_the_same_callers(contract: Contract) -> None:
    looks = [
        (one, contract.operations[look["operation"]])
        for one in contract
        for way in (ways(one) if can_undo(one) else [])
        for look in way.get("before", {}).values()
    ]
    assert looks
    for one, other in looks:
        assert other.effect == "read" and other.callers >= one.callers and set(one.sites) <= set(other.sites), one.id


def names_of(part: Any) -> set[str]:
    """The fields that a template sends."""
    return set(part) if isinstance(part, dict) else set()


def test_what_undoes_a_call_has_the_fields_of_its_operation(contract: Contract) -> None:
    for one in contract:
        for way in ways(one) if can_undo(one) else []:
            for step in (way, *way.get("before", {}).values()):
                view = contract.operations[step["operation"]].on(one.sites[0])
                fields = (view.body_schema or {}).get("properties", {})
                assert names_of(step.get("body")) <= set(fields), (one.id, step["operation"])
                assert names_of(step.get("parameters")) <= {each["name"] for each in view.parameters}
                needed = {each["name"] for each in view.parameters if each.get("required")}
                assert needed <= names_of(step.get("parameters"))
                assert set((view.body_schema or {}).get("required", ())) <= names_of(step.get("body"))


# Taking back


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


@pytest.fixture
def real(server: Server, request: pytest.FixtureRequest) -> Recording:
    return Recording(server, site=getattr(request, "param", "intl"))


def writing(real: Recording, contract: Contract, file: Path) -> Guarded:
    customers = frozenset(real.accounts.values())
    return guarded(real, contract, Compensations(file), effects=REVERSIBLE, customers=customers)


def call(target: Any, contract: Contract, name: str, kind: str = "", body: Any = None, **variables: str) -> Response:
    """A call of an operation, by the first kind that may call it unless one is named."""
    operation = contract.operations[name]
    kind = kind or next(one for one in KINDS if one in operation.callers)
    url = target.base_url + operation.path.format(**variables)
    query = variables if operation.method == "GET" else {}
    response: Response = target.send(
        Request(operation.method, url, json=body, params=query, auth=target.sign(kind)).prepare()
    )
    return response


def frozen(real: Recording, contract: Contract) -> int:
    body = {"customer_id": real.account()}
    return int(call(real.emulator, contract, "ListSubCustomers", body=body).json()["customer_infos"][0]["is_frozen"])


def freezing(real: Recording, **more: str) -> dict[str, Any]:
    return {"customer_ids": [real.account()], "reason": "a test", **more}


@pytest.mark.parametrize("kind", [{}, {"freeze_type": "ACCOUNT"}, {"freeze_type": "ACCOUNT_AND_RESOURCE"}])
def test_a_freeze_is_lifted_whatever_was_frozen(
    real: Recording, contract: Contract, file: Path, kind: dict[str, str]
) -> None:
    target = writing(real, contract, file)
    assert call(target, contract, "FreezeSubCustomers", body=freezing(real, **kind)).json()["error_details"] == []
    assert frozen(real, contract) == 1
    target.close()
    assert frozen(real, contract) == 0
    assert not Compensations(file).failed


def test_a_customer_that_is_frozen_already_stays_frozen(real: Recording, contract: Contract, file: Path) -> None:
    call(real.emulator, contract, "FreezeSubCustomers", body=freezing(real))
    target = writing(real, contract, file)
    with pytest.raises(Withheld, match="nothing takes it back to how things are beforehand: see ListSubCustomers"):
        call(target, contract, "FreezeSubCustomers", body=freezing(real))
    target.close()
    assert frozen(real, contract) == 1


def test_a_lifted_freeze_comes_back_as_it_was(real: Recording, contract: Contract, file: Path) -> None:
    whole = {"freeze_type": "ACCOUNT_AND_RESOURCE"}
    call(real.emulator, contract, "FreezeSubCustomers", body=freezing(real, **whole))
    target = writing(real, contract, file)
    # The first does not fit the freeze and fails in a success; the second does.
    for kind in ("ACCOUNT", "ACCOUNT_AND_RESOURCE"):
        call(target, contract, "UnfreezeSubCustomers", body=freezing(real, unfreeze_type=kind))
    assert frozen(real, contract) == 0
    assert [bool(one.undo) for one in Compensations(file).open] == [True, False]
    target.close()
    row = real.emulator.controls.look("customers", id=real.account())[0]
    assert row["freeze_type"] == "ACCOUNT_AND_RESOURCE"


def budget(real: Recording, contract: Contract) -> tuple[float, str]:
    answer = call(real.emulator, contract, "ShowSubCustomerBudget", customer_id=real.account()).json()
    return answer["budget_amount"], answer["budget_type"]


@pytest.fixture
def budgeted(real: Recording, contract: Contract) -> Recording:
    body = {"customer_id": real.account(), "budget_amount": 321.5, "cancel_partner_frozen": "1"}
    assert call(real.emulator, contract, "UpdateSubCustomerBudget", body=body).ok
    return real


def test_a_budget_becomes_what_it_was(budgeted: Recording, contract: Contract, file: Path) -> None:
    target, before = writing(budgeted, contract, file), budget(budgeted, contract)
    for amount in (1, 2):
        body = {"customer_id": budgeted.account(), "budget_amount": amount}
        assert call(target, contract, "UpdateSubCustomerBudget", body=body).ok
    assert budget(budgeted, contract) == (2, "MONTHLY")
    target.close()
    assert budget(budgeted, contract) == before == (321.5, "MONTHLY")


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"frozen_operate_type": 1}, "nothing takes back a call with such values"),
        ({"cancel_partner_frozen": "1"}, "nothing takes back a call with such values"),
        ({"budget_type": "PACKAGE"}, "see ShowSubCustomerBudget"),
    ],
)
def test_a_budget_is_not_changed_where_it_could_not_become_what_it_was(
    budgeted: Recording, contract: Contract, file: Path, more: dict[str, Any], reason: str
) -> None:
    body = {"customer_id": budgeted.account(), "budget_amount": 1, **more}
    with pytest.raises(Withheld, match=reason):
        call(writing(budgeted, contract, file), contract, "UpdateSubCustomerBudget", body=body)
    assert not file.exists()


def test_what_cannot_be_read_beforehand_is_not_changed(
    budgeted: Recording, contract: Contract, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = Response()
    answer.status_code, answer._content = 500, b""
    monkeypatch.setattr(budgeted, "send", lambda request: answer)
    body = {"customer_id": budgeted.account(), "budget_amount": 1}
    with pytest.raises(Withheld, match="how things are beforehand is not known: ShowSubCustomerBudget answers 500"):
        call(writing(budgeted, contract, file), contract, "UpdateSubCustomerBudget", body=body)


def test_a_state_that_was_seen_is_restored_though_nobody_knows_what_happened(
    budgeted: Recording, contract: Contract, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(request: PreparedRequest) -> Response:
        answer = Recording.send(budgeted, request)
        if request.method == "POST" and "budget" in request.path_url:
            raise Unreachable("the line is cut")
        return answer

    body = {"customer_id": budgeted.account(), "budget_amount": 1}
    target = writing(budgeted, contract, file)
    with monkeypatch.context() as broken:
        broken.setattr(budgeted, "send", lost)
        with pytest.raises(Unreachable):
            call(target, contract, "UpdateSubCustomerBudget", body=body)
    die(target)
    assert budget(budgeted, contract) == (1, "MONTHLY")
    writing(budgeted, contract, file).close()
    assert budget(budgeted, contract) == (321.5, "MONTHLY")


def resources(real: Recording, contract: Contract) -> list[dict[str, Any]]:
    answer = call(real.emulator, contract, "ListPayPerUseCustomerResources", "customer", {"limit": 500}).json()
    rows: list[dict[str, Any]] = answer["data"]
    return sorted(rows, key=lambda one: str(one["resource_id"]))


@pytest.fixture(params=["cn", "intl"])
def main_resource(request: pytest.FixtureRequest, server: Server, contract: Contract) -> tuple[Recording, str]:
    """A service whose customer has a server, with what is attached to it and without any setting."""
    real = Recording(server, site=request.param)
    items = [{**SERVER, "region": REGION[request.param], "attached": [disk(request.param)]}]
    order = real.emulator.controls.place("orders", customer="demo-customer", items=items)
    body = {"order_id": order["id"], "use_coupon": "NO", "use_discount": "NO"}
    assert call(real.emulator, contract, "PayOrders", body=body).ok
    real.emulator.controls.advance("PT1M")
    rows = resources(real, contract)
    assert len(rows) > 1
    return real, next(str(one["resource_id"]) for one in rows if one["is_main_resource"])


def test_automatic_renewal_ends_again(main_resource: tuple[Recording, str], contract: Contract, file: Path) -> None:
    real, resource = main_resource
    target, before = writing(real, contract, file), resources(real, contract)
    assert call(target, contract, "AutoRenewalResources", resource_id=resource).ok
    assert resources(real, contract) != before
    with pytest.raises(Withheld, match="see ListPayPerUseCustomerResources"):
        call(target, contract, "AutoRenewalResources", resource_id=resource)
    target.close()
    assert policies(resources(real, contract)) == policies(before)


def policies(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {one["resource_id"]: one["expire_policy"] for one in rows}


def test_the_change_to_pay_per_use_is_cancelled_again(
    main_resource: tuple[Recording, str], contract: Contract, file: Path
) -> None:
    real, resource = main_resource
    target, before = writing(real, contract, file), policies(resources(real, contract))
    for operation in ("SET_UP", "CANCEL", "SET_UP"):
        body = {"operation": operation, "resource_ids": [resource]}
        assert call(target, contract, "UpdatePeriodToOnDemand", body=body).json()["error_details"] == []
    assert policies(resources(real, contract))[resource] == 1
    target.close()
    assert policies(resources(real, contract)) == before
    assert not Compensations(file).failed


# What an answer says


@pytest.mark.parametrize(
    ("status", "body", "some", "whole"),
    [
        (204, None, True, True),
        (200, {"error_code": "CBC.0000"}, True, True),
        (200, {"error_details": []}, True, True),
        (200, {"error_details": [{"error_code": "CBC.5004", "id": "1"}]}, True, False),
        (200, {"error_code": "CBC.99000048"}, False, False),
        (400, {"error_code": "CBC.0100"}, False, False),
    ],
)
def test_what_an_answer_says_has_happened(status: int, body: Any, some: bool, whole: bool) -> None:
    answer = Response()
    answer.status_code, answer._content = status, b"" if body is None else json.dumps(body).encode()
    assert (succeeded(answer), succeeded_whole(answer)) == (some, whole)


def test_without_a_journal_nothing_reversible_leaves(real: Recording, contract: Contract) -> None:
    target = Guarded(real, contract, Permission(REVERSIBLE, frozenset(real.accounts.values())))
    with pytest.raises(Withheld, match="no journal to note it in"):
        call(target, contract, "FreezeSubCustomers", body=freezing(real))


def test_without_a_known_caller_nothing_reversible_leaves(real: Recording, contract: Contract, file: Path) -> None:
    target = writing(real, contract, file)
    url = target.base_url + contract.operations["FreezeSubCustomers"].path
    with pytest.raises(Withheld, match="no known caller"):
        target.send(Request("POST", url, json=freezing(real)).prepare())
