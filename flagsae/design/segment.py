"""Splits a flag into its ground and the charges on it.

The ground fills the flag: stripes, bars, crosses, triangles, which are regions that reach the frame. A charge does not
reach the frame: a star, a coat of arms, a group of stars. A canton counts as one charge, together with everything in
it, so that a Union Jack stays whole. Composition moves charges whole; only grounds cut each other.

Lengths are given as shares of the map's width and areas as shares of its area, so that maps of any size work. h, w:
rows and columns of a label map.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flagsae.flags.regions import LabelMap, bounds, connected_regions, dissolve, fill, region_areas

NOTHING = 255  # the label of pixels outside a charge

# All thresholds are by eye, looking at how the bundled flags are split; where one flag decided, it is named.

# Regions that are too small to count, as shares of the map.
SPECK = 0.00032  # smaller regions are dissolved into their neighbours
GRAIN = 0.00013  # the same inside charges: small enough to keep the triangles in Morocco's star, Uzbekistan's stars
ARMS = 0.0008  # the same inside a coat of arms
ARMS_REGIONS, ARMS_COLOURS = 16, 4  # a charge of more regions, in at least so many colours, is a coat of arms
FILLED_SPECK = 3  # times SPECK, in a ground whose holes were filled: filling leaves larger splinters

# Charges, in shares of the width unless said otherwise.
RIM = 0.01  # a region that comes this near to the frame reaches it
PANEL = 0.4  # of the map: a rectangle off the frame that is larger belongs to the ground
PANEL_FILL = 0.9  # of its box: what fills more is a rectangle
GAP = 0.02  # regions nearer than this are one charge
JOINED = 2  # times GAP: charges nearer than this become one
CONSTELLATION = 0.25  # small charges of one colour nearer than this become one, as stars do
CONSTELLATION_LARGEST = 0.03  # of the map: a larger charge is no star of a constellation

# Pixels of a charge that has the colour of the stripe that it touches. Shares of the map.
ODD = 0.12  # more pixels that break stripes: there are no stripes
ODD_FRAMED = 0.06  # the same where some of them reach the frame
STRIPE = 0.5  # of a row or column: in one colour it is a stripe
ODD_SPECK = 2  # times SPECK: larger blobs must lie near to a charge

# Where a canton is looked for, and what makes one.
CANTON_SIDE = 12  # pixels: a map with a shorter side has none
CANTON_HEIGHT = (0.24, 0.66)  # of the height
CANTON_WIDTH = (0.2, 0.62)  # of the width
CANTON_EDGE = 0.4  # of its fly side, and of its foot, that is an edge between two colours
CANTON_BEST_EDGE = 0.45  # the same of the better one
CANTON_BELOW = 0.12  # of the line below its fly side: with more edge a bar or a cross goes on there
# Of two rectangles that fit, the one with the greater side + foot - below - BEYOND * beyond + WIDE * width wins.
CANTON_BEYOND = 0.3  # a stripe's edge often goes on beyond the foot, so it speaks little against a canton
CANTON_WIDE, CANTON_WIDEST = 2, 0.4  # wider is better, up to this share of the width
# A canton on its own colour, a quarter of the flag as on an ensign: it must show a known flag.
ENSIGN_REACH = 2  # pixels around the middle of the flag in which its corner may lie
ENSIGN_BELOW = 0.2  # of the line below its fly side, as CANTON_BELOW
ENSIGN_EDGE = 0.2  # of its fly side and of its foot, as CANTON_EDGE
ENSIGN_STEP = 6  # pixels of the canton's map from one that is compared to the next; twice as many of a known flag's
ENSIGN_ALIKE = 0.75  # of the compared pixels that are the same

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Charge:
    """A figure, a group of figures or a canton that stands on a ground."""

    labels: LabelMap
    """Palette indices of its bounding box; NOTHING for pixels of the box that are not part of it."""
    top: int
    """First row of the box in its flag."""
    left: int
    """First column of the box in its flag."""
    canton: bool = False
    """Whether it is a canton, which fills the upper hoist corner of its flag."""

    @property
    def pixels(self) -> int:
        """How many pixels of the box are part of it."""
        return int((self.labels != NOTHING).sum())


@dataclass(frozen=True)
class Parts:
    """A flag that was split."""

    ground: LabelMap
    """h x w, with the holes under the charges filled."""
    charges: tuple[Charge, ...]
    """The canton first, if there is one."""


def take_apart(
    labels: LabelMap, known: NDArray[np.uint8] | None = None, *, canton: bool = True, odd: bool = True
) -> Parts:
    """Splits a flag into ground and charges.

    labels: h x w; known: N x h x w, flags that a canton may show; canton: whether to look for one; odd: whether
    what breaks stripes may be part of a charge.
    """
    fine, coarse = (dissolve(labels, max(2, round(share * labels.size))) for share in (GRAIN, SPECK))
    ground, charges = fine, []
    corner = find_canton(coarse, known) if canton else None
    if corner:
        corner_mask = np.zeros(labels.shape, bool)
        corner_mask[: corner[0], : corner[1]] = True
        charges.append(_cut(fine, corner_mask, canton=True))
        # Fill the ground under the canton with the colours beside it, a few pixels off: nearer ones may be blends.
        past = min(labels.shape[1] - 1, corner[1] + _pixels(RIM, labels))
        ground = fine.copy()
        ground[: corner[0] + 1, : corner[1] + 1] = coarse[: corner[0] + 1, [past]]
    off = _off_the_frame(ground)
    if off.any():
        if odd:
            off |= _odd_ones(ground, off)
        charges += [_cut(ground, mask) for mask in _groups(ground, off)]
        ground = without(ground, off)
    return Parts(dissolve(ground, max(2, round(FILLED_SPECK * SPECK * ground.size))), tuple(charges))


def find_canton(labels: LabelMap, known: NDArray[np.uint8] | None = None) -> tuple[int, int] | None:
    """Finds a canton: the height and width of a rectangle in the upper hoist corner, or None. labels: h x w.

    The right side of a canton is a straight edge that ends at its lower side, while that of a bar or a cross goes on
    below. A canton in the colour of the field, as on a blue ensign, has an edge along only some of its sides: it is
    accepted where it shows one of the `known` flags (N x h x w).
    """
    height, width = labels.shape
    if min(height, width) < CANTON_SIDE:
        return None
    across = np.zeros((height, width), np.int32)
    across[:, 1:] = labels[:, 1:] != labels[:, :-1]
    down = np.zeros((height, width), np.int32)
    down[1:] = labels[1:] != labels[:-1]
    above = np.vstack([np.zeros((1, width), np.int32), across.cumsum(0)])
    before = np.hstack([np.zeros((height, 1), np.int32), down.cumsum(1)])
    # For each rectangle that a canton may be, (rows, columns): the share of a line that is an edge.
    rows = np.arange(*(round(share * height) for share in CANTON_HEIGHT))
    columns = np.arange(*(round(share * width) for share in CANTON_WIDTH))
    side = above[rows][:, columns] / rows[:, None]  # its right side
    below = (above[height] - above[rows])[:, columns] / (height - rows)[:, None]  # the same line, on to the bottom
    foot = before[rows][:, columns] / columns  # its lower side
    beyond = (before[rows][:, [width]] - before[rows][:, columns]) / (width - columns)  # the same line, on to the fly
    if known is not None and len(known):
        top, left = height // 2, width // 2
        down, along = top - rows[0], left - columns[0]
        near = np.s_[
            down - ENSIGN_REACH : down + ENSIGN_REACH + 1,
            along - ENSIGN_REACH : along + ENSIGN_REACH + 1,
        ]
        edged = side[near].max() > ENSIGN_EDGE and foot[near].max() > ENSIGN_EDGE
        if below[near].min() < ENSIGN_BELOW and edged:
            small = labels[:top:ENSIGN_STEP, :left:ENSIGN_STEP]
            whole = known[:, :: 2 * ENSIGN_STEP, :: 2 * ENSIGN_STEP]
            shape = min(small.shape[0], whole.shape[1]), min(small.shape[1], whole.shape[2])
            alike = (whole[:, : shape[0], : shape[1]] == small[: shape[0], : shape[1]]).mean((1, 2))
            if alike.max() > ENSIGN_ALIKE:
                return top, left
    fits = (side > CANTON_EDGE) & (foot > CANTON_EDGE) & (below < CANTON_BELOW)
    fits &= np.maximum(side, foot) > CANTON_BEST_EDGE
    if not fits.any():
        return None
    wide = CANTON_WIDE * np.minimum(columns / width, CANTON_WIDEST)
    worth = side + foot - below - CANTON_BEYOND * np.minimum(beyond, 1) + wide
    row, column = np.unravel_index(np.where(fits, worth, -np.inf).argmax(), worth.shape)
    return int(rows[row]), int(columns[column])


def dilate(mask: Mask, radius: int) -> Mask:
    """Grows a mask by `radius` pixels up, down, left and right; four times as fast as scipy, which is not imported."""
    grown = mask.copy()
    for _ in range(radius):
        seed = grown.copy()
        grown[1:] |= seed[:-1]
        grown[:-1] |= seed[1:]
        grown[:, 1:] |= seed[:, :-1]
        grown[:, :-1] |= seed[:, 1:]
    return grown


def _pixels(share: float, labels: NDArray[np.generic]) -> int:
    """A share of the width in pixels, at least one."""
    return max(1, round(share * labels.shape[1]))


def _cut(labels: LabelMap, mask: Mask, *, canton: bool = False) -> Charge:
    """Makes a charge of the pixels of a mask; the smallest regions of a coat of arms are dissolved."""
    top, bottom, left, right = bounds(mask)
    box = np.s_[top : bottom + 1, left : right + 1]
    own = np.where(mask[box], labels[box], NOTHING).astype(np.uint8)
    regions = connected_regions(own)[mask[box]]
    if len(np.unique(regions)) > ARMS_REGIONS and len(np.unique(own[mask[box]])) >= ARMS_COLOURS:
        own = np.where(mask[box], dissolve(own, round(ARMS * labels.size)), NOTHING).astype(np.uint8)
    return Charge(own, top, left, canton)


def _off_the_frame(labels: LabelMap) -> Mask:
    """Finds the pixels of regions that do not reach the frame, except for a panel that fills much of the flag."""
    regions, rim = connected_regions(labels), _pixels(RIM, labels)
    sides = (regions[:rim], regions[-rim:], regions[:, :rim], regions[:, -rim:])
    off = ~np.isin(regions, np.unique(np.concatenate([side.ravel() for side in sides])))
    blobs = connected_regions(off.astype(np.uint8))
    panel = np.zeros_like(off)
    for blob in np.unique(blobs[off]):
        mask = blobs == blob
        top, bottom, left, right = bounds(mask)
        box = np.s_[top : bottom + 1, left : right + 1]
        area = mask[box].size
        if area > PANEL * labels.size and mask.sum() > PANEL_FILL * area:
            edge = np.ones(mask[box].shape, bool)
            edge[1:-1, 1:-1] = False
            panel |= np.isin(regions, np.unique(regions[box][edge & mask[box]]))
    return off & ~panel


def _odd_ones(labels: LabelMap, off: Mask) -> Mask:
    """Finds pixels of a charge that are connected to the ground because they have its colour: they break stripes or
    bars that are even everywhere else, as the red squares of Croatia's arms do on its red stripe.

    labels: h x w; off: h x w, the pixels that belong to charges already. Returns h x w.
    """
    best = np.zeros_like(off)
    for turned in (False, True):
        lines, away = (labels.T, off.T) if turned else (labels, off)
        votes = np.stack([((lines == label) & ~away).sum(1) for label in range(int(lines.max()) + 1)], axis=1)
        odd = (lines != votes.argmax(1)[:, None]) & ~away
        rim = _pixels(RIM, labels)
        framed = odd[:rim].any() or odd[-rim:].any() or odd[:, :rim].any() or odd[:, -rim:].any()
        striped = (votes.max(1) > STRIPE * (~away).sum(1)).all()
        if not odd.any() or odd.mean() > (ODD_FRAMED if framed else ODD) or not striped:
            continue
        # Large blobs that are neither near to a charge nor linked to it by others are part of the ground.
        clusters = connected_regions(dilate(odd | away, _pixels(GAP, labels)).astype(np.uint8))
        alone = odd & ~np.isin(clusters, np.unique(clusters[away]))
        blobs = connected_regions(alone.astype(np.uint8))
        small = region_areas(blobs)[blobs] <= ODD_SPECK * SPECK * labels.size
        if small[alone].all() and (not best.any() or odd.sum() < best.sum()):
            best = odd.T if turned else odd
    return best


def _groups(labels: LabelMap, off: Mask) -> list[Mask]:
    """Groups pixels into charges, a mask each: near regions are one charge, and so are small ones of one colour."""
    clusters = connected_regions(dilate(off, _pixels(GAP, labels)).astype(np.uint8))
    masks = [off & (clusters == cluster) for cluster in np.unique(clusters[off])]
    masks = [mask for mask in masks if mask.sum() >= GRAIN * labels.size]
    boxes = [bounds(mask) for mask in masks]
    colours = [np.bincount(labels[mask]).argmax() for mask in masks]
    small = [mask.mean() < CONSTELLATION_LARGEST for mask in masks]
    group = list(range(len(masks)))
    for i, a in enumerate(boxes):
        for j, b in enumerate(boxes[:i]):
            gap = max(a[0] - b[1], b[0] - a[1], a[2] - b[3], b[2] - a[3]) / labels.shape[1]
            if gap < JOINED * GAP or (colours[i] == colours[j] and small[i] and small[j] and gap < CONSTELLATION):
                group = [group[j] if number == group[i] else number for number in group]
    return [
        np.any([masks[i] for i in range(len(masks)) if group[i] == number], axis=0) for number in sorted(set(group))
    ]


def without(labels: LabelMap, holes: Mask) -> LabelMap:
    """Fills the ground under the charges along rows, along columns or from all sides: the way with fewest edges."""
    ways = (_along(labels, holes), _along(labels.T, holes.T).T, fill(labels, holes))
    return min(ways, key=lambda way: int((way[1:] != way[:-1]).sum() + (way[:, 1:] != way[:, :-1]).sum()))


def _along(labels: LabelMap, holes: Mask) -> LabelMap:
    """Fills each hole with the nearest label of its row."""
    width = labels.shape[1]
    place = np.arange(width)
    # The nearest columns without a hole; where there is none, one so far away that the other is nearer.
    left = np.maximum.accumulate(np.where(holes, -width, place), axis=1)
    right = np.minimum.accumulate(np.where(holes, 3 * width, place)[:, ::-1], axis=1)[:, ::-1]
    source = np.where(place - left <= right - place, left, right)
    empty = (left < 0) & (right >= width)  # rows without any ground
    filled = np.take_along_axis(labels, np.clip(source, 0, width - 1), axis=1)
    return fill(filled, empty) if empty.any() and not empty.all() else filled
