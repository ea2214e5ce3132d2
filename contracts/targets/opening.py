"""A target by its name."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from contracts.targets.target import Target, TargetError

if TYPE_CHECKING:
    from contracts.guard import Guarded, Permission
    from mockserver.contract.registry import Contract

ACCEPTED = "mock, real, or an address like http://127.0.0.1:8080"


@dataclass(frozen=True)
class Opening:
    """How to open a target; can be handed to another process, which opens one of its own."""

    name: str
    site: str = "cn"
    seed: int = 0
    removed: bool = False
    overlays: tuple[Path, ...] = ()
    profile: str = "default"
    profiles: Path | None = None
    """The file of profiles, None for the usual one."""
    permission: Permission | None = None
    """For the real service; None for reading only."""
    journal: Path | None = None
    """Where the compensations of a real service are written; needed for reversible calls."""

    def open(self, contract: Contract | None = None) -> Target:
        """Raises `TargetError` for what cannot be used, `Unreachable` where nothing answers."""
        if self.name == "mock":
            return self._mock()
        if self.name == "real":
            return self._real(contract)
        if "@" in self.name:
            raise TargetError(f"credentials do not belong into an address; accepted: {ACCEPTED}")
        if is_address(self.name):
            from contracts.targets.remote import Remote

            return Remote(self.name, self.site, self.seed, removed=self.removed)
        raise TargetError(f"no target {self.name!r}; accepted: {ACCEPTED}")

    def _mock(self) -> Target:
        from contracts.targets.emulator import Emulator
        from mockserver.app import Server
        from mockserver.gateway.message import Options

        server = Server(options=Options(removed=self.removed), overlays=list(self.overlays))
        return Emulator(server, self.site, self.seed)

    def _real(self, contract: Contract | None) -> Guarded:
        from contracts.compensations import Compensations
        from contracts.guard import Guarded, Permission
        from contracts.targets.profiles import read_profile
        from contracts.targets.real import Real
        from mockserver.contract.registry import Contract as Loaded

        if self.removed:
            raise TargetError("the real service has no removed operations")
        permission = self.permission or Permission()
        if "reversible" in permission.effects and self.journal is None:
            raise TargetError("reversible calls need a journal of compensations")
        profile = read_profile(os.environ, self.profiles, self.profile, self.site)
        real = Real(profile, sorted(permission.customers))
        compensations = Compensations(self.journal) if self.journal is not None else None
        return Guarded(real, contract or Loaded(list(self.overlays)), permission, compensations)


def open_target(name: str, site: str = "cn", seed: int = 0, *, removed: bool = False) -> Target:
    """The target `mock`, `real` (reading only) or the emulator at a URL. Close it at the end."""
    return Opening(name, site, seed, removed).open()


def is_address(text: str) -> bool:
    """Whether a text is the address of a server."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
