"""Block characters, and which part of a cell each of them fills, by the corner points of the Unicode charts.

The kinds form a ladder: each has the characters of the one before it, and more of them. Terminals draw these characters
themselves, to the edges of the cell, so a mask of them is exact whatever the font is.

Points of a cell are (x, y), from (0, 0) at its upper left to (1, 1) at its lower right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.visual.terminal.kinds import check_kind

Polygon: TypeAlias = tuple[tuple[float, float], ...]

EMPTY, FULL = ord(" "), ord("█")
SQUARE: Polygon = ((0, 0), (1, 0), (1, 1), (0, 1))
NUDGE = 1e-6  # samples are taken so much to the right of their places, so that none is on a line

# Bit n of a pattern, from the lowest, is box n of the cell, counted along its rows from the upper left.
QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"  # by pattern
SEXTANTS = 0x1FB00  # the first one; by pattern, without those that are a half or the whole cell
OCTANTS = 0x1CD00  # the first one; by pattern, without those that Unicode has elsewhere:
ELSEWHERE_ALONE = (0b1, 0b10, 0b11, 0b1000000, 0b10000000, 0b11000000, 0b111111, 0b11111100, 0b10100, 0b101000)

# Wedges: the line that bounds each from U+1FB3C on, as a column (left, centre, right) and a row of the sextants' lines.
# The first 22 fill the named corner's side of it; the next 22, in the same order, the other side.
WEDGES = 0x1FB3C
LINES = (
    ("lower left", "l2 c3, l2 r3, l1 c3, l1 r3, l0 c3"),
    ("lower right", "l1 c0, l1 r0, l2 c0, l2 r0, l3 c0, l2 r1, c3 r2, l3 r2, c3 r1, l3 r1, c3 r0"),
    ("lower left", "c0 r1, l0 r1, c0 r2, l0 r2, c0 r3, l1 r2"),
)
CORNERS = {"lower left": (0.0, 1.0), "lower right": (1.0, 1.0)}
TRIANGLES = 0x1FB6C  # a quarter of the cell, from a side to its middle; the other three quarters are four before
SIDES = (((0, 1), (0, 0)), ((0, 0), (1, 0)), ((1, 0), (1, 1)), ((1, 1), (0, 1)))  # left, upper, right, lower


@dataclass(frozen=True, eq=False)
class Glyphs:
    """The characters of a kind, G of them; the first is the blank. The plainest come first."""

    codes: NDArray[np.uint32]
    """G code points."""
    masks: NDArray[np.bool_]
    """G x (height * width): whether each sample of a cell, row by row, is filled."""
    opposite: NDArray[np.int64]
    """G: the character that fills the rest of the cell, -1 where the kind has none."""
    which: NDArray[np.int64]
    """The characters that are tried on a cell: of two that fill each other's rest only the first."""
    tried: NDArray[np.float32]
    """Their masks, as numbers to multiply with."""


def halves() -> dict[int, tuple[Polygon, ...]]:
    """The characters that any terminal with Unicode draws: blank, half blocks, full block."""
    return {EMPTY: (), ord("▀"): (_box(0, 0, 1, 0.5),), ord("▄"): (_box(0, 0.5, 1, 1),), FULL: (SQUARE,)}


def quadrants() -> dict[int, tuple[Polygon, ...]]:
    """Quarters of a cell, and what is so many eighths high or wide: all of U+2580 to 259F but the shades."""
    found = {ord(glyph): _boxes(pattern, 2) for pattern, glyph in enumerate(QUADRANTS)}
    for eighths in range(1, 8):
        found[0x2580 + eighths] = (_box(0, 1 - eighths / 8, 1, 1),)
        found[0x2590 - eighths] = (_box(0, 0, eighths / 8, 1),)
    return found | {ord("▔"): (_box(0, 0, 1, 1 / 8),), ord("▕"): (_box(7 / 8, 0, 1, 1),)}


def sextants() -> dict[int, tuple[Polygon, ...]]:
    """Boxes of half the width and a third of the height: U+1FB00 to 1FB3B."""
    patterns = [pattern for pattern in range(1, 63) if pattern not in (0b010101, 0b101010)]
    return {SEXTANTS + number: _boxes(pattern, 3) for number, pattern in enumerate(patterns)}


def wedges() -> dict[int, tuple[Polygon, ...]]:
    """What is on one side of a line through a cell: U+1FB3C to 1FB6F."""
    sides = []
    for corner, lines in LINES:
        for line in lines.split(", "):
            first, last = (("lcr".index(point[0]) / 2, int(point[1]) / 3) for point in line.split())
            sides.append(_sides(first, last, CORNERS[corner]))
    found: dict[int, tuple[Polygon, ...]] = {}
    for number, (side, other) in enumerate(sides):
        found[WEDGES + number], found[WEDGES + len(sides) + number] = (side,), (other,)
    for number, (first, last) in enumerate(SIDES):
        start = SQUARE.index(last)
        rest = tuple(SQUARE[(start + step) % 4] for step in range(4))
        found[TRIANGLES + number] = ((first, last, (0.5, 0.5)),)
        found[TRIANGLES - 4 + number] = ((*rest, (0.5, 0.5)),)
    return found


