"""The contract as one OpenAPI 3.1 document: for a site, or for both with `x-site`, `x-cn` and `x-intl` kept."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

from mockserver import __version__
from mockserver.contract.documents import SITES, ContractError, Document, Json, exists_on, on_site
from mockserver.contract.operation import Operation
from mockserver.contract.registry import Contract
from mockserver.contract.things import links

JSON = "application/json"
PAGES = "https://support.huaweicloud.com/"
ABOUT = (
    "Operations of the Huawei Cloud partner APIs. What OpenAPI has no word for is in fields that begin with x-: "
    "callers, permission items, rate limits, sites, error codes with their conditions, what absent and null mean."
)
ANNOTATIONS = ("title", "description", "default", "examples", "deprecated")
TOLD_ELSEWHERE = ("x-method", "x-path", "x-errors", "x-error-body", "x-examples")
"""Annotations of an operation document that OpenAPI has words for, or that go to the answers."""

ERROR: Document = {
    "description": "An error in the service's form.",
    "type": "object",
    "required": ["error_code", "error_msg"],
    "properties": {"error_code": {"type": "string"}, "error_msg": {"type": "string"}},
}
GATEWAY_ERROR: Document = {
    "description": "An error of the gateway, which refuses a call before the service sees it.",
    "type": "object",
    "required": ["error_msg", "error_code", "request_id"],
    "properties": {
        "error_msg": {"type": "string"},
        "error_code": {"type": "string"},
        "request_id": {"type": "string"},
    },
}
GATEWAY_CODES = {"401": "APIGW.0301", "404": "APIGW.0101", "429": "APIGW.0308"}
SECURITY_SCHEMES: Document = {
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "AK/SK signature: SDK-HMAC-SHA256 Access=<AK>, SignedHeaders=<names>, Signature=<hex>, "
        "with X-Sdk-Date among the signed headers.",
    },
    "token": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Auth-Token",
        "description": "IAM token, from X-Subject-Token of POST /v3/auth/tokens.",
    },
}
REQUEST_ID: Document = {"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}}


def export(contract: Contract, site: str | None = None, server_url: str = "http://127.0.0.1:8080") -> Document:
    """The OpenAPI document of every operation, or of those that `site` has as that site has them."""
    if site not in (None, *SITES):
        raise ContractError(f"{site!r} is not a site; accepted: {', '.join(SITES)}")
    return _Export(contract, site).document(server_url)


def page_url(page: str) -> str:
    """Where a page of the vendor's documentation is."""
    return f"{PAGES}{page if '/' in page else f'{page}/index'}.html"


class _Export:
    """One export; it collects the shared schemas that the operations refer to."""

    def __init__(self, contract: Contract, site: str | None) -> None:
        self._contract = contract
        self._site = site
        self._schemas: dict[str, Document] = {}

    def document(self, server_url: str) -> Document:
        paths = self._paths()
        return {
            "openapi": "3.1.0",
            "info": {"title": "Huawei Cloud partner APIs", "version": __version__, "description": ABOUT},
            "servers": [{"url": server_url}],
            "tags": [{"name": area} for area in sorted({one.area for one in self._operations()})],
            "security": [{name: []} for name in SECURITY_SCHEMES],
            "paths": paths,
            "components": {
                "schemas": {"error": ERROR, "gateway_error": GATEWAY_ERROR, **dict(sorted(self._schemas.items()))},
                "responses": {status: self._gateway_answer(code) for status, code in GATEWAY_CODES.items()},
                "headers": {"X-Request-Id": {"description": "Id of the call.", "schema": {"type": "string"}}},
                "securitySchemes": SECURITY_SCHEMES,
            },
        }

    def _operations(self) -> list[Operation]:
        return [one for one in self._contract if self._site is None or self._site in one.sites]

    def _paths(self) -> Document:
        """Operations by path and method. Where several share a call, the one that would be served comes first, and it
        carries the others under `x-same-call`: OpenAPI knows one operation a call."""
        paths: dict[str, Document] = {}
        for operation in sorted(self._operations(), key=lambda one: (one.status == "removed", one.id)):
            methods = paths.setdefault(operation.path, {})
            first = methods.setdefault(operation.method.lower(), written := self._operation(operation))
            if first is not written:
                first.setdefault("x-same-call", []).append(written)
        return dict(sorted(paths.items()))

    def _operation(self, operation: Operation) -> Document:
        document = self._seen(self._referring(operation.document))
        described: Document = {
            "operationId": operation.id,
            "summary": document["summary"],
            "description": document.get("description", ""),
            "tags": [operation.area],
            "externalDocs": {"url": page_url(document["x-page"])},
        }
        if operation.status != "current":
            described["deprecated"] = True
        examples = _examples(document, self._site)
        if parameters := self._existing(document.get("parameters", ())):
            described["parameters"] = [_parameter(one, examples) for one in parameters]
        if "requestBody" in document:
            body = document["requestBody"]
            described["requestBody"] = {
                "required": "default" not in body,
                "content": _content(body, examples, "request"),
            }
        described["responses"] = self._responses(document, examples)
        if linked := self._links(operation):
            next(iter(described["responses"].values()))["links"] = linked
        kept = {key: value for key, value in document.items() if key.startswith("x-") and key not in TOLD_ELSEWHERE}
        return {**described, **kept}

    def _links(self, operation: Operation) -> Document:
        """Where the ids of the answer can be taken to: current operations of the same sites."""
        site = self._site or operation.sites[0]
        askers = [one.on(site) for one in self._operations() if site in one.sites and one.status == "current"]
        return links(self._contract.things, operation.on(site), askers) if operation.status == "current" else {}

    def _responses(self, document: Document, examples: Document) -> Document:
        """The success answer, the operation's errors by status, and the gateway's."""
        success, schema = next(iter(document["responses"].items()))
        rows = self._existing(document["x-errors"])
        refusals = sorted((row for row in rows if "in" not in row), key=lambda row: int(row["status"]))
        answers: Document = {success: _success(schema, examples, [row for row in rows if "in" in row])}
        for status, same in groupby(refusals, key=lambda row: str(row["status"])):
            _add_refusals(answers, status, list(same), document.get("x-error-body", {}))
        for status in GATEWAY_CODES:
            answers.setdefault(status, {"$ref": f"#/components/responses/{status}"})
        return {success: answers.pop(success), **dict(sorted(answers.items()))}

    def _gateway_answer(self, code: str) -> Document:
        facts = self._contract.codes[code]
        return {
            "description": f"`{code}`: {facts['meaning']}",
            "headers": REQUEST_ID,
            "content": {JSON: {"schema": {"$ref": "#/components/schemas/gateway_error"}}},
        }

    def _existing(self, parts: Any) -> list[Document]:
        return [one for one in parts if self._site is None or exists_on(one, self._site)]

    def _seen(self, schema: Document) -> Document:
        view: Document = schema if self._site is None else on_site(schema, self._site)
        return view

    def _referring(self, schema: Json) -> Json:
        """A copy in which references point into this document. One whose siblings do more than narrow or annotate is
        written out: in JSON Schema both sides of a reference count, in an operation document the siblings win."""
        if isinstance(schema, list):
            return [self._referring(item) for item in schema]
        if not isinstance(schema, dict):
            return schema
        reference = schema.get("$ref")
        siblings = {key: value for key, value in schema.items() if key != "$ref"}
        if not isinstance(reference, str):
            return {key: self._referring(value) for key, value in siblings.items()}
        target = self._contract.components.get(reference)
        if not _is_exact(self._contract.components.resolve(target), siblings):
            return self._referring({**target, **siblings})
        return {"$ref": f"#/components/schemas/{self._shared(reference, target)}", **self._referring(siblings)}

    def _shared(self, reference: str, target: Document) -> str:
        file, _, pointer = reference.partition("#/")
        name = f"{file.rpartition('/')[2].removesuffix('.json')}.{pointer.replace('/', '.')}"
        if name not in self._schemas:
            self._schemas[name] = self._seen(self._referring(target))
        return name


