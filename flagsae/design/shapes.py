"""The shapes of charges: outlines of radius 1 about (0, 0), y downwards, upright at turn 0.

A new shape is a row of `SHAPES` and the function that draws it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Outline: TypeAlias = NDArray[np.float64]  # S x 4 x 2: S cubic Béziers end to end, closed

# Radius of a star's inner corners, by its points; the outer ones have 1. With five and six points an edge runs on
# straight through the star to the next but one; with seven as in the Commonwealth Star of Australia's flag, 4/9; by
# eye elsewhere.
INNER = {4: 0.35, 5: 0.382, 6: 0.577, 7: 0.444, 8: 0.5}
RAYS, RAYED = 16, 0.68  # of a sun that nothing more is said of: its rays, and the radius between them; by eye
RAY_WIDTH = 0.8  # of a ray that stands apart, at its foot: more and it would touch the next
LEAST_RIM = 1e-3  # of a crescent where its two circles come nearest: with less the horns would touch
QUARTER = np.pi / 2  # largest angle that one piece of an arc spans


@dataclass(frozen=True)
class Number:
    """One of those that a shape has."""

    name: str
    usual: float
    """Where nothing is said of it."""
    least: float
    most: float


@dataclass(frozen=True)
class Shape:
    """A kind of shape."""

    radius: float
    """Of one that stands alone on a flag, as a share of the height."""
    numbers: tuple[Number, ...]
    draw: Callable[..., list[Outline]]
    """Takes a value for each of the numbers. Its contours, filled by the even-odd rule; the second, if it
    lies within the first, is a hole."""
    even: bool = False
    """Whether all of its edges are equally far from its centre: so much larger, it is an edge of even thickness."""

    @property
    def usual(self) -> tuple[float, ...]:
        return tuple(one.usual for one in self.numbers)


def _lines(points: Sequence[tuple[float, float]] | NDArray[np.float64]) -> Outline:
    """A closed outline of straight lines."""
    start = np.asarray(points, float)
    end = np.roll(start, -1, 0)
    return np.stack([start, start, end, end], 1)


def arc(x: float, y: float, radius: float, start: float, end: float) -> Outline:
    """Part of a circle, from one angle to another in radians, clockwise on the screen where end > start. It is off
    the circle by less than 3 parts in 10,000 of the radius."""
    count = max(1, int(np.ceil(abs(end - start) / QUARTER - 1e-9)))
    angles = np.linspace(start, end, count + 1)
    reach = 4 / 3 * np.tan((end - start) / count / 4)
    spots = np.stack([np.cos(angles), np.sin(angles)], 1)
    ways = np.stack([-np.sin(angles), np.cos(angles)], 1) * reach
    pieces = np.stack([spots[:-1], spots[:-1] + ways[:-1], spots[1:] - ways[1:], spots[1:]], 1)
    return pieces * radius + (x, y)


def circle(radius: float = 1.0) -> Outline:
    return arc(0, 0, radius, 0, 2 * np.pi)


def _star(points: float, inner: float) -> list[Outline]:
    count = round(points)
    angle = np.arange(2 * count) * np.pi / count - np.pi / 2
    radius = np.where(np.arange(2 * count) % 2, inner, 1)
    return [_lines(np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1))]


def _sun(rays: float, inner: float, core: float) -> list[Outline]:
    """A star of many points; with a core, a disc and rays that stand apart from it."""
    if not core:
        return _star(rays, inner)
    count = round(rays)
    angle = np.arange(count)[:, None] * 2 * np.pi / count - np.pi / 2
    angle = angle + np.array([-1, 0, 1]) * RAY_WIDTH * np.pi / count
    radius = np.array([inner, 1, inner])
    tips = np.stack([radius * np.cos(angle), radius * np.sin(angle)], 2)
    return [circle(core), *map(_lines, tips)]


def _disc() -> list[Outline]:
    return [circle()]


def _ring(inner: float) -> list[Outline]:
    return [circle(), circle(inner)]


def _crescent(inner: float, offset: float) -> list[Outline]:
    """The disc without another, of radius `inner`, whose centre is `offset` away towards the fly."""
    offset = max(offset, 1 - inner + LEAST_RIM)
    across = (offset**2 + 1 - inner**2) / (2 * offset)  # of the horns
    outer = np.arccos(np.clip(across, -1, 1))
    cut = np.arctan2(np.sin(outer), across - offset)
    return [np.concatenate([arc(0, 0, 1, outer, 2 * np.pi - outer), arc(offset, 0, inner, 2 * np.pi - cut, cut)])]


def _cross(half: float) -> list[Outline]:
    a = half
    upper = [(-a, -1), (a, -1), (a, -a), (1, -a), (1, a), (a, a)]
    return [_lines([*upper, *((-x, -y) for x, y in upper)])]


def _saltire(half: float) -> list[Outline]:
    """A cross turned by an eighth, as wide and high as the circle's square."""
    turned = np.array([(1, -1), (1, 1)]) / np.sqrt(2)
    points = _cross(half)[0][:, 0] @ turned
    return [_lines(points)]


def _rectangle(half: float) -> list[Outline]:
    return [_lines([(-half, -1), (half, -1), (half, 1), (-half, 1)])]


def _lozenge(half: float) -> list[Outline]:
    return [_lines([(-half, 0), (0, -1), (half, 0), (0, 1)])]


def _triangle(half: float) -> list[Outline]:
    return [_lines([(0, -1), (half, 1), (-half, 1)])]


def _chevron(thick: float) -> list[Outline]:
    """An angle that points upwards."""
    return [_lines([(0, -0.6), (1, 0.6 - thick), (1, 0.6), (0, -0.6 + thick), (-1, 0.6), (-1, 0.6 - thick)])]


