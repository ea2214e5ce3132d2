"""An operation, and the view of it that one site has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mockserver.contract.documents import Components, ContractError, Document, exists_on, on_site
from mockserver.contract.reading import Findings, body_reader, parameter_reader
from mockserver.contract.validation import Checker, Violation
from mockserver.contract.writing import Writer, writer

DEFAULT_RATE = {"calls": 10, "seconds": 1}
"""The standing default of the vendor's flow-control tables (api-bpconsole/fci_00001)."""

SECTION_WIDE = {
    "parameter": (400, "CBC.0100"),
    "caller": (403, "CBC.0151"),
    "permission": (403, "CBC.0151"),
    "internal": (500, "CBC.0999"),
}
"""Codes that serve where an operation's own table names no row for the cause."""

PLACES = ("path", "query", "header")


@dataclass(frozen=True)
class ErrorRow:
    """One row of an operation's table of errors."""

    status: int
    code: str
    when: str
    causes: frozenset[str] = frozenset()
    inside: str | None = None
    certainty: str = "documented"
    unknown: str = ""
    """The thing whose id is unknown, or not the caller's; empty for a row that means something else, or more."""


@dataclass(frozen=True)
class Reading:
    """What a request says, read by the contract."""

    parameters: dict[str, Any]
    body: dict[str, Any]
    unknown: tuple[str, ...]
    violations: tuple[Violation, ...]


class Operation:
    """One documented operation. `on(site)` has what depends on the site."""

    def __init__(self, area: str, document: Document, components: Components) -> None:
        self.area = area
        self.document = document
        self.id: str = document["operationId"]
        self.method: str = document["x-method"]
        self.path: str = document["x-path"]
        self.sites: tuple[str, ...] = tuple(document["x-site"])
        self.status: str = document["x-status"]
        self.callers = frozenset(document["x-callers"])
        self.permission_items = frozenset(document["x-permission-items"] or ())
        self.iam_actions = frozenset(document["x-iam-actions"] or ())
        self.shown_actions = frozenset(document.get("x-shown-actions", {}).get("actions", ()))
        """The actions of which a user needs one to be shown everything."""
        self.rate_limit: dict[str, int] = document.get("x-rate-limit", DEFAULT_RATE)
        self.effect: str = document["x-effect"]
        self._components = components
        self._views: dict[str, SiteView] = {}

    def __repr__(self) -> str:
        return f"Operation({self.id})"

    def on(self, site: str) -> SiteView:
        """The operation as `site` has it; compiled at the first use."""
        if site not in self._views:
            try:
                resolved = self._components.resolve(self.document)
            except ContractError as error:
                raise ContractError(f"{self.id}: {error}") from None
            self._views[site] = SiteView(self, site, on_site(resolved, site))
        return self._views[site]

    @property
    def codes(self) -> set[tuple[int, str]]:
        """Every (status, code) that the operation can answer on any of its sites."""
        return {(row["status"], row["code"]) for row in self.document["x-errors"] if "in" not in row}