def octants() -> dict[int, tuple[Polygon, ...]]:
    """Boxes of half the width and a quarter of the height: U+1CD00 to 1CDE5."""
    quartered = {
        sum(box << 4 * row for row, box in ((0, top * 5), (1, low * 5))) for top in range(4) for low in range(4)
    }
    patterns = [pattern for pattern in range(256) if pattern not in quartered and pattern not in ELSEWHERE_ALONE]
    return {OCTANTS + number: _boxes(pattern, 4) for number, pattern in enumerate(patterns)}


LADDER = {"half": halves, "quadrant": quadrants, "sextant": sextants, "wedge": wedges, "octant": octants}


@lru_cache
def polygons(kind: str) -> dict[int, tuple[Polygon, ...]]:
    """What each character of a kind fills: code point -> polygons, none of which overlaps another.

    Raises as `check_kind`.

    >>> polygons("half")[ord("▄")]
    (((0, 0.5), (1, 0.5), (1, 1), (0, 1)),)
    """
    check_kind(kind)
    found: dict[int, tuple[Polygon, ...]] = {}
    for name, add in LADDER.items():
        found |= {code: drawn for code, drawn in add().items() if code not in found}
        if name == kind:
            break
    return found


@lru_cache
def glyphs(kind: str, height: int, width: int) -> Glyphs:
    """The characters of a kind on a grid of height x width samples a cell. Raises as `polygons`.

    Of characters that fill the same samples only the plainest is among them.
    """
    found: dict[bytes, tuple[int, NDArray[np.bool_]]] = {}
    for code, drawn in polygons(kind).items():
        filled = mask(drawn, height, width)
        found.setdefault(filled.tobytes(), (code, filled))
    places = {key: place for place, key in enumerate(found)}
    masks = np.array([filled for _, filled in found.values()])
    opposite = np.array([places.get((~filled).tobytes(), -1) for filled in masks])
    number = np.arange(len(masks))
    which = number[(opposite < 0) | (opposite > number)]
    codes = np.array([code for code, _ in found.values()], np.uint32)
    return Glyphs(codes, masks, opposite, which, masks[which].astype(np.float32))


def mask(drawn: tuple[Polygon, ...], height: int, width: int) -> NDArray[np.bool_]:
    """Whether the middle of each sample is inside of polygons, by the even-odd rule: height * width, row by row."""
    y, x = ((places.ravel() + 0.5) for places in np.indices((height, width)))
    x, y = x / width + NUDGE, y / height
    inside = np.zeros(height * width, bool)
    for polygon in drawn:
        for one, other in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
            (x0, y0), (x1, y1) = sorted((one, other), key=lambda point: point[::-1])
            if y0 != y1:
                inside ^= (y0 <= y) & (y < y1) & (x < x0 + (y - y0) / (y1 - y0) * (x1 - x0))
    return inside


def _box(left: float, top: float, right: float, bottom: float) -> Polygon:
    return (left, top), (right, top), (right, bottom), (left, bottom)


def _boxes(pattern: int, rows: int) -> tuple[Polygon, ...]:
    """The filled boxes of a pattern of 2 x rows, those beside each other as one."""
    return tuple(_strips(pattern, rows))


def _strips(pattern: int, rows: int) -> Iterator[Polygon]:
    for row in range(rows):
        left, right = pattern >> 2 * row & 1, pattern >> 2 * row + 1 & 1
        if left or right:
            yield _box(0 if left else 0.5, row / rows, 1 if right else 0.5, (row + 1) / rows)


def _sides(
    first: tuple[float, float], last: tuple[float, float], corner: tuple[float, float]
) -> tuple[Polygon, Polygon]:
    """The two parts of a cell on either side of a line between two points of its edge; first the one with `corner`."""
    round_about = [*SQUARE]
    for point in (first, last):
        if point not in round_about:
            after = next(place for place in range(4 + len(round_about)) if _between(round_about, place, point))
            round_about.insert(after + 1, point)
    start, end = sorted((round_about.index(first), round_about.index(last)))
    one, other = tuple(round_about[start : end + 1]), tuple(round_about[end:] + round_about[: start + 1])
    return (one, other) if corner in one[1:-1] else (other, one)


def _between(points: list[tuple[float, float]], place: int, point: tuple[float, float]) -> bool:
    """Whether a point is on the straight line from one point of a list to the next."""
    (x0, y0), (x1, y1) = points[place], points[(place + 1) % len(points)]
    upright = x0 == x1 == point[0] and min(y0, y1) < point[1] < max(y0, y1)
    return upright or (y0 == y1 == point[1] and min(x0, x1) < point[0] < max(x0, x1))
