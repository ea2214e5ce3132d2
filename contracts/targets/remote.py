"""An emulator at a URL: a sandbox of its own there, made through the control API and removed at the end."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import requests
from requests import PreparedRequest, Response

from contracts.targets.control import ControlApi, kinds_of, known_of
from contracts.targets.emulator import START
from contracts.targets.signing import Principals
from contracts.targets.target import TargetError, Unreachable

PATIENCE = 30.0
"""Seconds to wait for an answer."""
TOKEN_VARIABLE = "PARTNER_MOCK_CONTROL_TOKEN"  # noqa: S105  (the name of a variable)


def session() -> requests.Session:
    """Calls go straight to the named host: no proxy, no netrc, no redirect of the environment."""
    made = requests.Session()
    made.trust_env = False
    return made


def exchanged(through: requests.Session, request: PreparedRequest) -> Response:
    """The answer to a request. Raises `Unreachable`."""
    try:
        return through.send(request, timeout=PATIENCE, allow_redirects=False)
    except requests.exceptions.SSLError as error:
        reason = f"{_reason(error)}; SSL_CERT_FILE can name a file with the authority's"
        raise Unreachable(f"the certificate of {_address(request)} is not trusted: {reason}") from None
    except requests.RequestException as error:
        raise Unreachable(f"no answer from {_address(request)}: {_reason(error)}") from None


class Remote(Principals):
    """The emulator behind a URL. Raises `Unreachable` where none answers there."""

    def __init__(self, url: str, site: str, seed: int = 1, *, removed: bool = False) -> None:
        self.name = self.base_url = self.iam_url = url.rstrip("/")
        self.site = site
        self.removed = removed
        self._session = session()
        self._headers = _control_headers(os.environ)
        self.controls = ControlApi(self._carry, site=site, seed=seed, clock=START)
        super().__init__(self.controls.credentials)
        self.controls.on_return = self.forget_tokens
        self.kinds = kinds_of(self.controls.credentials)
        self.known = known_of(self.controls.credentials)

    def send(self, request: PreparedRequest) -> Response:
        return exchanged(self._session, request)

    def reset(self) -> None:
        self.controls.reset()

    def state(self) -> Any:
        return self.controls.digest()

    def close(self) -> None:
        try:
            self.controls.close()
        except (Unreachable, TargetError):
            # Gone with its server, or removed by somebody else: nothing is left to remove.
            pass
        finally:
            self._session.close()

    def _carry(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        url = f"{self.base_url}/_mock/{path}"
        request = requests.Request(method, url, json=body, headers=self._headers).prepare()
        answer = exchanged(self._session, request)
        try:
            return answer.status_code, answer.json() if answer.content else None
        except ValueError:
            raise Unreachable(f"{self.base_url} does not answer like the emulator") from None


def _control_headers(environment: Mapping[str, str]) -> dict[str, str]:
    token = environment.get(TOKEN_VARIABLE)
    return {"Authorization": f"Bearer {token}"} if token else {}


def _address(request: PreparedRequest) -> str:
    """Without the query, which may name people."""
    return str(request.url).partition("?")[0]


def _reason(error: requests.RequestException) -> str:
    """The innermost reason, without the addresses of objects."""
    return type(error).__name__ if not error.args else str(error.args[0]).rpartition(": ")[2].strip("')\"")
