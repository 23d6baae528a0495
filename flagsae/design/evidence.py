"""What a region's code says: probabilities of classes, and the features that they come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.design.dictionaries import Dictionary
from flagsae.design.vocabulary import Speaker

MOST_SPEAKERS = 3  # features that an element lists

Colours: TypeAlias = tuple[str, ...]  # palette index -> the word for it


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the code of one region says about it."""

    odds: dict[str, float]
    """The probability of each class."""
    rest: float
    """The share of its vector that the code does not explain, from 0 to about 1."""
    code: NDArray[np.float32]
    """K, its activations."""

    @property
    def best(self) -> str:
        """The most probable class."""
        return max(self.odds, key=lambda name: self.odds[name])


def evidence_of(dictionary: Dictionary, vectors: NDArray[np.float32]) -> list[Evidence]:
    """Encodes n regions and reads their codes: the evidence of each. vectors: n x D."""
    codes = dictionary.encode(vectors)
    odds, rest = dictionary.classify(codes), dictionary.unexplained(vectors, codes)
    return [
        Evidence(dict(zip(dictionary.classes, row.tolist(), strict=True)), float(left), code)
        for row, left, code in zip(odds, rest, codes, strict=True)
    ]


def speakers(dictionary: Dictionary, evidence: Iterable[Evidence], *classes: str) -> tuple[Speaker, ...]:
    """The features that add most to the log odds of some classes, the strongest first, at most `MOST_SPEAKERS`.

    evidence: of the regions that make an element, over which the log odds are summed; classes: of the dictionary; for
    each feature the one that it speaks for most counts.
    """
    rows = [dictionary.classes.index(name) for name in classes]
    weights = dictionary.readout[:, :-1] - dictionary.readout[:, :-1].mean(0)  # less the mean of all classes
    said = np.sum([one.code * weights[rows].max(0) for one in evidence], axis=0)
    order = np.argsort(-said, kind="stable")[:MOST_SPEAKERS]
    return tuple(
        Speaker(dictionary.kind, int(j), round(float(said[j]), 3), *dictionary.label(int(j)))
        for j in order
        if said[j] > 0
    )
