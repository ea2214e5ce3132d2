"""Freezing and unfreezing customers of the reseller model."""

from __future__ import annotations

from typing import Any

import pytest

from tests.driver import Answer, Caller, World

FREEZE, UNFREEZE = "FreezeSubCustomers", "UnfreezeSubCustomers"
ACCOUNT, RESOURCES = "ACCOUNT", "ACCOUNT_AND_RESOURCE"


def change(caller: Caller, operation: str, *customers: str, **fields: Any) -> Answer:
    return caller(operation, {"customer_ids": list(customers), "reason": "Arrears", **fields})


def failures(answer: Answer) -> list[tuple[str, str]]:
    return [(one["id"], one["error_code"]) for one in answer["error_details"]]


def frozen(world: World, customer_id: str) -> str | None:
    kind: str | None = world.look("customers", id=customer_id)[0]["freeze_type"]
    return kind


def test_a_frozen_customer_shows_as_frozen_until_unfrozen(abroad: World) -> None:
    partner, customer = abroad.solution_provider, abroad.customer.id
    assert failures(change(partner, FREEZE, customer)) == []
    listed = partner("ListSubCustomers", {"customer_id": customer})["customer_infos"][0]
    assert listed["is_frozen"] == 1
    assert failures(change(partner, UNFREEZE, customer)) == []
    listed = partner("ListSubCustomers", {"customer_id": customer})["customer_infos"][0]
    assert listed["is_frozen"] == 0


@pytest.mark.parametrize(("sent", "kind"), [({}, ACCOUNT), ({"freeze_type": RESOURCES}, RESOURCES)])
def test_the_account_alone_is_frozen_unless_asked_otherwise(abroad: World, sent: Any, kind: str) -> None:
    change(abroad.solution_provider, FREEZE, abroad.customer.id, **sent)
    assert frozen(abroad, abroad.customer.id) == kind


def test_the_reason_is_kept_with_the_customer(abroad: World) -> None:
    change(abroad.solution_provider, FREEZE, abroad.customer.id, reason="Fraud")
    assert abroad.look("customers", id=abroad.customer.id)[0]["freeze_reason"] == "Fraud"


def test_a_repeated_freeze_takes_the_new_type(abroad: World) -> None:
    change(abroad.solution_provider, FREEZE, abroad.customer.id)
    assert failures(change(abroad.solution_provider, FREEZE, abroad.customer.id, freeze_type=RESOURCES)) == []
    assert frozen(abroad, abroad.customer.id) == RESOURCES


@pytest.mark.parametrize(("kind", "other"), [(ACCOUNT, RESOURCES), (RESOURCES, ACCOUNT)])
def test_a_freeze_is_lifted_by_its_own_type_only(abroad: World, kind: str, other: str) -> None:
    partner, customer = abroad.solution_provider, abroad.customer.id
    change(partner, FREEZE, customer, freeze_type=kind)
    with abroad.unchanged():
        assert failures(change(partner, UNFREEZE, customer, unfreeze_type=other)) == [(customer, "CBC.0999")]
    assert failures(change(partner, UNFREEZE, customer, unfreeze_type=kind)) == []
    assert frozen(abroad, customer) is None


def test_unfreezing_what_is_not_frozen_changes_nothing(abroad: World) -> None:
    with abroad.unchanged():
        assert failures(change(abroad.solution_provider, UNFREEZE, abroad.customer.id)) == []


@pytest.mark.parametrize("operation", [FREEZE, UNFREEZE])
def test_each_customer_succeeds_or_fails_by_itself(abroad: World, operation: str) -> None:
    own, referral, foreign = abroad.customer.id, abroad.referral_customer.id, abroad.reseller_customer.id
    for name in ("demo-customer", "demo-referral", "demo-reseller-customer"):
        abroad.place("customers", name=name, freeze_type=ACCOUNT)
    kind = {"freeze_type": RESOURCES} if operation == FREEZE else {}
    answer = change(abroad.solution_provider, operation, referral, own, foreign, "0" * 32, own, **kind)
    assert failures(answer) == [(referral, "CBC.5024"), (foreign, "CBC.5004"), ("0" * 32, "CBC.5004")]
    assert frozen(abroad, own) == (RESOURCES if operation == FREEZE else None)
    assert frozen(abroad, referral) == frozen(abroad, foreign) == ACCOUNT


@pytest.mark.parametrize("operation", [FREEZE, UNFREEZE])
def test_a_distributor_names_the_reseller_of_the_customers(abroad: World, operation: str) -> None:
    customer, reseller = abroad.reseller_customer.id, abroad.reseller.id
    assert failures(change(abroad.distributor, operation, customer)) == [(customer, "CBC.5004")]
    assert failures(change(abroad.distributor, operation, customer, indirect_partner_id=reseller)) == []


@pytest.mark.parametrize("operation", [FREEZE, UNFREEZE])
def test_a_reseller_of_somebody_else_is_refused(abroad: World, operation: str) -> None:
    stranger = abroad.solution_provider.id
    answer = change(abroad.distributor, operation, abroad.reseller_customer.id, indirect_partner_id=stranger)
    assert answer.refused == (400, "CBC.99000037")


def test_a_solution_provider_s_indirect_partner_is_ignored(abroad: World) -> None:
    partner, reseller = abroad.solution_provider, abroad.reseller.id
    assert failures(change(partner, FREEZE, abroad.customer.id, indirect_partner_id=reseller)) == []


def test_an_account_manager_freezes_his_own_customers_only(abroad: World) -> None:
    other = abroad.place("customers", name="other", partner="demo-partner")["id"]
    answer = change(abroad.account_manager, FREEZE, abroad.customer.id, other)
    assert failures(answer) == [(other, "CBC.5004")]


@pytest.mark.parametrize(("operation", "field"), [(FREEZE, "freeze_type"), (UNFREEZE, "unfreeze_type")])
@pytest.mark.parametrize("value", ["", "RESOURCE"])
def test_the_type_is_one_of_two(abroad: World, operation: str, field: str, value: str) -> None:
    answer = change(abroad.solution_provider, operation, abroad.customer.id, **{field: value})
    assert answer.refused == (400, "CBC.0100")


@pytest.mark.parametrize("operation", [FREEZE, UNFREEZE])
@pytest.mark.parametrize("count", [0, 11])
def test_one_to_ten_customers_are_named(abroad: World, operation: str, count: int) -> None:
    customers = [abroad.customer.id] * count
    assert change(abroad.solution_provider, operation, *customers).refused == (400, "CBC.0100")
    change(abroad.solution_provider, operation, *[abroad.customer.id] * 10).ok  # noqa: B018


def test_a_failure_inside_the_service_is_reported_for_its_customer_only(abroad: World) -> None:
    abroad.place("settings", freezing_fails=[abroad.customer.id])
    answer = abroad.solution_provider("FreezeSubCustomers", {"customer_ids": [abroad.customer.id], "reason": "Arrears"})
    assert [(one["id"], one["error_code"]) for one in answer["error_details"]] == [(abroad.customer.id, "CBC.0999")]
