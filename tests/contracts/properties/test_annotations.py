"""What the documents say for the properties names fields that there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from contracts.properties.fields import fields_of
from contracts.properties.lists import Listing, filters_of, has_list, listing_of
from mockserver.contract.documents import Document
from mockserver.contract.operation import SiteView
from mockserver.contract.registry import Contract

VIEWS = [one.on(site) for one in Contract() for site in one.sites]
LISTS = [view for view in VIEWS if has_list(view)]


def every(views: list[SiteView]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("view", views, ids=lambda view: f"{view.operation.id}-{view.site}")


def listing(view: SiteView) -> Listing:
    found = listing_of(view)
    assert found is not None
    return found


def paths_of(schema: Document) -> Iterator[str]:
    yield from (one.lstrip("-") for one in (*schema.get("x-sorted-by", ()), *schema.get("x-unique", ())))
    yield from schema.get("x-behind", {}).values()
    yield from (one for name, one in schema.get("x-as-asked", {}).items() if name == "field")


def reaches(schema: Any, path: str) -> bool:
    for name in path.split("."):
        schema = schema.get("items") if name == "*" else schema.get("properties", {}).get(name)
        if schema is None:
            return False
    return True


def selected(facts: Document) -> Iterator[str]:
    field = facts.get("field", ())
    yield from (field,) if isinstance(field, str) else field
    for inner in facts.get("each", {}).values():
        yield from selected(inner)


@every(LISTS)
def test_order_and_keys_name_fields_of_the_rows(view: SiteView) -> None:
    for schema in listing(view).lists.values():
        assert [path for path in paths_of(schema) if not reaches(schema["items"], path)] == []


@every([view for view in LISTS if filters_of(view)])
def test_filters_name_fields_of_the_rows_and_each_other(view: SiteView) -> None:
    rows = [schema["items"] for schema in listing(view).lists.values()]
    names = {one.name for one in fields_of(view)}
    for one in filters_of(view):
        facts = one.schema["x-selects"]
        assert all(any(reaches(row, path) for row in rows) for path in selected(facts)), one.name
        assert facts.get("end", one.name) in names


@every([view for view in LISTS if listing(view).is_paged])
def test_a_list_in_pages_has_a_total_or_says_so(view: SiteView) -> None:
    assert listing(view).total or view.operation.id == "ListSubCustomerNewTag"
