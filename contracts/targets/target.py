"""The protocol of targets: who answers the calls of one site, and what can be done to it beside calling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from requests import PreparedRequest, Response
from requests.auth import AuthBase

from mockserver.contract.documents import Json

SIGNATURE, TOKEN = "signature", "token"
KINDS = ("solution_provider", "distributor", "reseller", "customer")
"""Kinds of principals, in the order in which a run prefers them as callers."""

Credential = Mapping[str, str]
"""`ak` and `sk` for signatures; `domain_id`; `domain_name`, `user_name` and `password` for tokens."""


class TargetError(Exception):
    """A target that cannot be used as wished; the text is one sentence for the user."""


class ControlsFailed(TargetError):
    """The control API of a target failed by a mistake of its own, which is a finding. The exchange shows it."""

    def __init__(self, text: str, request: PreparedRequest, response: Response) -> None:
        super().__init__(text)
        self.request = request
        self.response = response


class Unreachable(Exception):
    """Nothing answers there, or what answers is no such service; the text names the address."""


class Controls(Protocol):
    """What an emulator's control API does to the sandbox of a target. Raises `TargetError` for a refused wish."""

    frozen: bool
    """Whether the sandbox's time stands still between calls."""

    @property
    def credentials(self) -> Mapping[str, Credential]:
        """The named credentials, including those of what was placed."""

    def place(self, kind: str, /, **fields: Any) -> Any:
        """Place what the API itself cannot create; answers the placed row."""

    def look(self, kind: str, /, **filters: str) -> list[dict[str, Any]]:
        """The rows of a kind whose fields have these texts."""

    def advance(self, duration: str) -> None:
        """Move the time forward by an ISO 8601 duration; what falls due on the way happens."""

    @property
    def now(self) -> str:
        """The sandbox's time, in UTC."""

    def fault(self, *faults: Mapping[str, Any]) -> None:
        """Make calls fail as `PUT .../faults` describes; none takes the faults back."""

    def reset(self) -> None:
        """Back to the beginning: state, time, faults."""

    def keep(self, name: str) -> None:
        """Keep the present state and time under a name; a reset leaves it there."""

    def go_back(self, name: str) -> bool:
        """Back to the state that was kept under a name; false where none was."""


class Target(Protocol):
    """Answers the calls of one site. Use it as `with closing(open_target(...)) as target`."""

    name: str
    """What a user calls it: `mock`, a URL, `real`."""
    site: str
    removed: bool
    """Whether it serves removed operations."""
    base_url: str
    kinds: tuple[str, ...]
    """The kinds of principals that it has credentials of."""

    @property
    def known(self) -> Mapping[str, Json]:
        """Values of fields, such as ids, that mean something there."""

    @property
    def controls(self) -> Controls | None:
        """None where the target has no control API, or may not be controlled."""

    def sign(self, kind: str, by: str = SIGNATURE) -> AuthBase:
        """What authenticates a call as a principal of `kind`, by `signature` or by `token`."""

    def send(self, request: PreparedRequest) -> Response:
        """Answer a finished request. Raises `Unreachable`."""

    def reset(self) -> None:
        """Go back to the beginning, as far as the target can."""

    def state(self) -> Any:
        """What is equal as long as nothing changes; always the same where the state cannot be seen."""

    def close(self) -> None:
        """Remove what was made for this target."""


def body_of(request: PreparedRequest) -> bytes:
    """The bytes that a request carries."""
    body = request.body or b""
    assert isinstance(body, (str, bytes)), "JSON, never a stream"
    return body.encode() if isinstance(body, str) else body
