"""Which flags a run trains on, which it is scored on, and in which coordinates it computes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from flagsae.flags.dataset import Dataset, Split
from flagsae.training.config import TrainConfig


def trained_and_scored(config: TrainConfig, dataset: Dataset) -> tuple[NDArray[np.int64], Split]:
    """(positions of the flags to train on, the parts of the split to score with the positions of their flags).

    A run that trains on all flags of its split has no held-out ones; then only "train" is scored.
    """
    split = dataset.split(config.split)
    if config.train_on == "train":
        return split["train"], split
    everyone = np.sort(np.concatenate(list(split.values())))
    return everyone, {"train": everyone}


def chosen_path(config: TrainConfig, flags: int, inputs: int) -> str:
    """ "span" or "direct": the configured path or, if that is "auto", the one with fewer dimensions.

    flags: the number of training flags; inputs: D, the dimensions of an input.
    """
    return config.path if config.path != "auto" else "span" if flags < inputs else "direct"
