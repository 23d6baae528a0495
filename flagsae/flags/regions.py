"""Connected regions of a label map, in numpy alone.

Two pixels are connected where they share an edge and a label. Runs of equal pixels, not pixels, are the
nodes of the union-find, so a flag of a few thousand runs takes a millisecond.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

LabelMap: TypeAlias = NDArray[np.uint8]  # H x W, palette indices
RegionMap: TypeAlias = NDArray[np.int32]  # H x W, region numbers 0..R-1 in reading order of their first pixels


def connected_regions(labels: NDArray[np.integer]) -> RegionMap:
    """Numbers the 4-connected regions of equal label. labels: H x W; returns H x W, numbers 0..R-1."""
    height, width = labels.shape
    starts = np.ones((height, width), bool)
    starts[:, 1:] = labels[:, 1:] != labels[:, :-1]
    runs = np.cumsum(starts.ravel()).reshape(height, width) - 1
    touching = labels[1:] == labels[:-1]
    # A pair of runs touches along many columns; one look at the first column of each pair is enough.
    first = touching.copy()
    first[:, 1:] &= ~touching[:, :-1] | starts[1:, 1:] | starts[:-1, 1:]
    roots = _roots(int(runs[-1, -1]) + 1, runs[:-1][first], runs[1:][first])
    _, numbers = np.unique(roots, return_inverse=True)
    return numbers[runs].astype(np.int32)


def _roots(nodes: int, left: NDArray[np.integer], right: NDArray[np.integer]) -> NDArray[np.integer]:
    """The smallest node that each node is connected to: union by minimum, then pointer jumping."""
    parent = np.arange(nodes)
    while True:
        a, b = parent[left], parent[right]
        if (a == b).all():
            return parent
        np.minimum.at(parent, np.maximum(a, b), np.minimum(a, b))
        while not np.array_equal(jumped := parent[parent], parent):
            parent = jumped


def region_areas(regions: RegionMap) -> NDArray[np.int64]:
    """Pixels of each region, by number."""
    return np.bincount(regions.ravel())


def bounds(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """First and last row, first and last column of a mask."""
    rows, columns = np.nonzero(mask.any(1))[0], np.nonzero(mask.any(0))[0]
    return int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])


def holes_filled(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask with everything that it encloses."""
    outside = connected_regions(np.pad(~mask, 1, constant_values=True).astype(np.uint8))
    return ~(outside == outside[0, 0])[1:-1, 1:-1]


def dissolve(labels: LabelMap, smaller_than: int) -> LabelMap:
    """Gives the pixels of regions under `smaller_than` pixels the label of the nearest kept pixel."""
    regions = connected_regions(labels)
    kept = region_areas(regions)[regions] >= smaller_than
    return labels if kept.all() or not kept.any() else fill(labels, ~kept)


def fill(labels: LabelMap, holes: NDArray[np.bool_]) -> LabelMap:
    """Grows the labels around `holes` into them, one pixel at a time from all four sides.

    A pixel with several labelled neighbours takes the label that most of them have.
    """
    labels, holes = labels.copy(), holes.copy()
    colours = int(labels.max()) + 1
    while holes.any():
        rows, columns = np.nonzero(holes)
        votes = np.zeros((len(rows), colours), np.int8)
        for down, right in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            r, c = rows + down, columns + right
            inside = (r >= 0) & (r < labels.shape[0]) & (c >= 0) & (c < labels.shape[1])
            inside[inside] = ~holes[r[inside], c[inside]]
            votes[inside, labels[r[inside], c[inside]]] += 1
        grown = votes.any(1)
        labels[rows[grown], columns[grown]] = votes[grown].argmax(1)
        holes[rows[grown], columns[grown]] = False
    return labels
