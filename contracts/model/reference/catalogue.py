"""What the reference data say of products: names, sizes, list prices. The model reads the same files as everybody."""

from __future__ import annotations

import json
from fractions import Fraction
from functools import cache
from typing import Any

from mockserver.resources import folder


@cache
def read(name: str) -> Any:
    """A file of the reference data."""
    return json.loads((folder("fixtures") / "catalogue" / f"{name}.json").read_text(encoding="utf-8"))


ASKED = "zh"
"""The language of names of operations that can be asked for one, and are not."""


def language(site: str) -> str:
    """That of names of other operations."""
    return "zh" if site == "cn" else "en"


def service_name(code: str, words: str) -> str:
    return str(_row("service_types", code)[words])


def short_name(service: str) -> str:
    """The abbreviation of a service, such as ECS."""
    return str(_row("service_types", service)["abbreviation"])


def resource_name(code: str, words: str) -> str:
    return str(_row("resource_types", code)[words])


def spec_name(resource: str, spec: str, words: str) -> str:
    rows = _specs(resource)["specs"]
    return str(next(one for one in rows if one["code"] == spec)[words])


def size_unit(resource: str) -> int:
    """In which unit the sizes of a resource type are."""
    return int(_specs(resource)["size"]["measure"])


@cache
def _row(name: str, code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in read(name)[name] if one["code"] == code)
    return found


@cache
def _specs(resource: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in read("specs")["resources"] if one["resource"] == resource)
    return found


def owner(resource: str) -> str:
    """The service that a resource type is of."""
    return next(
        str(code) for code, found in read("service_resources")["service_resources"].items() if resource in found
    )


def regions(site: str, *, sold: bool = True) -> list[str]:
    """The regions that a site sells in, or those that it does not."""
    return [one["code"] for one in read("regions")["regions"] if (site in one.get("sites", (site,))) == sold]


def regions_of(resource: str, spec: str, site: str) -> list[str]:
    """Where a specification is on sale."""
    row = next(one for one in _specs(resource)["specs"] if one["code"] == spec)
    return [one for one in regions(site) if one in row.get("regions", (one,))]


def has_size(resource: str) -> bool:
    return "size" in _specs(resource)


def unit_of(resource: str, usage: str) -> int:
    """In which unit usage of a type is measured."""
    rows = read("usage_types")["usage_types"]
    return int(next(one for one in rows if one["resource"] == resource and one["code"] == usage)["measure"])


DURATION = 2


def is_time(unit: int) -> bool:
    return any(one["type"] == DURATION for one in read("measures")["measures"] if one["id"] == unit)


@cache
def units_like(unit: int, site: str) -> dict[int, Fraction]:
    """The units that amounts can be converted from into this one, each with what one of it makes."""
    found = {unit: Fraction(1)}
    rows = [one for one in read("conversions")["conversions"] if site in one.get("sites", (site,))]
    for _ in rows:
        for one in rows:
            large, small, ratio = one["measure"], one["into"], one["ratio"]
            if small in found:
                found[large] = found[small] * ratio
            elif large in found:
                found[small] = found[large] / ratio
    return found
