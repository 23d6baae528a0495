"""Recorded training runs, read without torch: how a model was trained, epoch by epoch.

The folder of a run holds

- log.jsonl: figures, in a row for every epoch that was measured;
- steps/000100.safetensors: the model after 100 epochs, with the loss of every epoch since the step before;
- checkpoint.safetensors: the latest state, with the losses since the last step. Shipped runs have none.

Any of them may be missing: the run may be going on, may have been killed, or may come from an older version. Whatever
can be read is read.
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
from flagsae.sae.model import LOSSES, SHIPPED, read_info, read_model, shipped_file
from flagsae.tensors import VERSION, Source, opened, parsed


def shipped_run(name: str) -> Path:
    """The folder of the run of a model in `SHIPPED`."""
    return paths.shipped(f"{SHIPPED[name]}-run")


@dataclass(frozen=True)
class Recording:
    """A run, as far as it has come."""

    name: str
    """The name by which `load_model` finds its model."""
    folder: Path
    """Where it is; empty if there is none."""
    dataset: Dataset
    """The dataset that it trains on."""
    config: Config
    """Its options."""
    done: int
    """The number of epochs done."""
    epochs: tuple[int, ...]
    """The epochs after which a model was kept, ascending."""
    losses: NDArray[np.float32]
    """`done` losses, one for each epoch; NaN where none was recorded."""
    figures: dict[int, Figures]
    """For each kept epoch the figures of its model."""
    rows: list[dict[str, Any]]
    """The rows of the log. A row whose "epoch" is e was measured after e + 1 epochs; its "step_loss" is losses[e]."""

    def model(self, epoch: int) -> Model:
        """Reads the model that was kept after an epoch. Raises `ModelError` if none was, or if its file is missing."""
        if epoch not in self.figures:
            kept = ", ".join(map(str, self.epochs)) or "none"
            raise ModelError(f"run {self.name!r} kept no model of epoch {epoch}: take one of {kept}")
        return read_model(self.dataset, step_file(self.folder, epoch))

    @property
    def stopped(self) -> bool:
        """Whether it can be continued: it ended before its last epoch and left a checkpoint."""
        return self.done < self.config["epochs"] and (self.folder / "checkpoint.safetensors").is_file()


def run_folder(name: str) -> Path:
    """The folder of a run, whether it exists or not. Raises `UsageError` for a name that a run may not have."""
    if not name or fold(name) != name:
        usual = fold(name) or "my-model"
        raise UsageError(f"{name!r}: use small letters, digits and hyphens, as in {usual!r}", parameter="name")
    if name in SHIPPED:
        raise UsageError(f"{name} is a model that comes with flagsae: choose another", parameter="name")
    return paths.models_folder() / name


# Locks: one process at a time trains in a run's folder.

LOCK = "lock"  # a file in the folder, with the id of the process that trains there
LOOKS, PAUSE = 5, 0.02  # tries to lock it, seconds between them: `holder` in another process locks it for a moment
PID_LENGTH = 20  # bytes of a lock file that are read: no process id is longer


class Claim:
    """A lock on a run's folder, until `release` or the end of the process. Makes the folder if there is none.

    Raises `UsageError` where another process trains in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = _locked(folder)
        self._file.truncate(0)
        self._file.write(str(os.getpid()).encode())
        self._file.flush()

    def release(self) -> None:
        """Unlocks the folder, and deletes it if it is empty."""
        with contextlib.suppress(OSError):  # the user has deleted it, or this is Windows, which deletes no open file
            (self.folder / LOCK).unlink()
        self._file.close()
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    def __enter__(self) -> Claim:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def _locked(folder: Path) -> IO[bytes]:
    """Opens and locks the lock file of a folder. Raises `UsageError` where another process has locked it."""
    for look in range(LOOKS):
        time.sleep(PAUSE * (look > 0))
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK).open("a+b")
        with contextlib.suppress(BlockingIOError):
            lock(file.fileno())
            if not gone(file.fileno()):  # else another process deleted it after it was opened here: try again
                return file
        file.close()
    by = f"process {pid}" if (pid := holder(folder)) else "another process"
    reason = f"{by} is training {folder.name!r}: wait for it, stop it, or give another "
    raise UsageError(reason, Parameter("name"))


def claim_free(name: str) -> Claim:
    """Claims a folder for a new run: that of `name`, or with a number added if there is a run already."""
    while True:
        folder = free_folder(name)
        with contextlib.suppress(UsageError):  # another process has claimed it in the meantime
            claim = Claim(folder)
            if not used(folder):
                return claim
            claim.release()


def holder(folder: Path) -> int | None:
    """The id of the process that trains in a folder; 0 if the id is unknown, None if no process trains there."""
    with contextlib.suppress(OSError), (folder / LOCK).open("rb") as file:
        try:
            lock(file.fileno())
        except BlockingIOError:
            number = file.read(PID_LENGTH)
            return int(number) if number.isdigit() else 0
    return None


def used(folder: Path) -> bool:
    """Whether a folder holds a run or anything else but a lock."""
    return folder.exists() and any(path.name != LOCK for path in folder.iterdir())


