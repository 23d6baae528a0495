"""A training run that another process attends: what it hears on stdin, and what it says on stdout.

It hears lines: "pause", "go" (on), and "model", which asks for the model as it is after this epoch. It is stopped as
every run is, by a signal; the end of stdin is one too, because then nobody attends it any more.

It says messages, each a line of JSON:

- {"begin": epochs done, "seconds": of training, "path": "span" or "direct", "dataset": hash}, before it trains;
- {"epoch": epochs done, "seconds": of training, "loss": [...], "l0": [...], "dead": [...], "rows": [...]}, what has
  come since the last message: a value an epoch, and rows of the log;
- {"paused": true or false};
- {"model": bytes, "header": {...}}, followed by so many bytes of safetensors, as `packed` makes them;
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

BEAT = 0.05  # seconds between two messages of epochs: hundreds may pass in a second
LOOK = 0.05  # seconds between two looks for a signal, in a pause
NICE = 5  # how much the screen goes before the run, where both want the processor
LAST = 30  # seconds that the last epoch and its checkpoint may take when nobody attends any more


class Attended:
    """The run's end of the pipes. To be made before torch is imported, which takes seconds."""

    def __init__(self) -> None:
        if hasattr(os, "nice"):  # not on Windows
            os.nice(NICE)
        self._out = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)  # what a library prints is no message
        self._paused = self._asked = False
        self._condition = Condition()
        self._new: dict[str, list[Any]] = _nothing()
        self._said = 0.0  # when
        Thread(target=self._listen, name="attended", daemon=True).start()

    def begin(self, run: Run) -> None:
        where = {"path": run.objective.path, "dataset": run.dataset.hash}
        self._say({"begin": run.epoch, "seconds": run.seconds, **where})

    def after(self, progress: Progress, run: Run, stopping: Callable[[], bool]) -> None:
        """To be called after each epoch: says what is new, now and then, and waits while a pause is wanted.

        stopping: whether a signal has come, which ends a pause.
        """
        for name in ("loss", "l0", "dead"):
            self._new[name].append(getattr(progress, name))
        if progress.row is not None:
            self._new["rows"].append(progress.row)
        if self._paused or self._asked:
            self.tell(run)
            self._obey(run, stopping)
        elif time.monotonic() - self._said >= BEAT:
            self.tell(run)

    def tell(self, run: Run) -> None:
        """Says what is new."""
        if self._new["loss"]:
            self._say({"epoch": run.epoch, "seconds": run.seconds, **self._new})
        self._new = _nothing()
        self._said = time.monotonic()

    def done(self, figures: dict[str, Any]) -> None:
        self._say({"figures": figures})

    def _obey(self, run: Run, stopping: Callable[[], bool]) -> None:
        waited = False
        with self._condition:
            while not stopping():
                if self._asked:
                    self._asked = False
                    self._say(*packed(run.model()))
                if not self._paused:
                    break
                if not waited:
                    self._say({"paused": True})
                waited = True
                self._condition.wait(LOOK)
        if waited:
            self._say({"paused": False})

    def _say(self, message: dict[str, Any], data: bytes = b"") -> None:
        self._out.write(json.dumps(message).encode() + b"\n" + data)
        self._out.flush()

    def _listen(self) -> None:
        """In a thread."""
        heard = b""
        while some := os.read(0, 4096):
            *lines, heard = (heard + some).split(b"\n")
            with self._condition:
                for line in lines:
                    if line == b"model":
                        self._asked = True
                    elif line in (b"pause", b"go"):
                        self._paused = line == b"pause"
                self._condition.notify()
        if hasattr(signal, "alarm"):  # not on Windows
            signal.alarm(LAST)  # whatever it is doing
        os.kill(os.getpid(), signal.SIGTERM)


def _nothing() -> dict[str, list[Any]]:
    return {"loss": [], "l0": [], "dead": [], "rows": []}


def packed(model: Model) -> tuple[dict[str, Any], bytes]:
    """A model as a message, with its header and how many bytes of arrays follow; and these."""
    tensors, header = model.export()
    data = save({name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()})
    return {"model": len(data), "header": header}, data


def unpacked(header: Header, data: bytes, dataset: Dataset) -> Model:
    """The model of a message. Raises `Damaged`, `KeyError`, `TypeError` or `ValueError` where it is none."""
    return kind_of(header).make(load(data), header, Info(), dataset)
