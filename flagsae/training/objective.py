"""The protocol of objectives: the parameters of one kind of model, and how an epoch of training changes them.

The objective of a kind is in the module of this folder with the same name as the kind's module in `flagsae.sae`. The
table of all objectives is `OBJECTIVES` in `trainer.py`.
"""

from __future__ import annotations

from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from flagsae.flags.dataset import Dataset
from flagsae.sae.info import Figures
from flagsae.sae.kind import Model
from flagsae.training.config import TrainConfig
from flagsae.training.resources import Needs

M = TypeVar("M", bound=Model)  # the class of the trained models


class Objective(Protocol[M]):
    """The parameters of a model in training, with their optimiser."""

    trained: NDArray[np.int64]
    """Positions in the dataset of the flags that it learns from."""
    path: str
    """"span" or "direct": in which coordinates it computes (see `TrainConfig.path`)."""

    def __init__(self, config: TrainConfig, dataset: Dataset) -> None:
        """Initial parameters. Raises `DatasetError` if there is nothing to learn."""

    @staticmethod
    def needs(config: TrainConfig, dataset: Dataset) -> Needs:
        """The memory and the work that a run will need; allocates nothing."""

    def epoch(self) -> tuple[float, float, int]:
        """Trains for one pass over the training flags: (mean loss of its steps, L0, number of dead features)."""

    def model(self) -> M:
        """The model after the last epoch; a copy, which further training does not change."""

    def figures(self, model: M) -> Figures:
        """The loss of each part of the split, L0 and dead features of what `model()` returned; None for a part
        without flags."""

    def state(self) -> dict[str, Tensor]:
        """All that the next step depends on, by name."""

    def restore(self, state: dict[str, Tensor]) -> None:
        """Continues from what `state` returned. Raises `RuntimeError` for a damaged state of a random generator."""
