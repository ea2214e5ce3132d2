"""Mistakes are made, and gone again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contracts.mutants.answers import Spoiled
from contracts.mutants.documents import GONE, Change, ChangeError, overlay
from contracts.mutants.edits import Edit, EditError
from mockserver.contract.documents import read_json
from mockserver.domain import pricing
from mockserver.services.orders.ordering import complete

COMPLETED = Edit("services.orders.ordering:complete", "if not order.members:", "if order.members:")


def test_an_edit_holds_inside_and_is_gone_behind_wherever_the_function_is_known() -> None:
    right = complete.__code__
    with COMPLETED.applied():
        assert complete.__code__ is not right
    assert complete.__code__ is right


def test_an_edit_is_gone_after_a_mistake_too() -> None:
    right = complete.__code__
    with pytest.raises(ZeroDivisionError), COMPLETED.applied():
        raise ZeroDivisionError
    assert complete.__code__ is right


def test_an_edit_reaches_properties_and_methods() -> None:
    line = pricing.first_discounts([pricing.Item("1", "p", "s", "c", "MONTHLY", Decimal("1.5"))], (), 2)
    with Edit("domain.pricing:Pricing.list_price", "line.list_price", "line.list_price * 2").applied():
        assert line.list_price == 3
    assert line.list_price == Decimal("1.5")


@pytest.mark.parametrize(
    "edit",
    [
        Edit("services.orders.ordering:complete", "no such words", ""),
        Edit("services.orders.ordering:complete", "order", ""),
        Edit("services.orders.ordering:no_such_function", "order", ""),
        Edit("domain.pricing:LARGEST", "9", "8"),
    ],
    ids=str,
)
def test_an_edit_that_does_not_fit_is_refused(edit: Edit) -> None:
    with pytest.raises(EditError), edit.applied():
        pass


def test_a_change_of_a_document_lies_over_the_true_one() -> None:
    changes = (
        Change("PayOrders", "x-callers/+", "reseller"),
        Change("PayOrders", "requestBody/required/use_coupon", GONE),
        Change("PayOrders", "x-errors/code=CBC.99003110/status", 404),
    )
    with overlay(changes) as (place,):
        document = read_json(place / "operations" / "orders" / "PayOrders.json")
    assert "reseller" in document["x-callers"]
    assert "use_coupon" not in document["requestBody"]["required"]
    assert [row["status"] for row in document["x-errors"] if row["code"] == "CBC.99003110"] == [404]
    assert not place.exists()


def test_without_changes_nothing_lies_over_the_documents() -> None:
    with overlay(()) as folders:
        assert folders == []


def test_a_change_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ChangeError), overlay((Change("PayOrders", "x-errors/code=CBC.1/status", 404),)):
        pass


@pytest.mark.parametrize(
    ("place", "spoil", "spoiled"),
    [
        ("rows/*/amount", str, {"rows": [{"amount": "1"}, {}]}),
        ("rows/*/amount", lambda value: ..., {"rows": [{}, {}]}),
        ("+more", lambda value: True, {"rows": [{"amount": 1}, {}], "more": True}),
        ("none/below", str, {"rows": [{"amount": 1}, {}]}),
    ],
)
def test_an_answer_is_spoiled_where_the_value_is(place: str, spoil: object, spoiled: object) -> None:
    one = Spoiled("PayOrders", place, "is spoiled", spoil)  # type: ignore[arg-type]
    assert one.spoiled({"rows": [{"amount": 1}, {}]}) == spoiled
