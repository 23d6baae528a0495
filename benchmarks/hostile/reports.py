"""Counts what comes of tries, and prints those that fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

What = TypeVar("What")


def failures(tries: Iterable[tuple[str, What]], attempt: Callable[[str, What], bool], done: str, left: str) -> int:
    """How many tries raise an error.

    tries: a flag's name or sentence, and what is tried on it; attempt: whether that changed it; done, left: what is
    said of tries that did and did not.
    """
    count = failed = made = 0
    for flag, what in tries:
        count += 1
        try:
            made += attempt(flag, what)
        except Exception as error:
            failed += 1
            print(f"{type(error).__name__}: {error}\n  {flag}\n  {what!r}")
    print(f"{count} tries: {made} {done}, {count - made - failed} {left}, {failed} failures")
    return failed
