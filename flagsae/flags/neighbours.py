"""What lies around each pixel of a picture, with numpy only.

These take half the time of the filters of scipy.ndimage or less, and need no 0.3 s for its import.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def around(marks: NDArray[np.bool_], radius: int) -> NDArray[np.bool_]:
    """Whether there is a mark in the square of 2 radius + 1 pixels around each pixel.

    marks, result: H x W, or H x W x n.
    """
    height, width = marks.shape[:2]
    padded = np.pad(marks, [(radius, radius)] * 2 + [(0, 0)] * (marks.ndim - 2))
    span = range(2 * radius + 1)
    across = np.logical_or.reduce([padded[:, x : x + width] for x in span])
    found: NDArray[np.bool_] = np.logical_or.reduce([across[y : y + height] for y in span])
    return found


def extent(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The largest minus the smallest value of the 3 x 3 pixels around each pixel, per channel; H x W x 3."""
    padded = np.pad(values, ((1, 1), (1, 1), (0, 0)), mode="edge")
    across = [padded[:, i : i + values.shape[1]] for i in range(3)]
    high, low = np.maximum.reduce(across), np.minimum.reduce(across)
    rows = range(3)
    return np.maximum.reduce([high[i : i + len(values)] for i in rows]) - np.minimum.reduce(
        [low[i : i + len(values)] for i in rows]
    )
