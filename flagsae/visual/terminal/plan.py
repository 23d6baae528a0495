"""Where a large picture and smaller ones have the most room, each over its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flagsae.visual.resize import fit
from flagsae.visual.terminal.lines import GAP

LEAST = 6  # columns of a further picture: it is left out where it would be smaller
SHARES = (0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)  # of the room, that the first picture may have
SMALLER = 0.6  # of its columns, that a further one may have


@dataclass(frozen=True)
class Arrangement:
    """cells: columns and lines of each picture that is shown, the first large; beside: whether the others are at its
    side, or below; across: how many of them are in a row."""

    cells: list[tuple[int, int]]
    beside: bool
    across: int

    @property
    def worth(self) -> float:
        """Of the pictures' areas: the first counts for more, but not for all."""
        first, *others = (columns * lines for columns, lines in self.cells)
        return float(first**0.6 * sum(others) ** 0.4)


def plan(shapes: Sequence[tuple[int, int]], columns: int, lines: int) -> Arrangement | None:
    """The best layout of pictures, the first of which matters most, and of as many of the others as are seen well.

    shapes: rows and columns of pixels; None where there is no room for one and its name.
    """
    for count in range(len(shapes), 1, -1):
        plans = list(_plans(shapes[:count], columns, lines))
        if plans:
            return max(plans, key=lambda one: one.worth)
    if lines < 2 or columns < LEAST or not shapes:
        return None
    return Arrangement([fit(*shapes[0], columns, lines - 1)], True, 1)


def _plans(shapes: Sequence[tuple[int, int]], columns: int, lines: int) -> Iterator[Arrangement]:
    """Those in which every picture has room: beside the first one and below it, in so many columns."""
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
    """The others in their rooms, columns x lines, unless they would be too small."""
    columns = min(room[0], round(SMALLER * large[0]))
    if columns < LEAST or room[1] < 1:
        return
    small = [fit(*shape, columns, room[1]) for shape in shapes[1:]]
    if min(across for across, _ in small) >= LEAST:
        yield Arrangement([large, *small], beside, across)
