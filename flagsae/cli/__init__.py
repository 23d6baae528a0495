"""The command `flagsae`: one module a subcommand, and one place that turns errors into a line and a code.

Exit codes: 0 done; 1 our error, in one line that says what to do next; 2 usage; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from flagsae import __version__
from flagsae.cli import (
    compose,
    describe,
    embed,
    evaluate,
    features,
    neighbors,
    prepare,
    reconstruct,
    sample,
    train,
    tui,
)
from flagsae.errors import FlagsaeError

app = typer.Typer(
    help="Learn what the world's flags are made of, and mix new ones: flagsae compose morocco colombia",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("compose")(compose.command)
app.command("sample")(sample.command)
app.command("describe")(describe.command)
app.command("features")(features.command)
app.command("neighbors")(neighbors.command)
app.command("embed")(embed.command)
app.command("reconstruct")(reconstruct.command)
app.command("evaluate")(evaluate.command)
app.command("prepare")(prepare.command)
app.command("train")(train.command)
app.command("tui")(tui.command)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"flagsae {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """The console script. `FLAGSAE_DEBUG=1` shows the traceback of an error."""
    try:
        app(prog_name="flagsae")
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
