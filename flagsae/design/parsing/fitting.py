"""Fits the shapes of charges to a mask: which star, disc or crescent it is, how large, and how it is turned.

Each shape is proposed by what is measured on the mask (its box, its area, how its outline swings about its middle, the
circles along its edge), improved by small steps, and judged by drawing it.

Lengths are in pixels. A pixel may be wider than high: `stretch` columns are as long as a row is high.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.design.parsing.overlays import boundary
from flagsae.design.quick import Mask, filled
from flagsae.design.shapes import INNER, SHAPES, flattened
from flagsae.flags.regions import bounds

# How much of a mask a shape may get wrong. By eye, on the bundled flags.
WRONG = 0.05
BLURRED = 0.38  # of the pixels along its edge, which are blends, more
LEAST_OFF, OFF = 3, 0.003  # pixels, and share of it, that may be the middles of wrong squares of three by three
GOOD_STAR, MOST_INNER = 0.4, 0.15  # of what is allowed; of the radius: how far inner corners may be off the usual
# Of shapes with an even edge, which is half a pixel off at most: pixels that may be wrong, and how many more for each
# of those along the edge. The arms of a cross may widen towards their ends.
FEW_OFF = 2
RAGGED = {"disc": 0.25, "ring": 0.25, "lozenge": 0.25, "rectangle": 0.25, "triangle": 0.25, "cross": 0.42}
WIDENED = ("cross",)  # shapes that may be wrong in more than lines along their edges
THICK = 0.62  # of half a cross, at most, that its arms are thick: else it is a square
BEYOND = 2.0, 0.06  # pixels, and share of its side, that a shape may reach beyond its mask
# Of a star that something else covers: pixels that are shown, share of these that may be wrong,
# share of it that is shown, share that may be wrong before it is improved; points that are shown, each within so many
# radii of its tip.
LEAST_SHOWN, MOST_COVERED, LEAST_OF_STAR, MOST_AT_FIRST = 60, 0.17, 0.3, 0.5
LEAST_TIPS, TIP = 4, 0.25
HOPELESS = 0.6  # of it wrong at first: a shape is not improved
IMPROVED = 3  # shapes are, the best ones
WORTH = 1.5  # of what is allowed, that a shape may be worse than the best one at first
HOPES = 2.0, 1.3, 1.1, 0.0  # times what is allowed, that may be wrong after steps, half steps ...: else it is given up
LEAST_PIXELS = 8
# Figures that are drawn with the same words should come out the same: what is simpler may be so much worse.
SIMPLER = {"disc": 0.012, "rectangle": 0.008, "star": 0.006, "crescent": 0.0, "sun": -0.012}
# Shapes that are tried where others fit badly, and of what is wrong with those, how much may be wrong with these.
RARE, EXACT = ("saltire", "chevron", "shield"), 0.5
ANGLE = 0.8  # of half its width, at most, that a chevron is thick
UPRIGHT = 4.0  # degrees that a star may be off and is upright
RAYS = range(9, 41)  # of a sun
LEAST_RAY = 4.0  # pixels of the circle around a sun, for a ray: with fewer it may be anything
SWING = 0.06  # of the mean radius, that an outline swings with a star's points
ANGLES = 240  # of an outline about its middle
CIRCLES = 80  # triples of edge points that a circle is laid through
ON = 0.75  # pixels that an edge point may lie off a circle


Free: TypeAlias = tuple[tuple[int, ...], tuple[float, ...]]  # numbers of a fit, and the first step of each


@dataclass(frozen=True)
class Fit:
    """A shape at a place in a mask."""

    shape: str
    numbers: tuple[float, ...]
    x: float
    y: float
    radius: float
    """In rows."""
    turn: float
    """Degrees, clockwise."""
    wrong: float = np.inf
    """The pixels that only the mask or only the shape has, over those of the mask."""


class Blob:
    """A mask with what is measured on it."""

    gives_up = True
    """Whether a shape that stays bad after some steps is given up."""

    def __init__(self, mask: Mask, stretch: float) -> None:
        self.mask = mask
        self.stretch = stretch
        self.pixels = int(mask.sum())

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """x and y of its middle, half its width in rows, half its height."""
        top, bottom, left, right = bounds(self.mask)
        return (
            (left + right + 1) / 2,
            (top + bottom + 1) / 2,
            (right + 1 - left) / 2 / self.stretch,
            (bottom + 1 - top) / 2,
        )

    @cached_property
    def middle(self) -> tuple[float, float]:
        """x and y of its centre of gravity."""
        rows, columns = np.nonzero(self.mask)
        return float(columns.mean()) + 0.5, float(rows.mean()) + 0.5

    @cached_property
    def area(self) -> float:
        """In squares as high as a row."""
        return self.pixels / self.stretch

    @cached_property
    def edge(self) -> NDArray[np.float64]:
        """The middles of the pixel sides along it, x in rows: n x 2."""
        padded = np.pad(self.mask, 1)
        return (boundary(padded, ~padded) - 1) / (self.stretch, 1)

    @cached_property
    def allowed(self) -> float:
        """How much of it may be wrong."""
        return WRONG + BLURRED * len(self.edge) / self.pixels

    @cached_property
    def outline(self) -> NDArray[np.float64]:
        """The radius of its outline at each of `ANGLES`, from the top clockwise, about its centre of gravity."""
        x, y = self.edge.T
        x, y = x - self.middle[0] / self.stretch, y - self.middle[1]
        angle = np.arctan2(x, -y) % (2 * np.pi)
        radius = np.hypot(x, y)
        order = np.argsort(angle)
        grid = np.arange(ANGLES) * 2 * np.pi / ANGLES
        return np.interp(grid, angle[order], radius[order], period=2 * np.pi)

    @cached_property
    def swings(self) -> NDArray[np.complex128]:
        """Of the outline, by how many a turn, over its mean radius."""
        swings = np.fft.rfft(self.outline)
        found: NDArray[np.complex128] = 2 * swings / max(abs(swings[0]), 1e-9)
        return found

    def turn(self, count: int) -> float:
        """In degrees, of a star with so many points."""
        return float(-np.degrees(np.angle(self.swings[count])) / count)

    def is_off(self, fit: Fit) -> bool:
        """Whether a shape is wrong in more than lines along its edge."""
        off = np.pad(self.drawn(fit) ^ self.mask, 1)
        across = off[:, 2:] & off[:, 1:-1] & off[:, :-2]
        return bool((across[2:] & across[1:-1] & across[:-2]).sum() > LEAST_OFF + OFF * self.pixels)

    def wrong(self, fit: Fit) -> float:
        shape = SHAPES[fit.shape]
        for known, value in zip(shape.numbers, fit.numbers, strict=True):
            if not known.least <= value <= known.most:
                return np.inf
        if not 0.5 < fit.radius < 4 * max(self.mask.shape):
            return np.inf
        if self.is_beyond(fit):
            return np.inf
        return float(np.count_nonzero(self.drawn(fit) ^ self.mask) / self.pixels)

    def is_beyond(self, fit: Fit) -> bool:
        """Whether much of a shape lies where the mask shows nothing."""
        outer = self.points(fit)[0]
        height, width = self.mask.shape
        (left, top), (right, bottom) = outer.min(0), outer.max(0)
        return bool(max(-left, -top, right - width, bottom - height) > BEYOND[0] + BEYOND[1] * max(height, width))

    def points(self, fit: Fit) -> list[NDArray[np.float64]]:
        """The contours of a shape, in pixels of the mask."""
        angle = np.radians(fit.turn)
        turned = np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
        scale = (fit.radius * self.stretch, fit.radius)
        return [one @ turned * scale + (fit.x, fit.y) for one in _drawn(fit.shape, fit.numbers)]

    def drawn(self, fit: Fit) -> Mask:
        return filled(self.points(fit), *self.mask.shape)


@lru_cache(4096)
def _drawn(shape: str, numbers: tuple[float, ...]) -> list[NDArray[np.float64]]:
    return [flattened(one) for one in SHAPES[shape].draw(*numbers)]


def best_fit(blob: Blob) -> Fit | None:
    """The shape that a mask is; None where it is none."""
    usual = fitted(blob, [shape for shape in SHAPES if shape in PROPOSED and shape not in RARE])
    if usual is not None and usual.wrong < EXACT * blob.allowed:
        return usual
    rare = fitted(blob, RARE, EXACT)
    return rare if rare is not None and (usual is None or rare.wrong < EXACT * usual.wrong) else usual


def fitted(blob: Blob, shapes: Sequence[str], most: float = 1.0) -> Fit | None:
    """The one of these shapes that a mask is; None where it is none. most: of what is allowed, that may be wrong."""
    if blob.pixels < LEAST_PIXELS:
        return None
    tried = [judged(blob, fit) for shape in shapes for fit in PROPOSED[shape](blob)]
    tried = sorted((fit for fit in tried if fit.wrong < HOPELESS), key=lambda fit: fit.wrong)
    better = [improved(blob, fit) for fit in tried[:IMPROVED] if fit.wrong < tried[0].wrong + WORTH * blob.allowed]
    better = [_with_inner(blob, fit) for fit in better]
    good = [
        fit
        for fit in better
        if fit.wrong < most * blob.allowed
        and not (is_square(fit) or is_ragged(blob, fit))
        and (fit.shape in WIDENED or not blob.is_off(fit))
    ]
    if not good:
        return None
    best = min(good, key=lambda fit: fit.wrong - SIMPLER.get(fit.shape, 0.0))
    return tidied(best)


def is_square(fit: Fit) -> bool:
    """Whether it is a cross, saltire or chevron that is all middle."""
    if fit.shape == "chevron":
        return fit.numbers[0] > ANGLE
    return fit.shape in ("cross", "saltire") and fit.numbers[0] > THICK


def is_ragged(blob: Blob, fit: Fit) -> bool:
    """Whether a shape has an even edge, and the figure has not: it is a leaf, or a sun of short rays."""
    return fit.wrong * blob.pixels > FEW_OFF + RAGGED.get(fit.shape, np.inf) * len(blob.edge)


def _with_inner(blob: Blob, fit: Fit) -> Fit:
    """A star that fits badly with the inner corners that fit best."""
    if fit.shape != "star" or fit.wrong < GOOD_STAR * blob.allowed:
        return fit
    found = improved(blob, fit, FREE["sun"])
    return found if abs(found.numbers[1] - fit.numbers[1]) < MOST_INNER else fit


def covered_star(shown: Mask, over: Mask, stretch: float) -> Fit | None:
    """An upright star of five points of which a part is shown, and the rest lies below `over`; None if there is none.

    shown, over: h x w.
    """
    if shown.sum() < LEAST_SHOWN:
        return None
    blob = CoveredBlob(shown, over, stretch)
    x, y, wide, high = blob.box
    radius = max(wide / np.sin(np.radians(72)), 2 * high / (1 + np.cos(np.radians(36))))
    best = None
    for across in (0, 0.2, -0.2):
        middle = float(x + across * radius * stretch), float(y - high + radius)
        start = judged(blob, Fit("star", (5.0, INNER[5]), *middle, float(radius), 0.0))
        if start.wrong < MOST_AT_FIRST and (best is None or start.wrong < best.wrong):
            best = start
    if best is not None:
        best = _with_inner(blob, improved(blob, best))
    if best is None or best.wrong > MOST_COVERED:
        return None
    star = blob.drawn(best)
    if (star & shown).sum() < LEAST_OF_STAR * star.sum() or _tips(best, star & shown, stretch) < LEAST_TIPS:
        return None
    return best


def _tips(star: Fit, shown: Mask, stretch: float) -> int:
    """How many of a star's points are shown."""
    rows, columns = np.nonzero(shown)
    angles = np.radians(star.turn) + np.arange(round(star.numbers[0]))[:, None] * 2 * np.pi / star.numbers[0]
    x, y = star.x + star.radius * stretch * np.sin(angles), star.y - star.radius * np.cos(angles)
    away = np.hypot((columns + 0.5 - x) / stretch, rows + 0.5 - y)  # point x pixel
    return int((away < TIP * star.radius).any(1).sum())


