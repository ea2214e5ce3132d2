"""The language of error messages: X-Language decides where the operation knows it, else they are English."""

from __future__ import annotations

import pytest

from tests.driver import World

REFUSED = {"limit": "0"}


@pytest.mark.parametrize(
    ("language", "message"),
    [("zh_CN", "参数错误"), ("en_US", "Invalid parameter"), (None, "Invalid parameter")],
)
def test_an_operation_that_knows_the_language_uses_it(world: World, language: str | None, message: str) -> None:
    answer = world.solution_provider("ListServiceTypes", X_Language=language, **REFUSED)
    assert answer.refused == (400, "CBC.0100")
    assert answer.body["error_msg"].startswith(message)


def test_an_operation_that_does_not_know_it_stays_english(world: World) -> None:
    caller = world.solution_provider
    caller.headers["X-Language"] = "zh_CN"
    answer = caller("ListPartnerAdjustRecords", **REFUSED)
    assert answer.body["error_msg"] == "Invalid parameter: limit."
