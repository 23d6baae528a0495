"""Pictures resized to the cells of a terminal."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from flagsae.visual.paint import scale
from flagsae.visual.terminal.blocks import packed, unpacked
from flagsae.visual.terminal.flat import MOST_COLOURS, indexed

SMALL = 36  # columns up to which flat pictures keep their own colours; wider ones show small shapes better averaged


def fit(height: int, width: int, columns: int, rows: int) -> tuple[int, int]:
    """(columns, rows) of the largest block of cells, within those given, that keeps the proportions of H x W pixels.

    A cell is one pixel wide and two high. At least one cell.
    """
    size = min(columns / max(1, width), 2 * rows / max(1, height))
    return max(1, round(width * size)), max(1, round(height * size / 2))


def resized(picture: NDArray[np.uint8], columns: int, rows: int) -> NDArray[np.uint8]:
    """A picture (H x W x 3) with two pixels for each cell: (2 * rows) x columns x 3.

    If it shrinks, pixels are averaged. A flat picture keeps to its own colours (`thumbnail`) where it has few columns,
    and along edges that are level or upright, so that no third colour appears where stripes meet. If it grows, pixels
    are repeated.
    """
    height, width = picture.shape[:2]
    if (height, width) == (2 * rows, columns):
        return picture
    shrinks = columns <= width and 2 * rows <= height
    if shrinks and columns <= SMALL and len(indexed(picture)[1]) <= MOST_COLOURS:
        return thumbnail(picture, columns, 2 * rows)
    pixels = scale(picture, columns, 2 * rows, flat=not shrinks)
    return _with_edges(pixels, picture) if shrinks else pixels


def _with_edges(pixels: NDArray[np.uint8], picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A flat picture made smaller, with own colours where it has the same mixed one in a row, as where stripes meet.

    pixels: what it has become, h x w x 3; picture: H x W x 3.
    """
    own = np.unique(packed(picture[:, :: max(1, picture.shape[1] // COLUMNS)]))
    colours = packed(pixels)
    if len(own) > MOST_COLOURS:
        return pixels
    alike = np.zeros(colours.shape, bool)
    beside, below = colours[:, 1:] == colours[:, :-1], colours[1:] == colours[:-1]
    alike[:, 1:] |= beside
    alike[:, :-1] |= beside
    alike[1:] |= below
    alike[:-1] |= below
    edge = alike & ~np.isin(colours, own)
    if edge.any():
        pixels[edge] = thumbnail(picture, pixels.shape[1], pixels.shape[0])[edge]
    return pixels


COLUMNS = 25  # of a picture that are looked through for its colours, about
RARE = 0.6  # by eye, 0 to 1. At 0 the colour that covers most of a pixel wins; at 1 the one most of whose area is there


def thumbnail(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """A very small version of a flat picture, height x width x 3, in its own colours only.

    Each pixel takes the colour that covers most of it, weighted by how rare the colour is in the picture (`RARE`), so
    that a thin cross between two rows is not lost. A picture that is not flat, or that would grow, is sampled.
    """
    labels, colours = indexed(pixels)
    if len(colours) > MOST_COLOURS or width > pixels.shape[1] or height > pixels.shape[0]:
        return scale(pixels, width, height, flat=True)
    high, wide = labels.shape
    # Pixel y of H belongs to the row whose first pixel, row * H // height, is the last that is not after it.
    rows = np.searchsorted(np.arange(height) * high // height, np.arange(high), "right") - 1
    columns = np.searchsorted(np.arange(width) * wide // width, np.arange(wide), "right") - 1
    places = (rows[:, None] * width + columns) * len(colours) + labels
    covered = np.bincount(places.ravel(), minlength=height * width * len(colours)).reshape(height, width, -1)
    votes = covered / (np.bincount(labels.ravel()) / labels.size) ** RARE
    return unpacked(colours[np.argmax(votes, axis=2)])
