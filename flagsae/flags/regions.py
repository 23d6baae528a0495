"""Connected regions of label maps, with numpy only.

Two pixels are connected if they share an edge and have the same label. The nodes of the union-find are runs of equal
pixels in a row, not pixels, so that a flag with a few thousand runs takes a millisecond.

scipy.ndimage is not used: its `label` takes one label at a time and four times as long, its `binary_fill_holes` twice
as long as `holes_filled`, `fill` has no counterpart there, and its import would add 0.3 s to every command.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

LabelMap: TypeAlias = NDArray[np.uint8]  # H x W, palette indices
RegionMap: TypeAlias = NDArray[np.int32]  # H x W, numbers 0..R-1 of regions, in the order of their first pixels


def connected_regions(labels: NDArray[np.integer]) -> RegionMap:
    """The number of the 4-connected region that each pixel belongs to: H x W, 0..R-1. labels: H x W."""
    height, width = labels.shape
    starts = np.ones((height, width), bool)
    starts[:, 1:] = labels[:, 1:] != labels[:, :-1]
    runs = np.cumsum(starts.ravel()).reshape(height, width) - 1
    touching = labels[1:] == labels[:-1]
    # Two runs, one above the other, touch along many columns: only the first column of each pair is needed.
    first = touching.copy()
    first[:, 1:] &= ~touching[:, :-1] | starts[1:, 1:] | starts[:-1, 1:]
    roots = _roots(int(runs[-1, -1]) + 1, runs[:-1][first], runs[1:][first])
    _, numbers = np.unique(roots, return_inverse=True)
    return numbers[runs].astype(np.int32)


def _roots(nodes: int, left: NDArray[np.integer], right: NDArray[np.integer]) -> NDArray[np.integer]:
    """The smallest node that each node is connected to, by union with the minimum and pointer jumping.

    left, right: the nodes that each edge connects.
    """
    parent = np.arange(nodes)
    while True:
        a, b = parent[left], parent[right]
        if (a == b).all():
            return parent
        np.minimum.at(parent, np.maximum(a, b), np.minimum(a, b))
        while not np.array_equal(jumped := parent[parent], parent):
            parent = jumped


def region_areas(regions: RegionMap) -> NDArray[np.int64]:
    """The number of pixels of each region: R."""
    return np.bincount(regions.ravel())


def bounds(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """(first row, last row, first column, last column) of a mask (H x W), which must not be empty."""
    rows, columns = np.nonzero(mask.any(1))[0], np.nonzero(mask.any(0))[0]
    return int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])


def holes_filled(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A mask (H x W) with everything that it encloses."""
    outside = connected_regions(np.pad(~mask, 1, constant_values=True).astype(np.uint8))
    return ~(outside == outside[0, 0])[1:-1, 1:-1]


def dissolve(labels: LabelMap, smaller_than: int) -> LabelMap:
    """A label map in which regions with fewer than `smaller_than` pixels take the labels around them (see `fill`)."""
    regions = connected_regions(labels)
    kept = region_areas(regions)[regions] >= smaller_than
    return labels if kept.all() or not kept.any() else fill(labels, ~kept)


def fill(labels: LabelMap, holes: NDArray[np.bool_]) -> LabelMap:
    """A label map in which the labels around `holes` (H x W) have grown into them, one pixel at a time.

    A pixel takes the label that most of its labelled neighbours have.
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


def without_lines(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The pixels of a mask (H x W) in squares of two by two that belong to it: all but lines of single pixels."""
    square = mask[1:, 1:] & mask[1:, :-1] & mask[:-1, 1:] & mask[:-1, :-1]
    out = np.zeros_like(mask)
    height, width = square.shape
    for down in (0, 1):
        for along in (0, 1):
            out[down : down + height, along : along + width] |= square
    return out
