"""Layouts of a large picture and smaller ones, each above its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flagsae.visual.resize import fit
from flagsae.visual.terminal.lines import GAP

LEAST = 6  # columns that a smaller picture needs; otherwise it is left out
SHARES = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)  # tried for the first picture, of the room's width or height
SMALLER = 0.6  # a smaller picture has at most this share of the first one's columns
# How much the areas of the first and of the others count: exponents of their product, by eye.
FIRST, OTHERS = 0.6, 0.4


@dataclass(frozen=True)
class Arrangement:
    """One layout."""

    cells: list[tuple[int, int]]  # columns and lines of each picture that is shown, the large one first
    beside: bool  # whether the others are to the right of the first; else below it
    across: int  # how many of the others are in a row

    @property
    def worth(self) -> float:
        """A score by which layouts are compared: the larger the pictures, the better, above all the first."""
        first, *others = (columns * lines for columns, lines in self.cells)
        return float(first**FIRST * sum(others) ** OTHERS)


def plan(shapes: Sequence[tuple[int, int]], columns: int, lines: int) -> Arrangement | None:
    """The best layout of the first picture, and of as many of the others as are not too small.

    shapes: rows and columns of pixels; columns, lines: the room in cells. None if there is no room even for the first
    picture and its name.
    """
    for count in range(len(shapes), 1, -1):
        plans = list(_plans(shapes[:count], columns, lines))
        if plans:
            return max(plans, key=lambda one: one.worth)
    if lines < 2 or columns < LEAST or not shapes:
        return None
    return Arrangement([fit(*shapes[0], columns, lines - 1)], True, 1)


def _plans(shapes: Sequence[tuple[int, int]], columns: int, lines: int) -> Iterator[Arrangement]:
    """Every layout that shows all pictures large enough: the others to the right of the first one, or below it."""
    for share in SHARES:
        for across in range(1, len(shapes)):
            down = -(-(len(shapes) - 1) // across)
            wide, high = round(share * columns), round(share * lines)
            if wide and lines > 1:
                large = fit(*shapes[0], wide, lines - 1)
                room = (columns - large[0]) // across - GAP, lines // down - 1
                yield from _fitted(shapes, large, room, across, beside=True)
            if high > 1:
                large = fit(*shapes[0], columns, high - 1)
                room = (columns + GAP) // across - GAP, (lines - large[1] - 2) // down - 1
                yield from _fitted(shapes, large, room, across, beside=False)


def _fitted(
    shapes: Sequence[tuple[int, int]], large: tuple[int, int], room: tuple[int, int], across: int, *, beside: bool
) -> Iterator[Arrangement]:
    """The layout with a first picture of `large` cells and `room` (columns, lines) for each other one; none if these
    would be too small."""
    columns = min(room[0], round(SMALLER * large[0]))
    if columns < LEAST or room[1] < 1:
        return
    small = [fit(*shape, columns, room[1]) for shape in shapes[1:]]
    if min(across for across, _ in small) >= LEAST:
        yield Arrangement([large, *small], beside, across)
