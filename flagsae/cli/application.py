"""Builds the command line of its subcommands, runs it, and turns errors into a line and an exit code."""

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

LONGEST = 1000  # characters of a message, of which the rest is cut off


def application(*names: str) -> typer.Typer:
    """The command line with these subcommands. To import all of them takes 50 ms longer than to import one."""
    app = typer.Typer(
        help="Learn what the world's flags are made of, and mix new ones: flagsae compose morocco colombia",
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
        callback=_general_options,
    )
    for name in names:
        app.command(name)(import_module(f"flagsae.cli.{name}").command)
    return app


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"flagsae {__version__}")
        raise typer.Exit


def _general_options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    pass


def run(app: typer.Typer, words: Sequence[str]) -> int:
    """Runs a command line; returns its exit code. An expected error is written to stderr in one line.

    `FLAGSAE_DEBUG=1` raises such an error instead, with its traceback.
    """
    try:
        code = _run(app, words)
        sys.stdout.flush()
        return code
    except Exception as error:
        report = _report(error, words[:1], app)
        if report is None or os.environ.get("FLAGSAE_DEBUG"):
            raise
    except KeyboardInterrupt:
        return INTERRUPTED
    message, code = report
    note("flagsae: " + (message if len(message) <= LONGEST else f"{message[:LONGEST]}…"))
    return code


def _options_of(app: typer.Typer, name: str) -> Callable[[str], str]:
    """How messages name a command's parameters: by the shortest form of the option, as in `-n`."""
    command = getattr(typer.main.get_command(app), "commands", {}).get(name)
    forms = {option.name: min(option.opts, key=len) for option in command.params} if command else {}
    return lambda parameter: forms.get(parameter, "--" + parameter.replace("_", "-"))


def _run(app: typer.Typer, words: Sequence[str]) -> int:
    name, rest = "".join(words[:1]), words[1:]
    if name in minus.COMMANDS:
        (command,) = (one.callback for one in app.registered_commands if one.name == name)
        words = [name, *minus.with_sums(rest, command)] if command is not None else words
    sys.argv[1:] = words or ["--help"]  # Typer expands * on Windows only in the words that it finds here
    return int(app(prog_name="flagsae", standalone_mode=False) or 0)


def _report(error: Exception, name: Sequence[str], app: typer.Typer) -> tuple[str, int] | None:
    """(message, exit code) of an error; None for an unexpected one. name: of the subcommand, in a list."""
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
    if isinstance(error, typer.Abort):  # Typer raises it in place of EOFError
        return "a file ends where more of it was expected", 1
    return None
