"""Whether a request keeps to its operation's document: a second opinion, beside the reader that the emulator uses.

What Schemathesis calls invalid may be valid here: numeric strings pass for numbers, values that say nothing may count
as absent, and unknown names are ignored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from requests import PreparedRequest

from contracts.targets.target import body_of
from mockserver.contract.documents import Document
from mockserver.contract.operation import SiteView

NUMERIC = {"integer": re.compile(r"[+-]?[0-9]{1,18}"), "number": re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")}
NULLISH_TEXTS = {"": "empty", '""': "empty_string", "null": "null"}


class Refused(Exception):
    """A value that says nothing where the document refuses that."""


def is_valid(view: SiteView, request: PreparedRequest) -> bool:
    """Whether nothing in the request breaks a rule of the document."""
    try:
        parameters = dict(_parameters(view, request))
        body = _body(view, request)
    except (Refused, ValueError):
        return False
    return view.parameter_checker.accepts(parameters) and (view.body_checker is None or view.body_checker.accepts(body))


def _parameters(view: SiteView, request: PreparedRequest) -> Iterator[tuple[str, Any]]:
    """The parameters as they are understood. Raises `Refused`."""
    sent = _texts(view, request)
    for parameter in view.parameters:
        name, schema = parameter["name"], parameter["schema"]
        texts = sent[parameter["in"]].get(name.lower() if parameter["in"] == "header" else name, [])
        kind = NULLISH_TEXTS.get(texts[0], "") if len(texts) == 1 else ""
        if texts and _says_something(kind, "empty", schema, parameter.get("required", False)):
            yield name, _from_texts(texts, schema)
        elif "default" in schema:
            yield name, schema["default"]


def _texts(view: SiteView, request: PreparedRequest) -> dict[str, dict[str, list[str]]]:
    """What is sent, by place and name; header names in lower case."""
    url = urlsplit(str(request.url))
    segments = zip(view.operation.path.split("/"), url.path.split("/"), strict=True)
    return {
        "query": parse_qs(url.query, keep_blank_values=True),
        "path": {part[1:-1]: [unquote(segment)] for part, segment in segments if part.startswith("{")},
        "header": {name.lower(): [str(value)] for name, value in request.headers.items()},
    }


def _from_texts(texts: list[str], schema: Document) -> Any:
    if _kind(schema) != "array":
        return _understood(texts[0], schema)
    return [_understood(text, schema.get("items", {})) for text in texts if texts != [""]]


def _body(view: SiteView, request: PreparedRequest) -> Any:
    """The body as it is understood. Raises `ValueError` for what is no JSON."""
    schema, content = view.body_schema, body_of(request)
    if schema is None:
        return None
    if not content and "default" in schema:
        return schema["default"]
    kind = str(request.headers.get("Content-Type", "")).partition(";")[0].strip().lower()
    if kind != "application/json":
        raise ValueError(kind)
    return _understood(json.loads(content), schema)


def _understood(value: Any, schema: Document) -> Any:
    """A value after the documented conversions. Raises `Refused`."""
    if isinstance(value, dict) and _kind(schema) == "object":
        return dict(_fields(value, schema))
    if isinstance(value, list) and _kind(schema) == "array":
        return [_understood(item, schema.get("items", {})) for item in value]
    if isinstance(value, str):
        return _converted(value, _kind(schema))
    return value


def _fields(value: Document, schema: Document) -> Iterator[tuple[str, Any]]:
    for name, part in schema.get("properties", {}).items():
        required = name in schema.get("required", ())
        if name in value and _says_something(_nullish_kind(value[name]), "null", part, required):
            yield name, _understood(value[name], part)
        elif "default" in part:
            yield name, part["default"]


def _says_something(kind: str, usually: str, schema: Document, required: bool) -> bool:
    """Whether a value of this nullish kind counts as sent. `usually` is the kind that counts as absent, or is refused
    where the value is required, unless the document says otherwise."""
    rules = {usually: "refuse" if required else "absent", **schema.get("x-nullish", {})}
    rule = rules.get(kind, "keep")
    if rule == "refuse":
        raise Refused
    return bool(rule == "keep")


def _nullish_kind(value: Any) -> str:
    if value is None:
        return "null"
    if value == "":
        return "empty_string"
    return "empty" if value in ([], {}) else ""


def _converted(text: str, kind: str) -> Any:
    if kind in NUMERIC and NUMERIC[kind].fullmatch(text):
        return float(text) if "." in text else int(text)
    if kind == "boolean":
        return {"true": True, "false": False}.get(text.lower(), text)
    return text


def _kind(schema: Document) -> str:
    kind = schema.get("type", "object" if "properties" in schema else "")
    return next((one for one in kind if one != "null"), "") if isinstance(kind, list) else str(kind)
