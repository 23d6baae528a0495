"""What commands are to those who type them."""

from __future__ import annotations

import codecs
import io
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from flagsae.cli import application, commands
from flagsae.cli.streams import HANDLER, alike

Flagsae = Callable[..., str]


class Stopped(Exception):
    """A command that did not end well: its code, what it said, and what it wrote before."""

    def __init__(self, code: object, said: str, written: str) -> None:
        super().__init__(said)
        self.code, self.said, self.written = code, said, written


class Stream(io.TextIOWrapper):
    """What a process has for stdout or stderr."""

    def __init__(self, terminal: bool, encoding: str) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, errors=HANDLER, write_through=True)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    @property
    def text(self) -> str:
        return self.buffer.getvalue().decode(self.encoding)  # type: ignore[attr-defined]


def run(
    *words: str, stdin: str | bytes = "", terminal: bool = False, encoding: str = "utf-8", **environment: str
) -> subprocess.CompletedProcess[str]:
    """What the console script does, in this process: to start Python takes longer than most commands.

    terminal: whether stdout and stderr are one, of true colour.
    """
    codecs.register_error(HANDLER, alike)
    out, said = Stream(terminal, encoding), Stream(terminal, encoding)
    data = stdin.encode() if isinstance(stdin, str) else stdin
    if terminal:
        environment = {"TERM": "xterm-256color", "COLORTERM": "truecolor", **environment}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["flagsae", *words])
        for name, stream in (("stdin", io.TextIOWrapper(io.BytesIO(data))), ("stdout", out), ("stderr", said)):
            patch.setattr(sys, name, stream)
        for name, value in environment.items():
            patch.setenv(name, value)
        try:
            code: Any = application.run(application.application(*commands(words)), words)
        except SystemExit as end:
            code = end.code or 0
    return subprocess.CompletedProcess(words, code, out.text, said.text)