class SiteView:
    """An operation on one site: how to read, check and write its calls."""

    def __init__(self, operation: Operation, site: str, document: Document) -> None:
        self.operation = operation
        self.site = site
        self.document = document
        self.parameters = [one for one in document.get("parameters", ()) if exists_on(one, site)]
        self.body_schema: Document | None = document.get("requestBody")
        status, schema = next(iter(document["responses"].items()))
        self.success_status = int(status)
        self.response_schema: Document | None = schema
        self.errors = [_row(row) for row in document["x-errors"] if exists_on(row, site)]

    @cached_property
    def knows_language(self) -> bool:
        """Whether the operation takes the header that chooses the language."""
        return any(one["name"].lower() == "x-language" for one in self.parameters)

    @cached_property
    def _readers(self) -> dict[str, Any]:
        return {place: parameter_reader(self._placed(place)) for place in PLACES}

    @cached_property
    def _body_reader(self) -> Any:
        return body_reader(self.body_schema) if self.body_schema is not None else None

    @cached_property
    def _only_for(self) -> dict[str, frozenset[str]]:
        """Fields that only some callers may use, with those."""
        schemas = {one["name"]: one["schema"] for one in self.parameters}
        schemas |= (self.body_schema or {}).get("properties", {})
        return {name: frozenset(one["x-only-for"]) for name, one in schemas.items() if "x-only-for" in one}

    def ignored(self, kind: str) -> list[str]:
        """The fields that mean nothing in the calls of a kind of principal."""
        return [name for name, kinds in self._only_for.items() if kind not in kinds]

    @property
    def parameter_schema(self) -> Document:
        """All parameters as one object."""
        return {
            "type": "object",
            "properties": {one["name"]: one["schema"] for one in self.parameters},
            "required": [one["name"] for one in self.parameters if one.get("required")],
        }

    @cached_property
    def parameter_checker(self) -> Checker:
        return Checker(self.parameter_schema)

    @cached_property
    def body_checker(self) -> Checker | None:
        return Checker(self.body_schema) if self.body_schema is not None else None

    @cached_property
    def answer_checker(self) -> Checker | None:
        return Checker(self.response_schema) if self.response_schema is not None else None

    @cached_property
    def write(self) -> Writer | None:
        """Turns a service's answer into its wire form; None where success has no body."""
        return writer(self.response_schema, self.operation.id) if self.response_schema is not None else None

    def read(self, sent: dict[str, dict[str, list[str]]], body: Any) -> Reading:
        """Apply nullish rules, conversions and defaults, then validate. `sent` has the texts of each place."""
        findings = Findings()
        parameters: dict[str, Any] = {}
        for place in PLACES:
            if place == "header":
                sent = {**sent, place: self._declared_headers(sent.get(place, {}))}
            parameters.update(self._readers[place](sent.get(place, {}), findings))
        read_body = self._body_reader(body, (), findings) if self._body_reader else {}
        violations = [_refused(path, schema) for path, schema in findings.refused]
        violations += _check(self.parameter_checker, parameters, violations)
        if self.body_checker is not None:
            violations += _check(self.body_checker, read_body, violations)
        usable = read_body if isinstance(read_body, dict) else {}
        return Reading(parameters, usable, tuple(findings.unknown), tuple(violations))

    def row_for(self, cause: str) -> ErrorRow | None:
        """The row that the gateway answers for `cause`; None where the gateway has a form of its own."""
        named = next((row for row in self.errors if cause in row.causes), None)
        if named is not None or cause not in SECTION_WIDE:
            return named
        status, code = SECTION_WIDE[cause]
        return self.row(code, status) or ErrorRow(status, code, "section-wide", frozenset({cause}))

    def row(self, code: str, status: int | None = None, inside: str | None = None) -> ErrorRow | None:
        """The row of `code`, of that status if one is named."""
        return next(
            (row for row in self.errors if row.code == code and row.inside == inside and status in (None, row.status)),
            None,
        )

    def _placed(self, place: str) -> list[Document]:
        return [one for one in self.parameters if one["in"] == place]

    def _declared_headers(self, headers: dict[str, list[str]]) -> dict[str, list[str]]:
        """Only the headers the operation declares; header names have no case, and every call has others."""
        return {
            one["name"]: headers[one["name"].lower()]
            for one in self._placed("header")
            if one["name"].lower() in headers
        }


def _row(row: Document) -> ErrorRow:
    cause = row.get("cause", [])
    causes = frozenset([cause] if isinstance(cause, str) else cause)
    certainty, unknown = row.get("certainty", "documented"), row.get("unknown", "")
    return ErrorRow(row["status"], row["code"], row["when"], causes, row.get("in"), certainty, unknown)


def _refused(path: tuple[str | int, ...], schema: Document) -> Violation:
    return Violation(".".join(map(str, path)), "x-nullish", "/x-nullish", schema.get("x-code"))


def _check(checker: Checker, value: Any, known: list[Violation]) -> list[Violation]:
    """Violations beyond those already found: a refused value is absent by now and must not count as missing too."""
    if checker.accepts(value):
        return []
    fields = {violation.field for violation in known}
    return [violation for violation in checker.violations(value) if violation.field not in fields]
