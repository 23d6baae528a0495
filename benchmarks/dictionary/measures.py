"""The figures that both tables have."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.stats import rankdata

from dictionary.folds import Floats, Fold
from flagsae.flags.dataset import Flags

ATTRIBUTES = Path(__file__).parents[2] / "data" / "attributes.csv"
NO_ATTRIBUTES = ("slug", "colours", "main", "doubtful", "note")
FEWEST = 6  # flags that have an attribute, and that have it not
PROBED = 5  # features of a probe

Attributes = Mapping[str, NDArray[np.bool_]]  # which of the N flags have what


def read_attributes(path: Path, flags: Flags) -> dict[str, NDArray[np.bool_]]:
    """Of all that 6 to N - 6 flags have; nothing where there is no table."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["slug"]: row for row in csv.DictReader(file)}
    lines = [rows.get(name.slug, {}) for name in flags.names]
    columns = {
        key: np.array([bool(line.get(key)) for line in lines])
        for key in next(iter(rows.values()))
        if key not in NO_ATTRIBUTES and not key.endswith("_maybe")
    }
    listed = [(line.get("colours") or "").split("|") for line in lines]
    columns |= {
        colour: np.array([colour in some for some in listed]) for colour in {one for some in listed for one in some}
    }
    return {key: has for key, has in sorted(columns.items()) if key and FEWEST <= has.sum() <= len(has) - FEWEST}


def align(scores: Floats, fold: Fold, attributes: Attributes, signed: bool) -> dict[str, float]:
    """scores: N x K. Features are chosen, and probes fitted, on training flags, and scored on held-out ones."""
    best, probed = [], []
    ranks = {part: rankdata(scores[getattr(fold, part)], axis=0) for part in ("train", "held_out")}
    for has in attributes.values():
        seen, held = has[fold.train], has[fold.held_out]
        if seen.sum() < 3 or not 0 < held.sum() < len(held):
            continue
        areas = auroc(ranks["train"], seen)
        feature = int(np.abs(areas - 0.5).argmax() if signed else areas.argmax())
        area = float(auroc(ranks["held_out"][:, [feature]], held)[0])
        best.append(area if areas[feature] >= 0.5 else 1 - area)
        some = scores[fold.train]
        deviation = some.std(0) + 1e-3 * some.std() + 1e-12
        chosen = np.argsort(-np.abs(some[seen].mean(0) - some[~seen].mean(0)) / deviation)[:PROBED]
        seen_by = ((scores - some.mean(0)) / deviation)[:, chosen]
        logits = seen_by[fold.held_out] @ logistic(seen_by[fold.train], seen)
        probed.append(float(auroc(rankdata(logits)[:, None], held)[0]))
    return {"best": float(np.mean(best)), "probe": float(np.mean(probed))} if best else {}


def auroc(ranks: Floats, has: NDArray[np.bool_]) -> Floats:
    """Of each of K scores, from their ranks: n x K to K."""
    count = int(has.sum())
    return (ranks[has].sum(0) - count * (count + 1) / 2) / (count * (len(has) - count))


def logistic(x: Floats, has: NDArray[np.bool_], steps: int = 12) -> Floats:
    """Weights of a logistic regression with a ridge of 1, by Newton's method; the constant is left out. x: n x k."""
    wide = np.column_stack([np.ones(len(x)), x])
    ridge = np.diag([1e-3, *[1.0] * x.shape[1]])
    weight = np.zeros(wide.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-np.clip(wide @ weight, -30, 30)))
        hessian = (wide * (p * (1 - p))[:, None]).T @ wide + ridge
        weight -= np.linalg.solve(hessian, wide.T @ (p - has) + ridge @ weight)
    return weight[1:]


def stability(atoms: Sequence[Floats], seeds: int) -> float:
    """Mean cosine of atoms of two seeds of a fold, matched one to one. atoms: of each model, K x D, norm 1."""
    matched = []
    for first in range(0, len(atoms), seeds):
        some = atoms[first : first + seeds]
        for j in range(len(some)):
            for i in range(j):
                cosines = some[i] @ some[j].T
                matched.append(float(cosines[linear_sum_assignment(-cosines)].mean()))
    return float(np.mean(matched)) if matched else float("nan")


def spread(figures: Sequence[float], seeds: int) -> float:
    """The standard deviation over seeds of a figure that is the mean over folds. figures: of each model."""
    return float(np.reshape(figures, (-1, seeds)).mean(0).std())