class CoveredBlob(Blob):
    """A mask of which it is not known what lies under `over`."""

    gives_up = False

    def __init__(self, mask: Mask, over: Mask, stretch: float) -> None:
        super().__init__(mask, stretch)
        self.over = over

    def wrong(self, fit: Fit) -> float:
        if not 2 < fit.radius < 4 * max(self.mask.shape) or self.is_beyond(fit):
            return np.inf
        return float(((self.drawn(fit) & ~self.over) ^ self.mask).sum() / self.pixels)


def judged(blob: Blob, fit: Fit) -> Fit:
    return replace(fit, wrong=blob.wrong(fit))


# Numbers of a fit that are improved, with their first steps, in pixels, degrees or shares of the radius.
def _moved(fit: Fit, which: int, step: float) -> Fit:
    match which:
        case 0:
            return replace(fit, x=fit.x + step)
        case 1:
            return replace(fit, y=fit.y + step)
        case 2:
            return replace(fit, radius=fit.radius + step)
        case 3:
            return replace(fit, turn=fit.turn + step)
    numbers = list(fit.numbers)
    numbers[which - 4] += step
    return replace(fit, numbers=tuple(numbers))


FREE: dict[str, Free] = {  # which numbers may be improved: 0 x, 1 y, 2 radius, 3 turn, then the shape's own
    "star": ((0, 1, 2, 3), (1.0, 1.0, 1.0, 4.0)),
    "sun": ((0, 1, 2, 3, 5), (0.5, 0.5, 0.5, 3.0, 0.06)),
    "disc": ((0, 1, 2), (0.5, 0.5, 0.5)),
    "ring": ((0, 1, 2, 4), (0.5, 0.5, 0.5, 0.05)),
    "crescent": ((0, 1, 2, 3, 4, 5), (0.5, 0.5, 0.5, 6.0, 0.04, 0.04)),
    "cross": ((0, 1, 2, 4), (0.5, 0.5, 0.5, 0.05)),
    "saltire": ((0, 1, 2, 4), (0.5, 0.5, 0.5, 0.05)),
    "triangle": ((0, 1, 2, 4), (0.5, 0.5, 0.5, 0.05)),
    "rectangle": ((0, 1, 2, 4), (0.5, 0.5, 0.5, 0.05)),
    "lozenge": ((0, 1, 2, 4), (0.5, 0.5, 0.5, 0.05)),
    "chevron": ((0, 1, 2, 4), (0.5, 0.5, 0.5, 0.05)),
    "shield": ((0, 1, 2, 4), (0.5, 0.5, 0.5, 0.05)),
}


