"""`proxy`: a validating proxy in front of a service."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockserver.cli.output import Unusable, as_json, print_json, print_table, schemas, tell
from mockserver.cli.wishes import NEW_FILE, NotReached, end, in_words, now, site

if TYPE_CHECKING:
    from contracts.cassettes.recording import Recorder
    from contracts.inspection import Inspector
    from contracts.proxy import Proxy
    from contracts.upstream import Upstream


@click.command()
@click.argument("upstream")
@site
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8081,
    show_default=True,
    help="Port to listen on; 0 picks a free one.",
)
@click.option("--record", "cassette", type=NEW_FILE, help="Write what passes as a cassette.")
@click.option("--read-only", is_flag=True, help="Let only calls pass that change nothing.")
@click.option("--calls", type=click.IntRange(1), help="End after so many calls.")
@schemas
@as_json
def proxy(upstream: str, site: str, cassette: Path | None, as_json: bool, **asked: Any) -> None:
    """Pass calls on to UPSTREAM unchanged, and tell what client and service break of the contract.

    The proxy's URL goes to stdout as soon as calls pass. It ends with SIGINT or SIGTERM. Exit codes: 0 nothing was
    broken, 1 something was, 2 it cannot be used like that, 3 nothing answers at UPSTREAM.
    """
    with in_words():
        from contracts.cassettes import cassette as tape
        from contracts.cassettes.recording import Recorder
        from contracts.inspection import Inspector
        from mockserver.contract.registry import Contract

        service, contract = _service(upstream), Contract(list(asked["overlays"]))
        inspector = Inspector(contract, site, "" if service.is_local else service.netloc)
        recorder = Recorder(contract, site, service.url, None, {}, now) if cassette else None
        passed = _serve(service, inspector, recorder, asked)
        if recorder is not None and cassette is not None:
            tape.write(recorder.cassette(passed.callers), cassette)
        _report(passed, inspector, as_json)


def _service(url: str) -> Upstream:
    """Raises `Unusable`, or `Unreachable`."""
    from contracts.upstream import Upstream

    try:
        service = Upstream(url)
    except ValueError as error:
        raise Unusable(str(error)) from None
    service.connect()
    return service


def _serve(service: Upstream, inspector: Inspector, recorder: Recorder | None, asked: dict[str, Any]) -> Proxy:
    """Pass calls until a signal comes, or enough have passed."""
    from contracts.proxy import Proxy

    ended, enough = threading.Event(), asked["calls"]
    try:
        passing = Proxy(
            service,
            inspector,
            recorder=recorder,
            read_only=asked["read_only"],
            tell=lambda violation: tell(str(violation)),
            passed=lambda calls: ended.set() if enough and calls >= enough else None,
            address=(asked["host"], asked["port"]),
        )
    except OSError as error:
        raise Unusable(f"cannot listen on port {asked['port']} of {asked['host']}: {error.strerror}") from None
    _end_with_signals(ended)
    passing.start()
    tell(
        f"passes calls on to {service.url}; call {passing.url}, or set http_proxy={passing.url} and call the service "
        "by http:// under its own name; stop it with Ctrl-C"
    )
    click.echo(passing.url)
    ended.wait()
    passing.stop()
    return passing


def _end_with_signals(ended: threading.Event) -> None:
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: ended.set())


def _report(passing: Proxy, inspector: Inspector, as_json: bool) -> None:
    rows = [
        {"calls": count, "side": one.direction, "operation": one.operation, "violation": one.sentence}
        for one, count in inspector.violations.most_common()
    ]
    if as_json:
        print_json({"calls": dict(inspector.calls), "unanswered": passing.unanswered, "violations": rows})
    elif rows:
        headings = ("CALLS", "SIDE", "OPERATION", "VIOLATION")
        print_table(headings, [[str(row[heading.lower()]) for heading in headings] for row in rows])
    tell(
        f"{passing.calls} calls of {len(inspector.calls)} operations passed, "
        f"{sum(inspector.violations.values())} violations, {passing.unanswered} calls without an answer"
    )
    if passing.unanswered and not passing.calls:
        raise NotReached("no call was answered")
    end(bool(rows))
