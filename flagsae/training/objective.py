"""What the trainer asks of an objective: the parameters of one kind of model, and how an epoch changes them.

A kind's objective is a module of this folder with the name of its module in `flagsae.sae`; the table of the objectives
stands in `trainer.py`.

Letters: N flags, K features.
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

M = TypeVar("M", bound=Model)  # the class of the kind


class Objective(Protocol[M]):
    """Parameters, their optimiser and one epoch of training."""

    trained: NDArray[np.int64]
    """Positions of the flags that it learns from."""
    path: str
    """"span" or "direct": in which coordinates it computes."""

    def __init__(self, config: TrainConfig, dataset: Dataset) -> None:
        """At the start of a run. Raises `DatasetError` where there is nothing to learn."""

    @staticmethod
    def needs(config: TrainConfig, dataset: Dataset) -> Needs:
        """The memory and the work of a run, before anything is allocated."""

    def epoch(self) -> tuple[float, float, int]:
        """One pass over the training flags: the mean loss of its steps, L0, and dead features."""

    def model(self) -> M:
        """The model as it stands; further training leaves it as it is."""

    def figures(self, model: M) -> Figures:
        """The losses of each part, L0 and dead features of `model()`; None where there is nothing to measure."""

    def state(self) -> dict[str, Tensor]:
        """Everything that the next step depends on."""

    def restore(self, state: dict[str, Tensor]) -> None:
        """Goes on from what `state` gave. Raises `RuntimeError` where a generator's state is none."""