def improved(blob: Blob, fit: Fit, free: Free | None = None) -> Fit:
    """A fit whose numbers were moved by smaller and smaller steps, as long as less is wrong."""
    which, steps = free or FREE[fit.shape]
    first = dict(zip(which, steps, strict=True))
    single = [((number, way * step),) for number, step in first.items() for way in (1, -1)]
    # A shape of which a side is missing must grow and move at once.
    double = [
        ((axis, way * first[axis]), (2, grow * first[2])) for axis in (0, 1) for way in (1, -1) for grow in (1, -1)
    ]
    scale = 1.0
    for hope in HOPES:
        moved = True
        while moved:
            moved = False
            for moves in (single, double):
                for steps_of in moves:
                    tried = fit
                    for number, step in steps_of:
                        tried = _moved(tried, number, step * scale)
                    tried = judged(blob, tried)
                    if tried.wrong < fit.wrong:
                        fit, moved = tried, True
                if moved:
                    break
        scale /= 2
        if fit.wrong > hope * blob.allowed and blob.gives_up:
            break
    return fit


def tidied(fit: Fit) -> Fit:
    """With the numbers that such a shape usually has, where they do as well."""
    if fit.shape in ("star", "sun"):
        count = round(fit.numbers[0])
        turn = (fit.turn + 180 / count) % (360 / count) - 180 / count
        fit = replace(fit, turn=0.0 if abs(turn) < UPRIGHT else turn)
    return fit


