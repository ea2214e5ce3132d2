"""Adding an operation needs no Python: one JSON file in a folder, `serve --schemas FOLDER`, and it is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mockserver.contract.registry import Contract
from tests.command_line import served
from tests.driver import Answer, World, over_http

DOCUMENT: dict[str, Any] = {
    "$schema": "../../operation.schema.json",
    "operationId": "ShowWeather",
    "summary": "Show the weather of a place",
    "x-title-zh": "查询天气",
    "x-method": "GET",
    "x-path": "/v2/weather/{place}",
    "x-site": ["cn", "intl"],
    "x-status": "current",
    "x-callers": ["solution_provider"],
    "x-permission-items": [],
    "x-iam-actions": [],
    "x-effect": "read",
    "x-page": "of/no/vendor",
    "x-errors": [{"status": 400, "code": "CBC.0101", "when": "no such unit", "cause": "parameter"}],
    "parameters": [
        {"name": "place", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "unit", "in": "query", "schema": {"type": "string", "enum": ["C", "F"], "default": "C"}},
    ],
    "responses": {
        "200": {
            "type": "object",
            "required": ["degrees", "seen_at"],
            "properties": {
                "degrees": {"type": "number", "x-decimals": 1},
                "seen_at": {"$ref": "../../components/times.json#/utc_second"},
            },
        }
    },
}


def calls(tmp_path: Path, *made: tuple[str, dict[str, str]]) -> list[Answer]:
    """The answers of a server that knows the operation: each call is a principal's name and the parameters."""
    file = tmp_path / "operations" / "weather" / "ShowWeather.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(DOCUMENT), encoding="utf-8")
    with (
        served("--port", "0", "--schemas", str(tmp_path), "--server", "waitress") as (_, url),
        over_http(urlsplit(url).port or 0) as transport,
    ):
        world = World(transport, Contract([tmp_path]), seed=1)
        return [world.caller(name)("ShowWeather", **parameters) for name, parameters in made]


def test_an_operation_from_a_folder_answers_validates_and_authorizes(tmp_path: Path) -> None:
    good, again, bad, foreign = calls(
        tmp_path,
        ("solution_provider", {"place": "Shenzhen"}),
        ("solution_provider", {"place": "Shenzhen"}),
        ("solution_provider", {"place": "Shenzhen", "unit": "K"}),
        ("customer", {"place": "Shenzhen"}),
    )
    assert good.ok.body.keys() == {"degrees", "seen_at"}
    assert again.content == good.content
    assert bad.refused == (400, "CBC.0101")
    assert foreign.refused == (403, "CBC.0151")
