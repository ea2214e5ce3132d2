"""Clients of the vendor's SDKs for the callers of a sandbox."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from huaweicloudsdkbss.v2 import BssClient
from huaweicloudsdkbssintl.v2 import BssintlClient
from huaweicloudsdkcore.auth.credentials import GlobalCredentials

from tests.driver import World

CLIENTS = {"cn": BssClient, "intl": BssintlClient}
Connect = Callable[..., Any]


@pytest.fixture(scope="session")
def endpoint(port: int) -> Iterator[str]:
    """Where the emulator answers."""
    yield f"http://127.0.0.1:{port}"
    gc.collect()  # a connection closes with its pool, and the pool lives as long as an error that refers to it


@pytest.fixture
def connect(endpoint: str) -> Iterator[Connect]:
    """Makes the client of a caller by its name, `connect(world, "customer")`, and closes it afterwards. Keywords
    replace parts of the credential; `site` chooses the SDK of another site than the caller's."""
    made: list[Any] = []

    def make(world: World, name: str, site: str = "", **changes: str) -> Any:
        credential = {**world.credentials[name], **changes}
        credentials = GlobalCredentials(credential["ak"], credential["sk"], credential["domain_id"])
        builder = CLIENTS[site or world.site].new_builder().with_credentials(credentials)
        made.append(builder.with_endpoint(endpoint).build())
        return made[-1]

    yield make
    for client in made:
        client.close()