def taken(folder: Path) -> bool:
    """Whether a folder holds anything, or a process trains in it."""
    return used(folder) or holder(folder) is not None


def free_folder(name: str) -> Path:
    """The folder that `claim_free` would claim now: that of `name`, or with a number added."""
    folder, number = run_folder(name), 2
    while taken(folder):
        folder, number = run_folder(f"{name}-{number}"), number + 1
    return folder


# Reading runs.


def runs(dataset: Dataset) -> list[Recording]:
    """All runs of a dataset that can be read: the user's own, newest first, then the shipped ones."""
    found = []
    for folder in _folders():
        with contextlib.suppress(ModelError, OSError):  # no run in it, or one of another dataset
            found.append(recorded(dataset, folder))
    return found


def recording_of(model: Model) -> Recording:
    """The run that a model is the result or a step of; an empty recording where none is found."""
    config, dataset = model.info.config, model.dataset
    kept = []
    for folder in _folders():
        shipped = _shipped(folder)
        end = shipped_file(shipped) if shipped else folder / "model.safetensors"
        if model.hash and any(_hash(path) == model.hash for path in (end, *step_files(folder).values())):
            with contextlib.suppress(ModelError, OSError):
                found = recorded(dataset, folder)
                if config.items() <= found.config.items():  # else the folder's new run has not replaced the model yet
                    kept.append(found)
    # Two runs may have given the same model: prefer one with steps, which are what a recording is used for.
    kept.sort(key=lambda found: not found.epochs)
    return kept[0] if kept else Recording(model.hash, Path(), dataset, config, 0, (), np.zeros(0, np.float32), {}, [])


def _hash(path: Path) -> str:
    """The hash of a file's model; "" if there is none."""
    info = read_info(path)
    return info.hash if info else ""


# What the headers of a run's files must say: a step, or a finished model; a checkpoint.
NEEDED = {
    **VERSION,
    **dict.fromkeys(("dataset", "dataset_name"), text(255)),
    "config": fields({"epochs": CONFIG["epochs"], "features": CONFIG["features"]}, CONFIG),
}
STEP = {**NEEDED, "epochs_done": COMMON["epochs_done"], "figures": COMMON["figures"]}
CHECKPOINT = {**NEEDED, "epoch": whole(0, 10**7), "seconds": number(0)}


@dataclass(frozen=True)
class Checkpoint:
    """The header of a checkpoint."""

    info: Info
    """The dataset and the options of the run."""
    epoch: int
    """The number of epochs done."""
    seconds: float
    """How long they took."""


def checkpoint_of(file: Source) -> Checkpoint:
    """Reads the header of a checkpoint. Raises `Damaged` where the file is none."""
    header = file.checked(fields(CHECKPOINT, COMMON))
    return Checkpoint(info_of(header), header["epoch"], header["seconds"])


def recorded(dataset: Dataset, folder: Path) -> Recording:
    """Reads the run of a folder. Raises `ModelError` where there is none, or one that is damaged or of another
    dataset."""
    found = {epoch: _part(path, STEP) for epoch, path in step_files(folder).items()}
    steps = {epoch: part for epoch, part in found.items() if part and part.epoch == epoch}
    checkpoint = _part(folder / "checkpoint.safetensors", CHECKPOINT)
    finished = _part(folder / "model.safetensors", STEP)
    # The finished model comes last: it may be that of an older run in this folder, until the new run is done.
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
        name=_shipped(folder) or folder.name,
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
    """What a file of a run says of the run."""

    info: Info
    """The dataset and the options of the run."""
    epoch: int
    """The number of epochs done when it was written."""
    losses: NDArray[np.float32]
    """The losses of the last epochs before that."""


def _part(path: Path, needed: dict[str, Check]) -> _Part | None:
    """Reads a file of a run; None where it is missing or damaged. needed: checks of its header."""
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


ROW = table(optional(number()))  # of a log; null for what was not measured
LONGEST_ROW = 10_000  # bytes: a real row has some hundred


def read_log(folder: Path) -> list[dict[str, Any]]:
    """The rows of a run's log up to the first that is damaged, as the last one is after a crash. Empty without a
    log."""
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
    """The path of the model that a run keeps after `epoch` epochs."""
    return folder / "steps" / f"{epoch:06}.safetensors"


def step_files(folder: Path) -> dict[int, Path]:
    """The models that a run has kept: epochs done to path, ascending."""
    found = {int(path.stem): path for path in (folder / "steps").glob("*.safetensors") if path.stem.isdecimal()}
    return dict(sorted(found.items()))


def _folders() -> list[Path]:
    """All folders that may hold a run: the user's own, the one with the newest log first, then the shipped ones."""
    own = [folder for folder in paths.found("models/*") if paths.is_folder(folder)]
    own.sort(key=lambda folder: paths.written(folder / "log.jsonl"), reverse=True)
    return [*own, *map(shipped_run, SHIPPED)]


def _shipped(folder: Path) -> str:
    """The name of the shipped model whose run is in a folder; "" if it is none's."""
    return next((name for name in SHIPPED if folder == shipped_run(name)), "")
