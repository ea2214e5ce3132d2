"""`serve`: the emulator over HTTP."""

from __future__ import annotations

from pathlib import Path

import click

from mockserver.cli.output import schemas, tell


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="Port to listen on; 0 picks a free one.",
)
@click.option(
    "--fixture", default="demo", show_default=True, help="Starting state of the default sandbox: name or file."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Decides the ids of the default sandbox.")
@click.option("--site", type=click.Choice(["cn", "intl"]), default="cn", show_default=True)
@click.option(
    "--clock", default="real", show_default=True, help="real, or an instant to freeze at: 2026-03-02T02:00:00Z."
)
@click.option("--removed", is_flag=True, help="Serve removed operations too.")
@click.option(
    "--throttle", type=click.Choice(["on", "off"]), default="off", show_default=True, help="Enforce rate limits."
)
@click.option("--server", type=click.Choice(["granian", "waitress"]), default="granian", show_default=True)
@schemas
@click.option(
    "--control-token",
    envvar="PARTNER_MOCK_CONTROL_TOKEN",
    help="Token for the control API; without one it answers this machine only.",
)
def serve(
    host: str,
    port: int,
    fixture: str,
    seed: int,
    site: str,
    clock: str,
    removed: bool,
    throttle: str,
    server: str,
    overlays: tuple[Path, ...],
    control_token: str | None,
) -> None:
    """Serve the emulator until SIGINT or SIGTERM.

    The URL goes to stdout as soon as calls are answered.
    """
    from mockserver.control.api import is_loopback
    from mockserver.serving import ServerDied, Settings, run

    if not control_token and not is_loopback(host):
        tell(
            f"warning: {host} can be reached from other machines, and the control API will answer them 403; "
            "give a --control-token to use it from there"
        )
    settings = Settings(fixture, seed, site, clock, removed, throttle == "on", overlays, control_token)
    try:
        run(settings, host, port, server)
    except ServerDied as error:
        raise click.ClickException(str(error)) from None
