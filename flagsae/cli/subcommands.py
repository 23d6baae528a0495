"""The subcommands in the order of the help. Each is a module in this folder with a function `command`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = (
    "compose",
    "sample",
    "describe",
    "draw",
    "features",
    "neighbors",
    "embed",
    "reconstruct",
    "evaluate",
    "prepare",
    "train",
    "plugins",
    "cells",
    "tui",
)
INTERRUPTED = 130  # exit code after Ctrl-C


def commands(words: Sequence[str]) -> Sequence[str]:
    """The subcommands that a command line needs: the one that it names, or all of them."""
    return words[:1] if words and words[0] in COMMANDS else COMMANDS
