"""Recorded training runs, read without torch: how a model came to be, epoch by epoch.

A run's folder holds log.jsonl, a row of figures now and then; steps/000100.safetensors, the model as it was after 100
epochs, with the loss of every epoch since the step before; and, unless it is the shipped one, checkpoint.safetensors
with the losses since the last step. Any of them may be missing: a run goes on, was made by an older version or was
killed. What can be read is read.
"""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from flagsae import paths
from flagsae.checks import Check, Damaged, fields, number, optional, table, text, whole
from flagsae.errors import ModelError, Parameter, UsageError, shell
from flagsae.flags.dataset import Dataset
from flagsae.flags.names import fold
from flagsae.locks import gone, lock
from flagsae.sae.info import COMMON, CONFIG, Config, Figures, Info, info_of
from flagsae.sae.kind import Model
from flagsae.sae.model import LOSSES, SHIPPED, read_info, read_model
from flagsae.tensors import VERSION, Source, opened, parsed

SHIPPED_RUN = "crisp-run"  # of data/: how the shipped model was trained


@dataclass(frozen=True)
class Recording:
    """A run as far as it has come.

    name: as `load_model` takes it; config: its options; done: epochs done; epochs: those whose model was kept,
    ascending; losses: one an epoch, NaN where nobody wrote it down; figures: of each kept epoch; rows: of the log,
    where row "epoch" e was measured after e + 1 epochs and its "step_loss" is losses[e].
    """

    name: str
    folder: Path
    dataset: Dataset
    config: Config
    done: int
    epochs: tuple[int, ...]
    losses: NDArray[np.float32]
    figures: dict[int, Figures]
    rows: list[dict[str, Any]]

    def model(self, epoch: int) -> Model:
        """The model as it was after a kept epoch, read from its file. Raises `ModelError` where it is none or gone."""
        if epoch not in self.figures:
            kept = ", ".join(map(str, self.epochs)) or "none"
            raise ModelError(f"run {self.name!r} kept no model of epoch {epoch}: take one of {kept}")
        return read_model(self.dataset, step_file(self.folder, epoch))

    @property
    def stopped(self) -> bool:
        """Whether it ended before its last epoch, with a checkpoint to go on from."""
        return self.done < self.config["epochs"] and (self.folder / "checkpoint.safetensors").is_file()


def run_folder(name: str) -> Path:
    """Where a run of that name is, or will be. Raises `UsageError` where no run may be called so."""
    if not name or fold(name) != name:
        usual = fold(name) or "my-model"
        raise UsageError(f"{name!r}: use small letters, digits and hyphens, as in {usual!r}", parameter="name")
    if name == "shipped":
        raise UsageError("shipped is the model that comes with flagsae: choose another", parameter="name")
    return paths.models_folder() / name


# Whose a run's folder is: one process at a time trains in it.

LOCK = "lock"  # a file of the folder, with the id of the process that trains
LOOKS, PAUSE = 5, 0.02  # how often, and after how many seconds, a lock is tried: `holder` has it for a moment


