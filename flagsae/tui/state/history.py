"""What the Train screen shows of a run: its curves, flags to watch, its log and its facts.

The run may be recorded, or in progress. All x are numbers of finished epochs: the loss of the first epoch is at 1, the
untrained model at 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flagsae.flags.dataset import PARTS, Dataset
from flagsae.sae.runs import Recording
from flagsae.training.config import PRESETS, users
from flagsae.tui.state.training import Training
from flagsae.tui.widgets.chart import Panel
from flagsae.visual.terminal.charts import short
from flagsae.workspace.collection import Picture

# Flags of which a model learns some early, some late and some never: crosses, a disc, a pall, an emblem, stripes, rays,
# a lion.
EXAMPLES = ("united-kingdom", "japan", "south-africa", "brazil", "malaysia", "seychelles", "sri-lanka")
LEAST_PERCENT = 0.001  # a share: less than .1 % is not printed as a number
DECIMAL_PERCENT = 0.1  # a share: less than 10 % is printed with one decimal


def panels(recording: Recording, training: Training | None = None) -> list[Panel]:
    """Panels of the loss, the losses by part of the dataset, L0 and dead features.

    training: the same run, if it is in progress: its values replace the recorded ones from the epoch where it began.
    """
    rows = {row["epoch"] + 1: row for row in recording.rows} | recording.figures
    losses = recording.losses
    loss_x, loss = np.arange(1, len(losses) + 1, dtype=np.float64), losses.astype(np.float64)
    dense: dict[str, NDArray[np.float64]] = {}  # L0 and dead features after each epoch of `training`
    after = np.zeros(0)  # the epochs of `training`
    if training is not None:
        first, new = training.first, training.curves.astype(np.float64)
        after = np.arange(first + 1, first + 1 + new.shape[1], dtype=np.float64)
        loss_x, loss = np.concatenate([loss_x[:first], after]), np.concatenate([loss[:first], new[0]])
        dense = {"l0": new[1], "dead": new[2]}
        rows |= {row["epoch"] + 1: row for row in training.rows}
    at = np.array(sorted(rows), np.float64)

    def measured(name: str) -> NDArray[np.float64]:
        return np.array([_number(rows[int(epoch)].get(name)) for epoch in at], np.float64)

    def counted(name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """x and y of a figure: after each epoch of `training`; before these, as the rows of the log have it."""
        before = at <= training.first if training is not None and len(after) else np.ones(len(at), bool)
        return np.concatenate([at[before], after]), np.concatenate([measured(name)[before], dense.get(name, after)])

    parts = [(part, at, values) for part in PARTS if np.isfinite(values := measured(f"{part}_loss")).any()]
    return [
        Panel("", [("loss", loss_x, loss)], log=True, share=6),
        Panel(part_title(recording.config), parts or [("train", at, measured("train_loss"))], share=5),
        Panel("", [("L0", *counted("l0"))], share=2),
        Panel("", [("dead", *counted("dead"))], share=2),
    ]


def _number(value: Any) -> float:
    return np.nan if value is None else float(value)


def part_title(config: dict[str, Any]) -> str:
    """The title of the losses by part of the dataset."""
    preset = PRESETS.get(config.get("preset", ""))
    return preset.losses if preset else "by part"


def held_out(config: dict[str, Any], dataset: Dataset) -> NDArray[np.int64]:
    """Positions of the flags that a run is not trained on, those of the test part last: a vector, empty if there are
    none."""
    if config.get("train_on") != "train" or config.get("split") not in dataset.splits:
        return np.zeros(0, np.int64)
    parts = dataset.split(config["split"])
    return np.concatenate([parts[part] for part in PARTS[1:] if part in parts] or [np.zeros(0, np.int64)])


def watched(dataset: Dataset, flag: int, unseen: Sequence[int], count: int = 6) -> list[int]:
    """Positions of `count` flags to watch during training: `flag`, then various ones.

    unseen: positions of the flags that the run is not trained on: up to half of `count` are taken from these.
    """
    slugs = {name.slug: place for place, name in enumerate(dataset.flags.names)}
    hidden = set(unseen)
    candidates = [slugs[slug] for slug in EXAMPLES if slug in slugs]
    candidates += np.linspace(0, len(slugs) - 1, 4 * count).round().astype(int).tolist()
    order = list(dict.fromkeys([flag, *candidates, *range(len(slugs))]))
    held_out = [place for place in order[1:] if place in hidden][: count // 2]
    learned = [place for place in order[1:] if place not in hidden][: count - 1 - len(held_out)]
    return [flag, *learned, *held_out]


def wrong(picture: Picture, rebuilt: Picture, flat: bool) -> float:
    """The error of a reconstruction, from 0 to 1.

    flat: whether both are in flat colours. Then it is the share of pixels that differ; otherwise the mean difference of
    a channel.
    """
    if flat:
        return float((picture != rebuilt).any(2).mean())
    return float(np.abs(picture.astype(np.int16) - rebuilt).mean()) / 255


def percent(share: float) -> str:
    """A share above 0 in words that do not round it to 0."""
    return "<.1 %" if share < LEAST_PERCENT else f"{100 * share:.{1 if share < DECIMAL_PERCENT else 0}f} %"


def in_words(figures: dict[str, Any]) -> list[str]:
    """A model's figures as short texts: the losses by part, L0 and dead features."""
    names = {f"{part}_loss": f"{part} loss" for part in PARTS} | {"l0": "L0", "dead": "dead"}
    return [f"{word} {short(figures[name])}" for name, word in names.items() if figures.get(name) is not None]


