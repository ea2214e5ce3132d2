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


def address_problem(url: str) -> str:
    """What is wrong with the address of a service; empty for a good one. Credentials in it are not repeated."""
    if "@" in url:
        return "credentials do not belong into an address"
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if good and not parts.path.strip("/") and not parts.query:
        return ""
    return f"{url!r} is not an address like https://bss.myhuaweicloud.com"


class Upstream:
    """The service behind the proxy."""

    def __init__(self, url: str) -> None:
        """Raises `ValueError` for what is no address of a server."""
        problem = address_problem(url)
        if problem:
            raise ValueError(problem)
        parts = urlsplit(url)
        assert parts.hostname, "an address has one"
        self.secure = parts.scheme == "https"
        self.hostname = parts.hostname
        self.port = parts.port or (443 if self.secure else 80)
        self.netloc = parts.netloc
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
            raise self._unreachable("nothing answers at", error) from None
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
            raise self._unreachable("no answer from", error) from None
        finally:
            connection.close()

    def _connection(self) -> HTTPConnection:
        if self.secure:
            context = ssl.create_default_context()
            return HTTPSConnection(self.hostname, self.port, timeout=PATIENCE, context=context)
        return HTTPConnection(self.hostname, self.port, timeout=PATIENCE)

    def _unreachable(self, how: str, error: Exception) -> Unreachable:
        if isinstance(error, ssl.SSLCertVerificationError):
            return Unreachable(
                f"the certificate of {self.url} is not trusted: {error.verify_message}; "
                "SSL_CERT_FILE can name a file with the authority's"
            )
        return Unreachable(f"{how} {self.url}: {error}")
