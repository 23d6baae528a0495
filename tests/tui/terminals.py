"""A real terminal for a program, and what the program makes of it."""

import contextlib
import fcntl
import os
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Sequence

# What Textual switches on, and what must be off, or back, when it ends.
ENTERED = b"\x1b[?1049h"
RESTORED = (b"\x1b[?1049l", b"\x1b[?1000l", b"\x1b[?1003l", b"\x1b[?1006l", b"\x1b[?2004l", b"\x1b[?25h", b"\x1b[<u")
PATIENCE = 120  # seconds: a busy machine may take some to load torch


class Terminal:
    """A program on a terminal of its own.

    controlling: whether the kernel knows that it is the program's, and tells it when the terminal goes away.
    """

    def __init__(
        self, command: Sequence[str], *, columns: int = 80, rows: int = 24, controlling: bool = True, **environment: str
    ) -> None:
        self.ours, self.theirs = os.openpty()
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(self.theirs)
        usual = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
        environ = {**os.environ, **usual, **environment}
        session = ["setsid", "--ctty"] if controlling else ["setsid"]
        self.process = subprocess.Popen(
            [*session, *command], stdin=self.theirs, stdout=self.theirs, stderr=self.theirs, env=environ
        )
        self.seen = b""

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        with contextlib.suppress(OSError):
            os.close(self.ours)
        os.close(self.theirs)

    def _read(self) -> None:
        if select.select([self.ours], [], [], 0.05)[0]:
            self.seen += os.read(self.ours, 65536)

    def wait_for(self, text: bytes) -> None:
        """Until the program has written it since the last `press`."""
        end = time.monotonic() + PATIENCE
        while text not in self.seen:
            assert time.monotonic() < end and self.process.poll() is None, self.seen[-2000:]
            self._read()

    def press(self, keys: str | bytes) -> None:
        self.seen = b""
        os.write(self.ours, keys.encode() if isinstance(keys, str) else keys)

    def wait(self) -> int:
        """The exit code; all that was written is seen."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < end, self.seen[-2000:]
            self._read()
        while select.select([self.ours], [], [], 0)[0]:
            self._read()
        return self.process.returncode

    def close(self) -> None:
        """The window is closed."""
        os.close(self.ours)

    def assert_restored(self) -> None:
        since = self.seen[self.seen.rfind(ENTERED) + 1 :]
        assert [sequence for sequence in RESTORED if sequence not in since] == []
        assert termios.tcgetattr(self.theirs) == self.before

    def said(self) -> str:
        """What was written after the application left the screen."""
        return re.sub(r"\x1b\[\?\d+[hl]", "", self.seen.rpartition(RESTORED[0])[2].decode())
