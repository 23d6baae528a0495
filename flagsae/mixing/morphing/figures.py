"""Figures of the ground that come, go, or run into others of their kind.

One that comes grows out of where it touches the frame, or out of its middle; one that goes does the reverse.

    >>> grown(Layer("cross", ("red",), (0.4, 0.6, 0.4, 0.6)), 0.5).numbers
    (0.45, 0.55, 0.45, 0.55)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from flagsae.design.design import Layer
from flagsae.mixing.morphing.inks import Inks, apart

SIDED = ("triangle", "trapezium", "serrated")  # figures whose first number is the side that they stand on
SMALLEST = 0.015  # of a figure's size: a smaller one would be a hair's line, and is not drawn
TOUCH = 0.012  # of the flag: what ends so near to the frame touches it
TALL = 2.0  # times as long as wide: such a rectangle in a corner grows along its length, and any other along both
LONG = 3.0  # times as long as wide: such a polygon of four corners is a strip
NEAR_POLYGONS = 0.1  # of the flag: how far corners of two polygons are apart, on average, for one to run into the other
DIGITS = 6  # of numbers, after the point
PAINT = 0.3  # what a colour's distance counts for beside one of the flag's sides
MOST = 1.9  # that two of a kind cost: less than that each stands alone

Points = NDArray[np.float64]  # n x 2, shares of the flag


def cost(one: Layer, other: Layer, inks: Inks) -> float:
    """How far two figures are apart, for `aligned.pairs`: 2 and more where one cannot run into the other."""
    if one.figure != other.figure or len(one.numbers) != len(other.numbers):
        return 2.0
    if one.figure in SIDED and one.numbers[0] != other.numbers[0]:
        return 2.0
    if one.figure == "serrated" and one.numbers[3] != other.numbers[3]:  # teeth are whole
        return 2.0
    away = float(np.abs(np.subtract(one.numbers, other.numbers)).mean())
    if one.figure == "polygon" and away > NEAR_POLYGONS:
        return 2.0
    painted = zip(one.colours, other.colours, strict=True)
    return min(MOST, away + PAINT * sum(apart(inks.first[a], inks.second[b]) for a, b in painted))


def between(one: Layer, other: Layer, inks: Inks) -> Layer:
    """A figure on its way to another one of its kind; of a canton what is in it stays the first's."""
    numbers = tuple(round(a + (b - a) * inks.share, DIGITS) for a, b in zip(one.numbers, other.numbers, strict=True))
    return replace(one, colours=tuple(map(inks.run, one.colours, other.colours)), numbers=numbers)


def grown(layer: Layer, share: float, anchor: Points | None = None) -> Layer | None:
    """A figure, or a canton, that is only so far there; None where it is too small to be seen.

    share: 1 where it is whole; anchor: x, y of where a polygon grows from, by default as `anchors` has it.
    """
    if share < SMALLEST:
        return None
    if share >= 1:
        return layer
    numbers = _grown(layer, share, anchor)
    return replace(layer, numbers=tuple(round(float(one), DIGITS) for one in numbers))


def _grown(layer: Layer, share: float, anchor: Points | None) -> Iterable[float]:
    numbers = layer.numbers
    match layer.figure:
        case "cross":
            left, right, top, bottom = numbers
            return (*_about(left, right, share), *_about(top, bottom, share))
        case "band":
            return (*numbers[:2], numbers[2] * share)
        case "triangle":
            side, start, end, depth, apex = numbers
            return (side, start, end, depth * share, apex)
        case "trapezium":
            side, depth, start, end = numbers
            return (side, depth * share, start, end)
        case "serrated":
            side, inner, outer, teeth = numbers
            return (side, inner * share, outer * share, teeth)
        case "pall":
            stem, arm, join, start = numbers
            return (stem * share, arm * share, join, start)
        case "border":
            left, top, right, bottom = numbers
            return (left * share, top * share, 1 - (1 - right) * share, 1 - (1 - bottom) * share)
        case "rectangle":
            return _rectangle(numbers, share)
        case "lozenge":
            return (*numbers[:2], numbers[2] * share, numbers[3] * share)
        case "polygon":
            points = _points(layer)
            fixed = _anchor(points) if anchor is None else anchor
            if _is_beam(points):  # as wide at one end as at the other, at every moment
                fixed = points[[0, 1, 1, 0]]
            return (fixed + (points - fixed) * share).ravel().tolist()
    return [number * share for number in numbers]  # saltire, canton


