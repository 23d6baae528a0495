"""Signals that end a long command well: it is asked to stop, and saves what it has."""

from __future__ import annotations

import os
import signal
from types import FrameType

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")  # Ctrl-C, `kill`, a terminal that is closed; Windows has no SIGHUP


class Stopping:
    """Meanwhile the first signal is kept as `number`, 0 where none came, for whoever looks between two steps.

    A second Ctrl-C doesn't wait: it raises `KeyboardInterrupt`. Others may come twice, as a closed terminal's do, and
    change nothing. What is ignored already, as under `nohup`, stays so.
    """

    def __init__(self) -> None:
        self.number = 0
        self._before = {
            number: handler
            for number in (getattr(signal, name) for name in SIGNALS if hasattr(signal, name))
            if (handler := signal.getsignal(number)) not in (None, signal.SIG_IGN)
        }
        self._terminals = [descriptor for descriptor in (0, 1, 2) if os.isatty(descriptor)]

    @property
    def code(self) -> int:
        """The exit code of a command that a signal has ended."""
        return 128 + self.number

    def __enter__(self) -> Stopping:
        for number in self._before:
            signal.signal(number, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self.number and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.number = self.number or number
        for descriptor in self._terminals:
            if not os.isatty(descriptor):  # it is gone, and whatever is said to it would be an error
                nowhere = os.open(os.devnull, os.O_RDWR)
                os.dup2(nowhere, descriptor)
                os.close(nowhere)
