"""Models that are made by hand, not trained, and the files of models as they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from flagsae.checks import fields
from flagsae.flags.dataset import Dataset
from flagsae.sae.crisp import Crisp, likeness, weights
from flagsae.sae.info import COMMON, Header, Info
from flagsae.sae.model import readable
from flagsae.sae.seed import Seed
from flagsae.tensors import VERSION, Tensors, opened


def remembering(dataset: Dataset, config: dict | None = None) -> Crisp:
    """A model with a feature a flag, which rebuilds every flag to the pixel."""
    weight = weights(dataset.flags.areas, 0.25)
    inverse = np.linalg.inv(likeness(dataset.flags.labels, weight, dataset.flags.labels, weight).astype(np.float64))
    count = len(dataset.flags)
    nothing = np.zeros(count, np.float32)
    return Crisp(
        inverse.astype(np.float32), nothing, np.eye(count, dtype=np.float32), nothing, 0.01, 1, 0.25, dataset,
        Info("remembers", config=config or {}),
    )  # fmt: skip


def averaging(dataset: Dataset) -> Seed:
    """A network that makes of every flag the mean of all."""
    mean = np.clip(dataset.flags.canvas.mean(0).ravel() / 255, 0.001, 0.999)
    size = mean.size
    out = np.log(mean / (1 - mean)).astype(np.float32)
    return Seed(np.zeros((3, size), np.float32), np.zeros(3, np.float32), np.zeros((size, 3), np.float32), out,
                dataset, Info("averages"))  # fmt: skip


def read_tensors(path: Path) -> tuple[Tensors, Header]:
    """The tensors and the header of a model or checkpoint file, whatever they are. Raises `ModelError`."""
    with readable(path), opened(path) as file:
        return {name: file.read(name) for name in sorted(file.names)}, file.checked(fields(VERSION, COMMON))
