"""The figures that the ground of a flag is made of: what numbers each takes, and its outlines.

x runs from the hoist (0) to the fly (1), y from the top (0) to the bottom (1): shares of the flag's width and height.
An outline may run past the frame, which cuts it off.

A new figure is a row of `FIGURES` and the function that draws it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Polygon: TypeAlias = NDArray[np.float64]  # n x 2, closed, x and y as above
Area: TypeAlias = tuple[int, list[Polygon]]  # a slot of the figure's colours; contours, filled by the even-odd rule

SIDES = ("hoist", "fly", "top", "bottom")  # that a triangle stands on, by their number
MOST_TEETH = 200
BEYOND = 1.0  # how far past the frame diagonal figures go, in shares of the flag
# Of the Union Jack in a 1:2 flag, by its specification in thirtieths of the height: half the white and half the red
# upright cross, the white saltire, and the red one. The diagonal ones are measured along the width, on a canvas of 2:3.
JACK_WHITE, JACK_RED = 5 / 30, 3 / 30
JACK_SALTIRE, JACK_RED_SALTIRE = 0.1118, 0.0745


@dataclass(frozen=True)
class Figure:
    """A kind of figure."""

    numbers: tuple[str, ...] | None
    """What its numbers are; None where it may have any number of them."""
    slots: int
    """How many colours it has; 0 where it has one more than numbers."""
    draw: Callable[[Sequence[float]], list[Area]]
    """Its outlines, in painting order: what comes later lies above."""
    fills: bool = False
    """Whether it covers the whole flag."""
    least: int = 0
    """Numbers at least, where it may have any number of them."""


def box(left: float, top: float, right: float, bottom: float) -> Polygon:
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])


def _stripes(cuts: Sequence[float]) -> list[Area]:
    """Each reaches to the bottom, below the next: two that meet have no gap between them."""
    return [(slot, [box(0, top, 1, 1)]) for slot, top in enumerate((0, *cuts))]


def _bars(cuts: Sequence[float]) -> list[Area]:
    return [(slot, [box(left, 0, 1, 1)]) for slot, left in enumerate((0, *cuts))]


def _quarters(numbers: Sequence[float]) -> list[Area]:
    x, y = numbers
    return [(0, [box(0, 0, 1, 1)]), (1, [box(x, 0, 1, 1)]), (2, [box(0, y, 1, 1)]), (3, [box(x, y, 1, 1)])]


def _halves(numbers: Sequence[float]) -> list[Area]:
    above, below = numbers
    slope = below - above
    edge = [(above - BEYOND * slope, -BEYOND), (below + BEYOND * slope, 1 + BEYOND)]
    far = 2 + 2 * BEYOND
    return [(0, [box(0, 0, 1, 1)]), (1, [np.array([*edge, (far, 1 + BEYOND), (far, -BEYOND)])])]


def _cross(numbers: Sequence[float]) -> list[Area]:
    left, right, top, bottom = numbers
    return [(0, [box(0, top, 1, bottom)]), (0, [box(left, 0, right, 1)])]


def _strip(above: float, below: float, half: float) -> Polygon:
    """A slanting band, from `above` on the top edge to `below` on the bottom edge; half: of its width, along x."""
    slope = below - above
    high, low = above - BEYOND * slope, below + BEYOND * slope
    return np.array(
        [(high - half, -BEYOND), (high + half, -BEYOND), (low + half, 1 + BEYOND), (low - half, 1 + BEYOND)]
    )


def _saltire(numbers: Sequence[float]) -> list[Area]:
    (half,) = numbers
    return [(0, [_strip(0, 1, half)]), (0, [_strip(1, 0, half)])]


def _band(numbers: Sequence[float]) -> list[Area]:
    return [(0, [_strip(*numbers)])]


def _turned(points: Polygon, side: float) -> Polygon:
    """Points of a figure at the hoist, as it stands on another side."""
    x, y = points.T
    return np.stack([(x, y), (1 - x, y), (y, x), (y, 1 - x)][int(side)], 1)


def _triangle(numbers: Sequence[float]) -> list[Area]:
    side, start, end, depth, apex = numbers
    return [(0, [_turned(np.array([(0, start), (depth, apex), (0, end)]), side)])]


def _trapezium(numbers: Sequence[float]) -> list[Area]:
    side, depth, start, end = numbers
    return [(0, [_turned(np.array([(0, 0), (depth, start), (depth, end), (0, 1)]), side)])]


def _serrated(numbers: Sequence[float]) -> list[Area]:
    """A bar on a side, with teeth of equal size."""
    side, inner, outer, teeth = numbers
    count = round(teeth)
    down = np.arange(2 * count + 1) / (2 * count)
    along = np.where(np.arange(2 * count + 1) % 2, outer, inner)
    return [(0, [_turned(np.vstack([[(0, 0)], np.stack([along, down], 1), [(0, 1)]]), side)])]


def _pall(numbers: Sequence[float]) -> list[Area]:
    """Two arms from the hoist to the join, and a stem from there to the fly."""
    stem, arm, join, start = numbers
    rise = (0.5 - start) / join  # of an arm's edges, which run on to the stem
    outer, inner = (0.5 - stem - start + arm) / rise, (0.5 - start - arm) / rise
    upper = np.array([(0, start - arm), (outer, 0.5 - stem), (outer, 0.5), (inner, 0.5), (0, start + arm)])
    return [(0, [upper]), (0, [upper * (1, -1) + (0, 1)]), (0, [box(min(outer, join), 0.5 - stem, 1, 0.5 + stem)])]


def _border(numbers: Sequence[float]) -> list[Area]:
    return [(0, [box(0, 0, 1, 1), box(*numbers)])]


def _rectangle(numbers: Sequence[float]) -> list[Area]:
    return [(0, [box(*numbers)])]


def _lozenge(numbers: Sequence[float]) -> list[Area]:
    x, y, across, down = numbers
    return [(0, [np.array([(x - across, y), (x, y - down), (x + across, y), (x, y + down)])])]


def _polygon(numbers: Sequence[float]) -> list[Area]:
    return [(0, [np.reshape(np.asarray(numbers, float), (-1, 2))])]


def _jack(numbers: Sequence[float]) -> list[Area]:
    """The Union Jack. The red saltire is half as wide as the white one and turns about the centre, by one half each."""
    wide = JACK_RED_SALTIRE
    red = [
        np.array(points)
        for points in (
            [(0, 0), (0.5, 0.5), (0.5 - wide, 0.5), (-wide, 0)],
            [(1, 1), (0.5, 0.5), (0.5 + wide, 0.5), (1 + wide, 1)],
            [(1, 0), (0.5, 0.5), (0.5 - wide, 0.5), (1 - wide, 0)],
            [(0, 1), (0.5, 0.5), (0.5 + wide, 0.5), (wide, 1)],
        )
    ]
    upright = [
        (slot, [shape])
        for slot, half in ((1, JACK_WHITE), (2, JACK_RED))
        for shape in (box(0, 0.5 - half, 1, 0.5 + half), box(0.5 - half / 2, 0, 0.5 + half / 2, 1))
    ]
    white = [(1, [_strip(0, 1, JACK_SALTIRE)]), (1, [_strip(1, 0, JACK_SALTIRE)])]
    return [(0, [box(0, 0, 1, 1)]), *white, *((2, [part]) for part in red), *upright]


FIGURES = {
    "stripes": Figure(None, 0, _stripes, fills=True),  # numbers: where the next begins, from the top
    "bars": Figure(None, 0, _bars, fills=True),  # from the hoist
    "quarters": Figure(("x", "y"), 4, _quarters, fills=True),  # upper hoist, upper fly, lower hoist, lower fly
    "halves": Figure(("above", "below"), 2, _halves, fills=True),  # where the edge meets top and bottom; hoist, fly
    "jack": Figure((), 3, _jack, fills=True),  # field, white, red
    "cross": Figure(("left", "right", "top", "bottom"), 1, _cross),  # of its arms
    "saltire": Figure(("half",), 1, _saltire),  # of an arm's width, along x
    "band": Figure(("above", "below", "half"), 1, _band),
    "triangle": Figure(("side", "start", "end", "depth", "apex"), 1, _triangle),
    "trapezium": Figure(("side", "depth", "start", "end"), 1, _trapezium),
    "serrated": Figure(("side", "inner", "outer", "teeth"), 1, _serrated),  # how far its teeth reach from the side
    # Half its width, half an arm's height, where they meet, and how far below the corner an arm begins.
    "pall": Figure(("stem", "arm", "join", "start"), 1, _pall),
    "border": Figure(("left", "top", "right", "bottom"), 1, _border),  # of what it leaves free
    "rectangle": Figure(("left", "top", "right", "bottom"), 1, _rectangle),
    "lozenge": Figure(("x", "y", "across", "down"), 1, _lozenge),  # half its width and height
    "polygon": Figure(None, 1, _polygon, least=6),  # x, y of each corner
}


def fault(name: str, numbers: Sequence[float], colours: int) -> str:
    """What is wrong with the numbers, or the number of colours, of a figure; "" where nothing is."""
    figure = FIGURES.get(name)
    if figure is None:
        return f"is no figure: {', '.join(FIGURES)}"
    if figure.numbers is not None and len(numbers) != len(figure.numbers):
        return f"has {len(numbers)} numbers, not {len(figure.numbers)} ({', '.join(figure.numbers)})"
    if figure.numbers is None and (len(numbers) < figure.least or (figure.least and len(numbers) % 2)):
        return f"has {len(numbers)} numbers, not x and y of three corners or more"
    slots = figure.slots or len(numbers) + 1
    if colours != slots:
        return f"has {colours} colours, not {slots}"
    if name in ("stripes", "bars") and not all(a < b for a, b in pairwise((0, *numbers, 1))):
        return "has edges that do not follow one another between 0 and 1"
    if name == "pall" and not (numbers[2] > 0 and 0 <= numbers[3] < 0.5):
        return "has arms that do not meet at the middle of the flag"
    if name == "serrated" and not 1 <= numbers[3] <= MOST_TEETH:
        return f"has {numbers[3]:g} teeth, not 1 to {MOST_TEETH}"
    if name in ("triangle", "trapezium", "serrated") and numbers[0] not in range(len(SIDES)):
        return f"stands on side {numbers[0]:g}, not 0 to {len(SIDES) - 1}"
    if not all(np.isfinite(numbers)) or any(abs(value) > 4 for value in numbers[: 3 if name == "serrated" else None]):
        return "has numbers that are no shares of a flag"
    return ""
