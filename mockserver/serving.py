"""Serving over HTTP in a process of its own: granian for speed, waitress in pure Python."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import click
from flask import Flask

from mockserver import __version__
from mockserver.app import Server, create_app
from mockserver.gateway.message import Options

THREADS = 4
"""Of waitress. Granian has one: state is in one process, and more threads only wait for each other."""
WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (shown, not bound)
READY_WITHIN = 30.0
"""Seconds in which a server that has been started must answer its first call."""
STOPS_WITHIN = 3
"""Seconds in which granian's worker may end by itself."""


class ServerDied(Exception):
    """The server ended although nobody stopped it."""


@dataclass(frozen=True)
class Settings:
    """How to build the emulator, as `partner-mock serve` was told."""

    fixture: str = "demo"
    seed: int = 0
    site: str = "cn"
    clock: str = "real"
    removed: bool = False
    throttle: bool = False
    overlays: tuple[Path, ...] = ()
    control_token: str | None = None


@cache
def build(settings: Settings) -> tuple[Server, Flask]:
    """The emulator and its application. A forked server process finds them built."""
    server = Server(
        fixture=settings.fixture,
        seed=settings.seed,
        site=settings.site,
        clock=settings.clock,
        options=Options(removed=settings.removed, throttle=settings.throttle),
        overlays=list(settings.overlays),
        control_token=settings.control_token,
    )
    return server, create_app(server)


def run(settings: Settings, host: str, port: int, server: str = "granian") -> None:
    """Serve until SIGINT or SIGTERM. Raises `OSError`, `ContractError` or `FormError` before anything is served."""
    build(settings)
    with take_port(host, port) as taken:
        (run_granian if server == "granian" else run_waitress)(settings, taken)


def take_port(host: str, port: int) -> socket.socket:
    """A socket bound to the port, so that nobody else gets it; for port 0 a free one. Raises `OSError` in words."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise OSError(f"{host!r} is not an address of this machine") from None
    taken = socket.socket(family, kind)
    if port:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind(address)
    except OSError as error:
        taken.close()
        if error.errno == errno.EADDRINUSE:
            raise OSError(f"port {port} of {host} is in use; --port 0 picks a free one") from None
        raise OSError(f"cannot listen on port {port} of {host}: {error.strerror}") from None
    return taken


def url_of(taken: socket.socket) -> str:
    """The address under which this machine reaches a bound socket."""
    host, port = taken.getsockname()[:2]
    host = WILDCARDS.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run_waitress(settings: Settings, taken: socket.socket) -> None:
    """Serve by waitress, in this process."""
    import logging

    from waitress.server import create_server

    def stop(*_: object) -> None:
        raise SystemExit

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server: Any = create_server(build(settings)[1], sockets=[taken], threads=THREADS)
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)
    _announce(settings, url_of(taken))
    server.run()


def run_granian(settings: Settings, taken: socket.socket) -> None:
    """Serve by granian, whose workers are processes: this one watches over a single worker, which has the state."""
    from granian.constants import Interfaces
    from granian.server import Server as Granian

    url = url_of(taken)
    address, port = taken.getsockname()[:2]
    granian = Granian(
        "mockserver",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=1,
        websockets=False,
        log_enabled=False,
        workers_kill_timeout=STOPS_WITHIN,
    )
    _let_share(taken)
    if hasattr(signal, "SIGHUP"):
        # Granian would start a new worker, without the state.
        granian.on_startup(partial(signal.signal, signal.SIGHUP, granian.signal_handler_interrupt))
    try:
        granian.serve(target_loader=partial(_worker, settings, url, os.getpid()), wrap_loader=False)
    except SystemExit:
        if not granian.interrupt_signal:
            raise ServerDied("the server's process ended unexpectedly") from None


def _let_share(taken: socket.socket) -> None:
    """Let granian, which binds the port itself, have it. Linux lets it in beside a socket that allows this, which goes
    on keeping others out; elsewhere the port is free for a moment."""
    if sys.platform == "linux":
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    else:
        taken.close()


def _worker(settings: Settings, url: str, parent: int) -> Flask:
    """The application in granian's worker process, which says when it answers, and ends with its parent.

    A group of its own keeps Ctrl-C from it: the parent passes it on, and hearing it twice the worker may never end.
    """
    if hasattr(os, "setpgrp"):
        os.setpgrp()
    _, app = build(settings)
    threading.Thread(target=_attend, args=(settings, url, parent), daemon=True).start()
    return app


def _attend(settings: Settings, url: str, parent: int) -> None:
    """Announce the URL when the server answers there; then see to it that the worker does not outlive its parent."""
    end = time.monotonic() + READY_WITHIN
    while not (ready := _answers(url)) and time.monotonic() < end:
        time.sleep(0.005)
    if ready:
        _announce(settings, url)
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def _answers(url: str) -> bool:
    connection = HTTPConnection(url.removeprefix("http://"), timeout=1)
    try:
        connection.request("GET", "/_mock/health")
        connection.getresponse().read()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


def _announce(settings: Settings, url: str) -> None:
    """The URL is data and comes last: whoever waits for it has been told the rest. A reader that went away does not
    stop the server."""
    server, _ = build(settings)
    words = (
        f"partner-mock {__version__} knows {len(server.contract)} operations; "
        f"its default sandbox is of site {settings.site}. "
        f'Stop it with Ctrl-C; point the SDK at it with: eval "$(partner-mock env --url {url})"'
    )
    with suppress(OSError):
        click.echo(words, err=True)
        click.echo(url)
