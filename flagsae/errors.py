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

from collections.abc import Iterable


class FlagsaeError(Exception):
    """The message is one line and says what to do next."""

    exit_code = 1


class UsageError(FlagsaeError):
    exit_code = 2


class UnknownName(UsageError):
    """`kind` is what was looked for ("flag"), `known` the names to suggest from, best first."""

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
