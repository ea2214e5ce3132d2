"""Every operation of the newest SDKs, called with the examples of its document by everyone who may call it."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from huaweicloudsdkcore.exceptions.exceptions import ServiceResponseException
from huaweicloudsdkcore.utils.http_utils import sanitize_for_serialization

from mockserver.contract.documents import Document
from mockserver.contract.operation import SiteView
from mockserver.services import SERVICES
from tests.contract.loaded import VIEWS, exact, name_of
from tests.driver import World
from tests.sdk.conftest import CLIENTS, Connect
from tests.sdk.models import ask, missing, operations

CALLED = [view for view in VIEWS if view.operation.id in operations(CLIENTS[view.site]())]
BEFORE_BUSINESS = {"CBC.0151", "CBC.0154", "CBC.0999"}
"""What no example of an allowed caller may get: not allowed, not known, broken."""

REFUSING_STRANGERS = {"ShowRefundOrderDetails"}
"""What knows no code but CBC.0151 for a customer who is not the caller's."""


@pytest.mark.parametrize("view", CALLED, ids=name_of)
def test_the_sdk_reads_what_is_answered(view: SiteView, new_world: Callable[..., World], connect: Connect) -> None:
    world = new_world(site=view.site)
    for kind in sorted(view.operation.callers):
        client = connect(world, kind)
        for example in examples(view):
            call(client, view, example)


def examples(view: SiteView) -> list[Document]:
    """The examples of the site, or else of the other site; none in the document means a call without fields."""
    written: list[Document] = view.operation.document.get("x-examples", [{}])
    return [one for one in written if one.get("site", view.site) == view.site] or written


def call(client: Any, view: SiteView, example: Document) -> None:
    try:
        answer = ask(client, view.operation.id, example.get("request"), **example.get("parameters", {}))
    except ServiceResponseException as refusal:
        check_refusal(view, refusal)
    else:
        check_answer(view, answer)


def check_refusal(view: SiteView, refusal: ServiceResponseException) -> None:
    """What has rules does not know the example's ids, and may refuse them; what is made up refuses nothing."""
    assert view.operation.id in SERVICES, str(refusal)
    assert is_by_business(view, refusal.status_code, refusal.error_code, refusal.error_msg), str(refusal)


def check_answer(view: SiteView, answer: Any) -> None:
    """The SDK has what was on the wire, and of an answer that is made up every field."""
    assert exact(sanitize_for_serialization(answer)) == sent_by_server(answer)
    assert view.operation.id in SERVICES or list(missing(answer)) == []


def is_by_business(view: SiteView, status: int, code: str, message: str) -> bool:
    """Whether an operation's rules refuse, by a row of its table. CBC.0100 that names a field is for its form."""
    malformed = code == "CBC.0100" and ": " in message
    before = BEFORE_BUSINESS - ({"CBC.0151"} if view.operation.id in REFUSING_STRANGERS else set())
    documented = {(row.status, row.code) for row in view.errors if row.code not in before}
    return (status, code) in documented and not malformed


def sent_by_server(answer: Any) -> Any:
    """Without nulls, which the SDK does not tell from absent fields."""
    return without_nulls(json.loads(answer.raw_content, parse_float=Decimal)) if answer.raw_content else {}


def without_nulls(value: Any) -> Any:
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in value.items() if item is not None}
    return value
