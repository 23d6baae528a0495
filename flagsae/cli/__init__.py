"""The command `flagsae`: one module a subcommand, and one place that turns errors into a line and a code.

Exit codes: 0 done; 1 our error, in one line that says what to do next; 2 usage; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Annotated, Any

import typer

from flagsae import __version__
from flagsae.errors import FlagsaeError

COMMANDS = (
    "compose",
    "sample",
    "describe",
    "features",
    "neighbors",
    "embed",
    "reconstruct",
    "evaluate",
    "prepare",
    "train",
    "plugins",
    "tui",
)


def application(*names: str) -> typer.Typer:
    """The command line with these subcommands. All of them cost 50 ms more than the one that is asked for."""
    app = typer.Typer(
        help="Learn what the world's flags are made of, and mix new ones: flagsae compose morocco colombia",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
        callback=_options,
    )
    for name in names:
        app.command(name)(import_module(f"flagsae.cli.{name}").command)
    return app


def __getattr__(name: str) -> Any:
    """`app` is the whole command line, made when it is asked for."""
    if name == "app":
        return application(*COMMANDS)
    raise AttributeError(name)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"flagsae {__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """The console script. `FLAGSAE_DEBUG=1` shows the traceback of an error."""
    try:
        asked = sys.argv[1:2]
        application(*(asked if asked and asked[0] in COMMANDS else COMMANDS))(prog_name="flagsae")
    except FlagsaeError as error:
        if os.environ.get("FLAGSAE_DEBUG"):
            raise
        sys.stderr.write(f"flagsae: {error}\n")
        raise SystemExit(error.exit_code) from None
    except BrokenPipeError:
        # Whoever read us has seen enough. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except OSError as error:
        if os.environ.get("FLAGSAE_DEBUG"):
            raise
        where = f" {error.filename}" if error.filename else ""
        sys.stderr.write(f"flagsae: cannot read or write{where}: {error.strerror or error}\n")
        raise SystemExit(1) from None
