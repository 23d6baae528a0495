"""A training run in a process of its own, `flagsae train`: paused, stopped and looked at while it runs.

Nothing here knows of the terminal. A thread reads what the process says and writes it down, and whoever wants to know
looks, as often as they like. torch is imported there and not here, where it would hold up every key for seconds.
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
# What ends a run well, and the exit codes of a process that was ended so: by its own handler, or before it had one.
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOPPED = {128 + number for number in SIGNALS} | {-number for number in SIGNALS}
LONGEST = 1 << 24  # bytes of a line that a process may say
LARGEST = 1 << 31  # bytes of a model
THREADS = "1"  # of torch and numpy: the screen keeps a core
PACE = 0.5  # seconds over which the rate is taken
PATIENCE = 1.0  # seconds that the application waits, when it ends, for the last epoch and its checkpoint


class Training:
    """A run on its way. Every attribute may be read at any time, from any thread.

    status: "starting" is before the first epoch, "stopping" after `stop` until the checkpoint is written; epoch: how
    many are done; first: how many were when it began; kept: how many models have been written down; rate: epochs a
    second; path: "span" or "direct", when that is known; error: why it failed, in one line; live: the newest model
    that was asked for, with its epoch; following: whether the application looks at the newest model, and shown: the
    epoch of the one that it looks at.
    """

    def __init__(
        self, dataset: Dataset, folder: Path, config: TrainConfig, resumed: bool = False, data: str = ""
    ) -> None:
        """folder: of the user's models; resumed: goes on from its checkpoint; data: the dataset, as --data has it."""
        self.dataset, self.folder, self.config, self.resumed, self.data = dataset, folder, config, resumed, data
        self.first = 0
        self.epoch = 0
        self.kept = 0
        self.rate = 0.0
        self.seconds = 0.0
        self.path = ""
        self.error = ""
        self.rows: list[dict[str, Any]] = []
        self.figures: dict[str, Any] = {}  # of the finished model
        self.live: tuple[int, Model] | None = None
        self.following = True
        self.shown: int | None = None
        self._curves = np.empty((3, 1024), np.float32)
        self._since = 0.0, 0  # seconds and epochs when the rate was taken last
        self._keeps = set(snapshot_epochs(config.epochs, config.snapshots))
        self._state: Status = "starting"
        self._wish = ""  # "pause" or "stop"
        self._asked = False
        self._lock = Lock()  # around the process, and what it is told
        self._process: subprocess.Popen[bytes] | None = None
        self._last = ""  # the last line of its stderr
        self._thread = Thread(target=self._work, name=f"training {folder.name}", daemon=True)

    @classmethod
    def resume(cls, recording: Recording, data: str = "") -> Training:
        """Goes on with a stopped run. Raises `UsageError` where its options are not those of this version."""
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
        """What goes on with it in a shell."""
        return f"flagsae train --resume --name {self.name}"

    @property
    def status(self) -> Status:
        state = self._state
        return "stopping" if self._wish == "stop" and state not in ENDS else state

    @property
    def paused(self) -> bool:
        """Whether a pause is wanted, which begins within an epoch."""
        return self._wish == "pause"

    @property
    def alive(self) -> bool:
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
        """Within an epoch; `go_on` ends it."""
        self._want("pause")

    def go_on(self) -> None:
        self._want("")

    def stop(self) -> None:
        """After this epoch, for good, with a checkpoint to resume from."""
        self._want("stop")

    def ask(self) -> None:
        """The model as it is after this epoch is wanted: it will be in `live`."""
        with self._lock:
            if not self._asked:
                self._asked = True
                self._tell("model")

    def wait(self, seconds: float | None = None) -> bool:
        """Whether it has come to its end, within so many seconds."""
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def leave(self) -> None:
        """Ends it because the application ends. A long epoch is finished, and saved, when the application is gone."""
        self.stop()
        self.wait(PATIENCE)

    def _want(self, wish: str) -> None:
        with self._lock:
            if self._wish != "stop":
                self._wish = wish
                self._tell()

    def _tell(self, line: str = "") -> None:
        """Writes a line to the process, where there is one; none: what the user wants now."""
        process = self._process
        if process is None:
            return
        if not line and self._wish == "stop":
            process.terminate()
            if hasattr(signal, "SIGCONT"):
                process.send_signal(signal.SIGCONT)  # one that somebody has stopped hears nothing
            return
        assert process.stdin is not None
        with suppress(OSError):  # it has just ended
            os.write(process.stdin.fileno(), f"{line or self._wish or 'go'}\n".encode())

    # In the thread.

    def _work(self) -> None:
        try:
            end = self._run()
        except Exception as error:  # there is nobody else to tell
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
                    child.command("train", *self._words()),
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
            said = Thread(target=self._copy, args=(process.stderr, sys.stderr), daemon=True)
            said.start()
            try:
                while line := process.stdout.readline(LONGEST):
                    self._take(line, process.stdout)
            except ModelError as error:
                self.error = str(error)
                process.kill()
            said.join()
            code = process.wait()
            with self._lock:
                self._process = None
        return self._end(code)

    def _end(self, code: int) -> Status:
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

    def _copy(self, errors: IO[bytes], log: TextIO) -> None:
        """In a thread of its own: what the process writes to its stderr, to ours."""
        while line := errors.readline(LONGEST):
            text = line.decode(errors="replace")
            self._last = printable(text.strip().removeprefix("flagsae: ")) or self._last
            with suppress(OSError, ValueError):  # a full disk; the log is closed
                log.write(text)

    def _take(self, line: bytes, stream: IO[bytes]) -> None:
        """Writes down what a message says. Raises `ModelError` where it is none."""
        try:
            match json.loads(line):
                case {"begin": int(epoch), "seconds": seconds, "path": str(path), "dataset": str(dataset)}:
                    if dataset != self.dataset.hash:
                        raise ModelError(f"dataset {self.dataset.name!r} has changed since it was opened: start again")
                    self.epoch = self.first = epoch
                    self.path = path
                    self._since = float(seconds), epoch
                case {"epoch": int(epoch), "seconds": seconds, "loss": loss, "l0": l0, "dead": dead, "rows": rows}:
                    self._write_down(epoch, float(seconds), np.array([loss, l0, dead], np.float32), rows)
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

    def _write_down(self, epoch: int, seconds: float, curves: NDArray[np.float32], rows: list[dict[str, Any]]) -> None:
        """Epochs since the last ones, and rows of the log. curves: 3 x epochs."""
        before, new = self.epoch - self.first, curves.shape[1]
        if epoch != self.epoch + new:
            raise ValueError
        while before + new > self._curves.shape[1]:
            self._curves = np.concatenate([self._curves, np.empty_like(self._curves)], 1)
        self._curves[:, before : before + new] = curves
        self.rows += [{**row, "epoch": int(row["epoch"])} for row in rows]
        self.seconds = seconds
        self.kept = max(1, self.kept + sum(self.epoch < kept <= epoch for kept in self._keeps))
        last, at = self._since
        if seconds - last >= PACE or not self.rate:
            self.rate = (epoch - at) / max(seconds - last, 1e-6)
            self._since = seconds, epoch
        if self._state == "starting":
            self._state = "running"
        self.epoch = epoch  # last: whoever sees it finds the rest

    def _words(self) -> list[str]:
        words = ["--attended", "--quiet", f"--name={self.folder.name}"]
        if self.data:
            words.append(f"--data={self.data}")
        if self.resumed:
            return [*words, "--resume"]
        return [*words, *(f"--{name.replace('_', '-')}={value}" for name, value in asdict(self.config).items())]
