"""Languages that change too much, or nothing, are found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mockserver.app import Server
from tests.contracts.properties.planted import Fields, Planted, kinds_found

TYPES = "ListServiceTypes"
ENGLISH, CHINESE = "en_US", "zh_CN"


def english_first(fields: Fields) -> None:
    fields.setdefault("X-Language", ENGLISH)


def english_only(fields: Fields) -> None:
    fields["X-Language"] = ENGLISH


def exchanged(fields: Fields) -> None:
    fields["X-Language"] = CHINESE if fields.get("X-Language") == ENGLISH else ENGLISH


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        (english_only, "a Chinese answer has no Chinese names"),
        (english_first, "without X-Language the answer is not in zh_CN"),
        (exchanged, "an English answer has Chinese names"),
    ],
)
def test_a_wrong_language_is_found(server: Server, asked: Callable[[Fields], object], complaint: str) -> None:
    planted = Planted(server, TYPES, asked=asked)
    assert complaint in kinds_found(planted, server.contract, TYPES, "language")


def test_a_code_that_changes_with_the_language_is_found(server: Server) -> None:
    def told(asked: Fields, body: Fields) -> None:
        if asked.get("X-Language") == ENGLISH:
            body["service_types"][0]["service_type_code"] += ".en"

    planted = Planted(server, TYPES, told=told)
    assert "the language changes more than names" in kinds_found(planted, server.contract, TYPES, "language")
