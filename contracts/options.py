"""What a contract run is asked to do."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.targets.target import SIGNATURE

BOTH = "both"


@dataclass(frozen=True)
class Options:
    """The wishes of one run. Empty `operations`, `areas` and `phases` mean all of them."""

    operations: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    seed: int = 0
    """Decides every case that is drawn; equal seeds give equal calls, whatever the number of workers."""
    max_time: float | None = None
    """Seconds after which no further call is sent; None for no end."""
    workers: int = 1
    quick: bool = False
    """Fewer drawn cases, for a run under a minute."""
    auth: str = SIGNATURE
    """`signature`, `token`, or `both` in turn."""
    write: frozenset[str] = frozenset({"read"})
    """Effects that may be left on a target that is not an emulator; see `contracts.guard`."""
