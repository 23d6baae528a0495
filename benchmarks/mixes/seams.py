"""Seams: straight cuts across a mix at which one flag is pasted beside another.

A seam runs from one side of the frame to another, upright, level or from corner to corner, and

- colours change along most of it,
- no parent has such a line there,
- something ends at it: on one side at least two colours meet it, as with a cross or stripes that are cut off,
- neither side is a plain bar, which designs have: up to two fifths of the flag that meet the line in one colour,
- its sides are the parts of two parents: at the same places each has more of the colours of one of them.

Two fields side by side in a colour each, with or without charges, are no seam: real flags are made so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flagsae.flags.regions import LabelMap

CUT, HAD = 0.7, 0.5  # of a line's length: colours change along a cut; a parent has the line
ENDS = 0.08  # of the line's length: a colour that has so much of it ends there
PLAIN, BAR = 0.9, 0.4  # of the line's length in one colour; of the flag's area, that a bar has at most
LIKE, MORE = 0.5, 0.1  # of a side's pixels: as one parent has them; so many more than the other parent
MARGIN = 0.1  # of the flag's width or height: nearer to the frame there are borders
NEAR = 0.02  # likewise: a parent has the line if it has one so near


@dataclass(frozen=True)
class Line:
    """A straight line over a grid: its pixels on both sides, and what lies on the first side."""

    first: tuple[NDArray[np.intp], NDArray[np.intp]]
    """Rows and columns of the pixels along it, n."""
    second: tuple[NDArray[np.intp], NDArray[np.intp]]
    side: NDArray[np.bool_]

    def changes(self, labels: LabelMap) -> float:
        """The share of it along which colours change."""
        return float((labels[self.first] != labels[self.second]).mean())


def upright(shape: tuple[int, ...], column: int) -> Line:
    """Between a column and the next; what is seen beside it is one pixel away."""
    height, width = shape
    rows = np.arange(height)
    side = np.broadcast_to(np.arange(width) <= column, (height, width))
    return Line((rows, np.full(height, column - 1)), (rows, np.full(height, column + 2)), side)


def level(shape: tuple[int, ...], row: int) -> Line:
    line = upright(shape[::-1], row)
    return Line(line.first[::-1], line.second[::-1], line.side.T)


def diagonal(shape: tuple[int, ...], falling: bool) -> Line:
    height, width = shape
    rows = np.arange(3, height - 3)
    across = (rows + 0.5) / height * width
    columns = (across if falling else width - across).astype(np.intp)
    away = round(2 * width / height)
    y, x = np.mgrid[:height, :width]
    at = (y + 0.5) / height * width
    side = x + 0.5 < (at if falling else width - at)
    return Line((rows, (columns - away).clip(0)), (rows, (columns + away).clip(0, width - 1)), side)


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
    for along, side in ((line.first, line.side), (line.second, ~line.side)):
        shares = np.bincount(labels[along]) / len(along[0])
        if shares.max() >= PLAIN and side.mean() <= BAR:
            return False
        several |= (shares >= ENDS).sum() > 1
    return bool(several)


def _of_two(line: Line, labels: LabelMap, parents: Sequence[LabelMap]) -> bool:
    """Whether the sides of a line are parts of two parents."""
    like = [[float((labels == parent)[side].mean()) for parent in parents] for side in (line.side, ~line.side)]
    for one in range(len(parents)):
        for two in range(len(parents)):
            here, there = like[0], like[1]
            if min(here[one] - here[two], there[two] - there[one]) >= MORE and min(here[one], there[two]) >= LIKE:
                return True
    return False
