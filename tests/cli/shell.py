"""What commands are to those who type them."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable

import pytest

from flagsae.cli import main

Flagsae = Callable[..., str]


class Stopped(Exception):
    """A command that did not end well: its code, what it said, and what it wrote before."""

    def __init__(self, code: object, said: str, written: str) -> None:
        super().__init__(said)
        self.code, self.said, self.written = code, said, written


def run(*words: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """What the console script does, in this process: to start Python takes longer than most commands."""
    out, said = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as end:
        patch.setattr(sys, "argv", ["flagsae", *words])
        for name, stream in (("stdin", io.StringIO(stdin)), ("stdout", out), ("stderr", said)):
            patch.setattr(sys, name, stream)
        for name, value in environment.items():
            patch.setenv(name, value)
        main()
    written, told = (stream.buffer.getvalue().decode() for stream in (out, said))  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(words, end.value.code or 0, written, told)
