"""Words of the tests of the model: a target whose answers are altered, and searches of a small budget."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from requests import PreparedRequest, Response

from contracts.model.machine import Rules
from contracts.model.play import Differs, Play
from contracts.model.searching import Budget, Search
from contracts.targets.emulator import Emulator
from contracts.targets.target import Target
from mockserver.app import Server

SMALL = Budget(sequences=30, steps=30, batch=5)

Alter = Callable[[PreparedRequest, Any], None]


class Altered(Emulator):
    """An emulator whose successful answers pass through somebody else's hands."""

    def __init__(self, server: Server, site: str, alter: Alter) -> None:
        super().__init__(server, site)
        self._alter = alter

    def send(self, request: PreparedRequest) -> Response:
        response = super().send(request)
        if response.ok and response.content:
            body = response.json()
            self._alter(request, body)
            response._content = json.dumps(body).encode()
        return response


def search(
    target: Target, server: Server, seed: int = 1, budget: Budget = SMALL, focus: Sequence[type[Rules]] = ()
) -> list[Differs]:
    """What a search finds, up to the first difference."""
    play = Play(target, server.contract)
    for found in Search(play, seed, budget, focus).batches():
        if found is not None:
            return [found]
    return []
