"""The header of a model file, or of a run's file: what it says beside its arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from flagsae.checks import fields, listed, number, optional, table, text, whole

Header: TypeAlias = dict[str, Any]  # a file's JSON, checked
Config: TypeAlias = dict[str, Any]  # the options of a run, as `flagsae.training.config.TrainConfig` names them
Figures: TypeAlias = dict[str, Any]  # train_loss, validation_loss, test_loss, l0, dead; None where not measured

# What a header may say. Names are limited to the length of a file's name; a config has no nested values.
CONFIG = {
    **dict.fromkeys(("preset", "split", "train_on", "path", "device", "activation", "encoder"), text(100)),
    "epochs": whole(1, 10**7),
    **dict.fromkeys(("features", "active"), whole(1)),
}
COMMON = {
    **dict.fromkeys(("hash", "dataset", "dataset_name"), text(255)),
    "config": fields({}, CONFIG),
    "figures": table(optional(number())),
    "epochs_done": whole(0, 10**7),
    "labels": listed(text(200)),
    "exponents": table(whole(-1000, 1000)),
}


@dataclass(frozen=True)
class Info:
    """How a model was trained. A field is empty where that is not known; all are for a model that is in no file."""

    hash: str = ""
    """The model's hash, of its arrays and its header."""
    dataset: str = ""
    """The hash of the dataset that it was trained on."""
    dataset_name: str = ""
    """The name that the dataset had then."""
    config: Config = field(default_factory=dict)
    """The options that it was trained with."""
    figures: Figures = field(default_factory=dict)
    """Its losses on each part of its split, its L0 and its dead features."""
    epochs_done: int | None = None
    """The number of epochs that it was trained for when it was saved."""

    @property
    def split(self) -> str:
        """The name of the split that it was trained on, "" if it is not known."""
        return str(self.config.get("split", ""))

    @property
    def train_on(self) -> str | None:
        """Which flags of that split it was trained on: "all", or "train" for its training part; None if not known."""
        return self.config.get("train_on")


def info_of(header: Header) -> Info:
    """Reads the `Info` of a header that has been checked by `COMMON`."""
    return Info(
        hash=header.get("hash", ""),
        dataset=header.get("dataset", ""),
        dataset_name=header.get("dataset_name", ""),
        config=header.get("config", {}),
        figures=header.get("figures", {}),
        epochs_done=header.get("epochs_done"),
    )
