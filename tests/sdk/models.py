"""Requests and answers of any version of the SDK, by the names on the wire. Knows no version and no emulator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any


def operations(client: Any) -> dict[str, str]:
    """The ids of the operations that a client can call, each with the name of its method."""
    methods = {name.replace("_", ""): name for name in dir(client)}
    named = (name.removesuffix("Request") for name in dir(client.model_package) if name.endswith("Request"))
    return {name: methods[name.lower()] for name in named if name.lower() in methods}


def ask(client: Any, operation_id: str, body: Any = None, /, **parameters: Any) -> Any:
    """Call an operation with plain data, parameters by name."""
    data = parameters if body is None else {**parameters, "body": body}
    request = build(client.model_package, f"{operation_id}Request", data)
    return getattr(client, operations(client)[operation_id])(request)


def build(models: Any, kind: str, data: Any) -> Any:
    """Plain data as the SDK's type of that name (`str`, `list[SomeModel]`, `SomeModel`); names that this version of
    the SDK does not have are left out."""
    if listed := re.fullmatch(r"list\[(.+)\]", kind):
        return [build(models, listed[1], item) for item in data]
    model = getattr(models, kind, None)
    if model is None:
        return data
    return model(**{
        attribute: build(models, model.openapi_types[attribute], data[wire])
        for attribute, wire in model.attribute_map.items()
        if wire in data
    })  # fmt: skip


def missing(answer: Any, place: str = "") -> Iterator[str]:
    """Where the models of an answer have a field that the answer does not have."""
    if isinstance(answer, list):
        for item in answer:
            yield from missing(item, f"{place}[]")
        return
    for attribute, wire in getattr(answer, "attribute_map", {}).items():
        value = getattr(answer, attribute)
        where = f"{place}.{wire}" if place else wire
        if value is None:
            yield where
        yield from missing(value, where)


def fields(models: Any, kind: str, place: str = "", inside: tuple[str, ...] = ()) -> Iterator[str]:
    """Every field below the SDK's type of that name, models in themselves once: `customer_infos[].label`."""
    if listed := re.fullmatch(r"list\[(.+)\]", kind):
        yield from fields(models, listed[1], f"{place}[]", inside)
        return
    model = getattr(models, kind, None)
    if model is None or kind in inside:
        return
    for attribute, wire in model.attribute_map.items():
        where = f"{place}.{wire}" if place else wire
        yield where
        yield from fields(models, model.openapi_types[attribute], where, (*inside, kind))
