"""What of its parents' design features a mix keeps, and whether these two flags are found again from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.design import kept
from flagsae.design.design import CUT_OUT, Design
from flagsae.design.feature_table import Table
from flagsae.design.looks import slots
from flagsae.design.vectors import vectors
from flagsae.flags.dataset import Dataset
from mixes.sums import Group, distinct

Features: TypeAlias = Mapping[str, float]
Floats: TypeAlias = NDArray[np.float64]
Likeness: TypeAlias = Callable[[Group], float]

EMBLEM = 1.5  # what a cut-out counts, beside features whose weight times rarity is 1 at most
ALIKE = 0.7  # of two outlines together, that both cover: one is taken for the other
CANDIDATES = 60  # pairs that are mixed anew, the likeliest by their features


class Known:
    """The features of all flags, each weighted by its rarity, and of all pairs of them."""

    def __init__(self, dataset: Dataset) -> None:
        told = vectors(dataset)
        self.table = Table.of(told)
        self.same = distinct(dataset.flags)
        self.rows = self.table.matrix(told).astype(np.float64) * self.table.rarity  # N x F
        designs = [kept.design_at(dataset, flag) for flag in range(len(told))]
        drawn = [_cut_outs(design) if design is not None else [] for design in designs]
        self.arts = sorted({art for arts in drawn for art in arts})  # A
        self.masks = np.stack([slots(art) > 0 for art in self.arts])
        own = np.array([[EMBLEM * (art in arts) for art in self.arts] for arts in drawn])
        self.all = np.hstack([self.rows, own])  # N x (F + A)
        self.lengths = np.stack([np.linalg.norm(np.maximum(self.all, row), axis=1) for row in self.all])  # N x N
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

    def emblems(self, design: Design | None) -> Floats:
        """Which of the flags' cut-outs are on a design, A: known by name, or in a parsed picture by their outline."""
        found = np.zeros(len(self.arts))
        for art in _cut_outs(design) if design is not None else []:
            if art in self.arts:
                found[self.arts.index(art)] = EMBLEM
                continue
            mask = slots(art) > 0
            alike = (self.masks & mask).sum((1, 2)) / np.maximum(1, (self.masks | mask).sum((1, 2)))
            if alike.max() >= ALIKE:
                found[int(alike.argmax())] = EMBLEM
        return found

    def ranked(self, features: Features, design: Design | None, count: int) -> list[Group]:
        """The pairs whose features and cut-outs together, of each the larger weight, are most like a mix's (cosine),
        best first."""
        row = np.hstack([self.row(features), self.emblems(design)])
        mine = np.nonzero(row)[0]
        products = np.zeros(self.lengths.shape)
        for feature in mine:
            column = self.all[:, feature]
            products += row[feature] * np.maximum(column[:, None], column)
        alike = products / self.lengths
        best = np.argsort(-alike, axis=None, kind="stable")[:count]
        return [(int(pair) // len(alike), int(pair) % len(alike)) for pair in best]

    def is_pair(self, pair: Sequence[int], parents: Sequence[int]) -> bool:
        """Whether two flags are the parents; near-duplicates are one flag."""
        return set(self.same[list(pair)].tolist()) == set(self.same[list(parents)].tolist())


def _cut_outs(design: Design) -> list[str]:
    """The arts of a design's cut-outs, those of a canton too."""
    inner = [art for layer in design.layers if layer.inside is not None for art in _cut_outs(layer.inside)]
    return [charge.art for charge in design.charges if charge.shape == CUT_OUT] + inner


def cosine(one: Floats, other: Floats) -> float:
    length = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / length if length else 0.0


def nearest(candidates: Iterable[Group], likeness: Likeness) -> Group:
    """Of pairs the one whose own mix is most like the mix; of equals the first."""
    return max(candidates, key=likeness)
