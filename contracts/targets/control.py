"""The control API of an emulator as a client uses it, whatever carries its calls."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode

from requests import Request, Response

from contracts.targets.target import KINDS, ControlsFailed, Credential, TargetError
from mockserver.contract.documents import Json

Carry = Callable[[str, str, Any], tuple[int, Any]]
"""Carries a method, a path below `/_mock/` and a JSON body or None there; brings back status and JSON."""


class ControlApi:
    """One sandbox, made for this client and removed by `close`."""

    frozen = True

    def __init__(self, carry: Carry, **wanted: Any) -> None:
        self._carry = carry
        made = self._call("POST", "sandboxes", wanted)
        self.id: str = made["id"]
        self._credentials: Mapping[str, Credential] = made["credentials"]
        self._path = f"sandboxes/{quote(self.id, safe='')}"
        self._stale = False
        self.on_return: Callable[[], None] = lambda: None
        """Called when the sandbox goes back: what was made since then, such as tokens, is gone."""
        self._kept: set[str] = set()

    @property
    def credentials(self) -> Mapping[str, Credential]:
        if self._stale:
            self._credentials, self._stale = self._call("GET", self._path)["credentials"], False
        return self._credentials

    def place(self, kind: str, /, **fields: Any) -> Any:
        self._stale = True
        return self._call("POST", f"{self._path}/state/{quote(kind, safe='')}", fields)

    def look(self, kind: str, /, **filters: str) -> list[dict[str, Any]]:
        query = urlencode({"limit": 10_000, **filters})
        rows: list[dict[str, Any]] = self._call("GET", f"{self._path}/state/{quote(kind, safe='')}?{query}")["rows"]
        return rows

    def advance(self, duration: str) -> None:
        self._call("PUT", f"{self._path}/clock", {"advance": duration})

    @property
    def now(self) -> str:
        return str(self._call("GET", f"{self._path}/clock")["now"])

    def fault(self, *faults: Mapping[str, Any]) -> None:
        self._call("PUT", f"{self._path}/faults", list(faults))

    def reset(self) -> None:
        self.forget()
        self._call("POST", f"{self._path}/reset")

    def keep(self, name: str) -> None:
        self._call("POST", f"{self._path}/snapshots", {"name": name})
        self._kept.add(name)

    def go_back(self, name: str) -> bool:
        if name not in self._kept:
            return False
        self.forget()
        self._call("POST", f"{self._path}/snapshots/{quote(name, safe='')}/restore")
        return True

    def forget(self) -> None:
        """Ask for the credentials anew at the next use: what was placed may be gone."""
        self._stale = True
        self.on_return()

    def digest(self) -> str:
        """What is equal as long as the state is."""
        return str(self._call("GET", f"{self._path}/digest")["digest"])

    def close(self) -> None:
        self._call("DELETE", self._path)

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        status, answer = self._carry(method, path, body)
        if status >= 300:
            wrong = answer.get("error") if isinstance(answer, dict) else None
            said = f"{method} /_mock/{path}: {wrong or status}"
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise _failed(f"the control API fails at {said}", method, path, status, answer)
            raise TargetError(f"the control API refuses {said}")
        return answer


def _failed(text: str, method: str, path: str, status: int, answer: Any) -> ControlsFailed:
    """Where the control API is does not matter: whatever carries its calls knows."""
    response = Response()
    response.status_code, response.raw = status, BytesIO(json.dumps(answer).encode())
    return ControlsFailed(text, Request(method, f"http://target/_mock/{path}").prepare(), response)


def kinds_of(credentials: Mapping[str, Credential]) -> tuple[str, ...]:
    """The kinds that have a credential."""
    return tuple(kind for kind in KINDS if kind in credentials)


def known_of(credentials: Mapping[str, Credential]) -> dict[str, Json]:
    """Values that mean something where these credentials are good."""
    known: dict[str, Json] = {}
    if "customer" in credentials:
        customer = credentials["customer"]["domain_id"]
        known |= {"customer_id": customer, "customerId": customer, "customer_ids": [customer]}
    if platform := credentials.get("solution_provider", {}).get("xaccount_type"):
        known["xaccount_type"] = platform
    return known
