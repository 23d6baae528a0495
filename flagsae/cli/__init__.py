"""The command `flagsae`: one module for each subcommand, and one that turns errors into a line and an exit code.

Exit codes: 0 done; 1 our error, in one line that says what to do next; 2 usage; 130 interrupted.

This module imports nothing slow, so that `main` already handles Ctrl-C while the others are imported.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from flagsae.cli.subcommands import COMMANDS, INTERRUPTED, commands

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["COMMANDS", "INTERRUPTED", "commands", "main"]


def __getattr__(name: str) -> Any:
    """`app`, the whole command line: it is made on first access."""
    if name == "app":
        from flagsae.cli.application import application

        return application(*COMMANDS)
    raise AttributeError(name)


def main() -> NoReturn:
    """The console script.

    Ctrl-C is silent. Before a command begins and after it has ended nothing can be lost: the process ends at once.
    """
    import signal

    ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # a shell lets background jobs ignore it
    if ours:
        signal.signal(signal.SIGINT, _leave)
    from flagsae.cli import application, streams

    streams.settle()
    words = sys.argv[1:]
    app = application.application(*commands(words))
    code = INTERRUPTED
    with contextlib.suppress(KeyboardInterrupt):
        try:
            if ours:
                signal.signal(signal.SIGINT, signal.default_int_handler)
            code = application.run(app, words)
        finally:
            if ours:
                signal.signal(signal.SIGINT, _leave)
    raise SystemExit(code)


def _leave(number: int, frame: FrameType | None) -> None:
    os._exit(INTERRUPTED)
