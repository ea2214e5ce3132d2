"""The service behind a proxy, called with exactly the bytes that a client sent."""

from __future__ import annotations

import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from contracts.targets.target import Unreachable

PATIENCE = 60.0
"""Seconds to wait for the service."""

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})

Headers = list[tuple[str, str]]


class Upstream:
    """The service behind the proxy."""

    def __init__(self, url: str) -> None:
        """Raises `ValueError` for what is no address of a server."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
            raise ValueError(f"{url!r} is not an address like https://bss.myhuaweicloud.com")
        self.secure = parts.scheme == "https"
        self.hostname = parts.hostname
        self.port = parts.port or (443 if self.secure else 80)
        self.netloc = parts.netloc.rpartition("@")[2]
        self.url = f"{parts.scheme}://{self.netloc}"

    @property
    def is_local(self) -> bool:
        """Whether the service is on this machine: an emulator, which answers under any name."""
        return self.hostname in LOCAL

    def connect(self) -> None:
        """Raises `Unreachable` if nothing listens there."""
        connection = self._connection()
        try:
            connection.connect()
        except OSError as error:
            raise Unreachable(f"nothing answers at {self.url}: {error}") from None
        finally:
            connection.close()

    def send(self, method: str, target: str, headers: Headers, body: bytes) -> tuple[int, Headers, bytes]:
        """One call, over a connection of its own: a call on a connection that the service has just closed could not be
        sent again without risk. Raises `Unreachable`."""
        connection = self._connection()
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value)
            connection.putheader("Connection", "close")
            connection.endheaders(body or None)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        except (OSError, HTTPException) as error:
            raise Unreachable(f"no answer from {self.url}: {error}") from None
        finally:
            connection.close()

    def _connection(self) -> HTTPConnection:
        if self.secure:
            context = ssl.create_default_context()
            return HTTPSConnection(self.hostname, self.port, timeout=PATIENCE, context=context)
        return HTTPConnection(self.hostname, self.port, timeout=PATIENCE)
