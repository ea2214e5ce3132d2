"""Which inputs of an operation the exchanges tried: each parameter, each field of the body, each rule of its schema.

A reader of its own: it knows the document and the request, not how the request was made, nor how it was answered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from requests import PreparedRequest

from contracts.targets.target import body_of
from mockserver.contract.documents import Document
from mockserver.contract.operation import SiteView
from mockserver.contract.validation import Validator, compile_schema
from mockserver.gateway.message import json_of

OF_TEXTS = ("minLength", "maxLength", "pattern", "format")
OF_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
OF_LISTS = ("minItems", "maxItems")
APPLIES: Mapping[str, type | tuple[type, ...]] = {
    **dict.fromkeys(OF_TEXTS, str),
    **dict.fromkeys(OF_NUMBERS, (int, float)),
    **dict.fromkeys(OF_LISTS, list),
}
"""Rules that say something about values of one type only."""
NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")
NOTHING = {"": "empty", '""': "empty text", "null": "null"}


@dataclass
class Rule:
    """One keyword of a schema, and how many values kept to it and broke it."""

    keyword: str
    bound: Any
    valid: int = 0
    invalid: int = 0
    at_bound: int = 0
    """How many of the valid values were as large or small, as long or short, as they may be."""

    @property
    def is_covered(self) -> bool:
        """Whether both sides of it were tried."""
        return bool(self.valid and self.invalid)

    @property
    def is_bound(self) -> bool:
        return self.keyword in ("minLength", "maxLength", "minimum", "maximum", *OF_LISTS)

    @cached_property
    def _checker(self) -> Validator:
        return compile_schema({self.keyword: self.bound})

    def meet(self, value: Any) -> None:
        """Count a value."""
        if not _applies(self.keyword, value):
            return
        if not self._checker.is_valid(value):
            self.invalid += 1
            return
        self.valid += 1
        self.at_bound += self.is_bound and _measure(value) == self.bound

    def count(self, kept: bool) -> None:
        self.valid += kept
        self.invalid += not kept


@dataclass
class Field:
    """One input: a parameter, or a field of the body by its path, `items[].name`."""

    name: str
    place: str
    """`path`, `query`, `header` or `body`."""
    rules: list[Rule] = field(default_factory=list)
    sent: int = 0
    nothing: Counter[str] = field(default_factory=Counter)
    """How often it was sent in each of the ways to say nothing."""
    values: Counter[str] = field(default_factory=Counter)
    """How often each value of its enumeration was sent."""

    def rule(self, keyword: str) -> Rule | None:
        return next((one for one in self.rules if one.keyword == keyword), None)

    def meet(self, value: Any, nothing: str) -> None:
        """Count a value that was sent, and the way in which it says nothing, if it does."""
        self.sent += 1
        if nothing:
            self.nothing[nothing] += 1
            return
        for rule in self.rules:
            if rule.keyword != "required":
                rule.meet(value)
        if isinstance(value, (str, int)) and str(value) in self.values:
            self.values[str(value)] += 1


class Coverage:
    """What the requests of one operation tried."""

    def __init__(self, view: SiteView) -> None:
        self._view = view
        self.fields: dict[tuple[str, str], Field] = {}
        for one in view.parameters:
            self._add(one["in"], one["name"], one["schema"], bool(one.get("required")))
        if view.body_schema is not None:
            self._add_inner("", view.body_schema)

    def meet(self, request: PreparedRequest) -> None:
        """Count what a request to this operation sends."""
        texts = _texts(self._view, request)
        for one in self._view.parameters:
            sent = texts[one["in"]].get(one["name"].lower() if one["in"] == "header" else one["name"])
            self._meet_parameter(self.fields[one["in"], one["name"]], sent, one["schema"])
        if self._view.body_schema is not None:
            try:
                body = json_of(body_of(request)) if body_of(request) else None
            except ValueError:
                return
            self._meet_inner("", body, self._view.body_schema)

    @property
    def rules(self) -> Iterator[Rule]:
        return (rule for one in self.fields.values() for rule in one.rules)

    def _add(self, place: str, name: str, schema: Document, required: bool) -> None:
        rules = [Rule(key, schema[key]) for key in ("type", "enum", *APPLIES) if _is_told(key, schema, place)]
        if required and place != "path":
            rules.insert(0, Rule("required", True))
        values = Counter({str(one): 0 for one in schema.get("enum", ()) if one is not None})
        self.fields[place, name] = Field(name, place, rules, values=values)
        if place == "body":
            self._add_inner(name, schema)

    def _add_inner(self, name: str, schema: Document) -> None:
        """The fields of an object, and the items of a list."""
        for inner, part in schema.get("properties", {}).items():
            self._add("body", f"{name}.{inner}".lstrip("."), part, inner in schema.get("required", ()))
        if isinstance(schema.get("items"), dict):
            self._add("body", f"{name}[]", schema["items"], required=False)

    def _meet_parameter(self, one: Field, sent: list[str] | None, schema: Document) -> None:
        if required := one.rule("required"):
            required.count(sent is not None and sent != [""])
        if sent is None:
            return
        nothing = NOTHING.get(sent[0], "") if len(sent) == 1 else ""
        is_list = _type(schema) == "array"
        items = [understood(text, schema.get("items", {})) for text in sent] if is_list else []
        one.meet(items if is_list else understood(sent[0], schema), nothing)

    def _meet_field(self, name: str, value: Any, schema: Document) -> None:
        value = understood(value, schema)
        self.fields["body", name].meet(value, _nothing(value, schema))
        self._meet_inner(name, value, schema)

    def _meet_inner(self, name: str, value: Any, schema: Document) -> None:
        if isinstance(value, dict):
            for inner, part in schema.get("properties", {}).items():
                path = f"{name}.{inner}".lstrip(".")
                if required := self.fields["body", path].rule("required"):
                    required.count(inner in value)
                if inner in value:
                    self._meet_field(path, value[inner], part)
        elif isinstance(value, list) and isinstance(schema.get("items"), dict):
            for item in value:
                self._meet_field(f"{name}[]", item, schema["items"])


def _is_told(keyword: str, schema: Document, place: str) -> bool:
    """Whether a rule can be kept and broken: in a URL everything is a text."""
    if keyword == "type" and place != "body":
        return _type(schema) in ("integer", "number", "boolean")
    # A length of zero is a bound that nothing can break.
    return keyword in schema and (keyword not in ("minLength", "minItems") or schema[keyword] > 0)


def _applies(keyword: str, value: Any) -> bool:
    kind = APPLIES.get(keyword, object)
    return isinstance(value, kind) and not (isinstance(value, bool) and keyword in OF_NUMBERS)


def _measure(value: Any) -> Any:
    return len(value) if isinstance(value, (str, list)) else value


def _nothing(value: Any, schema: Document) -> str:
    """The way in which a value of a body says nothing; an empty text does where the document has a rule for it."""
    if value is None:
        return "null"
    if value == "" and "empty_string" in schema.get("x-nullish", {}):
        return "empty text"
    return "empty" if value in ([], {}) and "empty" in schema.get("x-nullish", {}) else ""


def understood(value: Any, schema: Document) -> Any:
    """A value as its schema means it: numbers and truth values may be sent as texts."""
    if isinstance(value, Decimal):
        return float(value)
    if not isinstance(value, str):
        return value
    kind = _type(schema)
    if kind in ("integer", "number") and NUMBER.fullmatch(value):
        return float(value) if "." in value else int(value)
    return {"true": True, "false": False}.get(value.lower(), value) if kind == "boolean" else value


def _type(schema: Document) -> str:
    kind = schema.get("type", "")
    return next((one for one in kind if one != "null"), "") if isinstance(kind, list) else str(kind)


def _texts(view: SiteView, request: PreparedRequest) -> dict[str, dict[str, list[str]]]:
    """What is sent, by place and name; header names in lower case."""
    url = urlsplit(str(request.url))
    segments = zip(view.operation.path.split("/"), url.path.split("/"), strict=False)
    return {
        "query": parse_qs(url.query, keep_blank_values=True),
        "path": {part[1:-1]: [unquote(segment)] for part, segment in segments if part.startswith("{")},
        "header": {name.lower(): [str(value)] for name, value in request.headers.items()},
    }
