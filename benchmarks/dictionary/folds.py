"""Flags as points, split into folds with near-duplicates on one side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.flags.dataset import Flags
from flagsae.flags.prepare import near_duplicates

Floats: TypeAlias = NDArray[np.float64]
Positions: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True)
class Fold:
    """All N flags as a fold sees them."""

    train: Positions
    held_out: Positions
    Z: Floats
    """N x D, the flags as points."""
    empty: Floats
    """D, the point without anything: atoms that are non-negative are so as seen from it."""

    def further(self, kind: str, model: int) -> Floats:
        """Points beside the flags that the model of this number learns from, of a kind of `Recipe.further`: m x D."""
        raise NotImplementedError


class Bench:
    """What all rows of a table share. Models are numbered fold by fold, and seed by seed within a fold."""

    folds: Sequence[Fold]

    def __init__(self, flags: Flags, seeds: int) -> None:
        self.flags, self.seeds = flags, seeds
        self.groups = np.arange(len(flags))  # the same number for near-duplicates
        for _, i, j in near_duplicates(flags.canvas):
            self.groups[self.groups == self.groups[j]] = self.groups[i]

    @property
    def models(self) -> Sequence[Fold]:
        return [fold for fold in self.folds for _ in range(self.seeds)]

    def parts(self, folds: int) -> list[tuple[Positions, Positions]]:
        """(training flags, held-out flags) of each fold."""
        order = np.random.default_rng(0).permutation(np.unique(self.groups))
        held_out = [np.isin(self.groups, order[number::folds]) for number in range(folds)]
        return [(np.nonzero(~part)[0], np.nonzero(part)[0]) for part in held_out]


def unit(rows: Floats) -> Floats:
    """Rows of length 1."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
