"""The command line `partner-mock`: data on stdout, words on stderr. Exit codes: 0 done, 1 a problem was found, 2 it
cannot be used like that.

Commands import what they need when they run, so that `--help` is quick and `serve` loads nothing it does not use.
"""

from __future__ import annotations

from typing import Any

import click

from mockserver import __version__
from mockserver.cli.cassettes import diff, record, replay
from mockserver.cli.contract import explain, openapi, operations
from mockserver.cli.doctor import doctor
from mockserver.cli.env import env
from mockserver.cli.output import Unusable
from mockserver.cli.proxy import proxy
from mockserver.cli.serve import serve
from mockserver.cli.verify import verify


class Commands(click.Group):
    """Commands whose users see one sentence where something cannot be used, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            sentence = _sentence(error)
            if sentence is None:
                raise
            raise Unusable(sentence) from None


def _sentence(error: Exception) -> str | None:
    """What to tell the user; None for what is not the user's to know, and for a reader that went away."""
    from mockserver.contract.documents import ContractError
    from mockserver.domain.clock import ClockError
    from mockserver.domain.forms import FormError

    if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
        return f"{error.filename or 'system'}: {error.strerror}" if error.strerror else str(error)
    return str(error) if isinstance(error, (ContractError, ClockError, FormError)) else None


@click.group(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "PARTNER_MOCK"}
)
@click.version_option(__version__, message="%(version)s")
def main() -> None:
    """A local emulator of the Huawei Cloud partner APIs.

    Every option can be set in the environment too, e.g. PARTNER_MOCK_SERVE_PORT. Exit codes: 0 done, 1 a problem was
    found, 2 it cannot be used like that.
    """


for command in (serve, env, operations, explain, openapi, doctor, verify, record, replay, diff, proxy):
    main.add_command(command)
