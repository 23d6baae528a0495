"""A training run in a thread of its own: the trainer of `flagsae train`, paused, stopped and looked at while it runs.

Nothing here knows of the terminal. The thread calls nobody: it writes down how far it is, and whoever wants to know
looks, as often as they like. torch is imported in the thread, when a run is wanted.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import sys
import traceback
from pathlib import Path
from threading import Condition, Thread
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.dataset import Dataset
from flagsae.errors import FlagsaeError, UsageError
from flagsae.model import Model
from flagsae.runs import Recording
from flagsae.training.config import TrainConfig, make_config, snapshot_epochs, trainer

if TYPE_CHECKING:
    from flagsae.training.trainer import Progress, Run

Status: TypeAlias = Literal["starting", "running", "paused", "stopping", "stopped", "done", "failed"]

ENDS = ("stopped", "done", "failed")
THREADS = 1  # of torch: the screen keeps a core
PACE = 0.5  # seconds over which the rate is taken
PATIENCE = 1.0  # seconds that the last epoch and its checkpoint may take, when the application ends


class _Interrupted(BaseException):
    """The application ends, and an epoch, or an import, takes too long."""


class Training:
    """A run on its way. Every attribute may be read at any time, from any thread.

    status: "starting" is before the first epoch, "stopping" after `stop` until the checkpoint is written; epoch: how
    many are done; first: how many were when it began; kept: how many models have been written down; rate: epochs a
    second; path: "span" or "direct", when that is known; error: why it failed, in one line; live: the newest model
    that was asked for, with its epoch; following: whether the application looks at the newest model, and shown: the
    epoch of the one that it looks at.
    """

    def __init__(self, dataset: Dataset, folder: Path, config: TrainConfig, resumed: bool = False) -> None:
        """resumed: goes on from the folder's checkpoint."""
        self.dataset, self.folder, self.config, self.resumed = dataset, folder, config, resumed
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
        self._state: Status = "starting"
        self._wish = ""  # "pause" or "stop"
        self._asked = False
        self._condition = Condition()
        self._thread = Thread(target=self._work, name=f"training {folder.name}", daemon=True)

    @classmethod
    def resume(cls, recording: Recording) -> Training:
        """Goes on with a stopped run. Raises `UsageError` where its options are not those of this version."""
        try:
            config = make_config(**recording.config)
        except TypeError as error:
            raise UsageError(f"run {recording.name!r} is of another version of flagsae ({error})") from None
        return cls(recording.dataset, recording.folder, config, resumed=True)

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
        atexit.register(self.leave)
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
        with self._condition:
            self._asked = True
            self._condition.notify()

    def wait(self, seconds: float | None = None) -> bool:
        """Whether it has come to its end, within so many seconds."""
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def leave(self) -> None:
        """Ends it because the application ends: with a checkpoint, unless that takes too long, and never running on.

        A thread that is still in torch when Python ends would abort the process.
        """
        atexit.unregister(self.leave)
        begun = self.path != ""
        self.stop()
        if not self.wait(PATIENCE if begun else 0):
            thread = ctypes.c_ulong(self._thread.ident or 0)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(_Interrupted))
            self.wait(PATIENCE)

    def _want(self, wish: str) -> None:
        with self._condition:
            if self._wish != "stop":
                self._wish = wish
            self._condition.notify()

    # In the thread.

    def _work(self) -> None:
        try:
            end = self._run()
        except _Interrupted:
            end = "stopped"
        except Exception as error:  # there is nobody else to tell
            traceback.print_exc(file=sys.stderr)
            self.error = _line(error)
            end = "failed"
        self._state = end
        atexit.unregister(self.leave)

    def _run(self) -> Status:
        run_class = trainer()
        # What torch has brought is there to stay. To look through all of it for garbage would stop the screen, for a
        # sixth of a second each time.
        gc.freeze()
        if self._wish == "stop":
            return "stopped"
        from flagsae.training.trainer import threads

        with threads(THREADS):
            run = (
                run_class.resume(self.folder, self.dataset)
                if self.resumed
                else run_class(self.folder, self.config, self.dataset)
            )
            self.epoch = self.first = run.epoch
            if self._wish == "stop":
                return "stopped"
            self.path = run.objective.path
            return self._train(run)

    def _train(self, run: Run) -> Status:
        keeps = set(snapshot_epochs(run.config.epochs, run.config.snapshots))
        since = run.seconds, run.epoch
        epochs = run.train()
        for progress in epochs:
            self._write_down(progress, run)
            if progress.epoch in keeps or not self.kept:
                self.kept += 1
            if run.seconds - since[0] >= PACE or not self.rate:
                self.rate = (run.epoch - since[1]) / max(run.seconds - since[0], 1e-6)
                since = run.seconds, run.epoch
            if self._wish == "" and not self._asked:
                self._state = "running"
            elif not self._goes_on(run):
                epochs.close()
                break
        if run.epoch < run.config.epochs:
            return "stopped"
        self.figures = run.save()["figures"]
        return "done"

    def _write_down(self, progress: Progress, run: Run) -> None:
        epochs = progress.epoch - self.first
        if epochs > self._curves.shape[1]:
            self._curves = np.concatenate([self._curves, np.empty_like(self._curves)], 1)
        self._curves[:, epochs - 1] = progress.loss, progress.l0, progress.dead
        self.seconds = run.seconds
        if progress.row is not None:
            self.rows.append(progress.row)
        self.epoch = progress.epoch  # last: whoever sees it finds the rest

    def _goes_on(self, run: Run) -> bool:
        """Hands over the model where it is asked for, and waits while the user wants a pause; False: to stop."""
        with self._condition:
            while True:
                if self._asked:
                    self.live, self._asked = (run.epoch, run.model()), False
                if self._wish == "stop":
                    return False
                if self._wish == "":
                    self._state = "running"
                    return True
                self._state = "paused"
                self._condition.wait()


def _line(error: Exception) -> str:
    """What went wrong, in one line."""
    if isinstance(error, FlagsaeError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        where = f" ({error.filename})" if error.filename else ""
        return f"{error.strerror}{where}"
    return f"{type(error).__name__}: {error}".splitlines()[0].rstrip(": ")
