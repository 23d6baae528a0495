"""Drawn emblems that can stand on another flag: without what belongs to the ground that they were cut from.

Of Kiribati's picture, which is as wide as the flag, the waves have the colours of the stripes under them; what is left
is a sun and a bird.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from flagsae.design import art
from flagsae.design.design import ASPECT, Charge
from flagsae.design.shapes import Outline

SMALL = 0.04  # of the box of the largest contour


def apart_from(charge: Charge, ground: Collection[str], aspect: float = ASPECT) -> Charge:
    """A cut-out without what has one of the ground's colours, or is small where all of it has."""
    barred = frozenset(slot for slot, name in enumerate(charge.colours) if name in ground)
    text, x, y, size = _kept(charge.art, barred)
    places = tuple(
        replace(one, x=one.x + x * one.radius / aspect, y=one.y + y * one.radius, radius=one.radius * size)
        for one in charge.places
    )
    return charge if text == charge.art else replace(charge, art=text, places=places)


@lru_cache(512)
def _kept(text: str, barred: frozenset[int]) -> tuple[str, float, float, float]:
    """The art of what is kept of one, and where and how large it is there."""
    contours = [(slot, outline) for slot, outlines in art.outlines(text) for outline in outlines]
    boxes = np.array([_box(outline) for _, outline in contours])
    seen = np.array([slot not in barred for slot, _ in contours])
    if seen.all():
        return text, 0.0, 0.0, 1.0
    if not seen.any():  # of what has no other colour, what is largest
        seen[:] = True
    seen &= _held(boxes, seen)
    left, top = boxes[seen, :2].min(0)
    right, bottom = boxes[seen, 2:].max(0)
    x, y, size = float(left + right) / 2, float(top + bottom) / 2, float(max(right - left, bottom - top)) / 2

    def placed(outline: Outline) -> NDArray[np.int64]:
        return np.rint((outline - (x, y)) / size / art.UNIT).astype(np.int64)

    drawn = [(slot, placed(outline)) for (slot, outline), keep in zip(contours, seen, strict=True) if keep]
    steps = tuple((slot, ((number, True),)) for number, (slot, _) in enumerate(drawn))
    new = art.Art(art.slots_of(text), tuple(chain for _, chain in drawn), steps)
    return art.text(art.encode(new)), x, y, size


def _held(boxes: NDArray[np.float64], seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which contours are large, or within one that is: others are shreds of what is gone. boxes: n x 4; seen: of those
    that count."""
    areas = np.where(seen, (boxes[:, 2:] - boxes[:, :2]).prod(1), 0.0)
    large = boxes[areas >= SMALL * areas.max()]
    inside = (boxes[:, None, :2] >= large[None, :, :2]) & (boxes[:, None, 2:] <= large[None, :, 2:])
    return inside.all(2).any(1)


def _box(outline: Outline) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    points = outline.reshape(-1, 2)
    return (*points.min(0).tolist(), *points.max(0).tolist())
