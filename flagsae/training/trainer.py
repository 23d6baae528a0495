"""The trainer: one loop for all objectives, which also writes the log, the checkpoints and the finished model.

A run is a folder with

- model.safetensors, the finished model;
- log.jsonl, a row for every `log_every` epochs;
- checkpoint.safetensors, all that the next step depends on: a resumed run ends exactly like an uninterrupted one;
- steps/, models kept on the way, with the loss of every epoch; `flagsae.sae.runs` reads them.

A caller iterates over `Run.train()`, which computes one epoch for each item, and may stop after any of them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Generator, Iterable
from dataclasses import asdict, dataclass
from dataclasses import fields as fields_of
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch

from flagsae import paths
from flagsae.checks import Array, Damaged, short
from flagsae.errors import DatasetError, FlagsaeError, ModelError, Parameter, UsageError
from flagsae.flags.dataset import Dataset
from flagsae.sae.info import Config, Figures, Header, Info, info_of
from flagsae.sae.kind import Model
from flagsae.sae.model import halved, save_model
from flagsae.sae.runs import checkpoint_of, read_log, step_file, step_files
from flagsae.tensors import FORMAT, Source, Tensors, opened, save
from flagsae.training.config import TrainConfig, make_config, snapshot_epochs
from flagsae.training.crisp import CrispObjective
from flagsae.training.design import DesignObjective
from flagsae.training.objective import Objective
from flagsae.training.resources import check_memory, threads, threads_for, usable_device
from flagsae.training.seed import SeedObjective

KINDS_OF = {torch.float32: "float", torch.int64: "whole", torch.uint8: "byte"}  # what `checks.Array` calls them
OBJECTIVES: dict[str, type[Objective[Any]]] = {
    "design": DesignObjective,
    "crisp": CrispObjective,
    "seed": SeedObjective,
}
T = TypeVar("T")


@dataclass(frozen=True)
class Progress:
    """What is known after an epoch."""

    epoch: int  # epochs done
    loss: float  # mean loss of the epoch's steps
    l0: float  # mean number of active features of a training flag
    dead: int  # features that did not fire for any training flag
    row: dict[str, Any] | None  # the new row of the log, if one was written


def _config(saved: Config) -> TrainConfig:
    """The configuration in a checkpoint. Raises `Damaged` if its fields are those of another version, `UsageError` if
    a value is wrong."""
    try:
        return make_config(**saved)
    except TypeError:
        unknown = sorted(set(saved) - {entry.name for entry in fields_of(TrainConfig)}) or ["no preset"]
        raise Damaged(f"its header.config is of another version of flagsae: {short(unknown[0])}") from None


class Run:
    """A training run in a folder. `epoch` is the number of epochs done."""

    def __init__(self, folder: Path, config: TrainConfig, dataset: Dataset) -> None:
        """A new run; writes nothing yet. Raises `UsageError` or `DatasetError` if it cannot start."""
        usable_device(config.device)
        if not len(dataset.split(config.split)["train"]):
            raise UsageError(f"split {config.split!r} of dataset {dataset.name!r} has no training flags")
        objective = OBJECTIVES[config.preset]
        needs = objective.needs(config, dataset)
        check_memory(needs.memory)
        self.folder = folder
        self.config = config
        self.dataset = dataset
        self.threads = threads_for(needs.work, config.threads)
        self.epoch = 0
        self.objective = self._computed(lambda: objective(config, dataset))
        self._model: Model | None = None  # the model after the last epoch, once it was asked for
        self._figures: Figures | None = None  # its figures, likewise
        self.seconds = 0.0  # of training, without the time for files
        self.losses: list[float] = []  # of the epochs since the last model that was kept in steps/

    @classmethod
    def resume(cls, folder: Path, dataset: Dataset) -> Run:
        """Continues from the folder's checkpoint. Raises `ModelError` if there is none, it is damaged, or it belongs to
        another dataset."""
        path = folder / "checkpoint.safetensors"
        if not path.is_file():
            raise ModelError(f"no checkpoint in {folder}: leave ", Parameter("resume"), " out to start the run anew")
        try:
            with opened(path) as file:
                saved = checkpoint_of(file)
                info = saved.info
                if info.dataset != dataset.hash:
                    raise ModelError(
                        f"{path} belongs to dataset {info.dataset_name!r} ({info.dataset}), "
                        f"not to {dataset.name!r} ({dataset.hash}): give its ",
                        Parameter("data"),
                    )
                run = cls(folder, _config(info.config), dataset)
                if saved.epoch > run.config.epochs:
                    raise Damaged(f"its header.epoch is {saved.epoch} of {run.config.epochs}")
                run.epoch, run.seconds = saved.epoch, saved.seconds
                run._restore(file)
        except (Damaged, UsageError, DatasetError) as error:
            why = error.parts if isinstance(error, FlagsaeError) else (str(error),)
            again = "): start the run anew, without ", Parameter("resume")
            raise ModelError(f"{path} cannot be gone on with (", *why, *again) from None
        return run

    def _restore(self, file: Source) -> None:
        """Takes over the state in a checkpoint. Raises `Damaged` if its arrays do not have the shapes of this run's."""
        state = self.objective.state()
        wanted = {
            name: Array(KINDS_OF[tensor.dtype], tuple(tensor.shape), empty=True) for name, tensor in state.items()
        }
        losses = Array("float", ("E",), optional=True, empty=True)
        found = file.arrays({**wanted, "losses": losses}, {})
        self.losses = found.pop("losses", np.zeros(0)).tolist()
        if len(self.losses) > self.epoch:
            raise Damaged(f"losses has {len(self.losses)} numbers of {self.epoch} epochs")
        try:
            self.objective.restore({name: torch.from_numpy(tensor) for name, tensor in found.items()})
        except RuntimeError as error:  # the state of the random generator is damaged
            raise Damaged(str(error).splitlines()[0]) from None

    def train(self) -> Generator[Progress, None, None]:
        """Trains to the last epoch; yields after each. Closing the iterator saves a checkpoint."""
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = snapshot_epochs(self.config.epochs, self.config.snapshots)
        if self.epoch == 0:
            self.checkpoint()  # replaces that of an older run in the folder, before its other files are dropped
        self._keep_rows()
        self._keep_steps()
        if self.epoch == 0 and 0 in kept:
            self._snapshot()
        while self.epoch < self.config.epochs:
            start = time.perf_counter()
            self._model = self._figures = None
            loss, l0, dead = self._computed(self.objective.epoch)
            self._look([loss])
            self.seconds += time.perf_counter() - start
            row = self._log(loss) if self.epoch % self.config.log_every == 0 else None
            self.epoch += 1
            self.losses.append(loss)
            if self.epoch in kept:
                self._snapshot()
            due = self.epoch % self.config.checkpoint_every == 0 or self.epoch == self.config.epochs
            if due:
                self.checkpoint()
            try:
                yield Progress(self.epoch, loss, l0, dead, row)
            except GeneratorExit:
                if not due:
                    self.checkpoint()
                raise

    def _log(self, loss: float) -> dict[str, Any]:
        row = {"epoch": self.epoch, **self.figures(), "step_loss": loss, "seconds": round(self.seconds, 2)}
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        return row

    def _keep_rows(self) -> None:
        """Drops the log's rows after the checkpoint that this run continues from: they will be written again."""
        log = self.folder / "log.jsonl"
        rows = [row for row in read_log(self.folder) if row["epoch"] < self.epoch]
        with paths.replacing(log) as file:
            file.write("".join(json.dumps(row) + "\n" for row in rows).encode())

    def _keep_steps(self) -> None:
        """Drops the kept models after the checkpoint that this run continues from; a new run drops all."""
        for epoch, path in step_files(self.folder).items():
            if epoch > self.epoch or self.epoch == 0:
                path.unlink()

    def _snapshot(self) -> None:
        """Keeps the current model in steps/, at half precision, with the losses since the last one that was kept."""
        tensors, header = self._exported()
        small, exponents = halved(tensors)
        small["losses"] = np.array(self.losses, np.float32)
        save_model(step_file(self.folder, self.epoch), small, {**header, "exponents": exponents})
        self.losses = []

    def checkpoint(self) -> None:
        """Writes all that the next step depends on; an interruption leaves the old file as it was."""
        header = {
            **self._made(),
            "config": asdict(self.config),
            "format": FORMAT,
            "epoch": self.epoch,
            "seconds": self.seconds,
        }
        state = {name: tensor.detach().cpu().numpy() for name, tensor in self.objective.state().items()}
        state["losses"] = np.array(self.losses, np.float64)
        self._look(state.values())
        save(self.folder / "checkpoint.safetensors", state, header)

    def model(self) -> Model:
        """The model after the last epoch."""
        if self._model is None:
            self._model = self._computed(self.objective.model)
        return self._model

    def figures(self) -> Figures:
        """The loss of each part, L0 and dead features of `model()`; None for a part without flags.

        Raises `ModelError` if training has diverged.
        """
        if self._figures is None:
            model = self.model()
            figures: Figures = self._computed(lambda: self.objective.figures(model))
            self._look(value for value in figures.values() if value is not None)
            self._figures = figures
        return self._figures

    def save(self) -> Info:
        """Writes model.safetensors, with the figures in its header. Returns what the header says."""
        tensors, header = self._exported()
        return info_of({**header, "hash": save_model(self.folder / "model.safetensors", tensors, header)})

    def _computed(self, what: Callable[[], T]) -> T:
        """The result of a function that computes with torch, in the run's number of threads.

        Raises `ModelError` if training has diverged, `FlagsaeError` if there is too little memory.
        """
        try:
            # Numbers that are not finite are told of by `_look`, not by warnings of numpy's.
            with threads(self.threads), np.errstate(invalid="ignore", over="ignore"):
                return what()
        except torch.linalg.LinAlgError:  # type: ignore[attr-defined]  # a matrix has numbers that are not finite
            raise self._diverged() from None
        except (MemoryError, torch.OutOfMemoryError):
            reason = "there is too little memory for this run: give fewer "
            raise FlagsaeError(reason, Parameter("features")) from None

    def _exported(self) -> tuple[Tensors, Header]:
        """(arrays, header) of a file of the current model. Raises `ModelError` if it has diverged."""
        tensors, own = self.model().export()
        self._look(tensors.values())
        return tensors, {**self._made(), **own, "epochs_done": self.epoch, "figures": self.figures()}

    def _look(self, values: Iterable[Any]) -> None:
        """Raises `ModelError` if a number is not finite. Called before files are written, so that these stay good."""
        if not all(np.isfinite(value).all() for value in values):
            raise self._diverged()

    def _diverged(self) -> ModelError:
        return ModelError(f"training diverged by epoch {self.epoch}: try a smaller ", Parameter("learning_rate"))

    def _made(self) -> Header:
        """What the model depends on, for headers: not how many models are kept on the way, nor the threads."""
        config = {name: value for name, value in asdict(self.config).items() if name not in ("snapshots", "threads")}
        return {"config": config, "dataset": self.dataset.hash, "dataset_name": self.dataset.name}
