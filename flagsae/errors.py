"""The errors that users see, as a tree.

    FlagsaeError                exit code 1: one line that says what is wrong and what to do next
    ├── UsageError              exit code 2: what was typed makes no sense
    │   ├── UnknownName         no flag, model or dataset of that name ("did you mean")
    │   └── TextError           a text that cannot be read; says at which column
    │       ├── ExpressionError a sum
    │       └── SentenceError   what is on a flag, in words
    ├── PictureError            a file that cannot be read as a picture
    ├── DesignError             a figure with the wrong numbers; a design that cannot be read
    ├── DatasetError            no pictures; a dataset file that is damaged or of another format
    ├── ModelError              a model file that is damaged, of another format, or for another dataset
    ├── HomeError               the folder of the user's datasets and models cannot be determined
    └── PluginError             a visualizer that cannot be loaded or drawn, and its package

The core raises these; only `flagsae.cli.main` prints them.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable


class Parameter(str):
    """The name of a parameter in a message, written as in Python: `learning_rate`."""

    __slots__ = ()


class FlagsaeError(Exception):
    """An error with a message of one line that says what to do next.

    parts: the message in pieces; those that name a parameter are of the class `Parameter`. parameter: the name of a
    parameter to begin the message with. `str` writes parameters as Python does, `message` as another interface does.

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
        """The first parameter that the message names; empty if it names none."""
        return next((part for part in self.parts if isinstance(part, Parameter)), "")

    def message(self, written: Callable[[str], str]) -> str:
        """The message. written: turns the name of a parameter into how it is written there."""
        return "".join(written(part) if isinstance(part, Parameter) else part for part in self.parts)


class UsageError(FlagsaeError):
    exit_code = 2


class UnknownName(UsageError):
    """A name that does not exist.

    kind: what was looked for, as in "flag"; name: what was typed; suggestions: similar names, as of `nearest`; hint: a
    sentence to add.
    """

    def __init__(self, kind: str, name: str, suggestions: Iterable[str] = (), hint: str = "") -> None:
        close = list(suggestions)
        message = f"no {kind} named {name!r}."
        if len(close) == 1:
            message += f" Did you mean {close[0]}?"
        elif close:
            message += f" Did you mean one of: {', '.join(close)}?"
        super().__init__(f"{message} {hint}".rstrip())


class TextError(UsageError):
    """A text that cannot be read. reason: what is wrong with text[start:end]; the message adds the column, from 1."""

    def __init__(self, reason: str, text: str, start: int, end: int) -> None:
        self.reason, self.text, self.start, self.end = reason, text, start, end
        left, right = max(0, start - 30), start + 50
        excerpt = "…" * (left > 0) + text[left:right] + "…" * (right < len(text))
        super().__init__(f"{reason} (column {start + 1} of {excerpt!r})")


class ExpressionError(TextError):
    pass


class SentenceError(TextError):
    pass


class PictureError(FlagsaeError):
    pass


class DesignError(FlagsaeError):
    pass


class DatasetError(FlagsaeError):
    pass


class ModelError(FlagsaeError):
    pass


class HomeError(FlagsaeError):
    def __init__(self) -> None:
        super().__init__("your home folder is not known: set FLAGSAE_HOME to the full path of a folder")


class PluginError(FlagsaeError):
    """A visualizer that cannot be loaded or drawn. fault: what is wrong, without the package and how to remove it."""

    def __init__(self, message: str, fault: str = "") -> None:
        self.fault = fault or message
        super().__init__(message)


def nearest(name: str, known: Iterable[str], count: int = 3, *, least: float = 0.6) -> list[str]:
    """The known names that are most similar to a name, the most similar first; at most `count`.

    least: similarity from 0 to 1 (`difflib.SequenceMatcher.ratio`) that they must have; 0 to get the best in any case.

    >>> nearest("marocco", ["monaco", "morocco", "laos"])
    ['morocco', 'monaco']
    """
    import difflib

    return difflib.get_close_matches(name, dict.fromkeys(known), count, least)


def shell(command: str, **options: str) -> str:
    """A command line to quote in a message, for what can only be done in a shell.

    >>> shell("train", data="my flags")
    "`flagsae train --data 'my flags'`"
    """
    words = [f"--{name.replace('_', '-')} {shlex.quote(value)}" for name, value in options.items()]
    return f"`{' '.join(['flagsae', command, *words])}`"
