"""The kind of block characters that this process draws pictures with: one setting, at one place.

It is set once, by what knows the terminal; a picture is drawn in it unless its caller asks for another kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flagsae.visual.terminal.kinds import check_kind

_kind = "half"


def kind() -> str:
    """The kind in use, a name of `flagsae.visual.terminal.kinds.CELLS`; half blocks until another is chosen."""
    return _kind


def choose(kind: str) -> None:
    """Draws with another kind from now on. Raises `UsageError` if there is none of that name."""
    global _kind
    check_kind(kind)
    _kind = kind


@contextmanager
def using(kind: str) -> Iterator[None]:
    """Draws with another kind for a while.

    >>> with using("wedge"):
    ...     print(kind())
    wedge
    """
    before = _kind
    choose(kind)
    try:
        yield
    finally:
        choose(before)
