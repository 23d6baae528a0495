"""The places that a layout has for groups of charges: the middle of the flag, of each stripe, of a triangle; the
crossing, a quarter, the fly beside a canton."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from flagsae.design import quick
from flagsae.design.design import Layer

ROWS, COLUMNS = 68, 102  # of the map on which it is seen what lies under what
SIZES = (0.34, 0.27, 0.2, 0.15, 0.11, 0.08)  # half of a group's height, in shares of the flag's
WIDEST = 0.4  # half of a group's width, of the flag's
HOISTED = ("triangle", "rectangle", "serrated", "trapezium")  # figures at the hoist, where their first number is 0
OFF = 0.7  # what it costs to stand on a stripe that is not the middle one
PAST = 0.95  # of the depth of a triangle at the hoist: so far in, the fly begins
QUARTER = 0.4  # what it costs to stand in a quarter of a cross
OFF_BAR = 0.5  # what it costs to stand on an upright one that is neither the first nor in the middle
CENTRAL = 0.03  # of the flag, from its middle


@dataclass(frozen=True)
class Anchor:
    """A place for a group."""

    name: str
    x: float
    y: float
    wide: float = WIDEST
    """Half of the width that is free about it."""
    high: float = SIZES[0]
    usual: float = 0.0
    """What it costs to stand there."""


def anchors(layers: Sequence[Layer]) -> Iterator[Anchor]:
    """The places that a layout has."""
    base, figures = layers[0], layers[1:]
    canton = next((one for one in figures if one.inside is not None), None)
    triangle = next((one for one in figures[::-1] if one.figure == "triangle" and one.numbers[0] == 0), None)
    bar = next(
        (one for one in figures if one.figure == "rectangle" and one.numbers[0] <= 0 and one.numbers[3] >= 1), None
    )
    cross = next((one for one in figures[::-1] if one.figure == "cross"), None)
    left = 0.0
    if triangle is not None:
        depth = triangle.numbers[3]
        yield Anchor("triangle", 0.36 * depth, 0.5, 0.26 * depth, 0.17)
        left = PAST * max(one.numbers[3] for one in figures if one.figure == "triangle" and one.numbers[0] == 0)
    toothed = next((one for one in figures if one.figure in ("serrated", "trapezium") and one.numbers[0] == 0), None)
    if toothed is not None:
        left = float(np.flatnonzero(quick.layer_mask(toothed, ROWS, COLUMNS).any(0)).max() + 1) / COLUMNS
    if bar is not None:
        left = bar.numbers[2]
        yield Anchor("bar at the hoist", left / 2, 0.5, 0.4 * left, 0.3)
    if canton is not None:
        left = canton.numbers[0]
        yield Anchor("fly", (1 + left) / 2, 0.5, 0.4 * (1 - left), SIZES[0])
        yield Anchor("below", 0.5, (1 + canton.numbers[1]) / 2, WIDEST, 0.4 * (1 - canton.numbers[1]), 0.1)
        yield Anchor(
            "fly, below",
            (1 + left) / 2,
            (1 + canton.numbers[1]) / 2,
            0.4 * (1 - left),
            0.38 * (1 - canton.numbers[1]),
            0.1,
        )
    if cross is not None:
        a, b, c, d = cross.numbers
        yield Anchor("crossing", (a + b) / 2, (c + d) / 2, WIDEST, SIZES[0])
        yield Anchor("quarter", a / 2, c / 2, 0.36 * a, 0.36 * c, QUARTER)
        yield Anchor("quarter", (1 + b) / 2, c / 2, 0.3 * (1 - b), 0.36 * c, QUARTER + 0.1)
    elif canton is None and left == 0:
        yield Anchor("centre", 0.5, 0.5)
    elif canton is None:
        yield Anchor("fly", (1 + left) / 2, 0.5, 0.34 * (1 - left), SIZES[0])
    if canton is None and cross is None and left == 0:
        yield Anchor("hoist", 0.3, 0.5, 0.24, SIZES[0], 0.1)
        yield Anchor("canton", 0.22, 0.27, 0.17, 0.2, 0.1)
        yield Anchor("canton, fly", 0.78, 0.27, 0.17, 0.2, 0.3)
    x = (1 + left) / 2 if left else 0.5
    if base.figure in ("stripes", "bars") and 1 < len(base.colours) <= 5:
        for start, end in pairwise((0.0, *base.numbers, 1.0)):
            middle, width = (start + end) / 2, end - start
            if width < 0.12:
                continue
            if base.figure == "stripes":
                if canton is None or middle > canton.numbers[1]:
                    usual = 0.0 if abs(middle - 0.5) < CENTRAL else OFF
                    yield Anchor("stripe", x if canton is None else 0.5, middle, 0.42 * (1 - left), 0.41 * width, usual)
                    if canton is None and left == 0 and cross is None:
                        yield Anchor("stripe, hoist", 0.2, middle, 0.15, 0.41 * width, OFF)
            elif middle > left:
                usual = 0.0 if start == 0 or abs(middle - 0.5) < CENTRAL else OFF_BAR
                yield Anchor("bar", middle, 0.5, 0.42 * width, SIZES[0], usual)
    if base.figure == "quarters":
        across, down = base.numbers
        for along, height in ((across / 2, down / 2), ((1 + across) / 2, (1 + down) / 2), ((1 + across) / 2, down / 2)):
            yield Anchor("quarter", along, height, 0.4 * min(across, 1 - across), 0.4 * min(down, 1 - down))
    if base.figure == "halves" or any(one.figure == "band" for one in figures):
        yield Anchor("half", 0.24, 0.28, 0.18, 0.2)
        yield Anchor("half", 0.76, 0.72, 0.18, 0.2)
        yield Anchor("half", 0.24, 0.72, 0.18, 0.2)
        yield Anchor("half", 0.76, 0.28, 0.18, 0.2)
