"""The features of many designs as a matrix, in which what few flags have may count for more."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Table:
    """The features that some flags have, F of N flags, and how many flags have each."""

    names: tuple[str, ...]
    """Sorted."""
    flags: tuple[int, ...]
    count: int
    """N."""

    @classmethod
    def of(cls, vectors: Sequence[Mapping[str, float]], least: int = 1) -> Table:
        """Of the features that `least` flags have."""
        counted = Counter(name for vector in vectors for name in vector)
        names = sorted(name for name, count in counted.items() if count >= least)
        return cls(tuple(names), tuple(counted[name] for name in names), len(vectors))

    @cached_property
    def rarity(self) -> NDArray[np.float32]:
        """How much each says of a flag that has it, F, in [0, 1]: the root of its inverse document frequency, over
        that of a feature of one flag."""
        share = np.array(self.flags, np.float64) / max(1, self.count)
        return np.sqrt(-np.log(share) / math.log(max(2, self.count))).astype(np.float32)

    def matrix(self, vectors: Sequence[Mapping[str, float]]) -> NDArray[np.float32]:
        """Vectors as rows, n x F; without features that the table does not have."""
        columns = {name: column for column, name in enumerate(self.names)}
        found = np.zeros((len(vectors), len(self.names)), np.float32)
        for row, vector in enumerate(vectors):
            for name, value in vector.items():
                if name in columns:
                    found[row, columns[name]] = value
        return found
