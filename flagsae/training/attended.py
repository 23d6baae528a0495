"""The protocol of a training run that another process starts and controls, over stdin and stdout.

The run reads lines from stdin: "pause", "go" (continue), and "model", which asks for the model as it is after the
current epoch. Like every run, it is stopped by a signal. It also stops at the end of stdin: then the process that
controls it has ended.

It writes messages to stdout, each a line of JSON:

- {"begin": epochs done, "seconds": of training, "path": "span" or "direct", "dataset": hash}, before it trains;
- {"epoch": epochs done, "seconds": of training, "loss": [...], "l0": [...], "dead": [...], "rows": [...]}: a value for
  each epoch since the last such message, and the new rows of the log;
- {"paused": true or false};
- {"model": number of bytes, "header": {...}}, followed by that many bytes of safetensors (see `packed`);
- {"figures": {...}}, of the finished model.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from threading import Condition, Thread
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors.numpy import load, save

from flagsae.flags.dataset import Dataset
from flagsae.sae.info import Header, Info
from flagsae.sae.kind import Model
from flagsae.sae.model import kind_of

if TYPE_CHECKING:
    from flagsae.training.trainer import Progress, Run

BEAT = 0.05  # seconds between two messages about epochs, at least: there may be hundreds of epochs a second
LOOK = 0.05  # seconds between two checks for a signal during a pause
NICE = 5  # niceness of the run, so that the application that shows it stays responsive
LAST = 30  # seconds for the current epoch and the checkpoint after the end of stdin; then the process is killed


class Attended:
    """The run's end of the pipes. Create it before torch is imported: that takes seconds, and stdin is read from here
    on."""

    def __init__(self) -> None:
        if hasattr(os, "nice"):  # not on Windows
            os.nice(NICE)
        self._out = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)  # what libraries print goes to stderr, not between the messages
        self._paused = self._asked = False  # what was read last: a pause; a request for the model
        self._condition = Condition()
        self._new: dict[str, list[Any]] = _nothing()  # what the next message about epochs will contain
        self._sent_at = 0.0  # time of the last message about epochs
        Thread(target=self._listen, name="attended", daemon=True).start()

    def begin(self, run: Run) -> None:
        """Sends the first message. Call it before the first epoch."""
        where = {"path": run.objective.path, "dataset": run.dataset.hash}
        self._send({"begin": run.epoch, "seconds": run.seconds, **where})

    def after(self, progress: Progress, run: Run, stopping: Callable[[], bool]) -> None:
        """Call it after each epoch. Sends the new values at most every `BEAT` seconds, sends the model if it was asked
        for, and returns only when no pause is wanted.

        stopping: tells whether a signal has come, which ends a pause.
        """
        for name in ("loss", "l0", "dead"):
            self._new[name].append(getattr(progress, name))
        if progress.row is not None:
            self._new["rows"].append(progress.row)
        if self._paused or self._asked:
            self.tell(run)
            self._obey(run, stopping)
        elif time.monotonic() - self._sent_at >= BEAT:
            self.tell(run)

    def tell(self, run: Run) -> None:
        """Sends the values of the epochs since the last such message, if there are any."""
        if self._new["loss"]:
            self._send({"epoch": run.epoch, "seconds": run.seconds, **self._new})
        self._new = _nothing()
        self._sent_at = time.monotonic()

    def done(self, figures: dict[str, Any]) -> None:
        """Sends the figures of the finished model: the last message."""
        self._send({"figures": figures})

    def _obey(self, run: Run, stopping: Callable[[], bool]) -> None:
        """Sends the model if it was asked for, and waits until a pause ends."""
        waited = False
        with self._condition:
            while not stopping():
                if self._asked:
                    self._asked = False
                    self._send(*packed(run.model()))
                if not self._paused:
                    break
                if not waited:
                    self._send({"paused": True})
                waited = True
                self._condition.wait(LOOK)
        if waited:
            self._send({"paused": False})

    def _send(self, message: dict[str, Any], data: bytes = b"") -> None:
        self._out.write(json.dumps(message).encode() + b"\n" + data)
        self._out.flush()

    def _listen(self) -> None:
        """Reads stdin to its end, in a thread of its own; then stops the process."""
        unfinished = b""  # the beginning of a line
        while some := os.read(0, 4096):
            *lines, unfinished = (unfinished + some).split(b"\n")
            with self._condition:
                for line in lines:
                    if line == b"model":
                        self._asked = True
                    elif line in (b"pause", b"go"):
                        self._paused = line == b"pause"
                self._condition.notify()
        if hasattr(signal, "alarm"):  # not on Windows
            signal.alarm(LAST)  # ends the process even if it does not react to SIGTERM
        os.kill(os.getpid(), signal.SIGTERM)


def _nothing() -> dict[str, list[Any]]:
    return {"loss": [], "l0": [], "dead": [], "rows": []}


def packed(model: Model) -> tuple[dict[str, Any], bytes]:
    """A model as a message: (what its line of JSON contains, the bytes of safetensors that follow the line)."""
    tensors, header = model.export()
    data = save({name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()})
    return {"model": len(data), "header": header}, data


def unpacked(header: Header, data: bytes, dataset: Dataset) -> Model:
    """The model that `packed` made a message of.

    Raises `Damaged`, `KeyError`, `TypeError` or `ValueError` if the header or the bytes are not those of a model.
    """
    return kind_of(header).make(load(data), header, Info(), dataset)
