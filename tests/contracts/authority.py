"""A certificate authority of the tests, and an emulator behind HTTPS with a certificate of its own."""

from __future__ import annotations

import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from mockserver.app import Server, create_app

KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")


class Authority:
    """Issues certificates. `file` holds its own, which others must trust."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.file = folder / "authority.pem"
        self._made("authority", "/CN=An authority of tests", "basicConstraints=critical,CA:TRUE")

    def context(self, name: str) -> ssl.SSLContext:
        """That of a server of this name."""
        issued = ("-CA", str(self.file), "-CAkey", str(self._folder / "authority.key"))
        self._made("server", f"/CN={name}", f"subjectAltName=DNS:{name}", *issued)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._folder / "server.pem", self._folder / "server.key")
        return context

    def _made(self, file: str, subject: str, extension: str, *more: str) -> None:
        out = ("-out", f"{self._folder / file}.pem", "-keyout", f"{self._folder / file}.key")
        command = ("openssl", "req", "-x509", *KEY, "-subj", subject, "-addext", extension, *out, *more)
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603


class Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Nobody reads what was asked."""


@contextmanager
def serving_by_https(server: Server, context: ssl.SSLContext) -> Iterator[int]:
    """Serve by a thread of this process; gives the port."""
    made = make_server("127.0.0.1", 0, create_app(server), threaded=True, request_handler=Silent, ssl_context=context)
    thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield made.port
    made.shutdown()
    thread.join()
    made.server_close()
