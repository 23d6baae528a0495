"""What a cut-out looks like from afar: a small map of its colours, how much drawing it is, and how wide."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from flagsae.design import art, quick
from flagsae.design.design import Charge
from flagsae.design.shapes import Outline
from flagsae.flags.regions import LabelMap

GRID = 24  # pixels across the map
# Of a line of letters; by eye, on the bundled and sub-national flags that have one.
LETTERS = 4  # pieces, at least
UNEVEN, OFF = 0.4, 0.35  # of their height, by which the height and the middle of one are off,
EVEN = 0.8  # of the pieces, at least, that are so, and that stand side by side,
OVERLAP = 0.25  # of their height, by which two overlap


def paste(charge: Charge, numbers: Mapping[str, int], labels: LabelMap, aspect: float) -> None:
    """Paints a cut-out on a label map, upright, by the nearest of its own map's pixels.

    numbers: of the colours' names; aspect: width over height of what the label map shows.
    """
    rows, columns = labels.shape
    seen = slots(charge.art)
    colours = np.array([0, *(numbers[colour] for colour in charge.colours)], np.uint8)
    for place in charge.places:
        down = ((np.arange(rows) + 0.5) / rows - place.y) / place.radius
        along = ((np.arange(columns) + 0.5) / columns - place.x) * aspect / place.radius
        row, column = np.nonzero(abs(down) < 1)[0], np.nonzero(abs(along) < 1)[0]
        if len(row) and len(column):
            own_row, own_column = (
                np.minimum(((one + 1) / 2 * GRID).astype(int), GRID - 1) for one in (down[row], along[column])
            )  # just under 1 is rounded to 1
            part = seen[own_row[:, None], own_column]
            np.copyto(labels[row[0] : row[-1] + 1, column[0] : column[-1] + 1], colours[part], where=part > 0)


@lru_cache(512)
def slots(text: str) -> NDArray[np.uint8]:
    """One more than the slot at each pixel of a cut-out's square, GRID x GRID; 0 where there is none."""
    found = np.zeros((GRID, GRID), np.uint8)
    for slot, contours in art.outlines(text, plain=True):
        points = [(_corners(one) + 1) * (GRID / 2) for one in contours]
        found[quick.filled(points, GRID, GRID)] = slot + 1
    return found


@lru_cache(512)
def drawing(text: str) -> tuple[int, float]:
    """How many curves and lines a cut-out has, and its width over its height."""
    ends = np.concatenate([one[:, 0] for _, contours in art.outlines(text, plain=True) for one in contours])
    wide, high = np.ptp(ends, axis=0).tolist()
    return art.pieces_of(text, plain=True), wide / max(high, 1e-9)


@lru_cache(512)
def is_lettering(text: str) -> bool:
    """Whether a cut-out is a line of letters: of one colour, several pieces, equally high, side by side."""
    slots = art.outlines(text)
    if len({slot for slot, _ in slots}) != 1:
        return False
    points = [one.reshape(-1, 2) for _, contours in slots for one in contours]
    boxes = np.array([(*one.min(0), *one.max(0)) for one in points])  # left, top, right, bottom
    inside = (boxes[:, None, :2] >= boxes[None, :, :2]).all(2) & (boxes[:, None, 2:] <= boxes[None, :, 2:]).all(2)
    left, top, right, bottom = boxes[inside.sum(1) == 1].T  # without holes
    if len(left) < LETTERS:
        return False
    high = np.median(bottom - top)
    even = (abs(bottom - top - high) < UNEVEN * high) & (
        abs((top + bottom) / 2 - np.median(top + bottom) / 2) < OFF * high
    )
    order = np.argsort(left[even])
    beside = left[even][order][1:] > right[even][order][:-1] - OVERLAP * high
    return bool(even.mean() >= EVEN and even.sum() >= LETTERS and beside.mean() >= EVEN)


def _corners(contour: Outline) -> NDArray[np.float64]:
    """The start and the middle of each curve, n x 2: at this size it is hardly anywhere else."""
    start, one, two, end = contour.transpose(1, 0, 2)
    return np.hstack([start, (start + 3 * (one + two) + end) / 8]).reshape(-1, 2)
