"""What of its parents' design features a mix keeps, and whether these two flags are found again from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.design.feature_table import Table
from flagsae.design.vectors import vectors
from flagsae.flags.dataset import Dataset
from mixes.sums import Group, distinct

Features: TypeAlias = Mapping[str, float]
Floats: TypeAlias = NDArray[np.float64]
Likeness: TypeAlias = Callable[[Group], float]

CANDIDATES = 40  # pairs that are mixed anew, the likeliest by their features


class Known:
    """The features of all flags, each weighted by its rarity, and of all pairs of them."""

    def __init__(self, dataset: Dataset) -> None:
        told = vectors(dataset)
        self.table = Table.of(told)
        self.same = distinct(dataset.flags)
        self.rows = self.table.matrix(told).astype(np.float64) * self.table.rarity  # N x F
        self.lengths = np.stack([np.linalg.norm(np.maximum(self.rows, row), axis=1) for row in self.rows])  # N x N
        twice = np.tril(np.ones(self.lengths.shape, bool)) | (self.same[:, None] == self.same)
        self.lengths[twice] = np.inf  # each pair once, and no pair of near-duplicates

    def row(self, features: Features) -> Floats:
        """F."""
        return (self.table.matrix([features])[0] * self.table.rarity).astype(np.float64)

    def kept(self, features: Features, parents: Iterable[int]) -> float:
        """The share of the features of the parent that keeps least which a mix has.

        A feature counts with its weight in the parent times its rarity, wholly where the mix has it. Features of two
        parents that shut each other out, such as three upright and three level stripes, count like others: nothing
        keeps all of both.
        """
        has = self.row(features) > 0
        return min(float(self.rows[parent][has].sum() / self.rows[parent].sum()) for parent in parents)

    def ranked(self, features: Features, count: int) -> list[Group]:
        """The pairs whose features together, of each the larger weight, are most like a mix's (cosine), best first."""
        row = self.row(features)
        mine = np.nonzero(row)[0]
        products = np.zeros(self.lengths.shape)
        for feature in mine:
            column = self.rows[:, feature]
            products += row[feature] * np.maximum(column[:, None], column)
        alike = products / self.lengths
        best = np.argsort(-alike, axis=None, kind="stable")[:count]
        return [(int(pair) // len(alike), int(pair) % len(alike)) for pair in best]

    def is_pair(self, pair: Sequence[int], parents: Sequence[int]) -> bool:
        """Whether two flags are the parents; near-duplicates are one flag."""
        return set(self.same[list(pair)].tolist()) == set(self.same[list(parents)].tolist())


def cosine(one: Floats, other: Floats) -> float:
    length = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / length if length else 0.0


def nearest(candidates: Iterable[Group], likeness: Likeness) -> Group:
    """Of pairs the one whose own mix is most like the mix; of equals the first."""
    return max(candidates, key=likeness)
