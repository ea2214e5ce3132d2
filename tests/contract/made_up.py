"""Small made-up operations, to show one rule of the contract at a time."""

from __future__ import annotations

from typing import Any

from mockserver.contract.documents import Components, Document
from mockserver.contract.operation import Operation, SiteView

BODY = {"type": "object", "properties": {}}


def document(operation_id: str = "ShowThing", **more: Any) -> Document:
    """The least that an operation document says; keywords with `_` for `-` replace or add to it."""
    least: Document = {
        "$schema": "../../operation.schema.json",
        "summary": "A thing",
        "x-title-zh": "事物",
        "x-page": "of/no/vendor",
        "operationId": operation_id,
        "x-method": "GET",
        "x-path": "/v2/things",
        "x-site": ["cn", "intl"],
        "x-status": "current",
        "x-callers": ["customer"],
        "x-permission-items": None,
        "x-iam-actions": None,
        "x-effect": "read",
        "x-errors": [],
        "responses": {"200": None},
    }
    return {**least, **{name.replace("_", "-"): value for name, value in more.items()}}


def operation(**more: Any) -> Operation:
    return Operation("things", document(**more), Components([]))


def taking(body: Document) -> SiteView:
    """The China view of an operation with this body."""
    return operation(requestBody=body).on("cn")


def with_field(schema: Document, required: bool = False) -> SiteView:
    """One whose body has the field `it`."""
    return taking({"type": "object", "required": ["it"] if required else [], "properties": {"it": schema}})


def with_parameter(schema: Document, place: str = "query", required: bool = False) -> SiteView:
    """One with the parameter `it`."""
    return operation(parameters=[{"name": "it", "in": place, "required": required, "schema": schema}]).on("cn")