# What is proposed.


def _stars(blob: Blob) -> Iterator[Fit]:
    strength = np.abs(blob.swings)
    counts = [int(n) for n in np.argsort(-strength[4:13], kind="stable")[:2] + 4]
    if 5 not in counts:
        counts.append(5)
    for count in counts:
        if strength[count] < SWING:
            continue
        inner = INNER.get(count, 0.5)
        radius = np.sqrt(blob.area / (count * inner * np.sin(np.pi / count)))
        x, y = blob.middle
        for turn in {blob.turn(count), 0.0}:
            yield Fit("star", (float(count), inner), x, y, float(radius), turn)


def _suns(blob: Blob) -> Iterator[Fit]:
    strength = np.abs(blob.swings)
    count = int(np.argmax(strength[RAYS.start : RAYS.stop])) + RAYS.start
    if strength[count] < SWING:
        return
    radius = float(np.quantile(blob.outline, 0.97))
    if 2 * np.pi * radius < LEAST_RAY * count:
        return
    inner = float(np.clip(blob.area / (count * radius**2 * np.sin(np.pi / count)), 0.2, 0.95))
    yield Fit("sun", (float(count), inner, 0.0), *blob.middle, radius, blob.turn(count))


def _discs(blob: Blob) -> Iterator[Fit]:
    yield Fit("disc", (), *blob.middle, float(np.sqrt(blob.area / np.pi)), 0.0)


def _rings(blob: Blob) -> Iterator[Fit]:
    x, y, wide, high = blob.box
    radius = (wide + high) / 2
    hole = 1 - blob.area / (np.pi * radius**2)
    if hole > 0.05:
        yield Fit("ring", (float(np.sqrt(hole)),), x, y, radius, 0.0)


def _boxed(shape: str, turns: Sequence[float] = (0.0,)) -> Callable[[Blob], Iterator[Fit]]:
    def propose(blob: Blob) -> Iterator[Fit]:
        x, y, wide, high = blob.box
        for turn in turns:
            across, down = (high, wide) if turn % 180 else (wide, high)
            yield Fit(shape, (across / down,), x, y, down, turn)

    return propose


