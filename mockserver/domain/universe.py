"""All sandboxes of one server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime

from mockserver.domain.clock import ClockError, parse_instant
from mockserver.domain.fixture import load_fixture
from mockserver.domain.forms import FormError
from mockserver.domain.sandbox import Sandbox
from mockserver.domain.tokens import tag_of

_AK_PREFIX, _TAG = "MOCK", 6


class Universe:
    """The sandboxes by id. Every credential carries the number of its sandbox, so a credential finds its own."""

    def __init__(self) -> None:
        self._sandboxes: dict[str, Sandbox] = {}
        self._next = 0
        self._lock = threading.Lock()

    @property
    def default(self) -> Sandbox:
        return self._sandboxes["default"]

    def __iter__(self) -> Iterator[Sandbox]:
        return iter(list(self._sandboxes.values()))

    def create(
        self, *, wall: datetime, fixture: str = "demo", seed: int = 0, site: str = "cn", clock: str = "real"
    ) -> Sandbox:
        """A new sandbox; the first one is `default`. Raises `FormError`."""
        if site not in ("cn", "intl"):
            raise FormError(f"{site!r} is not a site; accepted: cn, intl")
        try:
            if clock != "real":
                parse_instant(clock)
        except ClockError as error:
            raise FormError(f"clock: {error}, nor is it real") from None
        with self._lock:
            number = self._next
            self._next += 1
        sandbox = Sandbox(number, site, seed, fixture, wall=wall, clock=clock)
        load_fixture(sandbox, fixture)
        self._sandboxes[sandbox.id] = sandbox
        return sandbox

    def get(self, sandbox_id: str) -> Sandbox | None:
        return self._sandboxes.get(sandbox_id)

    def remove(self, sandbox_id: str) -> None:
        """Raises `FormError` for the default sandbox and for an unknown one."""
        if sandbox_id == "default":
            raise FormError("the default sandbox stays as long as the server; reset it instead")
        if self._sandboxes.pop(sandbox_id, None) is None:
            raise FormError(f"no sandbox {sandbox_id!r}")

    def of_access_key(self, ak: str) -> Sandbox | None:
        """The sandbox that issued an access key."""
        return self._numbered(ak[len(_AK_PREFIX) : len(_AK_PREFIX) + _TAG]) if ak.startswith(_AK_PREFIX) else None

    def of_token(self, token: str) -> Sandbox | None:
        """The sandbox that issued a token."""
        return self._numbered(tag_of(token))

    def _numbered(self, tag: str) -> Sandbox | None:
        if not (tag.isascii() and tag.isdigit()):
            return None
        return self._sandboxes.get("default" if int(tag) == 0 else f"sb{int(tag):06d}")