def _about(low: float, high: float, share: float) -> tuple[float, float]:
    """A stretch that shrinks about its middle."""
    middle, half = (low + high) / 2, (high - low) / 2 * share
    return middle - half, middle + half


def _rectangle(numbers: Sequence[float], share: float) -> tuple[float, float, float, float]:
    left, top, right, bottom = numbers
    stretches = {"x": (left, right), "y": (top, bottom)}
    length = {axis: high - low for axis, (low, high) in stretches.items()}
    ends = {axis: (low <= TOUCH, high >= 1 - TOUCH) for axis, (low, high) in stretches.items()}
    touching = [axis for axis in "xy" if sum(ends[axis]) == 1]
    if len(touching) == 2:
        long, short = sorted("xy", key=lambda axis: -length[axis])
        axes = [long] if length[long] > TALL * length[short] else touching
    elif touching:
        axes = touching
    else:  # from one side to the other, or off the frame
        axes = [axis for axis in "xy" if not any(ends[axis])] or ["y"]
    for axis in axes:
        low, high = stretches[axis]
        if ends[axis] == (True, False):
            stretches[axis] = (low, low + length[axis] * share)
        elif ends[axis] == (False, True):
            stretches[axis] = (high - length[axis] * share, high)
        else:
            stretches[axis] = _about(low, high, share)
    return stretches["x"][0], stretches["y"][0], stretches["x"][1], stretches["y"][1]


def anchors(layers: Sequence[Layer]) -> list[Points | None]:
    """Where each of some figures that come or go together grows from; None of what is no polygon.

    Polygons that lie on one another off the frame are one thing, and have one place.
    """
    found: list[Points | None] = []
    boxes: list[tuple[Points, Points]] = []
    for layer in layers:
        if layer.figure != "polygon":
            found.append(None)
            boxes.append((np.ones(2), np.zeros(2)))
            continue
        points = _points(layer)
        fixed, box = _anchor(points), (points.min(0), points.max(0))
        before = found[-1] if found else None
        if before is not None and not _on_frame(points).any():
            low, high = boxes[-1]
            if (np.maximum(low, box[0]) < np.minimum(high, box[1])).all():
                fixed, box = before, (low, high)
        found.append(fixed)
        boxes.append(box)
    return found


def _is_beam(points: Points) -> bool:
    """Whether a polygon is a long strip, which grows out of the first of its long sides."""
    if len(points) != 4:
        return False
    sides = np.linalg.norm(points - np.roll(points, -1, 0), axis=1)
    return bool(min(sides[0], sides[2]) > LONG * max(sides[1], sides[3]))


def _points(layer: Layer) -> Points:
    return np.reshape(np.asarray(layer.numbers, float), (-1, 2))


def _on_frame(points: Points) -> NDArray[np.bool_]:
    """Which of some points lie on the frame: n."""
    x, y = points.T
    found: NDArray[np.bool_] = (np.minimum(x, y) <= TOUCH) | (np.maximum(x, y) >= 1 - TOUCH)
    return found


def _anchor(points: Points) -> Points:
    """The middle of its corners on the frame, or of its box where it touches the frame nowhere."""
    touching = points[_on_frame(points)]
    found: Points = touching.mean(0) if len(touching) else (points.min(0) + points.max(0)) / 2
    return found
