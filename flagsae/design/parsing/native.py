"""Label maps at the resolution of their pictures.

A picture that is smaller than the fine grid comes with large square pixels: every edge has their steps. Shapes are
fitted on a map that has one pixel for each of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from flagsae.flags.regions import LabelMap

WIDTHS = range(32, 181)  # pixels that such a picture may be wide
CHANCE = 1e-5  # that lines between labels lie on the edges of large pixels, if these are none


def native(labels: LabelMap, aspect: float) -> LabelMap:
    """A map as small as it can be without any loss, if it was enlarged; else the map itself. aspect: of the picture."""
    height, width = labels.shape
    down = np.nonzero((labels[1:] != labels[:-1]).any(1))[0] + 1
    along = np.nonzero((labels[:, 1:] != labels[:, :-1]).any(0))[0] + 1
    for columns in WIDTHS:
        upright = _edges(columns, width)
        if not set(along) <= upright:
            continue
        for rows in {int(columns / aspect), int(columns / aspect) + 1}:
            level = _edges(rows, height)
            chance = (len(upright) / width) ** len(along) * (len(level) / height) ** len(down)
            if 1 < rows < height and columns < width and chance < CHANCE and set(down) <= level:
                return labels[np.ix_(_middles(rows, height), _middles(columns, width))]
    return labels


def _edges(small: int, large: int) -> set[int]:
    """Where the pixels of a side may begin that was enlarged: one that is half covered may have either label."""
    exact = np.arange(small + 1) * large / small
    return set(np.ceil(exact - 0.501).astype(int).tolist()) | set(np.floor(exact + 0.501).astype(int).tolist())


def _middles(small: int, large: int) -> NDArray[np.int64]:
    return ((np.arange(small) + 0.5) * large / small).astype(np.int64)