class Claim:
    """A run's folder, made where there was none, and locked until `release` or the end of the process.

    Raises `UsageError` where another process trains in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = _locked(folder)
        self._file.truncate(0)
        self._file.write(str(os.getpid()).encode())
        self._file.flush()

    def release(self) -> None:
        """Anybody may train in the folder; one in which nothing was written is gone."""
        with contextlib.suppress(OSError):  # deleted by the user, or on Windows, which deletes no open file
            (self.folder / LOCK).unlink()
        self._file.close()
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    def __enter__(self) -> Claim:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def _locked(folder: Path) -> IO[bytes]:
    """The lock file of a folder, open and locked."""
    for look in range(LOOKS):
        time.sleep(PAUSE * (look > 0))
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK).open("a+b")
        with contextlib.suppress(BlockingIOError):
            lock(file.fileno())
            if not gone(file.fileno()):  # else it was released between the two
                return file
        file.close()
    by = f"process {pid}" if (pid := holder(folder)) else "another process"
    reason = f"{by} is training {folder.name!r}: wait for it, stop it, or give another "
    raise UsageError(reason, Parameter("name"))


def claim_free(name: str) -> Claim:
    """A folder for a new run of that name, with a number where it is taken."""
    while True:
        folder = free_folder(name)
        with contextlib.suppress(UsageError):  # another process was faster
            claim = Claim(folder)
            if not used(folder):
                return claim
            claim.release()


def holder(folder: Path) -> int | None:
    """The id of the process that trains in a folder, 0 where it is not known; None where nobody does."""
    with contextlib.suppress(OSError), (folder / LOCK).open("rb") as file:
        try:
            lock(file.fileno())
        except BlockingIOError:
            number = file.read(20)
            return int(number) if number.isdigit() else 0
    return None


def used(folder: Path) -> bool:
    """Whether there is a run, or anything else, in a folder."""
    return folder.exists() and any(path.name != LOCK for path in folder.iterdir())


def taken(folder: Path) -> bool:
    """Whether there is a run, or anything else, in a folder, or somebody trains in it."""
    return used(folder) or holder(folder) is not None


def free_folder(name: str) -> Path:
    """Where a new run may go: the folder of that name, with a number where it is taken. `claim_free` takes it."""
    folder, number = run_folder(name), 2
    while taken(folder):
        folder, number = run_folder(f"{name}-{number}"), number + 1
    return folder


# What is recorded.


def runs(dataset: Dataset) -> list[Recording]:
    """Every run of a dataset that can be read: the user's own, the newest first, then the shipped one."""
    found = []
    for folder in _folders():
        with contextlib.suppress(ModelError, OSError):  # no run, or not of this dataset
            found.append(recorded(dataset, folder))
    return found


def recording_of(model: Model) -> Recording:
    """The run that made a model, or kept it as one of its steps; an empty one where none is found."""
    config, dataset = model.info.config, model.dataset
    kept = []
    for folder in _folders():
        end = paths.shipped(SHIPPED) if folder == paths.shipped(SHIPPED_RUN) else folder / "model.safetensors"
        if model.hash and any(_hash(path) == model.hash for path in (end, *step_files(folder).values())):
            with contextlib.suppress(ModelError, OSError):
                found = recorded(dataset, folder)
                if config.items() <= found.config.items():  # else a new run is about to replace the model
                    kept.append(found)
    # One and the same model may have been trained twice: steps are what a recording is looked at for.
    kept.sort(key=lambda found: not found.epochs)
    return kept[0] if kept else Recording(model.hash, Path(), dataset, config, 0, (), np.zeros(0, np.float32), {}, [])


def _hash(path: Path) -> str:
    """The hash of a file's model, or ""."""
    info = read_info(path)
    return info.hash if info else ""


# What a run's files say beside what every model says.
NEEDED = {
    **VERSION,
    **dict.fromkeys(("dataset", "dataset_name"), text(255)),
    "config": fields({"epochs": CONFIG["epochs"], "features": CONFIG["features"]}, CONFIG),
}
STEP = {**NEEDED, "epochs_done": COMMON["epochs_done"], "figures": COMMON["figures"]}
CHECKPOINT = {**NEEDED, "epoch": whole(0, 10**7), "seconds": number(0)}


@dataclass(frozen=True)
class Checkpoint:
    """What a checkpoint says beside its arrays."""

    info: Info
    epoch: int
    """Epochs done."""
    seconds: float
    """How long they took."""


def checkpoint_of(file: Source) -> Checkpoint:
    """Raises `Damaged` where the file is no checkpoint."""
    header = file.checked(fields(CHECKPOINT, COMMON))
    return Checkpoint(info_of(header), header["epoch"], header["seconds"])


