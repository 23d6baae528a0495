"""A sun among what no shape fits, told by its outline: a disc with rays around it, or half of one that rises."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from flagsae.design import art, quick
from flagsae.design.quick import Mask
from flagsae.design.shapes import flattened
from flagsae.flags.regions import bounds, connected_regions

Box = tuple[float, float, float, float]  # top, bottom, left and right

LOOK = 256  # pixels, that a cut-out is seen on
# By eye, on the bundled flags.
LEAST = 0.01  # of its square, that a sun covers
CORE = 0.3  # of its reach: all round, a sun is full so far from its middle
FULL = 0.97  # of a circle in it
LEAST_RAYS = 8
GAP = 1.8  # times the angle between two rays, at most, that two are apart
RAYED = 0.18  # of all circles beyond the core: so many cross rays at even angles
ANGLES = 720  # of a turn
BESIDE = 4.0  # degrees above the foot, where rays are not looked for
# The foot of half a sun: of its width, that it stands on; of the widest row, that others are nearly as wide; of its
# height, where it is.
FOOT, NEARLY, LOW = 0.45, 0.95, 0.25
WIDE = (1.4, 2.4)  # times its height
ROUND = (0.85, 1.18)  # of a whole one


@lru_cache(256)
def suns_of(name: str) -> tuple[tuple[int, Box], ...]:
    """The suns in an art: the slot of each, and its box in the art's square, from -1 to 1."""
    seen = np.zeros((LOOK, LOOK), np.uint8)
    for slot, contours in art.outlines(name, plain=True):
        points = [(flattened(one) + 1) * (LOOK / 2) for one in contours]
        seen[quick.filled(points, LOOK, LOOK)] = slot + 1
    found = []
    for slot in range(int(seen.max())):
        mask = seen == slot + 1
        box = sun_in(mask) if mask.mean() > LEAST else None
        if box is not None:
            top, bottom, left, right = (2 * side / LOOK - 1 for side in box)
            found.append((slot, (top, bottom, left, right)))
    return tuple(found)


def sun_in(mask: Mask) -> Box | None:
    """The box of a sun in pixels of a mask, all of which have its colour; None where there is none."""
    if not mask.any():
        return None
    pieces = connected_regions(mask.astype(np.uint8))
    main = pieces == int(np.bincount(pieces[mask]).argmax())
    for tried in (mask, main) if (mask != main).any() else (main,):
        top, bottom, left, right = bounds(tried)
        box = float(top), float(bottom + 1), float(left), float(right + 1)
        if _is_whole(tried, box) or _is_half(tried, main, box):
            return box
    return None


def _is_whole(mask: Mask, box: Box) -> bool:
    top, bottom, left, right = box
    round_ = ROUND[0] < (right - left) / (bottom - top) < ROUND[1]
    return round_ and _has_rays(_around(mask, (left + right) / 2, (top + bottom) / 2, 0, 2 * np.pi), closed=True)


def _is_half(mask: Mask, main: Mask, box: Box) -> bool:
    """Whether it stands on a level foot, with rays above it."""
    top, bottom, left, right = box
    if not WIDE[0] < (right - left) / (bottom - top) < WIDE[1]:
        return False
    widths = np.array([np.ptp(np.nonzero(row)[0]) + 1 if row.any() else 0 for row in main])
    foot = int(np.nonzero(widths > NEARLY * widths.max())[0][-1])
    first, last, _, _ = bounds(main)
    if widths[foot] < FOOT * (right - left) or foot < last - LOW * (last - first):
        return False
    beside = np.radians(BESIDE)
    return _has_rays(_around(mask, (left + right) / 2, foot + 1, beside, np.pi - beside), closed=False)


def _around(mask: Mask, x: float, y: float, start: float, end: float) -> NDArray[np.bool_]:
    """What is seen along circles about a place, from one angle to another above the horizon: radius x angle."""
    angle = np.linspace(start, end, round(ANGLES * (end - start) / 2 / np.pi), endpoint=False)
    radius = np.arange(1, LOOK)[:, None]
    rows, columns = (y - radius * np.sin(angle)).astype(int), (x + radius * np.cos(angle)).astype(int)
    within = (rows >= 0) & (rows < mask.shape[0]) & (columns >= 0) & (columns < mask.shape[1])
    return within & mask[rows.clip(0, mask.shape[0] - 1), columns.clip(0, mask.shape[1] - 1)]


def _has_rays(seen: NDArray[np.bool_], *, closed: bool) -> bool:
    """Whether circles are full near the middle, and many farther out cross rays at even angles."""
    share = seen.mean(1)
    if share[0] < FULL:
        return False
    core, reach = int((share < FULL).argmax()), int(np.nonzero(share)[0][-1]) + 1
    if not CORE * reach < core < reach:
        return False
    return sum(_is_even(circle, closed) for circle in seen[core:reach]) > RAYED * (reach - core)


def _is_even(circle: NDArray[np.bool_], closed: bool) -> bool:
    before = np.roll(circle, 1) if closed else np.concatenate([[False], circle[:-1]])
    starts = np.nonzero(circle & ~before)[0]
    if len(starts) < LEAST_RAYS:
        return False
    ends = [starts[0] + len(circle)] if closed else [len(circle)]
    gaps = np.diff(np.concatenate([starts, ends] if closed else [[0], starts, ends]))
    return bool(gaps.max() < GAP * len(circle) / len(starts))
