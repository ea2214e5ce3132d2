"""Making a cassette of what passes: from a target that is wrapped, or exchange by exchange."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec
from requests import PreparedRequest, Response
from requests.auth import AuthBase

from contracts.cassettes.cassette import VERSION, Answered, Asked, Call, Cassette
from contracts.cassettes.fields import fields
from contracts.cassettes.masking import Masking
from contracts.checks import Answer
from contracts.targets.target import SIGNATURE, Target, body_of
from mockserver.contract.documents import Json
from mockserver.contract.operation import SiteView
from mockserver.contract.registry import Contract, Match
from mockserver.gateway.message import json_of

Clock = Callable[[], datetime]


class Recorder:
    """Collects exchanges. Nothing secret or personal goes into what it collects."""

    def __init__(
        self, contract: Contract, site: str, target: str, seed: int | None, known: Mapping[str, Json], now: Clock
    ) -> None:
        self._contract = contract
        self._site = site
        self._target = target
        self._seed = seed
        self._now = now
        self._began = _instant(now())
        self._masking = Masking()
        self._given = {name: self._masking.answered(value, name=name) for name, value in known.items() if _is_id(value)}
        self._calls: list[Call] = []

    def add(self, principal: str, answer: Answer) -> Call | None:
        """Record an exchange; None for a call that means no operation of the site, which is left out."""
        match = operation_of(self._contract, self._site, answer.request)
        if match is None:
            return None
        view = match.operation.on(self._site)
        call = Call(
            operation=match.operation.id,
            principal=principal,
            time=_instant(self._now()),
            request=self._asked(view, match, answer.request),
            answer=self._answered(view, answer.response),
        )
        self._calls.append(call)
        return call

    def cassette(self, principals: Mapping[str, str] | None = None) -> Cassette:
        """Everything recorded so far. `principals` has better names of callers than those that were recorded."""
        names = principals or {}
        return Cassette(
            version=VERSION,
            recorded=self._began,
            site=self._site,  # type: ignore[arg-type]  # one of the two
            target=self._target,
            seed=self._seed,
            given=self._given,
            calls=[self._swept(call, names.get(call.principal, call.principal)) for call in self._calls],
        )

    def _asked(self, view: SiteView, match: Match, request: PreparedRequest) -> Asked:
        schemas = {one["name"]: one["schema"] for one in view.parameters}
        sent = {**_query(request), **match.variables}
        masked = {name: self._masking.sent(value, schemas.get(name), name) for name, value in sent.items()}
        return Asked(
            method=str(request.method),
            path=match.operation.path,
            variables={name: masked.pop(name) for name in match.variables},
            query=masked,
            headers=_kept(request.headers, (*fields().headers.request, *_declared(view))),
            body=_body(body_of(request), lambda value: self._masking.sent(value, view.body_schema)),
        )

    def _answered(self, view: SiteView, response: Response) -> Answered:
        schema = view.response_schema if response.ok else view.document.get("x-error-body")
        headers = _kept(response.headers, fields().headers.answer)
        return Answered(
            status=response.status_code,
            headers={name: self._masking.answered(value, name=name) for name, value in headers.items()},
            body=_body(response.content, lambda value: self._masking.answered(value, schema)),
        )

    def _swept(self, call: Call, principal: str) -> Call:
        asked, answered = call.request, call.answer
        return msgspec.structs.replace(
            call,
            principal=principal,
            request=msgspec.structs.replace(asked, body=self._masking.again(asked.body)),
            answer=msgspec.structs.replace(answered, body=self._masking.again(answered.body)),
        )


class Recording:
    """A target whose exchanges are recorded."""

    def __init__(self, target: Target, recorder: Recorder) -> None:
        self._target = target
        self._recorder = recorder
        self._principals: dict[str, str] = {}
        self.name = target.name
        self.site = target.site
        self.removed = target.removed
        self.base_url = target.base_url
        self.kinds = target.kinds
        self.known = target.known
        self.controls = target.controls

    def sign(self, kind: str, by: str = SIGNATURE) -> AuthBase:
        return _Noting(self._target.sign(kind, by), kind, self._principals)

    def send(self, request: PreparedRequest) -> Response:
        response = self._target.send(request)
        self._recorder.add(self._principals.get(credential_of(request), "unknown"), Answer(request, response))
        return response

    def reset(self) -> None:
        self._target.reset()

    def state(self) -> Any:
        return self._target.state()

    def close(self) -> None:
        self._target.close()


class _Noting(AuthBase):
    """Notes whose signature or token a request carries."""

    def __init__(self, auth: AuthBase, kind: str, principals: dict[str, str]) -> None:
        self._auth = auth
        self._kind = kind
        self._principals = principals

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        signed = self._auth(request)
        self._principals[credential_of(signed)] = self._kind
        return signed


def credential_of(request: PreparedRequest) -> str:
    """What authenticates a request: its token, or its signature. In memory only."""
    return str(request.headers.get("X-Auth-Token") or request.headers.get("Authorization") or "")


def operation_of(contract: Contract, site: str, request: PreparedRequest) -> Match | None:
    """The operation that a request means, a removed one too."""
    path = unquote(urlsplit(str(request.url)).path)
    return contract.match(str(request.method), path, site, removed=True)


def _query(request: PreparedRequest) -> dict[str, Any]:
    """The query: a name that is repeated has a list."""
    sent: dict[str, list[str]] = {}
    for name, value in parse_qsl(urlsplit(str(request.url)).query, keep_blank_values=True):
        sent.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in sent.items()}


def _declared(view: SiteView) -> list[str]:
    return [one["name"] for one in view.parameters if one["in"] == "header"]


def _kept(headers: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    return {name: str(headers[name]) for name in names if name in headers}


def _body(content: bytes, masked: Callable[[Any], Any]) -> Any:
    """What a text hides that cannot be read cannot be told, so only its length is kept."""
    if not content:
        return None
    try:
        return masked(json_of(content))
    except ValueError:
        return {"$unreadable": len(content)}


def _is_id(value: Json) -> bool:
    return isinstance(value, str)


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
