"""Seams: straight cuts across a mix at which one flag is pasted beside another.

A seam runs from one side of the frame to another, upright, level or from corner to corner, and

- colours change along most of it,
- no parent has such a line there,
- something ends at it: on one side at least two colours do, as with a cross or stripes that are cut off,
- neither side is a plain bar, which designs have: up to two fifths of the flag that meet the line in one colour,
- its sides are the parts of two parents: at the same places each has more of the colours of one of them.

Two fields side by side in a colour each, with or without charges, are no seam: real flags are made so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from flagsae.flags.regions import LabelMap

CUT, HAD = 0.7, 0.5  # of a line's length: colours change along a cut; a parent has the line
ENDS = 0.08  # of the line's length: a colour that has so much of it ends there
PLAIN, BAR = 0.9, 0.4  # of the line's length in one colour; of the flag's area, that a bar has at most
LIKE, MORE = 0.5, 0.1  # of a side's pixels: as one parent has them; so many more than the other parent
MARGIN = 0.1  # of the flag's width or height: nearer to the frame there are borders
NEAR = 0.02  # likewise: a parent has the line if it has one so near

Mask = NDArray[np.bool_]  # H x W


@dataclass(frozen=True)
class Line:
    """A straight line over a grid: the pixels along it on both sides, and all of both sides."""

    first: tuple[NDArray[np.intp], NDArray[np.intp]]
    """Rows and columns of the pixels along it, n."""
    second: tuple[NDArray[np.intp], NDArray[np.intp]]
    sides: tuple[Mask, Mask]
    outer: tuple[Mask, Mask]
    """Their halves at the frame."""

    def changes(self, labels: LabelMap) -> float:
        """The share of it along which colours change."""
        return float((labels[self.first] != labels[self.second]).mean())


def upright(shape: tuple[int, ...], column: int) -> Line:
    """Between a column and the next; what is seen beside it is one pixel away."""
    height, width = shape
    rows, columns = np.arange(height), np.arange(width)
    areas = columns <= column, columns > column, columns <= column / 2, columns > (column + width) / 2
    one, two, outer, other = (np.broadcast_to(area, (height, width)) for area in areas)
    return Line((rows, np.full(height, column - 1)), (rows, np.full(height, column + 2)), (one, two), (outer, other))


def level(shape: tuple[int, ...], row: int) -> Line:
    line = upright(shape[::-1], row)
    one, two, outer, other = (area.T for area in (*line.sides, *line.outer))
    return Line(line.first[::-1], line.second[::-1], (one, two), (outer, other))


def diagonal(shape: tuple[int, ...], falling: bool) -> Line:
    height, width = shape
    rows = np.arange(3, height - 3)
    across = (rows + 0.5) / height * width
    columns = (across if falling else width - across).astype(np.intp)
    away = round(2 * width / height)
    y, x = np.mgrid[:height, :width]
    at = (y + 0.5) / height * width
    side = x + 0.5 < (at if falling else width - at)
    first, second = (rows, (columns - away).clip(0)), (rows, (columns + away).clip(0, width - 1))
    return Line(first, second, (side, ~side), (side, ~side))


def lines(shape: tuple[int, ...]) -> Iterator[tuple[Line, list[Line]]]:
    """Every line that is tried, with those that are the same to the eye."""
    for make, size in ((upright, shape[1]), (level, shape[0])):
        every = {at: make(shape, at) for at in range(2, size - 3)}
        near = max(1, round(NEAR * size))
        for at in range(round(MARGIN * size), round((1 - MARGIN) * size)):
            yield every[at], [every[other] for other in range(at - near, at + near + 1) if other in every]
    for falling in (True, False):
        line = diagonal(shape, falling)
        yield line, [line]


def seams(labels: LabelMap, parents: Sequence[LabelMap]) -> bool:
    """Whether a mix has a seam. labels, parents: fine label maps, H x W."""
    return any(
        line.changes(labels) >= CUT
        and not any(other.changes(parent) >= HAD for parent in parents for other in same)
        and _ends(line, labels)
        and _of_two(line, labels, parents)
        for line, same in lines(labels.shape)
    )


def _ends(line: Line, labels: LabelMap) -> bool:
    """Whether something ends at a line, and neither side is a plain bar."""
    several = False
    changed = labels[line.first] != labels[line.second]  # a charge that lies across does not end
    for along, side in zip((line.first, line.second), line.sides, strict=True):
        if (np.bincount(labels[along]) >= PLAIN * len(changed)).any() and side.mean() <= BAR:
            return False
        several |= (np.bincount(labels[along][changed]) >= ENDS * len(changed)).sum() > 1
    return bool(several)


def _of_two(line: Line, labels: LabelMap, parents: Sequence[LabelMap]) -> bool:
    """Whether the sides of a line are parts of two parents, out to the frame: the arm of a cross is no side."""
    here, there, outer, other = (
        [float((labels == parent)[area].mean()) for parent in parents] for area in (*line.sides, *line.outer)
    )
    return any(
        min(here[one] - here[two], there[two] - there[one]) >= MORE
        and min(here[one], there[two]) >= LIKE
        and min(outer[one] - outer[two], other[two] - other[one]) >= 0
        for one, two in permutations(range(len(parents)), 2)
    )
