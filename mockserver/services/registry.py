"""Which function serves which operation."""

from __future__ import annotations

from collections.abc import Callable

from mockserver.domain.call import Answer, Call

Service = Callable[[Call], Answer]
SERVICES: dict[str, Service] = {}


def serves(operation_id: str) -> Callable[[Service], Service]:
    """Register the function that carries out `operation_id`."""

    def register(service: Service) -> Service:
        SERVICES[operation_id] = service
        return service

    return register
