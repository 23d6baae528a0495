"""The evidence of a region's code: probabilities of classes, and the features behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.design.dictionaries import Dictionary
from flagsae.design.vocabulary import Speaker

MOST_SPEAKERS = 3  # named for an element

Colours: TypeAlias = tuple[str, ...]  # palette index -> the word for it


@dataclass(frozen=True, eq=False)
class Evidence:
    """What a dictionary finds out about one region."""

    odds: dict[str, float]
    """The probability of each class."""
    rest: float
    """The share of its vector that the code doesn't explain."""
    code: NDArray[np.float32]
    """K."""

    @property
    def best(self) -> str:
        """The most probable class."""
        return max(self.odds, key=lambda name: self.odds[name])


def evidence_of(dictionary: Dictionary, vectors: NDArray[np.float32]) -> list[Evidence]:
    """The evidence of each of n regions. vectors: n x D."""
    codes = dictionary.encode(vectors)
    odds, rest = dictionary.classify(codes), dictionary.unexplained(vectors, codes)
    return [
        Evidence(dict(zip(dictionary.classes, row.tolist(), strict=True)), float(left), code)
        for row, left, code in zip(odds, rest, codes, strict=True)
    ]


def speakers(dictionary: Dictionary, evidence: Iterable[Evidence], *classes: str) -> tuple[Speaker, ...]:
    """The features that add most to the log odds of these classes, summed over the regions of an element."""
    rows = [dictionary.classes.index(name) for name in classes]
    weights = dictionary.readout[:, :-1] - dictionary.readout[:, :-1].mean(0)  # against the average class
    said = np.sum([one.code * weights[rows].max(0) for one in evidence], axis=0)
    order = np.argsort(-said, kind="stable")[:MOST_SPEAKERS]
    return tuple(
        Speaker(dictionary.kind, int(j), round(float(said[j]), 3), *dictionary.label(int(j)))
        for j in order
        if said[j] > 0
    )
