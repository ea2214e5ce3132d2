"""A mutant: one small wrong variant of the emulator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from contracts.mutants.answers import Spoiled
from contracts.mutants.documents import Change, overlay
from contracts.mutants.edits import Edit, all_applied
from contracts.targets.emulator import Emulator
from mockserver.app import Server

Mistake = Edit | Change | Spoiled


@dataclass(frozen=True)
class Mutant:
    """`kind` is the sort of mistake; `operations` are those in whose answers it shows, the likeliest first."""

    name: str
    kind: str
    operations: tuple[str, ...]
    mistakes: tuple[Mistake, ...]
    site: str = "cn"

    def __str__(self) -> str:
        return "; ".join(map(str, self.mistakes))

    @contextmanager
    def emulator(self, seed: int = 0) -> Iterator[Emulator]:
        """The wrong emulator, in this process; the right one is not to be used meanwhile. Raises `EditError`,
        `ChangeError`."""
        edits = tuple(one for one in self.mistakes if isinstance(one, Edit))
        changes = tuple(one for one in self.mistakes if isinstance(one, Change))
        with all_applied(edits), overlay(changes) as folders:
            server = Server(overlays=folders)
            for one in self.mistakes:
                if isinstance(one, Spoiled):
                    one.apply(server.contract, self.site)
            with closing(Emulator(server, self.site, seed)) as emulator:
                yield emulator
