"""The documents against the newest SDK: calls, places, names, types, required fields, nesting."""

from __future__ import annotations

import pytest

from mockserver.contract.documents import SITES
from mockserver.contract.operation import SiteView
from tests.contract.loaded import CONTRACT, VIEWS, name_of
from tests.contract.sdk_models import CLIENTS, differences, operations

EXPLAINED = {
    "ListInvoices-intl path domain_id: only in the document": "the SDK fills it from the account of the credentials",
    "ListEnterpriseOrganizations-cn response.child_nodes[].child_nodes[]: EmChildNodeV2 in the SDK, any object in the "
    "document": "the tree has no limit to its depth, and a resolved schema cannot contain itself",
}
"""Differences that are meant, each with its reason. One that no longer exists fails: delete it."""

COMPARED = [view for view in VIEWS if view.operation.id in operations(view.site)]


def found(view: SiteView) -> set[str]:
    return {f"{name_of(view)} {difference}" for difference in differences(view)}


@pytest.mark.parametrize("site", SITES)
def test_every_operation_of_the_sdk_is_read(site: str) -> None:
    described = [name for name in dir(CLIENTS[site]) if name.endswith("_http_info")]
    assert len(operations(site)) == len(described)


@pytest.mark.parametrize("site", SITES)
def test_every_operation_of_the_sdk_is_documented(site: str) -> None:
    documented = {operation.id for operation in CONTRACT if site in operation.sites}
    assert operations(site).keys() - documented == set()


def test_every_current_operation_is_in_the_sdk() -> None:
    missing = {name_of(view) for view in VIEWS if view.operation.status == "current"} - set(map(name_of, COMPARED))
    assert missing == set()


@pytest.mark.parametrize("view", COMPARED, ids=name_of)
def test_a_document_says_what_the_sdk_says(view: SiteView) -> None:
    assert found(view) - EXPLAINED.keys() == set()


def test_every_explained_difference_exists() -> None:
    assert EXPLAINED.keys() - set().union(*map(found, COMPARED)) == set()
