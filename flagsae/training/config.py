"""The configuration of a training run, and the presets. Without torch: the command line makes its options of this."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from flagsae.errors import UsageError

LARGEST = 10**9  # limit of numbers that have no limit of their own

KINDS = {str: "a word", int: "a whole number", float: "a number"}  # what messages call a type


@dataclass(frozen=True)
class Preset:
    """A kind of model, and how it is trained where nothing else is asked for."""

    words: str
    """What the help says of it."""
    losses: str
    """What the losses of the parts are, as their curves are called."""
    inputs: str = "pixels"
    """What it computes with, where that is not the span of the flags."""
    changed: Mapping[str, Any] = field(default_factory=dict)
    """Fields of `TrainConfig` that have other values than there."""
    own: tuple[str, ...] = ()
    """Fields that are of use only to the presets that name them."""


# A preset trains the kind of model of its name.
PRESETS = {
    "design": Preset(
        "what is on a flag: atoms that have names",
        losses="FVU",
        inputs="features of designs",
        changed={
            "features": 72,
            "epochs": 200,
            "learning_rate": 0.04,
            "ridge": 1.0,
            "checkpoint_every": 100,
            "log_every": 20,
        },
        own=("activation", "active", "encoder", "ridge", "further", "auxiliary"),
    ),
    "crisp": Preset(
        "flat colours, sharp edges",
        losses="FVU",
        own=("activation", "active", "salience", "encoder", "ridge", "recoloured", "noise", "auxiliary", "path"),
    ),
    "seed": Preset(
        "the notebook's network",
        losses="by part",
        changed={  # exactly the notebook's hyperparameters (Wolf 2016)
            "features": 64,
            "epochs": 1000,
            "batch": 72,
            "learning_rate": 0.05,
            "split": "notebook",
            "train_on": "train",
            "checkpoint_every": 100,
            "snapshots": 10,  # of 5 MB each
        },
        own=("rho", "beta", "path"),
    ),
}
DEFAULT = "design"
WITHOUT_DESIGNS = "crisp"  # instead of it, on pictures that have no designs

# What the help says of each.
ENCODERS = {
    "free": "its own directions",
    "tied": "the atoms",
    "inverse": "the atoms' ridge inverse, so that parts tell apart",
}


def option(default: Any, text: str, **limits: Any) -> Any:
    """A field of `TrainConfig`. text: its line in `flagsae train --help`; limits: min, max, choices."""
    return field(default=default, metadata={"help": text, **limits})


def one_of(default: str, table: dict[str, str]) -> Any:
    """A field whose value is a key of a table; its help is made of the table's texts."""
    return option(default, "; ".join(f"{name}: {words}" for name, words in table.items()), choices=tuple(table))