def _shield(half: float) -> list[Outline]:
    """Straight at the top, and round to a point below: what stands for arms that words do not tell."""
    right = [(half, -1), (half, -0.1), (half, 0.45), (0.45 * half, 0.8), (0, 1)]
    sides = [(-x, y) for x, y in right]
    top = np.array([[sides[0], sides[0], right[0], right[0]], [right[0], right[0], right[1], right[1]]])
    below = np.array([right[1:], sides[1:][::-1]])
    close = np.array([[sides[1], sides[1], sides[0], sides[0]]])
    return [np.concatenate([top, below, close])]


# F, L, A and G, each four high and wide; half a gap between two is the half of a stroke's width.
_LETTERS = (
    ((0, 0), (4, 0), (4, 1), (1, 1), (1, 2), (3, 2), (3, 3), (1, 3), (1, 5), (0, 5)),
    ((0, 0), (1, 0), (1, 4), (4, 4), (4, 5), (0, 5)),
    ((1.5, 0), (2.5, 0), (4, 5), (3, 5), (2, 1.6), (1, 5), (0, 5)),
    ((0, 0), (4, 0), (4, 1), (1, 1), (1, 4), (3, 4), (3, 3), (2, 3), (2, 2), (4, 2), (4, 5), (0, 5)),
)
_LETTER = 5.0, 5.0  # from one to the next, and the height


def _lettering() -> list[Outline]:
    step, high = _LETTER
    wide = step * len(_LETTERS) - 1
    return [
        _lines((np.array(letter) + np.array((step * place - wide / 2, -high / 2))) * (2 / wide))
        for place, letter in enumerate(_LETTERS)
    ]


MITRE = 3.0  # times the thickness of an edge, at most, that a sharp corner of it reaches beyond the corner inside
CHORDS = 12  # of a curved piece


def flattened(outline: Outline) -> NDArray[np.float64]:
    """The corners of an outline of straight lines; of one with curves points on them: n x 2."""
    if ((outline[:, 0] == outline[:, 1]) & (outline[:, 2] == outline[:, 3])).all():
        return outline[:, 0]
    t = np.arange(CHORDS) / CHORDS
    weights = np.stack([(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t**3], 1)  # (CHORDS, 4)
    points: NDArray[np.float64] = np.einsum("tc,scx->stx", weights, outline).reshape(-1, 2)
    return points


def grown(outline: Outline, distance: float) -> Outline:
    """A closed outline with every edge moved outwards by a distance, or inwards by a negative one."""
    points = flattened(outline)
    points = points[(points != np.roll(points, 1, 0)).any(1)]
    ahead = np.roll(points, -1, 0) - points
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    x, y = points.T
    turned = np.sign((x * np.roll(y, -1) - y * np.roll(x, -1)).sum())  # +1 where the inside is on the right of an edge
    normals = turned * np.stack([ahead[:, 1], -ahead[:, 0]], 1)
    before = np.roll(normals, 1, 0)
    reach = (normals + before) / np.maximum(1 + (normals * before).sum(1, keepdims=True), 1e-9)
    length = np.linalg.norm(reach, axis=1, keepdims=True)
    return _lines(points + distance * reach * np.minimum(1, MITRE / np.maximum(length, 1e-9)))


# The usual radii and numbers lie between those of the flags that have such a charge; by eye.
SHAPES = {
    "star": Shape(0.22, (Number("points", 5, 3, 64), Number("inner", INNER[5], 0.05, 0.98)), _star, even=True),
    # Core: of a disc that its rays stand apart from; 0 where they do not.
    "sun": Shape(
        0.24,
        (Number("rays", RAYS, 3, 128), Number("inner", RAYED, 0.05, 0.98), Number("core", 0, 0, 0.95)),
        _sun,
        even=True,
    ),
    "disc": Shape(0.26, (), _disc, even=True),
    "ring": Shape(0.22, (Number("inner", 0.6, 0.02, 0.99),), _ring),
    "crescent": Shape(0.24, (Number("inner", 0.8, 0.05, 1.2), Number("offset", 0.26, 0, 1.9)), _crescent),
    "cross": Shape(0.22, (Number("half", 0.28, 0.02, 0.95),), _cross),
    "saltire": Shape(0.22, (Number("half", 0.22, 0.02, 0.95),), _saltire),
    "triangle": Shape(0.2, (Number("half", 1, 0.02, 20),), _triangle),
    "rectangle": Shape(0.18, (Number("half", 1.3, 0.02, 20),), _rectangle),
    "lozenge": Shape(0.38, (Number("half", 1.5, 0.02, 20),), _lozenge, even=True),
    "chevron": Shape(0.22, (Number("thick", 0.5, 0.02, 1.2),), _chevron),
    "lettering": Shape(0.3, (), _lettering),
    "shield": Shape(0.24, (Number("half", 0.8, 0.1, 2),), _shield),
}


def fault(name: str, numbers: Sequence[float]) -> str:
    """What is wrong with the numbers of a shape; "" where nothing is."""
    shape = SHAPES.get(name)
    if shape is None:
        return f"is no shape: {', '.join(SHAPES)}"
    if len(numbers) != len(shape.numbers):
        return f"has {len(numbers)} numbers, not {len(shape.numbers)} ({', '.join(one.name for one in shape.numbers)})"
    for known, value in zip(shape.numbers, numbers, strict=True):
        if not known.least <= value <= known.most:  # NaN is not
            return f"has {known.name} {value:g}, not {known.least:g} to {known.most:g}"
    return ""
