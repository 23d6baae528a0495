"""The outline of a region as a polygon of few corners."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from flagsae.design.quick import Mask
from flagsae.flags.regions import holes_filled


def corners(region: Mask, off: float) -> NDArray[np.float64]:
    """The corners of a connected region, its holes filled: n x 2, x and y in pixels.

    off: pixels that the region's edge may be off the polygon.
    """
    points = outline(holes_filled(region))
    far = int(((points - points[0]) ** 2).sum(1).argmax())
    halves = simplified(points[: far + 1], off), simplified(np.vstack([points[far:], points[:1]]), off)
    return np.concatenate([half[:-1] for half in halves])


def outline(region: Mask) -> NDArray[np.float64]:
    """The middles of the pixel sides along the edge of a region without holes, in order: n x 2, x and y in pixels; and
    the frame's corners that it fills."""
    padded = np.pad(region, 1)
    row, column = np.unravel_index(int(padded.argmax()), padded.shape)
    # Along pixel corners with the region on the right: east, south, west, north.
    ways = ((0, 1), (1, 0), (0, -1), (-1, 0))
    start = y, x = int(row), int(column)
    way = 0
    walk = []
    while True:
        walk.append((x, y))
        y, x = y + ways[way][0], x + ways[way][1]
        if (y, x) == start:
            break
        for turn in (-1, 0, 1):  # left if it can, so that pixels that touch at a corner stay apart
            tried = (way + turn) % 4
            # The pixel on the right of the way, and the one on its left.
            right = ((y, x), (y, x - 1), (y - 1, x - 1), (y - 1, x))[tried]
            left = ((y - 1, x), (y, x), (y, x - 1), (y - 1, x - 1))[tried]
            if padded[right] and not padded[left]:
                way = tried
                break
        else:
            way = (way + 2) % 4
    points = np.array(walk, float) - 1
    middles = (points + np.roll(points, -1, 0)) / 2
    height, width = region.shape
    framed = np.isin(points[:, 0], (0, width)) & np.isin(points[:, 1], (0, height))
    if framed.any():
        order = np.argsort(np.concatenate([np.arange(len(points))[framed] - 0.5, np.arange(len(points))]))
        middles = np.concatenate([points[framed], middles])[order]
    return middles


def simplified(points: NDArray[np.float64], off: float) -> NDArray[np.float64]:
    """A line with fewer corners that is off by no more (Ramer 1972; Douglas and Peucker 1973)."""
    kept = np.zeros(len(points), bool)
    kept[[0, -1]] = True
    parts = [(0, len(points) - 1)]
    while parts:
        first, last = parts.pop()
        if last - first < 2:
            continue
        ahead = points[last] - points[first]
        away = points[first + 1 : last] - points[first]
        length = float(np.hypot(*ahead))
        distance = (
            np.hypot(*away.T) if length < 1e-9 else np.abs(ahead[0] * away[:, 1] - ahead[1] * away[:, 0]) / length
        )
        which = int(distance.argmax())
        if distance[which] > off:
            middle = first + 1 + which
            kept[middle] = True
            parts += [(first, middle), (middle, last)]
    return points[kept]