def _crosses(blob: Blob) -> Iterator[Fit]:
    x, y, wide, high = blob.box
    radius = (wide + high) / 2
    yield Fit("cross", (float(1 - np.sqrt(max(0.0, 1 - blob.area / (4 * radius**2)))),), x, y, radius, 0.0)
    for half in (0.1, 0.2, 0.3):
        yield Fit("saltire", (half,), x, y, radius, 0.0)


def _saltires(blob: Blob) -> Iterator[Fit]:
    """As wide as its box."""
    x, y, wide, high = blob.box
    for half in (0.15, 0.22, 0.3):
        yield Fit("saltire", (half,), x, y, (wide + high) / np.sqrt(2) / (1 + half), 0.0)


def _chevrons(blob: Blob) -> Iterator[Fit]:
    """Its arms are equally thick at all places along it."""
    x, y, wide, high = blob.box
    for turn in (0.0, 90.0, 180.0, 270.0):
        radius = high if turn % 180 else wide
        yield Fit("chevron", (blob.area / (2 * radius**2),), x, y, radius, turn)


def circle_through(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Centres (n x 2) and radii (n) of circles through three points each: n x 3 x 2."""
    a, b, c = points[:, 0], points[:, 1], points[:, 2]
    d = 2 * (a[:, 0] * (b[:, 1] - c[:, 1]) + b[:, 0] * (c[:, 1] - a[:, 1]) + c[:, 0] * (a[:, 1] - b[:, 1]))
    d = np.where(np.abs(d) < 1e-6, 1e-6, d)
    squares = (points**2).sum(-1)
    x = (
        squares[:, 0] * (b[:, 1] - c[:, 1]) + squares[:, 1] * (c[:, 1] - a[:, 1]) + squares[:, 2] * (a[:, 1] - b[:, 1])
    ) / d
    y = (
        squares[:, 0] * (c[:, 0] - b[:, 0]) + squares[:, 1] * (a[:, 0] - c[:, 0]) + squares[:, 2] * (b[:, 0] - a[:, 0])
    ) / d
    centres = np.stack([x, y], 1)
    return centres, np.linalg.norm(centres - a, axis=1)


def _most_on(
    points: NDArray[np.float64], around: NDArray[np.float64] | None
) -> tuple[NDArray[np.float64], float] | None:
    """The circle that most points lie on, of those that leave no more than a few of `around` outside."""
    if len(points) < 6:
        return None
    rng = np.random.default_rng(0)
    triples = points[rng.integers(0, len(points), (CIRCLES, 3))]
    centres, radii = circle_through(triples)
    off = np.abs(np.linalg.norm(points[None] - centres[:, None], axis=2) - radii[:, None])
    votes = (off < ON).sum(1).astype(float)
    if around is not None:
        outside = (np.linalg.norm(around[None] - centres[:, None], axis=2) > radii[:, None] + 2 * ON).mean(1)
        votes[outside > 0.02] = -1
    best = int(votes.argmax())
    if votes[best] < 6:
        return None
    on = points[off[best] < ON]
    # The least-squares circle of those points (Kasa, 1976).
    terms = np.column_stack([2 * on, np.ones(len(on))])
    solution = np.linalg.lstsq(terms, (on**2).sum(1), rcond=None)[0]
    centre = solution[:2]
    return centre, float(np.sqrt(max(solution[2] + centre @ centre, 1e-9)))


def _crescents(blob: Blob) -> Iterator[Fit]:
    points = blob.edge
    outer = _most_on(points, points)
    if outer is None:
        return
    centre, radius = outer
    rest = points[np.linalg.norm(points - centre, axis=1) < radius - 2 * ON]
    inner = _most_on(rest, None)
    if inner is None or blob.area > 0.97 * np.pi * radius**2:
        return
    off, smaller = inner
    x, y = (off - centre) / radius
    numbers = smaller / radius, float(np.hypot(x, y))
    if not (0.05 < numbers[0] < 1.2 and 0 < numbers[1] < 1.9):
        return
    yield Fit("crescent", numbers, centre[0] * blob.stretch, centre[1], radius, float(np.degrees(np.arctan2(y, x))))


PROPOSED: dict[str, Callable[[Blob], Iterator[Fit]]] = {
    "disc": _discs,
    "star": _stars,
    "crescent": _crescents,
    "rectangle": _boxed("rectangle"),
    "lozenge": _boxed("lozenge"),
    "triangle": _boxed("triangle", (0.0, 180.0, 90.0, 270.0)),
    "cross": _crosses,
    "sun": _suns,
    "ring": _rings,
    "saltire": _saltires,
    "chevron": _chevrons,
    "shield": _boxed("shield"),
}
