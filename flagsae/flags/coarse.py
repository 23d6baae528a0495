"""Pictures on a coarser grid, each of whose pixels is the average of what it covers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def averaged(pictures: NDArray[np.floating] | NDArray[np.bool_], size: tuple[int, int]) -> NDArray[np.float32]:
    """Pictures averaged down, whatever the two grids' ratio. pictures: ... x H x W; ... x h x w."""
    if pictures.shape[-2:] == size:
        return pictures.astype(np.float32)
    rows, columns = (_overlaps(whole, part) for whole, part in zip(pictures.shape[-2:], size, strict=True))
    return rows @ pictures.astype(np.float32) @ columns.T


def _overlaps(whole: int, part: int) -> NDArray[np.float32]:
    """Which share of each of `part` equal stretches is in each of `whole` pixels: part x whole."""
    edges = np.linspace(0, whole, part + 1)[:, None]
    pixel = np.arange(whole)
    covered = np.minimum(edges[1:], pixel + 1) - np.maximum(edges[:-1], pixel)
    return (np.maximum(covered, 0) * part / whole).astype(np.float32)