def log_lines(recording: Recording, training: Training | None = None) -> list[str]:
    """The rows of a run's log as a table of text, with a first line of names."""
    rows = {row["epoch"]: row for row in recording.rows}
    rows |= {row["epoch"]: row for row in training.rows} if training is not None else {}
    columns = {"step_loss": "loss", **{f"{part}_loss": part for part in PARTS}, "l0": "L0", "dead": "dead"}
    names = "".join(f"{name[:10]:>11}" for name in (*columns.values(), "seconds"))
    return [
        f"{'epoch':>7}{names}",
        *(
            f"{epoch:>7}" + "".join(f"{short(_number(row.get(name))):>11}" for name in (*columns, "seconds"))
            for epoch, row in sorted(rows.items())
        ),
    ]


def facts(recording: Recording, training: Training | None = None) -> list[str]:
    """Short texts about a run, the most important first."""
    config, dataset = recording.config, recording.dataset
    total = config.get("epochs", recording.done)
    if training is not None and training.alive:  # the line of the status says how far it is
        done, seconds, path = total, 0.0, training.path
    elif training is not None:
        done, seconds, path = training.epoch, training.seconds, training.path
    else:
        last = recording.rows[-1] if recording.rows else {}
        done, path = recording.done, config.get("path", "")
        # The trainer chooses "span" where there are fewer flags than numbers in a picture.
        if path == "auto" and len(dataset.flags) < 3 * np.prod(dataset.size):
            path = "span"
        seconds = last.get("seconds", 0) * done / max(1, last.get("epoch", 0) + 1)
    unseen = held_out(config, dataset)
    found = [
        f"{recording.name}: {config.get('preset', 'a model')}",
        f"K {config['features']}" if "features" in config else "",
        f"L0 {config['active']}" if "active" in config and config.get("preset") in users("active") else "",
        f"{done} epochs" if done == total else f"{done} of {total} epochs",
        f"{short(seconds)} s" if seconds else "",
        config.get("device", ""),
        f"path {path}" if path and config.get("preset") in users("path") else "",
        f"dataset {dataset.name} {dataset.hash[:8]}",
        f"{len(unseen)} flags held out" if len(unseen) else "figures are of flags it has seen" * bool(config),
    ]
    return [fact for fact in found if fact]
