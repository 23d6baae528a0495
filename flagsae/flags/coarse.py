"""Pictures averaged down to a coarser grid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def averaged(pictures: NDArray[np.floating] | NDArray[np.bool_], size: tuple[int, int]) -> NDArray[np.float32]:
    """Pictures averaged down to h x w, which need not divide H x W. pictures: ... x H x W; size: h, w.

    Returns ... x h x w.
    """
    if pictures.shape[-2:] == size:
        return pictures.astype(np.float32)
    rows, columns = (_overlaps(whole, part) for whole, part in zip(pictures.shape[-2:], size, strict=True))
    return rows @ pictures.astype(np.float32) @ columns.T


def _overlaps(whole: int, part: int) -> NDArray[np.float32]:
    """A row of `whole` pixels is divided into `part` equal stretches: the share of each stretch in each pixel, part x
    whole."""
    edges = np.linspace(0, whole, part + 1)[:, None]
    pixel = np.arange(whole)
    covered = np.minimum(edges[1:], pixel + 1) - np.maximum(edges[:-1], pixel)
    return (np.maximum(covered, 0) * part / whole).astype(np.float32)
