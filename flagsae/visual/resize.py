"""Pictures at the size of some cells of a terminal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from flagsae.visual.paint import scale
from flagsae.visual.terminal.blocks import packed

SMALL = 36  # columns up to which crisp is better than smooth; wider pictures show stars as more than blobs


def fit(height: int, width: int, columns: int, rows: int) -> tuple[int, int]:
    """The most columns and rows of cells, within those given, in which H x W pixels keep their proportions.

    A cell is two square pixels high; the least is one cell.
    """
    size = min(columns / max(1, width), 2 * rows / max(1, height))
    return max(1, round(width * size)), max(1, round(height * size / 2))


def resized(picture: NDArray[np.uint8], columns: int, rows: int) -> NDArray[np.uint8]:
    """A picture (H x W x 3) with two pixels for each cell, 2 rows x columns x 3.

    Where it shrinks, pixels are averaged, but a flat picture of few columns keeps to its own colours (see
    `scatter.thumbnail`): there is no mud where stripes meet. Where it grows, its pixels are repeated.
    """
    from flagsae.visual.resize import MOST_COLOURS, thumbnail

    height, width = picture.shape[:2]
    if (height, width) == (2 * rows, columns):
        return picture
    shrinks = columns <= width and 2 * rows <= height
    if shrinks and columns <= SMALL and len(np.unique(packed(picture))) <= MOST_COLOURS:
        return thumbnail(picture, columns, 2 * rows)
    return scale(picture, columns, 2 * rows, flat=not shrinks)


MOST_COLOURS = 32  # of a flat picture
RARE = 0.6  # 0: only what a colour covers counts; 1: how much of the colour's area lies here


def thumbnail(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """A very small picture, height x width x 3, in colours of its own: no mud where three stripes meet four rows.

    A pixel takes the colour that covers most of it, one that is rare in the picture counting for more than it covers:
    a cross between two rows is not lost. Pictures without flat colour are sampled.
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