def recorded(dataset: Dataset, folder: Path) -> Recording:
    """The run of a folder. Raises `ModelError` where it holds none, a damaged one, or one of another dataset."""
    found = {epoch: _part(path, STEP) for epoch, path in step_files(folder).items()}
    steps = {epoch: part for epoch, part in found.items() if part and part.epoch == epoch}
    checkpoint = _part(folder / "checkpoint.safetensors", CHECKPOINT)
    finished = _part(folder / "model.safetensors", STEP)
    # A run that replaces another leaves that one's model where it is until its own is done.
    info = next((part.info for part in (checkpoint, *steps.values(), finished) if part), None)
    if info is None:
        raise ModelError(f"no run in {folder} that can be read: make one with {shell('train')}")
    if info.dataset != dataset.hash:
        raise ModelError(
            f"the run in {folder} is on dataset {info.dataset_name!r} ({info.dataset}), "
            f"not on {dataset.name!r} ({dataset.hash}): give its ",
            Parameter("data"),
        )
    rows = [row for row in read_log(folder) if row["epoch"] < info.config["epochs"]]
    pieces = [(epoch, part.losses) for epoch, part in steps.items()]
    if checkpoint:
        pieces.append((checkpoint.epoch, checkpoint.losses))
    done = max([0, *(epoch for epoch, _ in pieces), *(row["epoch"] + 1 for row in rows)])
    if not pieces and finished:
        done = max(done, finished.epoch)
    losses = np.full(done, np.nan, np.float32)
    for row in rows:
        losses[row["epoch"]] = row.get("step_loss", np.nan)
    for end, piece in pieces:
        losses[end - len(piece) : end] = piece
    return Recording(
        name="shipped" if folder == paths.shipped(SHIPPED_RUN) else folder.name,
        folder=folder,
        dataset=dataset,
        config=info.config,
        done=done,
        epochs=tuple(steps),
        losses=losses,
        figures={epoch: part.info.figures for epoch, part in steps.items()},
        rows=rows,
    )


@dataclass(frozen=True)
class _Part:
    """A file of a run. epoch: how many were done when it was written; losses: of the last epochs before it."""

    info: Info
    epoch: int
    losses: NDArray[np.float32]


def _part(path: Path, needed: dict[str, Check]) -> _Part | None:
    """A file of a run, where there is a whole one."""
    try:
        with opened(path) as file:
            header = file.checked(fields(needed, COMMON))
            losses = np.zeros(0, np.float32)
            if "losses" in file.names:
                LOSSES["losses"].fits("losses", *file.claim("losses"), {})
                losses = file.read("losses").astype(np.float32)
    except Damaged:
        return None
    epoch = header["epoch" if "epoch" in needed else "epochs_done"]
    return _Part(info_of(header), epoch, losses) if len(losses) <= epoch else None


# A row of a log: numbers, or nothing where nothing was measured.
ROW = table(optional(number()))
LONGEST_ROW = 10_000  # bytes


def read_log(folder: Path) -> list[dict[str, Any]]:
    """The rows of a run's log, none where there is no log; it ends where a crash, or damage, has cut a line short."""
    rows: list[dict[str, Any]] = []
    if not paths.is_file(log := folder / "log.jsonl"):
        return rows
    with contextlib.suppress(OSError, Damaged), log.open("rb") as file:
        while line := file.readline(LONGEST_ROW):
            row = parsed(line)
            if ROW(row) or CHECKPOINT["epoch"](row.get("epoch")):
                break
            rows.append(row)
    return rows


def step_file(folder: Path, epoch: int) -> Path:
    """Where a run keeps its model as it was after `epoch` epochs."""
    return folder / "steps" / f"{epoch:06}.safetensors"


def step_files(folder: Path) -> dict[int, Path]:
    """The models that a run has kept, by the epochs done, ascending."""
    found = {int(path.stem): path for path in (folder / "steps").glob("*.safetensors") if path.stem.isdecimal()}
    return dict(sorted(found.items()))


def _folders() -> list[Path]:
    """Where runs may be: the user's own folders, the newest first, then the shipped one."""
    own = [folder for folder in paths.found("models/*") if paths.is_folder(folder)]
    # The newest is the one whose log was written last.
    own.sort(key=lambda folder: paths.written(folder / "log.jsonl"), reverse=True)
    return [*own, paths.shipped(SHIPPED_RUN)]