@dataclass(frozen=True)
class TrainConfig:
    """Every field is an option of `flagsae train`, documented by the text that its help shows.

    It is saved as JSON in the model and in checkpoints, and rebuilt from there.
    """

    preset: str = one_of(DEFAULT, {name: preset.words for name, preset in PRESETS.items()})
    seed: int = option(0, "random seed", min=0, max=2**64 - 1)
    features: int = option(192, "K, the size of the dictionary", min=1)
    epochs: int = option(2000, "passes over the training flags", min=1)
    batch: int = option(0, "flags a step; 0 takes all", min=0)
    learning_rate: float = option(
        0.03, "design, crisp: length of a step as a share of an atom's; seed: of plain SGD", min=0.0
    )
    split: str = option("grouped", "which split of the dataset to train and score on")
    train_on: str = option(
        "all",
        "all: every flag of the split; train: its training part, for honest held-out figures",
        choices=("all", "train"),
    )
    path: str = option(
        "auto",
        "compute in the span of the flags, or directly on their pixels: the same model",
        choices=("auto", "span", "direct"),
    )
    device: str = option("cpu", "cpu, cuda, or another device of torch's")
    threads: int = option(0, "threads of the processor; 0 takes as many as the matrices are worth", min=0)
    log_every: int = option(100, "epochs between two rows of the log", min=1)
    checkpoint_every: int = option(500, "epochs between two checkpoints", min=1)
    snapshots: int = option(16, "models kept on the way, at most, to look back at; 0 keeps none", min=0)
    # design and crisp
    activation: str = option(
        "topk",
        "topk: the k strongest features of each flag; batchtopk: the k n strongest of a batch",
        choices=("topk", "batchtopk"),
    )
    active: int = option(8, "k, how many features fire for a flag (L0)", min=1)
    salience: float = option(0.25, "weight of small parts: a region of share a counts a^-salience", min=0.0, max=1.0)
    encoder: str = one_of("inverse", ENCODERS)
    ridge: float = option(
        0.3,
        "of the inverse encoder: the smaller, the better parts tell apart; the larger, the more like tied",
        min=0.001,
    )
    further: float = option(
        0.5,
        "sub-national flags to rebuild beside the flags of a step, as a share of them; for the bundled flags",
        min=0.0,
        max=100.0,
    )
    recoloured: float = option(
        0.3,
        "flags with their colours exchanged to rebuild beside the flags of a step, as a share of them",
        min=0.0,
        max=100.0,
    )
    noise: float = option(0.0, "length of the noise on the input, as a share of the input's", min=0.0)
    auxiliary: float = option(1 / 32, "weight of the loss that revives dead features", min=0.0)
    # seed
    rho: float = option(0.25, "mean activation that each feature should have", min=0.001, max=0.999)
    beta: float = option(0.25, "weight of the sparsity penalty", min=0.0)

    def __post_init__(self) -> None:
        """Raises `UsageError` that names a wrong field and the values that it takes."""
        for entry in fields(self):
            value, kind, limits = getattr(self, entry.name), type(entry.default), entry.metadata
            shown = f"{value!r:.60}"
            wanted = ""
            if not (type(value) is kind or (kind is float and type(value) is int)):
                wanted = KINDS[kind]
            elif "choices" in limits and value not in limits["choices"]:
                wanted = f"one of {', '.join(limits['choices'])}"
            elif type(value) is float and not math.isfinite(value):
                wanted = "a finite number"
            elif "min" in limits and value < limits["min"]:
                wanted = f"at least {limits['min']}"
            elif kind in (int, float) and value > (most := limits.get("max", LARGEST)):
                wanted = f"at most {most}"
            if wanted:
                raise UsageError(f"is {wanted}, not {shown}", parameter=entry.name)


def users(name: str) -> tuple[str, ...]:
    """The presets that have a use for a field of `TrainConfig`."""
    return tuple(preset for preset, row in PRESETS.items() if name in row.own) or tuple(PRESETS)


def make_config(preset: str, **changed: Any) -> TrainConfig:
    """A preset with some fields changed. Raises `UsageError` for an unknown preset or a wrong value."""
    if preset not in PRESETS:
        raise UsageError(f"is one of {', '.join(PRESETS)}, not {preset!r}", parameter="preset")
    return TrainConfig(preset=preset, **{**PRESETS[preset].changed, **changed})


def snapshot_epochs(epochs: int, at_most: int) -> tuple[int, ...]:
    """The epochs after which a run keeps its model: 0, 1, 2, 5, 10, ... and the last, thinned evenly to `at_most`.

    The gaps grow, as a model changes most in its first epochs.
    """
    marks, hundred = [0, 1, 2, 5, 10, 20, 50], 100
    while hundred < epochs:
        marks += [hundred * tenths // 10 for tenths in (10, 15, 20, 30, 50, 70)]
        hundred *= 10
    kept = [*(mark for mark in marks if mark < epochs), epochs]
    if len(kept) <= at_most:
        return tuple(kept)
    gap = (len(kept) - 1) / max(1, at_most - 1)
    return tuple(kept[-1 - round(gap * place)] for place in reversed(range(at_most)))
