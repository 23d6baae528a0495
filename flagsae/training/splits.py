"""Which flags a run learns from, and which it is scored on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from flagsae.flags.dataset import Dataset, Split
from flagsae.training.config import TrainConfig


def trained_and_scored(config: TrainConfig, dataset: Dataset) -> tuple[NDArray[np.int64], Split]:
    """(positions of the training flags, the parts to score).

    Where a run trains on every flag of its split nothing is held out, so that nothing but "train" is scored.
    """
    split = dataset.split(config.split)
    if config.train_on == "train":
        return split["train"], split
    everyone = np.sort(np.concatenate(list(split.values())))
    return everyone, {"train": everyone}


def chosen_path(config: TrainConfig, flags: int, inputs: int) -> str:
    """In the span of so many training flags, or "direct" where they have fewer inputs than there are flags."""
    return config.path if config.path != "auto" else "span" if flags < inputs else "direct"
