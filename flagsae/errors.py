"""Everything that a user can get wrong, as a tree.

    FlagsaeError                exit code 1: our error, in one line, with what to do next
    ├── UsageError              exit code 2: the command cannot mean what was typed
    │   ├── UnknownName         no flag, model or dataset of that name ("did you mean")
    │   └── ExpressionError     a sum that cannot be read; it points at the place
    ├── PictureError            a file that is no picture that we can read
    ├── DatasetError            no pictures, a damaged dataset file, one of another format
    ├── ModelError              a damaged model file, one of another format or for another dataset
    ├── HomeError               nobody knows where the user's datasets and models are
    └── PluginError             a visualizer that cannot be loaded or drawn, and whose it is

The core raises these; only `flagsae.cli.main` prints them.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable


class Parameter(str):
    """The name of a parameter within a message, as Python has it: `learning_rate`."""

    __slots__ = ()


class FlagsaeError(Exception):
    """The message is one line and says what to do next.

    parts: the message in pieces, of which those that name a parameter are a `Parameter`; parameter: one that the
    message begins with. `str` has their names as Python has them, and `message` as another interface writes them.

    >>> error = FlagsaeError("is at least 1, not 0", parameter="log_every")
    >>> str(error)
    'log_every is at least 1, not 0'
    >>> error.message(lambda name: "--" + name.replace("_", "-"))
    '--log-every is at least 1, not 0'
    """

    exit_code = 1

    def __init__(self, *parts: str, parameter: str = "") -> None:
        self.parts = (Parameter(parameter), " ", *parts) if parameter else parts
        super().__init__("".join(self.parts))

    @property
    def parameter(self) -> str:
        """The first parameter that the message names; empty where there is none."""
        return next((part for part in self.parts if isinstance(part, Parameter)), "")

    def message(self, written: Callable[[str], str]) -> str:
        """The message with each parameter's name as `written` has it."""
        return "".join(written(part) if isinstance(part, Parameter) else part for part in self.parts)


class UsageError(FlagsaeError):
    exit_code = 2


class UnknownName(UsageError):
    """`kind` is what was looked for ("flag"), `suggestions` what `nearest` finds like the name."""

    def __init__(self, kind: str, name: str, suggestions: Iterable[str] = (), hint: str = "") -> None:
        close = list(suggestions)
        message = f"no {kind} named {name!r}."
        if len(close) == 1:
            message += f" Did you mean {close[0]}?"
        elif close:
            message += f" Did you mean one of: {', '.join(close)}?"
        super().__init__(f"{message} {hint}".rstrip())


class ExpressionError(UsageError):
    """`reason` says what is wrong with `text[start:end]`; the message adds the column, counted from 1."""

    def __init__(self, reason: str, text: str, start: int, end: int) -> None:
        self.reason, self.text, self.start, self.end = reason, text, start, end
        left, right = max(0, start - 30), start + 50
        excerpt = "…" * (left > 0) + text[left:right] + "…" * (right < len(text))
        super().__init__(f"{reason} (column {start + 1} of {excerpt!r})")


class PictureError(FlagsaeError):
    pass


class DatasetError(FlagsaeError):
    pass


class ModelError(FlagsaeError):
    pass


class HomeError(FlagsaeError):
    def __init__(self) -> None:
        super().__init__("your home folder is not known: set FLAGSAE_HOME to the full path of a folder")


class PluginError(FlagsaeError):
    """`fault` is what is wrong, without whose it is and how to be rid of it."""

    def __init__(self, message: str, fault: str = "") -> None:
        self.fault = fault or message
        super().__init__(message)


def nearest(name: str, known: Iterable[str], count: int = 3, *, least: float = 0.6) -> list[str]:
    """Which of the known names are most like a name, at most `count` of them, the likest first.

    least: how alike they must be, from 0 to 1 (`difflib.SequenceMatcher.ratio`); 0 where any of a few may be meant.

    >>> nearest("marocco", ["monaco", "morocco", "laos"])
    ['morocco', 'monaco']
    """
    import difflib

    return difflib.get_close_matches(name, dict.fromkeys(known), count, least)


def shell(command: str, **options: str) -> str:
    """A command line to quote in a message, for what is done in a shell only.

    >>> shell("train", data="my flags")
    "`flagsae train --data 'my flags'`"
    """
    words = [f"--{name.replace('_', '-')} {shlex.quote(value)}" for name, value in options.items()]
    return f"`{' '.join(['flagsae', command, *words])}`"
