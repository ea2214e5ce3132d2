"""Validation of what a client sent, and the words for what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import jsonschema_rs

from mockserver.contract.documents import Document


@dataclass(frozen=True)
class Violation:
    """One broken rule: which field, which keyword of its schema, and the field's own code if it has one."""

    field: str
    rule: str
    pointer: str
    code: str | None = None

    def __str__(self) -> str:
        return f"{self.field or 'body'}: {self.rule}"


def _real(kind: str, parse: Callable[[str], date]) -> Callable[[str], bool]:
    """A check of a format that admits only what the services can count with: no leap second, no year 0."""
    form = jsonschema_rs.Draft202012Validator({"format": kind}, validate_formats=True)

    def check(text: str) -> bool:
        try:
            parse(text.upper())
        except ValueError:
            return False
        return form.is_valid(text)

    return check


_FORMATS = {"date": _real("date", date.fromisoformat), "date-time": _real("date-time", datetime.fromisoformat)}


Validator = jsonschema_rs.Draft202012Validator


def compile_schema(schema: Document) -> Validator:
    """The validator of a resolved schema; formats (real dates and instants) count."""
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, formats=_FORMATS)


class Checker:
    """Checks values against one resolved schema."""

    def __init__(self, schema: Document) -> None:
        self._schema = schema
        self._validator = compile_schema(schema)
        self._order = {name: index for index, name in enumerate(schema.get("properties", ()))}

    def accepts(self, value: Any) -> bool:
        return bool(self._validator.is_valid(value))

    def violations(self, value: Any) -> list[Violation]:
        """Every broken rule, in the order in which the document names the fields."""
        found = [self._violation(error) for error in self._validator.iter_errors(value)]
        return sorted(found, key=lambda violation: self._order.get(violation.field.split(".")[0], -1))

    def _violation(self, error: Any) -> Violation:
        path = list(error.instance_path)
        if error.schema_path and error.schema_path[-1] in ("required", "dependentRequired"):
            path.append(error.kind.property)
        rule = str(error.schema_path[-1]) if error.schema_path else "schema"
        pointer = "/" + "/".join(map(str, error.schema_path))
        return Violation(".".join(map(str, path)), rule, pointer, self._code(path))

    def _code(self, path: Iterable[Any]) -> str | None:
        """The `x-code` of the innermost schema on the way to the value."""
        schema, code = self._schema, None
        for step in path:
            schema = schema.get("items", {}) if isinstance(step, int) else schema.get("properties", {}).get(step, {})
            code = schema.get("x-code", code)
        return code
