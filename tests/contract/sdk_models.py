"""What the vendor's SDK for Python knows of each operation, and how a document differs from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from huaweicloudsdkbss.v2 import BssClient
from huaweicloudsdkbss.v2 import model as china_models
from huaweicloudsdkbssintl.v2 import BssintlClient
from huaweicloudsdkbssintl.v2 import model as international_models

from mockserver.contract.documents import Document
from mockserver.contract.operation import SiteView

CLIENTS = {"cn": BssClient, "intl": BssintlClient}
MODELS = {"cn": china_models, "intl": international_models}
SCALARS = {
    "str": "string", "int": "integer", "float": "number", "decimal.Decimal": "number", "bool": "boolean",
    "object": "object",
}  # fmt: skip
ENVELOPE = {"error_code", "error_msg"}
"""Fields of every answer that the SDK reads before its models do."""


@dataclass(frozen=True)
class Field:
    """A field of a model, or a parameter: the SDK's name of its type, and whether the caller must give it."""

    kind: str
    required: bool


@dataclass(frozen=True)
class SdkCall:
    """One operation as the SDK sends it. Parameters by place and name."""

    method: str
    path: str
    parameters: dict[tuple[str, str], Field]
    repeated: frozenset[str]
    body: str | None
    response: str


def snake(name: str) -> str:
    """`list_sub_customers` for `ListSubCustomers`, as the SDK's generator spells it."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


@cache
def operations(site: str) -> dict[str, Any]:
    """Operation ids of the SDK, each with the function that describes its call."""
    requests = [name.removesuffix("Request") for name in dir(MODELS[site]) if name.endswith("Request")]
    described = {name: getattr(CLIENTS[site], f"_{snake(name)}_http_info", None) for name in requests}
    return {name: describe for name, describe in described.items() if describe is not None}


def fields(model: Any) -> dict[str, Field]:
    """The fields of a model by their names on the wire. Its constructor sets what must be given even when given
    nothing; what is optional it leaves alone."""
    given: set[str] = set()

    class Spy(model):  # type: ignore[misc]
        def __setattr__(self, name: str, value: Any) -> None:
            given.add(name)
            super().__setattr__(name, value)

    Spy()
    return {
        wire: Field(model.openapi_types[attribute], attribute in given)
        for attribute, wire in model.attribute_map.items()
    }


@cache
def call_of(site: str, operation_id: str) -> SdkCall:
    """The call that the SDK makes, seen by having it described for a request whose values are their own names."""
    model = getattr(MODELS[site], f"{operation_id}Request")
    request = model(**{attribute: attribute for attribute in model.attribute_map})
    sent = operations(site)[operation_id](request)
    known = fields(model)
    placed = {
        "path": sent["path_params"],
        "query": dict(sent["query_params"]),
        "header": {name: value for name, value in sent["header_params"].items() if name != "Content-Type"},
    }
    parameters = {(place, name): known[name] for place, names in placed.items() for name in names}
    body = known["body"].kind if "body" in model.attribute_map else None
    assert len(parameters) + (body is not None) == len(known), f"{operation_id}: a field goes nowhere"
    repeated = frozenset(name for name, form in sent["collection_formats"].items() if form == "multi")
    return SdkCall(sent["method"], sent["resource_path"], parameters, repeated, body, sent["response_type"])


def differences(view: SiteView) -> Iterator[str]:
    """What the SDK of the site and the document do not say alike, in words that name the place."""
    call = call_of(view.site, view.operation.id)
    if (call.method, call.path) != (view.operation.method, view.operation.path):
        yield f"the SDK calls {call.method} {call.path}"
    yield from _parameter_differences(view, call)
    if (call.body is None) != (view.body_schema is None):
        yield f"body: {call.body or 'none'} in the SDK"
    elif call.body is not None:
        yield from _kind_differences(view.site, call.body, view.body_schema or {}, "request")
    if view.response_schema is not None:
        yield from _kind_differences(view.site, call.response, view.response_schema, "response")
    elif fields(getattr(MODELS[view.site], call.response)):
        yield "response: has fields in the SDK"


def _parameter_differences(view: SiteView, call: SdkCall) -> Iterator[str]:
    documented = {(one["in"], one["name"]): one for one in view.parameters}
    for place, name in sorted(call.parameters.keys() ^ documented.keys()):
        yield f"{place} {name}: only in the {'SDK' if (place, name) in call.parameters else 'document'}"
    for place, name in sorted(call.parameters.keys() & documented.keys()):
        one, field = documented[place, name], call.parameters[place, name]
        if field.required != one.get("required", False):
            yield f"{place} {name}: {'required' if field.required else 'optional'} in the SDK"
        if (name in call.repeated) != (one["schema"].get("type") == "array"):
            yield f"{place} {name}: {'repeated' if name in call.repeated else 'not repeated'} in the SDK"
        yield from _kind_differences(view.site, field.kind, one["schema"], f"{place} {name}")


def _kind_differences(site: str, kind: str, schema: Document, where: str) -> Iterator[str]:
    """`kind` is the SDK's name of a type: str, list[int], list[SomeModel], SomeModel."""
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    listed = re.fullmatch(r"list\[(.+)\]", kind)
    wanted = "array" if listed else SCALARS.get(kind, "object")
    if wanted not in types:
        yield f"{where}: {kind} in the SDK"
    elif listed:
        yield from _kind_differences(site, listed[1], schema["items"], f"{where}[]")
    elif kind not in SCALARS:
        yield from _field_differences(site, kind, schema, where)


def _field_differences(site: str, kind: str, schema: Document, where: str) -> Iterator[str]:
    known = fields(getattr(MODELS[site], kind))
    documented = schema.get("properties")
    if documented is None:
        yield f"{where}: {kind} in the SDK, any object in the document"
        return
    for name in sorted(known.keys() - documented.keys()):
        yield f"{where}.{name}: only in the SDK"
    for name in sorted(documented.keys() - known.keys() - ENVELOPE):
        yield f"{where}.{name}: only in the document"
    for name in sorted(known.keys() & documented.keys()):
        if where.startswith("request") and known[name].required != (name in schema.get("required", ())):
            yield f"{where}.{name}: {'required' if known[name].required else 'optional'} in the SDK"
        yield from _kind_differences(site, known[name].kind, documented[name], f"{where}.{name}")
