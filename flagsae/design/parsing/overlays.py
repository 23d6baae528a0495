"""Fits the figures of a ground to a region that lies over the rest: the cross, the triangle, the band that covers it.

Each fit is closed: lines are laid through the edges that are seen, and meet in the figure's corners. Whether it is good
is decided by drawing it.

A region's map has a pixel for each place; `free` are the pixels where it is not known what lies there, since a charge
or a figure above covers them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from flagsae.design.design import Layer
from flagsae.design.quick import Mask, layer_mask
from flagsae.errors import DesignError
from flagsae.flags.regions import bounds, connected_regions

# How well a figure must cover its region. By eye, on the bundled flags.
WRONG = 0.03  # of the region, and more along its edge:
BLURRED = 0.4  # of the pixels along it may be wrong, since they are blends
LEAST_FIT, MOST_FIT = 0.8, 0.97  # whatever its edge
RECTANGLE_FIT = 0.97
SIMPLER = 0.004  # how much better a figure must fit than one of its kind that was tried before it
LOOSE = 0.02  # diagonal figures may be so much worse
# What makes a figure worth a try.
FULL = 0.97  # of a row or column: an arm of a cross runs along it
ARM = 0.6  # of the flag's height or width, at most, that an arm is thick
BLUNT = 0.1  # of the height, that the tip of a triangle has at most: with more it is a trapezium
SIDE = 0.2  # of a side, at least, that a triangle stands on
ARMS = 0.2  # of the height: how far below the corner the arms of a pall begin
STEM = 0.85  # of the width: where there is but the stem of a pall
SLANT = 0.3  # of the width: a band that moves less along the flag is no diagonal
FRAME = 2  # pixels that a figure may miss the frame by
ROWS = 204  # of the fine grid: on a map with fewer fewer pixels are
NEAR = 3.0  # pixels from a line that an edge may be and still be laid through
# Of bands that are tried, how far one moves along from the top to the bottom, as a share of the width.
SLOPES = np.concatenate([side * np.arange(0.3, 4, 0.05) for side in (-1, 1)])
MOST_EDGES = 400  # places along a region's edge that vote for them
LEVEL = 1.6  # pixels: what is nearer to a round number is taken to be there

Points = NDArray[np.float64]  # n x 2, x and y in pixels


@dataclass(frozen=True, eq=False)
class Region:
    """What may be a figure."""

    mask: Mask
    """h x w."""
    free: Mask
    """h x w."""
    colour: str

    @property
    def size(self) -> tuple[int, int]:
        height, width = self.mask.shape
        return height, width

    @property
    def near(self) -> float:
        """How far from a line an edge may be, in pixels."""
        return max(1.0, NEAR * self.mask.shape[0] / ROWS)

    @cached_property
    def box(self) -> tuple[int, int, int, int]:
        """First row, row after the last, first column, column after the last."""
        top, bottom, left, right = bounds(self.mask)
        return top, bottom + 1, left, right + 1

    @cached_property
    def edges(self) -> Points:
        """The middles of the pixel sides between the region and what is known to be none of it."""
        return boundary(self.mask, ~self.mask & ~self.free)

    @cached_property
    def least(self) -> float:
        """The share of it that a figure must cover, and be covered by."""
        return float(np.clip(1 - WRONG - BLURRED * len(self.edges) / self.mask.sum(), LEAST_FIT, MOST_FIT))

    def turned(self, side: int) -> Region:
        """As it is seen with a side at the hoist: 0 the hoist, 1 the fly, 2 the top, 3 the bottom."""
        mask, free = ((one, one[:, ::-1], one.T, one[::-1].T)[side] for one in (self.mask, self.free))
        return Region(mask, free, self.colour)

    def fit(self, figure: Mask) -> float:
        """The pixels that region and figure share, of all that either has; those that are free count for neither."""
        drawn = figure & ~self.free
        return float((drawn & self.mask).sum() / max(1, (drawn | self.mask).sum()))


def boundary(mask: Mask, other: Mask) -> Points:
    """The middles of the pixel sides between two masks: n x 2, in pixels."""
    found = []
    for a, b in ((mask, other), (other, mask)):
        rows, columns = np.nonzero(a[1:] & b[:-1])
        found.append(np.stack([columns + 0.5, rows + 1.0], 1))
        rows, columns = np.nonzero(a[:, 1:] & b[:, :-1])
        found.append(np.stack([columns + 1.0, rows + 0.5], 1))
    return np.concatenate(found)


@dataclass(frozen=True)
class Line:
    """Of edges: y = start + slope x in pixels, or with x and y changed."""

    start: float
    slope: float

    def at(self, x: float) -> float:
        return self.start + self.slope * x

    def meets(self, other: Line) -> float:
        """x where both are equally high; infinite where they never are."""
        apart = self.slope - other.slope
        return (other.start - self.start) / apart if apart else np.inf


def line_through(points: Points, guess: Line, near_by: float = NEAR) -> Line:
    """The line with the least squares through the points near a guess, which is returned where they are too few."""
    line = guess
    for reach in (2.5 * near_by, near_by, near_by / 2):
        near = points[np.abs(points[:, 1] - line.start - line.slope * points[:, 0]) < reach * np.hypot(1, line.slope)]
        if len(near) < 4:
            return line
        x, y = near.mean(0)
        away = near - (x, y)
        spread = float((away[:, 0] ** 2).sum())
        if spread < len(near):
            return line
        slope = float((away[:, 0] * away[:, 1]).sum()) / spread
        line = Line(float(y - slope * x), slope)
    return line


def between(a: tuple[float, float], b: tuple[float, float]) -> Line:
    slope = (b[1] - a[1]) / max(b[0] - a[0], 1e-6)
    return Line(a[1] - slope * a[0], slope)


def overlays(region: Region) -> Iterator[tuple[Layer, Mask]]:
    """The figures that a region may be, each with the pixels that it covers."""
    for find, loose in FINDERS:
        best = 0.0
        for name, numbers in find(region):
            try:
                layer = Layer(name, (region.colour,), tuple(round(float(value), 4) for value in numbers))
            except DesignError:
                continue
            figure = layer_mask(layer, *region.size)
            fit = region.fit(figure)
            if fit > best + SIMPLER and fit > (RECTANGLE_FIT if name == "rectangle" else region.least - loose):
                best = fit
                yield layer, figure


Found = Iterator[tuple[str, Sequence[float]]]


def _cross(region: Region) -> Found:
    height, width = region.size
    top, bottom, left, right = region.box
    if top > 1 or left > 1 or bottom < height - 1 or right < width - 1:
        return
    seen = region.mask | region.free
    rows, columns = longest(seen.mean(1) > FULL), longest(seen.mean(0) > FULL)
    if not rows or not columns or rows[1] - rows[0] > ARM * height or columns[1] - columns[0] > ARM * width:
        return
    yield "cross", (*levelled(columns, width), *levelled(rows, height))


def levelled(pair: tuple[float, float], size: int) -> tuple[float, float]:
    """Two edges as shares of a side, centred where they nearly are."""
    first, last = pair
    if abs(first + last - size) <= LEVEL:
        half = (last - first) / 2 / size
        return 0.5 - half, 0.5 + half
    return first / size, last / size


def longest(line: NDArray[np.bool_]) -> tuple[int, int] | None:
    """First and past-last of the longest run that is true; None where there is none."""
    steps = np.diff(np.concatenate([[0], line.astype(int), [0]]))
    first, last = np.nonzero(steps > 0)[0], np.nonzero(steps < 0)[0]
    if not len(first):
        return None
    which = int((last - first).argmax())
    return int(first[which]), int(last[which])


def _rectangle(region: Region) -> Found:
    height, width = region.size
    top, bottom, left, right = region.box
    yield "rectangle", (left / width, top / height, right / width, bottom / height)


def _border(region: Region) -> Found:
    height, width = region.size
    if region.box != (0, height, 0, width):
        return
    inner = ~region.mask & ~region.free
    if inner.any():
        pieces = connected_regions(inner.astype(np.uint8))
        piece = pieces == np.bincount(pieces[inner]).argmax()
        rows, columns = np.nonzero(piece.any(1))[0], np.nonzero(piece.any(0))[0]
        left, right = (int(np.median(one)) for one in (piece[rows].argmax(1), width - 1 - piece[rows, ::-1].argmax(1)))
        top, bottom = (
            int(np.median(one)) for one in (piece[:, columns].argmax(0), height - 1 - piece[::-1, columns].argmax(0))
        )
        if min(top, left, height - bottom - 1, width - right - 1) > 1:
            across, down = levelled((left, right + 1), width), levelled((top, bottom + 1), height)
            yield "border", (across[0], down[0], across[1], down[1])


def _triangle(region: Region) -> Found:
    """On each side; with its tip cut off, a trapezium."""
    for side in range(4):
        seen = region.turned(side)
        height, width = seen.size
        first = (~seen.free).argmax(1)  # column of each row in which it is known what lies there
        rim = np.nonzero(seen.mask[np.arange(height), first])[0]
        if len(rim) < SIDE * height or seen.mask[:, -FRAME:].mean() > BLUNT:
            continue
        start, end, tip = rim[0], rim[-1] + 1, seen.box[3]
        blunt = np.nonzero(seen.mask[:, tip - 1])[0]
        points = seen.edges if len(seen.edges) > 8 else boundary(seen.mask, ~seen.mask)
        middle = (blunt[0] + blunt[-1] + 1) / 2
        upper = line_through(points, between((0, start), (tip, blunt[0])), region.near)
        lower = line_through(points, between((0, end), (tip, blunt[-1] + 1)), region.near)
        depth = upper.meets(lower)
        if not 0 < depth < 1.5 * width:
            depth, upper, lower = tip, between((0, start), (tip, middle)), between((0, end), (tip, middle))
        apex = upper.at(depth)
        first, last = at_the_ends(upper.at(0), lower.at(0), height)
        apex = height / 2 if abs(first + last - 1) < 1e-6 and abs(apex - height / 2) < LEVEL else apex
        deep = depth / width
        # What is said more simply is tried first: where edges are hidden, it does as well.
        for numbers in ((0, 1, 0.5, 0.5), (0, 1, deep, 0.5), (first, last, deep, apex / height)):
            yield "triangle", (side, *numbers)
        if side < 2 and len(blunt) > BLUNT * height:
            yield "trapezium", (side, tip / width, *levelled((blunt[0], blunt[-1] + 1), height))


def at_the_ends(first: float, last: float, size: float) -> tuple[float, float]:
    """Two ends on a side, as shares of it: at its corners, or as far from them as each other, where they nearly are."""
    first, last = (0.0 if abs(first) < LEVEL else first), (size if abs(last - size) < LEVEL else last)
    if abs(first + last - size) < LEVEL:
        off = (first + size - last) / 2
        first, last = off, size - off
    return first / size, last / size


def _band(region: Region) -> Found:
    """Between the two parallel lines that most of its edges lie on."""
    height, width = region.size
    top, bottom, left, right = region.box
    if bottom - top < ARM * height and right - left < ARM * width:
        return
    edges = region.edges if len(region.edges) > 8 else boundary(region.mask, ~region.mask)
    x, y = edges[:: -(-len(edges) // MOST_EDGES)].T
    slopes = SLOPES * width / height
    starts = x - slopes[:, None] * y  # on the top edge
    bins = np.floor(starts / (2 * region.near * np.hypot(1, slopes[:, None]))).astype(int)
    bins -= bins.min()
    rows = np.arange(len(slopes))[:, None]
    counts = np.bincount((rows * (bins.max() + 1) + bins).ravel(), minlength=len(slopes) * (bins.max() + 1))
    counts = counts.reshape(len(slopes), -1)
    best = int(np.sort(counts, 1)[:, -2:].sum(1).argmax())
    first, last = np.sort(np.argsort(counts[best], kind="stable")[-2:])
    if not counts[best][[first, last]].all():  # all edges lie on one line
        return
    points = edges[:, ::-1]
    lines = []
    for peak in (first, last):
        start = float(np.median(starts[best][bins[best] == peak]))
        lines.append(line_through(points, Line(start, float(slopes[best])), region.near))
    ends = [(lines[0].at(place) + lines[1].at(place)) / 2 for place in (0, height)]
    half = (lines[1].at(height / 2) - lines[0].at(height / 2)) / 2
    if abs(ends[0] - ends[1]) >= SLANT * width:
        yield "band", (*(cornered(end, width) / width for end in ends), half / width)


def cornered(value: float, size: float) -> float:
    """A place on a side: in its corner where it nearly is."""
    return min((0.0, size), key=lambda end: abs(value - end)) if min(abs(value), abs(value - size)) < LEVEL else value


def _saltire(region: Region) -> Found:
    height, width = region.size
    top, bottom, left, right = region.box
    if top > FRAME or left > FRAME or bottom < height - FRAME or right < width - FRAME:
        return
    x, y = (region.edges / (width, height)).T
    away = np.minimum(np.abs(x - y), np.abs(x - 1 + y))
    arms = away[np.abs(y - 0.5) > 0.2]
    if len(arms):
        yield "saltire", (np.median(arms),)


def _pall(region: Region) -> Found:
    height, width = region.size
    top, bottom, left, right = region.box
    if left > ARMS * width or right < width - FRAME or top > ARMS * height or abs(top + bottom - height) > 2 * FRAME:
        return
    column = int(STEM * width)
    run = longest((region.mask | region.free)[:, column])
    stem = (run[1] - run[0]) / height / 2 if run and region.mask[run[0] : run[1], column].any() else 0.0
    if not 0.01 < stem < 0.25:
        return
    x, y = (region.edges / (width, height)).T
    y = np.minimum(y, 1 - y)  # both arms as the upper one
    away = np.abs(y - 0.5 + stem)
    arms = (away > 0.03) & (np.abs(y - 0.5) > 0.02)
    corner, lower = (np.inf, (0.0, 0.0, 0.0)), (np.inf, (0.0, 0.0, 0.0))
    for join in np.arange(0.25, 0.7, 0.005):
        off = (y - 0.5 / join * x)[arms & (x < join)]
        if len(off) < 8:
            continue
        arm = float(np.median(np.abs(off)))
        corner = min(corner, (float(np.abs(np.abs(off) - arm).mean()), (arm, float(join), 0.0)))
        # From lower down, where both edges of an arm are seen.
        middle = (off.min() + off.max()) / 2
        outer, inner = off[off < middle], off[off >= middle]
        if min(len(outer), len(inner)) > 8:
            a, b = float(np.median(outer)), float(np.median(inner))
            spread = float(np.concatenate([np.abs(outer - a), np.abs(inner - b)]).mean())
            start = (a + b) / 2
            if 0 < start < 0.3:  # the arms run to (join, .5), less steeply
                lower = min(lower, (spread, ((b - a) / 2, (0.5 - start) * join / 0.5, start)))
    for spread, (arm, join, start) in (corner, lower):
        if spread < np.inf:
            yield "pall", (stem, arm, join, start)


def _lozenge(region: Region) -> Found:
    height, width = region.size
    top, bottom, left, right = region.box
    across, down = levelled((left, right), width), levelled((top, bottom), height)
    yield (
        "lozenge",
        (sum(across) / 2, sum(down) / 2, (across[1] - across[0]) / 2, (down[1] - down[0]) / 2),
    )


def _serrated(region: Region) -> Found:
    """A bar at hoist or fly with teeth."""
    for side in (0, 1):
        seen = region.turned(side)
        width = seen.size[1]
        if not seen.mask[:, :FRAME].all():
            continue
        inner = int((~seen.mask.all(0)).argmax())
        outer = int(seen.box[3])
        if outer - inner < 3 * FRAME or outer > width - FRAME:
            continue
        line = seen.mask[:, (inner + outer) // 2].astype(int)
        teeth = int((np.diff(np.concatenate([[0], line])) > 0).sum())
        if teeth > 2:
            yield "serrated", (side, inner / width, outer / width, teeth)


# In the order in which they are tried, with how much worse than others they may fit.
FINDERS: tuple[tuple[Callable[[Region], Found], float], ...] = (
    (_border, 0.0),
    (_cross, 0.0),
    (_saltire, LOOSE),
    (_pall, LOOSE),
    (_band, LOOSE),
    (_triangle, 0.0),
    (_serrated, LOOSE),
    (_lozenge, 0.0),
    (_rectangle, 0.0),
)
