"""What a file of a model, or of a run, says beside its arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from flagsae.checks import fields, number, optional, table, text, whole

Header: TypeAlias = dict[str, Any]  # a file's JSON, checked
Config: TypeAlias = dict[str, Any]  # the options of a run, as `flagsae.training.config.TrainConfig` names them
Figures: TypeAlias = dict[str, Any]  # train_loss, validation_loss, test_loss, l0, dead; None where not measured

# What may be said. A name is as long as that of a file; a config is flat.
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
    "exponents": table(whole(-1000, 1000)),
}


@dataclass(frozen=True)
class Info:
    """How a model came to be. Any field may be empty: a model that was not read from a file has none."""

    hash: str = ""
    """Of the model: of its arrays and its header."""
    dataset: str = ""
    """The hash of the dataset that it was trained on."""
    dataset_name: str = ""
    """What that dataset was called then."""
    config: Config = field(default_factory=dict)
    """The options that it was trained with."""
    figures: Figures = field(default_factory=dict)
    """How well it does on each part of its split."""
    epochs_done: int | None = None
    """After how many epochs it was kept."""

    @property
    def split(self) -> str:
        """The split whose flags it was trained on."""
        return str(self.config.get("split", ""))

    @property
    def train_on(self) -> str | None:
        """ "all" or "train": which flags of the split those were."""
        return self.config.get("train_on")


def info_of(header: Header) -> Info:
    """The same as a file has it. header: has passed `COMMON`."""
    return Info(
        hash=header.get("hash", ""),
        dataset=header.get("dataset", ""),
        dataset_name=header.get("dataset_name", ""),
        config=header.get("config", {}),
        figures=header.get("figures", {}),
        epochs_done=header.get("epochs_done"),
    )
