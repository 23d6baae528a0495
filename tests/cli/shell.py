"""What commands are to those who type them."""

from __future__ import annotations

from collections.abc import Callable

Flagsae = Callable[..., str]


class Stopped(Exception):
    """A command that did not end well: its code, what it said, and what it wrote before."""

    def __init__(self, code: object, said: str, written: str) -> None:
        super().__init__(said)
        self.code, self.said, self.written = code, said, written
