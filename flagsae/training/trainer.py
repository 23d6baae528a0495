"""The trainer: one loop for every objective, with its log, its checkpoints and its end.

A run is a folder: model.safetensors when it is done, log.jsonl with a row each `log_every` epochs, and
checkpoint.safetensors with all that the next step depends on, so that a resumed run ends where an unbroken one
would. steps/ keeps the model as it was on the way, with the loss of every epoch: `flagsae.sae.runs` reads them. Whoever
drives a run iterates over `Run.train()` and may stop at any epoch: nothing runs in between.
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
from flagsae.training.objective import Objective
from flagsae.training.resources import check_memory, threads, threads_for, usable_device
from flagsae.training.seed import SeedObjective

KINDS_OF = {torch.float32: "float", torch.int64: "whole", torch.uint8: "byte"}  # in a file
OBJECTIVES: dict[str, type[Objective[Any]]] = {"crisp": CrispObjective, "seed": SeedObjective}
T = TypeVar("T")


@dataclass(frozen=True)
class Progress:
    """After an epoch: how many are done, what its own steps say, and the log's row where one is due.

    loss: the mean training loss; l0: active features of a training flag; dead: features that no flag made fire.
    """

    epoch: int
    loss: float
    l0: float
    dead: int
    row: dict[str, Any] | None


def _config(saved: Config) -> TrainConfig:
    """The configuration of a checkpoint. Raises `Damaged` where it is of another version, or makes no sense."""
    try:
        return make_config(**saved)
    except TypeError:
        unknown = sorted(set(saved) - {entry.name for entry in fields_of(TrainConfig)}) or ["no preset"]
        raise Damaged(f"its header.config is of another version of flagsae: {short(unknown[0])}") from None


class Run:
    """A training run in a folder. `epoch` is the number of epochs done."""

    def __init__(self, folder: Path, config: TrainConfig, dataset: Dataset) -> None:
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
        self._model: Model | None = None  # as it stands, where somebody has asked for it since the last epoch
        self._figures: Figures | None = None
        self.seconds = 0.0
        self.losses: list[float] = []  # of the epochs since the last step that was kept

    @classmethod
    def resume(cls, folder: Path, dataset: Dataset) -> Run:
        """The run that the folder's checkpoint holds. Raises `ModelError` where there is none or it is damaged."""
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
        """Takes over what the next step depends on, where it has the shapes of this run's own. Raises `Damaged`."""
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
        except RuntimeError as error:  # of a random generator
            raise Damaged(str(error).splitlines()[0]) from None

    def train(self) -> Generator[Progress, None, None]:
        """Trains to the last epoch. Closing the iterator between two epochs saves a checkpoint."""
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = snapshot_epochs(self.config.epochs, self.config.snapshots)
        if self.epoch == 0:
            self.checkpoint()  # in place of an older run's, which nothing else in the folder would fit
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
        """Drops rows after the checkpoint that this run goes on from: they will be written again."""
        log = self.folder / "log.jsonl"
        rows = [row for row in read_log(self.folder) if row["epoch"] < self.epoch]
        with paths.replacing(log) as file:
            file.write("".join(json.dumps(row) + "\n" for row in rows).encode())

    def _keep_steps(self) -> None:
        """Drops the models after the checkpoint that this run goes on from, and all of an older run's."""
        for epoch, path in step_files(self.folder).items():
            if epoch > self.epoch or self.epoch == 0:
                path.unlink()

    def _snapshot(self) -> None:
        """Keeps the model as it stands, half as large, with the losses of the epochs since the one before."""
        tensors, header = self._exported()
        small, exponents = halved(tensors)
        small["losses"] = np.array(self.losses, np.float32)
        save_model(step_file(self.folder, self.epoch), small, {**header, "exponents": exponents})
        self.losses = []

    def checkpoint(self) -> None:
        """Writes everything that the next step depends on, whole or not at all."""
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
        """The model as it stands."""
        if self._model is None:
            self._model = self._computed(self.objective.model)
        return self._model

    def figures(self) -> Figures:
        """The losses of each part, L0 and dead features, as they stand; None where there is nothing to measure.

        Raises `ModelError` where training has diverged.
        """
        if self._figures is None:
            model = self.model()
            figures: Figures = self._computed(lambda: self.objective.figures(model))
            self._look(value for value in figures.values() if value is not None)
            self._figures = figures
        return self._figures

    def save(self) -> Info:
        """Writes the finished model, with its figures in the header; returns what the file says."""
        tensors, header = self._exported()
        return info_of({**header, "hash": save_model(self.folder / "model.safetensors", tensors, header)})

    def _computed(self, what: Callable[[], T]) -> T:
        """What torch makes of it, in the run's threads. Raises `ModelError` where training has diverged."""
        try:
            with threads(self.threads):
                return what()
        except torch.linalg.LinAlgError:  # type: ignore[attr-defined]  # of a matrix that is not finite
            raise self._diverged() from None
        except (MemoryError, torch.OutOfMemoryError):
            reason = "there is too little memory for this run: give fewer "
            raise FlagsaeError(reason, Parameter("features")) from None

    def _exported(self) -> tuple[Tensors, Header]:
        """The arrays and the header of a file of the model as it stands. Raises `ModelError` where it has diverged."""
        tensors, own = self.model().export()
        self._look(tensors.values())
        return tensors, {**self._made(), **own, "epochs_done": self.epoch, "figures": self.figures()}

    def _look(self, values: Iterable[Any]) -> None:
        """Raises `ModelError` where a number is not finite: what is already written stays, and nothing worse comes."""
        if not all(np.isfinite(value).all() for value in values):
            raise self._diverged()

    def _diverged(self) -> ModelError:
        return ModelError(f"training diverged by epoch {self.epoch}: try a smaller ", Parameter("learning_rate"))

    def _made(self) -> Header:
        """What makes a model: how many are kept on the way, and in how many threads, has no part in it."""
        config = {name: value for name, value in asdict(self.config).items() if name not in ("snapshots", "threads")}
        return {"config": config, "dataset": self.dataset.hash, "dataset_name": self.dataset.name}
