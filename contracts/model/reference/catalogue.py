"""What the reference data say of products: names, sizes, list prices. The model reads the same files as everybody."""

from __future__ import annotations

import json
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
