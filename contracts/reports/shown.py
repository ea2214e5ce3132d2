"""An exchange as reports may show it: without credentials, secrets and the data of people, ids as they are.

Each exchange is masked on its own: a label tells who is who inside it, and nothing is kept in memory from one exchange
to the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, unquote_plus, urlsplit

import msgspec
from requests import PreparedRequest

from contracts.cassettes.fields import Fields, fields
from contracts.cassettes.masking import Masking
from contracts.checks import Answer
from contracts.targets.target import body_of
from mockserver.contract.documents import Document
from mockserver.contract.operation import SiteView
from mockserver.contract.writing import json_bytes
from mockserver.gateway.masking import MASK, mask_headers
from mockserver.gateway.message import json_of

LONGEST = 20_000
"""Characters of a body that a report shows."""
CREDENTIALS = frozenset(
    {"authorization", "x-auth-token", "x-subject-token", "x-security-token", "cookie", "set-cookie"}
)

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Shown:
    """A masked exchange. `url` is percent-encoded; bodies are texts, cut where they are very long."""

    method: str
    url: str
    headers: Pairs
    body: str
    status: int
    answer_headers: Pairs
    answer: str

    @property
    def path(self) -> str:
        """Path and query."""
        parts = urlsplit(self.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    @property
    def query(self) -> Pairs:
        """The query, decoded."""
        return parse_qsl(urlsplit(self.url).query, keep_blank_values=True)


class Hiding:
    """Hides what one exchange must not tell; afterwards `text` hides the same in words about it."""

    def __init__(self, view: SiteView | None, answer: Answer) -> None:
        """`view` is the operation that the request means; without one, field names and texts still tell a lot."""
        self._masking = Masking(_rules())
        self._view = view
        self._schemas = {one["name"]: one["schema"] for one in view.parameters} if view else {}
        self.shown = self._exchange(answer)

    def text(self, words: str) -> str:
        """Words about the exchange, such as a complaint."""
        return _flat(self._masking.again(words))

    def _exchange(self, answer: Answer) -> Shown:
        request, response, view = answer.request, answer.response, self._view
        schema = view.document.get("x-error-body") if view and not response.ok else view and view.response_schema
        return Shown(
            method=str(request.method),
            url=self._url(request),
            headers=self._headers(request.headers),
            body=self._body(body_of(request), view.body_schema if view else None),
            status=response.status_code,
            answer_headers=self._headers(response.headers),
            answer=self._body(response.content, schema or None),
        )

    def _url(self, request: PreparedRequest) -> str:
        parts = urlsplit(str(request.url))
        query = "&".join(self._pair(pair) for pair in parts.query.split("&")) if parts.query else ""
        path = "/".join(self._segments(parts.path))
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{path}{f'?{query}' if query else ''}"

    def _pair(self, pair: str) -> str:
        """A pair of a query: what need not be hidden stays as it was sent."""
        name, is_, value = pair.partition("=")
        return name + is_ + self._component(value, unquote_plus(value), unquote_plus(name))

    def _segments(self, path: str) -> Iterator[str]:
        segments = path.split("/")
        pattern = self._view.operation.path.split("/") if self._view else []
        names = pattern if len(pattern) == len(segments) else [""] * len(segments)
        for segment, name in zip(segments, names, strict=True):
            yield self._component(segment, unquote(segment), name[1:-1] if name.startswith("{") else "")

    def _component(self, sent: str, value: str, name: str) -> str:
        masked = _flat(self._masking.sent(value, self._schemas.get(name), name))
        return sent if masked == value else quote(masked, safe="")

    def _headers(self, headers: Mapping[str, Any]) -> Pairs:
        plain = mask_headers({name.lower(): str(value) for name, value in headers.items()})
        return [(name, self._header(name.lower(), plain[name.lower()])) for name in headers]

    def _header(self, name: str, value: str) -> str:
        if name in CREDENTIALS:
            return MASK
        return _flat(self._masking.sent(value, None, name))

    def _body(self, content: bytes, schema: Document | None) -> str:
        if not content:
            return ""
        try:
            value = json_of(content)
        except ValueError:
            return f"({len(content)} bytes that are no JSON)"
        text = json_bytes(_flattened(self._masking.sent(value, schema))).decode(errors="replace")
        return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"


class _WithoutIds(Fields, frozen=True):
    """The rules of cassettes, but ids stay: who repeats a call needs them."""

    def kind_of(self, name: str, value: Any, schema: Document | None = None) -> str | None:
        return None


@cache
def _rules() -> Fields:
    return _WithoutIds(**msgspec.structs.asdict(fields()))


def _flat(value: Any) -> str:
    flat = _flattened(value)
    return flat if isinstance(flat, str) else str(flat)


def _flattened(value: Any) -> Any:
    """Labels as texts like `<mobile_phone#1>`."""
    if isinstance(value, dict):
        if "$masked" in value:
            return f"<{value['$masked']}>"
        return {key: _flattened(item) for key, item in value.items()}
    return [_flattened(item) for item in value] if isinstance(value, list) else value
