"""What the curves of a run show: of a recorded one, and of one that is on its way.

All x are epochs done: the loss of the first epoch is at 1, the untrained model is at 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flagsae.flags.dataset import PARTS, Dataset
from flagsae.sae.runs import Recording
from flagsae.tui.state.training import Training
from flagsae.tui.widgets.chart import Panel
from flagsae.visual.terminal.charts import short
from flagsae.workspace.workspace import Picture

# Crosses, a disc, a pall, an emblem, stripes, rays, a lion: what a model learns early, late and never.
TELLING = ("united-kingdom", "japan", "south-africa", "brazil", "malaysia", "seychelles", "sri-lanka")


def panels(recording: Recording, training: Training | None = None) -> list[Panel]:
    """Loss, the losses of the parts, L0 and dead features. training: of the same run, as far as it has come."""
    rows = {row["epoch"] + 1: row for row in recording.rows} | recording.figures
    losses = recording.losses
    loss_x, loss = np.arange(1, len(losses) + 1, dtype=np.float64), losses.astype(np.float64)
    dense: dict[str, NDArray[np.float64]] = {}
    after = np.zeros(0)
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
        """Every epoch's, where it was counted; before, those of the log."""
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
    """What the losses of the parts are: the notebook's loss, or a fraction of variance."""
    return "FVU" if config.get("preset") == "crisp" else "by part"


def held_out(config: dict[str, Any], dataset: Dataset) -> NDArray[np.int64]:
    """The positions of the flags that a run has not learned from, those of the test part last."""
    if config.get("train_on") != "train" or config.get("split") not in dataset.splits:
        return np.zeros(0, np.int64)
    parts = dataset.split(config["split"])
    return np.concatenate([parts[part] for part in PARTS[1:] if part in parts] or [np.zeros(0, np.int64)])


def watched(dataset: Dataset, flag: int, unseen: Sequence[int], count: int = 6) -> list[int]:
    """Positions of flags to watch: the chosen one, then different ones; where a run has not seen all, half of those."""
    slugs = {name.slug: place for place, name in enumerate(dataset.flags.names)}
    hidden = set(unseen)
    everyone = [slugs[slug] for slug in TELLING if slug in slugs]
    everyone += np.linspace(0, len(slugs) - 1, 4 * count).round().astype(int).tolist()
    order = list(dict.fromkeys([flag, *everyone, *range(len(slugs))]))
    strange = [place for place in order[1:] if place in hidden][: count // 2]
    known = [place for place in order[1:] if place not in hidden][: count - 1 - len(strange)]
    return [flag, *known, *strange]


def wrong(picture: Picture, rebuilt: Picture, flat: bool) -> float:
    """How far a flag is from what a model makes of it, 0 to 1.

    flat: of flat colours the share of the canvas that has another one; else the mean difference of a channel.
    """
    if flat:
        return float((picture != rebuilt).any(2).mean())
    return float(np.abs(picture.astype(np.int16) - rebuilt).mean()) / 255


def percent(share: float) -> str:
    """A share that is not 0, so that it does not look like 0."""
    return "<.1 %" if share < 0.001 else f"{100 * share:.{1 if share < 0.1 else 0}f} %"


def in_words(figures: dict[str, Any]) -> list[str]:
    """A model's figures: the losses of the parts, L0 and dead features."""
    names = {f"{part}_loss": f"{part} loss" for part in PARTS} | {"l0": "L0", "dead": "dead"}
    return [f"{word} {short(figures[name])}" for name, word in names.items() if figures.get(name) is not None]


def log_lines(recording: Recording, training: Training | None = None) -> list[str]:
    """The rows of a run's log as a table."""
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
    """What a run is, the most important first."""
    config, dataset = recording.config, recording.dataset
    asked = config.get("epochs", recording.done)
    if training is not None and training.alive:  # how far it has come is said elsewhere
        done, seconds, path = asked, 0.0, training.path
    elif training is not None:
        done, seconds, path = training.epoch, training.seconds, training.path
    else:
        last = recording.rows[-1] if recording.rows else {}
        done, path = recording.done, config.get("path", "")
        if path == "auto" and len(dataset.flags) < 3 * np.prod(dataset.size):  # then the trainer takes the span
            path = "span"
        seconds = last.get("seconds", 0) * done / max(1, last.get("epoch", 0) + 1)
    unseen = held_out(config, dataset)
    found = [
        f"{recording.name}: {config.get('preset', 'a model')}",
        f"K {config['features']}" if "features" in config else "",
        f"L0 {config['active']}" if config.get("preset") == "crisp" else "",
        f"{done} epochs" if done == asked else f"{done} of {asked} epochs",
        f"{short(seconds)} s" if seconds else "",
        config.get("device", ""),
        f"path {path}" if path else "",
        f"dataset {dataset.name} {dataset.hash[:8]}",
        f"{len(unseen)} flags held out" if len(unseen) else "figures are of flags it has seen" * bool(config),
    ]
    return [fact for fact in found if fact]
