"""The command line itself: subcommands put together, and what goes wrong in one turned into a line and a code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Annotated

import typer

from flagsae import __version__
from flagsae.cli import minus
from flagsae.cli.screen import note
from flagsae.cli.subcommands import COMMANDS, INTERRUPTED
from flagsae.errors import FlagsaeError

LONGEST = 1000  # characters of a message that are shown


def application(*names: str) -> typer.Typer:
    """The command line with these subcommands. All of them cost 50 ms more than the one that is asked for."""
    app = typer.Typer(
        help="Learn what the world's flags are made of, and mix new ones: flagsae compose morocco colombia",
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
        callback=_options,
    )
    for name in names:
        app.command(name)(import_module(f"flagsae.cli.{name}").command)
    return app


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


def run(app: typer.Typer, words: Sequence[str]) -> int:
    """Runs a command line; returns its exit code. What went wrong is a line on stderr.

    `FLAGSAE_DEBUG=1` lets an error out that has such a line, with its traceback.
    """
    try:
        code = _run(app, words)
        sys.stdout.flush()
        return code
    except Exception as error:
        end = _end(error, words[:1], app)
        if end is None or os.environ.get("FLAGSAE_DEBUG"):
            raise
    except KeyboardInterrupt:
        return INTERRUPTED
    message, code = end
    note("flagsae: " + (message if len(message) <= LONGEST else f"{message[:LONGEST]}…"))
    return code


def _options_of(app: typer.Typer, name: str) -> Callable[[str], str]:
    """How a command's parameters are written on its line: the shortest form of its option, as in `-n`."""
    command = getattr(typer.main.get_command(app), "commands", {}).get(name)
    forms = {option.name: min(option.opts, key=len) for option in command.params} if command else {}
    return lambda parameter: forms.get(parameter, "--" + parameter.replace("_", "-"))


def _run(app: typer.Typer, words: Sequence[str]) -> int:
    name, rest = "".join(words[:1]), words[1:]
    if name in minus.COMMANDS:
        (command,) = (one.callback for one in app.registered_commands if one.name == name)
        words = [name, *minus.with_sums(rest, command)] if command is not None else words
    sys.argv[1:] = words or ["--help"]  # where Typer looks for them: on Windows it expands * in these only
    return int(app(prog_name="flagsae", standalone_mode=False) or 0)


def _end(error: Exception, name: Sequence[str], app: typer.Typer) -> tuple[str, int] | None:
    """What to say of an error, and the code to end with; None where it is none of those that are expected."""
    if isinstance(error, FlagsaeError):
        return error.message(_options_of(app, "".join(name))), error.exit_code
    if isinstance(error, typer.TyperException):
        known = " ".join(["flagsae", *(word for word in name if word in COMMANDS), "--help"])
        said = error.format_message().rstrip(".")
        return f"{said[:1].lower()}{said[1:]}: {known} tells what there is", error.exit_code
    if isinstance(error, OSError):
        where = f" {error.filename}" if error.filename else ""
        return f"cannot read or write{where}: {error.strerror or error}", 1
    if isinstance(error, MemoryError):
        return "this takes more memory than there is: ask for less at once, or for a smaller --size", 1
    if isinstance(error, typer.Abort):  # what Typer makes of the end of a file
        return "a file ends where more of it was expected", 1
    return None
