"""Small runs on few flags."""

from __future__ import annotations

from flagsae import paths
from flagsae.flags.dataset import Dataset, save_dataset
from flagsae.sae.runs import Recording, recorded
from flagsae.training.config import make_config
from flagsae.training.trainer import Run
from flagsae.workspace.collection import Collection
from flagsae.workspace.workspace import Workspace


def toy_file(dataset: Dataset) -> str:
    """The flags as other processes find them, by this name."""
    save_dataset(dataset, paths.dataset_file("toy"))
    return "toy"


def toy_run(dataset: Dataset, name: str, epochs: int = 20) -> Recording:
    """A finished run of four features, two of them active."""
    config = make_config("crisp", epochs=epochs, features=4, active=2, log_every=10)
    run = Run(paths.models_folder() / name, config, dataset)
    for _ in run.train():
        pass
    run.save()
    return recorded(dataset, run.folder)


def toy_ready(dataset: Dataset, name: str = "first") -> tuple[Workspace, Recording]:
    """What the application opens on: the model of such a run."""
    recording = toy_run(dataset, name)
    return Workspace.of(Collection(dataset), name), recording