def _is_exact(target: Document, siblings: Document) -> bool:
    """Whether a reference with these siblings means in JSON Schema what it means in an operation document, on each
    site."""
    of_sites = [target.get(f"x-{site}", {}) for site in SITES]
    own_sites = [siblings.get(f"x-{site}", {}) for site in SITES]
    if "x-site" in target or (any(of_sites) and any(own_sites)):
        return False
    if any(key in keywords for keywords in of_sites for key in siblings):
        return False
    return all(
        target.get(key, value) == value
        for keywords in (siblings, *own_sites)
        for key, value in keywords.items()
        if key not in ANNOTATIONS and not key.startswith("x-")
    )


def _parameter(parameter: Document, examples: Document) -> Document:
    name = parameter["name"]
    shown = {
        key: {"summary": example["name"], "value": example["parameters"][name]}
        for key, example in examples.items()
        if name in example.get("parameters", {})
    }
    return {**parameter, **({"examples": shown} if shown else {})}


def _content(schema: Document, examples: Document, part: str) -> Document:
    shown = {
        key: {"summary": example["name"], "value": example[part]}
        for key, example in examples.items()
        if part in example
    }
    return {JSON: {"schema": schema, **({"examples": shown} if shown else {})}}


def _examples(document: Document, site: str | None) -> Document:
    """The examples by a key made of their name."""
    found: Document = {}
    for number, example in enumerate(document.get("x-examples", ()), 1):
        if site is None or exists_on({"site": [example["site"]] if "site" in example else None}, site):
            key = re.sub(r"[^a-z0-9]+", "-", example["name"].lower()).strip("-")
            found[key if key and key not in found else f"example-{number}"] = example
    return found


def _success(schema: Document | None, examples: Document, details: list[Document]) -> Document:
    answer: Document = {"description": "Success.", "headers": REQUEST_ID}
    if schema is not None:
        answer["content"] = _content(schema, examples, "response")
    if details:
        answer["x-partial-failures"] = details
    return answer


def _add_refusals(answers: Document, status: str, rows: list[Document], more: Document) -> None:
    """Describe the codes of one status, beside the success answer or the gateway's error of the same status."""
    codes = sorted({row["code"] for row in rows})
    fields = more.get("properties", {})
    fields = {**fields, "error_code": {**fields.get("error_code", {}), "enum": codes}}
    error: Document = {"$ref": "#/components/schemas/error", "properties": fields}
    lines = [f"- `{row['code']}`: {row['when']}" for row in rows]
    answer = answers.setdefault(status, {"description": "", "headers": REQUEST_ID})
    content = answer.setdefault("content", {JSON: {}})[JSON]
    forms = [content["schema"]] if "schema" in content else []
    if status in GATEWAY_CODES:
        lines.append(f"- `{GATEWAY_CODES[status]}`: the gateway's own refusal")
        forms.append({"$ref": "#/components/schemas/gateway_error"})
    content["schema"] = {"anyOf": [*forms, error]} if forms else error
    answer["description"] = "\n".join([line for line in (answer["description"], *lines) if line])
    answer["x-errors"] = rows
