"""A training run in a process of its own, `flagsae train`, which the application can watch, pause and stop.

A thread reads the messages of the process and keeps what they say in a `Training`, whose attributes the screens read
as often as they like. The process imports torch, not the application: the import would delay every key for seconds.
This module does not depend on Textual.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import traceback
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from threading import Lock, Thread
from typing import IO, Any, Literal, TextIO, TypeAlias

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError

from flagsae.checks import Damaged
from flagsae.errors import ModelError, UsageError
from flagsae.flags.dataset import Dataset
from flagsae.printable import printable
from flagsae.sae.kind import Model
from flagsae.sae.runs import Recording
from flagsae.training.attended import unpacked
from flagsae.training.config import TrainConfig, make_config, snapshot_epochs
from flagsae.tui import child

Status: TypeAlias = Literal["starting", "running", "paused", "stopping", "stopped", "done", "failed"]

ENDS = ("stopped", "done", "failed")
# Signals after which a run saves a checkpoint and ends.
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# The exit codes of a process that such a signal has ended: through its own handler, or before it had one.
STOPPED = {128 + number for number in SIGNALS} | {-number for number in SIGNALS}
LONGEST = 1 << 24  # bytes of a line from the process, at most
LARGEST = 1 << 31  # bytes of a model, at most
THREADS = "1"  # of torch and numpy, so that a core is left for the screen
PACE = 0.5  # seconds over which the rate is measured, at least
SHORTEST = 1e-6  # seconds that are taken for the time of an epoch, at least, so that nothing is divided by 0
PATIENCE = 1.0  # seconds that the application waits, when it ends, for the last epoch and its checkpoint


class Training:
    """A run in a process. Its public attributes may be read at any time, from any thread."""

    def __init__(
        self, dataset: Dataset, folder: Path, config: TrainConfig, resumed: bool = False, data: str = ""
    ) -> None:
        """The process begins with `start`.

        dataset, data: what to train on, and the value of --data that opens it; folder: where the run is saved; resumed:
        whether to go on from the checkpoint in that folder: `config` is then that of the run.
        """
        self.dataset, self.folder, self.config, self.resumed, self.data = dataset, folder, config, resumed, data
        self.first = 0  # how many epochs were done when it began
        self.epoch = 0  # how many are done now
        self.kept = 0  # how many of its models have been saved as steps
        self.rate = 0.0  # epochs a second
        self.seconds = 0.0  # of training
        self.path = ""  # "span" or "direct"; "" until the process says it
        self.error = ""  # why it failed, in one line
        self.rows: list[dict[str, Any]] = []  # of the log, since `first`
        self.figures: dict[str, Any] = {}  # of the finished model
        self.live: tuple[int, Model] | None = None  # the newest model that came after `ask`, with its epoch
        self.following = True  # whether the application looks at the newest model
        self.shown: int | None = None  # the epoch of the live model that it looks at; None: it looks at a kept step
        self._curves = np.empty((3, 1024), np.float32)  # `curves`, with room for later epochs
        self._since = 0.0, 0  # seconds and epochs when the rate was last measured
        self._steps = set(snapshot_epochs(config.epochs, config.snapshots))  # epochs after which a model is saved
        self._state: Status = "starting"
        self._wish = ""  # of the user: "pause", "stop" or ""
        self._asked = False  # whether a model was asked for that has not come yet
        self._lock = Lock()  # held while the process is started, written to or forgotten
        self._process: subprocess.Popen[bytes] | None = None
        self._last = ""  # the last line that it wrote to stderr
        self._thread = Thread(target=self._work, name=f"training {folder.name}", daemon=True)

    @classmethod
    def resume(cls, recording: Recording, data: str = "") -> Training:
        """A training that goes on with a stopped run. Raises `UsageError` if the run has options that this version does
        not know."""
        try:
            config = make_config(**recording.config)
        except TypeError as error:
            raise UsageError(f"run {recording.name!r} is of another version of flagsae ({error})") from None
        return cls(recording.dataset, recording.folder, config, resumed=True, data=data)

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def command(self) -> str:
        """The command line that goes on with the run."""
        return f"flagsae train --resume --name {self.name}"

    @property
    def status(self) -> Status:
        """How the run is. It is "starting" until the first epoch is done, and "stopping" from `stop` on until the
        checkpoint is saved."""
        state = self._state
        return "stopping" if self._wish == "stop" and state not in ENDS else state

    @property
    def paused(self) -> bool:
        """Whether the user wants a pause. It begins when the current epoch is done."""
        return self._wish == "pause"

    @property
    def alive(self) -> bool:
        """Whether the run has not ended yet."""
        return self._state not in ENDS

    @property
    def curves(self) -> NDArray[np.float32]:
        """Loss, L0 and dead features after each epoch since `first`: 3 x epochs."""
        epochs = max(0, self.epoch - self.first)
        return self._curves[:, :epochs]

    # What the user does.

    def start(self) -> None:
        self._thread.start()

    def pause(self) -> None:
        """Pauses the run after the current epoch, until `go_on`."""
        self._want("pause")

    def go_on(self) -> None:
        self._want("")

    def stop(self) -> None:
        """Ends the run after the current epoch, with a checkpoint to resume from."""
        self._want("stop")

    def ask(self) -> None:
        """Asks for the model as it is after the current epoch. It is put into `live` when it comes."""
        with self._lock:
            if not self._asked:
                self._asked = True
                self._tell("model")

    def wait(self, seconds: float | None = None) -> bool:
        """Waits until the run has ended, at most so many seconds; returns whether it has."""
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def leave(self) -> None:
        """Stops the run because the application ends. After `PATIENCE` the application no longer waits: the process
        then finishes its epoch and saves the checkpoint without it."""
        self.stop()
        self.wait(PATIENCE)

    def _want(self, wish: str) -> None:
        with self._lock:
            if self._wish != "stop":  # which nothing takes back
                self._wish = wish
                self._tell()

    def _tell(self, line: str = "") -> None:
        """Writes a line to the process, if there is one. Without a line, tells it what the user wants: a stop by a
        signal, the rest by a line."""
        process = self._process
        if process is None:
            return
        if not line and self._wish == "stop":
            process.terminate()
            if hasattr(signal, "SIGCONT"):
                process.send_signal(signal.SIGCONT)  # a process that was suspended would not handle the first signal
            return
        assert process.stdin is not None
        with suppress(OSError):  # the process has just ended
            os.write(process.stdin.fileno(), f"{line or self._wish or 'go'}\n".encode())

    # In the thread.

    def _work(self) -> None:
        try:
            end = self._run()
        except Exception as error:  # nothing above in this thread would report it
            traceback.print_exc(file=sys.stderr)
            self.error = f"{type(error).__name__}: {error}".splitlines()[0].rstrip(": ")
            end = "failed"
        self._state = end

    def _run(self) -> Status:
        with self._lock:
            if self._wish == "stop":
                return "stopped"
            try:
                process = subprocess.Popen(
                    child.command("train", *self._options()),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    env=child.environment({**os.environ, "OMP_NUM_THREADS": THREADS}),
                )
            except OSError as error:
                self.error = f"cannot start {error.filename or 'a process'}: {error.strerror or error}"
                return "failed"
            self._process = process
            self._tell()
            if self._asked:
                self._tell("model")
        assert process.stdout is not None and process.stderr is not None
        with process:
            copying = Thread(target=self._copy_errors, args=(process.stderr, sys.stderr), daemon=True)
            copying.start()
            try:
                while line := process.stdout.readline(LONGEST):
                    self._handle(line, process.stdout)
            except ModelError as error:
                self.error = str(error)
                process.kill()
            copying.join()
            code = process.wait()
            with self._lock:
                self._process = None
        return self._end(code)

    def _end(self, code: int) -> Status:
        """How the run has ended, by the exit code of its process."""
        if self.error:
            return "failed"
        if code in STOPPED:
            return "stopped"
        if code == 0 and self.figures:
            return "done"
        if code < 0:
            self.error = f"its process was ended by {signal.Signals(-code).name}; r goes on from its last checkpoint"
        else:
            self.error = self._last or f"its process ended with code {code}"
        return "failed"

    def _copy_errors(self, errors: IO[bytes], log: TextIO) -> None:
        """Copies what the process writes to its stderr to ours, in a thread of its own."""
        while line := errors.readline(LONGEST):
            text = line.decode(errors="replace")
            self._last = printable(text.strip().removeprefix("flagsae: ")) or self._last
            with suppress(OSError, ValueError):  # the disk is full; the log was closed
                log.write(text)

    def _handle(self, line: bytes, stream: IO[bytes]) -> None:
        """Handles a message of the process; `training/attended.py` lists them. Raises `ModelError` if it is none.

        stream: where the line was read, for the model that follows one of the messages.
        """
        try:
            match json.loads(line):
                case {"begin": int(epoch), "seconds": seconds, "path": str(path), "dataset": str(dataset)}:
                    if dataset != self.dataset.hash:
                        raise ModelError(f"dataset {self.dataset.name!r} has changed since it was opened: start again")
                    self.epoch = self.first = epoch
                    self.path = path
                    self._since = float(seconds), epoch
                case {"epoch": int(epoch), "seconds": seconds, "loss": loss, "l0": l0, "dead": dead, "rows": rows}:
                    self._add(epoch, float(seconds), np.array([loss, l0, dead], np.float32), rows)
                case {"paused": bool(paused)}:
                    self._state = "paused" if paused else "running"
                case {"model": int(size), "header": dict(header)} if 0 < size <= LARGEST:
                    self.live = self.epoch, unpacked(header, stream.read(size), self.dataset)
                    self._asked = False
                case {"figures": dict(figures)}:
                    self.figures = figures
                case _:
                    raise ValueError
        except (Damaged, ValueError, TypeError, KeyError, RecursionError, SafetensorError):
            start = printable(line[:40].decode(errors="replace").strip())
            raise ModelError(f"its process said what nobody understands: {start}") from None

    def _add(self, epoch: int, seconds: float, curves: NDArray[np.float32], rows: list[dict[str, Any]]) -> None:
        """Adds the epochs since the last message, and the rows of the log that came with them.

        epoch, seconds: how many are done now, and the time that all took; curves: as the property, of the new epochs.
        Raises `ValueError` if `curves` has not as many epochs as were added.
        """
        before, new = self.epoch - self.first, curves.shape[1]
        if epoch != self.epoch + new:
            raise ValueError
        while before + new > self._curves.shape[1]:
            self._curves = np.concatenate([self._curves, np.empty_like(self._curves)], 1)
        self._curves[:, before : before + new] = curves
        self.rows += [{**row, "epoch": int(row["epoch"])} for row in rows]
        self.seconds = seconds
        self.kept = max(1, self.kept + sum(self.epoch < step <= epoch for step in self._steps))
        last, at = self._since
        if seconds - last >= PACE or not self.rate:
            self.rate = (epoch - at) / max(seconds - last, SHORTEST)
            self._since = seconds, epoch
        if self._state == "starting":
            self._state = "running"
        self.epoch = epoch  # last, so that another thread that reads it finds all of the above

    def _options(self) -> list[str]:
        """The options of `flagsae train` for this run."""
        options = ["--attended", "--quiet", f"--name={self.folder.name}"]
        if self.data:
            options.append(f"--data={self.data}")
        if self.resumed:
            return [*options, "--resume"]
        return [*options, *(f"--{name.replace('_', '-')}={value}" for name, value in asdict(self.config).items())]
