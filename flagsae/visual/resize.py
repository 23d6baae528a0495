"""Pictures resized to the cells of a terminal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from flagsae.visual.paint import scale
from flagsae.visual.terminal.blocks import packed

SMALL = 36  # columns up to which flat pictures keep their own colours; wider ones show small shapes better averaged


def fit(height: int, width: int, columns: int, rows: int) -> tuple[int, int]:
    """(columns, rows) of the largest block of cells, within those given, that keeps the proportions of H x W pixels.

    A cell is one pixel wide and two high. At least one cell.
    """
    size = min(columns / max(1, width), 2 * rows / max(1, height))
    return max(1, round(width * size)), max(1, round(height * size / 2))


def resized(picture: NDArray[np.uint8], columns: int, rows: int) -> NDArray[np.uint8]:
    """A picture (H x W x 3) with two pixels for each cell: (2 * rows) x columns x 3.

    If it shrinks, pixels are averaged, except for a flat picture of few columns, which keeps to its own colours
    (`thumbnail`), so that no mixed colours appear where stripes meet. If it grows, pixels are repeated.
    """
    height, width = picture.shape[:2]
    if (height, width) == (2 * rows, columns):
        return picture
    shrinks = columns <= width and 2 * rows <= height
    if shrinks and columns <= SMALL and len(np.unique(packed(picture))) <= MOST_COLOURS:
        return thumbnail(picture, columns, 2 * rows)
    return scale(picture, columns, 2 * rows, flat=not shrinks)


MOST_COLOURS = 32  # a picture with more colours is not flat
RARE = 0.6  # by eye, 0 to 1. At 0 the colour that covers most of a pixel wins; at 1 the one most of whose area is there


def thumbnail(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """A very small version of a flat picture, height x width x 3, in its own colours only.

    Each pixel takes the colour that covers most of it, weighted by how rare the colour is in the picture (`RARE`), so
    that a thin cross between two rows is not lost. A picture that is not flat, or that would grow, is sampled.
    """
    packed = pixels.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1])
    colours, which, counts = np.unique(packed, return_inverse=True, return_counts=True)
    if len(colours) > MOST_COLOURS or width > pixels.shape[1] or height > pixels.shape[0]:
        return scale(pixels, width, height, flat=True)
    which = which.reshape(packed.shape)
    rows, columns = np.arange(height) * len(packed) // height, np.arange(width) * packed.shape[1] // width
    votes = []
    for number, count in enumerate(counts):
        covered = np.add.reduceat(np.add.reduceat((which == number).astype(float), rows, 0), columns, 1)
        votes.append(covered / (count / packed.size) ** RARE)
    chosen = colours[np.argmax(votes, axis=0)]
    return (chosen[..., None] >> np.array([16, 8, 0]) & 255).astype(np.uint8)
