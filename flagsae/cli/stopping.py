"""Signals that ask a long command to stop, so that it can save its work first."""

from __future__ import annotations

import os
import signal
from types import FrameType

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")  # Ctrl-C, `kill`, a terminal that is closed; Windows has no SIGHUP


class Stopping:
    """A context in which the first signal is only kept, in `number`: the command looks there between two steps.

    A second Ctrl-C does not wait: it raises `KeyboardInterrupt`. Other signals may come twice, as a closed terminal
    sends them, and the second does nothing. A signal that is ignored already, as under `nohup`, stays ignored.
    """

    def __init__(self) -> None:
        self.number = 0  # of the first signal; 0 if none has come
        self._before = {
            number: handler
            for number in (getattr(signal, name) for name in SIGNALS if hasattr(signal, name))
            if (handler := signal.getsignal(number)) not in (None, signal.SIG_IGN)
        }
        self._terminals = [descriptor for descriptor in (0, 1, 2) if os.isatty(descriptor)]

    @property
    def code(self) -> int:
        """The exit code of a command that was ended by the signal."""
        return 128 + self.number

    def __enter__(self) -> Stopping:
        for number in self._before:
            signal.signal(number, self._handle)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self.number and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.number = self.number or number
        for descriptor in self._terminals:
            if not os.isatty(descriptor):  # it was closed, and writing to it would raise an error
                null = os.open(os.devnull, os.O_RDWR)
                os.dup2(null, descriptor)
                os.close(null)
